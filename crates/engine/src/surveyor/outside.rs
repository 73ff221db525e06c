//! Sites outside that the VPC of a target does not tell apart.

use std::rc::Rc;
use std::sync::Arc;

use model::Endpoint;
use packet::Prefix;
use rustc_hash::FxHashMap;

use super::Surveyor;
use super::stretches::Passages;
use crate::class::{Classes, Site};
use crate::departure::Area;
use crate::shared_ways::SharedWays;
use crate::surveyor::Way;

/// Sites outside from which the same passes to a target, if its way is one that others share.
#[derive(Debug)]
pub(super) struct Outside {
    /// No others have this number.
    number: u32,
    sites: Arc<[Site]>,
}

impl<'s, 'a> Surveyor<'s, 'a> {
    /// What passes to a site from all that are in no VPC.
    pub(super) fn pass_from_outside(
        &mut self,
        passages: &mut Passages,
        shared: &mut SharedWays<'s, 'a>,
        (area, to): (&Area, Site),
    ) {
        for outside in self.outside(shared, area).iter() {
            let mut sites = outside.sites.iter().filter(|from| from.may_meet(to));
            let Some(first) = sites.next() else {
                continue;
            };
            let way = self.way_from_outside(shared, *first, to);
            let is_shared = internet_address(self.classes, *first)
                .is_some_and(|address| shared.of_internet(address).is_some());
            match way {
                Way::Impassable if is_shared => {}
                Way::Passable { .. } if is_shared => {
                    let way = self.understood(way, (None, shared.vpc()));
                    let sites = outside.sites.clone();
                    passages.together.push((outside.number, way, sites));
                }
                Way::Impassable | Way::Passable { .. } | Way::Entangled(_) => {
                    self.alone(passages, (None, shared.vpc()), (*first, way));
                    for from in sites {
                        let way = self.way_from_outside(shared, *from, to);
                        self.alone(passages, (None, shared.vpc()), (*from, way));
                    }
                }
            }
        }
    }

    /// The sites that are in no VPC: those on the internet that the VPC of the target does not tell apart together.
    fn outside(&mut self, shared: &SharedWays<'s, 'a>, area: &Area) -> Rc<[Outside]> {
        if let Some(known) = self.outside.get(&shared.vpc()) {
            return known.clone();
        }
        let mut places: FxHashMap<(Prefix, Prefix), usize> = FxHashMap::default();
        let mut all: Vec<Vec<Site>> = Vec::new();
        for site in &area.sites {
            let address = internet_address(self.classes, *site);
            let key = address.and_then(|address| shared.key_on_internet(address));
            let next = all.len();
            let place = key.map_or(next, |key| *places.entry(key).or_insert(next));
            match all.get_mut(place) {
                Some(sites) => sites.push(*site),
                None => all.push(vec![*site]),
            }
        }
        let all = all.into_iter().map(|sites| Outside {
            number: self.departures.fresh_number(),
            sites: sites.into(),
        });
        let all: Rc<[Outside]> = all.collect();
        self.outside.insert(shared.vpc(), all.clone());
        all
    }
}

/// The first address of a site on the internet.
pub(super) fn internet_address(classes: &Classes, site: Site) -> Option<std::net::IpAddr> {
    match classes.endpoints_at(site).next()? {
        Endpoint::Internet { address } => Some(*address),
        Endpoint::Interface { .. } | Endpoint::Office { .. } | Endpoint::Unknown { .. } => None,
    }
}
