//! One who surveys: ways between sites, then the groups of those who stand there.

mod stretches;

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::{Endpoint, Index, Link, SecurityGroup, Vpc};
use rustc_hash::FxHashMap;

use crate::answers::Answers;
use crate::asks::Ask;
use crate::class::{ClassId, Classes, Site};
use crate::departure::{Area, Departures, Leaving};
use crate::dress::{DressId, Wardrobe};
use crate::filter::Filter;
use crate::gathering::Part;
use crate::interner::Interner;
use crate::near_lines::NearLines;
use crate::reach::Reach;
use crate::rows::{ReachId, Row};
use crate::semantics::{Return, Seen, Semantics};
use crate::shared_ways::SharedWays;
use crate::survey::{Scene, Task};
use crate::terrain::{Ground, Terrain, first_pair};

use stretches::{Alike, Passage, Passages, Recent, Senders, Stretch};

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
    /// The stretches of sites from which packets leave alike, for the last few sets of ways of theirs.
    recent: Recent,
}

/// What passes for a sender, and all that its groups had to do with it.
struct Single {
    asked: Vec<(Ask, u32)>,
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
            answers: Answers::new(semantics, &scene.wardrobe),
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
        let stretches = self.stretches(to);
        let mut alike: FxHashMap<(Option<DressId>, Option<ClassId>), usize> = FxHashMap::default();
        let mut kinds: Vec<Vec<ClassId>> = Vec::new();
        let is_single = |stretch: &Stretch| matches!(stretch.from, Senders::Single(_));
        let are_single = stretches.iter().any(is_single);
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
                let row = self.row(*first, &stretches);
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
        let (semantics, classes) = (self.semantics, self.classes);
        let Some(target) = classes.endpoints_at(to).next() else {
            return passages;
        };
        let mut shared = SharedWays::to(semantics, self.lines, target);
        let only = self.from;
        let sends =
            |from: &&Site| from.may_meet(to) && only.is_none_or(|all| all.contains(&from.first));
        for area in self.areas.clone() {
            let Some(groups) = self.departures.from(semantics, classes, (area, target)) else {
                for from in area.sites.iter().filter(sends) {
                    let way = self.way_from_outside(&mut shared, *from, to);
                    passages.alone.push(Passage { from: *from, way });
                }
                continue;
            };
            for (place, leavers) in groups.iter().enumerate() {
                let leaving = leavers.leaving.as_ref();
                let known = leaving
                    .and_then(|leaving| self.known_way(&mut shared, leaving, (area, target)));
                match known {
                    Some(Way::Impassable) => continue,
                    Some(way @ Way::Passable { .. }) if only.is_none() => {
                        passages.together.push((leavers.number, way));
                        passages.leavers.push((groups.clone(), place));
                        continue;
                    }
                    Some(Way::Passable { .. } | Way::Entangled(_)) | None => {}
                }
                let sites = leavers.sites.iter().enumerate();
                for (place, from) in sites.filter(|(_, from)| sends(from)) {
                    let way = match (known, leavers.leaving_from(place)) {
                        (Some(way), _) => way,
                        (None, Some(leaving)) => {
                            self.way_of_exit(&mut shared, &leaving, (area, *from, to))
                        }
                        (None, None) => self.way(*from, to).0,
                    };
                    passages.alone.push(Passage { from: *from, way });
                }
            }
        }
        passages
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

    /// What passes from sites from which packets leave so, if it is known: the same as from others.
    fn known_way(
        &mut self,
        shared: &mut SharedWays<'s, 'a>,
        leaving: &Leaving,
        (area, target): (&Area, &Endpoint),
    ) -> Option<Way> {
        let address = target.address();
        let is_dropped = leaving.by.is_some_and(|by| {
            self.departures
                .are_dropped_in_transit(self.semantics, by, address)
        });
        if is_dropped {
            return Some(Way::Impassable);
        }
        shared.of_exit(leaving, area.vpc)
    }

    /// What passes from a site from which packets leave so: the same as from others, if it was followed for one of them.
    fn way_of_exit(
        &mut self,
        shared: &mut SharedWays<'s, 'a>,
        leaving: &Leaving,
        (area, from, to): (&Area, Site, Site),
    ) -> Way {
        if let Some(way) = shared.of_exit(leaving, area.vpc) {
            return way;
        }
        let (way, seen) = self.way(from, to);
        let Some(seen) = seen else {
            return way;
        };
        let is_own = |vpc: &&Index<Vpc>| area.vpc == Some(**vpc);
        let n_own = seen.left_by_first.iter().filter(is_own).count();
        // A way that comes back to where it started is that of this site alone. Replies may come back as they left; where
        // they come to others, who may hold the same address, or hosts were told apart, single addresses matter.
        let is_astray = |(vpc, by, to): &(Index<Vpc>, Return, IpAddr)| {
            if is_own(&vpc) {
                *by != leaving.door()
            } else {
                *to == leaving.source
            }
        };
        let is_own_only = n_own > leaving.n_turns
            || seen.reached.iter().any(|vpc| is_own(&vpc))
            || seen.returned.iter().any(is_astray)
            || seen.tells_apart(&leaving.blocks.0);
        if !is_own_only {
            shared.keep_for_exit(leaving, (way, area.vpc, seen));
        }
        way
    }

    /// What passes from a site from which ways start afar: the same as from others on the internet.
    fn way_from_outside(&mut self, shared: &mut SharedWays<'s, 'a>, from: Site, to: Site) -> Way {
        let first = self.classes.endpoints_at(from).next();
        let Some(Endpoint::Internet { address }) = first else {
            return self.way(from, to).0;
        };
        if let Some(way) = shared.of_internet(*address) {
            return way;
        }
        let (way, seen) = self.way(from, to);
        if let Some(seen) = &seen {
            shared.keep_for_internet(*address, (way, seen));
        }
        way
    }

    fn row(&mut self, target: ClassId, stretches: &[Stretch]) -> Row {
        let mut row = Row::default();
        for stretch in stretches {
            match stretch.from {
                Senders::Alike(alike) => {
                    self.add(&mut row, (stretch.first, stretch.last), alike, target);
                }
                Senders::Single(way) => {
                    for number in stretch.first.0..=stretch.last.0 {
                        let source = ClassId(number);
                        if let Some(id) = self.single(way, source, target) {
                            row.add(id, (source, source));
                        }
                    }
                }
            }
        }
        row
    }

    /// What passes between two classes whose pair has to be followed by itself: what was found for senders on the same way
    /// whose groups answer the same.
    fn single(&mut self, way: u32, source: ClassId, target: ClassId) -> Option<ReachId> {
        let dress = self.wardrobe.of_class(source);
        let answers = &mut self.answers;
        let mut known = self.singles.get(&(way, target)).into_iter().flatten();
        let same = known.find(|single| {
            let mut asked = single.asked.iter();
            asked.all(|(ask, answer)| answers.of_sender(*ask, dress) == *answer)
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
        let asked = seen.asked.into_iter();
        let asked = asked.map(|(ask, answer)| (ask, self.answers.number(answer)));
        let single = Single {
            asked: asked.collect(),
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
        let known = dress.map_or(&[][..], |dress| {
            wardrobe.acquaintances(&self.semantics.network, dress, (first, last))
        });
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
