//! ACLs with as many entries as AWS gives at most.

use std::io;

use crate::Writer;
use crate::filters::Entry;
use crate::plan::Vpc;

/// Entries in one direction: the quota when it is raised as far as AWS does, less the last entry, which AWS adds.
const ENTRIES: usize = 40;
/// How wide a range of ports is.
const WIDTHS: (usize, usize) = (0, 5_000);
/// The lengths of blocks.
const LENGTHS: (usize, usize) = (17, 28);

impl Writer {
    /// An ACL for one subnet, of entries that deny and allow by turns; the last ones let the others pass.
    pub(crate) fn full_acl(&mut self, vpc: Vpc, number: usize, subnet: &str) -> io::Result<()> {
        let [ingress, egress] = [(); 2].map(|()| self.full_entries(vpc));
        self.acl(vpc, number, &[subnet.to_owned()], &ingress, &egress)
    }

    fn full_entries(&mut self, vpc: Vpc) -> Vec<Entry> {
        let mut entries: Vec<Entry> = (1..ENTRIES)
            .map(|number| {
                let ports = self.any_ports(WIDTHS);
                let block = self.any_block(vpc, LENGTHS);
                ("6", number, block, Some(ports), number.is_multiple_of(2))
            })
            .collect();
        entries.push(("-1", ENTRIES, "0.0.0.0/0".into(), None, true));
        entries
    }
}
