//! Rows of two engines, compared target by target.

use std::collections::{BTreeMap, HashMap};

use engine::{ClassId, Engine, ReachId, RowId};
use packet::Family;

use super::kinds::{Kind, Kinds};
use super::{Changed, Move, Party, PartyKindId, moves};

/// The number of a list of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct MovesId(usize);

/// What changed for targets whose rows are these, by sources.
type Changes = BTreeMap<MovesId, Vec<PartyKindId>>;

/// Targets that share their rows and their family.
type TargetKey = (Option<RowId>, Option<RowId>, Family);

/// Targets, by what changed and their sources.
type Gathered = BTreeMap<(MovesId, Vec<PartyKindId>), Vec<PartyKindId>>;

/// All changes, in an order that depends on nothing but the two snapshots.
pub(super) fn changes(before: &Engine<'_>, after: &Engine<'_>, kinds: &Kinds) -> Vec<Changed> {
    let mut comparison = Comparison::new(before, after, kinds);
    let mut by_rows: HashMap<TargetKey, Changes> = HashMap::new();
    let mut gathered = Gathered::new();
    for (id, target) in kinds.iter() {
        let Some(family) = target.family else {
            continue;
        };
        let rows = (
            target.before.map(|class| before.rows().row_of(class)),
            target.after.map(|class| after.rows().row_of(class)),
            family,
        );
        let changed = by_rows
            .entry(rows)
            .or_insert_with(|| comparison.compare(rows));
        for (moves, sources) in changed {
            let is_met = |source: &PartyKindId| comparison.meets(*source, target);
            if sources.iter().any(is_met) {
                let key = (*moves, sources.clone());
                gathered.entry(key).or_default().push(id);
            }
        }
    }
    let changed = comparison.with_each_other(gathered).into_iter();
    let changed = changed.filter_map(|((moves, from), to)| {
        let moves = comparison.moves.get(moves.0)?.clone();
        let from = comparison.that_meet(from, &to);
        Some(Changed { from, to, moves })
    });
    let mut changed: Vec<Changed> = changed.collect();
    changed.sort_unstable_by(|a, b| (&a.to, &a.from, &a.moves).cmp(&(&b.to, &b.from, &b.moves)));
    changed
}

/// What was found out while comparing.
struct Comparison<'e, 'a> {
    engines: [&'e Engine<'a>; 2],
    kinds: &'e Kinds,
    /// The kinds of each class, of either side.
    by_class: [HashMap<ClassId, Vec<PartyKindId>>; 2],
    moves: Vec<Vec<Move>>,
    /// What two answers differ in; `None` if in nothing that matters.
    of_reaches: HashMap<([Option<ReachId>; 2], Family), Option<MovesId>>,
    numbers: HashMap<Vec<Move>, MovesId>,
}

impl<'e, 'a> Comparison<'e, 'a> {
    fn new(before: &'e Engine<'a>, after: &'e Engine<'a>, kinds: &'e Kinds) -> Self {
        let mut by_class = [HashMap::new(), HashMap::new()];
        for (id, kind) in kinds.iter() {
            for (kinds, class) in by_class.iter_mut().zip([kind.before, kind.after]) {
                if let Some(class) = class {
                    kinds.entry(class).or_insert_with(Vec::new).push(id);
                }
            }
        }
        Self {
            engines: [before, after],
            kinds,
            by_class,
            moves: Vec::new(),
            of_reaches: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    /// What changed for targets of two rows.
    fn compare(&mut self, (was, is, family): TargetKey) -> Changes {
        let [before, after] = self.engines;
        let (was, is) = (by_source(before, was), by_source(after, is));
        let mut changes = Changes::new();
        let kinds = self.kinds;
        for (id, source) in kinds.iter().filter(|(_, kind)| kind.sends) {
            let reach = |rows: &[Option<ReachId>], class: Option<ClassId>| {
                class.and_then(|class| rows.get(class.number()).copied().flatten())
            };
            let pair = [reach(&was, source.before), reach(&is, source.after)];
            if let Some(moves) = self.moves_of(pair, family) {
                changes.entry(moves).or_default().push(id);
            }
        }
        changes
    }

    fn moves_of(&mut self, pair: [Option<ReachId>; 2], family: Family) -> Option<MovesId> {
        if pair == [None, None] {
            return None;
        }
        if let Some(known) = self.of_reaches.get(&(pair, family)) {
            return *known;
        }
        let [before, after] = self.engines;
        let [was, is] = pair;
        let was = was.map(|id| before.rows().reach(id));
        let is = is.map(|id| after.rows().reach(id));
        let found = moves(was, is, family);
        let id = (!found.is_empty()).then(|| self.number(found));
        self.of_reaches.insert((pair, family), id);
        id
    }

    fn number(&mut self, found: Vec<Move>) -> MovesId {
        if let Some(id) = self.numbers.get(&found) {
            return *id;
        }
        let id = MovesId(self.moves.len());
        self.moves.push(found.clone());
        self.numbers.insert(found, id);
        id
    }

    /// Puts targets together that are reached by each other, and all by the same others: what is on the host of a target
    /// is not meant, so it may stand among the sources.
    fn with_each_other(&self, gathered: Gathered) -> Gathered {
        let mut wider: BTreeMap<_, Vec<(Vec<PartyKindId>, Vec<PartyKindId>)>> = BTreeMap::new();
        let mut all = Gathered::new();
        for ((moves, from), to) in gathered {
            let [target] = to.as_slice() else {
                all.insert((moves, from), to);
                continue;
            };
            let target = self.kinds.all.get(target.0);
            let joined = target.map(|target| self.joined_to(target));
            let mut widened = [from.as_slice(), &joined.unwrap_or_default()].concat();
            widened.sort_unstable();
            widened.dedup();
            wider.entry((moves, widened)).or_default().push((from, to));
        }
        for ((moves, widened), entries) in wider {
            if entries.len() > 1 {
                let targets = entries.into_iter().flat_map(|(_, to)| to);
                let mut targets: Vec<PartyKindId> = targets.collect();
                targets.sort_unstable();
                all.insert((moves, widened), targets);
            } else {
                let entries = entries.into_iter();
                all.extend(entries.map(|(from, to)| ((moves, from), to)));
            }
        }
        all
    }

    /// Kinds that are on one host with all of a target.
    fn joined_to(&self, target: &Kind) -> Vec<PartyKindId> {
        let sides = self.engines.iter().zip([target.before, target.after]);
        let joined = sides
            .zip(&self.by_class)
            .flat_map(|((engine, class), kinds)| {
                let joined = class.map_or(&[][..], |class| engine.rows().joined_to(class));
                joined.iter().filter_map(|class| kinds.get(class)).flatten()
            });
        let joined = joined.filter(|id| {
            let kind = self.kinds.all.get(id.0);
            kind.is_some_and(|kind| kind.sends && kind.family == target.family)
                && !self.meets(**id, target)
        });
        joined.copied().collect()
    }

    /// Those kinds that are not on one host with all of the targets.
    fn that_meet(&self, mut from: Vec<PartyKindId>, to: &[PartyKindId]) -> Vec<PartyKindId> {
        if let [target] = to
            && let Some(target) = self.kinds.all.get(target.0)
        {
            from.retain(|source| self.meets(*source, target));
        }
        from
    }

    /// Whether some endpoint of a kind is on another host than some endpoint of the target, on both sides.
    fn meets(&self, source: PartyKindId, target: &Kind) -> bool {
        let Some(source) = self.kinds.all.get(source.0) else {
            return false;
        };
        meeting(
            self.engines,
            &source.members.parties,
            &target.members.parties,
        )
        .is_some()
    }
}

/// The answer of each class in a row.
fn by_source(engine: &Engine<'_>, row: Option<RowId>) -> Vec<Option<ReachId>> {
    let mut all = vec![None; engine.classes().len()];
    let parts = row
        .into_iter()
        .flat_map(|row| engine.rows().row(row).parts());
    for (reach, classes) in parts {
        for class in classes.iter() {
            if let Some(slot) = all.get_mut(class.number()) {
                *slot = Some(reach);
            }
        }
    }
    all
}

/// Two endpoints that are on different hosts, on both sides.
pub(super) fn meeting(
    engines: [&Engine<'_>; 2],
    from: &[Party],
    to: &[Party],
) -> Option<(Party, Party)> {
    let [before, after] = engines;
    let pairs = from
        .iter()
        .flat_map(|source| to.iter().map(move |target| (*source, *target)));
    pairs.into_iter().find(|(source, target)| {
        let is_one = |engine: &Engine<'_>, ends: Option<(model::Endpoint, model::Endpoint)>| {
            ends.is_some_and(|(a, b)| engine.is_same_host(&a, &b))
        };
        !is_one(before, source.before.zip(target.before))
            && !is_one(after, source.after.zip(target.after))
    })
}
