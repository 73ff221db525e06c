//! Which environment hosts are in.

use std::sync::Arc;

use model::{Index, Vpc};

use super::{Landscape, Selection};
use crate::environment::Environments;
use crate::host::{Host, HostId};

impl Landscape<'_> {
    /// The same with environments that the user declares, by name: they count before all that tags and names say.
    #[must_use]
    pub fn with_environments(mut self, declared: Vec<(String, Selection)>) -> Self {
        self.declared_environments = declared;
        self
    }

    /// The environment that a host is in, where anything says it.
    pub fn environment_of(&self, host: HostId) -> Option<&Arc<str>> {
        let all = || Environments::of(self, &self.declared_environments);
        self.environments.get_or_init(all).of_host(host)
    }

    /// The VPC that a host is in, as far as the snapshot holds it.
    pub(crate) fn vpc_of(&self, host: &Host) -> Option<Index<Vpc>> {
        let first = host.interfaces.first()?;
        self.snapshot().interfaces().get(*first).vpc.target()
    }
}
