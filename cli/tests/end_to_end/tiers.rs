//! The tiers of the example networks.

use crate::run::run;

/// What the command says of flows: from, to, services, and what of them nothing needs.
fn flows(arguments: &str) -> Vec<[String; 4]> {
    let run = run(&format!("tiers {arguments} -o csv"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = run.stdout.lines().skip(1).map(|line| {
        let mut cells = line.split(',').map(str::to_owned);
        std::array::from_fn(|_| cells.next().unwrap())
    });
    rows.collect()
}

#[test]
fn application_servers_of_the_shop_reach_each_other_and_those_of_the_hardened_one_do_not() {
    let within = |folder: &str| {
        let flows = flows(folder).into_iter();
        let within = flows.filter(|flow| flow[0] == flow[1]);
        within.collect::<Vec<[String; 4]>>()
    };
    let shop = within("examples/shop");
    assert_eq!(shop.len(), 1, "{shop:?}");
    assert_eq!(shop[0], ["app", "app", "any", "any"]);
    assert!(within("examples/shop-hardened").is_empty());
}

#[test]
fn only_the_management_host_administers_the_hardened_shop() {
    let flows = flows("examples/shop-hardened");
    let ssh = flows.iter().filter(|flow| {
        flow[2]
            .split(' ')
            .any(|one| one == "tcp/22" || one == "any")
    });
    let from: Vec<&str> = ssh.map(|flow| flow[0].as_str()).collect();
    assert_eq!(from, ["mgmt", "mgmt"]);
}

#[test]
fn a_declared_flow_is_needed() {
    let unneeded = |arguments: &str| {
        let flows = flows(arguments);
        let flow = flows
            .iter()
            .find(|flow| flow[0] == "app" && flow[1] == "shop-db");
        flow.unwrap()[3].clone()
    };
    assert_eq!(unneeded("examples/shop"), "tcp/5432");
    let kept = "examples/shop --keep 'tag:Tier=app -> type:rds tcp/5432'";
    assert_eq!(unneeded(kept), "");
}

#[test]
fn a_tier_that_the_configuration_names_wrongly_is_told() {
    let folder = crate::run::folder(&[(
        "watertight.toml",
        b"[[tier]]\nname = \"x\"\nhosts = \"name:ap-a1\"\n" as &[u8],
    )]);
    let config = folder.path().join("watertight.toml");
    let run = run(&format!(
        "tiers examples/shop --config '{}'",
        config.display()
    ));
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("the tier `x`"), "{}", run.stderr);
    assert!(run.stderr.contains("app-a1"), "{}", run.stderr);
}
