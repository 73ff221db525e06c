//! What leads from one resource to the next, for every question that a way asks.

use std::hash::Hash;

use model::{
    AttachmentResource, CoreNetworkAttachment, CoreNetworkResource, Index, InternetGateway,
    NetworkInterface, OfficeNetwork, ResourceId, ResourceState, RouteTable, RouteTableAssociation,
    Snapshot, TransitGateway, TransitGatewayAttachment, Uplink, Vpc,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Lookups by what a way has in hand. Where several resources would do, the first counts.
#[derive(Debug)]
pub(crate) struct Links {
    /// The internet gateway that works for a VPC.
    pub(crate) internet_gateways: FxHashMap<Index<Vpc>, Index<InternetGateway>>,
    /// The route table of a gateway, by the gateway's id.
    pub(crate) edge_tables: FxHashMap<ResourceId, Index<RouteTable>>,
    /// The attachment of a VPC to a transit gateway: one that works, if any does.
    pub(crate) vpc_attachments:
        FxHashMap<(Index<TransitGateway>, Index<Vpc>), Index<TransitGatewayAttachment>>,
    /// The attachment of a VPC to a core network: one that works, if any does.
    pub(crate) core_attachments: FxHashMap<(ResourceId, Index<Vpc>), Index<CoreNetworkAttachment>>,
    /// The interfaces by which clients of Client VPN enter.
    pub(crate) client_vpn_interfaces: FxHashSet<Index<NetworkInterface>>,
    /// All attachments of one id: a peering has one at each gateway.
    attachments: FxHashMap<ResourceId, Vec<Index<TransitGatewayAttachment>>>,
    /// The offices at the other end of an uplink.
    offices: FxHashMap<Uplink, Vec<Index<OfficeNetwork>>>,
}

impl Links {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        Self {
            internet_gateways: internet_gateways(snapshot),
            edge_tables: edge_tables(snapshot),
            vpc_attachments: vpc_attachments(snapshot),
            core_attachments: core_attachments(snapshot),
            client_vpn_interfaces: client_vpn_interfaces(snapshot),
            attachments: attachments(snapshot),
            offices: offices(snapshot),
        }
    }

    /// All attachments with an id.
    pub(crate) fn attachments_named(&self, id: &ResourceId) -> &[Index<TransitGatewayAttachment>] {
        self.attachments.get(id).map_or(&[], Vec::as_slice)
    }

    /// The offices at the other end of an uplink, in order.
    pub(crate) fn offices_behind(&self, uplink: Uplink) -> &[Index<OfficeNetwork>] {
        self.offices.get(&uplink).map_or(&[], Vec::as_slice)
    }
}

/// The first value of each key.
pub(crate) fn first_of<K: Hash + Eq, V>(pairs: impl Iterator<Item = (K, V)>) -> FxHashMap<K, V> {
    let mut map = FxHashMap::default();
    for (key, value) in pairs {
        map.entry(key).or_insert(value);
    }
    map
}

/// All values of each key, in order.
pub(crate) fn all_of<K: Hash + Eq, V>(pairs: impl Iterator<Item = (K, V)>) -> FxHashMap<K, Vec<V>> {
    let mut map: FxHashMap<K, Vec<V>> = FxHashMap::default();
    for (key, value) in pairs {
        map.entry(key).or_default().push(value);
    }
    map
}

fn internet_gateways(snapshot: &Snapshot) -> FxHashMap<Index<Vpc>, Index<InternetGateway>> {
    let gateways = snapshot.internet_gateways().iter();
    first_of(gateways.flat_map(|(index, gateway)| {
        let working = gateway
            .attachments
            .iter()
            .filter(|attachment| attachment.state == ResourceState::Available);
        working.filter_map(move |attachment| Some((attachment.vpc.target()?, index)))
    }))
}

fn edge_tables(snapshot: &Snapshot) -> FxHashMap<ResourceId, Index<RouteTable>> {
    let tables = snapshot.route_tables().iter();
    first_of(tables.flat_map(|(index, table)| {
        let associations = table.associations.iter();
        associations.filter_map(move |association| match association {
            RouteTableAssociation::Gateway(id) => Some((id.clone(), index)),
            RouteTableAssociation::Subnet(_) => None,
        })
    }))
}

fn vpc_attachments(
    snapshot: &Snapshot,
) -> FxHashMap<(Index<TransitGateway>, Index<Vpc>), Index<TransitGatewayAttachment>> {
    let works = |one: &TransitGatewayAttachment| one.state == ResourceState::Available;
    let all = || snapshot.transit_attachments().iter();
    let attachments = all().filter(|(_, one)| works(one)).chain(all());
    first_of(attachments.filter_map(|(index, attachment)| {
        let AttachmentResource::Vpc { vpc, .. } = &attachment.resource else {
            return None;
        };
        Some(((attachment.gateway.target()?, vpc.target()?), index))
    }))
}

fn core_attachments(
    snapshot: &Snapshot,
) -> FxHashMap<(ResourceId, Index<Vpc>), Index<CoreNetworkAttachment>> {
    let works = |one: &CoreNetworkAttachment| one.state == ResourceState::Available;
    let all = || snapshot.core_attachments().iter();
    let attachments = all().filter(|(_, one)| works(one)).chain(all());
    first_of(attachments.filter_map(|(index, attachment)| {
        let CoreNetworkResource::Vpc { vpc, .. } = &attachment.resource else {
            return None;
        };
        Some(((attachment.core_network.clone(), vpc.target()?), index))
    }))
}

fn client_vpn_interfaces(snapshot: &Snapshot) -> FxHashSet<Index<NetworkInterface>> {
    let endpoints = snapshot.client_vpn_endpoints().rows().iter();
    let associations = endpoints.flat_map(|endpoint| &endpoint.associations);
    let interfaces = associations.flat_map(|association| &association.interfaces);
    interfaces.filter_map(model::Link::target).collect()
}

fn attachments(snapshot: &Snapshot) -> FxHashMap<ResourceId, Vec<Index<TransitGatewayAttachment>>> {
    let attachments = snapshot.transit_attachments().iter();
    all_of(attachments.map(|(index, attachment)| (attachment.id.clone(), index)))
}

fn offices(snapshot: &Snapshot) -> FxHashMap<Uplink, Vec<Index<OfficeNetwork>>> {
    let offices = snapshot.offices().iter();
    all_of(offices.flat_map(|(index, office)| {
        let mut uplinks = office.uplinks.clone();
        uplinks.sort_unstable();
        uplinks.dedup();
        uplinks.into_iter().map(move |uplink| (uplink, index))
    }))
}
