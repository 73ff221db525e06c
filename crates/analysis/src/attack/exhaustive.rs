//! Every way host by host, to compare with what the graph of classes says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::Engine;
use model::{Endpoint, Index, OfficeNetwork};
use packet::{PacketSet, PortSet, Protocol};

use super::{Hop, Listening, PathOptions, Paths, PivotModel, origins, paths};
use crate::host::HostId;
use crate::landscape::{Landscape, Selection};
use crate::lateral::is_foothold;
use crate::owner::Nature;
use crate::passage::passages;
use crate::reach::answer_between;
use crate::spread::is_open;
use crate::subject::{Subject, SubjectKind};

/// Where an intruder may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Internet,
    Office(Index<OfficeNetwork>),
    Host(HostId),
}

/// For each place, the places that it reaches: for certain, or at all.
struct Steps {
    certain: BTreeMap<Place, BTreeSet<Place>>,
    any: BTreeMap<Place, BTreeSet<Place>>,
}

fn places(landscape: &Landscape<'_>) -> Vec<Place> {
    let offices = landscape.snapshot().offices().iter();
    let offices = offices.map(|(office, _)| Place::Office(office));
    let hosts = landscape.hosts().map(|(host, _)| Place::Host(host));
    offices.chain(hosts).chain([Place::Internet]).collect()
}

fn nature(landscape: &Landscape<'_>, place: Place) -> Nature {
    match place {
        Place::Internet => Nature::Inert,
        Place::Office(_) => Nature::Pivot,
        Place::Host(host) => landscape.host(host).owner.role.nature(),
    }
}

/// The addresses from which a place sends, and those at which it is reached.
fn ends(landscape: &Landscape<'_>, place: Place) -> (Vec<Endpoint>, Vec<Endpoint>) {
    let outside = |selection: Selection| {
        let endpoints = landscape.endpoints(&selection);
        (endpoints.clone(), endpoints)
    };
    match place {
        Place::Internet => outside(Selection::Internet),
        Place::Office(office) => outside(Selection::Office(office)),
        Place::Host(host) => (landscape.senders(&[host]), landscape.receivers(&[host])),
    }
}

/// The same ends without addresses that stand on both sides: what is sent there comes to the sender itself.
fn without_own(from: &[Endpoint], mut to: Vec<Endpoint>) -> (Vec<Endpoint>, Vec<Endpoint>) {
    let (mut from, all) = (from.to_vec(), to.clone());
    let is_outside = |one: &Endpoint| !matches!(one, Endpoint::Interface { .. });
    let is_shared = |one: &Endpoint, others: &[Endpoint]| {
        is_outside(one) && others.iter().any(|other| other.address() == one.address())
    };
    to.retain(|one| !is_shared(one, &from));
    from.retain(|one| !is_shared(one, &all));
    (from, to)
}

/// The model that networks of a seed are asked with.
fn model_of(landscape: &Landscape<'_>, seed: u64) -> PivotModel {
    if seed.is_multiple_of(2) {
        return PivotModel::AnyService;
    }
    let first = landscape.hosts().step_by(2).map(|(host, _)| host);
    let receivers = landscape.receivers(&first.collect::<Vec<_>>());
    let web = PacketSet::to_ports(Protocol::TCP, &PortSet::range(80, 8080));
    let declared = [(Selection::Endpoints(receivers), web)];
    PivotModel::Listening(Arc::new(Listening::of(landscape, &declared)))
}

fn steps(landscape: &Landscape<'_>, model: &PivotModel) -> Steps {
    let mut steps = Steps {
        certain: BTreeMap::new(),
        any: BTreeMap::new(),
    };
    let counts = |to: Place, services: &PacketSet| match to {
        Place::Host(host) => {
            let counting = model.services_on(landscape, host);
            !services.intersection(&counting).is_empty()
        }
        Place::Internet | Place::Office(_) => !services.is_empty(),
    };
    let all = places(landscape);
    for from in &all {
        let (senders, _) = ends(landscape, *from);
        let mut add = |to: Place, is_certain: bool| {
            steps.any.entry(*from).or_default().insert(to);
            if is_certain {
                steps.certain.entry(*from).or_default().insert(to);
            }
        };
        let is_at_most = match from {
            Place::Internet | Place::Office(_) => false,
            Place::Host(host) => match landscape.host(*host).owner.role {
                role if is_foothold(role) => false,
                role if role.nature() == Nature::Through && !landscape.is_whole_front(*host) => {
                    true
                }
                _ => continue,
            },
        };
        for to in all.iter().filter(|to| *to != from) {
            let are_outside = !matches!((from, to), (Place::Host(_), _) | (_, Place::Host(_)));
            if are_outside || nature(landscape, *to) == Nature::Inert {
                continue;
            }
            let (senders, receivers) = without_own(&senders, ends(landscape, *to).1);
            let answer = answer_between(landscape, &senders, &receivers);
            let is_certain = counts(*to, &answer.certain);
            if is_certain || counts(*to, &answer.undetermined) {
                add(*to, is_certain && !is_at_most);
            }
        }
        if is_at_most {
            continue;
        }
        let mut passages = passages(landscape, &senders);
        if !matches!(from, Place::Host(_)) {
            passages.retain(|passage| is_open(landscape, passage));
        }
        for passage in passages {
            let to = landscape.host_of(&passage.to).map(Place::Host);
            let to = to.filter(|to| to != from && nature(landscape, *to) != Nature::Inert);
            if let Some(to) = to.filter(|to| counts(*to, passage.services())) {
                add(to, passage.is_certain);
            }
        }
    }
    steps
}

/// How many hops each place is from some, for those that are reached without passing `without`.
fn reached(
    steps: &BTreeMap<Place, BTreeSet<Place>>,
    from: Place,
    without: &BTreeSet<Place>,
) -> BTreeMap<Place, usize> {
    let mut found = BTreeMap::from([(from, 0)]);
    let mut level = vec![from];
    for hop in 1.. {
        let next = level.iter().filter_map(|place| steps.get(place)).flatten();
        let next: BTreeSet<Place> = next
            .filter(|place| !found.contains_key(place) && !without.contains(place))
            .copied()
            .collect();
        if next.is_empty() {
            break;
        }
        found.extend(next.iter().map(|place| (*place, hop)));
        level = next.into_iter().collect();
    }
    found
}

fn selection(landscape: &Landscape<'_>, place: Place) -> Selection {
    match place {
        Place::Internet => Selection::Internet,
        Place::Office(office) => Selection::Office(office),
        Place::Host(host) => Selection::Endpoints(landscape.receivers(&[host])),
    }
}

fn with_landscape(seed: u64, ask: impl FnOnce(&Landscape<'_>)) {
    let snapshot = testkit::random_network(seed).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    ask(&Landscape::new(&engine));
}

/// Pairs of ends of a network: at most a few, so that many networks can be tried.
fn pairs(landscape: &Landscape<'_>, seed: u64) -> Vec<(Place, Place)> {
    let all = places(landscape);
    let is_end = |place: &&Place| match place {
        Place::Internet | Place::Office(_) => true,
        Place::Host(host) => !landscape.senders(&[*host]).is_empty(),
    };
    let ends: Vec<Place> = all.iter().filter(is_end).copied().collect();
    let n = u64::try_from(ends.len()).unwrap();
    let pick = |number: u64| ends[usize::try_from(number % n).unwrap()];
    let pairs = (0..6).map(|number| (pick(seed + number * 7), pick(seed * 3 + number * 11 + 1)));
    let is_question = |(from, to): &(Place, Place)| {
        let is_foothold = match from {
            Place::Internet | Place::Office(_) => true,
            Place::Host(host) => is_foothold(landscape.host(*host).owner.role),
        };
        from != to && *to != Place::Internet && is_foothold
    };
    pairs.filter(is_question).collect()
}

/// The places that a subject stands for.
fn places_of(landscape: &Landscape<'_>, subject: &Subject) -> BTreeSet<Place> {
    let ids: BTreeSet<&str> = subject
        .members
        .iter()
        .map(|member| member.id.as_str())
        .collect();
    match subject.kind {
        SubjectKind::Internet => BTreeSet::from([Place::Internet]),
        SubjectKind::Office(office) => BTreeSet::from([Place::Office(office)]),
        SubjectKind::Hosts(_) | SubjectKind::Addresses => {
            let hosts = landscape.hosts();
            let hosts = hosts.filter(|(_, host)| ids.contains(host.owner.id.as_str()));
            hosts.map(|(host, _)| Place::Host(host)).collect()
        }
    }
}

#[test]
fn paths_are_those_of_an_exhaustive_search() {
    let (mut n_connected, mut n_possible, mut n_chokes) = (0, 0, 0);
    for seed in 0..120 {
        with_landscape(seed, |landscape| {
            let model = model_of(landscape, seed);
            let steps = steps(landscape, &model);
            for (from, to) in pairs(landscape, seed) {
                let nobody = BTreeSet::new();
                let certain = reached(&steps.certain, from, &nobody);
                let any = reached(&steps.any, from, &nobody);
                let options = PathOptions {
                    model: model.clone(),
                    ..PathOptions::default()
                };
                let (foothold, target) = (selection(landscape, from), selection(landscape, to));
                let found = paths(landscape, &foothold, &target, &options);
                let shortest = found.certain.first().map(|path| path.hops.len());
                let place = format!("seed {seed}: {from:?} {to:?}");
                assert_eq!(shortest, certain.get(&to).copied(), "{place}");
                let is_reached = !(found.certain.is_empty() && found.possible.is_empty());
                assert_eq!(is_reached, any.contains_key(&to), "{place}");
                n_connected += usize::from(shortest.is_some());
                n_possible += usize::from(!found.possible.is_empty());
                for subject in between(&found) {
                    let without = places_of(landscape, &subject);
                    let is_needed = !reached(&steps.certain, from, &without).contains_key(&to);
                    let is_told = found.chokes.iter().any(|choke| choke.hosts == subject);
                    // A class of which only some hosts lie on one path may be told with all of them.
                    assert!(is_told || !is_needed, "{place}: {subject:?}");
                }
                for choke in &found.chokes {
                    let without = places_of(landscape, &choke.hosts);
                    assert!(
                        !without.contains(&from) && !without.contains(&to),
                        "{place}"
                    );
                    let rest = reached(&steps.certain, from, &without);
                    assert!(!rest.contains_key(&to), "{place}: {choke:?}");
                    n_chokes += 1;
                }
            }
        });
    }
    let counts = [n_connected, n_possible, n_chokes];
    assert!(
        n_connected > 20 && n_possible > 50 && n_chokes > 3,
        "{counts:?}"
    );
}

/// Who stands between the ends of the shortest path.
fn between(found: &Paths) -> Vec<Subject> {
    let hops = found.certain.first().map(|path| path.hops.as_slice());
    let between = hops.and_then(<[Hop]>::split_last);
    let between = between.map_or(&[][..], |(_, between)| between);
    between.iter().map(|hop| hop.to.clone()).collect()
}

#[test]
fn origins_are_those_of_an_exhaustive_search() {
    let mut n_origins = 0;
    for seed in 0..60 {
        with_landscape(seed, |landscape| {
            let model = model_of(landscape, seed);
            let steps = steps(landscape, &model);
            let targets: BTreeSet<Place> = pairs(landscape, seed)
                .into_iter()
                .map(|(_, to)| to)
                .collect();
            for to in targets {
                let found = origins(landscape, &selection(landscape, to), &model);
                for (told, steps) in [
                    (&found.certain, &steps.certain),
                    (&found.possible, &steps.any),
                ] {
                    let mut hops: BTreeMap<Place, usize> = BTreeMap::new();
                    for origin in told {
                        let places = places_of(landscape, &origin.from);
                        hops.extend(places.into_iter().map(|place| (place, origin.n_hops)));
                    }
                    for (from, n_hops) in &hops {
                        let reached = reached(steps, *from, &BTreeSet::new());
                        let place = format!("seed {seed}: {from:?} {to:?}");
                        assert_eq!(reached.get(&to), Some(n_hops), "{place}");
                        n_origins += 1;
                    }
                    for from in places(landscape) {
                        let is_seat = match from {
                            Place::Internet | Place::Office(_) => true,
                            Place::Host(host) => is_foothold(landscape.host(host).owner.role),
                        };
                        let is_told = hops.contains_key(&from)
                            || found
                                .certain
                                .iter()
                                .any(|origin| places_of(landscape, &origin.from).contains(&from));
                        let is_reached = reached(steps, from, &BTreeSet::new()).contains_key(&to);
                        assert!(
                            from == to || !is_seat || is_told || !is_reached,
                            "seed {seed}: {from:?} {to:?}"
                        );
                    }
                }
            }
        });
    }
    assert!(n_origins > 100, "{n_origins}");
}
