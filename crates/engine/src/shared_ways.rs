//! Ways to one target that are the same from many places.

use std::net::IpAddr;

use model::{Endpoint, Index, Vpc};
use packet::{Family, Prefix};
use rustc_hash::FxHashMap;

use crate::departure::ExitId;
use crate::near_lines::NearLines;
use crate::semantics::{Seen, Semantics};
use crate::survey::Way;

/// Ways to one target that were followed, each for all places from which packets come to it alike.
pub(crate) struct SharedWays<'s, 'a> {
    semantics: &'s Semantics<'a>,
    target: Target,
    /// By the block of the source address as the VPC of the target sees it.
    near: FxHashMap<(ExitId, Prefix), Shared>,
    /// By its block on all ways: the way takes more than one VPC.
    far: FxHashMap<(ExitId, Prefix), Shared>,
    /// From the internet, by the block that the VPC of the target sees and the one that groups see.
    internet: FxHashMap<(Prefix, Prefix), Way>,
}

enum Target {
    /// An interface in a VPC.
    In(Index<Vpc>),
    OnInternet,
    Otherwise,
}

struct Shared {
    way: Way,
    /// The VPC of the site whose way was followed.
    vpc: Option<Index<Vpc>>,
    /// The VPCs through which it leads.
    through: Vec<Index<Vpc>>,
}

impl Shared {
    /// The same for all such sites of a VPC, unless the way comes through that.
    fn for_sites_of(&self, vpc: Option<Index<Vpc>>) -> Option<Way> {
        let is_apart = vpc.is_some_and(|vpc| !self.through.contains(&vpc));
        (is_apart || vpc == self.vpc).then_some(self.way)
    }
}

impl<'s, 'a> SharedWays<'s, 'a> {
    pub(crate) fn to(semantics: &'s Semantics<'a>, target: &Endpoint) -> Self {
        let target = match target {
            Endpoint::Interface { interface, .. } => {
                let interface = semantics.snapshot().interfaces().get(*interface);
                interface.vpc.target().map_or(Target::Otherwise, Target::In)
            }
            Endpoint::Internet { .. } => Target::OnInternet,
            Endpoint::Office { .. } | Endpoint::Unknown { .. } => Target::Otherwise,
        };
        Self {
            semantics,
            target,
            near: FxHashMap::default(),
            far: FxHashMap::default(),
            internet: FxHashMap::default(),
        }
    }

    /// The way from sites of a VPC from which packets come to the internet so, if one of them was followed.
    pub(crate) fn of_exit(
        &self,
        lines: &NearLines,
        (exit, source): (ExitId, IpAddr),
        vpc: Option<Index<Vpc>>,
    ) -> Option<Way> {
        let near = self.near_block(lines, source);
        let near = near.and_then(|block| self.near.get(&(exit, block)));
        let far = || (exit, self.semantics.lines.of_ways.block(source));
        let known = near.or_else(|| self.far.get(&far()));
        known.and_then(|known| known.for_sites_of(vpc))
    }

    /// Keeps a way that was followed for the others.
    pub(crate) fn keep_for_exit(
        &mut self,
        lines: &NearLines,
        (exit, source): (ExitId, IpAddr),
        (way, vpc, seen): (Way, Option<Index<Vpc>>, Seen),
    ) {
        let shared = Shared {
            way,
            vpc,
            through: seen.vpcs,
        };
        let near = self.near_block(lines, source).filter(|_| !seen.is_farther);
        let (known, block) = match near {
            Some(block) => (&mut self.near, block),
            None => (&mut self.far, self.semantics.lines.of_ways.block(source)),
        };
        known.entry((exit, block)).or_insert(shared);
    }

    /// The way from an address on the internet, if that of one like it was followed.
    pub(crate) fn of_internet(&self, lines: &NearLines, source: IpAddr) -> Option<Way> {
        let key = self.key_on_internet(lines, source)?;
        self.internet.get(&key).copied()
    }

    /// Keeps a way that was followed for the others.
    pub(crate) fn keep_for_internet(
        &mut self,
        lines: &NearLines,
        source: IpAddr,
        (way, seen): (Way, &Seen),
    ) {
        if seen.is_farther {
            return;
        }
        if let Some(key) = self.key_on_internet(lines, source) {
            self.internet.insert(key, way);
        }
    }

    fn key_on_internet(&self, lines: &NearLines, source: IpAddr) -> Option<(Prefix, Prefix)> {
        let Target::In(vpc) = self.target else {
            return None;
        };
        let block = self.near_block(lines, source)?;
        let is_afar = self.semantics.is_afar(vpc, source);
        is_afar.then(|| (block, self.semantics.lines.of_groups.block(source)))
    }

    fn near_block(&self, lines: &NearLines, source: IpAddr) -> Option<Prefix> {
        match self.target {
            Target::In(vpc) => lines.block(vpc, source),
            Target::OnInternet => Some(Prefix::all(Family::of(source))),
            Target::Otherwise => None,
        }
    }
}
