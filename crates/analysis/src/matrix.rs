//! The answers for all pairs of cells.
//!
//! Kept by target: few cells differ in who reaches them, so few rows are kept, and each tells sets of cells by answer.

use std::collections::{BTreeMap, HashMap};

use engine::{ClassId, Engine, RowId, Rows};
use packet::Family;

use crate::answer::Answer;
use crate::host::{Cell, CellId};

/// The number of an answer that some pair of cells has. Zero is that nothing passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AnswerId(u32);

/// The number of a row that some cells share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CellRowId(usize);

/// Cells, as sorted ranges of their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct CellSet {
    // INVARIANT: sorted, disjoint, not adjacent, both ends inclusive.
    ranges: Vec<(CellId, CellId)>,
}

/// Who reaches a cell, by answer; what it says of the cell itself counts for nothing.
pub(crate) type CellRow = Vec<(AnswerId, CellSet)>;

/// The answers for all pairs of cells.
#[derive(Debug)]
pub(crate) struct Matrix {
    answers: Vec<Answer>,
    rows: Vec<CellRow>,
    by_target: Vec<CellRowId>,
    /// What passes from one host of a cell to another.
    within: Vec<AnswerId>,
}

/// What a row of cells is made of: for each address of the target the row of its class, and the classes that never meet
/// it.
type Recipe = Vec<(RowId, Family, Vec<ClassId>)>;

impl AnswerId {
    /// That nothing passes.
    pub(crate) const NOTHING: Self = Self(0);

    pub(crate) const fn number(self) -> usize {
        self.0 as usize
    }
}

impl CellRowId {
    pub(crate) const fn number(self) -> usize {
        self.0
    }
}

impl CellSet {
    /// All cells, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = CellId> {
        let ranges = self.ranges.iter();
        ranges.flat_map(|(first, last)| (first.0..=last.0).map(CellId))
    }

    pub(crate) fn ranges(&self) -> &[(CellId, CellId)] {
        &self.ranges
    }

    pub(crate) fn contains(&self, cell: CellId) -> bool {
        let next = self.ranges.partition_point(|(first, _)| *first <= cell);
        let range = next.checked_sub(1).and_then(|place| self.ranges.get(place));
        range.is_some_and(|(_, last)| cell <= *last)
    }
}

impl Matrix {
    /// `within` tells what passes from one host of a cell to another.
    pub(crate) fn of(
        engine: &Engine<'_>,
        cells: &[Cell],
        within: impl Fn(&Cell) -> Answer,
    ) -> Self {
        let mut builder = Builder::new(engine, cells);
        let mut known: BTreeMap<Recipe, CellRowId> = BTreeMap::new();
        let (mut rows, mut by_target) = (Vec::new(), Vec::with_capacity(cells.len()));
        for number in 0..cells.len() {
            let recipe = builder.recipe(CellId(number));
            let id = *known.entry(recipe).or_insert_with_key(|recipe| {
                rows.push(builder.row(recipe));
                CellRowId(rows.len() - 1)
            });
            by_target.push(id);
        }
        let within = cells
            .iter()
            .map(|cell| builder.answers.number(within(cell)));
        Self {
            within: within.collect(),
            answers: builder.answers.all,
            rows,
            by_target,
        }
    }

    /// What passes from any host of one cell to any other host of another.
    pub(crate) fn number(&self, from: CellId, to: CellId) -> AnswerId {
        if from == to {
            return self.within(to);
        }
        self.in_row(self.row_of(to), from)
    }

    /// What a row says of a cell, which may be one of those that have the row.
    pub(crate) fn in_row(&self, row: CellRowId, from: CellId) -> AnswerId {
        let mut parts = self.row(row).iter();
        let found = parts.find(|(_, cells)| cells.contains(from));
        found.map_or(AnswerId::NOTHING, |(answer, _)| *answer)
    }

    /// What passes from one host of a cell to another.
    pub(crate) fn within(&self, cell: CellId) -> AnswerId {
        let answer = self.within.get(cell.0).copied();
        answer.unwrap_or(AnswerId::NOTHING)
    }

    pub(crate) fn answer(&self, id: AnswerId) -> &Answer {
        #[expect(
            clippy::indexing_slicing,
            reason = "numbers are only made by the answers of a matrix"
        )]
        &self.answers[id.number()]
    }

    /// All answers, in the order of their numbers.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter()
    }

    pub(crate) fn row_of(&self, to: CellId) -> CellRowId {
        #[expect(clippy::indexing_slicing, reason = "every cell has a row")]
        self.by_target[to.0]
    }

    pub(crate) fn row(&self, id: CellRowId) -> &CellRow {
        #[expect(
            clippy::indexing_slicing,
            reason = "numbers are only made by the rows of a matrix"
        )]
        &self.rows[id.0]
    }

    /// All rows that differ, in the order of their numbers.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (CellRowId, &CellRow)> {
        let numbered = self.rows.iter().enumerate();
        numbered.map(|(number, row)| (CellRowId(number), row))
    }
}

/// Answers kept once, and what they make together.
#[derive(Debug)]
struct Answers {
    all: Vec<Answer>,
    numbers: HashMap<Answer, AnswerId>,
    unions: HashMap<(AnswerId, AnswerId), AnswerId>,
}

impl Answers {
    fn new() -> Self {
        let mut answers = Self {
            all: Vec::new(),
            numbers: HashMap::new(),
            unions: HashMap::new(),
        };
        answers.number(Answer::nothing());
        answers
    }

    fn number(&mut self, answer: Answer) -> AnswerId {
        if let Some(id) = self.numbers.get(&answer) {
            return *id;
        }
        let id = AnswerId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(answer.clone());
        self.numbers.insert(answer, id);
        id
    }

    fn union(&mut self, a: AnswerId, b: AnswerId) -> AnswerId {
        if a == b || b == AnswerId::NOTHING {
            return a;
        }
        if a == AnswerId::NOTHING {
            return b;
        }
        let key = (a.min(b), a.max(b));
        if let Some(id) = self.unions.get(&key) {
            return *id;
        }
        let value = |id: AnswerId| self.all.get(id.number()).cloned();
        let both = value(key.0).zip(value(key.1));
        let union = both.map_or(Answer::nothing(), |(a, b)| a.union(&b));
        let id = self.number(union);
        self.unions.insert(key, id);
        id
    }
}

/// What is needed to make rows of cells from those of classes.
struct Builder<'e, 'a> {
    engine: &'e Engine<'a>,
    cells: &'e [Cell],
    /// The cells whose hosts send from each class.
    senders: Vec<Vec<CellId>>,
    answers: Answers,
    of_reach: HashMap<(engine::ReachId, Family), AnswerId>,
}

impl<'e, 'a> Builder<'e, 'a> {
    fn new(engine: &'e Engine<'a>, cells: &'e [Cell]) -> Self {
        let mut senders = vec![Vec::new(); engine.classes().len()];
        for (number, cell) in cells.iter().enumerate() {
            for class in &cell.sources {
                if let Some(of_class) = senders.get_mut(class.number()) {
                    of_class.push(CellId(number));
                }
            }
        }
        Self {
            engine,
            cells,
            senders,
            answers: Answers::new(),
            of_reach: HashMap::new(),
        }
    }

    fn rows(&self) -> &'e Rows {
        self.engine.rows()
    }

    fn recipe(&self, to: CellId) -> Recipe {
        let targets = self
            .cells
            .get(to.0)
            .into_iter()
            .flat_map(|cell| &cell.targets);
        let is_of_others = |class: &ClassId| {
            let senders = self.senders.get(class.number());
            senders.into_iter().flatten().any(|cell| *cell != to)
        };
        let of_target = |target: &ClassId| {
            let family = self.engine.class(*target).family()?;
            let joined = self.rows().joined_to(*target).iter();
            let joined = joined.filter(|class| is_of_others(class)).copied();
            Some((self.rows().row_of(*target), family, joined.collect()))
        };
        let mut recipe: Recipe = targets.filter_map(of_target).collect();
        recipe.sort_unstable();
        recipe
    }

    fn row(&mut self, recipe: &Recipe) -> CellRow {
        let mut found: Vec<AnswerId> = vec![AnswerId::NOTHING; self.cells.len()];
        for (row, family, joined) in recipe {
            for (reach, classes) in self.rows().row(*row).parts() {
                let answer = self.answer_of(reach, *family);
                if answer == AnswerId::NOTHING {
                    continue;
                }
                let met = classes
                    .iter()
                    .filter(|class| joined.binary_search(class).is_err());
                for class in met {
                    for cell in self.senders.get(class.number()).into_iter().flatten() {
                        if let Some(slot) = found.get_mut(cell.0) {
                            *slot = self.answers.union(*slot, answer);
                        }
                    }
                }
            }
        }
        let mut row: BTreeMap<AnswerId, CellSet> = BTreeMap::new();
        let mut first = 0;
        for alike in found.chunk_by(|a, b| a == b) {
            let next = first + alike.len();
            if let Some(answer) = alike.first().filter(|it| **it != AnswerId::NOTHING) {
                let cells = row.entry(*answer).or_default();
                cells.ranges.push((CellId(first), CellId(next - 1)));
            }
            first = next;
        }
        row.into_iter().collect()
    }

    fn answer_of(&mut self, reach: engine::ReachId, family: Family) -> AnswerId {
        if let Some(id) = self.of_reach.get(&(reach, family)) {
            return *id;
        }
        let answer = Answer::of(self.rows().reach(reach), family);
        let id = self.answers.number(answer);
        self.of_reach.insert((reach, family), id);
        id
    }
}
