//! Parts of two sets of hosts that behave alike towards each other.
//!
//! Classes are told apart by what passes between all pairs of a network. For a question about two sets that is too much:
//! here hosts of one kind are told apart only where they differ towards hosts of the other set.

use std::collections::{BTreeMap, BTreeSet};

use model::Endpoint;

use crate::answer::Answer;
use crate::class_name;
use crate::host::{CellId, HostId, HostKind};
use crate::landscape::{Landscape, Selection};
use crate::reach::answer_between;
use crate::subject::Subject;

/// Hosts of a selection that behave alike, or all of its addresses that are no host's.
pub(crate) struct Part {
    pub(crate) subject: Subject,
    pub(crate) endpoints: Vec<Endpoint>,
}

/// What a selection has of one cell, or all of its addresses of no host.
struct Piece<'l> {
    kind: Option<HostKind<'l>>,
    cell: Option<CellId>,
    hosts: Vec<HostId>,
    endpoints: Vec<Endpoint>,
}

/// Pieces by part, as places in the list of pieces.
type Partition = Vec<Vec<usize>>;

/// Which answer each piece of one set has with each piece of the other; nothing for a host with itself.
struct Table(Vec<Vec<Option<usize>>>);

/// The parts of both sets.
pub(crate) fn parts(
    landscape: &Landscape<'_>,
    from: &Selection,
    to: &Selection,
) -> (Vec<Part>, Vec<Part>) {
    let (sources, targets) = (pieces(landscape, from), pieces(landscape, to));
    let n_pairs = sources.len().saturating_mul(targets.len());
    let (from_parts, to_parts) = if n_pairs > MAX_PAIRS {
        (by_class(landscape, &sources), by_class(landscape, &targets))
    } else {
        let towards = Table::of(landscape, &sources, &targets);
        alike(&sources, &targets, &towards)
    };
    (
        told(landscape, from, &sources, from_parts),
        told(landscape, to, &targets, to_parts),
    )
}

/// Of more pairs of cells than this, all pairs of the network cost less.
const MAX_PAIRS: usize = 50_000;

fn pieces<'l>(landscape: &'l Landscape<'_>, selection: &Selection) -> Vec<Piece<'l>> {
    let mut by_cell: BTreeMap<Option<CellId>, (BTreeSet<HostId>, Vec<Endpoint>)> = BTreeMap::new();
    for endpoint in landscape.endpoints(selection) {
        let host = landscape.host_of(&endpoint);
        let cell = host.map(|host| landscape.host(host).cell);
        let (hosts, endpoints) = by_cell.entry(cell).or_default();
        hosts.extend(host);
        endpoints.push(endpoint);
    }
    let pieces = by_cell.into_iter().map(|(cell, (hosts, endpoints))| Piece {
        kind: cell.map(|cell| landscape.cell(cell).kind()),
        cell,
        hosts: hosts.into_iter().collect(),
        endpoints,
    });
    pieces.collect()
}

impl Table {
    fn of(landscape: &Landscape<'_>, sources: &[Piece<'_>], targets: &[Piece<'_>]) -> Self {
        let mut numbers: BTreeMap<Answer, usize> = BTreeMap::new();
        let mut number = |source: &Piece<'_>, target: &Piece<'_>| {
            let is_itself = source.hosts.len() == 1 && source.hosts == target.hosts;
            (!is_itself).then(|| {
                let answer = answer_between(landscape, &source.endpoints, &target.endpoints);
                let fresh = numbers.len();
                *numbers.entry(answer).or_insert(fresh)
            })
        };
        let row = |source| {
            targets
                .iter()
                .map(|target| number(source, target))
                .collect()
        };
        Self(sources.iter().map(row).collect())
    }

    fn turned(&self, n_targets: usize) -> Self {
        let column = |target: usize| {
            let rows = self.0.iter();
            rows.map(|row| row.get(target).copied().flatten()).collect()
        };
        Self((0..n_targets).map(column).collect())
    }

    /// The answers that a piece has with those of a part.
    fn towards(&self, piece: usize, part: &[usize]) -> BTreeSet<usize> {
        let row = self.0.get(piece);
        let answers = part
            .iter()
            .filter_map(|other| row?.get(*other).copied().flatten());
        answers.collect()
    }
}

/// The coarsest parts of both sets whose pieces are of one kind and have the same answers with each part of the other.
fn alike(sources: &[Piece<'_>], targets: &[Piece<'_>], towards: &Table) -> (Partition, Partition) {
    let backwards = towards.turned(targets.len());
    let (mut from, mut to) = (by_kind(sources), by_kind(targets));
    loop {
        let finer_from = cut(&from, &to, towards);
        let finer_to = cut(&to, &finer_from, &backwards);
        if (finer_from.len(), finer_to.len()) == (from.len(), to.len()) {
            return (from, to);
        }
        (from, to) = (finer_from, finer_to);
    }
}

fn by_kind(pieces: &[Piece<'_>]) -> Partition {
    grouped(0..pieces.len(), |piece| {
        pieces.get(*piece).and_then(|piece| piece.kind)
    })
}

/// A partition with every part cut into pieces that have the same answers with each part of another one.
fn cut(partition: &Partition, others: &Partition, towards: &Table) -> Partition {
    let behaviour = |piece: &usize| -> Vec<BTreeSet<usize>> {
        let others = others.iter();
        others.map(|part| towards.towards(*piece, part)).collect()
    };
    let cut = |part: &Vec<usize>| grouped(part.iter().copied(), behaviour);
    partition.iter().flat_map(cut).collect()
}

/// Sets so large are cut by what passes between all pairs of the network.
fn by_class(landscape: &Landscape<'_>, pieces: &[Piece<'_>]) -> Partition {
    grouped(0..pieces.len(), |piece| {
        let cell = pieces.get(*piece).and_then(|piece| piece.cell);
        cell.map(|cell| landscape.class_of_cell(cell))
    })
}

fn grouped<K: Ord>(pieces: impl Iterator<Item = usize>, key: impl Fn(&usize) -> K) -> Partition {
    let mut parts: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for piece in pieces {
        parts.entry(key(&piece)).or_default().push(piece);
    }
    parts.into_values().collect()
}

/// The parts with their names; those with a host that comes first are first.
fn told(
    landscape: &Landscape<'_>,
    selection: &Selection,
    pieces: &[Piece<'_>],
    partition: Partition,
) -> Vec<Part> {
    let mut parts: Vec<(Vec<HostId>, Part)> = partition
        .into_iter()
        .map(|part| {
            let of_part = || part.iter().filter_map(|piece| pieces.get(*piece));
            let mut hosts: Vec<HostId> = of_part().flat_map(|piece| piece.hosts.clone()).collect();
            hosts.sort_unstable();
            let mut endpoints: Vec<Endpoint> = of_part()
                .flat_map(|piece| piece.endpoints.clone())
                .collect();
            if !hosts.is_empty() {
                endpoints.sort_unstable();
            }
            let subject = match (hosts.as_slice(), selection) {
                ([], Selection::Internet | Selection::Office(_)) => {
                    landscape.asked_subject(selection)
                }
                _ => landscape.asked_subject(&Selection::Endpoints(endpoints.clone())),
            };
            (hosts, Part { subject, endpoints })
        })
        .collect();
    parts.sort_by(|(a, _), (b, _)| (b.len(), a).cmp(&(a.len(), b)));
    let mut parts: Vec<Part> = parts.into_iter().map(|(_, part)| part).collect();
    let subjects = parts.iter_mut().map(|part| &mut part.subject);
    class_name::tell_subjects_apart(subjects);
    parts
}

#[cfg(test)]
mod tests {
    use engine::Engine;

    use super::*;

    fn hosts_of(landscape: &Landscape<'_>, wanted: impl Fn(usize) -> bool) -> Selection {
        let hosts: Vec<HostId> = landscape.hosts().map(|(id, _)| id).collect();
        let hosts: Vec<HostId> = hosts.into_iter().filter(|host| wanted(host.0)).collect();
        Selection::Endpoints(landscape.receivers(&hosts))
    }

    fn hosts_in(landscape: &Landscape<'_>, part: &Part) -> BTreeSet<HostId> {
        let hosts = part.endpoints.iter();
        hosts.filter_map(|end| landscape.host_of(end)).collect()
    }

    /// The answers of a host with the hosts of a part, one by one.
    fn answers(
        landscape: &Landscape<'_>,
        host: HostId,
        others: &BTreeSet<HostId>,
        is_sender: bool,
    ) -> BTreeSet<Answer> {
        let of = |host: HostId| landscape.receivers(&[host]);
        let others = others.iter().filter(|other| **other != host);
        let answers = others.map(|other| {
            let (from, to) = if is_sender {
                (host, *other)
            } else {
                (*other, host)
            };
            answer_between(landscape, &of(from), &of(to))
        });
        answers.collect()
    }

    #[test]
    fn hosts_of_a_part_behave_alike_towards_every_part_of_the_other_set() {
        let (mut n_cut, mut n_joined) = (0, 0);
        for seed in 0..120 {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
            let engine = Engine::new(&snapshot);
            let landscape = Landscape::new(&engine);
            let from = hosts_of(&landscape, |host| host % 3 != 0);
            let to = hosts_of(&landscape, |host| host % 2 == 0);
            let (sources, targets) = parts(&landscape, &from, &to);
            assert!(engine.known_rows().is_none());
            for (own, others, is_sender) in
                [(&sources, &targets, true), (&targets, &sources, false)]
            {
                let mut kinds = BTreeSet::new();
                for part in own {
                    let hosts = hosts_in(&landscape, part);
                    kinds.extend(hosts.iter().map(|host| landscape.kind_of(*host)));
                    n_joined += hosts.len() - 1;
                    for other in others {
                        let others = hosts_in(&landscape, other);
                        if !hosts.is_disjoint(&others) {
                            continue;
                        }
                        let of_host = |host| answers(&landscape, host, &others, is_sender);
                        let alike: BTreeSet<_> = hosts.iter().copied().map(of_host).collect();
                        assert!(alike.len() <= 1, "seed {seed}: {alike:?}");
                    }
                }
                n_cut += own.len() - kinds.len();
            }
        }
        assert!(n_cut > 10 && n_joined > 10, "{n_cut} {n_joined}");
    }
}
