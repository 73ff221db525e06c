//! Rules on documentation, examples and other text.

use std::collections::BTreeSet;

use super::{Tree, Violation};

/// Where the architecture page may stand.
const ARCHITECTURE: &[&str] = &["ARCHITECTURE.md", "docs/ARCHITECTURE.md"];

/// Beginnings of absolute paths that mean something on one machine only. In halves: this file is checked too.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];

/// No text speaks of a folder that only its author has.
pub(super) fn no_machine_paths(tree: &Tree) -> Vec<Violation> {
    let breaks = |line: &str| MACHINE_PATHS.iter().any(|path| starts_a_path(line, path));
    let message = "names a folder of one machine";
    tree.files
        .iter()
        .flat_map(|file| file.violations_by_line(message, breaks))
        .collect()
}

/// The code map of the architecture page names every crate.
pub(super) fn code_map_is_complete(tree: &Tree) -> Vec<Violation> {
    let Some((path, text)) = ARCHITECTURE
        .iter()
        .find_map(|path| Some((path, tree.text(path)?)))
    else {
        let message = "there is no architecture page".into();
        return vec![Violation {
            path: "ARCHITECTURE.md".into(),
            line: None,
            message,
        }];
    };
    tree.manifests()
        .filter_map(|manifest| manifest.path.strip_suffix("/Cargo.toml"))
        .filter(|folder| {
            let name = folder.rsplit('/').next().unwrap_or(folder);
            !text.contains(&format!("`{name}")) && !text.contains(&format!("{name}/`"))
        })
        .map(|folder| Violation {
            path: (*path).to_owned(),
            line: None,
            message: format!("does not mention `{folder}`"),
        })
        .collect()
}

/// Blanks at the end of a line mean a line break in Markdown, which nobody sees.
pub(super) fn markdown_has_no_trailing_blanks(tree: &Tree) -> Vec<Violation> {
    let breaks = |line: &str| line.ends_with([' ', '\t']);
    tree.with_suffix(".md")
        .flat_map(|file| file.violations_by_line("ends in a blank", breaks))
        .collect()
}

/// Every folder of `examples/` has a `README.md`.
pub(super) fn examples_have_a_readme(tree: &Tree) -> Vec<Violation> {
    let folders: BTreeSet<&str> = tree
        .files
        .iter()
        .filter_map(|file| Some(file.path.strip_prefix("examples/")?.split_once('/')?.0))
        .collect();
    folders
        .into_iter()
        .map(|folder| format!("examples/{folder}/README.md"))
        .filter(|path| tree.text(path).is_none())
        .map(|path| Violation {
            path,
            line: None,
            message: "is missing".into(),
        })
        .collect()
}

/// Every fuzz target has inputs that the ordinary tests run.
pub(super) fn fuzz_targets_keep_inputs(tree: &Tree) -> Vec<Violation> {
    tree.with_suffix(".rs")
        .filter_map(|file| {
            file.path
                .strip_prefix("fuzz/fuzz_targets/")?
                .strip_suffix(".rs")
        })
        .map(|target| format!("fuzz/kept/{target}/"))
        .filter(|folder| !tree.files.iter().any(|file| file.path.starts_with(folder)))
        .map(|path| Violation {
            path,
            line: None,
            message: "has no file".into(),
        })
        .collect()
}

/// Whether `line` holds an absolute path that begins with `path`: what stands before it is not part of a longer one.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '}' | '/' | '*')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::assert_violations;
    use super::*;

    #[test]
    fn paths_of_one_machine_are_refused() {
        let path = MACHINE_PATHS[0];
        let text = format!("see ../shared\nsee `{path}main`\nhttps://example.com{path}\n");
        let expected = ["a.md:2: names a folder of one machine"];
        assert_violations(no_machine_paths, &[("a.md", &text)], &expected);
    }

    #[test]
    fn the_code_map_names_crates_by_name_or_folder() {
        let files = [
            (
                "ARCHITECTURE.md",
                "| `packet` | sets |\n| `cli/` | the binary |\nthe engine\n",
            ),
            ("cli/Cargo.toml", ""),
            ("crates/engine/Cargo.toml", ""),
            ("crates/packet/Cargo.toml", ""),
        ];
        let expected = ["ARCHITECTURE.md: does not mention `crates/engine`"];
        assert_violations(code_map_is_complete, &files, &expected);
    }

    #[test]
    fn there_is_a_code_map() {
        assert_violations(
            code_map_is_complete,
            &[],
            &["ARCHITECTURE.md: there is no architecture page"],
        );
    }

    #[test]
    fn blanks_at_line_ends_are_refused_in_markdown() {
        let text = "good\nbad \n";
        let expected = ["a.md:2: ends in a blank"];
        assert_violations(
            markdown_has_no_trailing_blanks,
            &[("a.md", text), ("a.txt", text)],
            &expected,
        );
    }

    #[test]
    fn examples_explain_themselves() {
        let files = [
            ("examples/README.md", ""),
            ("examples/hub/README.md", ""),
            ("examples/hub/a/x.json", ""),
            ("examples/shop/x.json", ""),
        ];
        assert_violations(
            examples_have_a_readme,
            &files,
            &["examples/shop/README.md: is missing"],
        );
    }

    #[test]
    fn fuzz_targets_have_inputs() {
        let files = [
            ("fuzz/fuzz_targets/batch.rs", ""),
            ("fuzz/fuzz_targets/selector.rs", ""),
            ("fuzz/kept/batch/empty.csv", ""),
        ];
        assert_violations(
            fuzz_targets_keep_inputs,
            &files,
            &["fuzz/kept/selector/: has no file"],
        );
    }
}
