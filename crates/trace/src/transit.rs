//! Transit gateways: in by an attachment's subnet, by a table, and out by an attachment.

mod table;

use std::collections::BTreeSet;

use model::{
    AttachmentResource, Direction, Index, Kind, Link, ResourceState, Subnet, TransitGateway,
    TransitGatewayAttachment, Uplink, Vpc,
};
use packet::Family;

use crate::subnet::target;
use crate::walk::{Crossing, Flight, Leads, Next, Sender, Stop};
use crate::{Doubt, Place, Reason, Tracer};

use table::{Candidate, Target};

/// The zone in which no reference to a group matches across a transit gateway.
const ZONE_WITHOUT_REFERENCES: &str = "use1-az3";
/// The region of that zone.
const REGION_OF_THAT_ZONE: &str = "us-east-1";

/// Which subnet of an attachment is in the zone of another subnet.
pub(crate) enum InZone<'a> {
    Subnet(&'a Link<Subnet>),
    /// None is, for certain.
    None,
    /// One may be.
    Unknown,
}

/// A sort of attachment that leads to nothing which is modelled. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttachmentSort {
    /// A network firewall.
    Firewall,
    /// A Client VPN endpoint.
    ClientVpn,
    /// A core network.
    CoreNetwork,
    /// Any other.
    Other,
}

impl AttachmentSort {
    /// The sort of an EC2 `ResourceType`, or none for those that lead to offices.
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "connect" | "vpn-concentrator" => None,
            "network-function" => Some(Self::Firewall),
            "client-vpn" => Some(Self::ClientVpn),
            "tgw-peering" => Some(Self::CoreNetwork),
            _ => Some(Self::Other),
        }
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Firewall => "firewall-attachment",
            Self::ClientVpn => "client-vpn-attachment",
            Self::CoreNetwork => "core-network-peering",
            Self::Other => "attachment-not-modelled",
        }
    }

    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Firewall => "the firewall",
            Self::ClientVpn => "the Client VPN endpoint",
            Self::CoreNetwork => "the core network",
            Self::Other => "what stands",
        }
    }
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
        let subnet = match self.in_zone_of(subnets, from) {
            InZone::Subnet(link) => target(link, Doubt::MissingSubnet)?,
            InZone::None => return Err(Reason::NoAttachmentInZone(index, from).into()),
            InZone::Unknown => return Err(Doubt::ZoneUnknown(index).into()),
        };
        flight.enter(Place::Subnet(subnet));
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
        if attachment.translates {
            return Err(Doubt::AttachmentTranslates(crossing.from).into());
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
        let (ground, mut candidates) = self.best_routes(table, flight.destination())?;
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
        if attachment.translates {
            return Err(Doubt::AttachmentTranslates(to).into());
        }
        match &attachment.resource {
            AttachmentResource::Vpc { vpc, .. } => {
                target(vpc, Doubt::MissingVpc)?;
                let subnets = self.attachment_subnets(to)?;
                if subnets.is_empty() {
                    return Err(Reason::AttachmentUnavailable(to).into());
                }
                self.check_family(flight, to)?;
                let near = crossing.subnet.map(|from| self.in_zone_of(subnets, from));
                let near = match near {
                    Some(InZone::Subnet(link)) if !attachment.appliance_mode => Some(link),
                    Some(InZone::Subnet(_) | InZone::None | InZone::Unknown) | None => None,
                };
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
                self.to_office(flight, Uplink::TransitGateway(to))
            }
            AttachmentResource::Other { kind, .. } => match AttachmentSort::of(kind) {
                None => self.to_office(flight, Uplink::TransitGateway(to)),
                Some(sort) => Err(Doubt::AttachmentNotModelled(to, sort).into()),
            },
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
                    has_crossed_hub: true,
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
                    is_certain &= region.is_some_and(|region| region != REGION_OF_THAT_ZONE);
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

    /// The subnet of an attachment that is in the zone of another subnet.
    pub(crate) fn in_zone_of<'b>(
        &self,
        subnets: &'b [Link<Subnet>],
        from: Index<Subnet>,
    ) -> InZone<'b> {
        let same_zone = |link: &Link<Subnet>| self.same_zone(from, link.target()?);
        match subnets.iter().find(|link| same_zone(link) == Some(true)) {
            Some(link) => InZone::Subnet(link),
            None if subnets.iter().all(|link| same_zone(link).is_some()) => InZone::None,
            None => InZone::Unknown,
        }
    }

    /// Whether two subnets are in one zone: ids compare everywhere, names within an account; `None` if not known.
    pub(crate) fn same_zone(&self, one: Index<Subnet>, other: Index<Subnet>) -> Option<bool> {
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
}

/// Whether this is the id of a zone (`use1-az1`), not its name (`us-east-1a`).
pub(crate) fn is_zone_id(zone: &str) -> bool {
    zone.contains("-az")
}
