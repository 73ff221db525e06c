//! Which doors of fronts senders come to: those that come to the same ones by the same answers reach the same behind them.

use std::collections::BTreeSet;

use engine::ClassId;
use model::{Index, NetworkInterface};

use crate::fingerprint::{Sums, fingerprint};
use crate::front::Passing;
use crate::host::Cell;
use crate::landscape::Landscape;

/// What classes of the engine send to the doors of fronts, as numbers.
#[derive(Debug)]
pub(crate) struct Doorways {
    /// For each class, a number for all that it sends to doors.
    entered: Vec<u128>,
    /// The same for what doors hand on without answering it: what comes of that depends on who sent it.
    handed_on: Vec<u128>,
    /// The interfaces that are nodes of fronts: they do not send to themselves.
    nodes: BTreeSet<Index<NetworkInterface>>,
    /// Whether every door has addresses that the engine knows.
    is_whole: bool,
}

impl Doorways {
    /// # Cost
    ///
    /// The rows of the doors, once.
    pub(crate) fn of(landscape: &Landscape<'_>) -> Self {
        let engine = landscape.engine();
        let rows = engine.rows();
        let n_classes = engine.classes().len();
        let (mut entered, mut handed_on) = (Sums::new(n_classes), Sums::new(n_classes));
        let mut is_whole = true;
        let fronts = landscape.fronts();
        let own = fronts
            .iter()
            .filter(|front| front.name.kind.gate().is_none());
        for (number, door) in own.flat_map(|front| &front.doors).enumerate() {
            for (place, address) in door.at.iter().enumerate() {
                let Some(target) = engine.class_of(address) else {
                    is_whole = false;
                    continue;
                };
                for (answer, classes) in rows.row(rows.row_of(target)).parts() {
                    let word = fingerprint([number, place, answer.number()].into_iter());
                    for (first, last) in classes.ranges() {
                        let range = (first.number(), last.number() + 1);
                        entered.add(range, word);
                        if door.passing == Passing::HandsOn {
                            handed_on.add(range, word);
                        }
                    }
                }
            }
        }
        Self {
            entered: entered.finish(),
            handed_on: handed_on.finish(),
            nodes: fronts
                .iter()
                .flat_map(|front| &front.nodes)
                .copied()
                .collect(),
            is_whole,
        }
    }

    /// What hosts of a cell share with all who reach the same through fronts; `None` if that depends on who they are.
    pub(crate) fn kind(&self, landscape: &Landscape<'_>, cell: &Cell) -> Option<Vec<u128>> {
        let mut interfaces = cell
            .hosts
            .iter()
            .flat_map(|host| &landscape.host(*host).interfaces);
        let is_node = interfaces.any(|interface| self.nodes.contains(interface));
        if !self.is_whole || is_node {
            return None;
        }
        let of = |sums: &[u128], class: &ClassId| sums.get(class.number()).copied();
        let depends = |class: &ClassId| of(&self.handed_on, class) != Some(0);
        if cell.sources.iter().any(depends) {
            return None;
        }
        let mut kind: Vec<u128> = cell
            .sources
            .iter()
            .filter_map(|class| of(&self.entered, class))
            .collect();
        kind.sort_unstable();
        kind.dedup();
        Some(kind)
    }
}
