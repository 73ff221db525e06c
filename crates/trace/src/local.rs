//! Arriving at a host of a VPC by its private address.

use std::net::IpAddr;

use model::{Direction, Endpoint, Index, InterfaceKind, Kind, NetworkInterface, Subnet, Vpc};

use crate::tracer::Holder;
use crate::walk::{Arrival, Flight, Leads, Next, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

impl Tracer<'_> {
    /// Arrives in a VPC from one of its subnets, or from none.
    pub(crate) fn arrive(
        &self,
        flight: &mut Flight,
        vpc: Index<Vpc>,
        from: Option<Index<Subnet>>,
    ) -> Leads {
        let holder = self.holder(vpc, flight.destination())?;
        let subnet = match holder {
            Holder::Interface(interface) => self.subnet_of(interface),
            Holder::NatGateway(nat) => self.subnet_of_nat(nat),
        };
        match subnet {
            Ok(subnet) if from == Some(subnet) => {}
            Ok(subnet) => {
                flight.at(Place::Subnet(subnet));
                self.ask_acl(flight, subnet, Direction::Ingress)?;
            }
            Err(Stop::Cut(doubt)) => flight.doubt(doubt),
            Err(denied @ Stop::Denied(_)) => return Err(denied),
        }
        let index = match holder {
            Holder::Interface(index) => index,
            Holder::NatGateway(nat) => {
                return self.at_nat(flight, Some(nat), Place::NatGateway(nat));
            }
        };
        flight.at(Place::Interface(index));
        let interface = self.snapshot.interfaces().get(index);
        let nat = self.nat_of(index);
        if nat.is_some() || interface.kind == InterfaceKind::NatGateway {
            return self.at_nat(flight, nat, Place::Interface(index));
        }
        self.check_works(index)?;
        if let Some(leads) = self.at_door(flight, index) {
            return leads;
        }
        if flight.is_reply() {
            return self.reply_at(flight, index);
        }
        self.check_reception(index)?;
        self.ask_ingress(flight, index)?;
        self.check_names(flight, index)?;
        self.heed_encryption(flight, vpc);
        if self.is_node(index) {
            return self.at_node(flight, index);
        }
        match interface.kind {
            InterfaceKind::GatewayLoadBalancerEndpoint | InterfaceKind::TransitGateway => {
                flight.doubt(Doubt::ManagedInterface(index));
            }
            InterfaceKind::VpcEndpoint => return self.at_endpoint(flight, index),
            InterfaceKind::Ordinary
            | InterfaceKind::NetworkLoadBalancer
            | InterfaceKind::GatewayLoadBalancer
            | InterfaceKind::NatGateway
            | InterfaceKind::Lambda
            | InterfaceKind::Other(_) => {
                if self.endpoints.contains_key(&index) {
                    return self.at_endpoint(flight, index);
                }
            }
        }
        Ok(Next::Arrived(Arrival::Interface(index)))
    }

    /// An answer at an interface: its end, unless that passed the first packet on.
    fn reply_at(&self, flight: &mut Flight, index: Index<NetworkInterface>) -> Leads {
        if let Some(leads) = self.at_passage(flight, index) {
            return leads;
        }
        let is_sender =
            matches!(flight.from, Endpoint::Interface { interface, .. } if interface == index);
        if self.is_node(index) && !is_sender {
            return Err(Reason::NodeNoSession(index).into());
        }
        flight.allow(Ground::Tracked(index));
        Ok(Next::Arrived(Arrival::Interface(index)))
    }

    /// Whoever holds the address in the VPC.
    fn holder(&self, vpc: Index<Vpc>, address: IpAddr) -> Result<Holder, Stop> {
        match self.holders_in(vpc, address).as_slice() {
            [holder] => Ok(*holder),
            [] if self.is_whole(Kind::NetworkInterfaces, vpc) => {
                Err(Reason::NoSuchHost(vpc, address).into())
            }
            [] => Err(Doubt::HolderUnknown(vpc, address).into()),
            _ => Err(Doubt::SharedAddress(address).into()),
        }
    }

    /// The only interface that holds the address in the VPC.
    pub(crate) fn only_holder(
        &self,
        vpc: Index<Vpc>,
        address: IpAddr,
    ) -> Option<Index<NetworkInterface>> {
        match self.holders_in(vpc, address).as_slice() {
            [Holder::Interface(interface)] => Some(*interface),
            _ => None,
        }
    }
}
