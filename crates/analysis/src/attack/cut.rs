//! The smallest set of rule changes that parts a foothold from a target.
//!
//! A piece of evidence is a way, with the rules that let one packet through on each hop: while all of them stay, the way
//! stays open, for groups only ever allow. So every cut changes at least one rule of every piece. The cheapest set that
//! does is tried on the network itself; if a way is left, it is a new piece of evidence, else the set is a cut, and
//! there is no cheaper one.

mod evidence;
mod flow;
mod hitting;
mod loss;
mod narrow;
mod plan;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use engine::Engine;
use model::{
    Change, ChangeError, Index, ResourceId, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot,
};
use packet::{Prefix, is_public};

pub use flow::Flow;

pub(super) use self::evidence::evidence;
use self::hitting::{Cost, minimum};
use self::plan::Planner;
use super::build::{Ends, graph};
use super::graph::{Edge, Graph};
use super::paths::{Path, path};
use super::pivot::PivotModel;
use super::search::{Found, Wanted, cheapest};
use crate::edge::Edge as Lost;
use crate::landscape::{Landscape, Selection};
use crate::subject::Subject;
use crate::witness::RuleAt;

/// What is asked of a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOptions {
    /// What makes a host fall.
    pub model: PivotModel,
    /// What has to pass afterwards as it does before.
    pub keep: Vec<Flow>,
    /// What changing a rule costs, by its id or by the id of its group; the rest costs one.
    pub weights: BTreeMap<ResourceId, u64>,
}

/// The smallest set of rule changes that parts a foothold from a target.
#[derive(Debug, Clone)]
pub struct Cut {
    /// Where the intruder starts.
    pub foothold: Subject,
    /// What he wants.
    pub target: Subject,
    /// What was taken to make a host fall.
    pub model: PivotModel,
    /// Whether there is a cut, and which.
    pub outcome: CutOutcome,
    /// Ways that are not certain, and that are left.
    pub possible: Vec<Path>,
    /// Which of the flows to be kept do not pass as it is, by their place in the list.
    pub not_carried: Vec<usize>,
}

/// Whether there is a cut, and which.
#[derive(Debug, Clone)]
pub enum CutOutcome {
    /// No certain way leads to the target as it is.
    Apart,
    /// These changes part the two.
    Cut {
        /// What to change; there is no cheaper set.
        best: Parting,
        /// Others that cost the same, where one change is enough, the least harmful first.
        others: Vec<Parting>,
    },
    /// No change of rules parts the two.
    None {
        /// A way that stays open.
        path: Path,
        /// The rules on it that flows need, with the flows by their place in the list. None if it meets no rules.
        needed: Vec<(RuleAt, Vec<usize>)>,
    },
}

/// A set of changes that parts the two, with its effect.
#[derive(Debug, Clone)]
pub struct Parting {
    /// What to change.
    pub changes: Vec<RuleChange>,
    /// The same as changes of the snapshot.
    pub edits: Vec<Change>,
    /// What it costs.
    pub weight: u64,
    /// Everything that passes for certain before, and not afterwards.
    pub lost: Vec<Lost>,
}

/// A rule that goes, and what comes instead.
#[derive(Debug, Clone)]
pub struct RuleChange {
    /// The rule.
    pub rule: RuleAt,
    /// What flows that are kept need of it; nothing if the rule just goes.
    pub instead: Vec<SecurityGroupRule>,
    /// The flows that need it, by their place in the list.
    pub needed_by: Vec<usize>,
}

/// So many ways are looked at on each network that is tried.
const WAYS_AT_ONCE: usize = 16;

/// The most hops of a way.
const MAX_HOPS: usize = 64;

/// So many single changes are compared.
const MAX_OTHERS: usize = 8;

/// The smallest set of rule changes that parts a foothold from a target, with what they break.
///
/// # Errors
///
/// If a network cannot be changed so; that is a bug.
pub fn cut(
    landscape: &Landscape<'_>,
    foothold: &Selection,
    target: &Selection,
    options: &CutOptions,
) -> Result<Cut, ChangeError> {
    let search = Search {
        before: landscape,
        foothold,
        target,
        options,
        costs: RefCell::default(),
    };
    let mut planner = Planner::new(landscape, &options.keep);
    let (outcome, possible) = search.run(&mut planner)?;
    Ok(Cut {
        foothold: landscape.selection_subject(foothold),
        target: landscape.selection_subject(target),
        model: options.model.clone(),
        outcome,
        possible,
        not_carried: planner.not_carried(),
    })
}

/// What does not change while cuts are tried.
struct Search<'s, 'a> {
    before: &'s Landscape<'a>,
    foothold: &'s Selection,
    target: &'s Selection,
    options: &'s CutOptions,
    costs: RefCell<BTreeMap<RuleAt, Cost>>,
}

/// What a network says that was tried.
enum Tried {
    /// The two are apart, but for ways that are not certain.
    Apart(Vec<Path>),
    /// These rules carry ways, each of which has to lose one.
    Connected(Vec<BTreeSet<RuleAt>>),
    /// A way is open that no change closes.
    Stuck(Path, Vec<(RuleAt, Vec<usize>)>),
}

impl Search<'_, '_> {
    fn run(&self, planner: &mut Planner<'_, '_>) -> Result<(CutOutcome, Vec<Path>), ChangeError> {
        let mut evidence: Vec<BTreeSet<RuleAt>> = Vec::new();
        loop {
            let chosen = minimum(&evidence, &|rule| self.cost(rule));
            let after = self.before.snapshot().with(&planner.changes(&chosen))?;
            match self.try_network(&after, &chosen, planner)? {
                Tried::Apart(possible) if chosen.is_empty() => {
                    return Ok((CutOutcome::Apart, possible));
                }
                Tried::Apart(possible) => {
                    if !planner.all_kept(&after) {
                        planner.widen(&chosen);
                        evidence.clear();
                        continue;
                    }
                    let outcome = self.cut_of(&chosen, &evidence, planner)?;
                    return Ok((outcome, possible));
                }
                Tried::Connected(more) => evidence.extend(more),
                Tried::Stuck(path, needed) => {
                    return Ok((CutOutcome::None { path, needed }, Vec::new()));
                }
            }
        }
    }

    /// Of cuts that cost the same, the one that changes narrower rules of smaller groups comes first.
    fn cost(&self, rule: &RuleAt) -> Cost {
        let mut costs = self.costs.borrow_mut();
        *costs.entry(*rule).or_insert_with(|| Cost {
            weight: self.weight(rule),
            breadth: breadth(self.before, rule),
        })
    }

    fn weight(&self, at: &RuleAt) -> u64 {
        let snapshot = self.before.snapshot();
        let id = at.rule(snapshot).and_then(|rule| rule.id.as_ref());
        let group = &snapshot.groups().get(at.group).id;
        let mut told = id.into_iter().chain([group]);
        told.find_map(|id| self.options.weights.get(id))
            .copied()
            .unwrap_or(1)
            .max(1)
    }

    fn graph(&self, landscape: &Landscape<'_>) -> Graph {
        let ends = Ends {
            foothold: Some(self.foothold),
            target: self.target,
        };
        graph(landscape, ends, &self.options.model)
    }

    /// Looks for ways on a changed network.
    fn try_network(
        &self,
        after: &Snapshot,
        chosen: &BTreeSet<RuleAt>,
        planner: &mut Planner<'_, '_>,
    ) -> Result<Tried, ChangeError> {
        let engine = self.before.engine().with_rules_of(after);
        let engine = engine.unwrap_or_else(|| Engine::new(after));
        let landscape = Landscape::new(&engine);
        let graph = self.graph(&landscape);
        let found = ways(&graph, false, WAYS_AT_ONCE);
        if found.ways.is_empty() {
            let possible = ways(&graph, true, 3);
            let told = possible.ways.iter();
            let told = told.map(|way| path(&landscape, &graph, way));
            return Ok(Tried::Apart(told.collect()));
        }
        let mut all = Vec::new();
        for way in &found.ways {
            let (mut closing, mut needed) = (BTreeSet::new(), Vec::new());
            for piece in evidence(&landscape, &graph, way) {
                let Some(rule) = self.original(after, piece.rule, chosen) else {
                    // What flows need of a rule that was changed.
                    needed.extend(planner.needs_of(chosen, after, piece.rule));
                    continue;
                };
                if planner.closes(rule, &piece)? {
                    closing.insert(rule);
                } else {
                    needed.push((rule, planner.needed_by(rule)));
                }
            }
            if closing.is_empty() {
                needed.dedup();
                return Ok(Tried::Stuck(path(&landscape, &graph, way), needed));
            }
            all.push(closing);
        }
        Ok(Tried::Connected(all))
    }

    /// The rule that a rule of a changed network is, unless it came with the changes.
    fn original(&self, after: &Snapshot, at: RuleAt, chosen: &BTreeSet<RuleAt>) -> Option<RuleAt> {
        let rule = at.rule(after)?;
        let rules = &self.before.snapshot().groups().get(at.group).rules;
        let number = rules.iter().position(|other| plan::is_same(rule, other))?;
        let at = RuleAt {
            group: at.group,
            number,
        };
        (!chosen.contains(&at)).then_some(at)
    }

    /// The cut, beside others where one change is enough.
    fn cut_of(
        &self,
        chosen: &BTreeSet<RuleAt>,
        evidence: &[BTreeSet<RuleAt>],
        planner: &mut Planner<'_, '_>,
    ) -> Result<CutOutcome, ChangeError> {
        let mut all = vec![self.parting(chosen, planner)?];
        if let (Some(only), 1) = (chosen.first(), chosen.len()) {
            let mut others = evidence.iter().cloned();
            let first = others.next().unwrap_or_default();
            let common = others.fold(first, |common, rules| &common & &rules);
            let alike = common
                .into_iter()
                .filter(|rule| rule != only && self.weight(rule) == self.weight(only));
            for rule in alike.take(MAX_OTHERS) {
                all.extend(self.also_parts(rule, planner)?);
            }
        }
        all.sort_by_key(|parting| loss::size(&parting.lost));
        let mut all = all.into_iter();
        let best = all.next().unwrap_or(Parting {
            changes: Vec::new(),
            edits: Vec::new(),
            weight: 0,
            lost: Vec::new(),
        });
        Ok(CutOutcome::Cut {
            best,
            others: all.collect(),
        })
    }

    /// A single change, if it is a cut too.
    fn also_parts(
        &self,
        rule: RuleAt,
        planner: &mut Planner<'_, '_>,
    ) -> Result<Option<Parting>, ChangeError> {
        let chosen = BTreeSet::from([rule]);
        let after = self.before.snapshot().with(&planner.changes(&chosen))?;
        let tried = self.try_network(&after, &chosen, planner)?;
        if matches!(tried, Tried::Apart(_)) && planner.all_kept(&after) {
            return self.parting(&chosen, planner).map(Some);
        }
        Ok(None)
    }

    fn parting(
        &self,
        chosen: &BTreeSet<RuleAt>,
        planner: &Planner<'_, '_>,
    ) -> Result<Parting, ChangeError> {
        let edits = planner.changes(chosen);
        let after = self.before.snapshot().with(&edits)?;
        let engine = Engine::new(&after);
        let groups = chosen.iter().map(|rule| rule.group).collect();
        Ok(Parting {
            changes: chosen.iter().map(|rule| planner.change(*rule)).collect(),
            edits,
            weight: chosen.iter().map(|rule| self.weight(rule)).sum(),
            lost: loss::lost(self.before, &Landscape::new(&engine), &groups),
        })
    }
}

fn ways(graph: &Graph, is_possible: bool, max_ways: usize) -> Found {
    let wanted = Wanted {
        is_possible,
        cost: &|_: &Edge| 1,
        max_hops: MAX_HOPS,
        max_ways,
    };
    cheapest(graph, wanted)
}

/// How much a rule allows, roughly: interfaces that wear its group, times how many services it has, times those at the
/// other end.
fn breadth(landscape: &Landscape<'_>, at: &RuleAt) -> u64 {
    let snapshot = landscape.snapshot();
    let Some(rule) = at.rule(snapshot) else {
        return 0;
    };
    let wearing = |wanted: Index<SecurityGroup>| {
        let interfaces = snapshot.interfaces().rows().iter();
        let wearers = interfaces.filter(|interface| {
            let mut groups = interface.groups.iter();
            groups.any(|group| group.target() == Some(wanted))
        });
        wearers.count() as u64
    };
    let within = |blocks: &[Prefix]| {
        let interfaces = snapshot.interfaces().rows().iter();
        let held = interfaces.filter(|interface| {
            let mut held = interface.addresses.iter();
            held.any(|held| blocks.iter().any(|block| block.contains(held.address)))
        });
        // Whoever is outside counts as one more for each block that reaches there.
        let outside = blocks
            .iter()
            .filter(|block| is_public(block.first()) || is_public(block.last()));
        (held.count() + outside.count()) as u64
    };
    let peers = match &rule.peer {
        RulePeer::Cidr(block) => within(&[*block]),
        RulePeer::Group(reference) => reference.group.target().map_or(0, wearing),
        RulePeer::PrefixList(link) => {
            let list = link.target().map(|list| snapshot.prefix_lists().get(list));
            let entries = list.and_then(|list| list.entries.as_deref());
            entries.map_or(u64::MAX, within)
        }
    };
    let services = plan::n_services(rule.service);
    wearing(at.group)
        .saturating_mul(services)
        .saturating_mul(peers.max(1))
}
