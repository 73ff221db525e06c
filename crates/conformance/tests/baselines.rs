//! `engine` and two textbook verifiers give the same sets, wherever these can answer.
//!
//! `WATERTIGHT_NIGHTLY=1` compares 3,000 networks of each sort, `WATERTIGHT_SEED=n` starts at another seed.
#![expect(
    clippy::tests_outside_test_module,
    clippy::panic,
    clippy::print_stdout,
    reason = "an integration test"
)]

use conformance::differential::{Comparison, compare_baselines};
use testkit::{Error, Topology, plain_network, random_network};

/// Compares network after network of one sort.
fn total(sort: &str, network: fn(u64) -> Result<Topology, Error>) -> Comparison {
    let is_nightly = std::env::var_os("WATERTIGHT_NIGHTLY").is_some_and(|value| value != "0");
    let seed = std::env::var("WATERTIGHT_SEED")
        .ok()
        .and_then(|value| value.parse::<u64>().ok());
    let first = seed.unwrap_or(30_000);
    let networks = if is_nightly { 3_000 } else { 100 };
    let mut total = Comparison::default();
    for seed in first..first + networks {
        let topology = network(seed).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        match compare_baselines(&topology, seed) {
            Ok(one) => total.add(&one),
            Err(difference) => panic!("engine and the baselines differ\n{difference}"),
        }
    }
    println!("baselines: {networks} {sort} networks from seed {first}: {total:?}");
    assert!(0 < total.partly, "no pair was worth the comparison");
    total
}

#[test]
fn engine_agrees_with_the_baselines_on_networks_without_gateways() {
    let total = total("plain", plain_network);
    assert!(
        total.inexpressible < total.pairs,
        "most pairs of plain networks should be expressible"
    );
}

#[test]
fn engine_agrees_with_the_baselines_amid_every_mechanism() {
    total("hostile", random_network);
}
