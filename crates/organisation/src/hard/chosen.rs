//! Blocks and ranges of ports, as they come.

use crate::Writer;
use crate::plan::Vpc;
use crate::text::{small, v4};

impl Writer {
    /// A block of the VPC; its length lies between two.
    pub(crate) fn any_block(&mut self, vpc: Vpc, (shortest, longest): (usize, usize)) -> String {
        let length = small(self.random.between(shortest, longest));
        let size = 1_u32 << (32 - length);
        let n_blocks = usize::try_from(vpc.size() / size).unwrap_or(1);
        let number = small(self.random.below(n_blocks));
        format!("{}/{length}", v4(vpc.base + number * size))
    }

    /// A range of ports; how many ports follow its first one lies between two numbers.
    pub(crate) fn any_ports(&mut self, (narrowest, widest): (usize, usize)) -> (u16, u16) {
        let more = self.random.between(narrowest, widest);
        let first = self.random.below(usize::from(u16::MAX) - more);
        let [first, last] = [first, first + more];
        let port = |number| u16::try_from(number).unwrap_or(u16::MAX);
        (port(first), port(last))
    }
}
