//! All pairs of classes: ways between sites, then the groups of those who stand there.

use packet::PacketSet;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::answers::Answers;
use crate::class::{ClassId, Classes, Site};
use crate::dress::{DressId, Wardrobe};
use crate::filter::Filter;
use crate::interner::Interner;
use crate::joined::joined;
use crate::reach::Reach;
use crate::rows::{Gathering, Part, ReachId, Row, Rows};
use crate::semantics::Semantics;
use crate::shut::Shut;
use crate::terrain::{Ground, Terrain};

/// In how many parts the targets are surveyed: each is done by one thread, and finds out common things by itself.
const PARTS: usize = 16;

/// Answers for all pairs. `single` answers for one pair of classes, where that has to be followed by itself.
pub(crate) fn survey(
    semantics: &Semantics<'_>,
    classes: &Classes,
    single: &(impl Fn(ClassId, ClassId) -> Option<Reach> + Sync),
) -> Rows {
    let wardrobe = Wardrobe::of(&semantics.network, classes);
    let chunk = classes.sites.len().div_ceil(PARTS).max(1);
    let parts: Vec<Part> = classes
        .sites
        .par_chunks(chunk)
        .map(|targets| {
            let own = semantics.afresh();
            let mut surveyor = Surveyor::new(&own, classes, &wardrobe);
            for target in targets {
                surveyor.site(*target, single);
            }
            surveyor.finish()
        })
        .collect();
    let mut gathering = Gathering::of(classes.all.len(), classes.sites.len());
    for part in parts {
        gathering.add(part);
    }
    gathering.finish(joined(semantics, classes))
}

/// One who surveys some of the targets, with all that was found out on the way.
struct Surveyor<'s, 'a> {
    semantics: &'s Semantics<'a>,
    classes: &'s Classes,
    wardrobe: &'s Wardrobe,
    answers: Answers<'s, 'a>,
    grounds: Interner<Ground>,
    reaches: Interner<Reach>,
    rows: Interner<Row>,
    shut: Shut,
    /// What a ground and two answers make together.
    joint: FxHashMap<(u32, u32, u32), Option<ReachId>>,
    part: Part,
}

/// What passes from a site.
struct Passage {
    from: Site,
    way: Way,
}

enum Way {
    Passable {
        ground: u32,
        to_source: u32,
        to_target: u32,
    },
    Entangled,
}

impl<'s, 'a> Surveyor<'s, 'a> {
    fn new(semantics: &'s Semantics<'a>, classes: &'s Classes, wardrobe: &'s Wardrobe) -> Self {
        Self {
            semantics,
            classes,
            wardrobe,
            answers: Answers::new(semantics, wardrobe),
            grounds: Interner::default(),
            reaches: Interner::default(),
            rows: Interner::default(),
            shut: Shut::default(),
            joint: FxHashMap::default(),
            part: Part::default(),
        }
    }

    fn finish(self) -> Part {
        Part {
            reaches: self.reaches.into_all(),
            rows: self.rows.into_all(),
            ..self.part
        }
    }

    /// The rows of all classes at a site.
    fn site(&mut self, to: Site, single: &impl Fn(ClassId, ClassId) -> Option<Reach>) {
        let passages = self.passages(to);
        let mut alike: FxHashMap<(Option<DressId>, Option<ClassId>), usize> = FxHashMap::default();
        let mut kinds: Vec<Vec<ClassId>> = Vec::new();
        let is_entangled = |passage: &Passage| matches!(passage.way, Way::Entangled);
        let are_single = passages.iter().any(is_entangled);
        for target in to.classes() {
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
        for targets in kinds {
            if let Some(first) = targets.first() {
                let row = self.row(*first, &passages, single);
                let number = self.rows.number(row);
                self.part.targets.push((targets, number));
            }
        }
    }

    /// What passes to a site, from each site from which anything does.
    fn passages(&mut self, to: Site) -> Vec<Passage> {
        let shut = self.shut.to(self.semantics, self.classes, to);
        let mut passages = Vec::new();
        for (number, from) in self.classes.sites.iter().enumerate() {
            if !from.may_meet(to) || shut.is_from(self.semantics, self.classes, (number, *from)) {
                continue;
            }
            self.part.ways += 1;
            let ends = (*from, to);
            let (terrain, block) = Terrain::between(self.semantics, self.classes, ends);
            if let Some(block) = block {
                self.shut.add(block, number);
            }
            let way = match terrain {
                Terrain::Impassable => continue,
                Terrain::Entangled => Way::Entangled,
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
            passages.push(Passage { from: *from, way });
        }
        passages
    }

    fn row(
        &mut self,
        target: ClassId,
        passages: &[Passage],
        single: &impl Fn(ClassId, ClassId) -> Option<Reach>,
    ) -> Row {
        let mut row = Row::default();
        for Passage { from, way } in passages {
            match way {
                Way::Passable {
                    ground,
                    to_source,
                    to_target,
                } => self.add(&mut row, *from, target, (*ground, *to_source, *to_target)),
                Way::Entangled => {
                    for source in from.classes() {
                        self.part.single_pairs += 1;
                        let reach = single(source, target).filter(|reach| !reach.is_nothing());
                        if let Some(reach) = reach {
                            let id = ReachId::at(self.reaches.number(reach) as usize);
                            row.add(id, (source, source));
                        }
                    }
                }
            }
        }
        row
    }

    /// Adds the classes of a site to the row of a target: strangers together, acquaintances one by one.
    fn add(
        &mut self,
        row: &mut Row,
        from: Site,
        target: ClassId,
        (ground, to_source, to_target): (u32, u32, u32),
    ) {
        let dress = self.wardrobe.of_class(target);
        let wardrobe = self.wardrobe;
        let known = dress.map_or(&[][..], |dress| {
            wardrobe.acquaintances(dress, (from.first, from.last))
        });
        let alike = dress.map(|dress| wardrobe.alike(dress));
        let admitted = self.answers.about_strangers(to_target, alike);
        let mut known = known.iter().copied().peekable();
        for run in self.answers.runs(from, to_source).iter() {
            let reach = self.joint(ground, run.answer, admitted);
            let mut first = run.first;
            while let Some(acquaintance) = known.next_if(|class| *class <= run.last) {
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
            if let Some(id) = reach.filter(|_| first <= run.last) {
                row.add(id, (first, run.last));
            }
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
        let of = |ground: &PacketSet, groups: &PacketSet| ground.intersection(groups);
        Reach {
            certain: of(&self.certain, groups.allow()),
            possible: of(&self.possible, groups.maybe()),
            delivered: of(&self.delivered, groups.allow()),
        }
    }
}
