//! Cuts on the example networks.

use crate::run::run;

/// What is changed, from the CSV of a run: what, group, rule.
fn changes(arguments: &str) -> Vec<String> {
    let run = run(&format!("cut {arguments} -o csv"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = run.stdout.lines().skip(1);
    let rows = rows.map(|row| row.split(',').collect::<Vec<_>>());
    let changes = rows.filter_map(|row| match row.as_slice() {
        [
            "1",
            what @ ("remove" | "add"),
            group,
            _,
            _,
            _,
            direction,
            service,
            peer,
            ..,
        ] => Some(format!("{what} {group} {direction} {service} {peer}")),
        _ => None,
    });
    changes.collect()
}

fn check(arguments: &str, expected: &[&str]) {
    assert_eq!(changes(arguments), expected, "{arguments}");
}

#[test]
fn each_planted_fault_of_the_shop_has_its_cut() {
    let shop = |rest: &str| format!("examples/shop {rest}");
    // 1. Application servers reach each other, and 2. by ssh from the VPC.
    check(
        &shop("--from app-a1 --to 'name:app-* and not name:app-a1' --pivot admin"),
        &[
            "remove shop-app ingress any sg-0cafe000000000a99",
            "remove shop-app ingress tcp/22 10.20.0.0/16",
        ],
    );
    check(
        &shop("--from reports --to name:app-* --pivot admin"),
        &["remove shop-app ingress tcp/22 10.20.0.0/16"],
    );
    // 3. A service in the default group, beside 4. a test host.
    check(
        &shop("--from wp-test --to reports"),
        &["remove default ingress any sg-0cafe000000000def"],
    );
    check(
        &shop("--from internet --to wp-test --pivot ssh --keep 'internet -> bastion ssh'"),
        &["remove launch-wizard-1 ingress tcp/22 0.0.0.0/0"],
    );
    // 6. The database is open to the VPC: the application is what needs it.
    check(
        &shop("--from reports --to type:rds --pivot ssh --keep 'name:app-* -> type:rds tcp/5432'"),
        &[
            "remove shop-db ingress tcp/5432 10.20.0.0/16",
            "add shop-db ingress tcp/5432 sg-0cafe000000000a99",
            "remove shop-app ingress tcp/22 10.20.0.0/16",
        ],
    );
    // 7. The management host is open to the world.
    check(
        &shop("--from internet --to bastion --pivot ssh"),
        &[
            "remove shop-bastion ingress tcp/22 0.0.0.0/0",
            "remove shop-bastion ingress tcp/22 ::/0",
        ],
    );
}

#[test]
fn a_contradictory_list_of_flows_is_explained() {
    let run = run(
        "cut examples/shop --from app-a1 --to type:rds --keep 'name:app-* -> type:rds tcp/5432'",
    );
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "No change of rules separates shop-db ×2 from app-a1"
    );
    assert!(
        run.stdout.contains("is needed by name:app-* -> type:rds"),
        "{}",
        run.stdout
    );
    assert_eq!(run.code, 0);
}

#[test]
fn wrong_flows_and_weights_are_refused() {
    let check = |rest: &str, expected: &str| {
        let run = run(&format!(
            "cut examples/shop --from internet --to type:rds {rest}"
        ));
        assert_eq!((run.code, run.stderr.lines().next()), (2, Some(expected)));
    };
    check(
        "--keep 'a to b'",
        "error: `a to b` is not a flow: write `FROM -> TO SERVICE`, as in `app-* -> type:rds tcp/5432`",
    );
    check(
        "--keep 'basiton -> type:rds tcp/5432'",
        "error: the selector of `--keep` names no endpoints",
    );
    check(
        "--weight sg-1=0",
        "error: `sg-1=0` is not a weight: write an id and a number from 1 on, as in `sg-0123=5`",
    );
}
