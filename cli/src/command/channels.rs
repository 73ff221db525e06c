//! The option to go on beyond the network.

use analysis::Landscape;
use clap::Args;

/// Whether intruders go on by what roles may do.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct ByChannels {
    /// Go on beyond the network too, by what roles of fallen hosts may do: sessions of Systems Manager, tunnels of Instance Connect
    #[arg(long)]
    channels: bool,
}

impl ByChannels {
    /// The network as the option has it.
    pub(super) fn applied(self, landscape: Landscape<'_>) -> Landscape<'_> {
        if self.channels {
            landscape.with_channels()
        } else {
            landscape
        }
    }
}
