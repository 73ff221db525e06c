//! Ways into VPCs that AWS services keep.

use model::{EntryReach, EntryResource, EntryTarget, Link, ResourceState, ServiceEntry, Snapshot};

use super::{Page, flag, joined};
use crate::topology::entries::KINDS;

pub(super) fn print(page: &mut Page, snapshot: &Snapshot) {
    for entry in snapshot.service_entries().rows() {
        page.scope(entry.owner.as_ref(), entry.region.as_ref());
        print_entry(page, entry);
    }
}

fn print_entry(page: &mut Page, entry: &ServiceEntry) {
    let kind = KINDS.iter().find(|(_, kind)| *kind == entry.kind);
    let kind = kind.map_or("?", |(word, _)| word);
    let vpc = entry.vpc.as_ref().map(|vpc| format!(" vpc {}", vpc.id()));
    let links = |word: &str, ids: String| flag(!ids.is_empty(), &format!("{word} {ids}"));
    let client = match &entry.reach {
        EntryReach::Anything {
            keeps_client: Some(true),
        } => " keeps",
        EntryReach::Anything {
            keeps_client: Some(false),
        } => " hides",
        EntryReach::Anything { keeps_client: None }
        | EntryReach::Targets(_)
        | EntryReach::Untold => "",
    };
    page.line(&format!(
        "entry {} {kind}{}{}{}{}{client}{}",
        entry.id,
        vpc.unwrap_or_default(),
        links("in", joined(entry.subnets.iter().map(Link::id), ",")),
        links("groups", joined(entry.groups.iter().map(Link::id), ",")),
        links("via", joined(entry.interfaces.iter().map(Link::id), ",")),
        flag(entry.state == ResourceState::Unavailable, "unavailable"),
    ));
    if let EntryReach::Targets(targets) = &entry.reach {
        for target in targets {
            page.line(&target_line(target));
        }
    }
}

fn target_line(target: &EntryTarget) -> String {
    let resource = match &target.resource {
        EntryResource::Named(id) => id.to_string(),
        EntryResource::Block(block) => block.to_string(),
    };
    let keeps = flag(target.keeps_client, "keeps");
    let ranges = target.ports.iter().flat_map(packet::IntervalSet::intervals);
    let ports: Vec<String> = ranges
        .map(|(first, last)| format!(" tcp/{first}-{last}"))
        .collect();
    format!("  sends {resource}{keeps}{}", ports.concat())
}
