//! Questions about some hosts follow only what was asked.

use analysis::{Landscape, Selection};
use engine::Engine;
use packet::PacketSet;

#[test]
fn a_question_does_not_ask_for_all_pairs() {
    let mut n_passing = 0;
    for seed in 0..40 {
        let snapshot = testkit::random_network(seed).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine);
        let ends = |number: usize| {
            let (_, host) = landscape.hosts().nth(number).unwrap();
            Selection::Endpoints(host.endpoints.clone())
        };
        let n_hosts = landscape.hosts().len();
        let (from, to) = (ends(0), ends(n_hosts - 1));
        for from in [&from, &Selection::Internet] {
            let reached = analysis::reach(&landscape, from, &to, &PacketSet::full());
            n_passing += usize::from(reached.witness.is_some());
            analysis::reach_set(&landscape, from, &to, &PacketSet::full());
            analysis::through(&landscape, from, &to, &PacketSet::full());
        }
        assert!(engine.known_rows().is_none(), "seed {seed}");
    }
    assert!(n_passing > 5, "{n_passing}");
}
