//! Every input that a fuzz target keeps is still taken without a crash.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use conformance::{corpus, fuzz};

fn check(target: &str, run: fn(&[u8])) {
    let folder = corpus::root().join("fuzz/kept").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} keeps nothing");
    for path in paths {
        println!("{}", path.display());
        run(&std::fs::read(path).unwrap());
    }
}

#[test]
fn describe_json() {
    check("describe_json", fuzz::describe_json);
}

#[test]
fn selector() {
    check("selector", fuzz::selector);
}

#[test]
fn batch() {
    check("batch", fuzz::batch);
}
