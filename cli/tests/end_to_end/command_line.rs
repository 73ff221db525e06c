//! The command line: outputs, exit codes, configuration, help.

use crate::run::{command, finish, folder, root, run, run_in, split};

fn check_error(arguments: &str, expected: &str) {
    let run = run(arguments);
    assert_eq!(run.stderr, format!("error: {expected}\n"));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}

#[test]
fn every_command_answers_in_every_format() {
    let commands = [
        "audit examples/shop",
        "inventory examples/shop",
        "reach examples/shop --from internet --to bastion ssh",
        "reach examples/shop --from all --to type:rds --service tcp/5432",
        "trace examples/shop --from internet --to bastion ssh",
        "blast examples/shop --from name:app-a1",
        "paths examples/shop --from internet --to type:rds",
        "paths examples/shop --to type:rds",
        "cut examples/shop --from internet --to type:rds",
        "exposed examples/shop",
        "diff examples/shop examples/shop-hardened",
        "whatif examples/shop --change 'add ingress sg-0cafe000000000ba5 tcp/80 from 0.0.0.0/0'",
    ];
    for command in commands {
        for format in ["text", "json", "csv"] {
            let run = run(&format!("{command} -o {format}"));
            assert_eq!(run.code, 0, "{command} -o {format}: {}", run.stderr);
            assert!(
                !run.stdout.contains('\u{1b}'),
                "{command} -o {format}: colours"
            );
            if format == "json" {
                let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
                assert_eq!(value["format_version"], 1, "{command}");
            }
        }
    }
}

#[test]
fn selectors_are_refused_with_their_place() {
    check_error(
        "reach examples/shop --from 'nmae:x and' --to bastion",
        "cannot understand the selector of `--from`\n  nmae:x and\n  ^^^^ no such key, did you mean `name`?\n            ^ something is missing here",
    );
    check_error(
        "blast examples/shop --from basiton",
        "the selector of `--from` names no endpoints\n  basiton\n  ^^^^^^^ no such id or name in the snapshot, did you mean `bastion`?",
    );
}

#[test]
fn a_trace_needs_one_service() {
    check_error(
        "trace examples/shop --from internet --to bastion",
        "no service is given: a trace follows one packet\n  help: put one behind the snapshots, as in `tcp/22`, `icmp/echo` or `ssh`",
    );
    check_error(
        "trace examples/shop --from internet --to bastion tcp/99999",
        "`tcp/99999` is not a service: `99999` is not a port from 0 to 65535",
    );
    check_error(
        "trace examples/shop --from internet --to bastion tcp",
        "`tcp` stands for many packets; a trace follows one packet: name one port, as in `tcp/22`",
    );
    check_error(
        "trace examples/shop --from 10.20.0.10 --to 2606:4700::1 ssh",
        "no tcp/22 packet can be sent from `10.20.0.10` to `2606:4700::1`: the addresses are of IPv4 and IPv6\n  help: name two addresses of one family",
    );
}

#[test]
fn findings_count_only_where_asked_for() {
    assert_eq!(run("audit examples/shop -q").code, 0);
    assert_eq!(run("audit examples/shop -q --fail-on low").code, 1);
    assert_eq!(run("audit examples/shop -q --fail-on low -o json").code, 1);
    assert_eq!(
        run("audit examples/shop -q --fail-on low --exit-zero").code,
        0
    );
    assert_eq!(
        finish(
            command()
                .args(["audit", "examples/shop"])
                .env("WATERTIGHT_FAIL_ON", "low")
        )
        .code,
        1
    );
    let flag_wins = command()
        .args(["audit", "examples/shop", "--fail-on", "never"])
        .env("WATERTIGHT_FAIL_ON", "low")
        .output();
    assert_eq!(flag_wins.unwrap().status.code(), Some(0));
    let wrong = finish(
        command()
            .args(["audit", "examples/shop"])
            .env("WATERTIGHT_FAIL_ON", "loud"),
    );
    assert_eq!(
        wrong.stderr,
        "error: cannot use the environment variable WATERTIGHT_FAIL_ON: `loud` is not a severity: write never, critical, high, medium, low or info\n"
    );
    assert_eq!(wrong.code, 2);
}

#[test]
fn missing_input_makes_the_answer_incomplete() {
    let vpcs = std::fs::read(
        root().join("examples/shop/111122223333/ap-southeast-2/ec2/DescribeVpcs.json"),
    )
    .unwrap();
    let folder = folder(&[("in/describe-vpcs.json", vpcs.as_slice())]);
    assert_eq!(run_in(folder.path(), "inventory in").code, 3);
    assert_eq!(run_in(folder.path(), "inventory in --exit-zero").code, 0);
}

#[test]
fn files_appear_whole_and_where_they_belong() {
    let folder = folder(&[]);
    let snapshot = root().join("examples/shop").canonicalize().unwrap();
    let snapshot = snapshot.to_string_lossy();
    let done = run_in(
        folder.path(),
        &format!("inventory {snapshot} -o json=a.json -o csv=b.csv -o text"),
    );
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("shop"));
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["a.json", "b.csv"]);

    let failed = run_in(
        folder.path(),
        &format!("inventory {snapshot} -o json=c.json -o csv=gone/b.csv"),
    );
    assert!(
        failed
            .stderr
            .starts_with("error: cannot write `gone/b.csv`: "),
        "{failed:?}"
    );
    assert_eq!(failed.code, 4);
    assert!(
        !folder.path().join("c.json").exists(),
        "nothing is half-written"
    );

    check_error(
        "inventory examples/shop -o json -o csv",
        "two answers go to stdout\n  help: give each a place of its own, as in `-o text -o json=answer.json`",
    );
}

#[test]
fn colours_are_used_where_they_are_wanted() {
    let coloured = |arguments: &str| run(arguments).stdout.contains('\u{1b}');
    assert!(!coloured("exposed examples/shop"));
    assert!(coloured("exposed examples/shop --color always"));
    assert!(!coloured("exposed examples/shop --color never"));
    let environment = finish(
        command()
            .args(["exposed", "examples/shop"])
            .env("WATERTIGHT_COLOR", "always"),
    );
    assert!(environment.stdout.contains('\u{1b}'));
}

#[test]
fn the_configuration_is_found_upwards_and_checked() {
    let vpc = br#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#;
    let office = b"[[office]]\nname = \"Hobart\"\ncidrs = [\"192.168.0.0/16\"]\n";
    let good = folder(&[
        ("deep/in/describe-vpcs.json", vpc),
        ("watertight.toml", office),
    ]);
    let found = run_in(good.path(), "exposed deep/in --from office:Hobart");
    assert_ne!(found.code, 2, "{found:?}");

    let wrong = folder(&[
        ("in/describe-vpcs.json", vpc),
        ("in/watertight.toml", b"color = \"auto\"\noffices = []\n"),
    ]);
    let run = run_in(wrong.path(), "inventory in");
    let message =
        "in/watertight.toml`: line 2, column 1: unknown key `offices`, did you mean `office`?\n";
    assert!(
        run.stderr
            .starts_with("error: cannot use the configuration `"),
        "{run:?}"
    );
    assert!(run.stderr.ends_with(message), "{run:?}");
    assert_eq!(run.code, 2);
    let other = run_in(wrong.path(), "inventory in --config nowhere.toml");
    assert!(
        other
            .stderr
            .starts_with("error: cannot use the configuration `nowhere.toml`: "),
        "{other:?}"
    );
    assert_eq!(other.code, 2);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::Stdio;
    let mut command = command();
    command
        .args(split("inventory examples/shop -o json"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn help_has_examples_for_every_command() {
    for name in [
        "audit",
        "inventory",
        "reach",
        "trace",
        "blast",
        "exposed",
        "cache",
        "completions",
        "man",
    ] {
        let run = run(&format!("{name} --help"));
        assert_eq!(run.code, 0);
        assert!(
            run.stdout
                .contains(&format!("Examples:\n  watertight {name}")),
            "{}",
            run.stdout
        );
    }
    insta::assert_snapshot!("help", run("--help").stdout);
    insta::assert_snapshot!("help_reach", run("reach --help").stdout);
}

#[test]
fn completions_and_manual_pages_are_made() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = run(&format!("completions {shell}"));
        assert!(run.stdout.contains("exposed"), "{shell}");
    }
    assert!(run("man").stdout.starts_with(".ie"));
    let folder = folder(&[]);
    assert_eq!(run_in(folder.path(), "man pages").code, 0);
    assert_eq!(
        std::fs::read_dir(folder.path().join("pages"))
            .unwrap()
            .count(),
        16
    );
}

#[test]
fn a_wrong_port_behind_the_snapshot_is_told_as_such() {
    let run = run("reach examples/shop --from name:app-a1 --to internet tcp/70000");
    assert_eq!(
        run.stderr,
        "error: `tcp/70000` is not a service: `70000` is not a port from 0 to 65535\n"
    );
    assert_eq!(run.code, 2);
}

#[test]
fn a_change_is_told_by_what_it_opens() {
    let change = "--change 'add ingress sg-0cafe000000000ba5 tcp/80 from 0.0.0.0/0'";
    let run = run(&format!("whatif examples/shop {change}"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("now reachable\n"), "{}", run.stdout);
    assert!(
        run.stdout.contains("bastion  tcp/80 http  was blocked"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("now blocked"), "{}", run.stdout);
}

#[test]
fn changes_of_a_file_are_made_in_order() {
    let plan = "add ingress sg-0cafe0000000000db tcp/22 from 10.0.0.0/8 # for now\n\n\
                remove ingress sg-0cafe0000000000db tcp/22 from 10.0.0.0/8\n";
    let folder = folder(&[("plan", plan.as_bytes())]);
    let shop = root().join("examples/shop");
    let run = run_in(
        folder.path(),
        &format!("whatif {} --changes plan", shop.display()),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "no difference: the same reach the same\n");
}

#[test]
fn a_change_that_cannot_be_made_says_why() {
    check_error(
        "whatif examples/shop --change 'remove subnet subnet-1'",
        "cannot make the change in line 1 of `--change`\n  remove subnet subnet-1\n  there is no subnet `subnet-1` in the snapshot",
    );
}

#[test]
fn a_difference_the_other_way_round_swaps_what_was_and_is() {
    let rows = |arguments: &str| {
        let run = run(&format!("{arguments} -o json"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let changes = value["changes"].as_array().unwrap().clone();
        let moves = changes
            .iter()
            .flat_map(|change| change["moves"].as_array().unwrap().clone());
        let moves: Vec<serde_json::Value> = moves.collect();
        let replayed = |one: &serde_json::Value| one["witness"]["replayed"] == true;
        assert!(moves.iter().all(replayed), "{arguments}");
        let fates = moves.into_iter().map(|one| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            (text("before"), text("after"), one["services"].to_string())
        });
        fates.collect::<std::collections::BTreeSet<_>>()
    };
    let there = rows("diff examples/shop examples/shop-hardened");
    let back = rows("diff examples/shop-hardened examples/shop");
    let turned = back
        .into_iter()
        .map(|(before, after, services)| (after, before, services));
    assert!(3 < there.len());
    assert_eq!(there, turned.collect());
}
