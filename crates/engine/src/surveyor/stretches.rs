//! Senders with numbers in a row from which the same passes to a site.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use model::{Index, Vpc};
use rustc_hash::FxHashMap;

use super::{Surveyor, Way};
use crate::class::{ClassId, Site};
use crate::rows::Row;

/// So many sets of ways are remembered: targets of one VPC, which come one after the other, have few.
const RECENT: usize = 16;

/// Ways from sites of which many are found together, and what passes by them, for the last few targets; the last one comes
/// first.
pub(super) type Recent = VecDeque<Together>;

/// What passes from sites of which many are found together.
pub(super) struct Together {
    ways: Vec<(u32, Way)>,
    stretches: Rc<[Stretch]>,
    /// The lists of questions that targets are asked.
    to_targets: Rc<[u32]>,
    /// What passes to a target for which these senders are strangers, by its answers to those.
    rows: FxHashMap<Vec<u32>, Rc<Row>>,
}

/// What passes to a site.
#[derive(Default)]
pub(super) struct Passages {
    /// From sites, each by itself.
    pub(super) alone: Vec<Passage>,
    /// From sites of which nothing but their groups tells one from another, by the number of those.
    pub(super) together: Vec<(u32, Way, Arc<[Site]>)>,
}

/// What passes from a site.
pub(super) struct Passage {
    pub(super) from: Site,
    pub(super) vpc: Option<Index<Vpc>>,
    pub(super) way: Way,
}

/// Classes from which the same passes to a site, as long as its groups take them for strangers.
pub(super) struct Passing {
    /// Those of which many were found together, in order.
    pub(super) together: Rc<[Stretch]>,
    /// All others, in order.
    pub(super) alone: Vec<Stretch>,
}

/// Classes with numbers in a row, both ends inclusive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) first: ClassId,
    pub(super) last: ClassId,
    pub(super) from: Senders,
}

/// What passes from all classes of a stretch, before the groups of the target are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alike {
    pub(super) ground: u32,
    /// What their groups let out to strangers.
    pub(super) sent: u32,
    pub(super) to_source: u32,
    pub(super) to_target: u32,
}

/// How what passes from all classes of a stretch is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Senders {
    Alike(Alike),
    /// Every pair has to be followed by itself, unless the groups of two senders give the same answers. With their VPC.
    Single(u32, Option<Index<Vpc>>),
}

impl Surveyor<'_, '_> {
    /// What passes to a site.
    pub(super) fn passing(&mut self, to: Site) -> Passing {
        let Passages { alone, together } = self.passages(to);
        Passing {
            together: self.recent(&together),
            alone: self.stretches_of(alone),
        }
    }

    /// The stretches of sites of which many are found together: those that were found last for the same ways, if there are
    /// any. They are the first ones that are remembered then.
    fn recent(&mut self, together: &[(u32, Way, Arc<[Site]>)]) -> Rc<[Stretch]> {
        let ways = || together.iter().map(|(number, way, _)| (*number, *way));
        let known = self.recent.iter();
        let known = known.map(|known| known.ways.iter().copied().eq(ways()));
        let known = known.enumerate().find(|(_, is_same)| *is_same);
        let known = known.and_then(|(place, _)| self.recent.remove(place));
        let known = known.unwrap_or_else(|| {
            let passages = together.iter().flat_map(|(_, way, sites)| {
                sites.iter().map(|from| Passage {
                    from: *from,
                    vpc: None,
                    way: *way,
                })
            });
            let stretches = self.stretches_of(passages.collect());
            Together {
                ways: ways().collect(),
                to_targets: to_targets(&stretches),
                stretches: stretches.into(),
                rows: FxHashMap::default(),
            }
        });
        let stretches = known.stretches.clone();
        self.recent.push_front(known);
        self.recent.truncate(RECENT);
        stretches
    }

    /// What passes to a target from all of the first ones that are remembered, if they are strangers to it.
    pub(super) fn row_of_strangers(&mut self, target: ClassId) -> Rc<Row> {
        let Some(together) = self.recent.front() else {
            return Rc::default();
        };
        let dress = self.wardrobe.of_class(target);
        let dress = dress.map(|dress| self.wardrobe.alike(dress));
        let to_targets = together.to_targets.iter();
        let admitted: Vec<u32> = to_targets
            .map(|questions| self.answers.about_strangers(*questions, dress))
            .collect();
        if let Some(row) = together.rows.get(&admitted) {
            return row.clone();
        }
        let mut row = Row::default();
        for stretch in together.stretches.clone().iter() {
            if let Senders::Alike(alike) = stretch.from {
                let admitted = self.answers.about_strangers(alike.to_target, dress);
                if let Some(id) = self.joint(alike.ground, alike.sent, admitted) {
                    row.add(id, (stretch.first, stretch.last));
                }
            }
        }
        let row = Rc::new(row);
        if let Some(together) = self.recent.front_mut() {
            together.rows.insert(admitted, row.clone());
        }
        row
    }

    /// The stretches of sites, in order.
    fn stretches_of(&mut self, mut passages: Vec<Passage>) -> Vec<Stretch> {
        passages.sort_unstable_by_key(|passage| passage.from.first);
        let mut stretches: Vec<Stretch> = Vec::new();
        for Passage { from, vpc, way } in passages {
            match way {
                Way::Impassable => {}
                Way::Entangled(number) => stretches.push(Stretch {
                    first: from.first,
                    last: from.last,
                    from: Senders::Single(number, vpc),
                }),
                Way::Passable {
                    ground,
                    to_source,
                    to_target,
                } => {
                    for run in self.answers.runs(from, to_source).iter() {
                        let stretch = Stretch {
                            first: run.first,
                            last: run.last,
                            from: Senders::Alike(Alike {
                                ground,
                                sent: run.answer,
                                to_source,
                                to_target,
                            }),
                        };
                        join(&mut stretches, stretch);
                    }
                }
            }
        }
        stretches
    }
}

/// The lists of questions that targets are asked.
fn to_targets(stretches: &[Stretch]) -> Rc<[u32]> {
    let lists = stretches.iter().filter_map(|stretch| match stretch.from {
        Senders::Alike(alike) => Some(alike.to_target),
        Senders::Single(..) => None,
    });
    let lists: BTreeSet<u32> = lists.collect();
    lists.into_iter().collect()
}

impl Passing {
    /// Those that are not all strangers to a target, in order: what passes from each of its acquaintances, and from all that
    /// were not found together.
    pub(super) fn apart(&self, acquaintances: &[ClassId]) -> Vec<Stretch> {
        let known = acquaintances.iter().filter_map(|class| {
            let next = self
                .together
                .partition_point(|stretch| stretch.first <= *class);
            let stretch = self.together.get(next.checked_sub(1)?)?;
            (*class <= stretch.last).then_some(Stretch {
                first: *class,
                last: *class,
                from: stretch.from,
            })
        });
        let mut apart: Vec<Stretch> = known.chain(self.alone.iter().copied()).collect();
        apart.sort_unstable_by_key(|stretch| stretch.first);
        apart
    }
}

/// Adds a stretch that comes after all others: to the last one, if the same passes from both.
fn join(stretches: &mut Vec<Stretch>, next: Stretch) {
    match stretches.last_mut() {
        Some(before) if before.from == next.from && before.last.after() == next.first => {
            before.last = next.last;
        }
        Some(_) | None => stretches.push(next),
    }
}
