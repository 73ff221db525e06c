//! Rules on Rust source files.

use super::{File, Tree, Violation};

/// The longest a file may be, its unit tests not counted. Half of this is the aim.
const MAX_PRODUCTION_LINES: usize = 600;

/// Marks of unfinished code. Written in halves, so that this file does not trip over itself.
const UNFINISHED: &[&str] = &[concat!("todo", "!("), concat!("unimplemented", "!(")];

/// No source file is longer than a reader's patience.
pub(super) fn files_are_short(tree: &Tree) -> Vec<Violation> {
    tree.with_suffix(".rs")
        .filter(|file| file.path.contains("src/"))
        .filter_map(|file| {
            let n_lines = production_lines(&file.text);
            let message =
                format!("{n_lines} lines of production code, of {MAX_PRODUCTION_LINES} at most");
            (n_lines > MAX_PRODUCTION_LINES).then(|| file.violation(message))
        })
        .collect()
}

/// A test that does not run says nothing: assert today's answer and name the right one instead.
pub(super) fn no_test_is_ignored(tree: &Tree) -> Vec<Violation> {
    let is_ignored = |line: &str| line.trim_start().starts_with("#[ignore");
    by_line(
        tree,
        "assert what happens today instead of ignoring the test",
        is_ignored,
    )
}

/// What is not finished is not in the main line.
pub(super) fn nothing_is_unfinished(tree: &Tree) -> Vec<Violation> {
    let is_unfinished = |line: &str| UNFINISHED.iter().any(|mark| line.contains(mark));
    by_line(tree, "finish it, or leave it out", is_unfinished)
}

/// A violation for each line of Rust that `breaks` the rule.
fn by_line(tree: &Tree, message: &str, breaks: fn(&str) -> bool) -> Vec<Violation> {
    let violations = |file: &File| file.violations_by_line(message, breaks);
    tree.with_suffix(".rs").flat_map(violations).collect()
}

/// Lines before the unit tests, which stand last.
fn production_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let is_tests =
        |pair: &[&str]| matches!(pair, ["#[cfg(test)]", module] if module.starts_with("mod "));
    lines.windows(2).position(is_tests).unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::super::assert_violations;
    use super::*;

    #[test]
    fn unit_tests_do_not_make_a_file_long() {
        let code = "fn f() {}\n".repeat(MAX_PRODUCTION_LINES);
        let tests = "#[cfg(test)]\nmod tests {\n}\n".repeat(9);
        let fits = format!("{code}{tests}");
        let long = format!("{code}fn g() {{}}\n{tests}");
        let files = [
            ("cli/src/a.rs", fits.as_str()),
            ("cli/src/b.rs", &long),
            ("cli/tests/c.rs", &long),
        ];
        let expected = ["cli/src/b.rs: 601 lines of production code, of 600 at most"];
        assert_violations(files_are_short, &files, &expected);
    }

    #[test]
    fn tests_run() {
        let text = "#[test]\n    #[ignore = \"slow\"]\nfn f() {}\n// #[ignore] is refused\n";
        let expected = ["a.rs:2: assert what happens today instead of ignoring the test"];
        assert_violations(no_test_is_ignored, &[("a.rs", text)], &expected);
    }

    #[test]
    fn code_is_finished() {
        let text = format!("fn f() {{\n    {});\n}}\n", UNFINISHED[0]);
        let expected = ["a.rs:2: finish it, or leave it out"];
        assert_violations(
            nothing_is_unfinished,
            &[("a.rs", &text), ("a.md", &text)],
            &expected,
        );
    }
}
