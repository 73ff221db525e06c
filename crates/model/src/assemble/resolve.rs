//! Every link to its target, or to the knowledge that the target is missing.

mod outside;

use std::collections::BTreeMap;

use crate::table::Ids;
use crate::{
    Attachment, AttachmentResource, Diagnostic, Link, NatMode, Origin, ResourceId,
    RouteDestination, RouteTableAssociation, RouteTarget, RulePeer, Severity, Snapshot,
    TransitGatewayAttachment,
};

/// Missing targets, each with what kind it is, how many links name it, and the first place that does.
#[derive(Default)]
pub(super) struct Dangling {
    targets: BTreeMap<(ResourceId, &'static str), (usize, Origin, Severity)>,
}

impl Dangling {
    pub(super) fn link<T>(
        &mut self,
        link: &mut Link<T>,
        ids: &Ids<T>,
        kind: &'static str,
        from: &Origin,
    ) {
        self.weigh(link, ids, kind, from, Severity::Warning);
    }

    /// Resolves a link whose target is often in another account: missing it is no fault of the input.
    pub(super) fn distant<T>(
        &mut self,
        link: &mut Link<T>,
        ids: &Ids<T>,
        kind: &'static str,
        from: &Origin,
    ) {
        self.weigh(link, ids, kind, from, Severity::Note);
    }

    fn weigh<T>(
        &mut self,
        link: &mut Link<T>,
        ids: &Ids<T>,
        kind: &'static str,
        from: &Origin,
        severity: Severity,
    ) {
        link.resolve(ids.get(link.id()).copied());
        if link.target().is_none() {
            let first = || (0, from.clone(), severity);
            self.targets
                .entry((link.id().clone(), kind))
                .or_insert_with(first)
                .0 += 1;
        }
    }

    fn report(self, diagnostics: &mut Vec<Diagnostic>) {
        for ((id, kind), (count, origin, severity)) in self.targets {
            let times = if count == 1 {
                String::new()
            } else {
                format!(" ({count} references)")
            };
            let message = format!(
                "{kind} `{id}` is not in the input{times}: what depends on it is undetermined"
            );
            diagnostics.push(Diagnostic::new(
                severity,
                "dangling-reference",
                message,
                origin,
            ));
        }
    }
}

pub(super) fn resolve(snapshot: &mut Snapshot, diagnostics: &mut Vec<Diagnostic>) {
    let mut dangling = Dangling::default();
    resolve_subnets(snapshot, &mut dangling);
    resolve_interfaces(snapshot, &mut dangling);
    resolve_groups(snapshot, &mut dangling);
    resolve_route_tables(snapshot, &mut dangling);
    resolve_gateways(snapshot, &mut dangling);
    resolve_peerings(snapshot, &mut dangling);
    super::balancers::resolve(snapshot, &mut dangling);
    resolve_vpns(snapshot, &mut dangling);
    resolve_transit_attachments(snapshot, &mut dangling);
    resolve_transit_tables(snapshot, &mut dangling);
    outside::resolve(snapshot, &mut dangling);
    resolve_firewalls(snapshot, &mut dangling);
    resolve_roles(snapshot, &mut dangling);
    dangling.report(diagnostics);
}

fn resolve_subnets(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for subnet in snapshot.subnets.rows_mut() {
        dangling.link(&mut subnet.vpc, snapshot.vpcs.ids(), "VPC", &subnet.origin);
    }
    for acl in snapshot.acls.rows_mut() {
        dangling.link(&mut acl.vpc, snapshot.vpcs.ids(), "VPC", &acl.origin);
        for subnet in &mut acl.subnets {
            dangling.link(subnet, snapshot.subnets.ids(), "subnet", &acl.origin);
        }
    }
}

fn resolve_interfaces(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for interface in snapshot.interfaces.rows_mut() {
        dangling.link(
            &mut interface.vpc,
            snapshot.vpcs.ids(),
            "VPC",
            &interface.origin,
        );
        dangling.link(
            &mut interface.subnet,
            snapshot.subnets.ids(),
            "subnet",
            &interface.origin,
        );
        for group in &mut interface.groups {
            dangling.link(
                group,
                snapshot.groups.ids(),
                "security group",
                &interface.origin,
            );
        }
        if let Some(instance) = &mut interface.instance {
            dangling.distant(
                instance,
                snapshot.instances.ids(),
                "instance",
                &interface.origin,
            );
        }
    }
    for address in snapshot.elastic_addresses.rows_mut() {
        if let Some(interface) = &mut address.interface {
            dangling.distant(
                interface,
                snapshot.interfaces.ids(),
                "network interface",
                &address.origin,
            );
        }
    }
}

fn resolve_groups(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    let (groups, ids) = snapshot.groups.split_mut();
    for group in groups {
        if let Some(vpc) = &mut group.vpc {
            dangling.distant(vpc, snapshot.vpcs.ids(), "VPC", &group.origin);
        }
        for rule in &mut group.rules {
            match &mut rule.peer {
                RulePeer::Cidr(_) => {}
                RulePeer::Group(reference) => {
                    dangling.distant(&mut reference.group, ids, "security group", &rule.origin);
                }
                RulePeer::PrefixList(list) => {
                    dangling.link(
                        list,
                        snapshot.prefix_lists.ids(),
                        "prefix list",
                        &rule.origin,
                    );
                }
            }
        }
    }
}

fn resolve_route_tables(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for table in snapshot.route_tables.rows_mut() {
        dangling.link(&mut table.vpc, snapshot.vpcs.ids(), "VPC", &table.origin);
        for association in &mut table.associations {
            match association {
                RouteTableAssociation::Subnet(subnet) => {
                    dangling.link(subnet, snapshot.subnets.ids(), "subnet", &table.origin);
                }
                RouteTableAssociation::Gateway(_) => {}
            }
        }
        for route in &mut table.routes {
            if let RouteDestination::PrefixList(list) = &mut route.destination {
                dangling.link(
                    list,
                    snapshot.prefix_lists.ids(),
                    "prefix list",
                    &route.origin,
                );
            }
            let at = &route.origin;
            match &mut route.target {
                RouteTarget::InternetGateway(link) => {
                    dangling.link(
                        link,
                        snapshot.internet_gateways.ids(),
                        "internet gateway",
                        at,
                    );
                }
                RouteTarget::EgressOnlyInternetGateway(link) => {
                    dangling.link(
                        link,
                        snapshot.egress_only_gateways.ids(),
                        "egress-only internet gateway",
                        at,
                    );
                }
                RouteTarget::NatGateway(link) => {
                    dangling.link(link, snapshot.nat_gateways.ids(), "NAT gateway", at);
                }
                RouteTarget::NetworkInterface(link) => {
                    dangling.link(link, snapshot.interfaces.ids(), "network interface", at);
                }
                RouteTarget::Peering(link) => {
                    dangling.link(link, snapshot.peerings.ids(), "VPC peering connection", at);
                }
                RouteTarget::TransitGateway(link) => {
                    dangling.link(link, snapshot.transit_gateways.ids(), "transit gateway", at);
                }
                RouteTarget::VpnGateway(link) => {
                    dangling.link(link, snapshot.vpn_gateways.ids(), "VPN gateway", at);
                }
                RouteTarget::Local
                | RouteTarget::VpcEndpoint(_)
                | RouteTarget::CoreNetwork(_)
                | RouteTarget::NextHop(_)
                | RouteTarget::Unmodelled { .. } => {}
            }
        }
    }
}

fn resolve_gateways(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    let vpcs = snapshot.vpcs.ids();
    let mut attach = |attachments: &mut Vec<Attachment>, at: &Origin| {
        for attachment in attachments {
            dangling.distant(&mut attachment.vpc, vpcs, "VPC", at);
        }
    };
    for gateway in snapshot.internet_gateways.rows_mut() {
        attach(&mut gateway.attachments, &gateway.origin);
    }
    for gateway in snapshot.egress_only_gateways.rows_mut() {
        attach(&mut gateway.attachments, &gateway.origin);
    }
    for gateway in snapshot.vpn_gateways.rows_mut() {
        attach(&mut gateway.attachments, &gateway.origin);
    }
    for gateway in snapshot.nat_gateways.rows_mut() {
        dangling.distant(&mut gateway.vpc, vpcs, "VPC", &gateway.origin);
        match &mut gateway.mode {
            NatMode::Zonal(subnet) => {
                dangling.link(subnet, snapshot.subnets.ids(), "subnet", &gateway.origin);
            }
            NatMode::Regional(Some(table)) => {
                dangling.link(
                    table,
                    snapshot.route_tables.ids(),
                    "route table",
                    &gateway.origin,
                );
            }
            NatMode::Regional(None) => {}
        }
        for address in &mut gateway.addresses {
            if let Some(interface) = &mut address.interface {
                dangling.distant(
                    interface,
                    snapshot.interfaces.ids(),
                    "network interface",
                    &gateway.origin,
                );
            }
        }
    }
}

fn resolve_peerings(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for peering in snapshot.peerings.rows_mut() {
        for side in [&mut peering.requester, &mut peering.accepter] {
            dangling.distant(&mut side.vpc, snapshot.vpcs.ids(), "VPC", &peering.origin);
        }
    }
}

fn resolve_vpns(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for connection in snapshot.vpn_connections.rows_mut() {
        let at = &connection.origin;
        if let Some(gateway) = &mut connection.vpn_gateway {
            dangling.link(gateway, snapshot.vpn_gateways.ids(), "VPN gateway", at);
        }
        if let Some(gateway) = &mut connection.transit_gateway {
            dangling.link(
                gateway,
                snapshot.transit_gateways.ids(),
                "transit gateway",
                at,
            );
        }
        if let Some(gateway) = &mut connection.customer_gateway {
            dangling.distant(
                gateway,
                snapshot.customer_gateways.ids(),
                "customer gateway",
                at,
            );
        }
    }
}

fn resolve_transit_attachments(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for attachment in snapshot.transit_attachments.rows_mut() {
        let at = &attachment.origin;
        dangling.distant(
            &mut attachment.gateway,
            snapshot.transit_gateways.ids(),
            "transit gateway",
            at,
        );
        match &mut attachment.resource {
            AttachmentResource::Vpc { vpc, subnets } => {
                dangling.distant(vpc, snapshot.vpcs.ids(), "VPC", at);
                for subnet in subnets.iter_mut().flatten() {
                    dangling.distant(subnet, snapshot.subnets.ids(), "subnet", at);
                }
            }
            AttachmentResource::Peering(peer) => {
                dangling.distant(peer, snapshot.transit_gateways.ids(), "transit gateway", at);
            }
            AttachmentResource::Vpn(vpn) => {
                dangling.distant(vpn, snapshot.vpn_connections.ids(), "VPN connection", at);
            }
            AttachmentResource::DirectConnect(_) | AttachmentResource::Other { .. } => {}
        }
        if let Some(table) = &mut attachment.association {
            dangling.distant(
                table,
                snapshot.transit_route_tables.ids(),
                "transit gateway route table",
                at,
            );
        }
    }
}

fn resolve_transit_tables(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for table in snapshot.transit_route_tables.rows_mut() {
        dangling.distant(
            &mut table.gateway,
            snapshot.transit_gateways.ids(),
            "transit gateway",
            &table.origin,
        );
        let ids = of_gateway(snapshot.transit_attachments.iter(), table.gateway.id());
        for attachment in table.propagations.iter_mut().flatten() {
            dangling.distant(
                attachment,
                &ids,
                "transit gateway attachment",
                &table.origin,
            );
        }
        for route in &mut table.routes {
            if let RouteDestination::PrefixList(list) = &mut route.destination {
                dangling.link(
                    list,
                    snapshot.prefix_lists.ids(),
                    "prefix list",
                    &route.origin,
                );
            }
            for attachment in &mut route.attachments {
                dangling.distant(
                    attachment,
                    &ids,
                    "transit gateway attachment",
                    &route.origin,
                );
            }
        }
    }
}

/// Policies that are not in the input leave open what a role may do, and nothing about packets.
fn resolve_roles(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    let policies = snapshot.iam_policies.ids();
    for role in snapshot.iam_roles.rows_mut() {
        for policy in role.policies.iter_mut().chain(&mut role.boundary) {
            dangling.distant(policy, policies, "policy", &role.origin);
        }
    }
}

fn resolve_firewalls(snapshot: &mut Snapshot, dangling: &mut Dangling) {
    for firewall in snapshot.firewalls.rows_mut() {
        let at = &firewall.origin;
        dangling.distant(&mut firewall.vpc, snapshot.vpcs.ids(), "VPC", at);
        let policies = snapshot.firewall_policies.ids();
        dangling.link(&mut firewall.policy, policies, "firewall policy", at);
        for endpoint in &mut firewall.endpoints {
            dangling.distant(&mut endpoint.subnet, snapshot.subnets.ids(), "subnet", at);
        }
    }
    for policy in snapshot.firewall_policies.rows_mut() {
        let groups = snapshot.firewall_rule_groups.ids();
        for used in policy.stateless.iter_mut().chain(&mut policy.stateful) {
            dangling.link(
                &mut used.group,
                groups,
                "firewall rule group",
                &policy.origin,
            );
        }
    }
    for group in snapshot.firewall_rule_groups.rows_mut() {
        for list in group.references.values_mut() {
            dangling.link(
                list,
                snapshot.prefix_lists.ids(),
                "prefix list",
                &group.origin,
            );
        }
    }
}

/// The attachments of one transit gateway: a peering has a second one of the same id at the other gateway.
fn of_gateway<'a>(
    attachments: impl Iterator<
        Item = (
            crate::Index<TransitGatewayAttachment>,
            &'a TransitGatewayAttachment,
        ),
    >,
    gateway: &ResourceId,
) -> Ids<TransitGatewayAttachment> {
    let own = attachments.filter(|(_, attachment)| attachment.gateway.id() == gateway);
    own.map(|(index, attachment)| (attachment.id.clone(), index))
        .collect()
}
