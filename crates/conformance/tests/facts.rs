//! What the authors of other analysers stated about small networks.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use std::collections::BTreeSet;

use conformance::both::Both;
use conformance::{case, corpus, deviations, table};
use model::{InstanceState, Reachability, Snapshot};

/// What every allowed flow of a matrix without route tables may be answered with.
const ALLOWED: &[&str] = &["reachable", "undetermined"];

/// Every stated fact of one case.
fn check(name: &str) {
    let Some(folder) = corpus::case(name) else {
        return;
    };
    let snapshot =
        case::load(&folder.join("aws_configs")).unwrap_or_else(|error| panic!("{name}: {error}"));
    let both = Both::new(&snapshot);
    let rows = table::read(&folder.join("facts.csv")).unwrap();
    let mut answers = Vec::new();
    for row in &rows {
        let expected: &[&str] = match row.get("expected") {
            "reach" => &["reachable"],
            "blocked" => &["blocked"],
            other => panic!("{name}: `{other}` is no answer"),
        };
        for (number, question) in questions(&snapshot, row).into_iter().enumerate() {
            let [from, to, protocol, port] = &question;
            let answer = case::answer(&both, from, to, protocol, port);
            let id = if number == 0 {
                row.get("id").to_owned()
            } else {
                format!("{}.{number}", row.get("id"))
            };
            answers.push((
                id,
                expected,
                format!("{} for {}", shown(answer), question.join(" ")),
            ));
        }
    }
    let complaints = deviations::complaints(&deviations::of(name).unwrap(), &answers);
    assert!(
        complaints.is_empty(),
        "{name}: {} of {} facts\n{}",
        complaints.len(),
        answers.len(),
        complaints.join("\n")
    );
    println!("{name}: {} facts hold", answers.len());
}

fn shown(answer: Result<(Reachability, String), String>) -> String {
    match answer {
        Ok((answer, why)) => format!("{} ({why})", case::word(answer)),
        Err(error) => error,
    }
}

/// The questions that a row stands for: source, destination, protocol, port.
fn questions(snapshot: &Snapshot, row: &table::Row) -> Vec<[String; 4]> {
    let ends = ends(snapshot, row.get("dst"));
    let (protocol, port) = match (row.get("proto"), row.get("dport")) {
        // A port that no rule of these networks names: the rows tell where the packet goes, or that all are dropped.
        ("any", _) => ("tcp", "61234"),
        // The port on which the balancer's targets listen.
        ("some flow", _) => ("tcp", "22"),
        (other, _) if other.contains("107") => ("107", ""),
        known => known,
    };
    let source = |text: &str| {
        // A VPC as a source stands for its router; a vacant address of it is what comes closest.
        let vpc = snapshot
            .vpcs()
            .find(text)
            .map(|index| snapshot.vpcs().get(index));
        vpc.and_then(|vpc| vpc.cidrs.first()).map_or_else(
            || text.split(' ').next().unwrap_or_default().to_owned(),
            |cidr| vacant(cidr.first()),
        )
    };
    let from = source(row.get("src"));
    ends.into_iter()
        .map(|to| [from.clone(), to, protocol.to_owned(), port.to_owned()])
        .collect()
}

fn vacant(first: std::net::IpAddr) -> String {
    let number = packet::Family::number(first) + 0xFA00;
    packet::Family::of(first)
        .address(number)
        .map(|address| address.to_string())
        .unwrap_or_default()
}

/// The destinations that a text names: `NLB address of eni-… (…)`, `both NLB addresses`, or one word.
fn ends(snapshot: &Snapshot, text: &str) -> Vec<String> {
    if text.starts_with("both NLB") {
        let is_balancer =
            |one: &&model::NetworkInterface| one.kind == model::InterfaceKind::NetworkLoadBalancer;
        let balancers = snapshot.interfaces().rows().iter().filter(is_balancer);
        return balancers.map(|one| one.id.to_string()).collect();
    }
    let id = text.split(' ').find(|word| word.starts_with("eni-"));
    vec![id.unwrap_or(text).to_owned()]
}

/// The complete matrix of a case whose input holds no route tables.
fn check_matrix(name: &str) {
    let Some(folder) = corpus::case(name) else {
        return;
    };
    let snapshot =
        case::load(&folder.join("input.json")).unwrap_or_else(|error| panic!("{name}: {error}"));
    let both = Both::new(&snapshot);
    let rows = table::read(&folder.join("facts.csv")).unwrap();
    let mut ends: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| [row.get("src"), row.get("dst")])
        .map(end)
        .collect();
    ends.insert("internet".into());
    let mut answers = Vec::new();
    for from in &ends {
        for to in ends.iter().filter(|to| *to != from) {
            let row = rows
                .iter()
                .find(|row| end(row.get("src")) == *from && end(row.get("dst")) == *to);
            let allowed = row.map_or("", |row| row.get("allowed"));
            for (protocol, port) in [
                ("tcp", "22"),
                ("tcp", "443"),
                ("tcp", "9080"),
                ("udp", "53"),
                ("icmp", ""),
            ] {
                let expected: &[&str] = if allows(allowed, protocol, port) {
                    ALLOWED
                } else {
                    &["blocked"]
                };
                let (sender, receiver) = (holder(&snapshot, from), holder(&snapshot, to));
                let answer = shown(case::answer(&both, &sender, &receiver, protocol, port));
                answers.push((format!("{from}>{to}:{protocol}/{port}"), expected, answer));
            }
        }
    }
    let complaints = deviations::complaints(&deviations::of(name).unwrap(), &answers);
    assert!(
        complaints.is_empty(),
        "{name}: {} of {} answers\n{}",
        complaints.len(),
        answers.len(),
        complaints.join("\n")
    );
    println!("{name}: {} answers agree", answers.len());
}

/// `app1[10.240.20.245]` by its address.
fn end(text: &str) -> String {
    match text.split_once('[') {
        Some((_, address)) => address.trim_end_matches(']').to_owned(),
        None => "internet".into(),
    }
}

/// The interface that holds an address, which stands for all of its addresses; other texts stay.
fn holder(snapshot: &Snapshot, text: &str) -> String {
    let address = text.parse::<std::net::IpAddr>().ok();
    let mut interfaces = snapshot.interfaces().rows().iter();
    let holder = interfaces.find(|one| address.is_some_and(|address| one.holds(address)));
    holder.map_or_else(|| text.to_owned(), |one| one.id.to_string())
}

/// Whether a cell such as `protocol: TCP dst-ports: 9080` allows a service.
fn allows(cell: &str, protocol: &str, port: &str) -> bool {
    match cell.strip_prefix("protocol: ") {
        None => cell == "All Connections",
        Some(rest) => {
            let mut words = rest.split(' ');
            let is_protocol = words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case(protocol));
            let ports = rest.split_once("dst-ports: ").map(|(_, ports)| ports);
            is_protocol && ports.is_none_or(|ports| ports == port)
        }
    }
}

#[test]
fn load_balancer() {
    check("bf-load-balancer");
}

#[test]
fn nat_gateway() {
    check("bf-nat-gateway");
}

#[test]
fn public_subnet() {
    check("bf-public-subnet");
}

#[test]
fn subnet() {
    check("bf-subnet");
}

#[test]
fn vpc_peering() {
    check("bf-vpc-peering");
}

#[test]
fn matrix_of_five_hosts() {
    check_matrix("npguard-aws-sg-1");
}

#[test]
fn matrix_of_two_hosts() {
    check_matrix("npguard-basic-config-with-sg");
}

#[test]
fn instances_of_the_recorded_networks_are_known() {
    let Some(folder) = corpus::case("bf-subnet") else {
        return;
    };
    let snapshot =
        case::load(&folder.join("aws_configs")).unwrap_or_else(|error| panic!("{error}"));
    let running = snapshot
        .instances()
        .rows()
        .iter()
        .filter(|instance| instance.state == InstanceState::Running);
    assert_eq!(running.count(), 2);
}
