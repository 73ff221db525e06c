//! What hosts reach through fronts, from all classes where an attacker could sit.
//!
//! Classes far apart come to the same fronts. So what lies behind is looked at once for all that come to the same, and very
//! many classes that reach one target by the same packets are told together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use model::Endpoint;
use packet::PacketSet;
use rayon::prelude::*;

use crate::edges::MANY;
use crate::host::HostClassId;
use crate::landscape::Landscape;
use crate::lateral::is_foothold;
use crate::owner::Role;
use crate::passage::Passage;
use crate::through::{Grouping, Key, Through, ToTargets, Way, answer, grouped};

/// Classes of one role from which the same is reached through fronts.
struct Comers<'l> {
    role: Role,
    lists: Vec<&'l [Passage]>,
    classes: Vec<HostClassId>,
}

/// What is reached by all comers, by role, what all of them send, and to whom.
type Reached<'l> = BTreeMap<(Role, Key<'l>, Sent), Vec<(&'l Comers<'l>, Way<'l>)>>;

type Sent = (PacketSet, BTreeSet<Endpoint>);

/// What hosts of each class where an attacker could sit reach through fronts, but for themselves.
pub(crate) fn through_fronts(landscape: &Landscape<'_>) -> Vec<Through> {
    let found = all(landscape, MANY).into_iter();
    found.map(|(_, through)| through).collect()
}

/// The same with the classes that come: `many` are told together.
fn all(landscape: &Landscape<'_>, many: usize) -> Vec<(Vec<HostClassId>, Through)> {
    let comers = comers(landscape);
    let ways = comers.par_iter().flat_map_iter(|comers| {
        let mut passages: Vec<&Passage> = comers.lists.iter().copied().flatten().collect();
        passages.sort_unstable();
        passages.dedup();
        let ways = grouped(landscape, passages.into_iter(), Grouping::Classes).into_iter();
        ways.map(move |(key, way)| (comers, key, way))
    });
    let mut reached = Reached::new();
    for (comers, key, way) in ways.collect::<Vec<_>>() {
        let targets = way.passages.iter().map(|passage| passage.to).collect();
        let key = (comers.role, key, (way.entry.clone(), targets));
        reached.entry(key).or_default().push((comers, way));
    }
    let to_targets = ToTargets::default();
    let reached: Vec<_> = reached.into_iter().enumerate().collect();
    let found = reached
        .par_iter()
        .flat_map_iter(|(place, ((_, key, _), by))| {
            let found = answers(landscape, (key, by), &to_targets, many).into_iter();
            found.map(move |(classes, through)| {
                ((classes.first().copied(), *place), classes, through)
            })
        });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(place, ..)| *place);
    let found = found.into_iter();
    found
        .map(|(_, classes, through)| (classes, through))
        .collect()
}

/// All classes where an attacker could sit, by what they reach through fronts.
fn comers<'l>(landscape: &'l Landscape<'_>) -> Vec<Comers<'l>> {
    let classes = landscape.classes();
    let footholds = classes.filter(|(_, class)| is_foothold(class.role));
    let footholds: Vec<_> = footholds.collect();
    let lists = footholds.par_iter().map(|(_, class)| {
        let cells = class.cells.iter();
        let mut known = HashSet::new();
        // Lists that are equal are one.
        let lists = cells.map(|cell| landscape.passages(*cell));
        let lists = lists.filter(|list| !list.is_empty() && known.insert(list.as_ptr()));
        lists.collect::<Vec<&[Passage]>>()
    });
    let lists: Vec<Vec<&[Passage]>> = lists.collect();
    let mut places = HashMap::new();
    let mut all: Vec<Comers<'l>> = Vec::new();
    for ((id, class), lists) in footholds.iter().zip(lists) {
        let same: Vec<_> = lists.iter().map(|list| list.as_ptr()).collect();
        let place = *places.entry((class.role, same)).or_insert(all.len());
        match all.get_mut(place) {
            Some(comers) => comers.classes.push(*id),
            None => all.push(Comers {
                role: class.role,
                lists,
                classes: vec![*id],
            }),
        }
    }
    all
}

/// A way as an answer for each class, or for all together if they are `many`; with the classes.
fn answers(
    landscape: &Landscape<'_>,
    (key, by): (&Key<'_>, &[(&Comers<'_>, Way<'_>)]),
    to_targets: &ToTargets,
    many: usize,
) -> Vec<(Vec<HostClassId>, Through)> {
    let of_class = |(class, way): (HostClassId, &Way<'_>)| {
        let hosts = &landscape.class(class).hosts;
        let from = landscape.subject(class, hosts);
        let senders = landscape.senders(hosts);
        let through = answer(landscape, (&from, &senders), (key, way), to_targets);
        (vec![class], through)
    };
    let classes = by.iter().flat_map(|(comers, way)| {
        let classes = comers.classes.iter();
        classes.map(move |class| (*class, way))
    });
    let mut classes: Vec<(HostClassId, &Way<'_>)> = classes.collect();
    classes.sort_unstable_by_key(|(class, _)| *class);
    if classes.len() < many {
        return classes.into_iter().map(of_class).collect();
    }
    // What one class sends proves it.
    let first = classes.first().copied().map(of_class);
    let classes: Vec<HostClassId> = classes.into_iter().map(|(class, _)| class).collect();
    let n_hosts = classes
        .iter()
        .map(|class| landscape.class(*class).hosts.len());
    let from = landscape.many(&classes, n_hosts.sum());
    let first = first.map(|(_, through)| (classes, Through { from, ..through }));
    first.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use engine::Engine;

    use super::*;
    use crate::through::gathered;

    /// What each class reaches, class by class.
    fn simple(landscape: &Landscape<'_>) -> Vec<(Vec<HostClassId>, Through)> {
        let footholds = landscape.classes();
        let footholds = footholds.filter(|(_, class)| is_foothold(class.role));
        let found = footholds.flat_map(|(id, class)| {
            let cells = class.cells.iter();
            let passages = cells.flat_map(|cell| landscape.passages(*cell));
            let passages: BTreeSet<&Passage> = passages.collect();
            let from = landscape.subject(id, &class.hosts);
            let senders = landscape.senders(&class.hosts);
            let found = gathered(landscape, &from, &senders, passages.into_iter()).into_iter();
            found.map(move |through| (vec![id], through))
        });
        found.collect()
    }

    /// Everything about a way but who comes and what proves it.
    fn way(
        landscape: &Landscape<'_>,
        class: HostClassId,
        through: &Through,
    ) -> (Role, HostClassId, String) {
        let Through {
            via,
            to,
            entry,
            exit,
            reachability,
            ..
        } = through;
        let way = format!("{via:?} {to:?} {entry:?} {exit:?} {reachability:?}");
        (landscape.class(class).role, class, way)
    }

    #[test]
    fn classes_are_told_as_if_each_was_looked_at_and_together_where_they_are_many() {
        let mut n_together = 0;
        for seed in 0..150 {
            let snapshot = testkit::random_network(seed).unwrap().snapshot();
            let engine = Engine::new(&snapshot);
            let landscape = Landscape::new(&engine);
            let expected = simple(&landscape);
            assert_eq!(all(&landscape, usize::MAX), expected, "seed {seed}");
            let each = |found: &[(Vec<HostClassId>, Through)]| {
                let classes = found.iter().flat_map(|(classes, through)| {
                    classes.iter().map(|class| way(&landscape, *class, through))
                });
                let mut ways: Vec<_> = classes.collect();
                ways.sort_unstable();
                ways
            };
            let together = all(&landscape, 2);
            assert_eq!(each(&together), each(&expected), "seed {seed}");
            for (classes, through) in &together {
                let hosts = classes
                    .iter()
                    .map(|class| landscape.class(*class).hosts.len());
                assert_eq!(through.from.class_size, hosts.sum::<usize>(), "seed {seed}");
                n_together += usize::from(classes.len() > 1);
            }
        }
        assert!(n_together > 20, "{n_together}");
    }
}
