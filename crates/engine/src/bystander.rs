//! Interfaces that no way comes by.

use std::net::IpAddr;

use model::{Index, InterfaceKind, NetworkInterface, OwnerKind};
use rustc_hash::FxHashSet;

use crate::class::{is_led_to, special};
use crate::fronts;
use crate::network::Network;

/// Which interfaces are seen as the ends of ways only: nothing leads to them, and nobody shares their host or addresses.
pub(crate) struct Bystanders<'n, 'a> {
    network: &'n Network<'a>,
    special: FxHashSet<Index<NetworkInterface>>,
}

impl<'n, 'a> Bystanders<'n, 'a> {
    /// Cost: a pass over routes and load balancers.
    pub(crate) fn of(network: &'n Network<'a>) -> Self {
        Self {
            network,
            special: special(network),
        }
    }

    pub(crate) fn contain(&self, index: Index<NetworkInterface>) -> bool {
        let network = self.network;
        let interface = network.snapshot.interfaces().get(index);
        let vpc = interface.vpc.target();
        let offices = network.snapshot.offices();
        let is_alone = |address: IpAddr| {
            let is_shared = |vpc| network.holders(vpc, address).len() > 1;
            !vpc.is_some_and(is_shared)
                && network.owners(address).len() <= 1
                && network.elsewhere(address, vpc).is_empty()
                && !offices.rows().iter().any(|office| office.contains(address))
        };
        let mut addresses = interface
            .addresses
            .iter()
            .flat_map(|held| [Some(held.address), held.public].into_iter().flatten());
        interface.kind == InterfaceKind::Ordinary
            && interface.owner().kind != OwnerKind::Efs
            && !interface.requester_managed
            && interface.prefixes.is_empty()
            && !fronts::looks_like_node(interface)
            && network.fronts.endpoint_of(index).is_none()
            && !network.is_nat(index)
            && network.host_of(&index).len() <= 1
            && !is_led_to(network, &self.special, index)
            && addresses.all(is_alone)
    }
}
