//! What a blast radius comes to, on the example networks.

use crate::run::{folder, run};

fn check(arguments: &str, expected: &[&str]) {
    let run = run(arguments);
    let lines = run.stdout.lines().skip(1);
    let lines: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected, "{arguments}");
}

#[test]
fn crown_jewels_are_guessed_by_type_or_marked() {
    check(
        "blast examples/shop --from reports",
        &["Crown jewels: shop-db ×2 at hop 1", "Offices: Sydney"],
    );
    let marked = folder(&[("watertight.toml", b"jewels = [\"name:app-a1\"]\n")]);
    let config = marked.path().join("watertight.toml");
    check(
        &format!(
            "blast examples/shop --from reports --config '{}'",
            config.display()
        ),
        &["Crown jewels: app-a1 at hop 1", "Offices: sydney-office"],
    );
    let unknown = folder(&[("watertight.toml", b"jewels = [\"name:app-z9\"]\n")]);
    let config = unknown.path().join("watertight.toml");
    let refused = run(&format!(
        "blast examples/shop --from reports --config '{}'",
        config.display()
    ));
    assert_eq!(refused.code, 2);
    let first = "error: the selector of `jewels` names no endpoints";
    assert_eq!(refused.stderr.lines().next(), Some(first));
}

#[test]
fn a_host_falls_where_a_load_balancer_or_the_user_says_that_it_listens() {
    let shop = "blast examples/shop --from reports --pivot listening";
    let told = |arguments: &str| {
        let run = run(arguments);
        let hops = run.stdout.lines().skip_while(|line| *line != "Hop 1");
        let hops = hops.skip(1).take_while(|line| !line.is_empty());
        hops.map(|line| line.split("  ").take(2).collect::<String>())
            .collect::<Vec<_>>()
    };
    let by_network = [
        "shop-db ×2 (database)",
        "shop-web (load balancer)",
        "Sydney",
    ];
    let found = told(shop).concat();
    assert!(
        by_network.iter().all(|name| found.contains(name)),
        "{found}"
    );
    assert!(!found.contains("bastion"), "{found}");
    let listener = b"[[listener]]\nhosts = \"name:bastion\"\nservices = [\"ssh\"]\n";
    let declared = folder(&[("watertight.toml", listener)]);
    let config = declared.path().join("watertight.toml");
    let found = told(&format!("{shop} --config '{}'", config.display())).concat();
    assert!(found.contains("bastion"), "{found}");
}

#[test]
fn other_environments_and_vpcs_are_told_with_their_accounts() {
    check(
        "blast examples/hub --from ci-runner --pivot ssh --hops 1",
        &[
            "Beyond development: production, 2 of 8 hosts from hop 1",
            "Other VPCs: hub-prod of 111122223333, 2 of 5 hosts from hop 1",
            "Offices: Sydney",
        ],
    );
}
