//! How packets leave the VPC in which they start.
//!
//! Few sites of a VPC differ in that, and packets of two sites that leave alike go on alike. So of all sites of all VPCs
//! from which packets leave in one way, the way of one is followed to a target elsewhere.

use std::net::IpAddr;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Endpoint, Index, TransitGatewayAttachment, Vpc};
use packet::{Family, Prefix};
use rustc_hash::FxHashMap;

use crate::asks::Ends;
use crate::class::{Classes, Site};
use crate::filter::Filter;
use crate::interner::Interner;
use crate::near_lines::NearLines;
use crate::semantics::{Exit, Left, Question, Return, Semantics, Span};

/// How packets of a site leave for any address of a block that is not in their VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Departure {
    /// They do not: they are dropped on the way.
    Dropped,
    /// They leave.
    Leaves(Leaving),
    /// By other ways, on which single addresses matter.
    Otherwise,
}

/// Sites of a VPC from which packets leave alike for any address of a block that is not in the VPC.
#[derive(Debug)]
pub(crate) struct Leavers {
    /// No others have this number.
    pub(crate) number: u32,
    /// How packets of the first of them leave, and those of the others, which come from other addresses of the same
    /// blocks. Nothing if they go by other ways, on which single addresses matter.
    pub(crate) leaving: Option<Leaving>,
    pub(crate) sites: Arc<[Site]>,
    /// The addresses that packets of each site come from, if they leave.
    sources: Vec<IpAddr>,
}

impl Leavers {
    /// How packets of the site at a place leave.
    pub(crate) fn leaving_from(&self, place: usize) -> Option<Leaving> {
        let source = *self.sources.get(place)?;
        let leaving = self.leaving?;
        Some(Leaving { source, ..leaving })
    }
}

/// How packets leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaving {
    pub(crate) exit: ExitId,
    /// The attachment of a transit gateway by which they do; `None`: for the internet.
    pub(crate) by: Option<Index<TransitGatewayAttachment>>,
    /// The address that they come from there.
    pub(crate) source: IpAddr,
    /// The smallest blocks around it: on all ways, and for all groups.
    pub(crate) blocks: (Prefix, Prefix),
    /// How often they leave a subnet of their VPC.
    pub(crate) n_turns: usize,
}

/// The number of a way in which packets leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ExitId(u32);

/// All about those who leave but their address.
type Alike = (
    ExitId,
    Option<Index<TransitGatewayAttachment>>,
    (Prefix, Prefix),
    usize,
);

impl Leaving {
    /// By what replies come back as packets left.
    pub(crate) fn door(&self) -> Return {
        self.by.map_or(Return::Internet, Return::Transit)
    }

    const fn alike(&self) -> Alike {
        (self.exit, self.by, self.blocks, self.n_turns)
    }
}

/// Everything about an exit: with what passes up to there, and what of it is answered.
type Whole = (Exit, Filter, Filter);

/// The sites of a VPC, or those that are in none.
#[derive(Debug)]
pub(crate) struct Area {
    pub(crate) vpc: Option<Index<Vpc>>,
    /// In order.
    pub(crate) sites: Vec<Site>,
}

/// What was found out of departures. No rule of a group has a part in it.
#[derive(Debug)]
pub(crate) struct Departures {
    lines: NearLines,
    common: Arc<Common>,
    known: Known,
    dropped_in_transit: FxHashMap<(Index<TransitGatewayAttachment>, Prefix), bool>,
}

/// How packets of the sites of a VPC leave for a block, if they do.
type Known = FxHashMap<(Index<Vpc>, Prefix), Arc<[Leavers]>>;

/// What all who look at departures found out together.
#[derive(Debug, Default)]
struct Common {
    n_leavers: AtomicU32,
    known: Mutex<Known>,
    exits: Mutex<Interner<Whole>>,
}

/// All sites, by their VPC; those that are in none come last.
pub(crate) fn areas(semantics: &Semantics<'_>, classes: &Classes) -> Vec<Area> {
    let mut by_vpc: FxHashMap<Option<Index<Vpc>>, usize> = FxHashMap::default();
    let mut areas: Vec<Area> = Vec::new();
    for site in &classes.sites {
        let vpc = classes.endpoints_at(*site).next().and_then(|endpoint| {
            let Endpoint::Interface { interface, .. } = endpoint else {
                return None;
            };
            let interface = semantics.snapshot().interfaces().get(*interface);
            interface.vpc.target()
        });
        let number = *by_vpc.entry(vpc).or_insert(areas.len());
        match areas.get_mut(number) {
            Some(area) => area.sites.push(*site),
            None => areas.push(Area {
                vpc,
                sites: vec![*site],
            }),
        }
    }
    areas
}

impl Departures {
    pub(crate) fn new(lines: NearLines) -> Self {
        Self {
            lines,
            common: Arc::default(),
            known: Known::default(),
            dropped_in_transit: FxHashMap::default(),
        }
    }

    /// Another one, who shares what is found out with this one.
    pub(crate) fn companion(&self) -> Self {
        Self {
            common: self.common.clone(),
            ..Self::new(self.lines.clone())
        }
    }

    /// How packets of the sites of an area leave for a target, if they do; nothing if single addresses matter from the
    /// start.
    pub(crate) fn from(
        &mut self,
        semantics: &Semantics<'_>,
        classes: &Classes,
        (area, target): (&Area, &Endpoint),
    ) -> Option<Arc<[Leavers]>> {
        let vpc = area.vpc?;
        let address = target.address();
        let block = self.lines.block(vpc, address)?;
        if !semantics.is_afar(vpc, address) {
            return None;
        }
        let common = &self.common;
        let known = self.known.entry((vpc, block)).or_insert_with(|| {
            let known = common.known().get(&(vpc, block)).cloned();
            known.unwrap_or_else(|| {
                let leavers = common.leavers(semantics, classes, (area, target));
                common.known().insert((vpc, block), leavers.clone());
                leavers
            })
        });
        Some(known.clone())
    }

    /// A number for sites of which the same is found, that no others have.
    pub(crate) fn fresh_number(&self) -> u32 {
        self.common.fresh_number()
    }

    /// Whether packets for a destination that come to a transit gateway by an attachment are dropped there.
    pub(crate) fn are_dropped_in_transit(
        &mut self,
        semantics: &Semantics<'_>,
        attachment: Index<TransitGatewayAttachment>,
        destination: IpAddr,
    ) -> bool {
        let block = semantics.lines.of_ways.block(destination);
        let known = self.dropped_in_transit.entry((attachment, block));
        *known.or_insert_with(|| semantics.is_dropped_in_transit(attachment, destination))
    }
}

impl Common {
    fn leavers(
        &self,
        semantics: &Semantics<'_>,
        classes: &Classes,
        (area, target): (&Area, &Endpoint),
    ) -> Arc<[Leavers]> {
        let mut places: FxHashMap<Alike, usize> = FxHashMap::default();
        let mut all: Vec<(Option<Leaving>, Vec<Site>, Vec<IpAddr>)> = Vec::new();
        for site in &area.sites {
            let source = classes.endpoints_at(*site).next();
            let family = Family::of(target.address());
            let source = source.filter(|source| Family::of(source.address()) == family);
            let Some(source) = source else {
                continue;
            };
            let departure = self.departure(semantics, area.vpc, (source, target));
            let leaving = match departure {
                Departure::Dropped => continue,
                Departure::Leaves(leaving) => Some(leaving),
                Departure::Otherwise => None,
            };
            let next = all.len();
            let place = leaving.map_or(next, |leaving| {
                *places.entry(leaving.alike()).or_insert(next)
            });
            let source = leaving.map(|leaving| leaving.source);
            match all.get_mut(place) {
                Some((_, sites, sources)) => {
                    sites.push(*site);
                    sources.extend(source);
                }
                None => all.push((leaving, vec![*site], source.into_iter().collect())),
            }
        }
        let leavers = all.into_iter().map(|(leaving, sites, sources)| Leavers {
            number: self.fresh_number(),
            leaving,
            sites: sites.into(),
            sources,
        });
        leavers.collect()
    }

    fn fresh_number(&self) -> u32 {
        self.n_leavers.fetch_add(1, Relaxed)
    }

    fn departure(
        &self,
        semantics: &Semantics<'_>,
        own: Option<Index<Vpc>>,
        (source, target): (&Endpoint, &Endpoint),
    ) -> Departure {
        if semantics.is_same_host(source, target) {
            return Departure::Otherwise;
        }
        let (outcome, mut seen) = semantics.follow_watched(&Question {
            from: *source,
            to: *target,
            open: Ends::of(source, target),
            span: Span::OfDeparture,
        });
        let left = seen.left.pop();
        // Another VPC may tell addresses apart that this one does not.
        let is_elsewhere = seen.asked_about.iter().any(|vpc| Some(*vpc) != own);
        if seen.has_looked
            || seen.is_farther
            || is_elsewhere
            || !(seen.left.is_empty() && seen.met.is_empty())
        {
            return Departure::Otherwise;
        }
        match left {
            None if outcome.delivered.denies_all() => Departure::Dropped,
            Some(Left::By(exit, by, source)) => {
                let whole = (*exit, outcome.delivered, outcome.answered);
                Departure::Leaves(Leaving {
                    exit: ExitId(self.number(whole)),
                    by,
                    source,
                    blocks: (
                        semantics.lines.of_ways.block(source),
                        semantics.lines.of_groups.block(source),
                    ),
                    n_turns: seen.left_by_first.len(),
                })
            }
            Some(Left::Otherwise) | None => Departure::Otherwise,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn number(&self, whole: Whole) -> u32 {
        let mut exits = self.exits.lock().unwrap_or_else(PoisonError::into_inner);
        exits.number(whole)
    }
}
