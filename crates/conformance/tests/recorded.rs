//! Real `ping` and `nmap` results, measured in AWS, agree with both implementations.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use conformance::both::Both;
use conformance::{case, corpus, deviations, table};

/// Every row of the probes of one lab.
fn check(lab: &str) {
    let Some(folder) = corpus::case(lab) else {
        return;
    };
    let snapshot =
        case::load(&folder.join("aws_configs")).unwrap_or_else(|error| panic!("{lab}: {error}"));
    let both = Both::new(&snapshot);
    let rows = table::read(&folder.join("probes.csv")).unwrap();
    let answers: Vec<(String, &[&str], String)> = rows
        .iter()
        .map(|row| {
            let answer = case::answer(
                &both,
                row.get("src"),
                row.get("dst"),
                row.get("proto"),
                row.get("dport"),
            );
            let expected: &[&str] = match row.get("expected") {
                "reach" => &["reachable"],
                "blocked" => &["blocked"],
                other => panic!("{lab}: `{other}` is no answer"),
            };
            (row.get("id").to_owned(), expected, shown(answer))
        })
        .collect();
    let complaints = deviations::complaints(&deviations::of(lab).unwrap(), &answers);
    assert!(
        complaints.is_empty(),
        "{lab}: {} of {} rows\n{}",
        complaints.len(),
        rows.len(),
        complaints.join("\n")
    );
    println!("{lab}: {} rows agree", rows.len());
}

fn shown(answer: Result<(model::Reachability, String), String>) -> String {
    match answer {
        Ok((answer, why)) => format!("{} ({why})", case::word(answer)),
        Err(error) => error,
    }
}

#[test]
fn instance_multiple_interface() {
    check("lab-instance-multiple-interface");
}

#[test]
fn multi_account_vpc_peering() {
    check("lab-multi-account-vpc-peering");
}

#[test]
fn nlb_targets_instance() {
    check("lab-nlb-targets-instance");
}

#[test]
fn tgw_peering() {
    check("lab-tgw-peering");
}

#[test]
fn traffic_in_igw_out_ngw() {
    check("lab-traffic-in-igw-out-ngw");
}
