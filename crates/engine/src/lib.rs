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
mod carriers;
mod class;
mod departure;
mod dress;
mod filter;
mod fronts;
mod interner;
mod joined;
mod links;
mod near_lines;
mod network;
mod placement;
mod reach;
mod rows;
mod semantics;
mod shapes;
mod shared_ways;
mod survey;
mod terrain;
mod tunnels;
mod way;

use std::sync::{Mutex, OnceLock, PoisonError};

use model::{Endpoint, Snapshot};
use rustc_hash::FxHashMap;

pub use class::{Class, ClassId};
pub use reach::Reach;
pub use rows::{ClassSet, ReachId, Row, RowCounts, RowId, Rows};

use class::Classes;
use semantics::{Question, Semantics};

/// Answers who can reach whom in one snapshot.
#[derive(Debug)]
pub struct Engine<'a> {
    snapshot: &'a Snapshot,
    semantics: Semantics<'a>,
    classes: Classes,
    answers: Mutex<FxHashMap<(ClassId, ClassId), Reach>>,
    rows: OnceLock<Rows>,
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
            classes,
            answers: Mutex::default(),
            rows: OnceLock::new(),
        }
    }

    /// The snapshot that the answers are about.
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// All classes: those of interfaces, then of offices, then of the internet.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = (ClassId, &Class)> {
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
        self.rows
            .get_or_init(|| survey::survey(&self.semantics, &self.classes))
    }

    fn answer(&self, pair: (ClassId, ClassId), from: &Endpoint, to: &Endpoint) -> Reach {
        let is_outside = |class: ClassId| self.class(class).block.is_some();
        if let Some(rows) = self.rows.get()
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
    use super::*;

    /// What the rows say of two classes is what following their pair says.
    #[test]
    fn rows_are_the_ways_of_all_pairs() {
        // In the last but one, interfaces that accept nothing wear what others wear; in the last one, a rule tells two
        // senders of one VPC apart.
        for seed in (0..120).chain([3017, 3675]) {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
            let engine = Engine::new(&snapshot);
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
    }

    /// Every pair of members of two classes gets the answer of its classes, asked by itself.
    #[test]
    fn members_of_a_class_behave_alike() {
        for seed in 0..30 {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
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
