//! Exact reachability for all classes of endpoints.
//!
//! # Tour
//!
//! [`Engine::new`] cuts the network into [`Class`]es of endpoints that behave alike. [`Engine::reach`] answers for a
//! pair of endpoints, [`Engine::between`] for a pair of classes; both with a [`Reach`]: exact sets of packets that
//! certainly pass, and that possibly pass.
//!
//! The module `semantics` holds one file per AWS mechanism. It follows all packets between two addresses at once:
//! addresses are concrete, since a class is represented by any of its members, and protocols and ports are sets.
//!
//! # Guarantees
//!
//! A packet outside `possible` is blocked whatever the input leaves open; one in `certain` is answered. The answers are
//! those of `docs/semantics/forwarding.md`, and the same for any order of questions.
//!
//! # Limits
//!
//! What the model does not hold is undetermined, never blocked.

mod address_line;
mod answers;
mod appliance;
mod asks;
mod bystander;
mod carried;
mod carriers;
mod class;
mod delegated;
mod departure;
mod dress;
mod filter;
mod fronts;
mod gathering;
mod interner;
mod joined;
mod links;
mod near_lines;
mod network;
mod placement;
mod reach;
mod resurvey;
mod revisit;
mod rows;
mod semantics;
mod shapes;
mod shared_ways;
mod survey;
mod surveyor;
mod terrain;
mod touched;
mod tunnels;
mod way;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use model::{Change, Endpoint, RulePeer, Snapshot, Steps};
use packet::Prefix;
use rustc_hash::FxHashMap;

pub use class::{Class, ClassId};
pub use reach::Reach;
pub use rows::{ClassSet, ReachId, Row, RowCounts, RowId, Rows};

use class::Classes;
use semantics::{Question, Semantics};
use survey::Survey;
use touched::Touched;

/// Answers who can reach whom in one snapshot.
#[derive(Debug)]
pub struct Engine<'a> {
    snapshot: &'a Snapshot,
    semantics: Semantics<'a>,
    classes: Arc<Classes>,
    answers: Mutex<FxHashMap<(ClassId, ClassId), Reach>>,
    survey: OnceLock<Survey>,
    steps: Arc<Steps>,
}

impl<'a> Engine<'a> {
    /// Prepares a snapshot for questions.
    ///
    /// # Cost
    ///
    /// A sort of the endpoints.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self::over(snapshot, Semantics::new(snapshot))
    }

    /// The same, to be compared with another snapshot whose engine is made alongside this one: classes of both outside
    /// the network stand for the same blocks.
    pub fn alongside(snapshot: &'a Snapshot, other: &Snapshot) -> Self {
        Self::over(snapshot, Semantics::alongside(snapshot, other))
    }

    fn over(snapshot: &'a Snapshot, semantics: Semantics<'a>) -> Self {
        let classes = Classes::of(&semantics.network, &semantics.lines.whole);
        Self {
            snapshot,
            semantics,
            classes: Arc::new(classes),
            answers: Mutex::default(),
            survey: OnceLock::new(),
            steps: Arc::default(),
        }
    }

    /// The same, to be watched while it finds the answers for all pairs: each site of targets is a step.
    #[must_use]
    pub fn counting(self, steps: Arc<Steps>) -> Self {
        Self { steps, ..self }
    }

    /// An engine for a snapshot that differs from this one's in rules of groups only: it has the same classes, and all
    /// answers that the rules do not touch. `None` if more may differ, or if they name a block of addresses that neither
    /// this snapshot nor the one [alongside](Self::alongside) which this engine was made names.
    ///
    /// # Cost
    ///
    /// The rows of those who wear a changed group, and of the sites to which ways lead that meet it; and where rules of
    /// egress changed, what their wearers send to where those may match.
    pub fn with_rules_of<'b>(&self, snapshot: &'b Snapshot) -> Option<Engine<'b>> {
        let changed = snapshot.changed_rules(self.snapshot)?;
        let named = changed
            .iter()
            .flat_map(|group| &snapshot.groups().get(*group).rules);
        let mut blocks = named.filter_map(|rule| match &rule.peer {
            RulePeer::Cidr(block) => Some(block),
            RulePeer::Group(_) | RulePeer::PrefixList(_) => None,
        });
        let lines = &self.semantics.lines;
        let is_cut = |block: &Prefix| {
            [&lines.whole, &lines.of_groups]
                .iter()
                .all(|line| line.blocks().contains(block))
        };
        blocks.all(is_cut).then_some(())?;
        let semantics = self.semantics.with_rules_of(snapshot);
        let survey = self
            .survey()
            .again(self.snapshot, (&semantics, &self.classes), &changed);
        Some(Engine {
            snapshot,
            semantics,
            classes: self.classes.clone(),
            answers: Mutex::default(),
            survey: OnceLock::from(survey),
            steps: Arc::default(),
        })
    }

    /// An engine for the snapshot that changes [made](Snapshot::with) of this one's. It is made alongside this one, and
    /// has all answers that the changes do not touch.
    ///
    /// # Cost
    ///
    /// For changes of rules that name no new block, as [with rules of](Self::with_rules_of). Else classes are found again,
    /// and the rows of those that stand in a VPC which a change touches, what those send, and the rows of the sites to which
    /// ways came by it. If anything may be touched, nothing until answers are asked for, and then all pairs.
    pub fn after<'b, 'c>(
        &self,
        snapshot: &'b Snapshot,
        changes: impl IntoIterator<Item = &'c Change>,
    ) -> Engine<'b> {
        if let Some(engine) = self.with_rules_of(snapshot) {
            return engine;
        }
        let engine = Engine::alongside(snapshot, self.snapshot);
        let networks = [&*self.semantics.network, &*engine.semantics.network];
        let touched = Touched::by(networks, changes);
        let survey = touched.map(|touched| {
            let old = (&self.semantics, &*self.classes);
            let new = (&engine.semantics, &*engine.classes);
            self.survey().revisited([old, new], &touched)
        });
        Engine {
            survey: survey.map_or_else(OnceLock::new, OnceLock::from),
            ..engine
        }
    }

    /// Whether two engines have the same classes, by the same numbers.
    pub fn shares_classes_with(&self, other: &Engine<'_>) -> bool {
        Arc::ptr_eq(&self.classes, &other.classes)
    }

    /// The snapshot that the answers are about.
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// All classes: those of interfaces, then of offices, then of the internet.
    pub fn classes(
        &self,
    ) -> impl ExactSizeIterator<Item = (ClassId, &Class)> + DoubleEndedIterator {
        self.classes
            .all
            .iter()
            .enumerate()
            .map(|(number, class)| (ClassId::at(number), class))
    }

    /// A class of this engine.
    pub fn class(&self, id: ClassId) -> &Class {
        #[expect(
            clippy::indexing_slicing,
            reason = "ids are only made by the classes of an engine"
        )]
        &self.classes.all[id.number()]
    }

    /// The class of an endpoint; `None` for unknown addresses.
    pub fn class_of(&self, endpoint: &Endpoint) -> Option<ClassId> {
        self.classes.class_of(
            endpoint,
            &self.semantics.network,
            &self.semantics.lines.whole,
        )
    }

    /// Whether an address belongs to the host of an endpoint: what goes there meets no filter.
    pub fn is_same_host(&self, from: &Endpoint, to: &Endpoint) -> bool {
        self.semantics.is_same_host(from, to)
    }

    /// Which packets pass from one endpoint to another.
    ///
    /// # Cost
    ///
    /// A lookup if all pairs are known, or the two classes were asked before; else the way is followed once.
    pub fn reach(&self, from: &Endpoint, to: &Endpoint) -> Reach {
        let classes = self.class_of(from).zip(self.class_of(to));
        match classes {
            Some(pair) if !self.semantics.is_same_host(from, to) => self.answer(pair, from, to),
            Some(_) | None => self.ask(from, to),
        }
    }

    /// Which packets would pass from an endpoint of a host to the double of one of its endpoints: one of another host that
    /// is like this one in subnets, groups and everything that rules and routes see of its addresses.
    ///
    /// # Cost
    ///
    /// The way is followed once.
    pub fn reach_of_double(&self, from: &Endpoint, to: &Endpoint) -> Reach {
        let outcome = match from {
            Endpoint::Interface { interface, address } => {
                self.semantics.follow_to_double((*interface, *address), *to)
            }
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => {
                return self.reach(from, to);
            }
        };
        Reach::of(&outcome)
    }

    /// Which packets pass from any endpoint of one class to any of another that is on another host.
    ///
    /// `None` if there are no such two endpoints.
    ///
    /// # Cost
    ///
    /// The way is followed once. The answer is not kept: whoever asks for all pairs keeps what it needs of them.
    pub fn between(&self, from: ClassId, to: ClassId) -> Option<Reach> {
        let (sources, targets) = (&self.class(from).endpoints, &self.class(to).endpoints);
        let question = terrain::first_pair(&self.semantics, sources, targets)?;
        Some(Reach::of(&self.semantics.follow_question(&question)))
    }

    /// The answers for all pairs of classes.
    ///
    /// # Cost
    ///
    /// The first time, one way is followed between any two places; then a lookup.
    pub fn rows(&self) -> &Rows {
        &self.survey().rows
    }

    /// The answers for all pairs of classes, if somebody has asked for them before.
    pub fn known_rows(&self) -> Option<&Rows> {
        self.survey.get().map(|survey| &survey.rows)
    }

    fn survey(&self) -> &Survey {
        self.survey
            .get_or_init(|| Survey::of(&self.semantics, &self.classes, self.steps.clone()))
    }

    fn answer(&self, pair: (ClassId, ClassId), from: &Endpoint, to: &Endpoint) -> Reach {
        let is_outside = |class: ClassId| self.class(class).block.is_some();
        if let Some(Survey { rows, .. }) = self.survey.get()
            && !(is_outside(pair.0) && is_outside(pair.1))
        {
            let known = rows.between(pair.0, pair.1).cloned();
            return known.unwrap_or_else(Reach::nothing);
        }
        let known = self
            .answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&pair)
            .cloned();
        known.unwrap_or_else(|| {
            let reach = self.ask(from, to);
            self.answers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(pair, reach.clone());
            reach
        })
    }

    fn ask(&self, from: &Endpoint, to: &Endpoint) -> Reach {
        let question = Question::of(*from, *to);
        Reach::of(&self.semantics.follow_question(&question))
    }
}

#[cfg(test)]
mod tests {
    use model::Change;
    use testkit::{Random, random_change, random_network};

    use super::*;

    fn assert_rows_are_ways(engine: &Engine<'_>, seed: u64) {
        for (from, source) in engine.classes() {
            for (to, target) in engine.classes() {
                if source.block.is_some() && target.block.is_some() {
                    continue;
                }
                let followed = engine.between(from, to).filter(|it| !it.is_nothing());
                assert_eq!(
                    engine.rows().between(from, to),
                    followed.as_ref(),
                    "seed {seed}: {source:?} to {target:?}"
                );
            }
        }
    }

    /// The next change of a rule that comes to mind.
    fn change_of_rule(snapshot: &Snapshot, random: &mut Random) -> Option<Snapshot> {
        let changes = (0..50).filter_map(|_| random_change(snapshot, random));
        let is_of_rule =
            |one: &Change| matches!(one, Change::AddRule { .. } | Change::RemoveRule(_));
        let mut made = changes
            .filter(is_of_rule)
            .filter_map(|change| snapshot.with([&change]).ok());
        made.next()
    }

    /// After some changes of rules, what was not found out again is what it would be if it were.
    #[test]
    fn rows_after_changes_of_rules_are_the_ways_of_all_pairs() {
        // In the last but one, who speaks for an office is whom the office calls; in the last one, ways come back to the
        // VPC in which they start.
        let mut n_changes = 0;
        for seed in (0..120).chain([2978, 5449]) {
            let mut random = Random::new(seed);
            let before = random_network(seed).unwrap().snapshot();
            let mut steps: Vec<Snapshot> = Vec::new();
            for _ in 0..=seed % 3 {
                let last = steps.last().unwrap_or(&before);
                steps.extend(change_of_rule(last, &mut random));
            }
            let Some(first) = steps.first() else {
                continue;
            };
            let start = Engine::alongside(&before, first);
            let mut engine = start.with_rules_of(first).unwrap();
            for step in &steps {
                let Some(next) = engine.with_rules_of(step) else {
                    break;
                };
                engine = next;
                n_changes += 1;
                assert_rows_are_ways(&engine, seed);
            }
        }
        assert!(120 < n_changes, "{n_changes}");
    }

    /// The same for changes of any kind, which carry over what they do not touch.
    #[test]
    fn rows_after_changes_are_the_ways_of_all_pairs() {
        // In the last ones: a way comes by a third VPC; an office and a VPC hold one address; a route leads to a NAT
        // gateway of another VPC; a host that others are told apart from has the address of one in an office.
        let mut n_carried = 0;
        for seed in (0..200).chain([3430, 46_259, 115_653, 226_393]) {
            let mut random = Random::new(seed);
            let before = random_network(seed).unwrap().snapshot();
            let mut changes: Vec<Change> = Vec::new();
            let mut after = before.clone();
            for _ in 0..=seed % 3 {
                let Some(change) = random_change(&after, &mut random) else {
                    continue;
                };
                if let Ok(next) = after.with([&change]) {
                    changes.push(change);
                    after = next;
                }
            }
            let engine = Engine::new(&before).after(&after, &changes);
            if engine.known_rows().is_some() {
                n_carried += 1;
                assert_rows_are_ways(&engine, seed);
            }
        }
        assert!(120 < n_carried, "{n_carried}");
    }

    /// What the rows say of two classes is what following their pair says.
    #[test]
    fn rows_are_the_ways_of_all_pairs() {
        // In the last ones: interfaces that accept nothing wear what others wear; a rule tells two senders of one VPC apart;
        // all that stand at two sites are on one host; an office hears two senders apart; replies come back by the internet
        // to who left by a transit gateway; a load balancer refuses the host of its target;
        // replies come to another VPC, in which others hold the same addresses; a NAT gateway hands nothing on to a sender
        // whom nothing would be answered anyway.
        for seed in (0..120).chain([3017, 3675, 12022, 43683, 49305, 108_053, 171_889, 337_571]) {
            let snapshot = random_network(seed).unwrap().snapshot();
            assert_rows_are_ways(&Engine::new(&snapshot), seed);
        }
    }

    /// Every pair of members of two classes gets the answer of its classes, asked by itself.
    #[test]
    fn members_of_a_class_behave_alike() {
        for seed in 0..30 {
            let snapshot = random_network(seed).unwrap().snapshot();
            let engine = Engine::new(&snapshot);
            let endpoints: Vec<Endpoint> = engine
                .classes()
                .flat_map(|(_, class)| class.endpoints.iter().copied())
                .collect();
            for from in &endpoints {
                for to in &endpoints {
                    let alone = engine.ask(from, to);
                    let shared = engine.reach(from, to);
                    assert_eq!(shared, alone, "seed {seed}: {from:?} to {to:?}");
                    assert!(
                        shared.certain.is_subset(&shared.possible),
                        "seed {seed}: {from:?} to {to:?}"
                    );
                    assert!(
                        shared.certain.is_subset(&shared.delivered),
                        "seed {seed}: {from:?} to {to:?}"
                    );
                }
            }
        }
    }
}
