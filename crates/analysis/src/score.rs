//! How much of a network is open to itself, in numbers that compare.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{AccountId, Index, Vpc};

use crate::closure::Closure;
use crate::host::{HostClass, HostId};
use crate::landscape::Landscape;
use crate::lateral::is_foothold;
use crate::owner::Nature;
use crate::risk::Risk;

/// How many ordered pairs of hosts are open, for certain, in all and by where the first host of a pair is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// All pairs.
    pub whole: Pairs,
    /// Pairs whose first host is in a VPC of the snapshot.
    pub vpcs: BTreeMap<Index<Vpc>, Pairs>,
    /// Pairs whose first host is in a VPC that an account owns.
    pub accounts: BTreeMap<AccountId, Pairs>,
    /// Pairs whose first host is in an environment that is known.
    pub environments: BTreeMap<Arc<str>, Pairs>,
    /// Whether the input leaves open of any other pair whether it is: then more pairs may be open.
    pub leaves_open: bool,
}

/// Ordered pairs of two hosts: an attacker could sit on the first, and the second accepts connections.
///
/// A host makes a pair with another one that is like it, too: its double, whether the network has one or not. So shares
/// of pairs stay what they are when every host gets a double.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pairs {
    /// So many there are.
    pub all: u64,
    /// Those that are open by services of at least each risk, in the order of [`Risk::ALL`].
    pub open: [Counts; 3],
}

/// Pairs that are open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// In so many the first host connects to the second.
    pub direct: u64,
    /// In so many an attacker on the first host reaches the second in any number of steps.
    pub transitive: u64,
}

impl Pairs {
    /// Those that are open by services of at least a risk.
    pub const fn at(&self, risk: Risk) -> Counts {
        let [other, data, administration] = self.open;
        match risk {
            Risk::Other => other,
            Risk::Data => data,
            Risk::Administration => administration,
        }
    }

    fn add(&mut self, more: &Self) {
        self.all += more.all;
        for (open, more) in self.open.iter_mut().zip(more.open) {
            open.direct += more.direct;
            open.transitive += more.transitive;
        }
    }
}

/// How much of a network is open to itself.
///
/// # Cost
///
/// Three times that of how far each host leads.
pub fn score(landscape: &Landscape<'_>) -> Score {
    let closures = Risk::ALL.map(|risk| Closure::of(landscape, risk));
    let n_accepting = n_accepting(landscape);
    let mut score = Score {
        leaves_open: leaves_open(landscape),
        ..Score::default()
    };
    for (_, class) in landscape.classes() {
        if !is_foothold(class.role) {
            continue;
        }
        let mut pairs = Pairs::default();
        for host in &class.hosts {
            let open = closures.each_ref().map(|closure| counts(closure, *host));
            let of_host = Pairs {
                all: n_accepting,
                open,
            };
            pairs.add(&of_host);
            if let Some(environment) = landscape.environment_of(*host) {
                let environment = score.environments.entry(Arc::clone(environment));
                environment.or_default().add(&of_host);
            }
        }
        score.add(landscape, class, &pairs);
    }
    score
}

/// All pairs, those that connect by any service, and those that do so in any number of steps.
pub(crate) fn pairs_by_any(landscape: &Landscape<'_>, closure: &Closure<'_, '_>) -> (u64, Counts) {
    let n_accepting = n_accepting(landscape);
    let (mut all, mut open) = (0, Counts::default());
    for (host, row) in landscape.hosts() {
        if is_foothold(row.owner.role) {
            let of_host = counts(closure, host);
            all += n_accepting;
            open.direct += of_host.direct;
            open.transitive += of_host.transitive;
        }
    }
    (all, open)
}

/// Whether the input leaves it open for any pair of hosts whether the first connects to the second.
fn leaves_open(landscape: &Landscape<'_>) -> bool {
    let matrix = landscape.matrix();
    let is_open = |answer| !matrix.answer(answer).undetermined.is_empty();
    let is_seat = |cell| is_foothold(landscape.cell(cell).role);
    let open_rows: BTreeSet<_> = matrix
        .rows()
        .filter(|(_, row)| {
            let mut open = row.iter().filter(|(answer, _)| is_open(*answer));
            open.any(|(_, cells)| cells.iter().any(is_seat))
        })
        .map(|(id, _)| id)
        .collect();
    let mut cells = landscape.cells();
    cells.any(|(id, cell)| {
        let accepts = cell.role.nature() != Nature::Inert;
        let is_within = || is_seat(id) && is_open(matrix.within(id));
        let mut passages = landscape.passages(id).iter();
        (accepts && (open_rows.contains(&matrix.row_of(id)) || is_within()))
            || (is_seat(id) && passages.any(|passage| !passage.is_certain))
    })
}

fn n_accepting(landscape: &Landscape<'_>) -> u64 {
    let natures = landscape.hosts().map(|(_, host)| host.owner.role.nature());
    natures.filter(|nature| *nature != Nature::Inert).count() as u64
}

fn counts(closure: &Closure<'_, '_>, host: HostId) -> Counts {
    let (transitive, direct) = closure.count_with_double(host);
    Counts {
        direct: direct as u64,
        transitive: transitive as u64,
    }
}

impl Score {
    fn add(&mut self, landscape: &Landscape<'_>, class: &HostClass, pairs: &Pairs) {
        self.whole.add(pairs);
        if let Some(vpc) = class.vpc {
            self.vpcs.entry(vpc).or_default().add(pairs);
            if let Some(owner) = &landscape.snapshot().vpcs().get(vpc).owner {
                self.accounts.entry(owner.clone()).or_default().add(pairs);
            }
        }
    }
}
