//! Steps that are no packets of the network.

use std::collections::BTreeMap;

use packet::PacketSet;

use super::{Mode, Reached, Search, Start};
use crate::blast::Cause;
use crate::host::HostId;
use crate::owner::Nature;

impl Search<'_, '_> {
    /// Takes a step by the links of hosts that fell before; returns the cells that fall.
    pub(super) fn by_links(&mut self, hop: usize) -> Vec<(Start, Cause)> {
        let landscape = self.landscape;
        if !landscape.goes_by_channels() {
            return Vec::new();
        }
        let mut best: BTreeMap<HostId, Reached> = BTreeMap::new();
        for (number, link) in landscape.links().all.iter().enumerate() {
            let is_usable = link.is_certain || self.mode == Mode::Possible;
            if !link.kind.leads_on() || !is_usable {
                continue;
            }
            let from = link.from.iter();
            let from = from.filter_map(|host| Some((self.fallen_before(*host, hop)?, *host)));
            let Some((cause, from)) = from.min() else {
                continue;
            };
            let cause = if link.is_certain {
                cause
            } else {
                cause.max(Cause::Undetermined)
            };
            for host in link.to.iter().filter(|host| self.is_fresh(**host)) {
                if best.get(host).is_none_or(|known| cause < known.cause) {
                    let reached = Reached {
                        hop,
                        from: Start::Cell(landscape.host(from).cell),
                        services: PacketSet::empty(),
                        cause,
                        via: Vec::new(),
                        link: Some(number),
                    };
                    best.insert(*host, reached);
                }
            }
        }
        let next = best.iter().map(|(host, reached)| {
            let cell = landscape.host(*host).cell;
            (Start::Cell(cell), reached.cause)
        });
        let next = next.collect();
        self.spread.reached.extend(best);
        next
    }

    /// How certain it is that a host fell before a hop; `None` if it did not.
    fn fallen_before(&self, host: HostId, hop: usize) -> Option<Cause> {
        if self.spread.foothold.contains(&host) {
            return Some(Cause::Certain);
        }
        let falls = self.landscape.host(host).owner.role.nature() == Nature::Pivot;
        let reached = self.spread.reached.get(&host);
        let reached = reached.filter(|reached| falls && reached.hop < hop)?;
        Some(reached.cause)
    }
}
