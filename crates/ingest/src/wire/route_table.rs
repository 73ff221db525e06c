//! `DescribeRouteTables`.

use model::{
    Link, Origin, ResourceId, RouteDestination, RouteOrigin, RouteState, RouteTableAssociation,
    RouteTarget,
};
use serde::Deserialize;

use super::cloud_wan::last_of_arn;
use super::tags::{Tags, name_of};
use super::{Flag, Object, Objects, Text};
use crate::log::{Log, Problem};

/// A route table of a VPC.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct RouteTable<'a> {
    route_table_id: Text<'a>,
    owner_id: Text<'a>,
    vpc_id: Text<'a>,
    associations: Objects<'a, Association<'a>>,
    routes: Objects<'a, Route<'a>>,
    tags: Tags<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Association<'a> {
    main: Flag,
    subnet_id: Text<'a>,
    gateway_id: Text<'a>,
    association_state: Object<AssociationState<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct AssociationState<'a> {
    state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Route<'a> {
    destination_cidr_block: Text<'a>,
    destination_ipv6_cidr_block: Text<'a>,
    destination_prefix_list_id: Text<'a>,
    gateway_id: Text<'a>,
    nat_gateway_id: Text<'a>,
    egress_only_internet_gateway_id: Text<'a>,
    transit_gateway_id: Text<'a>,
    vpc_peering_connection_id: Text<'a>,
    network_interface_id: Text<'a>,
    instance_id: Text<'a>,
    local_gateway_id: Text<'a>,
    carrier_gateway_id: Text<'a>,
    core_network_arn: Text<'a>,
    odb_network_arn: Text<'a>,
    ip_address: Text<'a>,
    state: Text<'a>,
    origin: Text<'a>,
}

impl RouteTable<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::RouteTable, Problem> {
        let id = self.route_table_id.required("RouteTableId")?;
        let vpc = Link::to(self.vpc_id.required("VpcId")?);
        let (is_main, associations) = self.associations(at, log)?;
        let subject = format!("route of table `{id}` cannot be read: ");
        let (routes, is_complete) =
            self.routes
                .take(at, "Routes", &subject, log, Route::into_model);
        Ok(model::RouteTable {
            id: id.into(),
            name: name_of(&self.tags, at, log),
            owner: self.owner_id.account(),
            region: None,
            vpc,
            is_main,
            associations,
            routes: routes.into_iter().flatten().collect(),
            is_complete,
            origin: at.clone(),
        })
    }

    /// Whether the table is the main one, and who else uses it.
    fn associations(
        &self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<(bool, Vec<RouteTableAssociation>), Problem> {
        let key = "Associations";
        let mut is_main = false;
        let mut associations = Vec::new();
        for (number, association) in self.associations.all(at, key, log)? {
            let state = association.association_state.get();
            let state = state
                .and_then(|state| state.state.get())
                .unwrap_or("associated");
            if state != "associated" {
                let message = format!("association in state `{state}`: it is not in force");
                let at = at.part(format_args!("/{key}/{number}"));
                log.note("association-not-in-force", message, at);
            } else if association.main.0 == Some(true) {
                is_main = true;
            } else if let Some(subnet) = association.subnet_id.get() {
                associations.push(RouteTableAssociation::Subnet(Link::to(subnet)));
            } else if let Some(gateway) = association.gateway_id.get() {
                associations.push(RouteTableAssociation::Gateway(gateway.into()));
            } else {
                let problem = Problem::new(
                    "missing-field",
                    "association with neither subnet nor gateway",
                );
                return Err(problem.inside(key, Some(number)));
            }
        }
        Ok((is_main, associations))
    }
}

impl Route<'_> {
    /// The route; none if it is filtered, which is to say not installed.
    fn into_model(self, at: &Origin, log: &mut Log) -> Result<Option<model::Route>, Problem> {
        let state = match self.state.get() {
            Some("active") | None => RouteState::Active,
            Some("blackhole") => RouteState::Blackhole,
            Some("filtered") => return Ok(None),
            Some(other) => {
                let message = format!("`{other}` is not a state of a route");
                return Err(Problem::at("State", "invalid-state", message));
            }
        };
        let destination = self.destination(at, log)?;
        let target = self.target(state)?;
        let kind = self.kind(&target, at, log);
        Ok(Some(model::Route {
            destination,
            target,
            state,
            kind,
            origin: at.clone(),
        }))
    }

    fn destination(&self, at: &Origin, log: &mut Log) -> Result<RouteDestination, Problem> {
        if let Some(list) = self.destination_prefix_list_id.get() {
            return Ok(RouteDestination::PrefixList(Link::to(list)));
        }
        let v4 = self
            .destination_cidr_block
            .prefix("DestinationCidrBlock", at, log)?;
        let v6 = self
            .destination_ipv6_cidr_block
            .prefix("DestinationIpv6CidrBlock", at, log)?;
        v4.or(v6)
            .map(RouteDestination::Prefix)
            .ok_or_else(|| Problem::missing("DestinationCidrBlock"))
    }

    fn target(&self, state: RouteState) -> Result<RouteTarget, Problem> {
        if let Some(gateway) = self.gateway_id.get() {
            return Ok(of_gateway(gateway));
        }
        let modelled = self
            .nat_gateway_id
            .get()
            .map(|id| RouteTarget::NatGateway(Link::to(id)))
            .or_else(|| {
                let id = self.egress_only_internet_gateway_id.get()?;
                Some(RouteTarget::EgressOnlyInternetGateway(Link::to(id)))
            })
            .or_else(|| {
                let id = self.transit_gateway_id.get()?;
                Some(RouteTarget::TransitGateway(Link::to(id)))
            })
            .or_else(|| {
                let id = self.vpc_peering_connection_id.get()?;
                Some(RouteTarget::Peering(Link::to(id)))
            })
            .or_else(|| {
                let id = self.network_interface_id.get()?;
                Some(RouteTarget::NetworkInterface(Link::to(id)))
            });
        let core_network = || {
            let arn = self.core_network_arn.get()?;
            Some(RouteTarget::CoreNetwork(last_of_arn(arn).into()))
        };
        let others = [
            ("LocalGatewayId", &self.local_gateway_id),
            ("CarrierGatewayId", &self.carrier_gateway_id),
            ("OdbNetworkArn", &self.odb_network_arn),
            ("InstanceId", &self.instance_id),
        ];
        let unmodelled = || {
            others.iter().find_map(|(field, id)| {
                let id = id.get()?.into();
                Some(RouteTarget::Unmodelled { field, id })
            })
        };
        // Some targets leave no trace once they are gone.
        let gone = || {
            (state == RouteState::Blackhole).then(|| RouteTarget::Unmodelled {
                field: "State",
                id: ResourceId::from("blackhole"),
            })
        };
        let named = modelled.or_else(core_network).or_else(unmodelled);
        if let Some(target) = named {
            return Ok(target);
        }
        let next_hop = self.ip_address.address("IpAddress")?;
        next_hop
            .map(RouteTarget::NextHop)
            .or_else(gone)
            .ok_or_else(|| Problem::new("missing-field", "it has no target"))
    }

    fn kind(&self, target: &RouteTarget, at: &Origin, log: &mut Log) -> RouteOrigin {
        match (self.origin.get(), target) {
            (Some("CreateRouteTable"), _) | (None, RouteTarget::Local) => RouteOrigin::Table,
            (Some("CreateRoute") | None, _) => RouteOrigin::Static,
            (Some("EnableVgwRoutePropagation"), _) => RouteOrigin::Propagated,
            (Some("Advertisement"), _) => RouteOrigin::Advertised,
            (Some(other), _) => {
                let message = format!("`{other}` is not an origin of a route: taken as static");
                log.warning(
                    "unknown-route-origin",
                    message,
                    at.part(format_args!("/Origin")),
                );
                RouteOrigin::Static
            }
        }
    }
}

/// The target that a `GatewayId` stands for: the field names several kinds.
fn of_gateway(id: &str) -> RouteTarget {
    match id.split_once('-') {
        None if id == "local" => RouteTarget::Local,
        Some(("igw", _)) => RouteTarget::InternetGateway(Link::to(id)),
        Some(("vgw", _)) => RouteTarget::VpnGateway(Link::to(id)),
        Some(("vpce", _)) => RouteTarget::VpcEndpoint(id.into()),
        Some(_) | None => RouteTarget::Unmodelled {
            field: "GatewayId",
            id: id.into(),
        },
    }
}
