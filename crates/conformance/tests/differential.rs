//! `engine` and `trace` give the same answer for every packet.
//!
//! An ordinary run takes seconds. `WATERTIGHT_NIGHTLY=1` compares at least 2,000 networks and 200,000 packets;
//! `WATERTIGHT_SEED=n` starts at another seed.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use conformance::differential::{Effort, run};

#[test]
fn engine_and_trace_agree() {
    let is_nightly = std::env::var_os("WATERTIGHT_NIGHTLY").is_some_and(|value| value != "0");
    let seed = std::env::var("WATERTIGHT_SEED").ok();
    let effort = Effort {
        first_seed: seed.and_then(|seed| seed.parse().ok()).unwrap_or(1),
        networks: if is_nightly { 2_500 } else { 60 },
        packets_per_pair: 2,
    };
    println!("differential: {effort:?}");
    match run(effort) {
        Ok(tally) => {
            println!("differential: {tally:?}");
            assert!(!is_nightly || 2_000 <= tally.networks && 200_000 <= tally.packets);
            assert!(
                tally.answers.iter().all(|&count| 0 < count),
                "an answer never came up"
            );
        }
        Err(difference) => panic!("engine and trace differ\n{difference}"),
    }
}
