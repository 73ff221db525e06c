//! What passes between tiers, and what of it something needs.

use std::collections::{BTreeMap, BTreeSet};

use model::{Direction, RulePeer};
use packet::PacketSet;

use super::{Tier, TierFlow};
use crate::answer::Answer;
use crate::attack::Flow;
use crate::front::Reach;
use crate::host::{CellId, HostId};
use crate::landscape::Landscape;
use crate::lateral::is_foothold;
use crate::matrix::AnswerId;
use crate::owner::Role;
use crate::witness::{Claim, witness};

/// A packet is followed for no more flows.
const MAX_WITNESSES: usize = 2000;

/// Places of tiers: of who starts, and of who is reached.
type Pair = (usize, usize);

/// What hosts start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Starts {
    /// They accept connections, and start none on their own.
    Nothing,
    /// What load balancers pass on.
    WhatIsBalanced,
    /// Anything.
    Anything,
}

/// Which tiers hosts and cells are in.
struct Places {
    by_host: BTreeMap<HostId, usize>,
    /// The tiers of the hosts of each cell.
    by_cell: BTreeMap<CellId, BTreeSet<usize>>,
    /// What hosts of a tier start.
    starts: Vec<Starts>,
}

pub(super) fn flows(landscape: &Landscape<'_>, tiers: &[Tier], needs: &[Flow]) -> Vec<TierFlow> {
    let places = Places::of(landscape, tiers);
    let declared = declared(landscape, &places, needs);
    let balanced = balanced(landscape, &places);
    let named = Named::of(landscape, tiers);
    let mut flows = Vec::new();
    for ((from, to), answer) in answers(landscape, &places, Scope::All) {
        let answer = match places.starts_of(from) {
            Starts::Anything => answer,
            Starts::WhatIsBalanced | Starts::Nothing => {
                let passed_on = balanced.get(&(from, to));
                answer.of_packets(passed_on.unwrap_or(&PacketSet::empty()))
            }
        };
        if answer.is_nothing() {
            continue;
        }
        let of = |sets: &BTreeMap<Pair, PacketSet>| {
            let set = sets.get(&(from, to));
            set.map_or(PacketSet::empty(), |set| set.intersection(&answer.certain))
        };
        let by_name = if from == to {
            PacketSet::empty()
        } else {
            named.between(from, to).intersection(&answer.certain)
        };
        flows.push(TierFlow {
            from,
            to,
            declared: of(&declared),
            balanced: of(&balanced),
            named: by_name,
            answer,
            witness: None,
        });
    }
    // Those first that somebody may want to change.
    flows.sort_by_key(|flow| {
        let n_hosts = tiers.get(flow.to).map_or(0, |tier| tier.hosts.len());
        let is_needed = flow.unneeded().is_empty();
        (
            !flow.is_within(),
            is_needed,
            std::cmp::Reverse(n_hosts),
            flow.from,
            flow.to,
        )
    });
    for flow in flows.iter_mut().take(MAX_WITNESSES) {
        prove(landscape, tiers, flow);
    }
    flows
}

/// By what hosts of each tier certainly reach others of it, less what declared flows need.
pub(super) fn within(
    landscape: &Landscape<'_>,
    tiers: &[Tier],
    needs: &[Flow],
) -> Vec<(usize, PacketSet)> {
    let places = Places::of(landscape, tiers);
    let declared = declared(landscape, &places, needs);
    let answers = answers(landscape, &places, Scope::Within).into_iter();
    let found = answers.filter_map(|(pair, answer)| {
        if places.starts_of(pair.0) != Starts::Anything {
            return None;
        }
        let needed = declared.get(&pair);
        let unneeded = answer
            .certain
            .difference(needed.unwrap_or(&PacketSet::empty()));
        (!unneeded.is_empty()).then_some((pair.0, unneeded))
    });
    found.collect()
}

/// Between which tiers answers are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Between any two, and within each.
    All,
    /// Within each.
    Within,
}

impl Places {
    fn of(landscape: &Landscape<'_>, tiers: &[Tier]) -> Self {
        let mut places = Self {
            by_host: BTreeMap::new(),
            by_cell: BTreeMap::new(),
            starts: Vec::new(),
        };
        for (place, tier) in tiers.iter().enumerate() {
            let starts = |host: &HostId| match landscape.host(*host).owner.role {
                role if is_foothold(role) => Starts::Anything,
                Role::LoadBalancer => Starts::WhatIsBalanced,
                _ => Starts::Nothing,
            };
            let starts = tier.hosts.iter().map(starts).max();
            places.starts.push(starts.unwrap_or(Starts::Nothing));
            for host in &tier.hosts {
                places.by_host.insert(*host, place);
                let cell = landscape.host(*host).cell;
                places.by_cell.entry(cell).or_default().insert(place);
            }
        }
        places
    }

    fn starts_of(&self, tier: usize) -> Starts {
        self.starts.get(tier).copied().unwrap_or(Starts::Nothing)
    }

    fn of_cell(&self, cell: CellId) -> impl Iterator<Item = usize> {
        self.by_cell.get(&cell).into_iter().flatten().copied()
    }
}

/// What passes between hosts of two tiers.
fn answers(landscape: &Landscape<'_>, places: &Places, scope: Scope) -> BTreeMap<Pair, Answer> {
    let matrix = landscape.matrix();
    let mut by_row: BTreeMap<_, Vec<CellId>> = BTreeMap::new();
    for (cell, _) in landscape.cells() {
        by_row.entry(matrix.row_of(cell)).or_default().push(cell);
    }
    let mut found: BTreeMap<Pair, BTreeSet<AnswerId>> = BTreeMap::new();
    for (row, targets) in by_row {
        let receiving = by_tier(places, targets.iter().copied());
        for (answer, sources) in matrix.row(row) {
            let sending = by_tier(places, sources.iter());
            for (from, senders) in &sending {
                let all = match scope {
                    Scope::All => receiving.range(..),
                    Scope::Within => receiving.range(from..=from),
                };
                for (to, receivers) in all {
                    // What a row says of the cell itself counts for nothing.
                    let is_itself = senders == receivers && !senders.has_more;
                    if !is_itself && places.starts_of(*from) != Starts::Nothing {
                        found.entry((*from, *to)).or_default().insert(*answer);
                    }
                }
            }
        }
    }
    within_cells(landscape, places, scope, &mut found);
    let union = |ids: BTreeSet<AnswerId>| {
        let answers = ids.into_iter().map(|id| matrix.answer(id));
        answers.fold(Answer::nothing(), |all, one| all.union(one))
    };
    let answers = found.into_iter().map(|(pair, ids)| (pair, union(ids)));
    answers.filter(|(_, answer)| !answer.is_nothing()).collect()
}

/// The cells of a tier among some: the first one, and whether there are more.
#[derive(PartialEq, Eq)]
struct Share {
    first: CellId,
    has_more: bool,
}

fn by_tier(places: &Places, cells: impl Iterator<Item = CellId>) -> BTreeMap<usize, Share> {
    let mut by_tier: BTreeMap<usize, Share> = BTreeMap::new();
    for cell in cells {
        for tier in places.of_cell(cell) {
            let known = by_tier.entry(tier).or_insert(Share {
                first: cell,
                has_more: false,
            });
            known.has_more |= known.first != cell;
        }
    }
    by_tier
}

/// Adds what passes from one host of a cell to another.
fn within_cells(
    landscape: &Landscape<'_>,
    places: &Places,
    scope: Scope,
    found: &mut BTreeMap<Pair, BTreeSet<AnswerId>>,
) {
    for (id, cell) in landscape.cells() {
        let answer = landscape.matrix().within(id);
        if answer == AnswerId::NOTHING {
            continue;
        }
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for host in &cell.hosts {
            if let Some(tier) = places.by_host.get(host) {
                *counts.entry(*tier).or_default() += 1;
            }
        }
        for (from, n_hosts) in &counts {
            for to in counts.keys() {
                let starts = places.starts_of(*from);
                let is_wanted = scope == Scope::All || from == to;
                if is_wanted && starts != Starts::Nothing && (from != to || *n_hosts > 1) {
                    found.entry((*from, *to)).or_default().insert(answer);
                }
            }
        }
    }
}

/// What flows need that the user declares.
fn declared(
    landscape: &Landscape<'_>,
    places: &Places,
    needs: &[Flow],
) -> BTreeMap<Pair, PacketSet> {
    let mut declared: BTreeMap<Pair, PacketSet> = BTreeMap::new();
    for flow in needs {
        let services = flow.services.iter().map(PacketSet::from);
        let services = services.fold(PacketSet::empty(), |all, one| all.union(&one));
        let tiers = |selection| {
            let endpoints = landscape.endpoints(selection);
            let hosts = endpoints.iter().filter_map(|one| landscape.host_of(one));
            let tiers = hosts.filter_map(|host| places.by_host.get(&host).copied());
            tiers.collect::<BTreeSet<usize>>()
        };
        let to = tiers(&flow.to);
        for from in tiers(&flow.from) {
            for to in &to {
                add(&mut declared, (from, *to), &services);
            }
        }
    }
    declared
}

/// What load balancers pass on.
fn balanced(landscape: &Landscape<'_>, places: &Places) -> BTreeMap<Pair, PacketSet> {
    let mut balanced: BTreeMap<Pair, PacketSet> = BTreeMap::new();
    let tier = |endpoint| {
        let host = landscape.host_of(endpoint)?;
        places.by_host.get(&host).copied()
    };
    for door in landscape.fronts().iter().flat_map(|front| &front.doors) {
        let Reach::Targets(behind) = &door.behind else {
            continue;
        };
        for target in behind {
            for from in door.from.iter().filter_map(tier).collect::<BTreeSet<_>>() {
                if let Some(to) = tier(&target.to) {
                    add(&mut balanced, (from, to), &target.sends);
                }
            }
        }
    }
    balanced
}

fn add(sets: &mut BTreeMap<Pair, PacketSet>, pair: Pair, more: &PacketSet) {
    let set = sets.entry(pair).or_insert_with(PacketSet::empty);
    *set = set.union(more);
}

/// What rules admit by the name of a group.
struct Named {
    /// The groups that hosts of each tier wear.
    worn: Vec<BTreeSet<model::ResourceId>>,
    /// What groups of hosts of each tier admit, by the group that their rules name.
    admitted: Vec<BTreeMap<model::ResourceId, PacketSet>>,
}

impl Named {
    fn of(landscape: &Landscape<'_>, tiers: &[Tier]) -> Self {
        let worn = tiers.iter().map(|tier| {
            let cells: BTreeSet<CellId> = tier
                .hosts
                .iter()
                .map(|host| landscape.host(*host).cell)
                .collect();
            let groups = cells
                .into_iter()
                .flat_map(|cell| &landscape.cell(cell).groups);
            groups.cloned().collect::<BTreeSet<_>>()
        });
        let worn: Vec<BTreeSet<model::ResourceId>> = worn.collect();
        let groups = landscape.snapshot().groups();
        let admitted = worn.iter().map(|worn| {
            let mut admitted: BTreeMap<model::ResourceId, PacketSet> = BTreeMap::new();
            let own = worn.iter().filter_map(|id| groups.find(id.as_str()));
            let rules = own.flat_map(|index| groups.get(index).rules(Direction::Ingress));
            for rule in rules {
                if let RulePeer::Group(reference) = &rule.peer {
                    let named = admitted.entry(reference.group.id().clone());
                    let set = named.or_insert_with(PacketSet::empty);
                    *set = set.union(&PacketSet::from(&rule.service));
                }
            }
            admitted
        });
        let admitted = admitted.collect();
        Self { worn, admitted }
    }

    fn between(&self, from: usize, to: usize) -> PacketSet {
        let (worn, admitted) = (self.worn.get(from), self.admitted.get(to));
        let sets = worn.into_iter().flatten();
        let sets = sets.filter_map(|group| admitted.and_then(|admitted| admitted.get(group)));
        sets.fold(PacketSet::empty(), |all, one| all.union(one))
    }
}

/// Finds a packet for what is not needed, else for what passes.
fn prove(landscape: &Landscape<'_>, tiers: &[Tier], flow: &mut TierFlow) {
    let Some(claim) = Claim::of(&flow.answer) else {
        return;
    };
    let unneeded = flow.unneeded();
    let wanted = if unneeded.is_empty() {
        claim.packets(&flow.answer)
    } else {
        &unneeded
    };
    let some = |place: usize| {
        let hosts = tiers.get(place).map(|tier| tier.hosts.as_slice());
        representatives(landscape, hosts.unwrap_or_default())
    };
    let (from, to) = (
        landscape.senders(&some(flow.from)),
        landscape.receivers(&some(flow.to)),
    );
    flow.witness = witness(landscape, &from, &to, claim, wanted);
}

/// Two hosts of each cell stand for all: one of them is another host than the other end.
fn representatives(landscape: &Landscape<'_>, hosts: &[HostId]) -> Vec<HostId> {
    let mut counts: BTreeMap<CellId, usize> = BTreeMap::new();
    let some = hosts.iter().filter(|host| {
        let count = counts.entry(landscape.host(**host).cell).or_default();
        *count += 1;
        *count <= 2
    });
    some.copied().collect()
}
