//! How much of a network is open to itself, in numbers that compare.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{AccountId, Index, Vpc};

use crate::closure::Closure;
use crate::landscape::Landscape;
use crate::lateral::is_foothold;
use crate::owner::Nature;

/// How many ordered pairs of hosts are open, for certain, in all and by where the first host of a pair is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// All pairs.
    pub whole: Pairs,
    /// Pairs whose first host is in a VPC of the snapshot.
    pub vpcs: BTreeMap<Index<Vpc>, Pairs>,
    /// Pairs whose first host is in a VPC that an account owns.
    pub accounts: BTreeMap<AccountId, Pairs>,
    /// Pairs whose first host is in an environment that is known.
    pub environments: BTreeMap<Arc<str>, Pairs>,
}

/// Ordered pairs of two hosts: an attacker could sit on the first, and the second accepts connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pairs {
    /// So many there are.
    pub all: u64,
    /// In so many the first host connects to the second by some service.
    pub direct: u64,
    /// In so many an attacker on the first host reaches the second in any number of steps.
    pub transitive: u64,
}

impl Pairs {
    fn add(&mut self, more: Self) {
        self.all += more.all;
        self.direct += more.direct;
        self.transitive += more.transitive;
    }
}

/// How much of a network is open to itself.
pub fn score(landscape: &Landscape<'_>) -> Score {
    score_of(landscape, &Closure::of(landscape))
}

/// The same, where it is known how far one host leads.
pub(crate) fn score_of(landscape: &Landscape<'_>, closure: &Closure<'_, '_>) -> Score {
    let natures = landscape.hosts().map(|(_, host)| host.owner.role.nature());
    let n_accepting = natures.filter(|nature| *nature != Nature::Inert).count();
    let mut score = Score {
        whole: Pairs::default(),
        vpcs: BTreeMap::new(),
        accounts: BTreeMap::new(),
        environments: BTreeMap::new(),
    };
    for (_, class) in landscape.classes() {
        if !is_foothold(class.role) {
            continue;
        }
        let itself = usize::from(class.role.nature() != Nature::Inert);
        let all = n_accepting.saturating_sub(itself);
        let mut pairs = Pairs::default();
        for host in &class.hosts {
            let (transitive, direct) = closure.count(*host);
            let of_host = Pairs {
                all: all as u64,
                direct: direct as u64,
                transitive: transitive as u64,
            };
            pairs.add(of_host);
            if let Some(environment) = landscape.environment_of(*host) {
                let environment = score.environments.entry(Arc::clone(environment));
                environment.or_default().add(of_host);
            }
        }
        score.add(landscape, class.vpc, pairs);
    }
    score
}

impl Score {
    fn add(&mut self, landscape: &Landscape<'_>, vpc: Option<Index<Vpc>>, pairs: Pairs) {
        self.whole.add(pairs);
        if let Some(vpc) = vpc {
            self.vpcs.entry(vpc).or_default().add(pairs);
            if let Some(owner) = &landscape.snapshot().vpcs().get(vpc).owner {
                self.accounts.entry(owner.clone()).or_default().add(pairs);
            }
        }
    }
}
