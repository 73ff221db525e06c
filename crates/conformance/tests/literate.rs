//! Every topology in `docs/semantics` gets the answers that the page promises.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use conformance::literate::{Asked, Block};
use conformance::{corpus, coverage, literate};

#[test]
fn pages_keep_their_promises() {
    let folder = corpus::root().join("docs/semantics");
    let rows = coverage::rows(&folder.join("rows.csv")).unwrap();
    let (mut n_blocks, mut n_trace_only) = (0, 0);
    let mut complaints = Vec::new();
    for (name, page) in literate::pages(&folder).unwrap() {
        complaints.extend(coverage::complaints(&rows, &name, &page));
        for block in &page.blocks {
            n_blocks += 1;
            n_trace_only += usize::from(block.asked == Asked::TraceAlone);
            let found = literate::complaints(block).into_iter();
            complaints.extend(found.map(|complaint| format!("{name} {complaint}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(0 < n_blocks, "no page holds a topology");
    println!("literate: {n_blocks} topologies keep their promises, {n_trace_only} by trace alone");
}

#[test]
fn a_block_knows_what_is_written_about_it() {
    let page = literate::read(
        "## a thing\n\n**It works\nso.** *(Page.)*\n\nCovers: exact 2.1/scope\n\n```topology trace-only\nvpc main\n```\n\n```text\nno\n```\n",
    );
    let expected = Block {
        line: 9,
        text: "vpc main\n".into(),
        asked: Asked::TraceAlone,
        heading: "a thing".into(),
        claim: "It works so.".into(),
        covers: vec![(6, "exact 2.1/scope".into())],
    };
    assert_eq!(page.blocks, [expected]);
}

#[test]
fn a_broken_promise_is_told_with_its_line() {
    let text = "vpc main 10.0.0.0/16\nsubnet a main 10.0.1.0/24\nhost x in a 10.0.1.5\nhost y in a 10.0.1.6\nexpect x -> y tcp/22 reachable\n";
    let complaints = literate::complaints(&Block {
        line: 10,
        text: text.into(),
        ..Block::default()
    });
    let expected = ["trace", "engine"]
        .map(|who| format!("line 14: expected reachable, {who} says blocked (no-egress-rule)"));
    assert_eq!(complaints, expected);
}
