//! Gateways of a VPC, peerings and VPNs.

use model::{
    Attachment, Connectivity, CustomerGateway, EgressOnlyInternetGateway, InternetGateway, Link,
    NatAddress, NatGateway, NatMode, PeeringSide, PeeringStatus, ResourceState, Vpc,
    VpcPeeringConnection, VpnConnection, VpnGateway,
};

use super::build::{Block, Builder};
use super::places::vpc_of;
use super::words::{Result, Words};

pub(super) fn internet(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the gateway's name")?;
    builder.parts.internet_gateways.push(InternetGateway {
        id: id.into(),
        name: Some(id.into()),
        owner: builder.account.clone(),
        region: builder.region.clone(),
        attachments: attachments(words),
        origin: words.origin(),
    });
    Ok(())
}

pub(super) fn egress_only(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the gateway's name")?;
    let gateway = EgressOnlyInternetGateway {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        attachments: attachments(words),
        origin: words.origin(),
    };
    builder.parts.egress_only_gateways.push(gateway);
    Ok(())
}

pub(super) fn vpn_gateway(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the gateway's name")?;
    builder.parts.vpn_gateways.push(VpnGateway {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        attachments: attachments(words),
        origin: words.origin(),
    });
    Ok(())
}

/// `VPC [unavailable] …`: nothing means detached.
fn attachments(words: &mut Words<'_>) -> Vec<Attachment> {
    let next = || {
        words.next().map(|vpc| Attachment {
            vpc: Link::to(vpc),
            state: state(words),
        })
    };
    std::iter::from_fn(next).collect()
}

/// `[unavailable]`.
pub(super) fn state(words: &mut Words<'_>) -> ResourceState {
    if words.skip("unavailable") {
        ResourceState::Unavailable
    } else {
        ResourceState::Available
    }
}

pub(super) fn nat(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the gateway's name")?;
    let (vpc, mode): (Link<Vpc>, _) = if words.skip("regional") {
        let vpc = Link::to(words.need("a VPC")?);
        let table = words.skip("table");
        let table = table.then(|| words.need("a table")).transpose()?;
        (vpc, NatMode::Regional(table.map(Link::to)))
    } else {
        words.literal("in")?;
        let subnet = words.need("the gateway's subnet")?;
        (vpc_of(builder, subnet), NatMode::Zonal(Link::to(subnet)))
    };
    let mut gateway = NatGateway {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        vpc,
        state: ResourceState::Available,
        connectivity: Connectivity::Public,
        mode,
        addresses: Vec::new(),
        has_appliance: false,
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        nat_option(words, &mut gateway, word)?;
    }
    builder.parts.nat_gateways.push(gateway);
    Ok(())
}

fn nat_option(words: &mut Words<'_>, gateway: &mut NatGateway, word: &str) -> Result {
    if word == "?" || word.parse::<std::net::IpAddr>().is_ok() {
        gateway.addresses.push(NatAddress {
            private: word.parse().ok(),
            public: None,
            interface: None,
            zone: None,
        });
        return Ok(());
    }
    match (word, gateway.addresses.last_mut()) {
        ("public", Some(address)) => address.public = Some(words.address()?),
        ("via", Some(address)) => {
            address.interface = Some(Link::to(words.need("an interface")?));
        }
        ("zone", Some(address)) => address.zone = Some(words.need("a zone")?.into()),
        ("appliance", _) => gateway.has_appliance = true,
        ("public" | "via" | "zone", None) => {
            return Err(words.error("the private address comes first"));
        }
        ("private", _) => gateway.connectivity = Connectivity::Private,
        ("unavailable", _) => gateway.state = ResourceState::Unavailable,
        ("vpc", _) => gateway.vpc = Link::to(words.need("a VPC")?),
        (other, _) => return Err(words.unknown(other)),
    }
    Ok(())
}

pub(super) fn peering(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the peering's name")?;
    let requester = side_of(builder, words.need("the requester's VPC")?);
    let accepter = side_of(builder, words.need("the accepter's VPC")?);
    let status = if words.skip("inactive") {
        PeeringStatus::Inactive
    } else {
        words.skip("active");
        PeeringStatus::Active
    };
    builder.parts.peerings.push(VpcPeeringConnection {
        id: id.into(),
        name: Some(id.into()),
        status,
        requester,
        accepter,
        origin: words.origin(),
    });
    builder.block = Some(Block::Peering);
    Ok(())
}

/// A side as its VPC says, if that stands above and nothing is `bare`.
fn side_of(builder: &Builder, vpc: &str) -> PeeringSide {
    let mut vpcs = builder.parts.vpcs.iter();
    let known = vpcs.find(|known| known.id.as_str() == vpc && !builder.is_bare);
    PeeringSide {
        vpc: Link::to(vpc),
        owner: known.and_then(|known| known.owner.clone()),
        region: known.and_then(|known| known.region.clone()),
        cidrs: known.map(|known| known.cidrs.clone()).unwrap_or_default(),
    }
}

pub(super) fn side(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let vpc = words.need("a VPC of the peering")?;
    let is_open = builder.block == Some(Block::Peering);
    let peering = builder.parts.peerings.last_mut().filter(|_| is_open);
    let Some(peering) = peering else {
        return Err(words.error("this line belongs to a peering"));
    };
    let sides = [&mut peering.requester, &mut peering.accepter];
    let side = sides.into_iter().find(|side| side.vpc.id().as_str() == vpc);
    let Some(side) = side else {
        return Err(words.error(format_args!("`{vpc}` is no side of this peering")));
    };
    side.owner = words
        .skip("account")
        .then(|| words.need("an account"))
        .transpose()?
        .map(Into::into);
    side.region = words
        .skip("region")
        .then(|| words.need("a region"))
        .transpose()?
        .map(Into::into);
    side.cidrs = words.prefixes();
    Ok(())
}

pub(super) fn customer(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the device's name")?;
    builder.parts.customer_gateways.push(CustomerGateway {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        address: words.address_if(),
        asn: words
            .skip("asn")
            .then(|| words.number("a number of a network"))
            .transpose()?,
        origin: words.origin(),
    });
    Ok(())
}

pub(super) fn vpn(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the VPN's name")?;
    let mut vpn = VpnConnection {
        id: id.into(),
        name: Some(id.into()),
        region: builder.region.clone(),
        state: ResourceState::Available,
        vpn_gateway: None,
        transit_gateway: None,
        customer_gateway: None,
        static_only: true,
        static_routes: Vec::new(),
        family: packet::Family::V4,
        office_side: None,
        cloud_side: None,
        tunnels: model::Tunnels::Up,
        over_direct_connect: false,
        origin: words.origin(),
    };
    while let Some(word) = words.next() {
        match word {
            "vgw" => vpn.vpn_gateway = Some(Link::to(words.need("a VPN gateway")?)),
            "tgw" => vpn.transit_gateway = Some(Link::to(words.need("a transit gateway")?)),
            "customer" => vpn.customer_gateway = Some(Link::to(words.need("a device")?)),
            "bgp" => vpn.static_only = false,
            "unavailable" => vpn.state = ResourceState::Unavailable,
            "static" => vpn.static_routes = words.prefixes(),
            "ipv6" => vpn.family = packet::Family::V6,
            "down" => vpn.tunnels = model::Tunnels::Down,
            "over-dx" => vpn.over_direct_connect = true,
            "office-side" => vpn.office_side = Some(words.prefix()?),
            "cloud-side" => vpn.cloud_side = Some(words.prefix()?),
            other => return Err(words.unknown(other)),
        }
    }
    builder.parts.vpn_connections.push(vpn);
    Ok(())
}
