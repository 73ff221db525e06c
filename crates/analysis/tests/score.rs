//! Laws of the score.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use analysis::{BlastOptions, Landscape, Nature, Role, Selection};
use analysis::{Counts, Pairs, Risk, Score, blast, score};
use engine::Engine;
use model::{Change, RuleName, Snapshot};
use testkit::{Random, Topology};

fn score_of(snapshot: &Snapshot) -> Score {
    let engine = Engine::new(snapshot);
    score(&Landscape::new(&engine))
}

/// The pairs of two hosts of a network, host by host: what an intruder reaches from each. And how many hosts he could sit
/// on: so many pairs of a host with its double there are at most.
fn counted(snapshot: &Snapshot) -> (u64, Counts, u64) {
    let engine = Engine::new(snapshot);
    let landscape = Landscape::new(&engine);
    let accepts = |role: Role| role.nature() != Nature::Inert;
    let n_accepting = landscape
        .hosts()
        .filter(|(_, host)| accepts(host.owner.role));
    let n_accepting = n_accepting.count() as u64;
    let (mut all, mut open, mut n_seats) = (0, Counts::default(), 0);
    for (_, host) in landscape.hosts() {
        let role = host.owner.role;
        if role.nature() != Nature::Pivot && role != Role::Function {
            continue;
        }
        all += n_accepting;
        n_seats += 1;
        let foothold = Selection::Endpoints(host.endpoints.clone());
        let options = BlastOptions {
            through_offices: false,
            max_hops: usize::MAX,
            ..BlastOptions::default()
        };
        for fall in blast(&landscape, &foothold, &options).certain {
            let n_hosts = fall.to.members.len() as u64;
            open.transitive += n_hosts;
            open.direct += if fall.hop == 1 { n_hosts } else { 0 };
        }
    }
    (all, open, n_seats)
}

#[test]
fn the_score_is_what_is_counted_host_by_host_and_doubles() {
    let mut n_open = 0;
    for seed in 0..40 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let (all, counted, n_seats) = counted(&snapshot);
        let score = score_of(&snapshot).whole;
        assert_eq!(score.all, all, "seed {seed}");
        let open = score.at(Risk::Other);
        let is_near = |open: u64, counted: u64| counted <= open && open <= counted + n_seats;
        assert!(is_near(open.direct, counted.direct), "seed {seed}");
        assert!(is_near(open.transitive, counted.transitive), "seed {seed}");
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
                for risk in Risk::ALL {
                    let (after, before) = (after.at(risk), before.at(risk));
                    assert!(after.direct <= before.direct, "seed {seed}: {rule:?}");
                    let is_no_worse = after.transitive <= before.transitive;
                    assert!(is_no_worse, "seed {seed}: {rule:?}");
                    n_better += u32::from(after.transitive < before.transitive);
                }
            }
        }
    }
    assert!(n_better > 0);
}

/// A network whose rules name groups and subnets, with some hosts, and so many doubles of each.
fn network(seed: u64, n_doubles: usize) -> String {
    let mut random = Random::new(seed);
    let mut lines = vec![
        "vpc main 10.0.0.0/16".to_owned(),
        "subnet a main 10.0.1.0/24".to_owned(),
        "subnet b main 10.0.2.0/24 acl tight".to_owned(),
        "acl tight main".to_owned(),
        "in 100 allow tcp/22 from 10.0.1.0/24".to_owned(),
        "in 110 allow tcp/1024-65535 from 0.0.0.0/0".to_owned(),
        "out 100 allow any to any".to_owned(),
    ];
    let groups = ["g0", "g1", "g2", "g3"];
    let ports = [
        "tcp/22", "tcp/5432", "tcp/3306", "tcp/8080", "any", "udp/53",
    ];
    for group in groups {
        lines.push(format!("group {group} main"));
        for _ in 0..random.between(0, 3) {
            let peer = match random.below(4) {
                0 => "10.0.1.0/24".to_owned(),
                1 => "10.0.0.0/16".to_owned(),
                _ => format!("group {}", random.word(&groups)),
            };
            lines.push(format!("in {} from {peer}", random.word(&ports)));
        }
        let to = random.word(&["any", "10.0.2.0/24", "10.0.1.0/24"]);
        lines.push(format!(
            "out {} to {to}",
            random.word(&["any", "any", "tcp/22"])
        ));
    }
    let managed = " described RDSNetworkInterface requester amazon-rds managed";
    for number in 0..random.between(2, 6) {
        let (subnet, third) = *random.pick(&[("a", 1), ("b", 2)]).unwrap();
        let groups = random.word(&["g0", "g1", "g2", "g3", "g0,g1", "g1,g3"]);
        let kind = if random.chance(25) { managed } else { "" };
        for double in 0..=n_doubles {
            let last = 10 + number * 10 + double;
            let name = format!("h{number}-{double}");
            lines.push(format!(
                "host {name} in {subnet} 10.0.{third}.{last} groups {groups}{kind}"
            ));
        }
    }
    lines.join("\n")
}

#[test]
fn shares_stay_what_they_are_when_every_host_gets_doubles() {
    let mut n_own = 0;
    for seed in 0..150 {
        let score = |n_doubles| {
            let topology = Topology::parse(&network(seed, n_doubles)).unwrap();
            score_of(&topology.snapshot()).whole
        };
        let one = score(0);
        for n_doubles in [1, 2] {
            let more = score(n_doubles);
            let n = (n_doubles as u64 + 1).pow(2);
            let times = |counts: Counts| Counts {
                direct: counts.direct * n,
                transitive: counts.transitive * n,
            };
            let expected = Pairs {
                all: one.all * n,
                open: one.open.map(times),
            };
            assert_eq!(more, expected, "seed {seed}\n{}", network(seed, 0));
        }
        n_own += u32::from(one.at(Risk::Administration) != one.at(Risk::Other));
    }
    assert!(n_own > 20, "{n_own}");
}

#[test]
fn a_pair_counts_by_the_riskiest_service_and_a_way_by_its_weakest_hop() {
    let topology = "
    vpc main 10.0.0.0/16
    subnet s main 10.0.1.0/24
    group a
      out any to any
    group b
      in tcp/22 from group a
      in tcp/8080 from group a
      out any to any
    group c
      in tcp/3306 from group b
    host a in s 10.0.1.10 groups a
    host b in s 10.0.1.11 groups b
    host c in s 10.0.1.12 groups c
    host d in s 10.0.1.13 groups c described RDSNetworkInterface requester amazon-rds managed
";
    let pairs = score_of(&Topology::parse(topology).unwrap().snapshot()).whole;
    let counts = |direct, transitive| Counts { direct, transitive };
    // a → b by ssh; b → c and b → d, and so a → c and a → d, by nothing riskier than data.
    let expected = [counts(3, 5), counts(3, 5), counts(1, 1)];
    assert_eq!((pairs.all, pairs.open), (3 * 4, expected));
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
            for (sum, open) in sum.open.iter_mut().zip(pairs.open) {
                sum.direct += open.direct;
                sum.transitive += open.transitive;
            }
        }
        assert_eq!(sum, score.whole, "seed {seed}");
    }
}
