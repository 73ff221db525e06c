//! Routes to hosts that forward, and to endpoints of firewalls and Gateway Load Balancers.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{
    Direction, EncryptionMode, Index, Link, NetworkFirewall, NetworkInterface, ResourceId,
    ResourceState, Subnet, Vpc, VpcEndpointKind,
};

use crate::public_access::Permit;
use crate::walk::{Flight, Leads, Next, Stop};
use crate::{Doubt, InspectionDoubt, InspectionReason, Place, Reason, Tracer};

/// Where a route stands that leads to a middlebox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RouteOf {
    /// In the table of this subnet.
    Subnet(Index<Subnet>),
    /// In the table of an internet gateway.
    InternetGateway,
    /// In the table of a VPN gateway.
    VpnGateway,
}

impl RouteOf {
    const fn subnet(self) -> Option<Index<Subnet>> {
        match self {
            Self::Subnet(subnet) => Some(subnet),
            Self::InternetGateway | Self::VpnGateway => None,
        }
    }
}

/// An endpoint that appliances stand behind.
#[derive(Debug)]
pub(crate) struct Appliance {
    /// Its subnet, where told.
    subnet: Option<Index<Subnet>>,
    is_available: bool,
    firewall: Option<Index<NetworkFirewall>>,
}

impl Tracer<'_> {
    /// By a route to an interface.
    pub(crate) fn by_interface(
        &self,
        flight: &mut Flight,
        index: Index<NetworkInterface>,
        vpc: Index<Vpc>,
        route: RouteOf,
    ) -> Leads {
        let interface = self.snapshot.interfaces().get(index);
        if !interface.vpc.is(vpc) {
            return Err(Doubt::Middlebox(index).into());
        }
        if interface.holds(flight.destination()) {
            return Ok(Next::Local(vpc, route.subnet()));
        }
        if interface.source_dest_check {
            flight.at(Place::Interface(index));
            return Err(Reason::DestinationCheck(index).into());
        }
        if let Err(reason) = self.check_works(index) {
            flight.at(Place::Interface(index));
            return Err(reason.into());
        }
        match self.subnet_of(index) {
            Ok(subnet) if route.subnet() == Some(subnet) => {}
            Ok(subnet) => {
                flight.at(Place::Subnet(subnet));
                self.ask_acl(flight, subnet, Direction::Ingress)?;
            }
            Err(Stop::Cut(doubt)) => flight.doubt(doubt),
            Err(denied @ Stop::Denied(_)) => return Err(denied),
        }
        flight.at(Place::Interface(index));
        if !flight.is_reply() {
            self.ask_ingress(flight, index)?;
        }
        Err(Doubt::Middlebox(index).into())
    }

    /// By a route that a route server advertised, to whoever holds the next hop.
    pub(crate) fn by_next_hop(
        &self,
        flight: &mut Flight,
        address: IpAddr,
        vpc: Index<Vpc>,
        route: RouteOf,
    ) -> Leads {
        let unknown = || Doubt::Inspection(InspectionDoubt::NextHop(vpc, address));
        let index = self.only_holder(vpc, address).ok_or_else(unknown)?;
        self.by_interface(flight, index, vpc, route)
    }

    /// By a route to an endpoint that appliances stand behind.
    pub(crate) fn by_appliance(
        &self,
        flight: &mut Flight,
        id: &ResourceId,
        appliance: &Appliance,
        vpc: Index<Vpc>,
        route: RouteOf,
    ) -> Leads {
        let place = Place::Endpoint(id.clone());
        let denied = |reason| Stop::from(Reason::Inspection(reason));
        if route == RouteOf::VpnGateway {
            flight.at(place);
            return Err(denied(InspectionReason::EndpointAtVpnGateway(id.clone())));
        }
        if !appliance.is_available {
            flight.at(place);
            return Err(denied(InspectionReason::EndpointUnavailable(id.clone())));
        }
        let in_vpc = |subnet: &Index<Subnet>| self.snapshot.subnets().get(*subnet).vpc.is(vpc);
        let subnet = appliance.subnet.filter(in_vpc);
        let subnet = subnet.ok_or_else(|| Doubt::Appliance(id.clone()))?;
        if route.subnet() != Some(subnet) {
            flight.at(Place::Subnet(subnet));
            self.ask_acl_of_endpoint(flight, subnet, Direction::Ingress)?;
        }
        flight.at(place);
        let access = self.public_access(vpc, Some(subnet));
        if access.all().iter().any(|permit| *permit != Permit::Allowed) {
            let doubt = InspectionDoubt::PublicAccessUnknown(vpc, Some(subnet));
            flight.doubt(Doubt::Inspection(doubt));
        }
        match appliance.firewall {
            Some(firewall) => self.inspect(flight, firewall, id)?,
            None => flight.doubt(Doubt::Appliance(id.clone())),
        }
        flight.sender = None;
        flight.is_beyond_endpoint = true;
        Ok(Next::Subnet(subnet))
    }

    /// Asks the ACL of a subnet for what passes an endpoint there: a denial is not certain.
    pub(crate) fn ask_acl_of_endpoint(
        &self,
        flight: &mut Flight,
        subnet: Index<Subnet>,
        direction: Direction,
    ) -> Result<(), Stop> {
        match self.ask_acl(flight, subnet, direction) {
            Err(Stop::Denied(_)) => {
                flight.doubt(Doubt::Inspection(InspectionDoubt::EndpointAcl(subnet)));
                Ok(())
            }
            answer => answer,
        }
    }

    /// What stands behind an endpoint, if that is an appliance.
    pub(crate) fn appliance_of(&self, id: &ResourceId) -> Option<Appliance> {
        let mut firewalls = self.snapshot.firewalls().iter();
        let firewall = firewalls.find_map(|(index, firewall)| {
            let endpoint = firewall.endpoints.iter().find(|it| it.id == *id)?;
            Some((index, endpoint.subnet.target()))
        });
        let endpoint = self.snapshot.vpc_endpoints().find(id.as_str());
        let endpoint = endpoint
            .map(|index| self.snapshot.vpc_endpoints().get(index))
            .filter(|endpoint| endpoint.kind == VpcEndpointKind::GatewayLoadBalancer);
        if firewall.is_none() && endpoint.is_none() {
            return None;
        }
        let is_available =
            endpoint.is_none_or(|endpoint| endpoint.state == ResourceState::Available);
        let told = firewall.and_then(|(_, subnet)| subnet);
        let own = || {
            let endpoint = endpoint?;
            let listed = endpoint.subnets.iter().filter_map(Link::target);
            let worn = endpoint.interfaces.iter().filter_map(|link| {
                let interface = self.snapshot.interfaces().get(link.target()?);
                interface.subnet.target()
            });
            let subnets: BTreeSet<Index<Subnet>> = listed.chain(worn).collect();
            subnets.first().copied().filter(|_| subnets.len() == 1)
        };
        Some(Appliance {
            subnet: told.or_else(own),
            is_available,
            firewall: firewall.map(|(index, _)| index),
        })
    }

    /// Notes that Encryption Controls of a VPC may drop a first packet.
    pub(crate) fn heed_encryption(&self, flight: &mut Flight, vpc: Index<Vpc>) {
        let mode = self.snapshot.vpcs().get(vpc).encryption;
        if mode == Some(EncryptionMode::Enforce) && !flight.is_reply() {
            let doubt = InspectionDoubt::EncryptionControls(vpc);
            flight.doubt(Doubt::Inspection(doubt));
        }
    }
}

/// The doubt about a target of a route that the model does not hold.
pub(crate) fn beyond_the_model(field: &'static str, id: &ResourceId) -> Doubt {
    let id = id.clone();
    match field {
        "CarrierGatewayId" => Doubt::Inspection(InspectionDoubt::CarrierGateway(id)),
        "LocalGatewayId" => Doubt::Inspection(InspectionDoubt::LocalGateway(id)),
        "OdbNetworkArn" => Doubt::Inspection(InspectionDoubt::OdbNetwork(id)),
        _ => Doubt::Unmodelled(field, id),
    }
}
