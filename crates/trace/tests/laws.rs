//! What holds of every trace, on generated networks.
#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

use model::{Endpoint, Reachability, Snapshot};
use packet::Family;
use testkit::random_network;
use trace::{Disposition, Question, Tracer};

/// Generated networks in an ordinary run.
const N_NETWORKS: u64 = 300;

#[test]
fn every_answer_has_its_ground_and_every_witness_replays() {
    for seed in 0..N_NETWORKS {
        let snapshot = random_network(seed).unwrap().snapshot();
        let tracer = Tracer::new(&snapshot);
        let ends = ends(&snapshot);
        for from in &ends {
            for to in &ends {
                for question in [
                    Question::tcp(to.address(), 443),
                    Question::echo(to.address()),
                ] {
                    check(&snapshot, &tracer, *from, question, seed);
                }
            }
        }
    }
}

fn check(snapshot: &Snapshot, tracer: &Tracer<'_>, from: Endpoint, question: Question, seed: u64) {
    let Some(trace) = tracer.ask(from, question) else {
        return;
    };
    let place = || format!("seed {seed}: {from:?} {question:?}");
    match trace.reachability {
        Reachability::Reachable => assert!(
            trace.to.is_some()
                || matches!(
                    trace.forward.disposition,
                    Disposition::DeliveredToService(_)
                ),
            "{}",
            place()
        ),
        Reachability::Blocked => {
            let reason = trace.reason().unwrap_or_else(|| panic!("{}", place()));
            assert!(!reason.describe(snapshot).is_empty());
            let last = trace
                .reply
                .as_ref()
                .unwrap_or(&trace.forward)
                .hops
                .last()
                .unwrap();
            assert_ne!(reason.remedy(&last.packet, snapshot), Some(String::new()));
        }
        Reachability::Undetermined => {
            let doubt = trace.doubt().unwrap_or_else(|| panic!("{}", place()));
            assert!(!doubt.describe(snapshot).is_empty());
        }
    }
    assert_eq!(tracer.trace(from, trace.packet), trace, "{}", place());
}

/// Every address of every interface, an office and the internet.
fn ends(snapshot: &Snapshot) -> Vec<Endpoint> {
    let interfaces = snapshot.interfaces().iter().flat_map(|(interface, row)| {
        let private = row.addresses.iter().map(|held| held.address);
        let public = row.addresses.iter().filter_map(|held| held.public);
        private
            .chain(public)
            .map(move |address| Endpoint::Interface { interface, address })
    });
    let offices = snapshot.offices().iter().filter_map(|(office, row)| {
        let address = row.cidrs.first()?.first();
        Some(Endpoint::Office { office, address })
    });
    let internet = Family::ALL.map(|family| Endpoint::Internet {
        address: match family {
            Family::V4 => [198, 51, 100, 7].into(),
            Family::V6 => [0x2600, 0x9000, 0, 0, 0, 0, 0, 7].into(),
        },
    });
    interfaces.chain(offices).chain(internet).collect()
}
