//! On from a subnet: its ACL, its route, and where that leads.

use model::{Direction, Index, Link, NetworkInterface, ResourceId, RouteTarget, Subnet, Vpc};

use crate::peering::Crossed;
use crate::walk::{Flight, Leads, Next, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

impl Tracer<'_> {
    pub(crate) fn on_from_subnet(&self, flight: &mut Flight, index: Index<Subnet>) -> Leads {
        flight.pass(Place::Subnet(index))?;
        let subnet = self.snapshot.subnets().get(index);
        let vpc = target(&subnet.vpc, Doubt::MissingVpc)?;
        let destination = flight.destination();
        if subnet.contains(destination) {
            flight.allow(Ground::SameSubnet);
            return Ok(Next::Local(vpc, Some(index)));
        }
        self.ask_acl(flight, index, Direction::Egress)?;
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
            RouteTarget::NatGateway(link) => self.by_nat(flight, known(link)?, index),
            RouteTarget::Peering(link) => {
                self.by_peering(flight, known(link)?, vpc, Crossed::ByRoute)
            }
            RouteTarget::TransitGateway(link) => {
                self.by_transit_gateway(flight, known(link)?, vpc, index)
            }
            RouteTarget::VpnGateway(link) => self.by_vpn_gateway(flight, known(link)?, vpc),
            RouteTarget::NetworkInterface(link) => Err(self.by_interface(flight, known(link)?)),
            RouteTarget::VpcEndpoint(id) if chosen.is_prefix_list => {
                self.by_gateway_endpoint(flight, id, vpc)
            }
            RouteTarget::VpcEndpoint(id) => Err(Doubt::Appliance(id.clone()).into()),
            RouteTarget::NextHop(address) => {
                Err(Doubt::Unmodelled("IpAddress", address.to_string().into()).into())
            }
            RouteTarget::CoreNetwork(id) => self.by_core_network(flight, id, vpc, index),
            RouteTarget::Unmodelled { field, id } => {
                Err(Doubt::Unmodelled(field, id.clone()).into())
            }
        }
    }

    fn by_interface(&self, flight: &mut Flight, index: Index<NetworkInterface>) -> Stop {
        flight.at(Place::Interface(index));
        let interface = self.snapshot.interfaces().get(index);
        if interface.source_dest_check && !interface.holds(flight.destination()) {
            return Reason::DestinationCheck(index).into();
        }
        Doubt::Middlebox(index).into()
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
fn known<T>(link: &Link<T>) -> Result<Index<T>, Stop> {
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
