//! The subnets of a VPC of applications: one of each kind in every zone.

use std::io;

use crate::Writer;
use crate::filters::Entry;
use crate::gateways::ids;
use crate::plan::{Plan, Segment, Vpc};
use crate::text::ZONES;
use crate::vpc::Subnet;

/// The subnets, by zone.
#[derive(Debug, Default)]
pub(crate) struct Tiers {
    pub(crate) public: Vec<Subnet>,
    pub(crate) app: Vec<Subnet>,
    pub(crate) data: Vec<Subnet>,
    /// Hosts that were given a place, over all subnets.
    pub(crate) n_hosts: usize,
}

/// Which subnets a host belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    Public,
    App,
    Data,
}

impl Tiers {
    /// The subnet for the next host of a tier; application subnets are large enough for all that find no place.
    pub(crate) fn next(&mut self, tier: Tier) -> io::Result<&mut Subnet> {
        let zone = self.n_hosts % ZONES.len();
        self.n_hosts += 1;
        let wanted = match tier {
            Tier::Public => &self.public,
            Tier::App => &self.app,
            Tier::Data => &self.data,
        };
        let has_place = wanted.get(zone).is_some_and(|subnet| !subnet.is_full());
        let found = match tier {
            Tier::Public if has_place => self.public.get_mut(zone),
            Tier::Data if has_place => self.data.get_mut(zone),
            Tier::App if has_place => self.app.get_mut(zone),
            Tier::Public | Tier::App | Tier::Data => {
                self.app.iter_mut().find(|subnet| !subnet.is_full())
            }
        };
        found.ok_or_else(|| io::Error::other("a VPC is full"))
    }
}

impl Writer {
    /// All VPCs of applications, account by account.
    pub(crate) fn spokes(&mut self, plan: &Plan) -> io::Result<()> {
        let mut account = None;
        for vpc in plan.vpcs.iter().skip(1) {
            let own = vpc.account();
            if account.as_ref() != Some(&own) {
                if let Some(before) = account.replace(own) {
                    self.folder.close(&before)?;
                }
                self.prefix_lists(*vpc)?;
            }
            self.spoke(plan, *vpc)?;
        }
        Ok(())
    }

    /// A VPC is cut in 32 parts: one for each public and each data subnet, eight for each application subnet.
    fn spoke(&mut self, plan: &Plan, vpc: Vpc) -> io::Result<()> {
        self.vpc(vpc)?;
        let part = vpc.size() / 32;
        let (narrow, wide) = (vpc.length + 5, vpc.length + 2);
        let mut tiers = Tiers::default();
        let mut attached = Vec::new();
        for (zone, offset) in (0..ZONES.len()).zip(0_u32..) {
            let public = self.subnet(vpc, zone, zone, (offset * part, narrow))?;
            tiers.public.push(public);
            let data = self.subnet(vpc, 3 + zone, zone, ((3 + offset) * part, narrow))?;
            tiers.data.push(data);
            let app = self.subnet(vpc, 6 + zone, zone, ((8 + 8 * offset) * part, wide))?;
            tiers.app.push(app);
            attached.push(self.subnet(vpc, 9 + zone, zone, (6 * part + 16 * offset, 28))?);
        }
        if vpc.segment != Segment::Isolated {
            self.attachment(vpc, &ids(&attached))?;
        }
        self.default_acl(vpc)?;
        self.data_acl(vpc, &ids(&tiers.data))?;
        self.ways(plan, vpc, &mut tiers)?;
        self.applications(vpc, tiers)
    }

    /// Databases are asked from inside, and answer to ephemeral ports.
    fn data_acl(&mut self, vpc: Vpc, subnets: &[String]) -> io::Result<()> {
        let inside = || "10.0.0.0/8".to_owned();
        let allow = |number, cidr: String, first, last| -> Entry {
            ("6", number, cidr, Some((first, last)), true)
        };
        let ingress = [
            allow(100, vpc.cidr(), 5432, 5432),
            allow(110, vpc.cidr(), 6379, 6379),
            allow(120, inside(), 22, 22),
            allow(130, inside(), 1024, 65535),
        ];
        let egress = [allow(100, inside(), 1024, 65535)];
        self.acl(vpc, 1, subnets, &ingress, &egress)
    }
}
