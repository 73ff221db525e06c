//! The same network in the reverse order.

use model::{
    AttachmentResource, ClientVpnEndpoint, CoreNetworkTable, DirectConnectAssociation, EntryReach,
    IamPolicy, IamRole, LoadBalancer, NetworkAcl, NetworkInterface, OfficeNetwork, Parts,
    PrefixList, RouteTable, SecurityGroup, ServiceEntry, Subnet, TargetGroup,
    TransitGatewayAttachment, TransitGatewayRouteTable, VpcEndpoint, VpcEndpointService,
    VpcPeeringConnection, VpnConnection,
};

/// Turns around every list whose order means nothing.
///
/// Left alone are the addresses of interfaces and NAT gateways, of which the first is the primary one, the blocks of a
/// VPC, of which the first one holds its resolver, and entries of ACLs, which are asked in order.
pub(super) fn parts(parts: &mut Parts) {
    every_list!(parts, turn, ();
        vpcs: nothing,
        subnets: subnet,
        interfaces: interface,
        instance_interfaces: interface,
        instances: nothing,
        groups: group,
        group_rules: nothing,
        group_associations: nothing,
        acls: acl,
        route_tables: table,
        internet_gateways: nothing,
        egress_only_gateways: nothing,
        nat_gateways: nothing,
        peerings: peering,
        transit_gateways: nothing,
        transit_attachments: attachment,
        transit_route_tables: transit_table,
        vpn_gateways: nothing,
        customer_gateways: nothing,
        vpn_connections: vpn,
        client_vpn_endpoints: client_vpn,
        service_entries: entry,
        direct_connect_gateways: nothing,
        direct_connect_associations: association,
        virtual_interfaces: nothing,
        core_attachments: nothing,
        core_tables: core_table,
        prefix_lists: list,
        elastic_addresses: nothing,
        load_balancers: balancer,
        target_groups: targets,
        balancer_facts: nothing,
        vpc_endpoints: endpoint,
        endpoint_services: service,
        endpoint_connections: nothing,
        offices: office,
        firewalls: nothing,
        firewall_policies: nothing,
        firewall_rule_groups: nothing,
        public_access_options: nothing,
        public_access_exclusions: nothing,
        iam_roles: role,
        iam_policies: policy,
        managed_instances: nothing,
    );
}

/// Turns a list around, and what is within each of its rows.
fn turn<T>(rows: &mut [T], (): (), within: fn(&mut T)) {
    rows.reverse();
    for row in rows {
        within(row);
    }
}

const fn nothing<T>(_: &mut T) {}

fn role(role: &mut IamRole) {
    role.statements.reverse();
    role.policies.reverse();
}

fn policy(policy: &mut IamPolicy) {
    policy.statements.reverse();
}

fn subnet(subnet: &mut Subnet) {
    subnet.cidrs.reverse();
}

fn interface(interface: &mut NetworkInterface) {
    interface.groups.reverse();
}

fn group(group: &mut SecurityGroup) {
    group.rules.reverse();
}

fn acl(acl: &mut NetworkAcl) {
    acl.subnets.reverse();
}

fn table(table: &mut RouteTable) {
    table.associations.reverse();
    table.routes.reverse();
}

const fn peering(peering: &mut VpcPeeringConnection) {
    std::mem::swap(&mut peering.requester, &mut peering.accepter);
}

fn attachment(attachment: &mut TransitGatewayAttachment) {
    if let AttachmentResource::Vpc {
        subnets: Some(subnets),
        ..
    } = &mut attachment.resource
    {
        subnets.reverse();
    }
}

fn transit_table(table: &mut TransitGatewayRouteTable) {
    table.routes.reverse();
    for route in &mut table.routes {
        route.attachments.reverse();
    }
    if let Some(propagations) = &mut table.propagations {
        propagations.reverse();
    }
}

fn balancer(balancer: &mut LoadBalancer) {
    balancer.groups.reverse();
    balancer.zones.reverse();
    balancer.nodes.reverse();
    balancer.listeners.reverse();
    for listener in &mut balancer.listeners {
        listener.rules.reverse();
    }
}

fn targets(group: &mut TargetGroup) {
    group.targets.reverse();
}

fn endpoint(endpoint: &mut VpcEndpoint) {
    endpoint.interfaces.reverse();
    endpoint.subnets.reverse();
    endpoint.groups.reverse();
}

fn service(service: &mut VpcEndpointService) {
    service.load_balancers.reverse();
    service.connections.reverse();
}

fn vpn(vpn: &mut VpnConnection) {
    vpn.static_routes.reverse();
}

fn client_vpn(endpoint: &mut ClientVpnEndpoint) {
    endpoint.groups.reverse();
    endpoint.associations.reverse();
    endpoint.routes.reverse();
    endpoint.rules.reverse();
}

fn entry(entry: &mut ServiceEntry) {
    entry.subnets.reverse();
    entry.groups.reverse();
    entry.interfaces.reverse();
    if let EntryReach::Targets(targets) = &mut entry.reach {
        targets.reverse();
    }
}

fn association(association: &mut DirectConnectAssociation) {
    if let Some(allowed) = &mut association.allowed {
        allowed.reverse();
    }
}

fn core_table(table: &mut CoreNetworkTable) {
    table.routes.reverse();
    for route in &mut table.routes {
        route.attachments.reverse();
    }
}

fn list(list: &mut PrefixList) {
    if let Some(entries) = &mut list.entries {
        entries.reverse();
    }
}

fn office(office: &mut OfficeNetwork) {
    office.cidrs.reverse();
}
