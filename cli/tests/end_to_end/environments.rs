//! Production and development of the example networks.

use crate::run::{folder, run};

/// The rows of an answer as CSV, without the head.
fn rows(arguments: &str) -> Vec<Vec<String>> {
    let run = run(&format!("{arguments} -o csv"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines = run.stdout.lines().skip(1);
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
fn development_falls_into_production_in_the_hub() {
    let from = |name: &str| run(&format!("blast examples/hub --from name:{name}")).stdout;
    let development = from("ci-runner");
    let expected = "Beyond development: production, 8 of 8 hosts from hop 1\n";
    assert!(development.contains(expected), "{development}");
    // All of the shop is production.
    let shop = run("blast examples/shop --from name:reports").stdout;
    assert!(!shop.contains("Beyond"), "{shop}");
}

#[test]
fn the_score_counts_by_environment() {
    let rows = rows("score examples/hub");
    let pairs = |scope: &str| -> Vec<(String, u64)> {
        let rows = rows.iter().filter(|row| row[0] == scope);
        rows.map(|row| (row[1].clone(), row[2].parse().unwrap()))
            .collect()
    };
    let environments = pairs("environment");
    let names: Vec<&str> = environments.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["development", "production"]);
    let sum: u64 = environments.iter().map(|(_, pairs)| pairs).sum();
    assert_eq!(sum, pairs("whole")[0].1);
}

#[test]
fn what_the_configuration_says_of_environments_counts_first() {
    let configured = |hosts: &str| {
        let text = format!("[[environment]]\nname = \"lab\"\nhosts = \"{hosts}\"\n");
        let folder = folder(&[("watertight.toml", text.as_bytes())]);
        let config = folder.path().join("watertight.toml");
        run(&format!(
            "score examples/hub --config '{}'",
            config.display()
        ))
    };
    let right = configured("name:ci-runner");
    let told = &right.stdout;
    assert!(told.contains("environment  lab "), "{told}");
    let wrong = configured("name:ci-runer");
    assert_eq!(wrong.code, right.code);
    assert!(!wrong.stdout.contains("lab"), "{}", wrong.stdout);
    assert!(
        wrong.stderr.contains("the environment `lab`") && wrong.stderr.contains("ci-runner"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn no_tier_mixes_environments() {
    let text = "[[tier]]\nname = \"app\"\nhosts = \"tag:Tier=app\"\n";
    let folder = folder(&[("watertight.toml", text.as_bytes())]);
    let config = folder.path().join("watertight.toml");
    let rows = rows(&format!(
        "tiers examples/hub --config '{}'",
        config.display()
    ));
    let names = rows
        .iter()
        .flat_map(|row| [row[0].as_str(), row[1].as_str()]);
    let mut declared: Vec<&str> = names.filter(|name| name.starts_with("app")).collect();
    declared.sort_unstable();
    declared.dedup();
    assert_eq!(declared, ["app (development)", "app (production)"]);
}
