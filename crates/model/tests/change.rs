//! Changes of a snapshot.
#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "an integration test"
)]

use model::{
    Change, ChangeError, Direction, Link, Origin, Parts, RouteDestination, RuleName, Snapshot,
};
use testkit::{Random, Topology, random_change, random_network};

/// The resources of a snapshot, as a reader would hand them over.
fn parts(snapshot: &Snapshot) -> Parts {
    macro_rules! lists {
        ($($list:ident)*) => {
            Parts {
                $($list: snapshot.$list().rows().to_vec(),)*
                coverage: snapshot.coverage().clone(),
                ..Parts::default()
            }
        };
    }
    let mut parts = lists!(vpcs subnets interfaces instances groups acls route_tables internet_gateways
        egress_only_gateways nat_gateways peerings transit_gateways transit_attachments transit_route_tables
        vpn_gateways customer_gateways vpn_connections client_vpn_endpoints service_entries
        direct_connect_gateways direct_connect_associations virtual_interfaces core_attachments core_tables
        prefix_lists elastic_addresses load_balancers target_groups vpc_endpoints endpoint_services firewalls
        firewall_policies firewall_rule_groups public_access_options public_access_exclusions iam_roles iam_policies
        managed_instances offices);
    parts
        .offices
        .retain(|office| office.evidence == model::OfficeEvidence::Declared);
    parts
}

/// A snapshot as text, without the places where things were read.
fn text(snapshot: &Snapshot) -> String {
    let whole = format!("{snapshot:?}");
    let mut pieces = whole.split("Origin { ");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(piece.split_once(" }").unwrap().1);
    }
    text
}

#[test]
fn a_changed_snapshot_is_what_assembling_its_resources_gives() {
    let (mut n_made, mut n_refused) = (0, 0);
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let mut snapshot = random_network(seed).unwrap().snapshot();
        for _ in 0..12 {
            let Some(change) = random_change(&snapshot, &mut random) else {
                continue;
            };
            let Ok(changed) = snapshot.with([&change]) else {
                n_refused += 1;
                continue;
            };
            n_made += 1;
            let (assembled, _) = Snapshot::assemble(parts(&changed));
            assert_eq!(
                format!("{changed:?}"),
                format!("{assembled:?}"),
                "seed {seed}: {change:?}"
            );
            snapshot = changed;
        }
    }
    assert!(1000 < n_made && 50 < n_refused, "{n_made} {n_refused}");
}

#[test]
fn changes_made_together_are_those_made_one_by_one() {
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let first = random_network(seed).unwrap().snapshot();
        let mut last = first.clone();
        let mut made = Vec::new();
        for _ in 0..8 {
            let change = random_change(&last, &mut random);
            if let Some(change) = change
                && let Ok(changed) = last.with([&change])
            {
                made.push(change);
                last = changed;
            }
        }
        let together = first.with(&made).unwrap();
        assert_eq!(format!("{together:?}"), format!("{last:?}"), "seed {seed}");
    }
}

const NETWORK: &str = "
    vpc main 10.0.0.0/16
    subnet web main 10.0.1.0/24
    group app
      in tcp/443 from group app
      out any to any
    group db
      in tcp/5432 from group app
    host a in web 10.0.1.10 groups app
    host b in web 10.0.1.11 groups db
    acl tight main
      in 100 allow any from 0.0.0.0/0
      out 100 allow any to any
      subnets web
    igw gw main
    table public main
      route 10.9.0.0/16 peering p
      subnets web
    vpc other 10.9.0.0/16
    subnet far other 10.9.1.0/24
    peering p main other
    tgw t
    tgw-table rt t propagated-listed
      route 10.0.0.0/16 am propagated
      route 10.8.0.0/16 ax propagated
      propagate ax,am
    vpc third 10.8.0.0/16
    subnet third-a third 10.8.1.0/24
    attachment ax t vpc third third-a
    attachment am t vpc main web table rt
    attachment ao t vpc other far
";

/// That a change makes one network of another, which is the first with lines replaced.
fn check(replaced: &[(&str, &str)], change: impl Fn(&Snapshot) -> Change) {
    let before = Topology::parse(NETWORK).unwrap().snapshot();
    let mut after = NETWORK.to_owned();
    for (old, new) in replaced {
        assert!(after.contains(old), "no such line: {old}");
        after = after.replacen(old, new, 1);
    }
    let after = Topology::parse(&after).unwrap().snapshot();
    let changed = before.with([&change(&after)]).unwrap();
    assert_eq!(text(&changed), text(&after));
    assert_ne!(text(&changed), text(&before));
}

fn group_rule(snapshot: &Snapshot, group: &str, number: usize) -> model::SecurityGroupRule {
    let group = snapshot.groups().find(group).unwrap();
    snapshot
        .groups()
        .get(group)
        .rules
        .get(number)
        .unwrap()
        .clone()
}

#[test]
fn a_group_gets_and_loses_rules() {
    let rule = "in tcp/5432 from group app";
    let more = "in tcp/5432 from group app\n in tcp/22 from 10.0.0.0/8";
    check(&[(rule, more)], |after| Change::AddRule {
        group: "db".into(),
        rule: group_rule(after, "db", 1),
    });
    let before = Topology::parse(NETWORK).unwrap().snapshot();
    let name = RuleName::of("db".into(), &group_rule(&before, "db", 0));
    check(&[(rule, "")], |_| Change::RemoveRule(name.clone()));
}

#[test]
fn an_interface_puts_on_and_takes_off_groups() {
    let (interface, group) = ("a".into(), "db".into());
    let put_on = Change::PutOnGroup { interface, group };
    let host = "host a in web 10.0.1.10 groups app";
    check(&[(host, "host a in web 10.0.1.10 groups app,db")], |_| {
        put_on.clone()
    });
    let (interface, group) = ("a".into(), "app".into());
    let take_off = Change::TakeOffGroup { interface, group };
    check(&[(host, "host a in web 10.0.1.10")], |_| take_off.clone());
}

#[test]
fn an_acl_gets_loses_and_exchanges_entries() {
    let entry = |after: &Snapshot, number: u32| {
        let acl = after.acls().get(after.acls().find("tight").unwrap());
        let mut entries = acl.entries(Direction::Ingress);
        entries
            .find(|entry| entry.number == number)
            .unwrap()
            .clone()
    };
    let old = "in 100 allow any from 0.0.0.0/0";
    let more = "in 50 deny tcp/22 from 0.0.0.0/0\n in 100 allow any from 0.0.0.0/0";
    check(&[(old, more)], |after| Change::AddEntry {
        acl: "tight".into(),
        entry: entry(after, 50),
    });
    check(&[(old, "in 100 allow tcp/443 from 0.0.0.0/0")], |after| {
        Change::ReplaceEntry {
            acl: "tight".into(),
            entry: entry(after, 100),
        }
    });
    check(&[(old, "")], |_| Change::RemoveEntry {
        acl: "tight".into(),
        direction: Direction::Ingress,
        number: 100,
    });
}

#[test]
fn a_table_gets_loses_and_exchanges_routes() {
    let destination = |text: &str| RouteDestination::Prefix(text.parse().unwrap());
    let route = |after: &Snapshot, text: &str| {
        let tables = after.route_tables();
        let table = tables.get(tables.find("public").unwrap());
        let mut routes = table.routes.iter();
        let is_meant = |route: &&model::Route| route.destination == destination(text);
        routes.find(is_meant).unwrap().clone()
    };
    let old = "route 10.9.0.0/16 peering p";
    let more = "route 10.9.0.0/16 peering p\n route 0.0.0.0/0 igw gw";
    check(&[(old, more)], |after| Change::AddRoute {
        table: "public".into(),
        route: route(after, "0.0.0.0/0"),
    });
    check(&[(old, "route 10.9.0.0/16 tgw t")], |after| {
        Change::ReplaceRoute {
            table: "public".into(),
            route: route(after, "10.9.0.0/16"),
        }
    });
    check(&[(old, "")], |_| Change::RemoveRoute {
        table: "public".into(),
        destination: destination("10.9.0.0/16"),
    });
}

#[test]
fn attachments_are_associated_and_announced() {
    let change = |make: fn(model::ResourceId, model::ResourceId) -> Change, attachment: &str| {
        make(attachment.into(), "rt".into())
    };
    let associate = |attachment, table| Change::AssociateAttachment { attachment, table };
    let other = "attachment ao t vpc other far";
    check(&[(other, "attachment ao t vpc other far table rt")], |_| {
        change(associate, "ao")
    });
    let disassociate = |attachment, table| Change::DisassociateAttachment { attachment, table };
    let main = "attachment am t vpc main web table rt";
    check(&[(main, "attachment am t vpc main web")], |_| {
        change(disassociate, "am")
    });
    let lines = [
        (
            "route 10.8.0.0/16 ax propagated",
            "route 10.8.0.0/16 ax propagated\n route 10.9.0.0/16 ao propagated",
        ),
        ("propagate ax,am", "propagate ax,am,ao"),
    ];
    let propagate = |attachment, table| Change::Propagate { attachment, table };
    check(&lines, |_| change(propagate, "ao"));
    let removed = [
        ("route 10.0.0.0/16 am propagated", ""),
        ("propagate ax,am", "propagate ax"),
    ];
    let stop = |attachment, table| Change::StopPropagation { attachment, table };
    check(&removed, |_| change(stop, "am"));
    let removed = [removed[0], removed[1], (main, "")];
    check(&removed, |_| Change::RemoveAttachment("am".into()));
}

#[test]
fn interfaces_and_subnets_come_and_go() {
    let host = "host b in web 10.0.1.11 groups db";
    let more = "host b in web 10.0.1.11 groups db\n host c in web 10.0.1.12 groups db";
    check(&[(host, more)], |after| {
        let made = after
            .interfaces()
            .get(after.interfaces().find("c").unwrap());
        Change::AddInterface(Box::new(made.clone()))
    });
    check(&[(host, "")], |_| Change::RemoveInterface("b".into()));
    let line = "subnet far other 10.9.1.0/24";
    let more = "subnet far other 10.9.1.0/24\n subnet new other 10.9.2.0/24";
    check(&[(line, more)], |after| {
        let made = after.subnets().get(after.subnets().find("new").unwrap());
        Change::AddSubnet(Box::new(made.clone()))
    });
}

/// That a change is refused, and why.
fn refused(change: &Change, expected: &str) {
    let network = Topology::parse(NETWORK).unwrap().snapshot();
    let error: ChangeError = network.with([change]).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn an_error_says_what_is_not_there() {
    let (interface, group) = ("z".into(), "db".into());
    let change = Change::PutOnGroup { interface, group };
    refused(&change, "there is no network interface `z` in the snapshot");
    let (interface, group) = ("a".into(), "db".into());
    let change = Change::TakeOffGroup { interface, group };
    refused(&change, "`a` has no group `db`");
    let change = Change::RemoveRule(RuleName::Id("sgr-1".into()));
    refused(&change, "there is no rule `sgr-1` in the snapshot");
    let change = Change::RemoveSubnet("web".into());
    refused(&change, "`web` is used by `a`");
    let network = Topology::parse(NETWORK).unwrap().snapshot();
    let rule = group_rule(&network, "db", 0);
    let group = "db".into();
    refused(
        &Change::AddRule { group, rule },
        "`db` has this rule already",
    );
    let interfaces = network.interfaces();
    let mut made = interfaces.get(interfaces.find("a").unwrap()).clone();
    made.id = "c".into();
    made.subnet = Link::to("far");
    let change = Change::AddInterface(Box::new(made));
    refused(&change, "`c` cannot hold 10.0.1.10: it is not in `far`");
}

#[test]
fn what_is_added_says_who_proposed_it() {
    let network = Topology::parse(NETWORK).unwrap().snapshot();
    let mut rule = group_rule(&network, "db", 0);
    rule.origin = Origin::new("changes.txt".into(), "/3");
    rule.service = "tcp/22".parse().unwrap();
    let group = "db".into();
    let changed = network.with([&Change::AddRule { group, rule }]).unwrap();
    let origin = group_rule(&changed, "db", 1).origin;
    assert_eq!(origin.to_string(), "changes.txt#/3");
    assert_eq!(
        network
            .groups()
            .get(network.groups().find("db").unwrap())
            .rules
            .len(),
        1
    );
}
