//! What documents quote is what happens.

use crate::run::{root, run};

/// The text of the first fenced block behind a line.
fn block_after<'a>(text: &'a str, line: &str) -> &'a str {
    let behind = text.split_once(line).map(|(_, behind)| behind).unwrap();
    let block = behind
        .split_once("```text\n")
        .map(|(_, block)| block)
        .unwrap();
    block.split_once("```").map(|(block, _)| block).unwrap()
}

fn check_quotes(document: &str) {
    let text = std::fs::read_to_string(root().join(document)).unwrap();
    let quotes: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("<!-- watertight "))
        .collect();
    assert!(!quotes.is_empty());
    for quote in quotes {
        let arguments = quote.strip_suffix(" -->").unwrap();
        let shown = block_after(&text, quote);
        assert_eq!(
            shown,
            run(arguments).stdout,
            "{document}: watertight {arguments}"
        );
    }
}

#[test]
fn readme_quotes_the_real_output() {
    check_quotes("README.md");
}

#[test]
fn the_chapter_on_compromised_hosts_quotes_the_real_output() {
    check_quotes("docs/respond.md");
}

#[test]
fn the_page_on_channels_quotes_the_real_output() {
    check_quotes("docs/channels.md");
}

#[test]
fn the_chapter_on_segmentation_quotes_the_real_output() {
    check_quotes("docs/segment.md");
}

#[test]
fn a_batch_as_json_is_what_its_schema_says() {
    let folder = crate::run::folder(&[(
        "q.csv",
        b"src,dst,proto,dport,note\ninternet,name:bastion,tcp,22,x\n",
    )]);
    let file = folder.path().join("q.csv");
    let answer = run(&format!(
        "reach examples/shop --batch '{}' -o json",
        file.display()
    ));
    let view: report::batch::BatchView = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(
        view.rows
            .first()
            .and_then(|row| row.get("verdict"))
            .map(String::as_str),
        Some("reachable")
    );
}
