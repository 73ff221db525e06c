//! Pictures for Graphviz.

mod tiers;

use std::fmt::Write as _;

use super::group::{Group, apart, groups};
use super::place::Place;
use super::{Edge, Node, Part, Picture};
use crate::escape::terminal;

impl Picture {
    /// As the DOT language of Graphviz: accounts, VPCs and subnets are clusters.
    pub fn dot(&self) -> String {
        let picture = self.capped();
        let mut out = head(&picture.title, &picture.notes);
        for place in [Place::Outside, Place::Further] {
            for number in apart(&picture.nodes, &place) {
                picture.write_node(&mut out, number, 1);
            }
        }
        let mut n_clusters = 0;
        for group in groups(&picture.nodes) {
            picture.write_cluster(&mut out, &group, &mut n_clusters, 1);
        }
        for (number, edge) in picture.edges.iter().enumerate() {
            write_edge(&mut out, edge, picture.highlight.contains(&number));
        }
        out.push_str("}\n");
        out
    }

    fn write_cluster(
        &self,
        out: &mut String,
        group: &Group<'_>,
        n_clusters: &mut usize,
        depth: usize,
    ) {
        let indent = "  ".repeat(depth);
        let _ = writeln!(out, "{indent}subgraph cluster_{n_clusters} {{");
        let _ = writeln!(out, "{indent}  label={};", lines(&[group.label]));
        *n_clusters += 1;
        for inner in &group.groups {
            self.write_cluster(out, inner, n_clusters, depth + 1);
        }
        for number in &group.nodes {
            self.write_node(out, *number, depth + 1);
        }
        let _ = writeln!(out, "{indent}}}");
    }

    fn write_node(&self, out: &mut String, number: usize, depth: usize) {
        let Some(node) = self.nodes.get(number) else {
            return;
        };
        let indent = "  ".repeat(depth);
        let label = lines(&[&node.label, &node.caption()]);
        let _ = write!(out, "{indent}n{number} [label={label}");
        let style = match (node.part, node.is_certain) {
            (Part::Foothold, _) => ", penwidth=2.5",
            (Part::Prize | Part::Target, true) => ", peripheries=2",
            (Part::Prize | Part::Target, false) => ", peripheries=2, style=dashed",
            (Part::Falls | Part::PassesOn | Part::Further, true) => "",
            (Part::Falls | Part::PassesOn | Part::Further, false) => ", style=dashed",
        };
        out.push_str(style);
        out.push_str("];\n");
    }
}

/// The beginning of a picture: its caption, and how everything looks.
fn head(title: &String, notes: &[String]) -> String {
    let mut out = String::from("digraph watertight {\n  rankdir=LR;\n  compound=true;\n");
    let caption = std::iter::once(title).chain(notes);
    let caption: Vec<&str> = caption.map(String::as_str).collect();
    let _ = writeln!(out, "  label={};\n  labelloc=t;", lines(&caption));
    out.push_str("  fontname=\"Helvetica\";\n");
    out.push_str("  node [shape=box, fontname=\"Helvetica\"];\n");
    out.push_str("  edge [fontname=\"Helvetica\", fontsize=10];\n");
    out
}

fn write_edge(out: &mut String, edge: &Edge, is_highlighted: bool) {
    let because = edge.because();
    let label = lines(&[&edge.service_label(), &because]);
    let _ = write!(out, "  n{} -> n{} [label={label}", edge.from, edge.to);
    if !edge.is_certain {
        out.push_str(", style=dashed");
    }
    if is_highlighted {
        out.push_str(", penwidth=2.5, color=\"#b42318\"");
    }
    out.push_str("];\n");
}

impl Node {
    /// What stands under the name of a node: what it is, and at which hop.
    pub(super) fn caption(&self) -> String {
        match self.part {
            Part::Foothold => self.description(),
            Part::Further => format!("{}, hop {}", self.kind, self.hop),
            Part::Falls | Part::PassesOn | Part::Prize | Part::Target => {
                format!("{}, hop {}", self.description(), self.hop)
            }
        }
    }
}

/// Text as a quoted string of lines.
fn lines(texts: &[&str]) -> String {
    let texts = texts.iter().filter(|text| !text.is_empty());
    let texts: Vec<String> = texts.map(|text| quoted(text)).collect();
    format!("\"{}\"", texts.join("\\n"))
}

/// Text inside a quoted string: Graphviz would read a backslash as an escape, and an ampersand as an entity.
fn quoted(text: &str) -> String {
    let text = terminal(text).replace('&', "&amp;");
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
