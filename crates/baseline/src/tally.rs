//! Verdicts on all pairs of a network.

use model::{Endpoint, Snapshot};
use packet::Family;

/// How many ordered pairs of addresses got which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pairs between which some packet makes a session.
    pub open: u64,
    /// Pairs between which none does.
    pub shut: u64,
    /// Pairs that the baseline cannot express.
    pub inexpressible: u64,
}

impl Tally {
    /// Asks for every ordered pair of addresses of interfaces that are of one family and not of one interface.
    pub(crate) fn over(
        snapshot: &Snapshot,
        is_open: impl Fn(&Endpoint, &Endpoint) -> Option<bool>,
    ) -> Self {
        let ends = ends(snapshot);
        let mut tally = Self::default();
        for from in &ends {
            for to in ends.iter().filter(|to| are_apart(from, to)) {
                match is_open(from, to) {
                    Some(true) => tally.open += 1,
                    Some(false) => tally.shut += 1,
                    None => tally.inexpressible += 1,
                }
            }
        }
        tally
    }

    /// All pairs.
    pub const fn pairs(&self) -> u64 {
        self.open + self.shut + self.inexpressible
    }
}

/// Every interface by every address that it holds by itself.
fn ends(snapshot: &Snapshot) -> Vec<Endpoint> {
    let interfaces = snapshot.interfaces().iter();
    let of_one = interfaces.flat_map(|(interface, one)| {
        let addresses = one.addresses.iter().map(|held| held.address);
        addresses.map(move |address| Endpoint::Interface { interface, address })
    });
    of_one.collect()
}

fn are_apart(from: &Endpoint, to: &Endpoint) -> bool {
    let is_one_interface = match (from, to) {
        (Endpoint::Interface { interface: a, .. }, Endpoint::Interface { interface: b, .. }) => {
            a == b
        }
        _ => false,
    };
    !is_one_interface && Family::of(from.address()) == Family::of(to.address())
}
