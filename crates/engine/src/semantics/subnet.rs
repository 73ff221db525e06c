//! On from a subnet (§3).
//!
//! Hosts of one subnet reach each other with neither ACL nor route. Anything else leaves through the subnet's ACL and is
//! sent to the target of its route.

use model::{Index, RouteTarget, Subnet, Vpc};

use super::Semantics;
use super::route::Choice;
use crate::way::{Outcome, Progress, Spot, Way};

/// The place that packets leave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) vpc: Index<Vpc>,
    pub(super) subnet: Index<Subnet>,
}

impl Semantics<'_> {
    /// The place of a subnet, or `None` if its VPC is not in the snapshot.
    pub(super) fn place(&self, subnet: Index<Subnet>) -> Option<Place> {
        let vpc = self.snapshot().subnets().get(subnet).vpc.target()?;
        Some(Place { vpc, subnet })
    }

    /// Packets go on from something that stands in a subnet.
    pub(super) fn leave(&self, mut way: Way, at: Place) -> Outcome {
        match way.visit(Spot::Subnet(at.subnet)) {
            Progress::GoesOn => {}
            Progress::Loops => return Outcome::denied(),
            Progress::TooLong => return self.cut(way),
        }
        if self
            .snapshot()
            .subnets()
            .get(at.subnet)
            .contains(way.destination)
        {
            return self.arrive(way, at.vpc, Some(at.subnet));
        }
        self.leave_subnet(&mut way, at.subnet);
        match self.route_of_subnet(at, way.destination) {
            Choice::Unknown => self.cut(way),
            Choice::Nothing | Choice::Blackhole => Outcome::denied(),
            Choice::Target {
                target,
                by_prefix_list,
            } => self.follow(way, at, &target, by_prefix_list),
        }
    }

    fn follow(&self, way: Way, at: Place, target: &RouteTarget, by_prefix_list: bool) -> Outcome {
        match target {
            RouteTarget::Local => self.arrive(way, at.vpc, Some(at.subnet)),
            RouteTarget::InternetGateway(gateway) => {
                self.leave_by_internet_gateway(way, at, gateway)
            }
            RouteTarget::EgressOnlyInternetGateway(gateway) => {
                self.leave_by_egress_only(way, at, gateway)
            }
            RouteTarget::NatGateway(gateway) => self.leave_by_nat(way, at, gateway),
            RouteTarget::Peering(peering) => self.leave_by_peering(way, at, peering),
            RouteTarget::TransitGateway(gateway) => self.leave_by_transit(way, at, gateway),
            RouteTarget::VpnGateway(gateway) => self.leave_by_vpn_gateway(way, at, gateway),
            RouteTarget::NetworkInterface(interface) => self.leave_by_interface(way, interface),
            RouteTarget::VpcEndpoint(_) if by_prefix_list => self.reach_service(way),
            RouteTarget::CoreNetwork(core) => self.leave_by_core_network(way, at, core),
            RouteTarget::VpcEndpoint(_)
            | RouteTarget::NextHop(_)
            | RouteTarget::Unmodelled { .. } => self.cut(way),
        }
    }
}
