//! What is reached through load balancers, on small networks.
#![expect(clippy::unwrap_used, reason = "a test may fail by panic")]

use analysis::{
    BlastOptions, Cause, Landscape, Selection, Through, blast, exposure, reach, through,
};
use engine::Engine;
use model::Reachability;
use packet::{PacketSet, Service};
use testkit::Topology;

/// A web tier that only the balancer reaches.
const WEB: &str = "
    vpc main 10.0.0.0/16
    igw gw main
    subnet front main 10.0.1.0/24 table public zone use1-az1
    subnet back main 10.0.2.0/24 zone use1-az1
    table public main
      route 0.0.0.0/0 igw gw
    group web
      in tcp/443 from 0.0.0.0/0
      out tcp/8080 to group app
    group app
      in tcp/8080 from group web
      out tcp/5432 to group db
    group db
      in tcp/5432 from group app
    host node in front 10.0.1.10 public 203.0.113.10 groups web kind load_balancer managed
    host app in back 10.0.2.10 groups app instance i-app
    host db in back 10.0.2.20 groups db
";

const LISTENER: &str = "
    targets apps http/8080 main instance
      target i-app
    balancer web app main subnets front nodes node groups web
      listener https/443 apps
";

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

/// `fronts: what goes in -> what comes out at whom`, one line each.
fn line(way: &Through) -> String {
    let fronts: Vec<&str> = way.via.iter().map(|front| front.name.as_str()).collect();
    let text = |packets: &PacketSet| packets.to_string().replace(" (IPv4)", "");
    let perhaps = match way.reachability {
        Reachability::Reachable => "",
        Reachability::Blocked => " never",
        Reachability::Undetermined => " perhaps",
    };
    let (fronts, entry, exit) = (fronts.join(" > "), text(&way.entry), text(&way.exit));
    format!("{fronts}: {entry} -> {exit} at {}{perhaps}", way.to.name)
}

fn check(topology: &str, from: &str, to: &str, service: &str, expected: &[&str]) {
    with_landscape(topology, |landscape| {
        let asked = PacketSet::from(&service.parse::<Service>().unwrap());
        let ends = (selection(landscape, from), selection(landscape, to));
        let found = through(landscape, &ends.0, &ends.1, &asked);
        assert_eq!(found.iter().map(line).collect::<Vec<_>>(), expected);
        let direct = reach(landscape, &ends.0, &ends.1, &asked);
        assert_eq!(direct.reachability, Reachability::Blocked);
    });
}

/// Covers: exact 4.3/application-hop, exact 3.9/load-balancer
#[test]
fn through_an_application_load_balancer_is_two_ways_joined() {
    let network = format!("{WEB}{LISTENER}");
    let expected = &["web: tcp/443 -> tcp/8080 at app"];
    check(&network, "internet", "i-app", "tcp/8080", expected);
    // The service may be named as the client sends it, too; no other leads there.
    check(&network, "internet", "i-app", "tcp/443", expected);
    check(&network, "internet", "i-app", "tcp/22", &[]);
    check(&network, "internet", "db", "any", &[]);
}

#[test]
fn both_parts_of_the_way_have_their_proof() {
    with_landscape(&format!("{WEB}{LISTENER}"), |landscape| {
        let ends = (Selection::Internet, selection(landscape, "i-app"));
        let found = through(landscape, &ends.0, &ends.1, &PacketSet::full());
        let [way] = found.as_slice() else {
            panic!("{found:?}");
        };
        let (first, second) = (
            way.to_front.as_ref().unwrap(),
            way.to_target.as_ref().unwrap(),
        );
        assert!(first.is_replayed && second.is_replayed, "{way:?}");
        assert_eq!(first.packet.destination_port(), Some(443));
        assert_eq!(second.packet.destination_port(), Some(8080));
    });
}

/// Covers: exact 4.3/balancer-to-target, exact 4.3/group-reference
#[test]
fn a_balancer_that_its_target_does_not_admit_leads_nowhere() {
    let network = format!("{WEB}{LISTENER}").replace("in tcp/8080 from group web", "");
    check(&network, "internet", "i-app", "any", &[]);
}

/// Covers: exact 4.3/no-target-action
#[test]
fn a_listener_that_answers_itself_leads_nowhere() {
    let network = format!("{WEB}{LISTENER}").replace("https/443 apps", "https/443 other");
    check(&network, "internet", "i-app", "any", &[]);
}

#[test]
fn a_client_that_the_balancer_does_not_admit_reaches_nothing_through_it() {
    let network = format!("{WEB}{LISTENER}");
    check(&network, "db", "i-app", "any", &[]);
}

#[test]
fn a_target_in_a_zone_that_is_not_crossed_is_not_reached() {
    let far = format!("{WEB}{LISTENER}")
        .replace("10.0.2.0/24 zone use1-az1", "10.0.2.0/24 zone use1-az2");
    let expected = &["web: tcp/443 -> tcp/8080 at app"];
    check(&far, "internet", "i-app", "any", expected);
    let zonal = far.replace("main instance", "main instance cross-zone off");
    check(&zonal, "internet", "i-app", "any", &[]);
    let untold = far.replace("main instance", "main instance cross-zone unknown");
    let perhaps = &["web: tcp/443 -> tcp/8080 at app perhaps"];
    check(&untold, "internet", "i-app", "any", perhaps);
}

#[test]
fn an_ill_target_is_perhaps_reached_beside_a_well_one_and_surely_alone() {
    let ill = format!("{WEB}{LISTENER}").replace("target i-app", "target i-app unhealthy");
    let expected = &["web: tcp/443 -> tcp/8080 at app"];
    check(&ill, "internet", "i-app", "any", expected);
    let beside = ill.replace(
        "target i-app unhealthy",
        "target i-app unhealthy\n      target i-spare healthy",
    );
    let beside =
        format!("{beside}\n    host spare in back 10.0.2.11 groups app instance i-spare\n");
    let perhaps = &["web: tcp/443 -> tcp/8080 at app perhaps"];
    check(&beside, "internet", "i-app", "any", perhaps);
}

#[test]
fn exposure_follows_balancers() {
    with_landscape(&format!("{WEB}{LISTENER}"), |landscape| {
        let found = exposure(landscape, &Selection::Internet);
        let direct: Vec<&str> = found.rows.iter().map(|row| row.to.name.as_str()).collect();
        assert_eq!(direct, ["node"]);
        let passed_on: Vec<String> = found.through.iter().map(line).collect();
        assert_eq!(passed_on, ["web: tcp/443 -> tcp/8080 at app"]);
    });
}

/// Covers: exact 4.3/no-foothold
#[test]
fn a_balancer_passes_requests_on_and_does_not_fall() {
    let falls = |topology: &str| {
        let mut lines = Vec::new();
        let snapshot = Topology::parse(topology).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let found = blast(&landscape, &Selection::Internet, &BlastOptions::default());
        for fall in found.certain.iter().chain(&found.possible) {
            let via: Vec<&str> = fall.via.iter().map(|front| front.name.as_str()).collect();
            let perhaps = match fall.cause {
                Cause::Certain => "",
                Cause::Undetermined => " perhaps",
                Cause::Through => " at most",
            };
            lines.push(format!(
                "{} {}{perhaps} {}",
                fall.hop,
                fall.to.name,
                via.join(" ")
            ));
            assert!(fall.witness.is_some(), "{fall:?}");
        }
        lines
    };
    let network = format!("{WEB}{LISTENER}");
    assert_eq!(falls(&network), ["1 app web", "1 node ", "2 db "]);
    // Without a word about its listeners, a balancer may answer or not, and may pass anything on.
    let expected = ["1 node perhaps ", "2 app at most ", "3 db at most "];
    assert_eq!(falls(WEB), expected);
}

#[test]
fn a_network_load_balancer_in_front_of_an_application_load_balancer() {
    let network = format!(
        "{WEB}{LISTENER}
    host outer in front 10.0.1.20 public 203.0.113.20 kind nlb managed
    targets inner tcp/443 main balancer
      target web
    balancer outer net main subnets front nodes outer
      listener tcp/443 inner
    "
    );
    with_landscape(&network, |landscape| {
        let ends = (Selection::Internet, selection(landscape, "i-app"));
        let found = through(landscape, &ends.0, &ends.1, &PacketSet::full());
        let lines: Vec<String> = found.iter().map(line).collect();
        assert!(lines.contains(&"web: tcp/443 -> tcp/8080 at app".to_owned()));
        assert!(
            lines.iter().any(|line| line.starts_with("outer > web: ")),
            "{lines:?}"
        );
    });
}

/// A Network Load Balancer that keeps the client's address, before one target that admits clients and one that admits
/// nobody.
const KEEPING: &str = "
    vpc main 10.0.0.0/16
    igw gw main
    subnet front main 10.0.1.0/24 table public zone use1-az1
    subnet back main 10.0.2.0/24 zone use1-az1
    table public main
      route 0.0.0.0/0 igw gw
    group open
      in tcp/8080 from 0.0.0.0/0
    group shut
      in tcp/8080 from 10.9.9.9/32
    host node in front 10.0.1.20 public 203.0.113.20 kind nlb managed
    host app in back 10.0.2.10 groups open instance i-app
    host other in back 10.0.2.11 groups shut instance i-other
    targets apps tcp/8080 main instance
      target i-app
      target i-other
    balancer outer net main subnets front nodes node
      listener tcp/443 apps
";

#[test]
fn a_network_load_balancer_is_asked_for_each_target_by_name() {
    let expected = &["outer: tcp/443 -> tcp/8080 at app"];
    check(KEEPING, "internet", "i-app", "any", expected);
    check(KEEPING, "internet", "i-other", "any", &[]);
}

#[test]
fn a_target_that_is_perhaps_sent_to_is_perhaps_reached_through_a_network_load_balancer() {
    let ill = KEEPING.replace("target i-app", "target i-app unhealthy");
    let expected = &["outer: tcp/443 -> tcp/8080 at app perhaps"];
    check(&ill, "internet", "i-app", "any", expected);
}
