//! Load balancers, their targets, endpoints and services.

use model::{
    BalancerFact, EndpointConnection, Listener, ListenerAction, ListenerRule, LoadBalancer,
    LoadBalancerZone, ResourceId, Target, TargetGroup, TargetName, VpcEndpoint, VpcEndpointService,
    WeightedTargetGroup,
};

use super::{Rewrite, addresses, link, links};

pub(super) fn balancer(balancer: &mut LoadBalancer, change: &impl Rewrite) {
    let LoadBalancer {
        id,
        name: _,
        owner: _,
        region: _,
        kind: _,
        scheme: _,
        vpc,
        groups,
        zones,
        state: _,
        cross_zone: _,
        denies_internet_ipv6: _,
        enforces_groups_on_private_link: _,
        listeners,
        listeners_known: _,
        nodes,
        origin: _,
    } = balancer;
    change.id(id);
    link(vpc, change);
    links(groups, change);
    for LoadBalancerZone {
        subnet,
        zone: _,
        addresses: listed,
    } in zones
    {
        link(subnet, change);
        addresses(listed, change);
    }
    for one in listeners {
        listener(one, change);
    }
    links(nodes, change);
}

fn listener(listener: &mut Listener, change: &impl Rewrite) {
    let Listener {
        id,
        protocol: _,
        port: _,
        actions: first,
        rules,
        rules_known: _,
        origin: _,
    } = listener;
    change.id(id);
    actions(first, change);
    for ListenerRule {
        id,
        actions: own,
        origin: _,
    } in rules
    {
        change.id(id);
        actions(own, change);
    }
}

fn actions(actions: &mut [ListenerAction], change: &impl Rewrite) {
    for action in actions {
        match action {
            ListenerAction::Forward(groups) => {
                for WeightedTargetGroup { group, weight: _ } in groups {
                    link(group, change);
                }
            }
            ListenerAction::Other(_) => {}
        }
    }
}

pub(super) fn targets(group: &mut TargetGroup, change: &impl Rewrite) {
    let TargetGroup {
        id,
        name: _,
        owner: _,
        region: _,
        protocol: _,
        port: _,
        vpc,
        kind: _,
        family: _,
        health_check: _,
        preserves_client: _,
        cross_zone: _,
        targets,
        targets_known: _,
        origin: _,
    } = group;
    change.id(id);
    links(vpc, change);
    for Target {
        name,
        port: _,
        zone: _,
        health: _,
    } in targets
    {
        match name {
            TargetName::Instance(instance) => link(instance, change),
            TargetName::LoadBalancer(balancer) => link(balancer, change),
            TargetName::Address(address) => change.address(address),
            TargetName::Function(id) => change.id(id),
        }
    }
}

/// Networks of tests tell everything with the resource that it is about.
pub(super) const fn fact(_: &mut BalancerFact, _: &impl Rewrite) {}

pub(super) fn endpoint(endpoint: &mut VpcEndpoint, change: &impl Rewrite) {
    let VpcEndpoint {
        id,
        name: _,
        owner: _,
        region: _,
        kind: _,
        service: _,
        resource,
        state: _,
        vpc,
        subnets,
        groups,
        interfaces,
        route_tables,
        origin: _,
    } = endpoint;
    change.id(id);
    if let Some(resource) = resource {
        change.id(resource);
    }
    link(vpc, change);
    links(subnets, change);
    links(groups, change);
    links(interfaces, change);
    links(route_tables, change);
}

pub(super) fn service(service: &mut VpcEndpointService, change: &impl Rewrite) {
    let VpcEndpointService {
        id,
        name: _,
        owner: _,
        region: _,
        service: _,
        state: _,
        load_balancers,
        connections,
        origin: _,
    } = service;
    change.id(id);
    links(load_balancers, change);
    for one in connections {
        connection(one, change);
    }
}

fn connection(connection: &mut EndpointConnection, change: &impl Rewrite) {
    let EndpointConnection { endpoint, state: _ } = connection;
    change.id(endpoint);
}

pub(super) fn listed_connection(
    (service, of): &mut (ResourceId, EndpointConnection),
    change: &impl Rewrite,
) {
    change.id(service);
    connection(of, change);
}
