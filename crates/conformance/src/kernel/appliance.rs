//! Routes to an interface: the packet is handed to that host, whatever its destination.

use model::{Index, Link, NetworkInterface, Subnet};
use packet::Family;

use super::Result;
use super::lab::Lab;
use super::plan::Hop;

/// Where a route to an interface leads.
pub(super) fn interface(
    lab: &mut Lab<'_>,
    from: Index<Subnet>,
    link: &Link<NetworkInterface>,
    family: Family,
) -> Result<Hop> {
    let interface = link
        .target()
        .map(|index| lab.snapshot.interfaces().get(index));
    let Some(interface) = interface else {
        return Ok(Hop::Unreachable);
    };
    let place = interface.subnet.target().zip(interface.primary(family));
    let (subnet, address) =
        place.ok_or_else(|| format!("a route to `{}` cannot be built", interface.id))?;
    Ok(lab.neighbour(from, subnet, address))
}
