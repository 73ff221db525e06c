//! An audit says which answers are open, and which ways nobody looked at.
#![expect(clippy::unwrap_used, reason = "a test may fail by panic")]

use analysis::{Landscape, audit};
use engine::Engine;
use testkit::Topology;

/// The codes of everything that an audit calls undetermined.
fn codes(topology: &str) -> Vec<&'static str> {
    let snapshot = Topology::parse(topology).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    let found = audit(&Landscape::new(&engine));
    found.undetermined.iter().map(|open| open.code).collect()
}

/// A route to a network that is neither the internet nor an office.
const OUTPOST: &str = "
    vpc main 10.0.0.0/16
    subnet a main 10.0.1.0/24
    table t main main
      route 172.16.0.0/16 outpost lgw-1
    group all
      in any from any
      out any to any
    host x in a 10.0.1.10 groups all
";

#[test]
fn a_route_to_what_is_not_modelled_is_told() {
    assert_eq!(codes(OUTPOST), ["local-gateway"]);
}

#[test]
fn a_route_that_the_groups_of_its_senders_close_is_not() {
    assert_eq!(codes(&OUTPOST.replace("out any to any", "")), [""; 0]);
}

#[test]
fn a_blackhole_is_decided() {
    let gone = OUTPOST.replace("lgw-1", "lgw-1 blackhole");
    assert_eq!(codes(&gone), [""; 0]);
}
