//! Laws of tiers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use analysis::{Evidence, Flow, HostId, Landscape, Nature, Role, Selection, TierOptions, tiers};
use engine::Engine;
use model::{Endpoint, Snapshot};
use packet::{Family, PacketSet};
use testkit::Topology;

/// What passes for certain between hosts of two tiers, host by host.
fn counted(
    landscape: &Landscape<'_>,
    tier_of: &BTreeMap<HostId, usize>,
) -> BTreeMap<(usize, usize), PacketSet> {
    let engine = landscape.engine();
    let mut found: BTreeMap<(usize, usize), PacketSet> = BTreeMap::new();
    for (from, source) in tier_of {
        let role = landscape.host(*from).owner.role;
        if role.nature() != Nature::Pivot && role != Role::Function {
            continue;
        }
        for (to, target) in tier_of.iter().filter(|(to, _)| *to != from) {
            let senders = landscape.host(*from).endpoints.iter();
            for sender in senders.filter(|end| holds(landscape.snapshot(), end)) {
                for receiver in &landscape.host(*to).endpoints {
                    let family = Family::of(receiver.address());
                    if Family::of(sender.address()) != family {
                        continue;
                    }
                    let certain = engine.reach(sender, receiver).certain;
                    let certain = certain.intersection(&PacketSet::of_family(family));
                    if !certain.is_subset(&PacketSet::without_answer()) {
                        let all = found
                            .entry((*source, *target))
                            .or_insert_with(PacketSet::empty);
                        *all = all.union(&certain);
                    }
                }
            }
        }
    }
    found
}

fn holds(snapshot: &Snapshot, endpoint: &Endpoint) -> bool {
    match endpoint {
        Endpoint::Interface { interface, address } => {
            snapshot.interfaces().get(*interface).holds(*address)
        }
        _ => false,
    }
}

#[test]
fn what_passes_between_tiers_is_what_passes_between_their_hosts() {
    let (mut n_within, mut n_between) = (0, 0);
    for seed in 0..60 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let found = tiers(&landscape, &TierOptions::default());
        let tier_of = found.tiers.iter().enumerate();
        let tier_of =
            tier_of.flat_map(|(place, tier)| tier.hosts.iter().map(move |id| (*id, place)));
        let counted = counted(&landscape, &tier_of.collect());
        let starts = |tier: usize| {
            found.tiers[tier].role.nature() == Nature::Pivot
                || found.tiers[tier].role == Role::Function
        };
        let told = found
            .flows
            .iter()
            .filter(|flow| starts(flow.from) && !flow.answer.certain.is_empty());
        let told: BTreeMap<_, _> = told
            .map(|flow| ((flow.from, flow.to), flow.answer.certain.clone()))
            .collect();
        assert_eq!(told, counted, "seed {seed}");
        n_within += found.flows.iter().filter(|flow| flow.is_within()).count();
        n_between += found.flows.iter().filter(|flow| !flow.is_within()).count();
    }
    assert!(15 < n_within && 100 < n_between, "{n_within} {n_between}");
}

/// A tier of application servers that reach each other and a database tier by name, and one that administers them.
fn shop(n_servers: usize) -> Snapshot {
    let mut text = "vpc main 10.0.0.0/16\nsubnet a main 10.0.0.0/20\n\
        group app\n  in tcp/8000-9000 from group app\n  in tcp/22 from 10.0.0.0/16\n  out any to 0.0.0.0/0\n\
        group db\n  in tcp/5432 from group app\n  out any to 0.0.0.0/0\n\
        group mgmt\n  out any to 0.0.0.0/0\n"
        .to_owned();
    for number in 0..n_servers {
        let _ = writeln!(
            text,
            "host app-{number} in a 10.0.{}.{} groups app",
            1 + number / 200,
            10 + number % 200
        );
        let _ = writeln!(
            text,
            "host db-{number} in a 10.0.{}.{} groups db",
            7 + number / 200,
            10 + number % 200
        );
    }
    text.push_str("host admin-1 in a 10.0.0.10 groups mgmt\n");
    Topology::parse(&text).unwrap().snapshot()
}

/// All flows by the names of their tiers: what passes, and what of it nothing needs.
fn page(
    snapshot: &Snapshot,
    options: impl Fn(&Landscape<'_>) -> TierOptions,
) -> Vec<(String, String, String, String)> {
    let engine = Engine::new(snapshot);
    let landscape = Landscape::new(&engine);
    let found = tiers(&landscape, &options(&landscape));
    let name = |place: usize| found.tiers.get(place).unwrap().name.clone();
    let row = |flow: &analysis::TierFlow| {
        let v4 = PacketSet::of_family(Family::V4);
        let text = |set: &PacketSet| set.intersection(&v4).services().to_string();
        (
            name(flow.from),
            name(flow.to),
            text(&flow.answer.certain),
            text(&flow.unneeded()),
        )
    };
    let mut rows: Vec<_> = found.flows.iter().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn a_page_about_many_hosts_is_that_about_a_few() {
    let few = page(&shop(2), |_| TierOptions::default());
    let many = page(&shop(400), |_| TierOptions::default());
    assert_eq!(few, many);
    assert_eq!(few.len(), 4, "{few:?}");
}

#[test]
fn a_rule_that_names_the_sender_speaks_for_a_flow_between_tiers_and_not_within_one() {
    let rows = page(&shop(2), |_| TierOptions::default());
    let unneeded = |from: &str, to: &str| {
        let row = rows
            .iter()
            .find(|row| row.0.starts_with(from) && row.1.starts_with(to));
        row.unwrap().3.clone()
    };
    assert_eq!(unneeded("app", "db"), PacketSet::empty().to_string());
    assert_ne!(unneeded("app", "app"), PacketSet::empty().to_string());
    assert_ne!(unneeded("admin", "app"), PacketSet::empty().to_string());
}

#[test]
fn what_the_user_declares_is_needed_and_tiers_are_what_the_user_says() {
    let snapshot = shop(2);
    let of = |landscape: &Landscape<'_>, wanted: &str| {
        let hosts = landscape.hosts().filter(|(_, host)| {
            let name = host.owner.name.as_deref();
            name.is_some_and(|name| name.starts_with(wanted))
        });
        Selection::Endpoints(hosts.flat_map(|(_, host)| host.endpoints.clone()).collect())
    };
    let rows = page(&snapshot, |landscape| TierOptions {
        tiers: vec![
            ("everything".to_owned(), of(landscape, "app")),
            ("never".to_owned(), of(landscape, "app")),
        ],
        needs: vec![Flow {
            text: "admin -> app tcp/22".to_owned(),
            from: of(landscape, "admin"),
            to: of(landscape, "app"),
            services: vec!["tcp/22".parse().unwrap()],
        }],
    });
    let admin = rows.iter().find(|row| row.0.starts_with("admin")).unwrap();
    assert_eq!(admin.1, "everything");
    assert_eq!(admin.3, PacketSet::empty().to_string());
    assert!(rows.iter().all(|row| row.0 != "never" && row.1 != "never"));
}

#[test]
fn hosts_without_tags_are_put_together_by_what_they_wear() {
    let engine_of = |snapshot: &Snapshot| {
        let engine = Engine::new(snapshot);
        let landscape = Landscape::new(&engine);
        let found = tiers(&landscape, &TierOptions::default()).tiers;
        found
            .into_iter()
            .map(|tier| tier.evidence)
            .collect::<Vec<_>>()
    };
    let evidence = engine_of(&shop(1));
    assert_eq!(
        evidence,
        [Evidence::Groups, Evidence::Groups, Evidence::Groups]
    );
}
