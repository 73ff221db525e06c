//! `engine` and `trace` give the same answer for every packet.
//!
//! An ordinary run takes seconds. `WATERTIGHT_NIGHTLY=1` compares at least 2,000 networks and 200,000 packets;
//! `WATERTIGHT_SEED=n` starts at another seed, `WATERTIGHT_DIFFERENCES=n` goes on until n networks differ.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use conformance::differential::{Effort, run};

#[test]
fn engine_and_trace_agree() {
    let is_nightly = std::env::var_os("WATERTIGHT_NIGHTLY").is_some_and(|value| value != "0");
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let effort = Effort {
        first_seed: number("WATERTIGHT_SEED").unwrap_or(1),
        networks: if is_nightly { 2_500 } else { 60 },
        packets_per_pair: 2,
        differences: number("WATERTIGHT_DIFFERENCES")
            .map_or(1, |count| usize::try_from(count).unwrap_or(1)),
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
        Err(faults) => {
            let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
            panic!("engine and trace differ\n{}", shown.join("\n"));
        }
    }
}
