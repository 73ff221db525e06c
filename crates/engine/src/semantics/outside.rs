//! Where packets leave their VPC for good: for the internet, or by a transit gateway.
//!
//! On the internet nothing is left of who sent packets but what stands in them. So packets of two senders that come to
//! it alike, and whose senders get replies alike, go on alike.

use std::net::IpAddr;

use model::{Index, TransitGatewayAttachment, Vpc};
use packet::Prefix;

use super::Semantics;
use crate::filter::Filter;
use crate::way::{Entry, Errand, Origin, Outcome, Sender, Spot, Way};

/// First packets at the moment at which they come to the internet: everything of their sender that what follows depends
/// on, as long as it does not lead back into the sender's VPC.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that have nothing to do with one another"
)]
pub(crate) struct Exit {
    /// The smallest block that a group names around the address that they come from.
    source: Prefix,
    /// What has passed since somebody last spoke for the sender.
    filter: Filter,
    /// What of the replies that come from the internet gets back to the sender, or to who speaks for it.
    back: Filter,
    is_by_egress_only: bool,
    is_of_interface: bool,
    crossed_transit: bool,
    /// Whether no group could name who holds the destination, wherever the way ends.
    is_out_of_sight: bool,
    n_places: usize,
    n_choices: usize,
}

/// What was seen of a way while it was followed.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Whether first packets came to where somebody looks who holds their destination.
    pub(crate) has_looked: bool,
    /// Where they left, if they are followed no farther.
    pub(crate) left: Vec<Left>,
    /// Whether they, or what answers them, took another way than those inside a VPC and to the internet.
    pub(crate) is_farther: bool,
    /// The VPCs of the subnets that packets and replies left, each as often as they did.
    pub(crate) vpcs: Vec<Index<Vpc>>,
}

/// Where first packets left their VPC.
#[derive(Debug)]
pub(crate) enum Left {
    /// For the internet, with this source address.
    ForInternet(Box<Exit>, IpAddr),
    /// By an attachment of a transit gateway.
    ByTransit(Index<TransitGatewayAttachment>),
    /// With something about them that the others do not tell.
    Otherwise,
}

impl Semantics<'_> {
    /// First packets have come to a transit gateway, by an attachment, and are followed no farther.
    pub(super) fn depart_by_transit(
        &self,
        way: &Way,
        attachment: Index<TransitGatewayAttachment>,
    ) -> Outcome {
        if let Some(seen) = &mut *self.seen() {
            seen.left.push(Left::ByTransit(attachment));
        }
        Outcome::arrived(&way.filter)
    }

    /// First packets have come to the internet, and are followed no farther.
    pub(super) fn depart(&self, way: Way) -> Outcome {
        let back = self.on_the_internet(way.reply()).answered;
        let exit = self.exit(&way, &back);
        let left = exit.map_or(Left::Otherwise, |exit| {
            Left::ForInternet(Box::new(exit), way.source)
        });
        if let Some(seen) = &mut *self.seen() {
            seen.left.push(left);
        }
        let answered = way.filter.and(&back.or_free(&self.unanswered));
        Outcome {
            delivered: way.filter,
            answered,
        }
    }

    fn exit(&self, way: &Way, back: &Filter) -> Option<Exit> {
        let Errand::First(Origin::Interface { interface, to }) = way.errand else {
            return None;
        };
        let own = self.snapshot().interfaces().get(interface).vpc.target()?;
        let is_own = |spot: &Spot| match spot {
            Spot::Subnet(subnet) => self.snapshot().subnets().get(*subnet).vpc.is(own),
            Spot::Transit(_) | Spot::CoreNetwork(_) => false,
        };
        let is_plain = way.visited.iter().all(|(spot, ..)| is_own(spot))
            && way.inspections.is_empty()
            && !way.is_of_other_family
            && way.n_nodes == 0
            && way.entry == Entry::Other;
        is_plain.then(|| Exit {
            source: self.lines.of_groups.block(way.source),
            filter: way.filter.clone(),
            back: back.clone(),
            is_by_egress_only: way.left_by_egress_only.is_some(),
            is_of_interface: matches!(way.sender, Sender::Interface(_)),
            crossed_transit: way.crossed_transit,
            is_out_of_sight: self.is_out_of_sight(interface, to),
            n_places: way.visited.len(),
            n_choices: way.n_choices,
        })
    }
}
