//! Pictures for Mermaid.

mod tiers;

use std::fmt::Write as _;

use super::group::{Group, apart, groups};
use super::place::Place;
use super::{Edge, Part, Picture};
use crate::escape::terminal;

impl Picture {
    /// As a flowchart of Mermaid: accounts, VPCs and subnets are subgraphs.
    pub fn mermaid(&self) -> String {
        let picture = self.capped();
        let mut out = head(&picture.title, &picture.notes);
        for place in [Place::Outside, Place::Further] {
            for number in apart(&picture.nodes, &place) {
                picture.write_mermaid_node(&mut out, number, 1);
            }
        }
        let mut n_subgraphs = 0;
        for group in groups(&picture.nodes) {
            picture.write_subgraph(&mut out, &group, &mut n_subgraphs, 1);
        }
        for (number, edge) in picture.edges.iter().enumerate() {
            write_edge(&mut out, edge, picture.highlight.contains(&number));
        }
        for number in &picture.highlight {
            let _ = writeln!(out, "  linkStyle {number} stroke:#b42318,stroke-width:3px");
        }
        out
    }

    fn write_subgraph(
        &self,
        out: &mut String,
        group: &Group<'_>,
        n_subgraphs: &mut usize,
        depth: usize,
    ) {
        let indent = "  ".repeat(depth);
        let label = quoted(group.label);
        let _ = writeln!(out, "{indent}subgraph g{n_subgraphs}[\"{label}\"]");
        *n_subgraphs += 1;
        for inner in &group.groups {
            self.write_subgraph(out, inner, n_subgraphs, depth + 1);
        }
        for number in &group.nodes {
            self.write_mermaid_node(out, *number, depth + 1);
        }
        let _ = writeln!(out, "{indent}end");
    }

    fn write_mermaid_node(&self, out: &mut String, number: usize, depth: usize) {
        let Some(node) = self.nodes.get(number) else {
            return;
        };
        let indent = "  ".repeat(depth);
        let label = quoted(&format!("{} · {}", node.label, node.caption()));
        let (open, close) = match node.part {
            Part::Foothold => ("([", "])"),
            Part::Prize | Part::Target => ("[[", "]]"),
            Part::Falls | Part::PassesOn | Part::Further => ("[", "]"),
        };
        let _ = writeln!(out, "{indent}n{number}{open}\"{label}\"{close}");
        if !node.is_certain {
            let _ = writeln!(out, "{indent}style n{number} stroke-dasharray:5 4");
        }
    }
}

/// The beginning of a picture, with its caption.
fn head(title: &String, notes: &[String]) -> String {
    let mut out = String::from("flowchart LR\n");
    for text in std::iter::once(title).chain(notes) {
        let _ = writeln!(out, "  %% {}", quoted(text));
    }
    out
}

fn write_edge(out: &mut String, edge: &Edge, is_highlighted: bool) {
    let arrow = match (edge.is_certain, is_highlighted) {
        (false, _) => "-.->",
        (true, true) => "==>",
        (true, false) => "-->",
    };
    let because = edge.because();
    let gap = if because.is_empty() { "" } else { " · " };
    let label = quoted(&format!("{}{gap}{because}", edge.service_label()));
    let _ = writeln!(out, "  n{} {arrow}|\"{label}\"| n{}", edge.from, edge.to);
}

/// Text inside quotes: everything that could mean something to Mermaid, to Markdown or in HTML stands as its number.
fn quoted(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in terminal(text).chars() {
        if letter.is_alphanumeric() || " .,:/+()-×→·".contains(letter) {
            safe.push(letter);
        } else {
            let _ = write!(safe, "#{};", u32::from(letter));
        }
    }
    safe
}
