//! From where packets set out for the targets in a block.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use model::Endpoint;
use packet::Prefix;
use rustc_hash::FxHashMap;

use super::{Surveyor, Way};
use crate::class::Site;
use crate::departure::{Area, Leavers, Leaving};
use crate::semantics::may_be_afar;
use crate::shared_ways::{Likeness, SharedWays};
use crate::surveyor::stretches::Passages;

/// From where packets set out for the addresses of a block.
pub(super) struct Starts<'s> {
    /// Areas of whose sites single addresses matter from the start.
    pub(super) near: Vec<&'s Area>,
    /// Sites of areas from which packets leave alike.
    afar: Vec<(&'s Area, Arc<[Leavers]>, usize)>,
    /// For those whose way was followed, by what it was like, who else may take it.
    alike: RefCell<FxHashMap<usize, Vec<Followed>>>,
}

/// What a way was like, and those who may take it.
type Followed = (Rc<Likeness>, Rc<[usize]>);

/// So many are remembered of each.
const MAX_FOLLOWED: usize = 8;

/// A block around a target, and whether nothing but that matters of its address.
pub(super) type Goal = (Prefix, bool);

impl<'s> Starts<'s> {
    fn get(&self, place: usize) -> Option<(&'s Area, &Leavers)> {
        let (area, leavers, place) = self.afar.get(place)?;
        Some((area, leavers.get(*place)?))
    }
}

impl<'s, 'a> Surveyor<'s, 'a> {
    /// From where packets set out for a target. Those are left out whose packets are dropped before they come to its VPC.
    pub(super) fn starts(&mut self, target: &Endpoint) -> Rc<Starts<'s>> {
        let (semantics, address) = (self.semantics, target.address());
        let block = semantics.lines.of_ways.block(address);
        let goal = (block, may_be_afar(address));
        if let Some(known) = self.starts.get(&goal) {
            return known.clone();
        }
        let mut starts = Starts {
            near: Vec::new(),
            afar: Vec::new(),
            alike: RefCell::default(),
        };
        for area in &self.areas {
            let from = (*area, target);
            let Some(all) = self.departures.from(semantics, self.classes, from) else {
                starts.near.push(area);
                continue;
            };
            for (place, leavers) in all.iter().enumerate() {
                let by = leavers.leaving.and_then(|leaving| leaving.by);
                let departures = &mut self.departures;
                let are_dropped =
                    by.is_some_and(|by| departures.are_dropped_in_transit(semantics, by, address));
                if !are_dropped {
                    starts.afar.push((area, all.clone(), place));
                }
            }
        }
        let starts = Rc::new(starts);
        self.starts.insert(goal, starts.clone());
        starts
    }

    /// What passes to a site from all whose packets leave their VPC.
    pub(super) fn pass_from_afar(
        &mut self,
        passages: &mut Passages,
        shared: &mut SharedWays<'s, 'a>,
        (starts, to): (&Starts<'s>, Site),
    ) {
        let mut are_done = vec![false; starts.afar.len()];
        for place in 0..starts.afar.len() {
            let Some((area, leavers)) = starts.get(place) else {
                continue;
            };
            if are_done.get(place) == Some(&true) {
                continue;
            }
            let leaving = leavers.leaving.filter(|_| self.from.is_none());
            let Some(leaving) = leaving else {
                self.pass_singly(passages, shared, (area, leavers, to), 0);
                continue;
            };
            if let Some(way) = shared.of_exit(&leaving, area.vpc) {
                self.together(passages, (area, leavers), (way, shared));
                continue;
            }
            let Some(first) = leavers.sites.first().filter(|from| from.may_meet(to)) else {
                continue;
            };
            let (way, likeness) = self.follow_exit(shared, &leaving, (area, *first, to));
            let Some(likeness) = likeness else {
                self.alone(passages, (area.vpc, shared.vpc()), (*first, way));
                self.pass_singly(passages, shared, (area, leavers, to), 1);
                continue;
            };
            for place in alike(starts, place, (shared, &likeness)).iter() {
                let is_done = are_done.get_mut(*place);
                let is_done = is_done.is_none_or(|is_done| std::mem::replace(is_done, true));
                if let Some(own) = starts.get(*place).filter(|_| !is_done) {
                    self.together(passages, own, (way, shared));
                }
            }
        }
    }

    /// Adds what passes from all sites from which packets leave alike.
    fn together(
        &mut self,
        passages: &mut Passages,
        (area, leavers): (&Area, &Leavers),
        (way, shared): (Way, &SharedWays<'s, 'a>),
    ) {
        let ends = (area.vpc, shared.vpc());
        match way {
            Way::Impassable => {}
            Way::Passable { .. } => {
                let way = self.understood(way, ends);
                let sites = leavers.sites.clone();
                passages.together.push((leavers.number, way, sites));
            }
            Way::Entangled(_) => {
                for from in leavers.sites.iter() {
                    self.alone(passages, ends, (*from, way));
                }
            }
        }
    }

    /// Adds what passes from each of the sites from which packets leave alike, as far as they are meant, but the first ones.
    fn pass_singly(
        &mut self,
        passages: &mut Passages,
        shared: &mut SharedWays<'s, 'a>,
        (area, leavers, to): (&Area, &Leavers, Site),
        n_done: usize,
    ) {
        let sends = self.sends(to);
        for (place, from) in leavers.sites.iter().enumerate().skip(n_done) {
            if !sends(from) {
                continue;
            }
            let way = match leavers.leaving_from(place) {
                Some(leaving) => self.way_of_exit(shared, &leaving, (area, *from, to)),
                None => self.way(*from, to).0,
            };
            self.alone(passages, (area.vpc, shared.vpc()), (*from, way));
        }
    }

    /// What passes from a site from which packets leave so: the same as from others, if it was followed for one of them.
    fn way_of_exit(
        &mut self,
        shared: &mut SharedWays<'s, 'a>,
        leaving: &Leaving,
        from: (&Area, Site, Site),
    ) -> Way {
        let known = shared.of_exit(leaving, from.0.vpc);
        known.unwrap_or_else(|| self.follow_exit(shared, leaving, from).0)
    }

    /// What passes from a site from which packets leave so, and what the way is like if others may take it.
    fn follow_exit(
        &mut self,
        shared: &mut SharedWays<'s, 'a>,
        leaving: &Leaving,
        (area, from, to): (&Area, Site, Site),
    ) -> (Way, Option<Rc<Likeness>>) {
        let (way, seen) = self.way(from, to);
        let seen = seen.filter(|seen| !seen.is_of_one_only(leaving, area.vpc));
        let likeness = seen.map(|seen| shared.keep_for_exit(leaving, (way, area.vpc, seen)));
        (way, likeness)
    }
}

/// Those who may take a way that was followed for the first of them.
fn alike(
    starts: &Starts<'_>,
    first: usize,
    (shared, likeness): (&SharedWays<'_, '_>, &Rc<Likeness>),
) -> Rc<[usize]> {
    let mut followed = starts.alike.borrow_mut();
    let followed = followed.entry(first).or_default();
    if let Some((_, alike)) = followed.iter().find(|(known, _)| known == likeness) {
        return alike.clone();
    }
    let places = first..starts.afar.len();
    let alike = places.filter(|place| {
        starts.get(*place).is_some_and(|(area, leavers)| {
            let leaving = leavers.leaving.as_ref();
            leaving.is_some_and(|leaving| shared.is_same(likeness, leaving, area.vpc))
        })
    });
    let alike: Rc<[usize]> = alike.collect();
    if followed.len() == MAX_FOLLOWED {
        followed.remove(0);
    }
    followed.push((likeness.clone(), alike.clone()));
    alike
}
