//! Every topology in `docs/semantics` gets the answers that the page promises.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use conformance::{corpus, literate};

#[test]
fn pages_keep_their_promises() {
    let folder = corpus::root().join("docs/semantics");
    let mut n_blocks = 0;
    let mut complaints = Vec::new();
    let mut pages: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.sort();
    for path in pages
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
    {
        let page = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        for block in literate::blocks(&page) {
            n_blocks += 1;
            let found = literate::complaints(&block);
            complaints.extend(
                found
                    .into_iter()
                    .map(|complaint| format!("{name} {complaint}")),
            );
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(0 < n_blocks, "no page holds a topology");
    println!("literate: {n_blocks} topologies keep their promises");
}

#[test]
fn a_block_knows_its_line() {
    let blocks = literate::blocks("# a\n\n```topology\nvpc main\n```\n\n```text\nno\n```\n");
    let expected = literate::Block {
        line: 4,
        text: "vpc main\n".into(),
    };
    assert_eq!(blocks, [expected]);
}

#[test]
fn a_broken_promise_is_told_with_its_line() {
    let text = "vpc main 10.0.0.0/16\nsubnet a main 10.0.1.0/24\nhost x in a 10.0.1.5\nhost y in a 10.0.1.6\nexpect x -> y tcp/22 reachable\n";
    let complaints = literate::complaints(&literate::Block {
        line: 10,
        text: text.into(),
    });
    let expected = ["trace", "engine"]
        .map(|who| format!("line 14: expected reachable, {who} says blocked (no-egress-rule)"));
    assert_eq!(complaints, expected);
}
