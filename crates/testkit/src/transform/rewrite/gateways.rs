//! Gateways of VPCs, peerings, VPNs and elastic addresses.

use model::{
    Attachment, CustomerGateway, EgressOnlyInternetGateway, ElasticAddress, InternetGateway,
    NatAddress, NatGateway, NatMode, PeeringSide, VpcPeeringConnection, VpnConnection, VpnGateway,
};

use super::{Rewrite, addresses, link, links, prefixes};

pub(super) fn internet(gateway: &mut InternetGateway, change: &impl Rewrite) {
    let InternetGateway {
        id,
        name: _,
        owner: _,
        region: _,
        attachments,
        origin: _,
    } = gateway;
    change.id(id);
    attached(attachments, change);
}

pub(super) fn egress_only(gateway: &mut EgressOnlyInternetGateway, change: &impl Rewrite) {
    let EgressOnlyInternetGateway {
        id,
        name: _,
        region: _,
        attachments,
        origin: _,
    } = gateway;
    change.id(id);
    attached(attachments, change);
}

pub(super) fn vpn_gateway(gateway: &mut VpnGateway, change: &impl Rewrite) {
    let VpnGateway {
        id,
        name: _,
        region: _,
        attachments,
        origin: _,
    } = gateway;
    change.id(id);
    attached(attachments, change);
}

fn attached(attachments: &mut [Attachment], change: &impl Rewrite) {
    for Attachment { vpc, state: _ } in attachments {
        link(vpc, change);
    }
}

pub(super) fn nat(gateway: &mut NatGateway, change: &impl Rewrite) {
    let NatGateway {
        id,
        name: _,
        region: _,
        vpc,
        state: _,
        connectivity: _,
        mode,
        addresses: held,
        has_appliance: _,
        origin: _,
    } = gateway;
    change.id(id);
    link(vpc, change);
    match mode {
        NatMode::Zonal(subnet) => link(subnet, change),
        NatMode::Regional(table) => links(table, change),
    }
    for NatAddress {
        private,
        public,
        interface,
        zone: _,
    } in held
    {
        addresses(private.iter_mut().chain(public), change);
        links(interface, change);
    }
}

pub(super) fn peering(peering: &mut VpcPeeringConnection, change: &impl Rewrite) {
    let VpcPeeringConnection {
        id,
        name: _,
        status: _,
        requester,
        accepter,
        origin: _,
    } = peering;
    change.id(id);
    for PeeringSide {
        vpc,
        owner: _,
        region: _,
        cidrs,
    } in [requester, accepter]
    {
        link(vpc, change);
        prefixes(cidrs, change);
    }
}

pub(super) fn customer(gateway: &mut CustomerGateway, change: &impl Rewrite) {
    let CustomerGateway {
        id,
        name: _,
        region: _,
        address,
        asn: _,
        origin: _,
    } = gateway;
    change.id(id);
    addresses(address, change);
}

pub(super) fn vpn(vpn: &mut VpnConnection, change: &impl Rewrite) {
    let VpnConnection {
        id,
        name: _,
        region: _,
        state: _,
        vpn_gateway,
        transit_gateway,
        customer_gateway,
        static_only: _,
        static_routes,
        family: _,
        office_side,
        cloud_side,
        tunnels: _,
        over_direct_connect: _,
        origin: _,
    } = vpn;
    change.id(id);
    links(vpn_gateway, change);
    links(transit_gateway, change);
    links(customer_gateway, change);
    prefixes(static_routes, change);
    prefixes(office_side.iter_mut().chain(cloud_side), change);
}

pub(super) fn elastic(elastic: &mut ElasticAddress, change: &impl Rewrite) {
    let ElasticAddress {
        id,
        name: _,
        owner: _,
        region: _,
        public,
        private,
        interface,
        origin: _,
    } = elastic;
    change.id(id);
    change.address(public);
    addresses(private, change);
    links(interface, change);
}
