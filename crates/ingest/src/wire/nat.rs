//! `DescribeNatGateways`.

use model::{Connectivity, Link, NatAddress, NatMode, Origin, Zone};
use serde::Deserialize;

use super::internet::state_of;
use super::tags::{Tags, name_of};
use super::{Flag, Objects, Text};
use crate::log::{Log, Problem};

/// A NAT gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct NatGateway<'a> {
    nat_gateway_id: Text<'a>,
    vpc_id: Text<'a>,
    subnet_id: Text<'a>,
    route_table_id: Text<'a>,
    state: Text<'a>,
    connectivity_type: Text<'a>,
    availability_mode: Text<'a>,
    nat_gateway_addresses: Objects<'a, Address<'a>>,
    attached_appliances: Objects<'a, Appliance>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Address<'a> {
    private_ip: Text<'a>,
    public_ip: Text<'a>,
    network_interface_id: Text<'a>,
    is_primary: Flag,
    availability_zone: Text<'a>,
    availability_zone_id: Text<'a>,
}

/// An appliance that is attached to a gateway; that there is one is enough.
#[derive(Debug, Default, Deserialize)]
struct Appliance {}

impl NatGateway<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::NatGateway, Problem> {
        let mode = if self.availability_mode.get() == Some("regional") {
            NatMode::Regional(self.route_table_id.get().map(Link::to))
        } else {
            NatMode::Zonal(Link::to(self.subnet_id.required("SubnetId")?))
        };
        Ok(model::NatGateway {
            id: self.nat_gateway_id.required("NatGatewayId")?.into(),
            name: name_of(&self.tags, at, log),
            region: None,
            vpc: Link::to(self.vpc_id.required("VpcId")?),
            state: state_of(&self.state),
            connectivity: match self.connectivity_type.get() {
                Some("private") => Connectivity::Private,
                Some(_) | None => Connectivity::Public,
            },
            mode,
            addresses: self.addresses(at, log)?,
            has_appliance: !self
                .attached_appliances
                .all(at, "AttachedAppliances", log)?
                .is_empty(),
            origin: at.clone(),
        })
    }

    fn addresses(&self, at: &Origin, log: &mut Log) -> Result<Vec<NatAddress>, Problem> {
        let key = "NatGatewayAddresses";
        let mut addresses = Vec::new();
        for (number, address) in self.nat_gateway_addresses.all(at, key, log)? {
            let in_list = |problem: Problem| problem.inside(key, Some(number));
            let interface = address.network_interface_id.get().map(Link::to);
            let is_secondary = address.is_primary.0 == Some(false);
            addresses.push((
                is_secondary,
                NatAddress {
                    private: address.private_ip.address("PrivateIp").map_err(in_list)?,
                    public: address.public_ip.address("PublicIp").map_err(in_list)?,
                    interface,
                    zone: address
                        .availability_zone_id
                        .get()
                        .or(address.availability_zone.get())
                        .map(Zone::from),
                },
            ));
        }
        addresses.sort_by_key(|(is_secondary, _)| *is_secondary);
        Ok(addresses.into_iter().map(|(_, address)| address).collect())
    }
}
