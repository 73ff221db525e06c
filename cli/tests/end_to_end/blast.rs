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
    let run = run(&format!(
        "blast examples/shop --from reports --config '{}'",
        config.display()
    ));
    assert!(!run.stdout.contains("Crown jewels"), "{}", run.stdout);
    let warning = "warning: the crown jewel `name:app-z9` of the configuration is left out: it names nothing in this network\n  \
                   name:app-z9\n  ^^^^^^^^^^^ nothing in the snapshot has this name, did you mean `app-a1`?";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
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
fn what_the_configuration_names_and_this_network_lacks_is_left_out_with_a_warning() {
    let text = b"jewels = [\"name:gone\"]\n[[tier]]\nname = \"t\"\nhosts = \"name:gone\"\n[[environment]]\nname = \"e\"\n\
        hosts = \"name:gone\"\n[[keep]]\nfrom = \"name:gone\"\nto = \"internet\"\nservice = \"https\"\n[[listener]]\n\
        hosts = \"name:gone\"\nservices = [\"ssh\"]\n";
    let stale = folder(&[("watertight.toml", text)]);
    let config = stale.path().join("watertight.toml");
    let flow = ["the flow `name:gone -> internet tcp/443`", "the tier `t`"];
    let environment = ["the environment `e`"];
    for (command, expected) in [
        ("audit examples/shop", [&flow[..], &environment].concat()),
        ("tiers examples/shop", [&flow[..], &environment].concat()),
        ("score examples/shop", environment.to_vec()),
        (
            "cut examples/shop --from reports --to type:rds",
            vec![flow[0]],
        ),
        (
            "blast examples/shop --from reports --pivot listening",
            [
                &["the crown jewel `name:gone`", "the listener on `name:gone`"][..],
                &environment,
            ]
            .concat(),
        ),
    ] {
        let run = run(&format!(
            "{command} --config '{}' --exit-zero",
            config.display()
        ));
        assert_eq!(run.code, 0, "{command}: {}", run.stderr);
        let told = run
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("warning: "));
        let told = told.filter_map(|line| line.split_once(" of the configuration is left out"));
        let mut told: Vec<&str> = told.map(|(what, _)| what).collect();
        told.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(told, expected, "{command}");
    }
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
