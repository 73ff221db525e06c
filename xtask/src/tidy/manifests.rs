//! Rules on `Cargo.toml` and `clippy.toml`.

use super::{Tree, Violation};

/// The crates that do no I/O and read neither clock nor environment.
const PURE_CRATES: &[&str] = &["packet", "model", "trace", "engine", "analysis"];

/// What the fence of a pure crate holds out, at the least.
const FENCED: &[&str] = &[
    "std::env::var",
    "std::fs::read",
    "std::time::SystemTime::now",
    "std::time::Instant::now",
];

/// Every crate has `[lints] workspace = true`.
pub(super) fn lints_are_inherited(tree: &Tree) -> Vec<Violation> {
    tree.manifests()
        .filter(|file| !section(&file.text, "[lints]").any(|(_, line)| line == "workspace = true"))
        .map(|file| file.violation("lacks `[lints]` with `workspace = true`"))
        .collect()
}

/// Every dependency of a crate says `workspace = true`, so that its version stands in one place.
pub(super) fn versions_are_central(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.manifests() {
        for header in [
            "[dependencies]",
            "[dev-dependencies]",
            "[build-dependencies]",
        ] {
            let own =
                section(&file.text, header).filter(|(_, line)| !line.contains("workspace = true"));
            violations.extend(own.map(|(number, line)| Violation {
                line: Some(number),
                ..file.violation(format!(
                    "declare it in the workspace and inherit it: `{line}`"
                ))
            }));
        }
    }
    violations
}

/// Every pure crate has a `clippy.toml` with the fence, and with all of the root's lines: it replaces that one.
pub(super) fn pure_crates_are_fenced(tree: &Tree) -> Vec<Violation> {
    let shared: Vec<&str> = tree
        .text("clippy.toml")
        .unwrap_or_default()
        .lines()
        .filter(|line| is_entry(line))
        .collect();
    PURE_CRATES
        .iter()
        .filter_map(|name| {
            let path = format!("crates/{name}/clippy.toml");
            let text = tree.text(&path).unwrap_or_default();
            let lacks_shared = shared
                .iter()
                .find(|line| !text.lines().any(|own| own == **line));
            let lacks_fenced = FENCED
                .iter()
                .find(|item| !text.contains(&format!("\"{item}\"")));
            let missing = lacks_shared.or(lacks_fenced)?;
            Some(Violation {
                path,
                line: None,
                message: format!("lacks `{missing}`"),
            })
        })
        .collect()
}

/// The entries of one section of a TOML file, trimmed, with their line numbers.
fn section<'a>(text: &'a str, header: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .skip_while(move |(_, line)| *line != header)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter(|(_, line)| is_entry(line))
}

/// Whether the line of a TOML file says something.
fn is_entry(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::super::assert_violations;
    use super::*;

    #[test]
    fn lints_come_from_the_workspace() {
        let files = [
            ("Cargo.toml", "[workspace]"),
            ("crates/a/Cargo.toml", "[lints]\nworkspace = true\n"),
            (
                "crates/b/Cargo.toml",
                "[dependencies]\nworkspace = true\n[lints]\n",
            ),
            ("fuzz/Cargo.toml", "[package]"),
        ];
        let expected = ["crates/b/Cargo.toml: lacks `[lints]` with `workspace = true`"];
        assert_violations(lints_are_inherited, &files, &expected);
    }

    #[test]
    fn versions_stand_in_the_workspace() {
        let text =
            "[dependencies]\n# why\nserde.workspace = true\nipnet = \"2\"\n\n[features]\nx = []\n";
        let expected =
            ["cli/Cargo.toml:4: declare it in the workspace and inherit it: `ipnet = \"2\"`"];
        assert_violations(versions_are_central, &[("cli/Cargo.toml", text)], &expected);
    }

    #[test]
    fn a_fence_repeats_the_shared_entries() {
        let fence = format!("\"{}\"\n", FENCED.join("\"\n\""));
        let whole = format!("shared = 1\n{fence}");
        let files = [
            ("clippy.toml", "# why\nshared = 1\n"),
            ("crates/packet/clippy.toml", &whole),
            ("crates/model/clippy.toml", &fence),
            ("crates/trace/clippy.toml", "shared = 1\n"),
            ("crates/engine/clippy.toml", &whole),
        ];
        let expected = [
            "crates/model/clippy.toml: lacks `shared = 1`",
            "crates/trace/clippy.toml: lacks `std::env::var`",
            "crates/analysis/clippy.toml: lacks `shared = 1`",
        ];
        assert_violations(pure_crates_are_fenced, &files, &expected);
    }
}
