//! Topologies and expected answers inside Markdown.

use testkit::Topology;

use crate::both::{Both, question};
use crate::case::word;

/// One topology of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of the page, counted from one, on which the topology's first line stands.
    pub line: usize,
    /// The topology.
    pub text: String,
}

/// Every block of a page whose fence says `topology`.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.trim()) {
            (None, "```topology") => {
                let text = String::new();
                open = Some(Block {
                    line: number + 2,
                    text,
                });
            }
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

/// What a topology gets wrong, one sentence each; empty if every expected answer is given by both implementations.
pub fn complaints(block: &Block) -> Vec<String> {
    let topology = match Topology::parse(&block.text) {
        Ok(topology) => topology,
        Err(error) => {
            return vec![format!(
                "line {}: {}",
                block.line + error.line - 1,
                error.problem
            )];
        }
    };
    let snapshot = topology.snapshot();
    let both = Both::new(&snapshot);
    let mut complaints = Vec::new();
    for expectation in &topology.expectations {
        let line = block.line + expectation.line - 1;
        let mut complain = |what: String| complaints.push(format!("line {line}: {what}"));
        let Some((from, to)) = expectation.endpoints(&snapshot) else {
            complain("an end names nothing, or the ends share no family".into());
            continue;
        };
        let asked = question(expectation.service, to.address());
        let answers = match expectation.client_port {
            None => both.ask(from, asked),
            Some(port) => {
                let packet = asked.packet(from.address(), port);
                packet.map(|packet| both.packet(from, packet))
            }
        };
        let Some(answers) = answers else {
            complain("the service fits no packet between these ends".into());
            continue;
        };
        let expected = expectation.answer;
        for (who, answer) in [("trace", answers.trace), ("engine", answers.engine)] {
            if answer != expected {
                let (expected, answer) = (word(expected), word(answer));
                complain(format!(
                    "expected {expected}, {who} says {answer} ({})",
                    answers.why
                ));
            }
        }
        if let Some(reason) = expectation
            .reason
            .as_ref()
            .filter(|reason| **reason != answers.why)
        {
            complain(format!(
                "expected the reason {reason}, trace says {}",
                answers.why
            ));
        }
    }
    complaints
}
