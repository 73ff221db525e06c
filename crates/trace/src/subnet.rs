//! On from a subnet: its ACL, its route, and where that leads.

use model::{Direction, Index, Link, NetworkInterface, ResourceId, RouteTarget, Subnet, Vpc};

use crate::middlebox::{RouteOf, beyond_the_model};
use crate::peering::Crossed;
use crate::walk::{Flight, Leads, Next, Stop};
use crate::{Doubt, Ground, Place, Tracer};

impl Tracer<'_> {
    pub(crate) fn on_from_subnet(&self, flight: &mut Flight, index: Index<Subnet>) -> Leads {
        flight.pass(Place::Subnet(index))?;
        let subnet = self.snapshot.subnets().get(index);
        let vpc = target(&subnet.vpc, Doubt::MissingVpc)?;
        let destination = flight.destination();
        let is_beyond_endpoint = std::mem::take(&mut flight.is_beyond_endpoint);
        self.heed_encryption(flight, vpc);
        if subnet.contains(destination) {
            flight.allow(Ground::SameSubnet);
            return Ok(Next::Local(vpc, Some(index)));
        }
        if is_beyond_endpoint {
            self.ask_acl_of_endpoint(flight, index, Direction::Egress)?;
        } else {
            self.ask_acl(flight, index, Direction::Egress)?;
        }
        let table = self.table_of(index, vpc)?;
        let chosen = self.choose(table, vpc, destination)?;
        flight.allow(chosen.ground);
        match chosen.target {
            RouteTarget::Local => Ok(Next::Local(vpc, Some(index))),
            RouteTarget::InternetGateway(link) => {
                self.by_internet_gateway(flight, known(link)?, vpc)
            }
            RouteTarget::EgressOnlyInternetGateway(link) => {
                self.by_egress_only(flight, known(link)?, vpc)
            }
            RouteTarget::NatGateway(link) => self.by_nat(flight, known(link)?, vpc, index),
            RouteTarget::Peering(link) => {
                self.by_peering(flight, known(link)?, vpc, Crossed::ByRoute)
            }
            RouteTarget::TransitGateway(link) => {
                self.by_transit_gateway(flight, known(link)?, vpc, index)
            }
            RouteTarget::VpnGateway(link) => self.by_vpn_gateway(flight, known(link)?, vpc),
            RouteTarget::NetworkInterface(link) => {
                self.by_interface(flight, known(link)?, vpc, RouteOf::Subnet(index))
            }
            RouteTarget::VpcEndpoint(id) => {
                self.by_endpoint(flight, id, chosen.is_prefix_list, vpc, index)
            }
            RouteTarget::NextHop(address) => {
                self.by_next_hop(flight, *address, vpc, RouteOf::Subnet(index))
            }
            RouteTarget::CoreNetwork(id) => self.by_core_network(flight, id, vpc, index),
            RouteTarget::Unmodelled { field, id } => Err(beyond_the_model(field, id).into()),
        }
    }

    /// By a route to an endpoint of whatever sort.
    fn by_endpoint(
        &self,
        flight: &mut Flight,
        id: &ResourceId,
        is_prefix_list: bool,
        vpc: Index<Vpc>,
        from: Index<Subnet>,
    ) -> Leads {
        match self.appliance_of(id) {
            Some(appliance) => {
                self.by_appliance(flight, id, &appliance, vpc, RouteOf::Subnet(from))
            }
            None if is_prefix_list => self.by_gateway_endpoint(flight, id, vpc),
            None => Err(Doubt::Appliance(id.clone()).into()),
        }
    }

    /// The subnet of an interface, from which its packets go on.
    pub(crate) fn subnet_of(
        &self,
        interface: Index<NetworkInterface>,
    ) -> Result<Index<Subnet>, Stop> {
        target(
            &self.snapshot.interfaces().get(interface).subnet,
            Doubt::MissingSubnet,
        )
    }
}

/// The target of a link, or a cut.
pub(crate) fn target<T>(link: &Link<T>, doubt: fn(ResourceId) -> Doubt) -> Result<Index<T>, Stop> {
    link.target().ok_or_else(|| doubt(link.id().clone()).into())
}

/// The target of a route, or a cut.
pub(crate) fn known<T>(link: &Link<T>) -> Result<Index<T>, Stop> {
    target(link, Doubt::MissingGateway)
}

impl Tracer<'_> {
    /// Whether the input holds all resources of a kind that the VPC's account and region have.
    pub(crate) fn is_whole(&self, kind: model::Kind, vpc: Index<Vpc>) -> bool {
        let vpc = self.snapshot.vpcs().get(vpc);
        self.snapshot
            .coverage()
            .is_complete(kind, vpc.owner.as_ref(), vpc.region.as_ref())
    }
}
