//! Laws of the score.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use analysis::{BlastOptions, Landscape, Nature, Role, Selection};
use analysis::{Pairs, Score, blast, score};
use engine::Engine;
use model::{Change, RuleName, Snapshot};
use testkit::Topology;

fn score_of(snapshot: &Snapshot) -> Score {
    let engine = Engine::new(snapshot);
    score(&Landscape::new(&engine))
}

/// The pairs of a network, host by host: what an intruder reaches from each.
fn counted(snapshot: &Snapshot) -> Pairs {
    let engine = Engine::new(snapshot);
    let landscape = Landscape::new(&engine);
    let accepts = |role: Role| role.nature() != Nature::Inert;
    let mut pairs = Pairs::default();
    for (from, host) in landscape.hosts() {
        let role = host.owner.role;
        if role.nature() != Nature::Pivot && role != Role::Function {
            continue;
        }
        let others = landscape.hosts().filter(|(id, _)| *id != from);
        let others = others.filter(|(_, host)| accepts(host.owner.role));
        pairs.all += others.count() as u64;
        let foothold = Selection::Endpoints(host.endpoints.clone());
        let options = BlastOptions {
            through_offices: false,
            max_hops: usize::MAX,
            ..BlastOptions::default()
        };
        for fall in blast(&landscape, &foothold, &options).certain {
            let n_hosts = fall.to.members.len() as u64;
            pairs.transitive += n_hosts;
            pairs.direct += if fall.hop == 1 { n_hosts } else { 0 };
        }
    }
    pairs
}

#[test]
fn the_score_is_what_is_counted_host_by_host() {
    let mut n_open = 0;
    for seed in 0..40 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let counted = counted(&snapshot);
        assert_eq!(score_of(&snapshot).whole, counted, "seed {seed}");
        n_open += counted.transitive;
    }
    assert!(n_open > 0);
}

#[test]
fn no_score_gets_worse_when_a_rule_goes() {
    let mut n_better = 0;
    for seed in 0..15 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let before = score_of(&snapshot).whole;
        for group in snapshot.groups().rows() {
            for rule in &group.rules {
                let change = Change::RemoveRule(RuleName::of(group.id.clone(), rule));
                let after = score_of(&snapshot.with(&[change]).unwrap()).whole;
                assert_eq!(after.all, before.all, "seed {seed}: {rule:?}");
                assert!(after.direct <= before.direct, "seed {seed}: {rule:?}");
                let is_no_worse = after.transitive <= before.transitive;
                assert!(is_no_worse, "seed {seed}: {rule:?}");
                n_better += u32::from(after.transitive < before.transitive);
            }
        }
    }
    assert!(n_better > 0);
}

/// Three tiers with so many hosts in each.
fn tiers(n_each: u64) -> Pairs {
    let mut topology = "
    vpc main 10.0.0.0/16
    subnet web main 10.0.1.0/24
    group front
      out any to any
    group app
      in tcp/8080 from group front
      out any to any
    group db
      in tcp/5432 from group app
"
    .to_owned();
    for (tier, group) in ["front", "app", "db"].iter().enumerate() {
        for number in 0..n_each {
            let last = 10 + tier as u64 * 50 + number;
            let host = format!("    host {group}-{number} in web 10.0.1.{last} groups {group}\n");
            topology.push_str(&host);
        }
    }
    score_of(&Topology::parse(&topology).unwrap().snapshot()).whole
}

#[test]
fn doubles_move_a_score_by_no_more_than_their_own_pairs() {
    for n_each in 1..12 {
        let (one, two) = (tiers(n_each), tiers(2 * n_each));
        let n = 3 * n_each;
        assert_eq!((one.all, two.all), (n * (n - 1), 2 * n * (2 * n - 1)));
        let (direct, transitive) = (2 * n_each * n_each, 3 * n_each * n_each);
        assert_eq!((one.direct, one.transitive), (direct, transitive));
        for (before, after) in [(one.direct, two.direct), (one.transitive, two.transitive)] {
            // Of two hosts of different origin as many pairs are open as before.
            let own = after.abs_diff(4 * before);
            assert!(own <= 2 * n, "{n_each}");
        }
    }
}

#[test]
fn pairs_by_environment_are_all_pairs_where_every_host_has_one() {
    for seed in 0..20 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let hosts: Vec<_> = landscape
            .hosts()
            .map(|(_, host)| host.endpoints.clone())
            .collect();
        let (some, rest) = hosts.split_at(hosts.len() / 2);
        let environments = [("one", some), ("two", rest)].map(|(name, hosts)| {
            let endpoints = hosts.iter().flatten().copied().collect();
            (name.to_owned(), Selection::Endpoints(endpoints))
        });
        let landscape = Landscape::new(&engine).with_environments(environments.to_vec());
        let score = score(&landscape);
        let mut sum = Pairs::default();
        for pairs in score.environments.values() {
            sum.all += pairs.all;
            sum.direct += pairs.direct;
            sum.transitive += pairs.transitive;
        }
        assert_eq!(sum, score.whole, "seed {seed}");
    }
}
