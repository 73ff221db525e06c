//! `cargo xtask tidy`: the house rules that no compiler knows.
//!
//! A rule is a function over the text of the repository, and one line in [`RULES`].

mod documents;
mod manifests;
mod sources;

use std::fmt;

use crate::{Result, expect_no_arguments, shell};

/// One rule.
struct Rule {
    /// What it asks for, in a few words.
    name: &'static str,
    /// Finds every place that breaks it.
    check: fn(&Tree) -> Vec<Violation>,
}

/// All rules.
const RULES: &[Rule] = &[
    Rule {
        name: "crates inherit the lints of the workspace",
        check: manifests::lints_are_inherited,
    },
    Rule {
        name: "versions are declared once, in the workspace",
        check: manifests::versions_are_central,
    },
    Rule {
        name: "pure crates touch no file, clock or environment",
        check: manifests::pure_crates_are_fenced,
    },
    Rule {
        name: "files stay readable",
        check: sources::files_are_short,
    },
    Rule {
        name: "no test is ignored",
        check: sources::no_test_is_ignored,
    },
    Rule {
        name: "nothing is left to be done",
        check: sources::nothing_is_unfinished,
    },
    Rule {
        name: "no path of somebody's machine",
        check: documents::no_machine_paths,
    },
    Rule {
        name: "the code map names every crate",
        check: documents::code_map_is_complete,
    },
    Rule {
        name: "Markdown has no trailing blanks",
        check: documents::markdown_has_no_trailing_blanks,
    },
    Rule {
        name: "every example explains itself",
        check: documents::examples_have_a_readme,
    },
    Rule {
        name: "every fuzz target keeps inputs",
        check: documents::fuzz_targets_keep_inputs,
    },
];

/// Checks every rule and prints every violation.
pub(crate) fn run(arguments: &[String]) -> Result {
    expect_no_arguments(arguments)?;
    let tree = Tree::read()?;
    let mut n_violations = 0;
    for rule in RULES {
        let violations = (rule.check)(&tree);
        if !violations.is_empty() {
            println!("{}:", rule.name);
        }
        for violation in &violations {
            println!("  {violation}");
        }
        n_violations += violations.len();
    }
    if n_violations > 0 {
        return Err(format!("house rules broken: {n_violations} times").into());
    }
    println!("{} files follow {} rules", tree.files.len(), RULES.len());
    Ok(())
}

/// The text files of the repository.
struct Tree {
    files: Vec<File>,
}

/// One text file.
struct File {
    /// Path from the root, with `/`.
    path: String,
    text: String,
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    path: String,
    /// Counted from 1; `None` when the whole file, or its absence, is meant.
    line: Option<usize>,
    message: String,
}

impl Tree {
    /// Reads every file that git knows or would add; files that are no UTF-8 text are left out.
    fn read() -> Result<Self> {
        let arguments = [
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ];
        let paths = shell::read(&mut shell::command("git", &arguments))?;
        let mut paths: Vec<&str> = paths.split_terminator('\0').collect();
        paths.sort_unstable();
        paths.dedup();
        let files = paths.into_iter().filter_map(|path| {
            let text = std::fs::read_to_string(shell::root().join(path)).ok()?;
            Some(File {
                path: path.to_owned(),
                text,
            })
        });
        Ok(Self {
            files: files.collect(),
        })
    }

    /// The text of one file.
    fn text(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    }

    /// The files whose path ends in `suffix`.
    fn with_suffix(&self, suffix: &str) -> impl Iterator<Item = &File> {
        self.files
            .iter()
            .filter(move |file| file.path.ends_with(suffix))
    }

    /// The manifests of the crates in the workspace.
    fn manifests(&self) -> impl Iterator<Item = &File> {
        self.with_suffix("/Cargo.toml")
            .filter(|file| !file.path.starts_with("fuzz/"))
    }

    /// A tree of made-up files, for tests.
    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let file = |&(path, text): &(&str, &str)| File {
            path: path.into(),
            text: text.into(),
        };
        Self {
            files: files.iter().map(file).collect(),
        }
    }
}

impl File {
    /// A violation by the whole file.
    fn violation(&self, message: impl Into<String>) -> Violation {
        Violation {
            path: self.path.clone(),
            line: None,
            message: message.into(),
        }
    }

    /// A violation by each line that `breaks` the rule.
    fn violations_by_line(&self, message: &str, breaks: impl Fn(&str) -> bool) -> Vec<Violation> {
        self.text
            .lines()
            .enumerate()
            .filter(|(_, line)| breaks(line))
            .map(|(index, _)| Violation {
                line: Some(index + 1),
                ..self.violation(message)
            })
            .collect()
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            message,
        } = self;
        match line {
            Some(line) => write!(f, "{path}:{line}: {message}"),
            None => write!(f, "{path}: {message}"),
        }
    }
}

/// Checks one rule on made-up files; `expected` is every violation as it is printed.
#[cfg(test)]
#[track_caller]
fn assert_violations(rule: fn(&Tree) -> Vec<Violation>, files: &[(&str, &str)], expected: &[&str]) {
    let found: Vec<String> = rule(&Tree::of(files))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found, expected);
}
