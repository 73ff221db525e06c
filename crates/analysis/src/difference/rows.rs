//! Rows of two engines, compared target by target.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use engine::{Engine, Reach, ReachId, RowId};
use packet::Family;

use super::kinds::Kinds;
use super::{Changed, Move, Party, PartyKindId, moves};

/// The number of a list of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct MovesId(usize);

/// What changed for targets whose rows are these, by sources.
type Changes = BTreeMap<MovesId, Vec<PartyKindId>>;

/// Targets that share their rows and their family.
type TargetKey = ([Option<RowId>; 2], Family);

/// Targets, by what changed and their sources.
type Gathered = BTreeMap<(MovesId, Vec<PartyKindId>), Vec<PartyKindId>>;

/// All changes, in an order that depends on nothing but the two snapshots.
pub(super) fn changes(kinds: &Kinds<'_, '_>) -> Vec<Changed> {
    let mut comparison = Comparison::new(kinds);
    let mut by_rows: HashMap<TargetKey, Changes> = HashMap::new();
    let mut gathered = Gathered::new();
    for id in kinds.targets() {
        let Some(family) = kinds.family(id) else {
            continue;
        };
        let rows = comparison.rows(id);
        let changed = by_rows
            .entry((rows, family))
            .or_insert_with(|| comparison.compare(rows, family));
        for (moves, sources) in changed {
            let is_met = |source: &PartyKindId| comparison.meets(*source, id);
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
struct Comparison<'k, 'e, 'a> {
    kinds: &'k Kinds<'e, 'a>,
    moves: Vec<Vec<Move>>,
    /// What two answers differ in; `None` if in nothing that matters.
    of_reaches: HashMap<([Option<ReachId>; 2], Family), Option<MovesId>>,
    numbers: HashMap<Vec<Move>, MovesId>,
    /// The numbers that answers have after, by those that they had before.
    same: Rc<HashMap<ReachId, ReachId>>,
}

impl<'k, 'e, 'a> Comparison<'k, 'e, 'a> {
    fn new(kinds: &'k Kinds<'e, 'a>) -> Self {
        Self {
            kinds,
            moves: Vec::new(),
            of_reaches: HashMap::new(),
            numbers: HashMap::new(),
            same: Rc::new(same_reaches(kinds.engines)),
        }
    }

    /// The rows of a target, before and after.
    fn rows(&self, target: PartyKindId) -> [Option<RowId>; 2] {
        let [before, after] = self.kinds.engines;
        let [was, is] = self.kinds.classes(target);
        let was = was.map(|class| before.rows().row_of(class));
        let is = is.map(|class| after.rows().row_of(class));
        [was, is]
    }

    /// What changed for targets of two rows.
    fn compare(&mut self, rows: [Option<RowId>; 2], family: Family) -> Changes {
        let mut changes = Changes::new();
        let (kinds, same) = (self.kinds, self.same.clone());
        let mut add = |id: PartyKindId, pair: [Option<ReachId>; 2]| {
            if kinds.sends(id)
                && let Some(moves) = self.moves_of(pair, family)
                && !kinds.is_empty(id)
            {
                changes.entry(moves).or_default().push(id);
            }
        };
        let [was, is] = [0, 1].map(|side| ranges(kinds, side, rows));
        let is_same = |[was, is]: [Option<ReachId>; 2]| match (was, is) {
            (Some(was), Some(is)) => same.get(&was) == Some(&is),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        for (first, last, pair) in differing((&was, &is), is_same) {
            (first..=last).for_each(|number| add(PartyKindId(number), pair));
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
        let [before, after] = self.kinds.engines;
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
            let joined = self.joined_to(*target);
            let mut widened = [from.as_slice(), &joined].concat();
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
    fn joined_to(&self, target: PartyKindId) -> Vec<PartyKindId> {
        let kinds = self.kinds;
        let sides = kinds.engines.iter().zip(kinds.classes(target)).enumerate();
        let joined = sides.flat_map(|(side, (engine, class))| {
            let joined = class.map_or(&[][..], |class| engine.rows().joined_to(class));
            let joined = joined.iter();
            joined.flat_map(move |class| kinds.of_class(side, *class).into_owned())
        });
        let joined = joined.filter(|id| {
            kinds.sends(*id)
                && kinds.family(*id) == kinds.family(target)
                && !self.meets(*id, target)
        });
        joined.collect()
    }

    /// Those kinds that are not on one host with all of the targets.
    fn that_meet(&self, mut from: Vec<PartyKindId>, to: &[PartyKindId]) -> Vec<PartyKindId> {
        if let [target] = to {
            from.retain(|source| self.meets(*source, *target));
        }
        from
    }

    /// Whether some endpoint of a kind is on another host than some endpoint of the target, on both sides.
    fn meets(&self, source: PartyKindId, target: PartyKindId) -> bool {
        if !self.kinds.is_of_hosts(source) {
            return !self.kinds.is_empty(source) && !self.kinds.is_empty(target);
        }
        let (from, to) = (self.kinds.parties(source), self.kinds.parties(target));
        meeting(self.kinds.engines, &from, &to).is_some()
    }
}

/// The answers that both engines give, by their numbers before and after.
fn same_reaches([before, after]: [&Engine<'_>; 2]) -> HashMap<ReachId, ReachId> {
    let after = after.rows().reaches();
    let after: HashMap<&Reach, ReachId> = after.map(|(id, reach)| (reach, id)).collect();
    let before = before.rows().reaches();
    let same = before.filter_map(|(id, reach)| Some((id, *after.get(reach)?)));
    same.collect()
}

/// Numbers of kinds from one to another, both inclusive, and the answer that they have.
type Range = (usize, usize, ReachId);

/// What a row of a side says, in the order of the kinds.
fn ranges(kinds: &Kinds<'_, '_>, side: usize, rows: [Option<RowId>; 2]) -> Vec<Range> {
    let engine = kinds.engines.get(side);
    let row = engine.zip(rows.get(side).copied().flatten());
    let parts = row.map(|(engine, row)| engine.rows().row(row).parts());
    let ranges = parts.into_iter().flatten().flat_map(|(reach, classes)| {
        let ranges = classes.ranges().iter();
        let ranges = ranges.flat_map(move |range| kinds.of_classes(side, *range));
        ranges.map(move |(first, last)| (first, last, reach))
    });
    let mut ranges: Vec<Range> = ranges.collect();
    ranges.sort_unstable();
    ranges
}

/// Where two rows differ: from one number of a kind to another, both inclusive, with both answers.
fn differing(
    (was, is): (&[Range], &[Range]),
    is_same: impl Fn([Option<ReachId>; 2]) -> bool,
) -> Vec<(usize, usize, [Option<ReachId>; 2])> {
    let all = || was.iter().chain(is);
    let mut cuts: Vec<usize> = all()
        .flat_map(|(first, last, _)| [*first, last + 1])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let pieces = cuts.iter().zip(cuts.iter().skip(1));
    let (mut was, mut is) = (was.iter().peekable(), is.iter().peekable());
    let mut differing = Vec::new();
    for (first, next) in pieces {
        let pair = [&mut was, &mut is].map(|ranges| {
            while ranges.next_if(|(_, last, _)| last < first).is_some() {}
            let range = ranges.peek().filter(|(start, ..)| start <= first);
            range.map(|(.., reach)| *reach)
        });
        if !is_same(pair) {
            differing.push((*first, next - 1, pair));
        }
    }
    differing
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
