//! What changes of rules leave as it is.

use crate::{Index, SecurityGroup, Snapshot};

impl Snapshot {
    /// The groups whose rules may differ from those of another snapshot, if both share all the rest; `None` if they do
    /// not.
    ///
    /// Snapshots that [`Snapshot::with`] made of one another by changes of rules share all the rest.
    ///
    /// # Cost
    ///
    /// A look at each group, none at its rules.
    pub fn changed_rules(&self, before: &Self) -> Option<Vec<Index<SecurityGroup>>> {
        let is_shared = self.shares_all_but_groups(before)
            && self.groups.len() == before.groups.len()
            && std::ptr::eq(self.groups.ids(), before.groups.ids());
        is_shared.then_some(())?;
        let mut changed = Vec::new();
        for ((index, group), was) in self.groups.iter().zip(before.groups.rows()) {
            if group.is_complete != was.is_complete {
                return None;
            }
            if !group.rules.is_shared_with(&was.rules) {
                changed.push(index);
            }
        }
        Some(changed)
    }
}
