//! The reference page of selectors, run on `examples/shop`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use engine::Engine;
use model::{Endpoint, OfficeNetwork, Origin, Snapshot};
use testkit::Topology;
use watertight::selector::{self, Resolver, Role, Subject};

fn shop() -> Snapshot {
    let origin = Origin::new("watertight.toml".into(), "/office/0");
    let office =
        OfficeNetwork::declared("Sydney", vec!["192.168.10.0/24".parse().unwrap()], origin);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop");
    ingest::load(&[folder], vec![office]).unwrap().snapshot
}

/// What a selector names, or what is said of it.
fn answer(resolver: &Resolver<'_>, snapshot: &Snapshot, text: &str) -> String {
    let found =
        selector::parse(text).and_then(|selector| resolver.resolve(&selector, Role::Target));
    match found {
        Ok(endpoints) => {
            let name = |subject: &Subject| match subject {
                Subject::Host(owner) => owner.name.clone().unwrap_or_else(|| owner.id.clone()),
                other => other.describe(snapshot),
            };
            let mut names: Vec<String> = Subject::all(&endpoints, snapshot)
                .iter()
                .map(name)
                .collect();
            names.sort();
            names.join(" ")
        }
        Err(error) => format!("error: {}", error.problems()[0].message),
    }
}

#[test]
fn the_examples_of_the_reference_page_hold() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/selectors.md"))
            .unwrap();
    let snapshot = shop();
    let engine = Engine::new(&snapshot);
    let resolver = Resolver::new(&engine);
    let (mut is_example, mut n_checked, mut wrong) = (false, 0, Vec::new());
    for line in page.lines() {
        match line {
            "```selectors" => is_example = true,
            "```" => is_example = false,
            _ if is_example && !line.is_empty() => {
                let (text, expected) = line
                    .rsplit_once("=>")
                    .unwrap_or_else(|| panic!("no `=>` in {line}"));
                let found = answer(&resolver, &snapshot, text.trim());
                if found != expected.trim() {
                    wrong.push(format!(
                        "{}\n  expected {}\n  found    {found}",
                        text.trim(),
                        expected.trim()
                    ));
                }
                n_checked += 1;
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(30 < n_checked, "only {n_checked} examples");
}

/// Checks a selector on a topology: the addresses of what it names, or the explained error.
fn check(topology: &str, role: Role, text: &str, expected: &str) {
    let snapshot = Topology::parse(topology)
        .unwrap_or_else(|error| panic!("{error}"))
        .snapshot();
    let engine = Engine::new(&snapshot);
    let resolver = Resolver::new(&engine);
    let found = selector::parse(text).and_then(|selector| resolver.resolve(&selector, role));
    let found = match found {
        Ok(endpoints) => {
            let kind = |endpoint: &Endpoint| match endpoint {
                Endpoint::Interface { .. } => "",
                Endpoint::Office { .. } => "office:",
                Endpoint::Internet { .. } => "internet:",
                Endpoint::Unknown { .. } => "unknown:",
            };
            let shown = endpoints
                .iter()
                .map(|endpoint| format!("{}{}", kind(endpoint), endpoint.address()));
            shown.collect::<Vec<String>>().join(" ")
        }
        Err(error) => error.explain(),
    };
    assert_eq!(found, expected);
}

const TWINS: &str = "
    vpc a 10.0.0.0/16
    subnet as a 10.0.1.0/24
    vpc b 10.0.0.0/16
    subnet bs b 10.0.1.0/24
    host one in as 10.0.1.5 public 203.0.113.5
    host two in bs 10.0.1.5
    host three in as 10.0.1.6 prefix 10.0.1.64/28
    igw gw a
    office Sydney 192.168.0.0/16
";

#[test]
fn an_address_that_two_vpcs_hold_is_ambiguous_and_the_candidates_are_listed() {
    check(
        TWINS,
        Role::Target,
        "10.0.1.5",
        "10.0.1.5\n\
         ^^^^^^^^ 2 interfaces hold this address; write one of\n\
         10.0.1.5 and a   for one, one\n\
         10.0.1.5 and b   for two, two",
    );
    check(TWINS, Role::Target, "10.0.1.5 and a", "10.0.1.5");
    check(TWINS, Role::Target, "vpc:b and 10.0.1.5", "10.0.1.5");
}

#[test]
fn a_sender_is_named_by_what_it_holds_and_a_receiver_by_its_public_address_too() {
    check(TWINS, Role::Source, "203.0.113.5", "10.0.1.5");
    check(TWINS, Role::Target, "203.0.113.5", "203.0.113.5");
    check(TWINS, Role::Source, "one", "10.0.1.5");
    check(TWINS, Role::Target, "one", "10.0.1.5 203.0.113.5");
}

#[test]
fn addresses_outside_are_an_office_the_internet_or_nobody() {
    check(TWINS, Role::Source, "192.168.7.7", "office:192.168.7.7");
    check(TWINS, Role::Source, "8.8.8.8", "internet:8.8.8.8");
    check(TWINS, Role::Source, "172.16.0.1", "unknown:172.16.0.1");
    check(TWINS, Role::Source, "10.0.1.99", "unknown:10.0.1.99");
    check(TWINS, Role::Source, "10.0.1.70", "10.0.1.70");
    check(TWINS, Role::Source, "192.168.7.0/24", "office:192.168.7.0");
    check(TWINS, Role::Source, "8.8.8.0/24", "internet:8.8.8.0");
}

#[test]
fn what_names_nothing_says_why() {
    check(
        TWINS,
        Role::Source,
        "a and b",
        "a and b\n^^^^^^^ nothing in the snapshot is all of this",
    );
    check(
        TWINS,
        Role::Source,
        "172.16.0.0/16",
        "172.16.0.0/16\n^^^^^^^^^^^^^ nothing in the snapshot has an address in this block",
    );
    check(
        TWINS,
        Role::Source,
        "thre or x",
        "thre or x\n^^^^ no such id or name in the snapshot, did you mean `three`?\n        ^ no such id or name in the snapshot",
    );
}
