//! One who surveys: ways between sites, then the groups of those who stand there.

mod leaving;
mod outside;
mod stretches;

use std::collections::BTreeSet;
use std::rc::Rc;

use model::{Endpoint, Index, Link, SecurityGroup, Vpc};
use rustc_hash::FxHashMap;

use crate::answers::Answers;
use crate::asks::Party;
use crate::class::{ClassId, Classes, Site};
use crate::departure::{Area, Departures};
use crate::dress::{DressId, Wardrobe};
use crate::filter::Filter;
use crate::gathering::Part;
use crate::interner::Interner;
use crate::near_lines::NearLines;
use crate::reach::Reach;
use crate::rows::{ReachId, Row};
use crate::semantics::{Seen, Semantics};
use crate::shared_ways::SharedWays;
use crate::survey::{Scene, Task};
use crate::terrain::{Ground, Terrain, first_pair};

use leaving::{Goal, Starts};
use outside::{Outside, internet_address};
use stretches::{Alike, Passage, Passages, Passing, Recent, Senders, Stretch};

/// One who surveys some of the targets, with all that was found out on the way.
pub(crate) struct Surveyor<'s, 'a> {
    semantics: &'s Semantics<'a>,
    classes: &'s Classes,
    /// Where senders are looked for.
    areas: Vec<&'s Area>,
    /// The first classes of the sites that send; `None`: of all.
    from: Option<&'s BTreeSet<ClassId>>,
    lines: &'s NearLines,
    wardrobe: &'s Wardrobe,
    answers: Answers<'s, 'a>,
    grounds: Interner<Ground>,
    reaches: Interner<Reach>,
    rows: Interner<Row>,
    departures: Departures,
    /// What a ground and two answers make together.
    joint: FxHashMap<(u32, u32, u32), Option<ReachId>>,
    part: Part,
    /// How many ways were entangled.
    n_entangled: u32,
    /// For entangled ways to targets of the site that is surveyed now.
    singles: FxHashMap<(u32, ClassId), Vec<Single>>,
    /// The groups that ways to this site met between their ends.
    met: BTreeSet<Index<SecurityGroup>>,
    /// The VPCs of third parties that they came by.
    came_by: BTreeSet<Index<Vpc>>,
    recent: Recent,
    /// From where packets set out, by where they go.
    starts: FxHashMap<Goal, Rc<Starts<'s>>>,
    /// Sites outside, as the VPC of a target tells them apart.
    outside: FxHashMap<Option<Index<Vpc>>, Rc<[Outside]>>,
}

/// What passes for a sender, and all that its groups had to do with it.
struct Single {
    questions: u32,
    answers: u32,
    reach: Option<ReachId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Way {
    Impassable,
    Passable {
        ground: u32,
        to_source: u32,
        to_target: u32,
    },
    /// Every pair has to be followed by itself, unless the groups of two senders give the same answers.
    Entangled(u32),
}

impl<'s, 'a> Surveyor<'s, 'a> {
    /// One who looks at what these sites send, by their first classes, or all.
    pub(crate) fn new(
        (semantics, classes): (&'s Semantics<'a>, &'s Classes),
        scene: &'s Scene,
        from: Option<&'s BTreeSet<ClassId>>,
        departures: Departures,
    ) -> Self {
        let sends = |site: &Site| from.is_none_or(|from| from.contains(&site.first));
        let areas = scene.areas.iter();
        Self {
            semantics,
            classes,
            areas: areas.filter(|area| area.sites.iter().any(sends)).collect(),
            from,
            lines: &scene.lines,
            wardrobe: &scene.wardrobe,
            answers: Answers::new(semantics, (&scene.wardrobe, &scene.lines)),
            grounds: Interner::default(),
            reaches: Interner::default(),
            rows: Interner::default(),
            departures,
            joint: FxHashMap::default(),
            part: Part::default(),
            n_entangled: 0,
            singles: FxHashMap::default(),
            met: BTreeSet::new(),
            came_by: BTreeSet::new(),
            recent: Recent::new(),
            starts: FxHashMap::default(),
            outside: FxHashMap::default(),
        }
    }

    pub(crate) fn finish(self) -> (Part, Departures) {
        let part = Part {
            reaches: self.reaches.into_all(),
            rows: self.rows.into_all(),
            ..self.part
        };
        (part, self.departures)
    }

    /// The rows of classes at a site.
    pub(crate) fn site(&mut self, task: &Task) {
        let to = task.site;
        let passing = self.passing(to);
        let mut alike: FxHashMap<(Option<DressId>, Option<ClassId>), usize> = FxHashMap::default();
        let mut kinds: Vec<Vec<ClassId>> = Vec::new();
        let is_single = |stretch: &Stretch| matches!(stretch.from, Senders::Single(..));
        let are_single = passing.alone.iter().any(is_single);
        let is_meant = |target: &ClassId| {
            let only = task.only.as_ref();
            only.is_none_or(|only| only.contains(target))
        };
        for target in to.classes().filter(is_meant) {
            let dress = self.wardrobe.of_class(target);
            let dress = dress.map(|dress| self.wardrobe.alike(dress));
            let kind = *alike
                .entry((dress, are_single.then_some(target)))
                .or_insert(kinds.len());
            match kinds.get_mut(kind) {
                Some(targets) => targets.push(target),
                None => kinds.push(vec![target]),
            }
        }
        self.singles.clear();
        for targets in kinds {
            if let Some(first) = targets.first() {
                let row = self.row(*first, &passing);
                let number = self.rows.number(row);
                self.part.targets.push((targets, number));
            }
        }
        let met = std::mem::take(&mut self.met).into_iter();
        self.part.met.extend(met.map(|group| (group, to.first)));
        let came_by = std::mem::take(&mut self.came_by).into_iter();
        let came_by = came_by.map(|vpc| (vpc, to.first));
        self.part.came_by.extend(came_by);
    }

    /// Notes whose groups a way met between its ends, and the VPCs of third parties that it came by.
    fn note(&mut self, seen: &Seen) {
        let interfaces = self.semantics.snapshot().interfaces();
        for index in &seen.met {
            let interface = interfaces.get(*index);
            self.met
                .extend(interface.groups.iter().filter_map(Link::target));
            self.came_by.extend(interface.vpc.target());
        }
        let ends = [seen.ends.source, seen.ends.target].map(|end| {
            let end = end.map(|end| interfaces.get(end));
            end.and_then(|end| end.vpc.target())
        });
        let all = [&seen.asked_about, &seen.vpcs, &seen.reached].into_iter();
        let others = all.flatten().filter(|vpc| !ends.contains(&Some(**vpc)));
        self.came_by.extend(others);
    }

    /// What passes to a site, from each site from which anything does, in order.
    fn passages(&mut self, to: Site) -> Passages {
        let mut passages = Passages::default();
        let Some(target) = self.classes.endpoints_at(to).next() else {
            return passages;
        };
        let mut shared = SharedWays::to(self.semantics, self.lines, target);
        let home = shared.vpc();
        let starts = self.starts(target);
        for area in &starts.near {
            if area.vpc.is_none() && self.from.is_none() {
                self.pass_from_outside(&mut passages, &mut shared, (area, to));
                continue;
            }
            let sends = self.sends(to);
            for from in area.sites.iter().filter(|from| sends(from)) {
                let way = self.way_from_outside(&mut shared, *from, to);
                self.alone(&mut passages, (area.vpc, home), (*from, way));
            }
        }
        self.pass_from_afar(&mut passages, &mut shared, (&starts, to));
        passages
    }

    /// Whether what a site sends to another one is meant.
    fn sends(&self, to: Site) -> impl Fn(&Site) -> bool + use<'s> {
        let only = self.from;
        move |from| from.may_meet(to) && only.is_none_or(|all| all.contains(&from.first))
    }

    /// Adds what passes from a site by itself, if anything does.
    fn alone(
        &mut self,
        passages: &mut Passages,
        (vpc, home): (Option<Index<Vpc>>, Option<Index<Vpc>>),
        (from, way): (Site, Way),
    ) {
        if way != Way::Impassable {
            let way = self.understood(way, (vpc, home));
            passages.alone.push(Passage { from, vpc, way });
        }
    }

    /// The same way, with questions as the groups of the VPCs of both ends understand them: so what is found for one sender,
    /// or for one target, counts for many.
    fn understood(
        &mut self,
        way: Way,
        (from, to): (Option<Index<Vpc>>, Option<Index<Vpc>>),
    ) -> Way {
        let Way::Passable {
            ground,
            to_source,
            to_target,
        } = way
        else {
            return way;
        };
        let mut understood = |vpc: Option<Index<Vpc>>, end, questions| match vpc {
            Some(vpc) => self.answers.understood_in(vpc, end, questions),
            None => questions,
        };
        Way::Passable {
            ground,
            to_source: understood(from, Party::Source, to_source),
            to_target: understood(to, Party::Target, to_target),
        }
    }

    /// What passes between two sites, and what was seen of it if it was followed.
    fn way(&mut self, from: Site, to: Site) -> (Way, Option<Seen>) {
        self.part.ways += 1;
        let (terrain, seen) = Terrain::between(self.semantics, self.classes, (from, to));
        if let Some(seen) = &seen {
            self.note(seen);
        }
        let way = match terrain {
            Terrain::Impassable => Way::Impassable,
            Terrain::Entangled => {
                self.n_entangled += 1;
                Way::Entangled(self.n_entangled)
            }
            Terrain::Passable {
                ground,
                to_source,
                to_target,
            } => Way::Passable {
                ground: self.grounds.number(ground),
                to_source: self.answers.list(to_source),
                to_target: self.answers.list(to_target),
            },
        };
        (way, seen)
    }

    /// What passes from a site from which ways start afar: the same as from others on the internet.
    fn way_from_outside(&mut self, shared: &mut SharedWays<'s, 'a>, from: Site, to: Site) -> Way {
        let Some(address) = internet_address(self.classes, from) else {
            return self.way(from, to).0;
        };
        if let Some(way) = shared.of_internet(address) {
            return way;
        }
        let (way, seen) = self.way(from, to);
        if let Some(seen) = &seen {
            shared.keep_for_internet(address, (way, seen));
        }
        way
    }

    /// What passes to a target: from most it is what passes from strangers, which many targets share.
    fn row(&mut self, target: ClassId, passing: &Passing) -> Row {
        let strangers = self.row_of_strangers(target);
        let everybody = (ClassId(0), ClassId(u32::MAX));
        let apart = passing.apart(self.acquaintances(target, everybody));
        if apart.is_empty() {
            return Row::clone(&strangers);
        }
        let mut row = Row::default();
        for stretch in &apart {
            match stretch.from {
                Senders::Alike(alike) => {
                    self.add(&mut row, (stretch.first, stretch.last), alike, target);
                }
                Senders::Single(way, vpc) => {
                    for number in stretch.first.0..=stretch.last.0 {
                        let source = ClassId(number);
                        if let Some(id) = self.single((way, vpc), source, target) {
                            row.add(id, (source, source));
                        }
                    }
                }
            }
        }
        let apart = apart.iter().map(|stretch| (stretch.first, stretch.last));
        strangers.with_part(&apart.collect::<Vec<_>>(), &row)
    }

    /// The classes from one number to another that rules may tell from strangers where a target receives.
    fn acquaintances(&self, target: ClassId, among: (ClassId, ClassId)) -> &'s [ClassId] {
        let wardrobe = self.wardrobe;
        wardrobe.of_class(target).map_or(&[], |dress| {
            wardrobe.acquaintances(&self.semantics.network, dress, among)
        })
    }

    /// What passes between two classes whose pair has to be followed by itself: what was found for senders on the same way
    /// whose groups answer the same.
    fn single(
        &mut self,
        (way, vpc): (u32, Option<Index<Vpc>>),
        source: ClassId,
        target: ClassId,
    ) -> Option<ReachId> {
        let dress = self.wardrobe.of_class(source);
        let answers = &mut self.answers;
        let mut known = self.singles.get(&(way, target)).into_iter().flatten();
        let same = known.find(|single| {
            let questions = vpc.map_or(single.questions, |vpc| {
                answers.understood_in(vpc, Party::Source, single.questions)
            });
            answers.of_sender(questions, dress) == single.answers
        });
        if let Some(single) = same {
            return single.reach;
        }
        self.part.single_pairs += 1;
        let (from, to) = (self.endpoints_of(source), self.endpoints_of(target));
        let question = first_pair(self.semantics, from, to)?;
        let (outcome, seen) = self.semantics.follow_watched(&question);
        self.note(&seen);
        let reach = Reach::of(&outcome);
        let reach = (!reach.is_nothing()).then(|| ReachId::at(self.reaches.number(reach) as usize));
        let (questions, answers) = self.answers.exchange(seen.asked);
        let single = Single {
            questions,
            answers,
            reach,
        };
        self.singles.entry((way, target)).or_default().push(single);
        reach
    }

    fn endpoints_of(&self, class: ClassId) -> &'s [Endpoint] {
        let class = self.classes.all.get(class.number());
        class.map_or(&[], |class| &class.endpoints)
    }

    /// Adds the classes of a stretch to the row of a target: strangers together, acquaintances one by one.
    fn add(
        &mut self,
        row: &mut Row,
        (mut first, last): (ClassId, ClassId),
        alike: Alike,
        target: ClassId,
    ) {
        let Alike {
            ground,
            sent,
            to_source,
            to_target,
        } = alike;
        let dress = self.wardrobe.of_class(target);
        let wardrobe = self.wardrobe;
        let known = self.acquaintances(target, (first, last));
        let alike = dress.map(|dress| wardrobe.alike(dress));
        let admitted = self.answers.about_strangers(to_target, alike);
        let reach = self.joint(ground, sent, admitted);
        for acquaintance in known.iter().copied() {
            if let (Some(id), Some(before)) = (reach, acquaintance.before())
                && first <= before
            {
                row.add(id, (first, before));
            }
            let source = wardrobe.of_class(acquaintance);
            let sent = self.answers.about(to_source, source, dress);
            let received = self.answers.about(to_target, dress, source);
            if let Some(id) = self.joint(ground, sent, received) {
                row.add(id, (acquaintance, acquaintance));
            }
            first = acquaintance.after();
        }
        if let Some(id) = reach.filter(|_| first <= last) {
            row.add(id, (first, last));
        }
    }

    /// What passes on a ground if the groups of both ends answer so.
    fn joint(&mut self, ground: u32, sent: u32, received: u32) -> Option<ReachId> {
        let key = (ground, sent, received);
        if let Some(known) = self.joint.get(&key) {
            return *known;
        }
        let groups = self.answers.both(sent, received);
        let reach = self.grounds.value(ground).through(&groups);
        let id = (!reach.is_nothing()).then(|| ReachId::at(self.reaches.number(reach) as usize));
        self.joint.insert(key, id);
        id
    }
}

impl Ground {
    /// What of it groups let pass.
    fn through(&self, groups: &Filter) -> Reach {
        let certain = self.certain.intersection(groups.allow());
        let possible = if self.possible == self.certain && groups.is_certain() {
            certain.clone()
        } else {
            self.possible.intersection(groups.maybe())
        };
        let delivered = if self.delivered == self.certain {
            certain.clone()
        } else {
            self.delivered.intersection(groups.allow())
        };
        Reach {
            certain,
            possible,
            delivered,
        }
    }
}
