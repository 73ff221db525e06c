//! Tiers for Graphviz.

use std::fmt::Write as _;

use super::super::of_tiers::{Flow, Need, TierPicture};
use super::{head, lines};

impl TierPicture {
    /// As the DOT language of Graphviz: VPCs are clusters, what passes within a tier is a loop.
    pub fn dot(&self) -> String {
        let mut out = head(&self.title, &self.notes);
        for (number, (vpc, tiers)) in self.groups().into_iter().enumerate() {
            let label = lines(&[vpc.unwrap_or("no VPC")]);
            let _ = writeln!(out, "  subgraph cluster_{number} {{\n    label={label};");
            for tier in tiers {
                if let Some(drawn) = self.tiers.get(tier) {
                    let label = lines(&[&drawn.label, &drawn.caption]);
                    let _ = writeln!(out, "    n{tier} [label={label}];");
                }
            }
            out.push_str("  }\n");
        }
        for flow in &self.flows {
            write_flow(&mut out, flow);
        }
        out.push_str("}\n");
        out
    }
}

fn write_flow(out: &mut String, flow: &Flow) {
    let services = format!("{}{}", flow.need.prefix(), flow.services);
    let label = lines(&[&services, &flow.because]);
    let style = match flow.need {
        Need::NoneWithin | Need::NoneBetween => ", penwidth=2.5, color=\"#b42318\"",
        Need::Open => ", style=dashed",
        Need::Needed => "",
    };
    let _ = writeln!(
        out,
        "  n{} -> n{} [label={label}{style}];",
        flow.from, flow.to
    );
}
