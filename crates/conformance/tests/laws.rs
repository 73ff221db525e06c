//! Changes that must change no answer, and changes that may change it one way only.
//!
//! Each law is asked of `engine`, for all pairs as whole sets, and of `trace`, packet by packet. What is certain is
//! possible and delivered, before and after.
//! `WATERTIGHT_NIGHTLY=1` asks it of 600 networks, `WATERTIGHT_SEED=n` starts at another seed.
#![expect(
    clippy::tests_outside_test_module,
    clippy::panic,
    clippy::print_stdout,
    reason = "an integration test"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use conformance::differential::{Held, holds};
use testkit::{Change, random_network};

/// Asks a law of network after network, on all cores.
fn check(law: &str, change: impl Fn(u64) -> Change + Sync) -> Held {
    let is_nightly = std::env::var_os("WATERTIGHT_NIGHTLY").is_some_and(|value| value != "0");
    let seed = std::env::var("WATERTIGHT_SEED")
        .ok()
        .and_then(|value| value.parse::<u64>().ok());
    let first = seed.unwrap_or(40_000);
    let networks = if is_nightly { 600 } else { 40 };
    let next = AtomicU64::new(first);
    let total = Mutex::new(Held::default());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if first + networks <= seed {
                return;
            }
            let topology = random_network(seed)
                .unwrap_or_else(|error| panic!("seed {seed}: no network: {error}"));
            match holds(&topology, change(seed)) {
                Ok(held) => total
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .add(&held),
                Err(broken) => panic!("{law}: seed {seed}\n{broken}"),
            }
        }
    };
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(work);
        }
    });
    let total = *total.lock().unwrap_or_else(PoisonError::into_inner);
    println!("{law}: {networks} networks from seed {first}: {total:?}");
    assert!(0 < total.packets, "nothing was compared");
    total
}

#[test]
fn renaming_every_id_changes_nothing() {
    check("renaming", Change::Rename);
}

#[test]
fn shifting_private_blocks_changes_nothing() {
    check("shifting", Change::Shift);
}

#[test]
fn dividing_rules_entries_and_routes_changes_nothing() {
    check("dividing", |_| Change::Divide);
}

#[test]
fn the_order_of_the_input_changes_nothing() {
    check("reversing", |_| Change::Reverse);
}

#[test]
fn adding_a_rule_to_a_group_never_removes_reach() {
    let held = check("adding a rule", Change::AddRule);
    assert!(0 < held.changed, "no rule ever opened anything");
}

#[test]
fn adding_an_entry_that_denies_never_adds_reach() {
    let held = check("adding a denial", Change::AddDeny);
    assert!(0 < held.changed, "no entry ever shut anything");
}

#[test]
fn adding_an_entry_that_allows_never_removes_reach() {
    let held = check("adding an allowance", Change::AddAllow);
    assert!(0 < held.changed, "no entry ever opened anything");
}
