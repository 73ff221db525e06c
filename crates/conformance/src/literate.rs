//! Topologies and expected answers inside Markdown.

mod page;

use std::path::Path;

use testkit::{Expectation, Topology};

pub use page::{Asked, Block, Page, read};

use crate::both::{Answers, Both, question};
use crate::case::word;

/// The pages of `docs/semantics`: each file's name and what it holds, by name.
///
/// # Errors
///
/// If a file cannot be read.
pub fn pages(folder: &Path) -> std::io::Result<Vec<(String, Page)>> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            pages.push((name.into_owned(), read(&std::fs::read_to_string(&path)?)));
        }
    }
    pages.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(pages)
}

/// The topology of a block.
///
/// # Errors
///
/// A sentence with the line of the page, if it is none.
pub fn topology(block: &Block) -> Result<Topology, String> {
    Topology::parse(&block.text).map_err(|error| {
        let line = block.line + error.line - 1;
        format!("line {line}: {}", error.problem)
    })
}

/// What a topology gets wrong, one sentence each; empty if all who are asked give every expected answer.
pub fn complaints(block: &Block) -> Vec<String> {
    let topology = match topology(block) {
        Ok(topology) => topology,
        Err(complaint) => return vec![complaint],
    };
    let snapshot = topology.snapshot();
    let both = Both::new(&snapshot);
    let mut complaints = Vec::new();
    for expectation in &topology.expectations {
        let line = block.line + expectation.line - 1;
        let found = match answers(&both, expectation) {
            Ok(answers) => differences(block.asked, expectation, &answers),
            Err(problem) => vec![problem.to_owned()],
        };
        complaints.extend(found.into_iter().map(|what| format!("line {line}: {what}")));
    }
    complaints
}

fn answers(both: &Both<'_>, expectation: &Expectation) -> Result<Answers, &'static str> {
    let (from, to) = expectation
        .endpoints(both.engine.snapshot())
        .ok_or("an end names nothing, or the ends share no family")?;
    let asked = question(expectation.service, to.address());
    let answers = match expectation.client_port {
        None => both.ask(from, asked),
        Some(port) => {
            let packet = asked.packet(from.address(), port);
            packet.map(|packet| both.packet(from, packet))
        }
    };
    answers.ok_or("the service fits no packet between these ends")
}

fn differences(asked: Asked, expectation: &Expectation, answers: &Answers) -> Vec<String> {
    let expected = expectation.answer;
    let engine = match asked {
        Asked::Both => Some(("engine", answers.engine)),
        Asked::TraceAlone => None,
    };
    let said = [("trace", answers.trace)].into_iter().chain(engine);
    let wrong = said.filter(|(_, answer)| *answer != expected);
    let mut differences: Vec<String> = wrong
        .map(|(who, answer)| {
            let (expected, answer) = (word(expected), word(answer));
            format!("expected {expected}, {who} says {answer} ({})", answers.why)
        })
        .collect();
    if let Some(reason) = &expectation.reason
        && *reason != answers.code
    {
        differences.push(format!(
            "expected the reason {reason}, trace says {} ({})",
            answers.code, answers.why
        ));
    }
    differences
}
