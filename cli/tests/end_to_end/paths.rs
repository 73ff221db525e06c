//! Paths on the example networks.

use serde_json::Value;

use crate::run::run;

/// What stands at a place of a document.
fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).expect(pointer)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The certain paths of a run: for each hop to whom, by what, as which technique, and the groups that let it in.
fn certain(arguments: &str) -> Vec<Vec<String>> {
    let run = run(&format!("paths {arguments} -o json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let view: Value = serde_json::from_str(&run.stdout).unwrap();
    let paths = list(at(&view, "/certain")).iter();
    paths
        .map(|path| list(at(path, "/hops")).iter().map(hop).collect())
        .collect()
}

fn hop(hop: &Value) -> String {
    let services: Vec<&str> = list(at(hop, "/services")).iter().map(text).collect();
    let ingress = list(at(hop, "/witness/ingress")).iter();
    let mut groups: Vec<&str> = ingress.map(|rule| text(at(rule, "/group_name"))).collect();
    groups.dedup();
    let technique = text(at(hop, "/techniques/0/id"));
    let (services, groups) = (services.join(" "), groups.join(" "));
    format!(
        "{} {services} {technique} {groups}",
        text(at(hop, "/to/name"))
    )
}

#[test]
fn planted_faults_of_the_shop_are_paths() {
    let database = "shop-db tcp/5432 T1213.006 shop-db".to_owned();
    let to_database = certain("examples/shop --from internet --to type:rds --pivot ssh --hops 2");
    // The management host and the test host are open to the world, and the database to the VPC.
    let hosts = [
        "bastion tcp/22 T1133 shop-bastion",
        "wp-test tcp/22 T1133 launch-wizard-1",
    ];
    let expected = hosts.map(|first| vec![first.to_owned(), database.clone()]);
    assert_eq!(to_database, expected);
    // Application servers admit everything from themselves, and ssh from the VPC.
    let among = certain("examples/shop --from app-a1 --to app-b1 --hops 1");
    assert_eq!(among[0], ["app-b1 any T1021.004 shop-app"]);
    let from_reports = certain("examples/shop --from reports --to app-b1 --hops 1");
    assert_eq!(from_reports[0], ["app-b1 tcp/22 T1021.004 shop-app"]);
    // What wears the default group reaches what wears the default group.
    let default = certain("examples/shop --from wp-test --to reports --hops 1");
    assert_eq!(default[0], ["reports any T1021.004 default"]);
    // Egress is open, so that the cloud leads into the office.
    let office = certain("examples/shop --from reports --to office:Sydney --hops 1");
    assert_eq!(office[0], ["Sydney any T1021.004 "]);
}

#[test]
fn dev_of_the_hub_reaches_data_of_prod_in_two_steps() {
    let found = certain("examples/hub --from ci-runner --to prod-db-a --hops 2");
    let expected = [
        "prod-app-* tcp/22 icmp/echo T1021.004 prod-app",
        "prod-db-a tcp/5432 T1210 prod-db",
    ];
    assert_eq!(found[0], expected);
}

#[test]
fn in_the_hardened_shop_only_the_management_host_administers() {
    let none = "paths examples/shop-hardened --from app-a1 --to app-b1 --pivot admin";
    let none = run(none);
    let first = none.stdout.lines().next();
    assert_eq!(
        (none.code, first),
        (0, Some("app-a1 does not get to app-b1"))
    );
    let who = run("paths examples/shop-hardened --to app-b1 --pivot admin -o json");
    let view: Value = serde_json::from_str(&who.stdout).unwrap();
    let origins = view["certain"].as_array().unwrap().iter();
    let names: Vec<&str> = origins
        .map(|one| one["from"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["bastion", "Sydney"]);
}

#[test]
fn wrong_questions_are_refused_with_advice() {
    let check = |arguments: &str, expected: &str| {
        let run = run(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (2, expected));
    };
    check(
        "paths examples/shop --from app-a1 --to app-a1",
        "error: the target is part of the foothold: the intruder is there already\n",
    );
    check(
        "paths examples/shop --from app-a1 --to bastion --cost ssh=0",
        "error: `ssh=0` is not a cost: the number begins at 1\n",
    );
    check(
        "paths examples/shop --from app-a1 --to bastion --pivot telnett",
        "error: `telnett` is not a pivot model: `telnett` is not a service: no such name, did you mean `telnet`?\n  help: write `any`, `admin`, `listening`, or services such as `ssh,tcp/8080`\n",
    );
}
