//! On from a subnet (§3).
//!
//! Hosts of one subnet reach each other with neither ACL nor route. Anything else leaves through the subnet's ACL and is
//! sent to the target of its route.

use model::{Direction, Index, RouteTarget, Subnet, Vpc};

use super::Semantics;
use super::middlebox::Turn;
use super::route::Choice;
use crate::way::{Outcome, Progress, Spot, Way};

/// Whether the ACL of a subnet is asked about what leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Border {
    Guarded,
    /// Nobody documents whether it is.
    Doubtful,
}

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
        self.ask_about(vpc);
        Some(Place { vpc, subnet })
    }

    /// Packets go on from something that stands in a subnet.
    pub(super) fn leave(&self, way: Way, at: Place) -> Outcome {
        self.leave_by(way, at, Border::Guarded)
    }

    /// Packets go on from a subnet whose ACL is asked, or perhaps not.
    pub(super) fn leave_by(&self, mut way: Way, at: Place, border: Border) -> Outcome {
        match way.visit(Spot::Subnet(at.subnet)) {
            Progress::GoesOn => {}
            Progress::Loops => return Outcome::denied(),
            Progress::TooLong => return self.cut(way),
        }
        self.come_to(&way, at.vpc);
        self.pass_encryption_controls(&mut way, at.vpc);
        if self.snapshot().vpcs().get(at.vpc).contains(way.destination) {
            self.look(&way);
        }
        if self
            .snapshot()
            .subnets()
            .get(at.subnet)
            .contains(way.destination)
        {
            return self.arrive(way, at.vpc, Some(at.subnet));
        }
        match border {
            Border::Guarded => self.leave_subnet(&mut way, at.subnet),
            Border::Doubtful => {
                let address = way.destination;
                let filter = self.acl_filter(&way, at.subnet, Direction::Egress, address);
                way.pass(&filter.or_unknown());
            }
        }
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
        let turn = Turn {
            vpc: at.vpc,
            from: Some(at.subnet),
        };
        if !is_near(target) {
            self.go_farther();
        }
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
            RouteTarget::NetworkInterface(interface) => {
                self.through_interface(way, turn, interface.target())
            }
            RouteTarget::NextHop(address) => self.through_next_hop(way, turn, *address),
            RouteTarget::VpcEndpoint(id) => match self.through_endpoint(&way, turn, id) {
                Some(outcome) => outcome,
                None if by_prefix_list => self.leave_by_gateway_endpoint(way, at, id),
                None => self.cut(way),
            },
            RouteTarget::CoreNetwork(core) => self.leave_by_core_network(way, at, core),
            RouteTarget::Unmodelled { .. } => self.cut(way),
        }
    }
}

/// Whether it leads nowhere but inside the VPC, to the internet, and to a transit gateway.
const fn is_near(target: &RouteTarget) -> bool {
    match target {
        RouteTarget::Local
        | RouteTarget::InternetGateway(_)
        | RouteTarget::EgressOnlyInternetGateway(_)
        | RouteTarget::NatGateway(_)
        // Where it leads is asked in the gateway.
        | RouteTarget::TransitGateway(_) => true,
        RouteTarget::Peering(_)
        | RouteTarget::VpnGateway(_)
        | RouteTarget::NetworkInterface(_)
        | RouteTarget::NextHop(_)
        | RouteTarget::VpcEndpoint(_)
        | RouteTarget::CoreNetwork(_)
        | RouteTarget::Unmodelled { .. } => false,
    }
}
