//! Transit gateways (§5a).
//!
//! A VPC reaches the gateway through the attachment subnet in the sender's own zone. The table associated with the
//! attachment decides where packets go; in the other VPC they go on from an attachment subnet, by its routes and ACL.
//!
//! # Source
//!
//! Transit Gateways: How AWS Transit Gateway works; Amazon VPC attachments; How network ACLs work with transit gateways.

mod choice;
mod table;

use model::{
    AttachmentResource, Index, Kind, Link, ResourceState, Subnet, TransitGateway,
    TransitGatewayAttachment, Uplink, Vpc, Zone,
};

use self::choice::Next;
use super::Semantics;
use super::subnet::Place;
use crate::way::{Identity, Outcome, Way};

/// The zone in which transit gateways carry no group references.
///
/// Source: Transit Gateways: Amazon VPC attachments (security group referencing).
const ZONE_WITHOUT_REFERENCES: &str = "use1-az3";

impl Semantics<'_> {
    pub(super) fn leave_by_transit(
        &self,
        mut way: Way,
        at: Place,
        link: &Link<TransitGateway>,
    ) -> Outcome {
        let Some(gateway) = link.target() else {
            return self.cut(way);
        };
        if self.snapshot().transit_gateways().get(gateway).state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        let attachments = self.snapshot().transit_attachments();
        let is_own = |attachment: &TransitGatewayAttachment| {
            attachment.gateway.is(gateway)
                && matches!(&attachment.resource, AttachmentResource::Vpc { vpc, .. } if vpc.is(at.vpc))
        };
        let Some((index, attachment)) = attachments
            .iter()
            .find(|(_, attachment)| is_own(attachment))
        else {
            let lists = [
                Kind::TransitGatewayAttachments,
                Kind::TransitGatewayVpcAttachments,
            ];
            let is_certain = lists
                .iter()
                .any(|kind| self.network.lists_all(*kind, at.vpc));
            return if is_certain {
                Outcome::denied()
            } else {
                self.cut(way)
            };
        };
        if attachment.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        let AttachmentResource::Vpc {
            subnets: Some(subnets),
            ..
        } = &attachment.resource
        else {
            return self.cut(way);
        };
        let zone = self.snapshot().subnets().get(at.subnet).zone.clone();
        match self.subnet_in_zone(subnets, zone.as_ref()) {
            InZone::Subnet(subnet) if way.source.is_ipv6() && !attachment.ipv6 => {
                self.enter_subnet(&mut way, subnet);
                self.cut(way)
            }
            InZone::Subnet(subnet) => {
                self.enter_subnet(&mut way, subnet);
                self.in_transit(way, index, zone.as_ref())
            }
            InZone::Nothing => Outcome::denied(),
            InZone::Unknown => self.cut(way),
        }
    }

    fn subnet_in_zone(&self, subnets: &[Link<Subnet>], zone: Option<&Zone>) -> InZone {
        let Some(zone) = zone else {
            return InZone::Unknown;
        };
        let zone_of =
            |link: &Link<Subnet>| self.snapshot().subnets().get(link.target()?).zone.clone();
        let zones: Vec<Option<Zone>> = subnets.iter().map(zone_of).collect();
        let same = subnets
            .iter()
            .zip(&zones)
            .find(|(_, other)| other.as_ref() == Some(zone));
        match same.and_then(|(link, _)| link.target()) {
            Some(subnet) => InZone::Subnet(subnet),
            None if zones.contains(&None) => InZone::Unknown,
            None => InZone::Nothing,
        }
    }

    /// Packets are in a transit gateway, come in by an attachment from a zone.
    pub(super) fn in_transit(
        &self,
        mut way: Way,
        from: Index<TransitGatewayAttachment>,
        zone: Option<&Zone>,
    ) -> Outcome {
        if !way.step() {
            return Outcome::denied();
        }
        match self.next_attachments(from, way.destination) {
            Next::Unknown => self.cut(way),
            Next::Nothing => Outcome::denied(),
            Next::Attachments(choices) => {
                let to = |link: &Link<TransitGatewayAttachment>| match link.target() {
                    Some(to) => self.leave_transit(way.clone(), from, zone, to),
                    None => self.cut(way.clone()),
                };
                Outcome::of_choices(choices.iter().map(to))
            }
        }
    }

    fn leave_transit(
        &self,
        mut way: Way,
        from: Index<TransitGatewayAttachment>,
        zone: Option<&Zone>,
        to: Index<TransitGatewayAttachment>,
    ) -> Outcome {
        let attachment = self.snapshot().transit_attachments().get(to);
        if attachment.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        match &attachment.resource {
            AttachmentResource::Vpc { vpc, subnets } => {
                let (Some(vpc), Some(subnets)) = (vpc.target(), subnets) else {
                    return self.cut(way);
                };
                if way.source.is_ipv6() && !attachment.ipv6 {
                    return self.cut(way);
                }
                if way.crossed_transit {
                    way.identity = Identity::Lost;
                }
                way.crossed_transit = true;
                self.appear(&way, from, zone, (to, vpc), subnets)
            }
            AttachmentResource::Peering(_) => {
                way.identity = Identity::Lost;
                self.cross_transit_peering(way, to)
            }
            AttachmentResource::Vpn(_) | AttachmentResource::DirectConnect(_) => {
                self.reach_office(way, Uplink::TransitGateway(to))
            }
            AttachmentResource::Other { .. } => self.cut(way),
        }
    }

    fn cross_transit_peering(&self, way: Way, near: Index<TransitGatewayAttachment>) -> Outcome {
        let attachments = self.snapshot().transit_attachments();
        let attachment = attachments.get(near);
        let is_far = |other: &TransitGatewayAttachment| {
            other.id == attachment.id && other.gateway.id() != attachment.gateway.id()
        };
        match attachments.iter().find(|(_, other)| is_far(other)) {
            None => self.cut(way),
            Some((_, far)) if far.state == ResourceState::Unavailable => Outcome::denied(),
            Some((far, _)) => self.in_transit(way, far, None),
        }
    }

    /// Packets appear in an attachment subnet of the VPC: the one in their own zone if there is one, else any.
    fn appear(
        &self,
        way: &Way,
        from: Index<TransitGatewayAttachment>,
        zone: Option<&Zone>,
        (to, vpc): (Index<TransitGatewayAttachment>, Index<Vpc>),
        subnets: &[Link<Subnet>],
    ) -> Outcome {
        let is_bound = !self.snapshot().transit_attachments().get(to).appliance_mode;
        let own = match self.subnet_in_zone(subnets, zone) {
            InZone::Subnet(subnet) if is_bound => Some(subnet),
            InZone::Subnet(_) | InZone::Nothing | InZone::Unknown => None,
        };
        let go_on = |subnet: Option<Index<Subnet>>| {
            let mut way = way.clone();
            let Some(subnet) = subnet else {
                return self.cut(way);
            };
            way.identity = way
                .identity
                .then(self.identity_through(from, to, zone, subnet));
            self.leave(way, Place { vpc, subnet })
        };
        match own {
            Some(subnet) => go_on(Some(subnet)),
            None if subnets.is_empty() => self.cut(way.clone()),
            None => Outcome::of_choices(subnets.iter().map(|link| go_on(link.target()))),
        }
    }

    /// Whether group references see the sender through the gateway.
    fn identity_through(
        &self,
        from: Index<TransitGatewayAttachment>,
        to: Index<TransitGatewayAttachment>,
        zone: Option<&Zone>,
        entry: Index<Subnet>,
    ) -> Identity {
        let attachments = self.snapshot().transit_attachments();
        let (from, to) = (attachments.get(from), attachments.get(to));
        let gateway = from
            .gateway
            .target()
            .map(|index| self.snapshot().transit_gateways().get(index));
        let is_vpc = matches!(from.resource, AttachmentResource::Vpc { .. });
        let is_on = gateway.is_some_and(|gateway| gateway.group_referencing)
            && from.group_referencing
            && to.group_referencing;
        if !is_vpc || !is_on {
            return Identity::Lost;
        }
        let entry_zone = self.snapshot().subnets().get(entry).zone.as_ref();
        [zone, entry_zone]
            .into_iter()
            .map(identity_in)
            .fold(Identity::Kept, Identity::then)
    }
}

/// Which attachment subnet is in a zone.
enum InZone {
    Subnet(Index<Subnet>),
    Nothing,
    Unknown,
}

fn identity_in(zone: Option<&Zone>) -> Identity {
    match zone.map(Zone::as_str) {
        Some(ZONE_WITHOUT_REFERENCES) => Identity::Lost,
        Some(name) if name.starts_with("us-east-1") && !name.contains("-az") => Identity::Doubtful,
        Some(_) | None => Identity::Kept,
    }
}
