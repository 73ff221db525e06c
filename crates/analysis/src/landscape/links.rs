//! What hosts may do beyond the network.

use super::Landscape;
use crate::channels::{Berth, Links, find};
use crate::host::HostId;

impl Landscape<'_> {
    /// The same where intruders go on by channels that are no packets: sessions of Systems Manager, and tunnels of
    /// Instance Connect.
    #[must_use]
    pub const fn with_channels(mut self) -> Self {
        self.goes_by_channels = true;
        self
    }

    /// Whether intruders go on by channels.
    pub(crate) const fn goes_by_channels(&self) -> bool {
        self.goes_by_channels
    }

    /// How many hosts act as roles of which the input does not tell what they may do; nobody asks unless intruders go by
    /// channels.
    pub(crate) fn n_roles_untold(&self) -> usize {
        if self.goes_by_channels {
            self.links().untold.len()
        } else {
            0
        }
    }

    /// Everything that roles of hosts lead to.
    pub(crate) fn links(&self) -> &Links {
        self.links.get_or_init(|| find(self))
    }

    /// By which links an intruder goes on from a host, and comes to it; none unless he goes by channels.
    pub(crate) fn berth(&self, host: HostId) -> &Berth {
        let all = || {
            let mut all = vec![Berth::default(); self.hosts.len()];
            if !self.goes_by_channels {
                return all;
            }
            for (number, link) in self.links().all.iter().enumerate() {
                if link.kind.leads_on() {
                    for host in &link.from {
                        if let Some(berth) = all.get_mut(host.0) {
                            berth.from.push(number);
                        }
                    }
                    for host in &link.to {
                        if let Some(berth) = all.get_mut(host.0) {
                            berth.to.push(number);
                        }
                    }
                }
            }
            all
        };
        #[expect(clippy::indexing_slicing, reason = "every host has a berth")]
        &self.berths.get_or_init(all)[host.0]
    }
}
