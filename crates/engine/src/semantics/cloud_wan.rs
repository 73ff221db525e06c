//! Cloud WAN (`cloud-wan.md`).
//!
//! A core network routes between attachments like a transit gateway, with one table for each segment at each edge.
//!
//! # Source
//!
//! AWS Cloud WAN: Core network policy versions; Routes.

use std::net::IpAddr;

use model::{
    CoreNetworkAttachment, CoreNetworkResource, CoreNetworkTable, Index, Link, ResourceId,
    ResourceState, RouteDestination, RouteState, Subnet, TransitGatewayRouteKind,
};

use super::route::Listed;
use super::subnet::Place;
use super::transit::{Exit, InZone};
use super::{Return, Semantics};
use crate::way::{Identity, Outcome, Progress, Spot, Way};

/// Where a table of a core network sends packets.
enum Next<'a> {
    /// One of these; none: no route.
    Choices(Vec<Choice<'a>>),
    Unknown,
}

/// One of several equal routes.
#[derive(Clone, PartialEq, Eq)]
enum Choice<'a> {
    Attachment(&'a Link<CoreNetworkAttachment>),
    Blackhole,
    /// Something that is no attachment, or that the input does not tell.
    Elsewhere,
}

impl Semantics<'_> {
    pub(super) fn leave_by_core_network(
        &self,
        mut way: Way,
        at: Place,
        core: &ResourceId,
    ) -> Outcome {
        let Some(&index) = self
            .network
            .links
            .core_attachments
            .get(&(core.clone(), at.vpc))
        else {
            return self.cut(way);
        };
        let attachment = self.snapshot().core_attachments().get(index);
        if attachment.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        let CoreNetworkResource::Vpc {
            subnets: Some(subnets),
            ..
        } = &attachment.resource
        else {
            return self.cut(way);
        };
        match self.subnet_in_zone(subnets, Some(at.subnet)) {
            InZone::Subnet(subnet) => {
                self.enter_subnet(&mut way, subnet);
                if way.source.is_ipv6() && attachment.ipv6 != Some(true) {
                    return self.cut(way);
                }
                self.in_core_network(way, index, at.subnet)
            }
            InZone::Nothing => Outcome::denied(),
            InZone::Unknown => self.cut(way),
        }
    }

    fn in_core_network(
        &self,
        mut way: Way,
        from: Index<CoreNetworkAttachment>,
        zone: Index<Subnet>,
    ) -> Outcome {
        match way.visit(Spot::CoreNetwork(from)) {
            Progress::GoesOn => {}
            Progress::Loops => return Outcome::denied(),
            Progress::TooLong => return self.cut(way),
        }
        match self.core_choices(from, way.destination) {
            Next::Unknown => self.cut(way),
            Next::Choices(choices) if !way.part(choices.len()) => self.cut(way),
            Next::Choices(choices) => {
                Outcome::of_choices(choices.iter().map(|choice| match choice {
                    Choice::Blackhole => Outcome::denied(),
                    Choice::Elsewhere => self.cut(way.clone()),
                    Choice::Attachment(link) => match link.target() {
                        Some(to) => self.leave_core_network(way.clone(), from, to, zone),
                        None => self.cut(way.clone()),
                    },
                }))
            }
        }
    }

    fn core_choices(&self, from: Index<CoreNetworkAttachment>, destination: IpAddr) -> Next<'_> {
        let attachment = self.snapshot().core_attachments().get(from);
        let (Some(segment), Some(edge)) = (&attachment.segment, &attachment.edge) else {
            return Next::Unknown;
        };
        let id = CoreNetworkTable::id_of(attachment.core_network.as_str(), segment, edge.as_str());
        let tables = self.snapshot().core_tables();
        let table = tables.find(id.as_str()).map(|index| tables.get(index));
        let Some(table) = table.filter(|table| table.is_complete) else {
            return Next::Unknown;
        };
        let mut candidates = Vec::new();
        for route in &table.routes {
            let (length, by_list) = match &route.destination {
                RouteDestination::Prefix(prefix) if prefix.contains(destination) => {
                    (prefix.length(), false)
                }
                RouteDestination::Prefix(_) => continue,
                RouteDestination::PrefixList(list) => match self.listed(list, destination, false) {
                    Listed::Length(length) => (length, true),
                    Listed::No => continue,
                    Listed::Perhaps => return Next::Unknown,
                },
            };
            let rank = match route.kind {
                TransitGatewayRouteKind::Propagated => 0_u8,
                TransitGatewayRouteKind::Static if by_list => 1,
                TransitGatewayRouteKind::Static => 2,
            };
            candidates.push(((length, rank), route));
        }
        let best = candidates.iter().map(|(rank, _)| *rank).max();
        let mut choices = Vec::new();
        for (_, route) in candidates.iter().filter(|(rank, _)| Some(*rank) == best) {
            let mut next: Vec<Choice<'_>> = match route.state {
                RouteState::Blackhole => vec![Choice::Blackhole],
                RouteState::Active => route.attachments.iter().map(Choice::Attachment).collect(),
            };
            if route.state == RouteState::Active && (route.leads_elsewhere || next.is_empty()) {
                next.push(Choice::Elsewhere);
            }
            for choice in next {
                if !choices.contains(&choice) {
                    choices.push(choice);
                }
            }
        }
        Next::Choices(choices)
    }

    fn leave_core_network(
        &self,
        mut way: Way,
        from: Index<CoreNetworkAttachment>,
        to: Index<CoreNetworkAttachment>,
        zone: Index<Subnet>,
    ) -> Outcome {
        let attachments = self.snapshot().core_attachments();
        let attachment = attachments.get(to);
        if attachment.state == ResourceState::Unavailable {
            return Outcome::denied();
        }
        let CoreNetworkResource::Vpc { vpc, subnets } = &attachment.resource else {
            return self.cut(way);
        };
        let (Some(vpc), Some(subnets)) = (vpc.target(), subnets) else {
            return self.cut(way);
        };
        self.ask_about(vpc);
        self.return_by(&way, vpc, Return::Otherwise);
        if subnets.is_empty() {
            return Outcome::denied();
        }
        if way.source.is_ipv6() && attachment.ipv6 != Some(true) {
            return self.cut(way);
        }
        let is_one_edge =
            attachment.edge.is_some() && attachments.get(from).edge == attachment.edge;
        way.identity = if is_one_edge && !way.crossed_transit {
            way.identity.then(Identity::Doubtful)
        } else {
            Identity::Lost
        };
        way.crossed_transit = true;
        let exit = Exit {
            vpc,
            subnets,
            zone: Some(zone),
            keeps_zone: !attachment.appliance_mode,
        };
        self.appear(way, &exit, |_| Identity::Kept)
    }
}
