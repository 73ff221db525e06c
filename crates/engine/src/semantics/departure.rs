//! Where packets leave their VPC: for the internet, or by a transit gateway.
//!
//! There nothing is left of who sent packets but what stands in them, and what is known of where they came from. So
//! packets of two senders that leave alike, and whose senders get replies alike, go on alike.

use std::net::IpAddr;
use std::sync::Arc;

use model::{
    AccountId, AttachmentResource, Index, NetworkInterface, Region, Subnet,
    TransitGatewayAttachment, TransitGatewayRouteTable, Vpc, Zone,
};

use packet::Prefix;

use super::Semantics;
use super::transit::{InZone, Next, is_zone_id};
use crate::asks::{Ask, Ends};
use crate::departure::Leaving;
use crate::filter::Filter;
use crate::way::{Entry, Errand, Origin, Outcome, Sender, Spot, Way};

/// First packets at the moment at which they leave their VPC: everything of their sender that what follows depends on,
/// but for their address, as long as it does not lead back into the VPC.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Exit {
    door: Door,
    /// What has passed since somebody last spoke for the sender.
    filter: Filter,
    /// What of the replies that come back to this door gets to the sender, or to who speaks for it. For transit gateways:
    /// from each zone, and from one that is not told.
    back: Vec<Filter>,
    is_by_egress_only: bool,
    is_of_interface: bool,
    /// Whether no group could name who holds the destination, wherever the way ends.
    is_out_of_sight: bool,
    n_places: usize,
    n_choices: usize,
}

/// By what packets leave a VPC.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Door {
    Internet,
    Transit {
        /// The table in which they are looked up.
        table: Index<TransitGatewayRouteTable>,
        carries_references: bool,
        zone: ZoneKey,
    },
}

/// What tells zones apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ZoneKey {
    zone: Option<Zone>,
    /// Of a name, which means something only within an account.
    owner: Option<AccountId>,
    region: Option<Region>,
}

/// What was seen of a way while it was followed.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Whether first packets came to where somebody looks who holds their destination.
    pub(crate) has_looked: bool,
    /// Where they left, if they are followed no farther.
    pub(crate) left: Vec<Left>,
    /// Whether they, or what answers them, took another way than those inside VPCs, to the internet and through transit
    /// gateways.
    pub(crate) is_farther: bool,
    /// The VPCs of the subnets that packets and replies left.
    pub(crate) vpcs: Vec<Index<Vpc>>,
    /// Those of the subnets that first packets left, each as often as they did.
    pub(crate) left_by_first: Vec<Index<Vpc>>,
    /// The VPCs into which replies came from outside, by what, and to which address.
    pub(crate) returned: Vec<(Index<Vpc>, Return, IpAddr)>,
    /// The VPCs in which first packets came to whoever holds their destination.
    pub(crate) reached: Vec<Index<Vpc>>,
    /// VPCs of which anything else was asked, each once.
    pub(crate) asked_about: Vec<Index<Vpc>>,
    /// Addresses of hosts that were told apart from all others, as blocks.
    pub(crate) told_apart: Vec<Prefix>,
    /// What tables of transit gateways were asked.
    pub(crate) lookups: Vec<Lookup>,
    /// The interfaces at which the way starts and ends.
    pub(crate) ends: Ends,
    /// What the groups of the sender were asked, and others about it, with the answers.
    pub(crate) asked: Vec<(Ask, Filter)>,
    /// Interfaces whose groups were asked as those of somebody on the way are.
    pub(crate) met: Vec<Index<NetworkInterface>>,
}

impl Seen {
    /// Whether single addresses of a block were told apart.
    pub(crate) fn tells_apart(&self, block: &Prefix) -> bool {
        self.told_apart.iter().any(|own| own.overlaps(block))
    }

    /// Whether a way is only that of the site, in a VPC, at which it starts, and whose packets leave so.
    ///
    /// One that comes back to where it started is. Replies may come back as packets left; where they come to others, who may
    /// hold the same address, or hosts were told apart, single addresses matter.
    pub(crate) fn is_of_one_only(&self, leaving: &Leaving, vpc: Option<Index<Vpc>>) -> bool {
        let is_own = |other: &&Index<Vpc>| vpc == Some(**other);
        let n_own = self.left_by_first.iter().filter(is_own).count();
        let is_astray = |(vpc, by, to): &(Index<Vpc>, Return, IpAddr)| {
            if is_own(&vpc) {
                *by != leaving.door()
            } else {
                *to == leaving.source
            }
        };
        n_own > leaving.n_turns
            || self.reached.iter().any(|vpc| is_own(&vpc))
            || self.returned.iter().any(is_astray)
            || self.tells_apart(&leaving.blocks.0)
    }
}

/// By what replies come into a VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Return {
    Internet,
    Transit(Index<TransitGatewayAttachment>),
    Otherwise,
}

/// Where first packets left their VPC.
#[derive(Debug)]
pub(crate) enum Left {
    /// So, by this attachment or for the internet, with this source address.
    By(Box<Exit>, Option<Index<TransitGatewayAttachment>>, IpAddr),
    /// With something about them that an exit does not tell.
    Otherwise,
}

/// What the table of an attachment said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lookup {
    pub(crate) from: Index<TransitGatewayAttachment>,
    pub(crate) destination: IpAddr,
    pub(crate) next: Arc<Next>,
}

impl Semantics<'_> {
    /// First packets have come to the internet, and are followed no farther.
    pub(super) fn depart_for_internet(&self, way: &Way) -> Outcome {
        let back = self.on_the_internet(way.reply()).answered;
        let left = self.left(way, (Door::Internet, None), vec![back]);
        self.leaves(left);
        // What comes back is in the exit. Here it counts whether those who speak for the sender could hand all of it on.
        Outcome::arrived(&way.filter)
    }

    /// First packets have come to a transit gateway, and are followed no farther.
    pub(super) fn depart_by_transit(
        &self,
        way: &Way,
        by: Index<TransitGatewayAttachment>,
        from: Index<Subnet>,
    ) -> Outcome {
        let attachment = self.snapshot().transit_attachments().get(by);
        let table = attachment
            .association
            .as_ref()
            .and_then(model::Link::target);
        let left = match table {
            Some(table) if !attachment.translates && matches!(way.sender, Sender::Interface(_)) => {
                let door = Door::Transit {
                    table,
                    carries_references: attachment.group_referencing,
                    zone: self.zone_key(from),
                };
                let back = self.back_by_transit(way, by);
                self.left(way, (door, Some(by)), back)
            }
            Some(_) | None => Left::Otherwise,
        };
        self.leaves(left);
        Outcome::arrived(&way.filter)
    }

    /// What of the replies that come by an attachment, from each zone, gets to the sender.
    fn back_by_transit(&self, way: &Way, by: Index<TransitGatewayAttachment>) -> Vec<Filter> {
        let resource = &self.snapshot().transit_attachments().get(by).resource;
        let AttachmentResource::Vpc {
            subnets: Some(subnets),
            ..
        } = resource
        else {
            return Vec::new();
        };
        let zones = self.network.zones.iter().map(|zone| Some(*zone));
        let mut known: Vec<(Option<Index<Subnet>>, Filter)> = Vec::new();
        let mut back = Vec::new();
        for zone in zones.chain([None]) {
            let into = match self.subnet_in_zone(subnets, zone) {
                InZone::Subnet(subnet) => Some(subnet),
                InZone::Nothing | InZone::Unknown => None,
            };
            let filter = known.iter().find(|(subnet, _)| *subnet == into);
            let filter = filter.map(|(_, filter)| filter.clone());
            back.push(filter.unwrap_or_else(|| {
                let filter = self.leave_transit(way.reply(), by, zone, by).answered;
                known.push((into, filter.clone()));
                filter
            }));
        }
        back
    }

    fn left(
        &self,
        way: &Way,
        (door, by): (Door, Option<Index<TransitGatewayAttachment>>),
        back: Vec<Filter>,
    ) -> Left {
        let Errand::First(Origin::Interface { interface, to }) = way.errand else {
            return Left::Otherwise;
        };
        let own = self.snapshot().interfaces().get(interface).vpc.target();
        let is_own = |spot: &Spot| match (spot, own) {
            (Spot::Subnet(subnet), Some(own)) => self.snapshot().subnets().get(*subnet).vpc.is(own),
            _ => false,
        };
        let is_plain = way.visited.iter().all(|(spot, ..)| is_own(spot))
            && way.inspections.is_empty()
            && !way.is_of_other_family
            && !way.crossed_transit
            && way.n_nodes == 0
            && way.entry == Entry::Other;
        if !is_plain {
            return Left::Otherwise;
        }
        let exit = Exit {
            door,
            filter: way.filter.clone(),
            back,
            is_by_egress_only: way.left_by_egress_only.is_some(),
            is_of_interface: matches!(way.sender, Sender::Interface(_)),
            is_out_of_sight: self.is_out_of_sight(interface, to),
            n_places: way.visited.len(),
            n_choices: way.n_choices,
        };
        Left::By(Box::new(exit), by, way.source)
    }

    fn zone_key(&self, subnet: Index<Subnet>) -> ZoneKey {
        let subnet = self.snapshot().subnets().get(subnet);
        let is_name = subnet.zone.as_ref().is_some_and(|zone| !is_zone_id(zone));
        ZoneKey {
            zone: subnet.zone.clone(),
            owner: subnet.owner.clone().filter(|_| is_name),
            region: subnet.region.clone(),
        }
    }

    fn leaves(&self, left: Left) {
        if let Some(seen) = &mut *self.seen() {
            seen.left.push(left);
        }
    }
}
