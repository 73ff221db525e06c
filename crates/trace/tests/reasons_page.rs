//! `docs/reasons.md` lists every reason and doubt, and what AWS's own analyser calls it.
//!
//! The page is made from the source of the two lists, so that it cannot be wrong: write it anew with
//! `WATERTIGHT_BLESS=1 cargo test -p trace --test reasons_page`.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::disallowed_methods,
    reason = "an integration test"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// A variant of a list: its name, what its comment says, its code.
struct Entry {
    meaning: String,
    code: String,
}

/// The variants of the enums whose names end so, in all sources, in the order of their files.
fn entries(ending: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    for source in sources() {
        for part in source.split("\npub enum ").skip(1) {
            let name: String = part
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if name.ends_with(ending) {
                entries.extend(variants(part));
            }
        }
    }
    entries
}

/// The source files of this crate, by path.
fn sources() -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path);
            }
        }
    }
    files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// The variants of the enum that a text begins with, less those that hold a list of their own.
fn variants(text: &str) -> Vec<Entry> {
    let body = text.split("\n}\n").next().unwrap();
    let mut meaning: Vec<&str> = Vec::new();
    let mut entries = Vec::new();
    for line in body.lines().skip(1).map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            meaning.push(text.trim());
        } else if line.starts_with(|first: char| first.is_ascii_uppercase()) && !meaning.is_empty()
        {
            let name: String = line
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            let meaning = std::mem::take(&mut meaning).join(" ");
            entries.extend(code_of(text, &name).map(|code| Entry { meaning, code }));
        }
    }
    entries
}

/// The code that a variant has; `None` if what it holds has the code.
fn code_of(text: &str, name: &str) -> Option<String> {
    let codes = text.split("const fn code").nth(1).unwrap();
    let starts = |arm: &&str| {
        arm.strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    };
    let arm = codes.split("Self::").skip(1).find(starts).unwrap();
    let own = arm.split_once("=>").unwrap().1.trim_start();
    own.starts_with('"')
        .then(|| own.split('"').nth(1).unwrap().to_owned())
}

fn table(entries: &[Entry]) -> String {
    let mut text = String::from("| code | meaning |\n|---|---|\n");
    for Entry { code, meaning } in entries {
        writeln!(text, "| `{code}` | {} |", meaning.replace('|', "\\|")).unwrap();
    }
    text
}

/// What AWS's analyser calls a reason, in the order of its guide, and what we call it.
fn analyzer(known: &BTreeSet<&str>) -> String {
    let mut text = String::from("| Reachability Analyzer | here |\n|---|---|\n");
    for line in include_str!("analyzer_codes.csv").lines().skip(1) {
        let (theirs, ours) = line.split_once(',').unwrap();
        for code in ours.split('`').skip(1).step_by(2) {
            assert!(known.contains(code), "{theirs}: no code is called {code}");
        }
        writeln!(text, "| {theirs} | {ours} |").unwrap();
    }
    text
}

fn page() -> String {
    let reasons = entries("Reason");
    let doubts = entries("Doubt");
    let known: BTreeSet<&str> = reasons
        .iter()
        .chain(&doubts)
        .map(|entry| entry.code.as_str())
        .collect();
    let mut seen = BTreeSet::new();
    for Entry { code, meaning } in reasons.iter().chain(&doubts) {
        assert!(
            seen.insert(code),
            "another entry has the code of \"{meaning}\": {code}"
        );
    }
    format!(
        "# Why a packet does not arrive\n\n\
         `watertight trace` names the reason for every answer that is not \"reachable\". Both lists are complete and the codes are stable; \
         they stand in the JSON of `trace` and in the column `reason` of a batch. Where one change would open the way, the trace says which.\n\n\
         ## Blocked: {} reasons\n\n{}\n\
         ## Undetermined: {} doubts\n\n{}\n\
         ## AWS Reachability Analyzer\n\n\
         The explanation codes of AWS's own analyser, and where the same distinction is made here. *(Reachability Analyzer guide: Explanation codes. As known to the authors; codes that AWS added since may lack.)*\n\n{}",
        reasons.len(),
        table(&reasons),
        doubts.len(),
        table(&doubts),
        analyzer(&known)
    )
}

#[test]
fn the_page_lists_every_reason_and_doubt() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reasons.md");
    let page = page();
    if std::env::var_os("WATERTIGHT_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/reasons.md is not what the source says: run `WATERTIGHT_BLESS=1 cargo test -p trace --test reasons_page`"
    );
}
