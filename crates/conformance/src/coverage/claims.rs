//! What topologies and tests say that they cover.

use std::path::Path;

use model::Reachability;

use super::{Kind, Row, Standing};
use crate::literate::{self, Block, Page};

/// One row that one case covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The id of the row.
    pub row: String,
    /// How; `None` for a row that is read, not answered.
    pub standing: Option<Standing>,
    /// The words of the link to the case.
    pub title: String,
    /// Where the case is, from `docs/semantics`.
    pub link: String,
    /// The line of the file, counted from one.
    pub line: usize,
}

/// What the topologies of the pages claim, in order.
///
/// # Errors
///
/// Every claim that cannot be understood.
pub fn of_pages(pages: &[(String, Page)]) -> Result<Vec<Claim>, Vec<String>> {
    let mut claims = Vec::new();
    let mut problems = Vec::new();
    for (name, page) in pages {
        for block in &page.blocks {
            let link = format!("{name}#{}", anchor(&block.heading));
            let page_name = name.trim_end_matches(".md");
            let title = format!("{page_name}: {}", title(block));
            for (line, text) in &block.covers {
                match parse(text, &title, &link, *line) {
                    Ok(parsed) => claims.extend(parsed),
                    Err(problem) => problems.push(format!("{name} line {line}: {problem}")),
                }
            }
        }
    }
    if problems.is_empty() {
        Ok(claims)
    } else {
        Err(problems)
    }
}

/// What a block is called: its bold sentence, else its heading.
fn title(block: &Block) -> &str {
    if block.claim.is_empty() {
        &block.heading
    } else {
        &block.claim
    }
}

/// The anchor of a heading, as code hosts make it.
fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => letter.is_alphanumeric().then_some(letter),
    });
    kept.collect()
}

/// What the ordinary tests of all crates claim, in lines `/// Covers: …` above a test.
///
/// # Errors
///
/// If a file cannot be read, or a claim cannot be understood.
pub fn of_tests(root: &Path) -> Result<Vec<Claim>, String> {
    let mut files = Vec::new();
    for entry in folder(&root.join("crates"))? {
        for part in ["src", "tests"] {
            sources(&entry.join(part), &mut files)?;
        }
    }
    files.sort();
    let mut claims = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let path = file.strip_prefix(root).unwrap_or(&file);
        let path = path.to_string_lossy().replace('\\', "/");
        claims.extend(of_source(&path, &text).map_err(|problem| format!("{path} {problem}"))?);
    }
    Ok(claims)
}

fn folder(path: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = std::fs::read_dir(path).map_err(|error| error.to_string())?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

fn sources(path: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        return Ok(());
    }
    for entry in folder(path)? {
        if entry.is_dir() {
            sources(&entry, files)?;
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    Ok(())
}

fn of_source(path: &str, text: &str) -> Result<Vec<Claim>, String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut claims = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let Some(covers) = line.strip_prefix("/// Covers:") else {
            continue;
        };
        let line = number + 1;
        let below = lines.iter().skip(line);
        let function = below
            .take_while(|line| line.starts_with("///") || line.starts_with('#') || is_test(line))
            .find_map(|line| line.strip_prefix("fn "))
            .and_then(|rest| rest.split('(').next())
            .ok_or_else(|| format!("line {line}: no test follows"))?;
        let title = function.replace('_', " ");
        let path_from_pages = format!("../../{path}");
        let parsed = parse(covers, &title, &path_from_pages, line);
        claims.extend(parsed.map_err(|problem| format!("line {line}: {problem}"))?);
    }
    Ok(claims)
}

fn is_test(line: &str) -> bool {
    line.starts_with("fn ")
}

/// Reads `exact 2.2/same-subnet, read 1.2/protocol`.
fn parse(text: &str, title: &str, link: &str, number: usize) -> Result<Vec<Claim>, String> {
    let claim = |part: &str| {
        let (word, row) = part
            .trim()
            .split_once(' ')
            .ok_or_else(|| format!("`{}` is no standing and row", part.trim()))?;
        let standing = match word {
            "exact" => Some(Standing::Exact),
            "conditional" => Some(Standing::Conditional),
            "undetermined" => Some(Standing::Undetermined),
            "read" => None,
            other => return Err(format!("`{other}` is no standing")),
        };
        Ok(Claim {
            row: row.trim().to_owned(),
            standing,
            title: title.to_owned(),
            link: link.to_owned(),
            line: number,
        })
    };
    text.trim_end_matches('.').split(',').map(claim).collect()
}

/// What is wrong with the claims of a page's blocks, one sentence each: rows that are not there, and standings that
/// the expected answers do not bear out.
pub fn complaints(rows: &[Row], name: &str, page: &Page) -> Vec<String> {
    let stray = page.stray.iter();
    let mut complaints: Vec<String> = stray
        .map(|line| format!("{name} line {line}: no topology follows what is covered"))
        .collect();
    for block in &page.blocks {
        let of_block = Page {
            blocks: vec![block.clone()],
            stray: Vec::new(),
        };
        let claims = match of_pages(&[(name.to_owned(), of_block)]) {
            Ok(claims) => claims,
            Err(problems) => {
                complaints.extend(problems);
                continue;
            }
        };
        let Ok(topology) = literate::topology(block) else {
            continue;
        };
        let answers = topology.expectations.iter().map(|expected| expected.answer);
        let answers: Vec<Reachability> = answers.collect();
        let wrong = claims
            .iter()
            .filter_map(|claim| problem(rows, claim, &answers));
        complaints.extend(wrong.map(|problem| format!("{name} {problem}")));
    }
    complaints
}

fn problem(rows: &[Row], claim: &Claim, answers: &[Reachability]) -> Option<String> {
    let told = told(rows, claim);
    let is_open = |answer: &&Reachability| **answer == Reachability::Undetermined;
    let n_open = answers.iter().filter(is_open).count();
    let bears_out = match claim.standing {
        Some(Standing::Exact) => n_open == 0 && !answers.is_empty(),
        Some(Standing::Conditional) => 0 < n_open && n_open < answers.len(),
        Some(Standing::Undetermined) => 0 < n_open,
        None => true,
    };
    let bad = (!bears_out).then_some("the expected answers do not bear this standing out");
    let what = told.or(bad.map(str::to_owned))?;
    Some(format!("line {}: `{}`: {what}", claim.line, claim.row))
}

/// What is wrong with a claim whatever its case says.
fn told(rows: &[Row], claim: &Claim) -> Option<String> {
    let Some(row) = rows.iter().find(|row| row.id == claim.row) else {
        return Some("no such row in rows.csv".to_owned());
    };
    match (row.kind, claim.standing) {
        (Kind::Packets, Some(_)) | (Kind::Reading, None) => None,
        (Kind::Packets, None) => Some("a row about packets is answered, not read".to_owned()),
        (Kind::Reading, Some(_)) => Some("a row about input is `read`".to_owned()),
        (Kind::Lint | Kind::Tls, _) => Some("no packet depends on this row".to_owned()),
    }
}

/// What is wrong with the claims of ordinary tests, one sentence each.
pub fn complaints_of_tests(rows: &[Row], claims: &[Claim]) -> Vec<String> {
    let wrong = claims.iter().filter_map(|claim| {
        let what = told(rows, claim)?;
        Some(format!(
            "{} line {}: `{}`: {what}",
            claim.link, claim.line, claim.row
        ))
    });
    wrong.collect()
}
