//! Transit gateways: in by an attachment's subnet, by a table, and out by an attachment.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{
    AttachmentResource, Direction, Index, Kind, Link, ResourceState, RouteDestination, RouteState,
    Subnet, TransitGateway, TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteKind,
    TransitGatewayRouteTable, Uplink, Vpc,
};
use packet::{Family, Prefix, is_public};

use crate::office::Holds;
use crate::subnet::target;
use crate::walk::{Arrival, Crossing, Flight, Leads, Next, Sender, Stop};
use crate::{Doubt, Ground, Place, Reason, Tracer};

/// The zone in which no reference to a group matches across a transit gateway.
const ZONE_WITHOUT_REFERENCES: &str = "use1-az3";
/// The region of that zone.
const REGION_OF_THAT_ZONE: &str = "us-east-1";

/// A route of a transit gateway that covers an address.
struct Candidate<'a> {
    length: u8,
    /// Small numbers win.
    rank: u8,
    to: Target<'a>,
    ground: Ground,
}

/// Where a route of a transit gateway leads.
#[derive(Clone, Copy)]
enum Target<'a> {
    Attachment(&'a Link<TransitGatewayAttachment>),
    Blackhole(usize),
    /// To an attachment that the input does not name.
    Untold,
}

impl<'a> Tracer<'a> {
    fn attachment(&self, index: Index<TransitGatewayAttachment>) -> &'a TransitGatewayAttachment {
        self.snapshot.transit_attachments().get(index)
    }

    /// By a route of a subnet to a transit gateway.
    pub(crate) fn by_transit_gateway(
        &self,
        flight: &mut Flight,
        gateway: Index<TransitGateway>,
        vpc: Index<Vpc>,
        from: Index<Subnet>,
    ) -> Leads {
        if self.snapshot.transit_gateways().get(gateway).state == ResourceState::Unavailable {
            return Err(Reason::TransitUnavailable(gateway).into());
        }
        let index = self.attachment_of(gateway, vpc)?;
        let attachment = self.attachment(index);
        if attachment.state == ResourceState::Unavailable {
            return Err(Reason::AttachmentUnavailable(index).into());
        }
        let subnets = self.attachment_subnets(index)?;
        let same_zone = |link: &Link<Subnet>| self.same_zone(from, link.target()?);
        let Some(subnet) = subnets.iter().find(|link| same_zone(link) == Some(true)) else {
            let is_known = subnets.iter().all(|link| same_zone(link).is_some());
            let none = || Stop::from(Reason::NoAttachmentInZone(index, from));
            return Err(if is_known {
                none()
            } else {
                Doubt::ZoneUnknown(index).into()
            });
        };
        let subnet = target(subnet, Doubt::MissingSubnet)?;
        flight.hops.push(crate::Hop {
            at: Place::Subnet(subnet),
            packet: flight.packet,
            steps: Vec::new(),
        });
        self.ask_acl(flight, subnet, Direction::Ingress)?;
        self.check_family(flight, index)?;
        Ok(Next::Transit(Crossing {
            from: index,
            subnet: Some(subnet),
        }))
    }

    /// In the gateway: the table associated with the attachment decides.
    pub(crate) fn in_transit(&self, flight: &mut Flight, crossing: Crossing) -> Leads {
        let attachment = self.attachment(crossing.from);
        flight.pass(Place::TransitGateway(crossing.from))?;
        if attachment.state == ResourceState::Unavailable {
            return Err(Reason::AttachmentUnavailable(crossing.from).into());
        }
        if !attachment.association_known {
            return Err(Doubt::AssociationUnknown(crossing.from).into());
        }
        let table = attachment
            .association
            .as_ref()
            .ok_or(Reason::NoAssociation(crossing.from))?;
        let table = table
            .target()
            .ok_or(Doubt::AssociationUnknown(crossing.from))?;
        let address = flight.destination();
        let mut candidates = self.candidates(table, address)?;
        candidates.sort_by_key(|candidate| (u8::MAX - candidate.length, candidate.rank));
        let best = candidates
            .first()
            .map(|best| (best.length, best.rank, best.ground.clone()));
        let (length, rank, ground) = best.ok_or(Reason::TransitNoRoute(table, address))?;
        candidates.retain(|candidate| (candidate.length, candidate.rank) == (length, rank));
        flight.allow(ground);
        let mut seen = BTreeSet::new();
        candidates.retain(|candidate| match candidate.to {
            Target::Attachment(link) => seen.insert(link.id().clone()),
            Target::Blackhole(_) | Target::Untold => true,
        });
        let choice = |candidate: Candidate| match candidate.to {
            Target::Blackhole(number) => {
                Next::Stopped(Reason::TransitBlackhole(table, number).into())
            }
            Target::Untold => Next::Stopped(Doubt::TransitRoutesUnknown(table).into()),
            Target::Attachment(link) => {
                let to = target(link, Doubt::MissingAttachment);
                to.map_or_else(Next::Stopped, |to| Next::TransitOut(crossing, to))
            }
        };
        Ok(Next::AnyOf(candidates.into_iter().map(choice).collect()))
    }

    /// Out of the gateway by an attachment.
    pub(crate) fn out_of_transit(
        &self,
        flight: &mut Flight,
        crossing: Crossing,
        to: Index<TransitGatewayAttachment>,
    ) -> Leads {
        let attachment = self.attachment(to);
        if attachment.state == ResourceState::Unavailable {
            return Err(Reason::AttachmentUnavailable(to).into());
        }
        match &attachment.resource {
            AttachmentResource::Vpc { vpc, .. } => {
                target(vpc, Doubt::MissingVpc)?;
                let subnets = self.attachment_subnets(to)?;
                if subnets.is_empty() {
                    return Err(Reason::AttachmentUnavailable(to).into());
                }
                self.check_family(flight, to)?;
                let is_near = |link: &&Link<Subnet>| {
                    crossing
                        .subnet
                        .zip(link.target())
                        .and_then(|(a, b)| self.same_zone(a, b))
                        == Some(true)
                };
                let near = subnets
                    .iter()
                    .find(is_near)
                    .filter(|_| !attachment.appliance_mode);
                let subnets = near.map_or(subnets, std::slice::from_ref);
                let emerge = |link| {
                    let subnet = target(link, Doubt::MissingSubnet);
                    subnet.map_or_else(Next::Stopped, |subnet| Next::Emerge(crossing, to, subnet))
                };
                Ok(Next::AnyOf(subnets.iter().map(emerge).collect()))
            }
            AttachmentResource::Peering(_) => {
                flight.sender = None;
                self.other_side(to)
                    .map(|from| Next::Transit(Crossing { from, subnet: None }))
            }
            AttachmentResource::Vpn(_) | AttachmentResource::DirectConnect(_) => {
                let uplink = Uplink::TransitGateway(to);
                let office = self.office_behind(uplink, flight.destination(), Holds::Preferably);
                let office = office.ok_or(Doubt::OfficeUnknown(to))?;
                Ok(Next::Arrived(Arrival::Office(uplink, office)))
            }
            AttachmentResource::Other { .. } => Err(Doubt::AttachmentNotModelled(to).into()),
        }
    }

    /// In a subnet of the VPC on the other side.
    pub(crate) fn emerge(
        &self,
        flight: &mut Flight,
        crossing: Crossing,
        to: Index<TransitGatewayAttachment>,
        subnet: Index<Subnet>,
    ) -> Next {
        let is_certain = crossing
            .subnet
            .and_then(|from| self.keeps_references(crossing.from, to, from, subnet));
        flight.sender = flight
            .sender
            .filter(|sender| !sender.has_crossed)
            .and_then(|sender| {
                let is_certain = is_certain?;
                Some(Sender {
                    is_certain: sender.is_certain && is_certain,
                    has_crossed: true,
                    ..sender
                })
            });
        Next::Subnet(subnet)
    }

    /// Whether references to groups match across the gateway: `Some(false)` if that is not known.
    fn keeps_references(
        &self,
        from: Index<TransitGatewayAttachment>,
        to: Index<TransitGatewayAttachment>,
        entered: Index<Subnet>,
        left: Index<Subnet>,
    ) -> Option<bool> {
        let (from, to) = (self.attachment(from), self.attachment(to));
        let gateway = self.snapshot.transit_gateways().get(from.gateway.target()?);
        let is_on = gateway.group_referencing && from.group_referencing && to.group_referencing;
        if !is_on || from.gateway != to.gateway {
            return None;
        }
        let mut is_certain = true;
        for subnet in [entered, left] {
            let subnet = self.snapshot.subnets().get(subnet);
            match &subnet.zone {
                Some(zone) if zone.as_str() == ZONE_WITHOUT_REFERENCES => return None,
                Some(zone) if !is_zone_id(zone.as_str()) => {
                    is_certain &= !zone.as_str().starts_with(REGION_OF_THAT_ZONE);
                }
                Some(_) => {}
                None => {
                    let region = subnet.region.as_ref().map(model::Region::as_str);
                    is_certain &= region != Some(REGION_OF_THAT_ZONE);
                }
            }
        }
        Some(is_certain)
    }

    /// The attachment of a VPC to a gateway; one that works if there are several.
    fn attachment_of(
        &self,
        gateway: Index<TransitGateway>,
        vpc: Index<Vpc>,
    ) -> Result<Index<TransitGatewayAttachment>, Stop> {
        let of_vpc = |attachment: &TransitGatewayAttachment| match &attachment.resource {
            AttachmentResource::Vpc { vpc: link, .. } => {
                link.is(vpc) && attachment.gateway.is(gateway)
            }
            _ => false,
        };
        let all = self.snapshot.transit_attachments().iter();
        let attachments: Vec<_> = all.filter(|(_, attachment)| of_vpc(attachment)).collect();
        let works =
            |attachment: &TransitGatewayAttachment| attachment.state == ResourceState::Available;
        let available = attachments.iter().find(|(_, attachment)| works(attachment));
        let is_whole = self.is_whole(Kind::TransitGatewayAttachments, vpc)
            || self.is_whole(Kind::TransitGatewayVpcAttachments, vpc);
        match available.or(attachments.first()) {
            Some((index, _)) => Ok(*index),
            None if is_whole => Err(Reason::NoAttachment(gateway, vpc).into()),
            None => Err(Doubt::AttachmentUnknown(gateway, vpc).into()),
        }
    }

    fn attachment_subnets(
        &self,
        index: Index<TransitGatewayAttachment>,
    ) -> Result<&'a [Link<Subnet>], Stop> {
        match &self.attachment(index).resource {
            AttachmentResource::Vpc {
                subnets: Some(subnets),
                ..
            } => Ok(subnets),
            _ => Err(Doubt::AttachmentSubnetsUnknown(index).into()),
        }
    }

    fn check_family(
        &self,
        flight: &Flight,
        index: Index<TransitGatewayAttachment>,
    ) -> Result<(), Stop> {
        if flight.packet.family() == Family::V6 && !self.attachment(index).ipv6 {
            return Err(Doubt::AttachmentIpv6Off(index).into());
        }
        Ok(())
    }

    /// The same peering as the other gateway has it.
    fn other_side(
        &self,
        index: Index<TransitGatewayAttachment>,
    ) -> Result<Index<TransitGatewayAttachment>, Stop> {
        let this = self.attachment(index);
        let mut all = self.snapshot.transit_attachments().iter();
        let other = all.find(|(_, other)| other.id == this.id && other.gateway != this.gateway);
        match other {
            Some((other, attachment)) if attachment.state == ResourceState::Available => Ok(other),
            Some((other, _)) => Err(Reason::AttachmentUnavailable(other).into()),
            None => Err(Doubt::MissingAttachment(this.id.clone()).into()),
        }
    }

    /// Whether two subnets are in one zone: ids compare everywhere, names within an account; `None` if not known.
    fn same_zone(&self, one: Index<Subnet>, other: Index<Subnet>) -> Option<bool> {
        let (one, other) = (
            self.snapshot.subnets().get(one),
            self.snapshot.subnets().get(other),
        );
        let (zone, other_zone) = (one.zone.as_ref()?, other.zone.as_ref()?);
        let forms = [zone, other_zone].map(|zone| is_zone_id(zone.as_str()));
        let of_two_accounts =
            one.owner.is_some() && other.owner.is_some() && one.owner != other.owner;
        match forms {
            [true, true] => Some(zone == other_zone),
            [false, false] if !of_two_accounts => Some(zone == other_zone),
            _ => None,
        }
    }

    /// All routes of a table that cover the address, listed or following from propagations.
    fn candidates(
        &self,
        index: Index<TransitGatewayRouteTable>,
        address: IpAddr,
    ) -> Result<Vec<Candidate<'a>>, Stop> {
        let table = self.snapshot.transit_route_tables().get(index);
        let unknown = || Stop::from(Doubt::TransitRoutesUnknown(index));
        if !table.static_known {
            return Err(unknown());
        }
        let mut candidates = Vec::new();
        for (number, route) in table.routes.iter().enumerate() {
            let Some((length, rank)) = self.listed(route, address)? else {
                continue;
            };
            let is_static = route.kind == TransitGatewayRouteKind::Static;
            let rank_of = |link: &Link<_>| if is_static { rank } else { self.rank(link) };
            let candidate = |to, rank| Candidate {
                length,
                rank,
                to,
                ground: Ground::TransitRoute(index, number),
            };
            let least = route.attachments.iter().map(rank_of).min().unwrap_or(rank);
            match (route.state, route.attachments.as_slice()) {
                (RouteState::Blackhole, _) => {
                    candidates.push(candidate(Target::Blackhole(number), least));
                }
                (RouteState::Active, []) => candidates.push(candidate(Target::Untold, least)),
                (RouteState::Active, links) => {
                    // One route that names several attachments shares the load between them.
                    candidates.extend(
                        links
                            .iter()
                            .map(|link| candidate(Target::Attachment(link), least)),
                    );
                }
            }
        }
        if !table.propagated_known {
            for link in table.propagations.as_ref().ok_or_else(unknown)? {
                let attachment = link.target().ok_or_else(unknown)?;
                let blocks = self.announced(attachment).ok_or_else(unknown)?;
                let is_listed = |block: &Prefix| {
                    let block = RouteDestination::Prefix(*block);
                    table.routes.iter().any(|route| route.destination == block)
                };
                let propagated = |block: &Prefix| Candidate {
                    length: block.length(),
                    rank: self.rank(link),
                    to: Target::Attachment(link),
                    ground: Ground::Propagation(index, attachment, *block),
                };
                candidates.extend(
                    blocks
                        .iter()
                        .filter(|block| block.contains(address) && !is_listed(block))
                        .map(propagated),
                );
            }
        }
        Ok(candidates)
    }

    /// The length with which a listed route covers the address, and its rank if it is static.
    fn listed(
        &self,
        route: &TransitGatewayRoute,
        address: IpAddr,
    ) -> Result<Option<(u8, u8)>, Stop> {
        let link = match &route.destination {
            RouteDestination::Prefix(prefix) => {
                return Ok(prefix.contains(address).then(|| (prefix.length(), 0)));
            }
            RouteDestination::PrefixList(link) => link,
        };
        let unknown = || Doubt::MissingPrefixList(link.id().clone());
        let list = self
            .snapshot
            .prefix_lists()
            .get(link.target().ok_or_else(unknown)?);
        let Some(entries) = list.entries.as_ref() else {
            let is_other_family = list
                .family
                .is_some_and(|family| family != Family::of(address));
            let is_excluded = is_other_family || (list.is_aws_managed && !is_public(address));
            return if is_excluded {
                Ok(None)
            } else {
                Err(unknown().into())
            };
        };
        let covering = entries.iter().filter(|entry| entry.contains(address));
        Ok(covering.map(Prefix::length).max().map(|length| (length, 1)))
    }

    /// What decides between propagated routes of one length.
    fn rank(&self, link: &Link<TransitGatewayAttachment>) -> u8 {
        match link.target().map(|index| &self.attachment(index).resource) {
            Some(AttachmentResource::Vpc { .. }) => 2,
            Some(AttachmentResource::DirectConnect(_)) => 3,
            Some(AttachmentResource::Other { .. }) | None => 4,
            Some(AttachmentResource::Vpn(_)) => 5,
            Some(AttachmentResource::Peering(_)) => 6,
        }
    }

    /// The blocks that an attachment announces; `None` if the input does not tell.
    fn announced(&self, index: Index<TransitGatewayAttachment>) -> Option<&'a [Prefix]> {
        match &self.attachment(index).resource {
            AttachmentResource::Vpc { vpc, .. } => {
                Some(&self.snapshot.vpcs().get(vpc.target()?).cidrs)
            }
            AttachmentResource::Vpn(vpn) => {
                let vpn = self.snapshot.vpn_connections().get(vpn.target()?);
                vpn.static_only.then_some(vpn.static_routes.as_slice())
            }
            AttachmentResource::Peering(_)
            | AttachmentResource::DirectConnect(_)
            | AttachmentResource::Other { .. } => None,
        }
    }
}

/// Whether this is the id of a zone (`use1-az1`), not its name (`us-east-1a`).
fn is_zone_id(zone: &str) -> bool {
    zone.contains("-az")
}
