//! How far intruders get, on small networks.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail by panic"
)]

use analysis::{Blast, BlastOptions, Cause, Landscape, Selection, blast, exposure};
use engine::Engine;
use testkit::Topology;

/// The blast radius from a host (or `internet`) as `hop: hosts by services from hosts`, one line each.
fn check(topology: &str, foothold: &str, expected: &[&str]) {
    with_landscape(topology, |landscape| {
        let from = selection(landscape, foothold);
        let blast = blast(landscape, &from, &BlastOptions::default());
        assert_eq!(lines(&blast), expected);
    });
}

fn with_landscape(topology: &str, ask: impl Fn(&Landscape<'_>)) {
    let snapshot = Topology::parse(topology).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    ask(&Landscape::new(&engine));
}

fn selection(landscape: &Landscape<'_>, name: &str) -> Selection {
    if name == "internet" {
        return Selection::Internet;
    }
    let found = landscape.hosts().find(|(_, host)| host.owner.id == name);
    Selection::Endpoints(found.unwrap().1.endpoints.clone())
}

fn lines(blast: &Blast) -> Vec<String> {
    let falls = blast.certain.iter().chain(&blast.possible);
    falls
        .map(|fall| {
            let witness = fall.witness.as_ref().expect("every claim has a witness");
            assert!(witness.is_replayed, "{witness:?}");
            let ids: Vec<&str> = fall
                .to
                .members
                .iter()
                .map(|member| member.id.as_str())
                .collect();
            let services = fall.services.to_string().replace(" (IPv4)", "");
            let cause = match fall.cause {
                Cause::Certain => "",
                Cause::Undetermined => " perhaps",
                Cause::Through => " at most",
            };
            format!(
                "{}: {} by {services} from {}{cause}",
                fall.hop,
                ids.join(" "),
                fall.from.name
            )
        })
        .collect()
}

const CHAIN: &str = "
    vpc main 10.0.0.0/16
    igw gw main
    subnet web main 10.0.1.0/24 table public
    table public main
      route 0.0.0.0/0 igw gw
    group front
      in tcp/443 from 0.0.0.0/0
      out any to any
    group app
      in tcp/8080 from group front
      out any to any
    group db
      in tcp/5432 from group app
";

#[test]
fn each_hop_starts_from_what_fell_in_the_hop_before() {
    let topology = format!(
        "{CHAIN}
        host front in web 10.0.1.10 public 203.0.113.10 groups front
        host app-1 in web 10.0.1.11 groups app
        host app-2 in web 10.0.1.12 groups app
        host db in web 10.0.1.20 groups db"
    );
    let expected = [
        "1: front by tcp/443 from internet",
        "2: app-1 app-2 by tcp/8080 from front",
        "3: db by tcp/5432 from app-*",
    ];
    check(&topology, "internet", &expected);
    let expected = [
        "1: db by tcp/5432 from app-1",
        "1: front by tcp/443 from app-1",
        "2: app-2 by tcp/8080 from front",
    ];
    check(&topology, "app-1", &expected);
}

#[test]
fn a_load_balancer_passes_on_at_most_what_its_interfaces_reach() {
    let topology = format!(
        "{CHAIN}
        host lb in web 10.0.1.10 public 203.0.113.10 groups front kind load_balancer
        host app-1 in web 10.0.1.11 groups app instance app-1
        balancer shop app main subnets web nodes lb groups front
          listener https/443 apps
        targets apps http/8080 main instance
          targets unknown"
    );
    let expected = [
        "1: lb by tcp/443 from internet",
        "2: app-1 by tcp/8080 from lb at most",
    ];
    check(&topology, "internet", &expected);
}

#[test]
fn the_other_hosts_of_a_group_fall_and_the_foothold_does_not() {
    let topology = "
        vpc main 10.0.0.0/16
        subnet app main 10.0.1.0/24
        group app
          in tcp/22 from group app
          out any to any
        host app-1 in app 10.0.1.11 groups app
        host app-2 in app 10.0.1.12 groups app
        host app-3 in app 10.0.1.13 groups app
    ";
    check(topology, "app-2", &["1: app-1 app-3 by tcp/22 from app-2"]);
}

#[test]
fn hosts_of_several_zones_are_one_class_where_they_behave_alike() {
    let topology = "
        vpc main 10.0.0.0/16
        subnet a main 10.0.1.0/24
        subnet b main 10.0.2.0/24
        subnet c main 10.0.3.0/24 acl closed
        acl closed main
        group app
          in tcp/22 from group app
          out any to any
        host app-a in a 10.0.1.11 groups app
        host app-b in b 10.0.2.11 groups app
        host app-c in c 10.0.3.11 groups app
    ";
    with_landscape(topology, |landscape| {
        let sizes: Vec<usize> = landscape
            .classes()
            .map(|(_, class)| class.hosts.len())
            .collect();
        assert_eq!(sizes, [2, 1]);
    });
}

#[test]
fn what_only_a_part_of_the_internet_reaches_is_told_apart() {
    let topology = "
        vpc main 10.0.0.0/16
        igw gw main
        subnet web main 10.0.1.0/24 table public
        table public main
          route 0.0.0.0/0 igw gw
        group web
          in tcp/443 from 0.0.0.0/0
          in tcp/22 from 198.51.100.0/24
          out any to any
        host web in web 10.0.1.10 public 203.0.113.10 groups web
    ";
    with_landscape(topology, |landscape| {
        let rows = exposure(landscape, &Selection::Internet).rows;
        let shown: Vec<String> = rows
            .iter()
            .map(|row| format!("{:?}: {}", row.whence, row.answer.certain))
            .collect();
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(
            shown.iter().any(|row| row.starts_with("Anywhere: tcp/443")),
            "{shown:?}"
        );
        assert!(
            shown
                .iter()
                .any(|row| row.contains("198.51.100.0") && row.contains("tcp/22")),
            "{shown:?}"
        );
    });
}
