//! What groups answer to the questions that ways leave open.

use std::rc::Rc;

use model::{Index, Vpc};
use rustc_hash::FxHashMap;

use crate::asks::{Ask, Ends, Party};
use crate::class::{ClassId, Site};
use crate::dress::{DressId, Wardrobe};
use crate::filter::Filter;
use crate::interner::Interner;
use crate::near_lines::NearLines;
use crate::semantics::Semantics;

/// All lists of questions that came up, and the answers that were given. Both go by numbers.
pub(crate) struct Answers<'s, 'a> {
    semantics: &'s Semantics<'a>,
    wardrobe: &'s Wardrobe,
    lines: &'s NearLines,
    questions: Interner<Vec<Ask>>,
    /// Lists of questions as the groups of an end understand them in its VPC.
    understood: FxHashMap<(u32, Party, Index<Vpc>), u32>,
    filters: Interner<Filter>,
    strangers: FxHashMap<(u32, DressId), u32>,
    /// Those of the first dress about the second.
    each_other: FxHashMap<(u32, DressId, DressId), u32>,
    runs: FxHashMap<(ClassId, u32), Rc<[Run]>>,
    replies: Interner<Vec<u32>>,
    of_senders: FxHashMap<(u32, Option<DressId>), u32>,
}

/// Classes of one site, with numbers in a row, whose groups answer alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) first: ClassId,
    pub(crate) last: ClassId,
    pub(crate) answer: u32,
}

impl<'s, 'a> Answers<'s, 'a> {
    pub(crate) fn new(
        semantics: &'s Semantics<'a>,
        (wardrobe, lines): (&'s Wardrobe, &'s NearLines),
    ) -> Self {
        Self {
            semantics,
            wardrobe,
            lines,
            questions: Interner::default(),
            understood: FxHashMap::default(),
            filters: Interner::default(),
            strangers: FxHashMap::default(),
            each_other: FxHashMap::default(),
            runs: FxHashMap::default(),
            replies: Interner::default(),
            of_senders: FxHashMap::default(),
        }
    }

    /// The number of a list of questions.
    pub(crate) fn list(&mut self, questions: Vec<Ask>) -> u32 {
        self.questions.number(questions)
    }

    /// The list of questions that asks the groups of an end, which is in a VPC, the same, whatever blocks only others tell
    /// apart.
    pub(crate) fn understood_in(&mut self, vpc: Index<Vpc>, end: Party, questions: u32) -> u32 {
        let key = (questions, end, vpc);
        if let Some(understood) = self.understood.get(&key) {
            return *understood;
        }
        let lines = self.lines;
        let asks = self.questions.value(questions).iter().map(|ask| {
            if ask.wearer() == end {
                ask.about_block(|block| lines.around_for_groups(vpc, block))
            } else {
                *ask
            }
        });
        let understood = self.questions.number(asks.collect());
        self.understood.insert(key, understood);
        understood
    }

    /// The numbers of a list of questions, and of a list of answers to them.
    pub(crate) fn exchange(&mut self, asked: Vec<(Ask, Filter)>) -> (u32, u32) {
        let (questions, answers): (Vec<Ask>, Vec<Filter>) = asked.into_iter().unzip();
        let answers = answers.into_iter();
        let answers = answers.map(|answer| self.filters.number(answer)).collect();
        (self.list(questions), self.replies.number(answers))
    }

    /// The number of the list of what is said to questions about a sender, or by it.
    pub(crate) fn of_sender(&mut self, questions: u32, dress: Option<DressId>) -> u32 {
        let key = (questions, dress);
        if let Some(answers) = self.of_senders.get(&key) {
            return *answers;
        }
        let ends = Ends {
            source: dress.and_then(|dress| self.wardrobe.worn_by(dress)),
            target: None,
        };
        let asks = self.questions.value(questions).iter();
        let answers = asks.map(|ask| {
            let answer = self.semantics.answer_of_groups(ask, ends);
            self.filters.number(answer)
        });
        let answers = self.replies.number(answers.collect());
        self.of_senders.insert(key, answers);
        answers
    }

    /// What two answers let pass together.
    pub(crate) fn both(&self, one: u32, other: u32) -> Filter {
        self.filters.value(one).and(self.filters.value(other))
    }

    /// The classes of a site by what their groups let out to strangers.
    pub(crate) fn runs(&mut self, site: Site, questions: u32) -> Rc<[Run]> {
        if let Some(runs) = self.runs.get(&(site.first, questions)) {
            return runs.clone();
        }
        let mut runs: Vec<Run> = Vec::new();
        for class in site.classes() {
            let answer = self.about_strangers(questions, self.wardrobe.of_class(class));
            match runs.last_mut() {
                Some(run) if run.answer == answer => run.last = class,
                Some(_) | None => runs.push(Run {
                    first: class,
                    last: class,
                    answer,
                }),
            }
        }
        let runs: Rc<[Run]> = runs.into();
        self.runs.insert((site.first, questions), runs.clone());
        runs
    }

    /// What a dress answers to questions about strangers.
    pub(crate) fn about_strangers(&mut self, questions: u32, dress: Option<DressId>) -> u32 {
        let Some(dress) = dress else {
            return self.filters.number(Filter::pass());
        };
        if let Some(answer) = self.strangers.get(&(questions, dress)) {
            return *answer;
        }
        let ends = self.ends(dress, dress);
        let asks = self.questions.value(questions).iter();
        let answers = asks.map(|ask| self.semantics.answer_of_groups(&ask.of_stranger(), ends));
        let answer = answers.fold(Filter::pass(), |all, answer| all.and(&answer));
        let answer = self.filters.number(answer);
        self.strangers.insert((questions, dress), answer);
        answer
    }

    /// What a dress answers to questions about another one.
    pub(crate) fn about(
        &mut self,
        questions: u32,
        dress: Option<DressId>,
        other: Option<DressId>,
    ) -> u32 {
        let (Some(dress), Some(other)) = (dress, other) else {
            return self.about_strangers(questions, dress);
        };
        if let Some(answer) = self.each_other.get(&(questions, dress, other)) {
            return *answer;
        }
        let asks = self.questions.value(questions).iter();
        let answers = asks.map(|ask| {
            let ends = match ask.wearer() {
                Party::Target => self.ends(other, dress),
                Party::Source | Party::Other(_) => self.ends(dress, other),
            };
            self.semantics.answer_of_groups(ask, ends)
        });
        let answer = answers.fold(Filter::pass(), |all, answer| all.and(&answer));
        let answer = self.filters.number(answer);
        self.each_other.insert((questions, dress, other), answer);
        answer
    }

    fn ends(&self, source: DressId, target: DressId) -> Ends {
        Ends {
            source: self.wardrobe.worn_by(source),
            target: self.wardrobe.worn_by(target),
        }
    }
}
