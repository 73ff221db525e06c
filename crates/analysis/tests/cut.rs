//! Cuts: the smallest set of rule changes that parts two ends.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail by panic"
)]

use std::collections::BTreeMap;

use analysis::{
    Cut, CutOptions, CutOutcome, Flow, Landscape, Parting, PathOptions, PivotModel, RuleAt,
    Selection, cut, paths,
};
use engine::Engine;
use model::{Change, RuleName, RulePeer, SecurityGroupRule, Snapshot};
use testkit::Topology;

fn selection(landscape: &Landscape<'_>, name: &str) -> Selection {
    if name == "internet" {
        return Selection::Internet;
    }
    let named = |id: &str| {
        id == name
            || name
                .strip_suffix('*')
                .is_some_and(|start| id.starts_with(start))
    };
    let hosts = landscape.hosts().filter(|(_, host)| named(&host.owner.id));
    Selection::Endpoints(hosts.flat_map(|(_, host)| host.endpoints.clone()).collect())
}

fn is_connected(snapshot: &Snapshot, from: &Selection, to: &Selection) -> bool {
    let engine = Engine::new(snapshot);
    let options = PathOptions {
        max_paths: 1,
        ..PathOptions::default()
    };
    !paths(&Landscape::new(&engine), from, to, &options)
        .certain
        .is_empty()
}

fn options(keep: Vec<Flow>) -> CutOptions {
    CutOptions {
        model: PivotModel::AnyService,
        keep,
        weights: BTreeMap::new(),
    }
}

/// `from -> to service`.
fn flow(landscape: &Landscape<'_>, text: &str) -> Flow {
    let words: Vec<&str> = text.split(' ').collect();
    let [from, "->", to, service] = words.as_slice() else {
        panic!("{text}");
    };
    Flow {
        text: text.to_owned(),
        from: selection(landscape, from),
        to: selection(landscape, to),
        services: vec![service.parse().unwrap()],
    }
}

/// Asks for a cut, and holds it against the network: apart with it, connected without any one of its changes.
fn cut_of(topology: &str, ends: (&str, &str), keep: &[&str], then: impl FnOnce(&Snapshot, &Cut)) {
    weighted(topology, ends, keep, &[], then);
}

fn weighted(
    topology: &str,
    ends: (&str, &str),
    keep: &[&str],
    weights: &[(&str, u64)],
    then: impl FnOnce(&Snapshot, &Cut),
) {
    let snapshot = Topology::parse(topology).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    let landscape = Landscape::new(&engine);
    let (from, to) = (selection(&landscape, ends.0), selection(&landscape, ends.1));
    let keep: Vec<Flow> = keep.iter().map(|text| flow(&landscape, text)).collect();
    let mut options = options(keep);
    let weights = weights.iter().map(|(id, weight)| ((*id).into(), *weight));
    options.weights = weights.collect();
    let found = cut(&landscape, &from, &to, &options).unwrap();
    if let CutOutcome::Cut { best, others } = &found.outcome {
        for parting in others.iter().chain([best]) {
            assert!(!is_connected(
                &snapshot.with(&parting.edits).unwrap(),
                &from,
                &to
            ));
        }
        for number in 0..best.changes.len() {
            let rest = without(&snapshot, best, number);
            assert!(
                is_connected(&rest, &from, &to),
                "change {number} is not needed"
            );
        }
    }
    then(&snapshot, &found);
}

/// The network with all changes of a parting but one.
fn without(snapshot: &Snapshot, parting: &Parting, number: usize) -> Snapshot {
    let changes = parting.changes.iter().enumerate();
    let rest = changes.filter(|(other, _)| *other != number);
    let edits = rest.flat_map(|(_, change)| {
        let group = snapshot.groups().get(change.rule.group).id.clone();
        let rule = change.rule.rule(snapshot).unwrap();
        let gone = Change::RemoveRule(RuleName::of(group.clone(), rule));
        let instead = change.instead.clone().into_iter();
        let added = instead.map(move |rule| Change::AddRule {
            group: group.clone(),
            rule,
        });
        std::iter::once(gone).chain(added)
    });
    snapshot.with(&edits.collect::<Vec<_>>()).unwrap()
}

fn rule_text(snapshot: &Snapshot, rule: &SecurityGroupRule) -> String {
    let peer = match &rule.peer {
        RulePeer::Cidr(cidr) => cidr.to_string(),
        RulePeer::Group(reference) => reference.group.id().to_string(),
        RulePeer::PrefixList(link) => link.id().to_string(),
    };
    let _ = snapshot;
    format!("{:?} {} {peer}", rule.direction, rule.service)
}

fn told(snapshot: &Snapshot, parting: &Parting) -> Vec<String> {
    let changes = parting.changes.iter().map(|change| {
        let rule = change.rule.rule(snapshot).unwrap();
        let group = &snapshot.groups().get(change.rule.group).id;
        let instead = change.instead.iter().map(|rule| rule_text(snapshot, rule));
        let instead: Vec<String> = instead.collect();
        let what = rule_text(snapshot, rule);
        if instead.is_empty() {
            format!("{group}: {what}")
        } else {
            format!("{group}: {what} => {}", instead.join(", "))
        }
    });
    changes.collect()
}

fn check(topology: &str, ends: (&str, &str), keep: &[&str], expected: &[&str]) {
    cut_of(topology, ends, keep, |snapshot, found| {
        match &found.outcome {
            CutOutcome::Cut { best, .. } => assert_eq!(told(snapshot, best), expected),
            CutOutcome::Apart | CutOutcome::None { .. } => panic!("{found:?}"),
        }
    });
}

const SHOP: &str = "
    vpc main 10.0.0.0/16
    igw gw main
    subnet web main 10.0.1.0/24 table public
    subnet app main 10.0.2.0/24
    table public main
      route 0.0.0.0/0 igw gw
    group jump
      in tcp/22 from 0.0.0.0/0
      out any to any
    group web
      in tcp/443 from 0.0.0.0/0
      out any to any
    group app
      in tcp/22 from group jump
      in tcp/8080 from group web
      out any to any
    group db
      in tcp/5432 from 10.0.0.0/16
      out any to any
    host jump in web 10.0.1.10 public 203.0.113.10 groups jump
    host web in web 10.0.1.11 public 203.0.113.11 groups web
    host app-1 in app 10.0.2.11 groups app
    host app-2 in app 10.0.2.12 groups app
    host db in app 10.0.2.20 groups db
";

#[test]
fn one_rule_that_every_way_needs_is_the_cut() {
    check(
        SHOP,
        ("internet", "db"),
        &[],
        &["db: Ingress tcp/5432 10.0.0.0/16"],
    );
    check(
        SHOP,
        ("app-1", "db"),
        &[],
        &["db: Ingress tcp/5432 10.0.0.0/16"],
    );
}

#[test]
fn without_such_a_rule_several_go() {
    check(
        SHOP,
        ("internet", "app-*"),
        &["jump -> app-* tcp/22", "web -> app-* tcp/8080"],
        &[
            "jump: Ingress tcp/22 0.0.0.0/0",
            "web: Ingress tcp/443 0.0.0.0/0",
        ],
    );
}

/// The cut that leaves jump host and web server as they are.
fn check_narrowed(topology: &str) {
    let weights = [("jump", 9), ("web", 9)];
    let keep = ["app-* -> db tcp/5432"];
    weighted(
        topology,
        ("internet", "db"),
        &keep,
        &weights,
        |snapshot, found| {
            let CutOutcome::Cut { best, .. } = &found.outcome else {
                panic!("{found:?}");
            };
            let expected = [
                "app: Ingress tcp/22 jump",
                "app: Ingress tcp/8080 web",
                "db: Ingress tcp/5432 10.0.0.0/16 => Ingress tcp/5432 app",
            ];
            assert_eq!(told(snapshot, best), expected);
        },
    );
}

#[test]
fn a_kept_flow_leaves_of_a_rule_what_it_needs() {
    // The jump host and the web server reach the database directly; the flow needs the application servers only, which
    // wear a group of their own. They fall from either, so that the ways to them are cut too.
    check_narrowed(SHOP);
}

#[test]
fn a_flow_that_is_the_way_itself_contradicts() {
    cut_of(
        SHOP,
        ("app-1", "db"),
        &["app-* -> db tcp/5432"],
        |snapshot, found| {
            let CutOutcome::None { path, needed } = &found.outcome else {
                panic!("{found:?}");
            };
            assert_eq!(path.hops.len(), 1);
            let needed: Vec<String> = needed
                .iter()
                .map(|(rule, flows)| {
                    let group = &snapshot.groups().get(rule.group).id;
                    let text = rule_text(snapshot, rule.rule(snapshot).unwrap());
                    format!("{group}: {text} for {flows:?}")
                })
                .collect();
            let expected = [
                "app: Egress any 0.0.0.0/0 for [0]",
                "db: Ingress tcp/5432 10.0.0.0/16 for [0]",
            ];
            assert_eq!(needed, expected);
        },
    );
}

#[test]
fn what_is_apart_needs_no_cut() {
    cut_of(SHOP, ("db", "jump"), &[], |_, found| {
        assert!(matches!(found.outcome, CutOutcome::Cut { .. }));
    });
    let shut = SHOP.replace(
        "in tcp/5432 from 10.0.0.0/16",
        "in tcp/5432 from 10.9.0.0/16",
    );
    cut_of(&shut, ("internet", "db"), &[], |_, found| {
        assert!(matches!(found.outcome, CutOutcome::Apart));
    });
}

#[test]
fn a_cut_tells_what_stops_working() {
    cut_of(SHOP, ("internet", "db"), &[], |_, found| {
        let CutOutcome::Cut { best, .. } = &found.outcome else {
            panic!("{found:?}");
        };
        let lost: Vec<String> = best
            .lost
            .iter()
            .map(|edge| format!("{} -> {} {}", edge.from.name, edge.to.name, edge.services))
            .collect();
        let expected = [
            "app-* -> db tcp/5432 (IPv4)",
            "jump -> db tcp/5432 (IPv4)",
            "web -> db tcp/5432 (IPv4)",
        ];
        let mut lost = lost;
        lost.sort();
        assert_eq!(lost, expected);
    });
}

#[test]
fn weights_move_the_cut() {
    let weights = [("db", 9), ("app", 9)];
    weighted(
        SHOP,
        ("internet", "db"),
        &[],
        &weights,
        |snapshot, found| {
            let CutOutcome::Cut { best, .. } = &found.outcome else {
                panic!("{found:?}");
            };
            let expected = [
                "jump: Ingress tcp/22 0.0.0.0/0",
                "web: Ingress tcp/443 0.0.0.0/0",
            ];
            assert_eq!(
                (told(snapshot, best), best.weight),
                (expected.map(str::to_owned).to_vec(), 2)
            );
        },
    );
}

#[test]
fn more_hosts_of_a_class_make_the_same_cut() {
    let more = (3..40).map(|number| {
        format!(
            "host app-{number} in app 10.0.2.{} groups app\n",
            30 + number
        )
    });
    let large = SHOP.to_owned() + &more.collect::<String>();
    check_narrowed(&large);
}

/// All rules of a network.
fn all_rules(snapshot: &Snapshot) -> Vec<RuleAt> {
    let groups = snapshot.groups().iter();
    groups
        .flat_map(|(group, row)| (0..row.rules.len()).map(move |number| RuleAt { group, number }))
        .collect()
}

fn removed(snapshot: &Snapshot, rules: &[RuleAt]) -> Snapshot {
    let gone = rules.iter().map(|at| {
        let group = snapshot.groups().get(at.group).id.clone();
        Change::RemoveRule(RuleName::of(group, at.rule(snapshot).unwrap()))
    });
    let mut after = snapshot.clone();
    for change in gone {
        // A rule that a group lists twice goes at once.
        after = after.with(&[change]).unwrap_or(after);
    }
    after
}

/// No one rule, and no two, part two ends, if a cut says that it takes more.
fn check_smaller(snapshot: &Snapshot, ends: &(Selection, Selection), best: &Parting, place: &str) {
    let (from, to) = ends;
    let rules = all_rules(snapshot);
    let is_left = |gone: &[RuleAt]| is_connected(&removed(snapshot, gone), from, to);
    if best.changes.len() == 2 {
        for one in &rules {
            assert!(is_left(&[*one]), "{place}: {one:?}");
        }
    }
    if best.changes.len() == 3 && rules.len() < 14 {
        for (number, one) in rules.iter().enumerate() {
            for other in rules.iter().skip(number + 1) {
                assert!(is_left(&[*one, *other]), "{place}: {one:?} {other:?}");
            }
        }
    }
}

fn check_cut(snapshot: &Snapshot, ends: &(Selection, Selection), best: &Parting, place: &str) {
    let (from, to) = ends;
    let after = snapshot.with(&best.edits).unwrap();
    assert!(!is_connected(&after, from, to), "{place}");
    for number in 0..best.changes.len() {
        let rest = without(snapshot, best, number);
        assert!(is_connected(&rest, from, to), "{place}: {number}");
    }
    check_smaller(snapshot, ends, best, place);
}

/// Some ends of a network.
fn some_ends(landscape: &Landscape<'_>) -> Vec<(Selection, Selection)> {
    let hosts = landscape.hosts().map(|(_, host)| host.endpoints.clone());
    let hosts: Vec<Selection> = hosts.map(Selection::Endpoints).collect();
    let host = |number: usize| hosts.get(number).cloned();
    let middle = host(hosts.len() / 2).map(|middle| (Selection::Internet, middle));
    let last = hosts.last().map(|last| (Selection::Internet, last.clone()));
    let first = host(0).zip(hosts.last().cloned());
    let ends = [middle, last, first].into_iter().flatten();
    ends.filter(|(from, to)| from != to).collect()
}

#[test]
fn no_smaller_set_of_rules_parts_generated_networks() {
    let (mut n_cuts, mut n_large) = (0, 0);
    for seed in 0..40 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        for ends in some_ends(&landscape) {
            let (from, to) = &ends;
            let found = cut(&landscape, from, to, &options(Vec::new())).unwrap();
            let place = format!("seed {seed}: {from:?} {to:?}");
            match &found.outcome {
                CutOutcome::Apart => assert!(!is_connected(&snapshot, from, to), "{place}"),
                CutOutcome::None { .. } => {
                    let bare = removed(&snapshot, &all_rules(&snapshot));
                    assert!(is_connected(&bare, from, to), "{place}");
                }
                CutOutcome::Cut { best, .. } => {
                    check_cut(&snapshot, &ends, best, &place);
                    n_cuts += 1;
                    n_large += usize::from(best.changes.len() > 1);
                }
            }
        }
    }
    assert!(n_cuts > 5 && n_large > 2, "{n_cuts} {n_large}");
}
