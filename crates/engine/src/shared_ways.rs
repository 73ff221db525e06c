//! Ways to one target that are the same from many places.

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

use model::{Endpoint, Index, TransitGatewayAttachment, Vpc};
use packet::Prefix;
use rustc_hash::FxHashMap;

use crate::departure::{ExitId, Leaving};
use crate::near_lines::NearLines;
use crate::semantics::{Choice, Lookup, Next, Seen, Semantics};
use crate::surveyor::Way;

/// Ways to one target that were followed, each for all places from which packets come to it alike.
pub(crate) struct SharedWays<'s, 'a> {
    semantics: &'s Semantics<'a>,
    lines: &'s NearLines,
    /// The VPC of the target, if it is in one.
    vpc: Option<Index<Vpc>>,
    followed: FxHashMap<ExitId, Vec<Shared>>,
    /// What was found of them for senders in a VPC and in blocks.
    known: FxHashMap<(ExitId, From), Way>,
    /// From the internet, by the block that the VPC of the target sees and the one that groups see.
    internet: FxHashMap<(Prefix, Prefix), Way>,
}

/// The VPC in which senders are, and the blocks around the address that they come from.
type From = (Option<Index<Vpc>>, (Prefix, Prefix));

/// A way that was followed.
struct Shared {
    way: Way,
    likeness: Rc<Likeness>,
}

/// All of a way that was followed which decides for whom else it is the same.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Likeness {
    /// The VPC of the site at which it starts.
    vpc: Option<Index<Vpc>>,
    leaving: Leaving,
    told_apart: Vec<Prefix>,
    /// The VPCs that it came by, and that of the target.
    vpcs: Vec<Index<Vpc>>,
    is_farther: bool,
    /// What tables were asked about the address at which it starts.
    lookups: Vec<Lookup>,
}

impl<'s, 'a> SharedWays<'s, 'a> {
    pub(crate) fn to(
        semantics: &'s Semantics<'a>,
        lines: &'s NearLines,
        target: &Endpoint,
    ) -> Self {
        let vpc = match target {
            Endpoint::Interface { interface, .. } => {
                let interface = semantics.snapshot().interfaces().get(*interface);
                interface.vpc.target()
            }
            Endpoint::Internet { .. } | Endpoint::Office { .. } | Endpoint::Unknown { .. } => None,
        };
        Self {
            semantics,
            lines,
            vpc,
            followed: FxHashMap::default(),
            known: FxHashMap::default(),
            internet: FxHashMap::default(),
        }
    }

    /// The VPC of the target, if it is in one.
    pub(crate) const fn vpc(&self) -> Option<Index<Vpc>> {
        self.vpc
    }

    /// The way from sites of a VPC from which packets leave so, if one like it was followed.
    pub(crate) fn of_exit(&mut self, leaving: &Leaving, vpc: Option<Index<Vpc>>) -> Option<Way> {
        let key = (leaving.exit, (vpc, leaving.blocks));
        if let Some(way) = self.known.get(&key) {
            return Some(*way);
        }
        let followed = self.followed.get(&leaving.exit)?.iter();
        let mut alike = followed.filter(|shared| self.is_same(&shared.likeness, leaving, vpc));
        let way = alike.next()?.way;
        self.known.insert(key, way);
        Some(way)
    }

    /// Keeps a way that was followed for the others, and tells what it is like.
    pub(crate) fn keep_for_exit(
        &mut self,
        leaving: &Leaving,
        (way, vpc, mut seen): (Way, Option<Index<Vpc>>, Seen),
    ) -> Rc<Likeness> {
        seen.vpcs.append(&mut seen.reached);
        seen.vpcs.extend(self.vpc);
        seen.vpcs.sort_unstable();
        seen.vpcs.dedup();
        seen.lookups
            .retain(|lookup| lookup.destination == leaving.source);
        let likeness = Rc::new(Likeness {
            vpc,
            leaving: *leaving,
            told_apart: seen.told_apart,
            vpcs: seen.vpcs,
            is_farther: seen.is_farther,
            lookups: seen.lookups,
        });
        let shared = Shared {
            way,
            likeness: likeness.clone(),
        };
        self.followed.entry(leaving.exit).or_default().push(shared);
        likeness
    }

    /// Whether packets that leave so, perhaps another VPC, meet the same on such a way.
    pub(crate) fn is_same(
        &self,
        likeness: &Likeness,
        leaving: &Leaving,
        vpc: Option<Index<Vpc>>,
    ) -> bool {
        let followed = &likeness.leaving;
        let blocks = &leaving.blocks;
        let is_told_apart = likeness
            .told_apart
            .iter()
            .any(|own| own.overlaps(&blocks.0));
        if leaving.exit != followed.exit || is_told_apart {
            return false;
        }
        if vpc == likeness.vpc && *blocks == followed.blocks {
            return true;
        }
        let addresses = (followed.source, leaving.source);
        let through = likeness.vpcs.iter();
        let mut others = through.filter(|through| Some(**through) != likeness.vpc);
        let is_apart = vpc.is_some_and(|vpc| !likeness.vpcs.contains(&vpc));
        (is_apart || vpc == likeness.vpc)
            && (!likeness.is_farther || *blocks == followed.blocks)
            && others.all(|through| self.is_same_to(*through, addresses))
            && likeness
                .lookups
                .iter()
                .all(|lookup| self.is_led_back(lookup, (followed, leaving)))
    }

    /// Whether a VPC, and the groups worn in it, see no difference between two addresses.
    fn is_same_to(&self, vpc: Index<Vpc>, (one, other): (IpAddr, IpAddr)) -> bool {
        self.lines.block(vpc, one) == self.lines.block(vpc, other)
            && self.lines.block_of_groups(vpc, one) == self.lines.block_of_groups(vpc, other)
    }

    /// Whether a table of a transit gateway leads replies back to where they left as it did for the others.
    fn is_led_back(&self, lookup: &Lookup, (followed, leaving): (&Leaving, &Leaving)) -> bool {
        let next = self.semantics.next_attachments(lookup.from, leaving.source);
        let (Some(home), Some(own)) = (followed.by, leaving.by) else {
            return Arc::ptr_eq(&next, &lookup.next) || next == lookup.next;
        };
        if lookup.from == home || lookup.from == own {
            return followed.blocks == leaving.blocks && home == own;
        }
        match (&*lookup.next, &*next) {
            (Next::Unknown, Next::Unknown) => true,
            (Next::Choices(a), Next::Choices(b)) => {
                let is_alike = |(a, b): (&Choice, &Choice)| is_alike((*a, home), (*b, own));
                a.len() == b.len() && a.iter().zip(b).all(is_alike)
            }
            (Next::Unknown | Next::Choices(_), _) => false,
        }
    }

    /// The way from an address on the internet, if that of one like it was followed.
    pub(crate) fn of_internet(&self, source: IpAddr) -> Option<Way> {
        let key = self.key_on_internet(source)?;
        self.internet.get(&key).copied()
    }

    /// Keeps a way that was followed for the others.
    pub(crate) fn keep_for_internet(&mut self, source: IpAddr, (way, seen): (Way, &Seen)) {
        let is_near = !seen.is_farther
            && seen.lookups.is_empty()
            && seen
                .vpcs
                .iter()
                .chain(&seen.reached)
                .all(|vpc| Some(*vpc) == self.vpc);
        if let Some(key) = self.key_on_internet(source).filter(|_| is_near) {
            self.internet.insert(key, way);
        }
    }

    /// The blocks around an address on the internet, if nothing else of it matters to the VPC of the target.
    pub(crate) fn key_on_internet(&self, source: IpAddr) -> Option<(Prefix, Prefix)> {
        let vpc = self.vpc?;
        let block = self.lines.block(vpc, source)?;
        let is_afar = self.semantics.is_afar(vpc, source);
        let of_groups = self.lines.block_of_groups(vpc, source)?;
        is_afar.then_some((block, of_groups))
    }
}

/// Whether one choice leads home for one sender where the other does for another, or both lead to the same place.
fn is_alike(
    (a, home): (Choice, Index<TransitGatewayAttachment>),
    (b, own): (Choice, Index<TransitGatewayAttachment>),
) -> bool {
    match (a, b) {
        (Choice::Attachment(a), Choice::Attachment(b)) => {
            (a == home && b == own) || (a == b && a != home && b != own)
        }
        (Choice::Blackhole, Choice::Blackhole) | (Choice::Untold, Choice::Untold) => true,
        (Choice::Attachment(_) | Choice::Blackhole | Choice::Untold, _) => false,
    }
}
