//! Ways of intruders, on small networks.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail by panic"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use analysis::{
    BlastOptions, Costs, Fall, Landscape, Listening, Nature, Path, PathOptions, Paths, PivotModel,
    RuleAt, Selection, SubjectKind, origins, paths,
};
use engine::Engine;
use model::{Change, Index, OfficeNetwork, RuleName};
use packet::{PacketSet, Service};
use testkit::Topology;

fn with_landscape(topology: &str, ask: impl Fn(&Landscape<'_>)) {
    let snapshot = Topology::parse(topology).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    ask(&Landscape::new(&engine));
}

fn selection(landscape: &Landscape<'_>, name: &str) -> Selection {
    if name == "internet" {
        return Selection::Internet;
    }
    let mut offices = landscape.snapshot().offices().iter();
    let office = offices.find(|(_, office)| office.name.as_deref() == Some(name));
    if let Some((office, _)) = office {
        return Selection::Office(office);
    }
    let found = landscape.hosts().find(|(_, host)| host.owner.id == name);
    Selection::Endpoints(found.expect(name).1.endpoints.clone())
}

/// `internet -tcp/22-> jump -tcp/5432-> db`.
fn line(path: &Path) -> String {
    let mut places = vec![path.hops.first().unwrap().from.name.clone()];
    for hop in &path.hops {
        let services = hop.services.to_string().replace(" (IPv4)", "");
        let open = if hop.is_certain { "" } else { "?" };
        places.push(format!("-{services}{open}-> {}", hop.to.name));
        assert!(
            hop.witness
                .as_ref()
                .is_none_or(|witness| witness.is_replayed)
        );
    }
    places.join(" ")
}

fn ask(landscape: &Landscape<'_>, (from, to): (&str, &str), options: &PathOptions) -> Paths {
    let (from, to) = (selection(landscape, from), selection(landscape, to));
    paths(landscape, &from, &to, options)
}

fn check(topology: &str, ends: (&str, &str), options: &PathOptions, expected: &[&str]) {
    with_landscape(topology, |landscape| {
        let found = ask(landscape, ends, options);
        let lines: Vec<String> = found
            .certain
            .iter()
            .chain(&found.possible)
            .map(line)
            .collect();
        assert_eq!(lines, expected);
    });
}

fn packets(service: &str) -> PacketSet {
    PacketSet::from(&service.parse::<Service>().unwrap())
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
    group app
      in tcp/22 from group jump
      in tcp/8080 from group web
      out any to any
    group web
      in tcp/443 from 0.0.0.0/0
      out any to any
    group db
      in tcp/5432 from group app
    host jump in web 10.0.1.10 public 203.0.113.10 groups jump
    host web in web 10.0.1.11 public 203.0.113.11 groups web
    host app-1 in app 10.0.2.11 groups app
    host app-2 in app 10.0.2.12 groups app
    host db in app 10.0.2.20 groups db described RDSNetworkInterface requester amazon-rds managed
";

#[test]
fn paths_come_cheapest_first_and_classes_once() {
    let all = [
        "internet -tcp/22-> jump -tcp/22-> app-* -tcp/5432-> db",
        "internet -tcp/443-> web -tcp/8080-> app-* -tcp/5432-> db",
        "internet -tcp/22-> jump -tcp/443-> web -tcp/8080-> app-* -tcp/5432-> db",
        "internet -tcp/443-> web -tcp/22-> jump -tcp/22-> app-* -tcp/5432-> db",
    ];
    check(SHOP, ("internet", "db"), &PathOptions::default(), &all);
    let one = PathOptions {
        max_paths: 1,
        ..PathOptions::default()
    };
    check(SHOP, ("internet", "db"), &one, &all[..1]);
    let short = PathOptions {
        max_hops: 3,
        ..PathOptions::default()
    };
    check(SHOP, ("internet", "db"), &short, &all[..2]);
    let costs = PathOptions {
        costs: Costs {
            of_services: vec![(packets("tcp/22"), 5)],
        },
        ..PathOptions::default()
    };
    let by_cost = [all[1], all[0], all[2], all[3]];
    with_landscape(SHOP, |landscape| {
        let found = ask(landscape, ("internet", "db"), &costs);
        let costs: Vec<u64> = found.certain.iter().map(|path| path.cost).collect();
        assert_eq!(costs, [3, 8, 11, 12]);
    });
    check(
        SHOP,
        ("internet", "db"),
        &costs,
        &[by_cost[0], by_cost[2], by_cost[1], by_cost[3]],
    );
}

#[test]
fn every_path_goes_through_the_application() {
    with_landscape(SHOP, |landscape| {
        let found = ask(landscape, ("internet", "db"), &PathOptions::default());
        let names: Vec<&str> = found
            .chokes
            .iter()
            .map(|choke| choke.hosts.name.as_str())
            .collect();
        assert_eq!(names, ["app-*"]);
    });
}

#[test]
fn the_pivot_model_says_what_falls() {
    let of = |model| PathOptions {
        model,
        ..PathOptions::default()
    };
    let by_ssh = ["internet -tcp/22-> jump -tcp/22-> app-* -tcp/5432-> db"];
    check(
        SHOP,
        ("internet", "db"),
        &of(PivotModel::RemoteAdministration),
        &by_ssh,
    );
    check(
        SHOP,
        ("internet", "db"),
        &of(PivotModel::Services(packets("tcp/22"))),
        &by_ssh,
    );
    // A database that AWS manages does not fall, so that any service on it counts; the hosts before it do.
    check(
        SHOP,
        ("internet", "db"),
        &of(PivotModel::Services(packets("tcp/443"))),
        &[],
    );
}

#[test]
fn only_what_is_known_to_listen_falls() {
    let of = |listening| PathOptions {
        model: PivotModel::Listening(Arc::new(listening)),
        ..PathOptions::default()
    };
    with_landscape(SHOP, |landscape| {
        let found = |listening| {
            let found = ask(landscape, ("internet", "db"), &of(listening));
            found.certain.iter().map(line).collect::<Vec<_>>()
        };
        // Nothing in this network tells what its hosts listen on; the database is one of AWS's.
        let known = Listening::of(landscape, &[]);
        assert_eq!(known.n_untold(), 4);
        assert_eq!(found(known), Vec::<String>::new());
        let on = |host, service| (selection(landscape, host), packets(service));
        let wrong = [on("web", "tcp/80"), on("app-1", "tcp/8080")];
        assert_eq!(
            found(Listening::of(landscape, &wrong)),
            Vec::<String>::new()
        );
        let declared = [
            on("web", "tcp/443"),
            on("app-1", "tcp/8080"),
            on("app-2", "udp/53"),
        ];
        let known = Listening::of(landscape, &declared);
        assert_eq!(known.n_untold(), 1);
        let path = "internet -tcp/443-> web -tcp/8080-> app-1 -tcp/5432-> db";
        assert_eq!(found(known), [path]);
    });
}

/// The network of the scenario `ec2_ssrf` of `CloudGoat`: one instance that admits ssh and http from a white list.
const EC2_SSRF: &str = "
    vpc vpc 10.10.0.0/16
    igw gw vpc
    subnet public vpc 10.10.10.0/24 table public
    table public vpc
      route 0.0.0.0/0 igw gw
    group cg-ec2-ssh vpc
      in tcp/22 from 198.51.100.7/32
      in tcp/80 from 198.51.100.7/32
      out any to 0.0.0.0/0
    host ubuntu-ec2 in public 10.10.10.10 public 203.0.113.10 groups cg-ec2-ssh instance i-ubuntu
";

#[test]
fn the_first_step_of_the_published_attack_is_a_path_with_its_rules() {
    with_landscape(EC2_SSRF, |landscape| {
        let found = ask(landscape, ("internet", "i-ubuntu"), &PathOptions::default());
        let [path] = found.certain.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(line(path), "internet -tcp/22, tcp/80-> ubuntu-ec2");
        let hop = path.hops.first().unwrap();
        let ids: Vec<&str> = hop
            .techniques
            .iter()
            .map(|technique| technique.id)
            .collect();
        assert_eq!(ids, ["T1133", "T1190"]);
        let rules = &hop.witness.as_ref().unwrap().ingress;
        assert_eq!(
            rules.len(),
            2,
            "the rule for ssh, and the one for http: {rules:?}"
        );
        assert!(found.possible.is_empty());
    });
}

const OFFICE: &str = "
    vpc main 10.0.0.0/16
    subnet a main 10.0.1.0/24 table t
    vgw v main
    customer c
    vpn n vgw v customer c static 192.168.0.0/16
    office Sydney 192.168.0.0/16
    table t main
      route 192.168.0.0/16 vgw v
    group out
      in tcp/443 from 10.99.0.0/16
      out any to any
    group in
      in tcp/22 from 192.168.0.0/16
      out tcp/443 to 10.99.0.0/16
    host first in a 10.0.1.10 groups out
    host second in a 10.0.1.20 groups in
";

#[test]
fn an_office_is_a_hop_like_any_other() {
    check(
        OFFICE,
        ("first", "second"),
        &PathOptions::default(),
        &["first -any-> Sydney -tcp/22-> second"],
    );
    check(
        OFFICE,
        ("first", "Sydney"),
        &PathOptions::default(),
        &["first -any-> Sydney"],
    );
    check(OFFICE, ("second", "first"), &PathOptions::default(), &[]);
}

#[test]
fn what_is_open_is_told_apart_from_what_is_certain() {
    let topology = SHOP.replacen("group db\n", "group db incomplete\n", 1);
    with_landscape(&topology, |landscape| {
        let found = ask(landscape, ("internet", "db"), &PathOptions::default());
        assert!(!found.certain.is_empty() && !found.possible.is_empty());
        let all = |paths: &[Path]| {
            paths
                .iter()
                .map(|path| path.hops.iter().all(|hop| hop.is_certain))
                .collect::<Vec<_>>()
        };
        assert!(all(&found.certain).iter().all(|is_certain| *is_certain));
        assert!(all(&found.possible).iter().all(|is_certain| !*is_certain));
    });
}

#[test]
fn origins_tell_how_many_hops_it_takes_and_through_whom() {
    with_landscape(SHOP, |landscape| {
        let found = origins(
            landscape,
            &selection(landscape, "db"),
            &PivotModel::AnyService,
        );
        let lines: Vec<String> = found
            .certain
            .iter()
            .map(|origin| {
                format!(
                    "{} {} by {}",
                    origin.n_hops, origin.from.name, origin.next.to.name
                )
            })
            .collect();
        assert_eq!(
            lines,
            [
                "1 app-* by db",
                "2 jump by app-*",
                "2 web by app-*",
                "3 internet by jump"
            ]
        );
        assert_eq!(found.n_others, 4);
    });
}

/// The shop with so many application servers.
fn large(n_servers: usize) -> String {
    let servers = (3..=n_servers).map(|number| {
        let last = 20 + number;
        format!("host app-{number} in app 10.0.2.{last} groups app\n")
    });
    SHOP.to_owned() + &servers.collect::<String>()
}

#[test]
fn more_hosts_of_a_class_make_no_more_paths() {
    let told = |n_servers: usize| {
        let snapshot = Topology::parse(&large(n_servers)).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let found = ask(&landscape, ("internet", "db"), &PathOptions::default());
        let lines: Vec<String> = found
            .certain
            .iter()
            .chain(&found.possible)
            .map(line)
            .collect();
        let sizes: Vec<usize> = found.certain[0]
            .hops
            .iter()
            .map(|hop| hop.to.members.len())
            .collect();
        (lines, sizes)
    };
    let ((small, few), (large, many)) = (told(4), told(40));
    assert_eq!(small, large);
    assert_eq!((few, many), (vec![1, 4, 1], vec![1, 40, 1]));
}

/// Everybody of some falls: hosts by id, and offices.
fn reached(falls: &[Fall]) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    for fall in falls {
        if let SubjectKind::Office(office) = fall.to.kind {
            places.insert(Place::Office(office));
        }
        let members = fall.to.members.iter();
        places.extend(members.map(|member| Place::Host(member.id.clone())));
    }
    places
}

/// A host by its id, an office, or the internet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Host(String),
    Office(Index<OfficeNetwork>),
    Internet,
}

/// Whether there is a certain path to a place, and whether there are possible ones only.
fn led_to(
    landscape: &Landscape<'_>,
    foothold: &Selection,
    target: &Selection,
    model: &PivotModel,
) -> (bool, bool) {
    let options = PathOptions {
        model: model.clone(),
        max_paths: 1,
        ..PathOptions::default()
    };
    let found = paths(landscape, foothold, target, &options);
    let is_certain = !found.certain.is_empty();
    (is_certain, !is_certain && !found.possible.is_empty())
}

/// Every place of a network with what it selects, as a foothold too: but for hosts that accept nothing.
fn places(landscape: &Landscape<'_>) -> Vec<(Place, Selection)> {
    let hosts = landscape.hosts().map(|(_, host)| host);
    let hosts = hosts.filter(|host| host.owner.role.nature() != Nature::Inert);
    let hosts = hosts.map(|host| {
        let selection = Selection::Endpoints(host.endpoints.clone());
        (Place::Host(host.owner.id.clone()), selection)
    });
    let offices = landscape.snapshot().offices().iter();
    let offices = offices.map(|(office, _)| (Place::Office(office), Selection::Office(office)));
    let internet = (Place::Internet, Selection::Internet);
    hosts.chain(offices).chain([internet]).collect()
}

/// Some hosts that can start connections, and everything outside.
fn footholds(places: &[(Place, Selection)]) -> impl Iterator<Item = &(Place, Selection)> {
    let is_host = |place: &Place| matches!(place, Place::Host(_));
    let is_silent = |selection: &Selection| matches!(selection, Selection::Endpoints(endpoints) if endpoints.is_empty());
    let hosts = places
        .iter()
        .filter(move |(place, selection)| is_host(place) && !is_silent(selection));
    let outside = places.iter().filter(move |(place, _)| !is_host(place));
    hosts.step_by(3).take(3).chain(outside)
}

/// Who falls or is reached is everybody to whom there is a path, by way of offices too; certain and possible apart.
#[test]
fn a_blast_radius_is_everything_to_which_there_is_a_path() {
    let (mut n_certain, mut n_possible, mut n_by_office) = (0, 0, 0);
    let (mut n_offices, mut n_from_outside) = (0, 0);
    for seed in 0..80 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let listening = Listening::of(&landscape, &[(Selection::Internet, packets("tcp/80"))]);
        let model = match seed % 3 {
            0 => PivotModel::AnyService,
            1 => PivotModel::RemoteAdministration,
            _ => PivotModel::Listening(Arc::new(listening)),
        };
        let places = places(&landscape);
        for (start, foothold) in footholds(&places) {
            let options = BlastOptions {
                model: model.clone(),
                ..BlastOptions::default()
            };
            let blast = analysis::blast(&landscape, foothold, &options);
            let (certain, possible) = (reached(&blast.certain), reached(&blast.possible));
            if let Place::Host(_) = start {
                let is_by_office = |fall: &&Fall| matches!(fall.from.kind, SubjectKind::Office(_));
                let falls = blast.certain.iter().chain(&blast.possible);
                n_by_office += falls.filter(is_by_office).count();
            }
            for (place, target) in &places {
                if place == start || *place == Place::Internet {
                    continue;
                }
                let told = (certain.contains(place), possible.contains(place));
                let found = led_to(&landscape, foothold, target, &model);
                assert_eq!(told, found, "seed {seed}: {model:?} {start:?} to {place:?}");
                n_certain += usize::from(told.0);
                n_possible += usize::from(told.1);
                let is_reached = told.0 || told.1;
                n_offices += usize::from(is_reached && matches!(place, Place::Office(_)));
                n_from_outside += usize::from(is_reached && !matches!(start, Place::Host(_)));
            }
        }
    }
    let counts = [
        n_certain,
        n_possible,
        n_by_office,
        n_offices,
        n_from_outside,
    ];
    assert!(
        100 < n_certain
            && 100 < n_possible
            && 0 < n_by_office
            && 10 < n_offices
            && 50 < n_from_outside,
        "{counts:?}"
    );
}

/// The rules without which, each by itself, no certain path is left, tried one by one on the network without it.
fn tried(landscape: &Landscape<'_>, (from, to): (&Selection, &Selection)) -> Vec<RuleAt> {
    let snapshot = landscape.snapshot();
    let groups = snapshot.groups().iter();
    let rules = groups
        .flat_map(|(group, row)| (0..row.rules.len()).map(move |number| RuleAt { group, number }));
    let is_needed = |at: &RuleAt| {
        let group = snapshot.groups().get(at.group).id.clone();
        let name = RuleName::of(group, at.rule(snapshot).unwrap());
        let after = snapshot.with([&Change::RemoveRule(name)]).unwrap();
        let engine = Engine::new(&after);
        let left = paths(&Landscape::new(&engine), from, to, &PathOptions::default());
        left.certain.is_empty()
    };
    rules.filter(is_needed).collect()
}

#[test]
fn the_rules_that_every_path_needs_are_those_without_which_none_is_left() {
    let mut n_needed = 0;
    for seed in 0..100 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let hosts = || landscape.hosts().map(|(_, host)| host.endpoints.clone());
        let ends = hosts().next().zip(hosts().last());
        let Some((from, to)) =
            ends.map(|(a, b)| (Selection::Endpoints(a), Selection::Endpoints(b)))
        else {
            continue;
        };
        let found = paths(&landscape, &from, &to, &PathOptions::default());
        if found.certain.is_empty() {
            continue;
        }
        let mut needed = found.rules;
        needed.sort_unstable();
        assert_eq!(needed, tried(&landscape, (&from, &to)), "seed {seed}");
        n_needed += needed.len();
    }
    assert!(5 < n_needed, "{n_needed}");
}
