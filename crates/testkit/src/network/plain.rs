//! Networks without gateways: what a textbook verifier can express.

use super::{Sketch, filters, gateways, places, routes};
use crate::{Error, Topology};

/// A small network of VPCs, peerings, groups, ACLs and routes, without gateways and with nothing left open but a few
/// oddities.
///
/// # Errors
///
/// Never, unless the generator itself is wrong.
pub fn plain_network(seed: u64) -> Result<Topology, Error> {
    let mut sketch = Sketch::new(seed);
    sketch.is_plain = true;
    places::vpcs(&mut sketch);
    places::subnets(&mut sketch);
    gateways::peerings(&mut sketch);
    for number in 0..sketch.random.between(1, 2) {
        let name = format!("pl{number}");
        let line = format!("list {name} {} {}", sketch.block(), sketch.block());
        sketch.line(line);
        sketch.lists.push(name);
    }
    places::hosts(&mut sketch);
    filters::groups(&mut sketch);
    filters::acls(&mut sketch);
    routes::tables(&mut sketch);
    Topology::parse(&(sketch.lines.join("\n") + "\n"))
}
