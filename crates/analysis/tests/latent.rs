//! What is there without taking part, and who has no way out but names.
#![expect(clippy::unwrap_used, reason = "a test may fail by panic")]

use analysis::{Dormant, Landscape, audit, inventory};
use engine::Engine;
use testkit::Topology;

const NETWORK: &str = "
    vpc main 10.0.0.0/16
    igw gw main
    subnet front main 10.0.1.0/24 table public
    subnet back main 10.0.2.0/24
    table public main
      route 0.0.0.0/0 igw gw
    group all
      in any from any
      out any to any
    group shut
    host open in front 10.0.1.10 public 203.0.113.10 groups all
    host closed in back 10.0.2.10 groups shut
    host spare in back 10.0.2.11 groups all unattached
";

fn with_landscape(ask: impl Fn(&Landscape<'_>)) {
    let snapshot = Topology::parse(NETWORK).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    ask(&Landscape::new(&engine));
}

#[test]
fn an_interface_that_is_attached_to_nothing_is_latent() {
    with_landscape(|landscape| {
        let found = inventory(landscape).latent;
        let lines: Vec<_> = found
            .iter()
            .map(|latent| (latent.hosts.name.as_str(), latent.because))
            .collect();
        assert_eq!(lines, [("spare", Dormant::Unattached)]);
    });
}

#[test]
fn the_resolver_is_a_way_out_of_a_host_without_egress() {
    with_landscape(|landscape| {
        let found = audit(landscape).lateral.resolver_only;
        let names: Vec<&str> = found.iter().map(|hosts| hosts.name.as_str()).collect();
        assert!(names.contains(&"closed"), "{names:?}");
        assert!(!names.contains(&"open"), "{names:?}");
    });
}
