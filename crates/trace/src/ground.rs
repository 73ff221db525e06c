//! Why a step lets a packet pass.

use std::net::IpAddr;

use model::{
    AuthorizationRule, ClientVpnEndpoint, CoreNetworkTable, Direction, FirewallRuleGroup, Index,
    NetworkAcl, NetworkFirewall, NetworkInterface, Origin, RouteTable, SecurityGroup, Snapshot,
    TransitGatewayAttachment, TransitGatewayRouteTable,
};
use packet::Prefix;

use crate::cloud_wan::route_text as core_route_text;
use crate::inspection::rule_or_default;
use crate::names;

/// Why a step lets a packet pass. This list is complete. Numbers are places in the lists of the resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// The address is the host's own: the packet never leaves it.
    SameHost,
    /// Nothing filters the way to this service of the platform.
    NeverFiltered(IpAddr),
    /// A rule of a group allows it: the group and the rule's number.
    Rule(Index<SecurityGroup>, usize),
    /// This interface knows no groups.
    NoFilter(Index<NetworkInterface>),
    /// It answers a packet that the groups let pass: they are not asked again.
    Tracked(Index<NetworkInterface>),
    /// An entry of an ACL allows it: the ACL and the entry's number.
    Entry(Index<NetworkAcl>, usize),
    /// Both ends are in one subnet: neither ACL nor route is asked.
    SameSubnet,
    /// A route leads on: the table and the route's number.
    Route(Index<RouteTable>, usize),
    /// The local route that every table has for a block of its VPC.
    LocalRoute(Index<RouteTable>, Prefix),
    /// A listed route of a transit gateway: the table and the route's number.
    TransitRoute(Index<TransitGatewayRouteTable>, usize),
    /// A route that follows from a propagation: the table, the attachment and the block.
    Propagation(
        Index<TransitGatewayRouteTable>,
        Index<TransitGatewayAttachment>,
        Prefix,
    ),
    /// A route of a core network: the table and the route's number.
    CoreRoute(Index<CoreNetworkTable>, usize),
    /// An authorisation rule of a Client VPN endpoint: the endpoint and the rule's number.
    Authorised(Index<ClientVpnEndpoint>, usize),
    /// A rule of the firewall passes it, or a default of its policy.
    Firewall(
        Index<NetworkFirewall>,
        Option<(Index<FirewallRuleGroup>, usize)>,
    ),
    /// The firewall passes the answer to what it passed.
    FirewallAnswer(Index<NetworkFirewall>),
    /// The gateway replaces the source by this address.
    SourceBecomes(IpAddr),
    /// The gateway replaces the destination by this address.
    DestinationBecomes(IpAddr),
    /// The gateway carries it.
    Carried,
}

impl Ground {
    /// The ground in one line: lower case, no full stop, with names and ids.
    pub fn describe(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::SameHost => "the address is the host's own".to_owned(),
            Self::NeverFiltered(address) => format!("nothing filters the way to {address}"),
            Self::Rule(group, number) => rule_text(snapshot, *group, *number),
            Self::NoFilter(_) => "this interface knows no groups".to_owned(),
            Self::Tracked(_) => "groups let answers pass".to_owned(),
            Self::Entry(acl, number) => names::entry_text(snapshot, *acl, *number),
            Self::SameSubnet => "both ends are in one subnet".to_owned(),
            Self::Route(table, number) => {
                format!("route {}", names::route_text(snapshot, *table, *number))
            }
            Self::LocalRoute(table, prefix) => {
                format!(
                    "route {prefix} to local in {}",
                    names::named(snapshot.route_tables(), *table)
                )
            }
            Self::TransitRoute(table, number) => {
                let route = names::transit_route(snapshot, *table, *number);
                let destination =
                    route.map_or_else(String::new, |route| names::destination(&route.destination));
                format!(
                    "route {destination} in {}",
                    names::named(snapshot.transit_route_tables(), *table)
                )
            }
            Self::Propagation(table, attachment, prefix) => {
                let table = names::named(snapshot.transit_route_tables(), *table);
                let attachment = names::named(snapshot.transit_attachments(), *attachment);
                format!("route {prefix} propagated by {attachment} in {table}")
            }
            Self::CoreRoute(table, number) => {
                format!("route {}", core_route_text(snapshot, *table, *number))
            }
            Self::Authorised(endpoint, number) => authorised_text(snapshot, *endpoint, *number),
            Self::Firewall(index, rule) => format!(
                "{} of firewall {} passes it",
                rule_or_default(snapshot, *rule),
                names::named(snapshot.firewalls(), *index)
            ),
            Self::FirewallAnswer(index) => format!(
                "firewall {} passes the answer",
                names::named(snapshot.firewalls(), *index)
            ),
            Self::SourceBecomes(address) => format!("the source becomes {address}"),
            Self::DestinationBecomes(address) => format!("the destination becomes {address}"),
            Self::Carried => "carried".to_owned(),
        }
    }

    /// Where the line that decided was read.
    pub fn origin<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Origin> {
        match *self {
            Self::Rule(group, number) => {
                names::rule(snapshot, group, number).map(|rule| &rule.origin)
            }
            Self::Entry(acl, number) => {
                names::entry(snapshot, acl, number).map(|entry| &entry.origin)
            }
            Self::Route(table, number) => {
                names::route(snapshot, table, number).map(|route| &route.origin)
            }
            Self::LocalRoute(table, _) => Some(&snapshot.route_tables().get(table).origin),
            Self::TransitRoute(table, number) => {
                names::transit_route(snapshot, table, number).map(|route| &route.origin)
            }
            Self::Propagation(table, ..) => {
                Some(&snapshot.transit_route_tables().get(table).origin)
            }
            Self::CoreRoute(table, number) => {
                let routes = &snapshot.core_tables().get(table).routes;
                routes.get(number).map(|route| &route.origin)
            }
            Self::Authorised(endpoint, number) => {
                let rules = &snapshot.client_vpn_endpoints().get(endpoint).rules;
                rules.get(number).map(|rule| &rule.origin)
            }
            Self::NoFilter(interface) | Self::Tracked(interface) => {
                Some(&snapshot.interfaces().get(interface).origin)
            }
            Self::Firewall(_, Some((group, _))) => {
                Some(&snapshot.firewall_rule_groups().get(group).origin)
            }
            Self::Firewall(index, None) | Self::FirewallAnswer(index) => {
                Some(&snapshot.firewalls().get(index).origin)
            }
            Self::SameHost
            | Self::NeverFiltered(_)
            | Self::SameSubnet
            | Self::SourceBecomes(_)
            | Self::DestinationBecomes(_)
            | Self::Carried => None,
        }
    }
}

fn authorised_text(
    snapshot: &Snapshot,
    endpoint: Index<ClientVpnEndpoint>,
    number: usize,
) -> String {
    let name = names::named(snapshot.client_vpn_endpoints(), endpoint);
    let rules = &snapshot.client_vpn_endpoints().get(endpoint).rules;
    match rules.get(number) {
        Some(AuthorizationRule {
            destination,
            group: Some(group),
            ..
        }) => format!("{name} lets members of group {group} reach {destination}"),
        Some(AuthorizationRule { destination, .. }) => {
            format!("{name} lets all clients reach {destination}")
        }
        None => name,
    }
}

fn rule_text(snapshot: &Snapshot, group: Index<SecurityGroup>, number: usize) -> String {
    let name = names::named(snapshot.groups(), group);
    let Some(rule) = names::rule(snapshot, group, number) else {
        return name;
    };
    let (direction, preposition) = match rule.direction {
        Direction::Ingress => ("ingress", "from"),
        Direction::Egress => ("egress", "to"),
    };
    let id = rule
        .id
        .as_ref()
        .map_or_else(String::new, |id| format!(" {id}"));
    let peer = names::peer(snapshot, rule);
    format!(
        "{direction} rule{id} of {name} allows {} {preposition} {peer}",
        rule.service
    )
}
