//! Regional NAT gateways: no subnet, and a route table of their own.

use std::net::IpAddr;

use model::{Index, Link, NatGateway, RouteTable, RouteTarget, Subnet, Vpc};

use crate::internet::is_attached;
use crate::subnet::{known, target};
use crate::walk::{Flight, Leads, Next, Stop};
use crate::{Doubt, Place, Reason, Tracer};

impl Tracer<'_> {
    pub(super) fn by_regional_nat(
        &self,
        flight: &mut Flight,
        index: Index<NatGateway>,
        table: Option<&Link<RouteTable>>,
        vpc: Index<Vpc>,
        from: Index<Subnet>,
    ) -> Leads {
        let table = self.table_of_nat(index, table)?;
        let chosen = self.choose(table, vpc, flight.destination())?;
        let RouteTarget::InternetGateway(link) = chosen.target else {
            return Err(Doubt::RegionalNat(index).into());
        };
        flight.allow(chosen.ground);
        let gateway = known(link)?;
        let attachments = &self.snapshot.internet_gateways().get(gateway).attachments;
        if !is_attached(attachments, vpc) {
            let place = Place::InternetGateway(gateway);
            return Err(Reason::GatewayDetached(place, vpc).into());
        }
        self.ask_access_by_nat(flight, vpc, None)?;
        let addresses = self.regional_addresses(index, from);
        let choice = |public: IpAddr| {
            let packet = flight.packet.with_source(public)?;
            Some(self.with_any_port(flight, index, packet, None))
        };
        let choices: Vec<Next> = addresses.into_iter().filter_map(choice).collect();
        if choices.is_empty() {
            return Err(Doubt::NatAddressUnknown(index).into());
        }
        Ok(Next::AnyOf(choices))
    }

    /// The public addresses that may stand for a sender in a subnet.
    fn regional_addresses(&self, index: Index<NatGateway>, from: Index<Subnet>) -> Vec<IpAddr> {
        let zone = self.snapshot.subnets().get(from).zone.as_ref();
        let held = &self.snapshot.nat_gateways().get(index).addresses;
        let here = held
            .iter()
            .filter(|held| zone.is_some() && held.zone.as_ref() == zone);
        let here: Vec<IpAddr> = here.filter_map(|held| held.public).collect();
        if here.is_empty() {
            held.iter().filter_map(|held| held.public).collect()
        } else {
            here
        }
    }

    pub(super) fn inside_of_regional_nat(
        &self,
        index: Index<NatGateway>,
        nat: &NatGateway,
        table: Option<&Link<RouteTable>>,
        sender: IpAddr,
    ) -> Leads {
        let table = self.table_of_nat(index, table)?;
        let vpc = target(&nat.vpc, Doubt::MissingVpc)?;
        match self.choose(table, vpc, sender)?.target {
            RouteTarget::Local => Ok(Next::Local(vpc, None)),
            _ => Err(Doubt::RegionalNat(index).into()),
        }
    }

    fn table_of_nat(
        &self,
        index: Index<NatGateway>,
        table: Option<&Link<RouteTable>>,
    ) -> Result<Index<RouteTable>, Stop> {
        let table = table.and_then(Link::target);
        self.whole_table(table.ok_or(Doubt::RegionalNat(index))?)
    }
}
