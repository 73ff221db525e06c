//! Senders with numbers in a row from which the same passes to a site.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use super::{Surveyor, Way};
use crate::class::{ClassId, Site};
use crate::departure::Leavers;

/// So many sets of ways are remembered: targets of one VPC, which come one after the other, have few.
const RECENT: usize = 16;

/// Sets of ways of those from whom packets leave alike, with their stretches; the last ones come first.
pub(super) type Recent = VecDeque<(Vec<(u32, Way)>, Rc<[Stretch]>)>;

/// What passes to a site.
#[derive(Default)]
pub(super) struct Passages {
    /// From sites, each by itself.
    pub(super) alone: Vec<Passage>,
    /// From sites from which packets leave alike, by the number of those.
    pub(super) together: Vec<(u32, Way)>,
    /// Those sites.
    pub(super) leavers: Vec<(Arc<[Leavers]>, usize)>,
}

/// What passes from a site.
pub(super) struct Passage {
    pub(super) from: Site,
    pub(super) way: Way,
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
    /// Every pair has to be followed by itself, unless the groups of two senders give the same answers.
    Single(u32),
}

impl Surveyor<'_, '_> {
    /// Classes with numbers in a row from which the same passes to a site, as long as its groups take them for strangers.
    pub(super) fn stretches(&mut self, to: Site) -> Vec<Stretch> {
        let passages = self.passages(to);
        let together = self.recent(&passages);
        let alone = self.stretches_of(passages.alone);
        let mut stretches = Vec::with_capacity(together.len() + alone.len());
        let mut alone = alone.into_iter().peekable();
        for stretch in together.iter() {
            while let Some(before) = alone.next_if(|other| other.first < stretch.first) {
                join(&mut stretches, before);
            }
            join(&mut stretches, *stretch);
        }
        alone.for_each(|stretch| join(&mut stretches, stretch));
        stretches
    }

    /// The stretches of all from whom packets leave alike: those that were found last for the same ways, if there are any.
    fn recent(&mut self, passages: &Passages) -> Rc<[Stretch]> {
        let known = self
            .recent
            .iter()
            .position(|(ways, _)| *ways == passages.together);
        let known = known.and_then(|place| self.recent.remove(place));
        let (ways, stretches) = known.unwrap_or_else(|| {
            let ways = passages.together.iter().zip(&passages.leavers);
            let alone = ways.flat_map(|((_, way), (groups, place))| {
                let sites = groups.get(*place).map(|leavers| leavers.sites.iter());
                let sites = sites.into_iter().flatten();
                sites.map(|from| Passage {
                    from: *from,
                    way: *way,
                })
            });
            let stretches = self.stretches_of(alone.collect());
            (passages.together.clone(), stretches.into())
        });
        self.recent.push_front((ways, stretches.clone()));
        self.recent.truncate(RECENT);
        stretches
    }

    /// The stretches of sites, in order.
    fn stretches_of(&mut self, mut passages: Vec<Passage>) -> Vec<Stretch> {
        passages.sort_unstable_by_key(|passage| passage.from.first);
        let mut stretches: Vec<Stretch> = Vec::new();
        for Passage { from, way } in passages {
            match way {
                Way::Impassable => {}
                Way::Entangled(number) => stretches.push(Stretch {
                    first: from.first,
                    last: from.last,
                    from: Senders::Single(number),
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

/// Adds a stretch that comes after all others: to the last one, if the same passes from both.
fn join(stretches: &mut Vec<Stretch>, next: Stretch) {
    match stretches.last_mut() {
        Some(before) if before.from == next.from && before.last.after() == next.first => {
            before.last = next.last;
        }
        Some(_) | None => stretches.push(next),
    }
}
