//! Network ACLs: at the border of a subnet, in both directions, for every packet.

use model::{Direction, Index, Kind, NetworkAcl, Subnet, Verdict};

use crate::walk::{Flight, Stop};
use crate::{Doubt, Ground, Reason, Tracer};

impl Tracer<'_> {
    /// Asks the ACL of a subnet. The first entry that matches decides; none means deny.
    pub(crate) fn ask_acl(
        &self,
        flight: &mut Flight,
        subnet: Index<Subnet>,
        direction: Direction,
    ) -> Result<(), Stop> {
        let index = match self.acl_of(subnet) {
            Ok(index) => index,
            Err(doubt) => {
                flight.doubt(doubt);
                return Ok(());
            }
        };
        let address = match direction {
            Direction::Ingress => flight.packet.source(),
            Direction::Egress => flight.packet.destination(),
        };
        let mut entries = self.snapshot.acls().get(index).entries.iter().enumerate();
        let first = entries.find(|(_, entry)| {
            entry.direction == direction
                && entry.cidr.contains(address)
                && entry.service.matches(&flight.packet)
        });
        match first.map(|(number, entry)| (number, entry.verdict)) {
            Some((number, Verdict::Allow)) => {
                flight.allow(Ground::Entry(index, number));
                Ok(())
            }
            Some((number, Verdict::Deny)) => Err(Reason::AclDeny(index, number, subnet).into()),
            None => Err(Reason::AclNoEntry(index, direction, subnet).into()),
        }
    }

    /// The ACL that names the subnet, else the default one of its VPC, if it is known whole.
    fn acl_of(&self, subnet: Index<Subnet>) -> Result<Index<NetworkAcl>, Doubt> {
        let named = self.acls.get(&subnet).copied();
        let fallback = || {
            let vpc = &self.snapshot.subnets().get(subnet).vpc;
            let is_whole = vpc
                .target()
                .is_some_and(|vpc| self.is_whole(Kind::NetworkAcls, vpc));
            self.default_acls
                .get(vpc.id())
                .copied()
                .filter(|_| is_whole)
        };
        let index = named.or_else(fallback).ok_or(Doubt::MissingAcl(subnet))?;
        if self.snapshot.acls().get(index).is_complete {
            return Ok(index);
        }
        Err(Doubt::PartialAcl(index))
    }
}
