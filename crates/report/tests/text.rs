//! The texts that people read, on a small network with the classic faults.
#![expect(clippy::unwrap_used, reason = "a test may fail by panic")]

use analysis::{BlastOptions, Landscape, Selection};
use engine::Engine;
use model::Snapshot;
use packet::{PacketSet, Service};
use report::{Palette, View};
use testkit::Topology;

const NETWORK: &str = "
    account 111122223333
    region ap-southeast-2
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
      in any from group app
      in tcp/22 from group jump
      out any to any
    group db
      in tcp/5432 from 10.0.0.0/16
    host jump in web 10.0.1.10 public 203.0.113.10 groups jump instance i-jump
    host app-1 in app 10.0.2.11 groups app
    host app-2 in app 10.0.2.12 groups app
    host db in app 10.0.2.20 groups db
";

fn snapshot() -> Snapshot {
    Topology::parse(NETWORK).unwrap().snapshot()
}

fn host(landscape: &Landscape<'_>, id: &str) -> Selection {
    let found = landscape.hosts().find(|(_, host)| host.owner.id == id);
    Selection::Endpoints(found.unwrap().1.endpoints.clone())
}

fn services(text: &str) -> PacketSet {
    PacketSet::from(&text.parse::<Service>().unwrap())
}

/// The text of what `make` makes of the network, without colours.
fn text<V: View>(make: impl Fn(&Landscape<'_>, &Snapshot) -> V) -> String {
    let snapshot = snapshot();
    let engine = Engine::new(&snapshot);
    let landscape = Landscape::new(&engine);
    make(&landscape, &snapshot).text(90, &Palette::plain())
}

#[test]
fn audit() {
    insta::assert_snapshot!(text(|landscape, snapshot| {
        report::audit::view(&analysis::audit(landscape), snapshot)
    }));
}

#[test]
fn blast() {
    insta::assert_snapshot!(text(|landscape, snapshot| {
        let blast = analysis::blast(landscape, &Selection::Internet, &BlastOptions::default());
        report::blast::view(&blast, snapshot)
    }));
}

#[test]
fn reach_of_a_pair() {
    insta::assert_snapshot!(text(|landscape, snapshot| {
        let (from, to) = (host(landscape, "app-1"), host(landscape, "db"));
        report::reach::view(
            &analysis::reach(landscape, &from, &to, &PacketSet::full()),
            snapshot,
        )
    }));
}

#[test]
fn reach_of_a_pair_that_is_blocked() {
    insta::assert_snapshot!(text(|landscape, snapshot| {
        let (from, to) = (host(landscape, "app-1"), host(landscape, "db"));
        report::reach::view(
            &analysis::reach(landscape, &from, &to, &services("ssh")),
            snapshot,
        )
    }));
}

#[test]
fn trace_of_a_blocked_packet() {
    insta::assert_snapshot!(text(|landscape, snapshot| {
        let (from, to) = (host(landscape, "app-1"), host(landscape, "db"));
        let reached = analysis::reach(landscape, &from, &to, &services("ssh"));
        report::trace::view(&reached.explanation.unwrap(), snapshot)
    }));
}

#[test]
fn inventory() {
    insta::assert_snapshot!(text(|landscape, snapshot| {
        report::inventory::view(&analysis::inventory(landscape), snapshot)
    }));
}

#[test]
fn every_document_names_its_kind_and_version() {
    let snapshot = snapshot();
    let engine = Engine::new(&snapshot);
    let landscape = Landscape::new(&engine);
    let json = report::audit::view(&analysis::audit(&landscape), &snapshot).json();
    assert!(
        json.starts_with("{\n  \"format_version\": 1,\n  \"kind\": \"audit\","),
        "{json}"
    );
    assert!(report::audit::AuditView::schema().contains("format_version"));
}

#[test]
fn csv_has_as_many_cells_in_a_row_as_in_its_head() {
    let snapshot = snapshot();
    let engine = Engine::new(&snapshot);
    let landscape = Landscape::new(&engine);
    let csv = report::audit::view(&analysis::audit(&landscape), &snapshot).csv();
    assert_eq!(
        csv.lines().next().map(|head| head.split(',').count()),
        Some(10)
    );
    assert!(
        csv.contains("critical,WT-SG-002,admin-from-internet"),
        "{csv}"
    );
}
