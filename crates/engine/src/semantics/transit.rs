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

pub(crate) use self::choice::{Choice, Memo, Next};

use std::net::IpAddr;

use model::{
    AttachmentResource, Index, Kind, Link, ResourceState, Subnet, TransitGateway,
    TransitGatewayAttachment, Uplink, Vpc, Zone,
};

use super::subnet::Place;
use super::{Return, Semantics};
use crate::way::{Identity, Outcome, Progress, Spot, Way};

/// The zone in which transit gateways carry no group references.
///
/// Source: Transit Gateways: Amazon VPC attachments (security group referencing).
const ZONE_WITHOUT_REFERENCES: &str = "use1-az3";
/// The region of that zone.
const REGION_OF_THAT_ZONE: &str = "us-east-1";

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
        let own = self.network.links.vpc_attachments.get(&(gateway, at.vpc));
        let Some(&index) = own else {
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
        let attachment = self.snapshot().transit_attachments().get(index);
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
        match self.subnet_in_zone(subnets, Some(at.subnet)) {
            InZone::Subnet(subnet) => {
                self.enter_subnet(&mut way, subnet);
                if way.source.is_ipv6() && !attachment.ipv6 {
                    return self.cut(way);
                }
                if way.ends_outside() {
                    return self.depart_by_transit(&way, index, at.subnet);
                }
                self.in_transit(way, index, Some(at.subnet))
            }
            InZone::Nothing => Outcome::denied(),
            InZone::Unknown => self.cut(way),
        }
    }

    pub(super) fn subnet_in_zone(
        &self,
        subnets: &[Link<Subnet>],
        of: Option<Index<Subnet>>,
    ) -> InZone {
        let Some(of) = of else { return InZone::Unknown };
        let same = |link: &Link<Subnet>| {
            link.target()
                .and_then(|subnet| self.is_same_zone(of, subnet))
        };
        let answers: Vec<Option<bool>> = subnets.iter().map(same).collect();
        let found = subnets
            .iter()
            .zip(&answers)
            .find(|(_, answer)| **answer == Some(true));
        match found.and_then(|(link, _)| link.target()) {
            Some(subnet) => InZone::Subnet(subnet),
            None if answers.contains(&None) => InZone::Unknown,
            None => InZone::Nothing,
        }
    }

    /// Whether two subnets are in one zone: names of zones mean something only within an account.
    pub(super) fn is_same_zone(&self, a: Index<Subnet>, b: Index<Subnet>) -> Option<bool> {
        let (a, b) = (
            self.snapshot().subnets().get(a),
            self.snapshot().subnets().get(b),
        );
        let (one, other) = (a.zone.as_ref()?, b.zone.as_ref()?);
        let is_comparable = match (is_zone_id(one), is_zone_id(other)) {
            (true, true) => true,
            (false, false) => a.owner.is_none() || b.owner.is_none() || a.owner == b.owner,
            (true, false) | (false, true) => false,
        };
        is_comparable.then_some(one == other)
    }

    /// Whether packets for a destination that come in by an attachment are dropped there.
    pub(crate) fn is_dropped_in_transit(
        &self,
        from: Index<TransitGatewayAttachment>,
        destination: IpAddr,
    ) -> bool {
        let attachment = self.snapshot().transit_attachments().get(from);
        if attachment.state == ResourceState::Unavailable {
            return true;
        }
        let is_drop = |choice: &Choice| matches!(choice, Choice::Blackhole);
        !attachment.translates
            && match &*self.next_attachments(from, destination) {
                Next::Unknown => false,
                Next::Choices(choices) => choices.iter().all(is_drop),
            }
    }

    /// Packets come from the network at the other end of an attachment.
    pub(super) fn enter_by_attachment(
        &self,
        way: Way,
        attachment: Index<TransitGatewayAttachment>,
    ) -> Outcome {
        self.in_transit(way, attachment, None)
    }

    /// Packets are in a transit gateway, come in by an attachment from a zone.
    fn in_transit(
        &self,
        mut way: Way,
        from: Index<TransitGatewayAttachment>,
        zone: Option<Index<Subnet>>,
    ) -> Outcome {
        let attachment = self.snapshot().transit_attachments().get(from);
        if attachment.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        if attachment.translates {
            return self.cut(way);
        }
        match way.visit(Spot::Transit(from)) {
            Progress::GoesOn => {}
            Progress::Loops => return Outcome::denied(),
            Progress::TooLong => return self.cut(way),
        }
        let next = self.next_attachments(from, way.destination);
        self.look_up(&way, from, &next);
        match &*next {
            Next::Unknown => self.cut(way),
            Next::Choices(choices) if !way.part(choices.len()) => self.cut(way),
            Next::Choices(choices) => {
                Outcome::of_choices(choices.iter().map(|choice| match choice {
                    Choice::Blackhole => Outcome::denied(),
                    Choice::Untold => self.cut(way.clone()),
                    Choice::Attachment(to) => self.leave_transit(way.clone(), from, zone, *to),
                }))
            }
        }
    }

    pub(super) fn leave_transit(
        &self,
        mut way: Way,
        from: Index<TransitGatewayAttachment>,
        zone: Option<Index<Subnet>>,
        to: Index<TransitGatewayAttachment>,
    ) -> Outcome {
        let attachment = self.snapshot().transit_attachments().get(to);
        if attachment.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        if attachment.translates {
            return self.cut(way);
        }
        match &attachment.resource {
            AttachmentResource::Vpc { vpc, subnets } => {
                let (Some(vpc), Some(subnets)) = (vpc.target(), subnets) else {
                    return self.cut(way);
                };
                self.ask_about(vpc);
                if subnets.is_empty() {
                    return Outcome::denied();
                }
                self.return_by(&way, vpc, Return::Transit(to));
                if way.source.is_ipv6() && !attachment.ipv6 {
                    return self.cut(way);
                }
                if way.crossed_transit {
                    way.identity = Identity::Lost;
                }
                way.crossed_transit = true;
                let exit = Exit {
                    vpc,
                    subnets,
                    zone,
                    keeps_zone: !attachment.appliance_mode,
                };
                self.appear(way, &exit, |subnet| {
                    self.identity_through(from, to, zone, subnet)
                })
            }
            AttachmentResource::Peering(_) => {
                way.identity = Identity::Lost;
                self.cross_transit_peering(way, to)
            }
            AttachmentResource::Vpn(_) | AttachmentResource::DirectConnect(_) => {
                self.reach_office(way, Uplink::TransitGateway(to))
            }
            AttachmentResource::Other { kind, .. } if leads_to_office(kind) => {
                self.reach_office(way, Uplink::TransitGateway(to))
            }
            AttachmentResource::Other { .. } => self.cut(way),
        }
    }

    fn cross_transit_peering(&self, way: Way, near: Index<TransitGatewayAttachment>) -> Outcome {
        let attachments = self.snapshot().transit_attachments();
        let attachment = attachments.get(near);
        let sides = self.network.links.attachments_named(&attachment.id).iter();
        let mut sides = sides.map(|side| (*side, attachments.get(*side)));
        match sides.find(|(_, other)| other.gateway.id() != attachment.gateway.id()) {
            None => self.cut(way),
            Some((far, _)) => self.in_transit(way, far, None),
        }
    }

    /// Packets appear in an attachment subnet of a VPC: the one in their own zone if there is one, else any.
    pub(super) fn appear(
        &self,
        mut way: Way,
        exit: &Exit<'_>,
        identity: impl Fn(Index<Subnet>) -> Identity,
    ) -> Outcome {
        let own = match self.subnet_in_zone(exit.subnets, exit.zone) {
            InZone::Subnet(subnet) if exit.keeps_zone => Some(subnet),
            InZone::Subnet(_) | InZone::Nothing | InZone::Unknown => None,
        };
        let vpc = exit.vpc;
        let go_on = |way: &Way, subnet: Option<Index<Subnet>>| {
            let mut way = way.clone();
            let Some(subnet) = subnet else {
                return self.cut(way);
            };
            way.identity = way.identity.then(identity(subnet));
            self.leave(way, Place { vpc, subnet })
        };
        match own {
            Some(subnet) => go_on(&way, Some(subnet)),
            None if !way.part(exit.subnets.len()) => self.cut(way),
            None => Outcome::of_choices(exit.subnets.iter().map(|link| go_on(&way, link.target()))),
        }
    }

    /// Whether group references see the sender through the gateway.
    fn identity_through(
        &self,
        from: Index<TransitGatewayAttachment>,
        to: Index<TransitGatewayAttachment>,
        zone: Option<Index<Subnet>>,
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
        let ends = [zone, Some(entry)].into_iter();
        let ends = ends.map(|subnet| subnet.map(|subnet| self.snapshot().subnets().get(subnet)));
        ends.map(identity_in).fold(Identity::Kept, Identity::then)
    }
}

/// Where packets may come out of a gateway that joins VPCs.
pub(super) struct Exit<'n> {
    /// The VPC.
    pub(super) vpc: Index<Vpc>,
    /// The subnets of its attachment.
    pub(super) subnets: &'n [Link<Subnet>],
    /// The subnet in whose zone they entered, if they came from a VPC.
    pub(super) zone: Option<Index<Subnet>>,
    /// Whether they come out in that zone if they can.
    pub(super) keeps_zone: bool,
}

/// Which attachment subnet is in a zone.
pub(super) enum InZone {
    Subnet(Index<Subnet>),
    Nothing,
    Unknown,
}

/// Whether an office may stand behind this sort of attachment.
fn leads_to_office(kind: &str) -> bool {
    ["connect", "vpn-concentrator"].contains(&kind)
}

/// What crossing leaves of the identity in the zone of a subnet.
fn identity_in(subnet: Option<&Subnet>) -> Identity {
    let Some(subnet) = subnet else {
        return Identity::Doubtful;
    };
    let region = subnet.region.as_ref().map(model::Region::as_str);
    match &subnet.zone {
        None if region.is_some_and(|region| region != REGION_OF_THAT_ZONE) => Identity::Kept,
        None => Identity::Doubtful,
        Some(zone) if zone.as_str() == ZONE_WITHOUT_REFERENCES => Identity::Lost,
        Some(zone) if zone.as_str().starts_with(REGION_OF_THAT_ZONE) && !is_zone_id(zone) => {
            Identity::Doubtful
        }
        Some(_) => Identity::Kept,
    }
}

/// Whether this is the id of a zone (`use1-az1`), not its name (`us-east-1a`).
pub(super) fn is_zone_id(zone: &Zone) -> bool {
    zone.as_str().contains("-az")
}
