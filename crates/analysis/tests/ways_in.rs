//! What is reached from outside by services that let clients in, on small networks.
#![expect(clippy::unwrap_used, reason = "a test may fail by panic")]

use analysis::{BlastOptions, Landscape, Selection, Through, blast, exposure, through};
use engine::Engine;
use model::Reachability;
use packet::PacketSet;
use testkit::Topology;

/// Nothing here has a route to the internet.
const PRIVATE: &str = "
    vpc main 10.0.0.0/16
    subnet a main 10.0.1.0/24
    group service
      out any to any
    group app
      in tcp/22 from group service
      in tcp/8080 from group service
    group shut
    host app in a 10.0.1.20 groups app instance i-app
    host shut in a 10.0.1.21 groups shut
";

fn ways(entry: &str) -> Vec<String> {
    let mut lines = Vec::new();
    with_landscape(entry, |landscape| {
        let found = exposure(landscape, &Selection::Internet);
        assert!(found.rows.is_empty(), "nothing is reached directly");
        lines = found.through.iter().map(line).collect();
    });
    lines
}

fn with_landscape(entry: &str, ask: impl FnOnce(&Landscape<'_>)) {
    let text = format!("{PRIVATE}{entry}");
    let snapshot = Topology::parse(&text).unwrap().snapshot();
    let engine = Engine::new(&snapshot);
    ask(&Landscape::new(&engine));
}

fn line(way: &Through) -> String {
    let fronts: Vec<&str> = way.via.iter().map(|front| front.name.as_str()).collect();
    let text = |packets: &PacketSet| packets.to_string().replace(" (IPv4)", "");
    let perhaps = match way.reachability {
        Reachability::Reachable => "",
        Reachability::Blocked => " never",
        Reachability::Undetermined => " perhaps",
    };
    format!(
        "{} -> {} {}{perhaps}",
        fronts.join(", "),
        way.to.name,
        text(&way.exit)
    )
}

const TUNNEL: &str = "
    host eni in a 10.0.1.10 groups service managed kind ec2_instance_connect_endpoint
    entry tunnel instance-connect in a groups service via eni hides
";

/// Covers: exact 3.9/instance-connect-endpoint
#[test]
fn a_tunnel_leads_to_all_that_its_interface_reaches() {
    assert_eq!(ways(TUNNEL), ["tunnel -> app tcp/22, tcp/8080"]);
}

#[test]
fn an_entry_that_does_not_work_leads_nowhere() {
    let broken = TUNNEL.replace("hides", "hides unavailable");
    assert_eq!(ways(&broken), Vec::<String>::new());
}

/// Covers: exact 3.9/cloudfront-vpc-origin
#[test]
fn an_origin_leads_to_what_it_names_by_the_ports_that_it_uses() {
    let origin = "
        host eni in a 10.0.1.10 groups service managed described CloudFront_managed_ENI
        entry origin cloudfront
          sends i-app tcp/8080
    ";
    assert_eq!(ways(origin), ["origin -> app tcp/8080"]);
}

#[test]
fn what_the_input_does_not_tell_is_possible() {
    let ports_untold = "
        host eni in a 10.0.1.10 groups service managed described CloudFront_managed_ENI
        entry origin cloudfront
          sends i-app
    ";
    assert_eq!(
        ways(ports_untold),
        ["origin -> app tcp/22, tcp/8080 perhaps"]
    );
    let interface_untold = "
        entry origin cloudfront
          sends i-app tcp/8080
    ";
    assert_eq!(ways(interface_untold), ["origin -> app tcp/8080 perhaps"]);
    let entry_untold = "
        host eni in a 10.0.1.10 groups service managed kind api_gateway_managed
    ";
    assert_eq!(
        ways(entry_untold),
        ["of main -> app tcp/22, tcp/8080 perhaps"]
    );
    let client_kept = "
        host eni in a 10.0.1.10 groups service managed kind global_accelerator_managed
        entry group accelerator
          sends i-app keeps tcp/8080
    ";
    assert_eq!(ways(client_kept), ["group -> app tcp/8080 perhaps"]);
}

/// Covers: exact 3.9/verified-access
#[test]
fn verified_access_leads_by_interfaces_of_its_subnets_and_groups() {
    let access = "
        host eni in a 10.0.1.10 groups service managed
        entry access verified-access in a groups service
          sends app tcp/8080
    ";
    assert_eq!(ways(access), ["access -> app tcp/8080"]);
}

#[test]
fn a_block_is_everybody_in_it_whom_the_interface_reaches() {
    let access = "
        host eni in a 10.0.1.10 groups service managed
        entry access verified-access in a groups service
          sends 10.0.1.16/28 tcp/22 tcp/443
    ";
    assert_eq!(ways(access), ["access -> app tcp/22"]);
}

#[test]
fn a_question_is_about_what_reaches_the_target() {
    with_landscape(TUNNEL, |landscape| {
        let app = landscape.hosts().find(|(_, host)| host.owner.id == "i-app");
        let to = Selection::Endpoints(app.unwrap().1.endpoints.clone());
        let count = |service: &str| {
            let asked = PacketSet::from(&service.parse::<packet::Service>().unwrap());
            through(landscape, &Selection::Internet, &to, &asked).len()
        };
        assert_eq!(count("tcp/22"), 1);
        assert_eq!(count("tcp/443"), 0);
        assert_eq!(count("udp/22"), 0);
    });
}

#[test]
fn an_intruder_without_credentials_does_not_spread_by_a_tunnel() {
    let options = BlastOptions::default();
    with_landscape(TUNNEL, |landscape| {
        assert!(
            blast(landscape, &Selection::Internet, &options)
                .certain
                .is_empty()
        );
    });
    let origin = "
        host eni in a 10.0.1.10 groups service managed described CloudFront_managed_ENI
        entry origin cloudfront
          sends i-app tcp/8080
    ";
    with_landscape(origin, |landscape| {
        assert_eq!(
            blast(landscape, &Selection::Internet, &options)
                .certain
                .len(),
            1
        );
    });
}
