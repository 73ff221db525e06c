//! The coverage table as a page.

use std::fmt::Write;

use super::{Claim, Kind, Row, Standing, is_covered, open};

/// The whole page `coverage.md`.
pub fn table(rows: &[Row], claims: &[Claim]) -> String {
    let mut page = String::from(HEAD);
    page.push_str(&counts(rows, claims));
    page.push_str(&open_rows(&open(rows, claims)));
    for (number, title) in SECTIONS {
        let of_section = |row: &&Row| row.section.split('.').next() == Some(number);
        let rows: Vec<&Row> = rows.iter().filter(of_section).collect();
        page.push_str(&section(number, title, &rows, claims));
    }
    page.push_str(&not_about_packets(rows, claims));
    page
}

const HEAD: &str = "# What is covered

Generated from the tests: `WATERTIGHT_BLESS=1 cargo test -p conformance --test coverage`. Every statement of the
reference of AWS behaviour about where a packet goes, and the cases that hold it. **Exact**: the answer is reachable or
blocked. **Conditional**: it is so for some packets or some inputs, and undetermined for others. **Undetermined**: the
tool says so, with a reason of its own, and never \"blocked\".
";

const SECTIONS: [(&str, &str); 5] = [
    ("1", "Security groups"),
    ("2", "Network ACLs"),
    ("3", "Routing"),
    ("4", "Load balancers"),
    ("5", "Owners of interfaces"),
];

fn counts(rows: &[Row], claims: &[Claim]) -> String {
    let about_packets = rows.iter().filter(|row| row.kind == Kind::Packets);
    let standings: Vec<Option<Standing>> = about_packets.map(|row| standing(row, claims)).collect();
    let count = |wanted: Option<Standing>| standings.iter().filter(|it| **it == wanted).count();
    format!(
        "\n{} statements: {} exact, {} conditional, {} undetermined, {} open.\n",
        standings.len(),
        count(Some(Standing::Exact)),
        count(Some(Standing::Conditional)),
        count(Some(Standing::Undetermined)),
        count(None),
    )
}

fn open_rows(open: &[&Row]) -> String {
    if open.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n## Open\n\nNo case holds these yet.\n\n");
    for row in open {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- `{}` {}", row.id, row.text);
    }
    text
}

fn section(number: &str, title: &str, rows: &[&Row], claims: &[Claim]) -> String {
    let mut text =
        format!("\n## {number} {title}\n\n| row | says | standing | cases |\n|---|---|---|---|\n");
    for row in rows.iter().filter(|row| row.kind == Kind::Packets) {
        let Some(standing) = standing(row, claims) else {
            continue;
        };
        let (says, word) = (cell(&row.text), standing.word());
        let cases = links(row, claims);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{}` | {says} | {word} | {cases} |", row.id);
    }
    text
}

fn not_about_packets(rows: &[Row], claims: &[Claim]) -> String {
    let mut text = String::from(
        "\n## What is read, and what no packet depends on\n\n| row | says | held by |\n|---|---|---|\n",
    );
    for row in rows.iter().filter(|row| row.kind != Kind::Packets) {
        let held = match row.kind {
            Kind::Packets | Kind::Reading if is_covered(row, claims) => links(row, claims),
            Kind::Packets | Kind::Reading => "not read".to_owned(),
            Kind::Lint => "advice, not asked of a packet".to_owned(),
            Kind::Tls => "protocols of TLS, not asked of a packet".to_owned(),
        };
        let _ = writeln!(text, "| `{}` | {} | {held} |", row.id, cell(&row.text));
    }
    text
}

fn standing(row: &Row, claims: &[Claim]) -> Option<Standing> {
    let of_row = claims.iter().filter(|claim| claim.row == row.id);
    Standing::together(of_row.filter_map(|claim| claim.standing))
}

fn links(row: &Row, claims: &[Claim]) -> String {
    let of_row = claims.iter().filter(|claim| claim.row == row.id);
    let mut links: Vec<String> = of_row
        .map(|claim| format!("[{}]({})", cell(&claim.title), claim.link))
        .collect();
    links.dedup();
    links.join("<br>")
}

fn cell(text: &str) -> String {
    text.trim_end_matches('.').replace('|', "\\|")
}
