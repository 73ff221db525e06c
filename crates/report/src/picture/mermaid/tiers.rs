//! Tiers for Mermaid.

use std::fmt::Write as _;

use super::super::of_tiers::{Need, TierPicture};
use super::{head, quoted};

impl TierPicture {
    /// As a flowchart of Mermaid: VPCs are subgraphs, what passes within a tier is a loop.
    pub fn mermaid(&self) -> String {
        let mut out = head(&self.title, &self.notes);
        for (number, (vpc, tiers)) in self.groups().into_iter().enumerate() {
            let label = quoted(vpc.unwrap_or("no VPC"));
            let _ = writeln!(out, "  subgraph g{number}[\"{label}\"]");
            for tier in tiers {
                if let Some(drawn) = self.tiers.get(tier) {
                    let label = quoted(&format!("{} · {}", drawn.label, drawn.caption));
                    let _ = writeln!(out, "    n{tier}[\"{label}\"]");
                }
            }
            out.push_str("  end\n");
        }
        for flow in &self.flows {
            let arrow = match flow.need {
                Need::NoneWithin | Need::NoneBetween => "==>",
                Need::Open => "-.->",
                Need::Needed => "-->",
            };
            let label = quoted(&flow.in_words());
            let _ = writeln!(out, "  n{} {arrow}|\"{label}\"| n{}", flow.from, flow.to);
        }
        out
    }
}
