//! From a snapshot to a plan.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{Index, RouteTarget, Snapshot, Subnet, TransitGatewayAttachment, Vpc};
use packet::{Family, Prefix};

use super::plan::{Hop, Plan, Table, Towards};
use super::probes::Probe;
use super::{Result, appliance, host, internet, nat, office, peering, subnet, transit};

/// What hosts do with packets for others, where AWS lets these through to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appliances {
    /// They forward all.
    Forward,
    /// They drop all.
    Drop,
}

/// A topology on its way to a plan.
#[derive(Debug)]
pub struct Lab<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) plan: Plan,
    pub(super) appliances: Appliances,
    /// Wires that lead on, by namespace and what they lead to.
    pub(super) onward: BTreeMap<(String, String), Towards>,
    /// The device of each subnet's router towards each attachment that stands in the subnet.
    pub(super) attachments: BTreeMap<(Index<Subnet>, Index<TransitGatewayAttachment>), Towards>,
    /// The devices of transit gateways towards their attachments, and the subnet in which each stands, if any.
    pub(super) exits: BTreeMap<(Index<TransitGatewayAttachment>, Option<Index<Subnet>>), Towards>,
}

impl<'a> Lab<'a> {
    /// The plan for a snapshot through which these probes are sent.
    ///
    /// # Errors
    ///
    /// If the snapshot holds what cannot be built here.
    pub fn plan(snapshot: &'a Snapshot, probes: &[Probe], appliances: Appliances) -> Result<Plan> {
        let mut lab = Self {
            snapshot,
            plan: Plan::default(),
            appliances,
            onward: BTreeMap::new(),
            attachments: BTreeMap::new(),
            exits: BTreeMap::new(),
        };
        for (index, _) in snapshot.vpcs().iter() {
            let name = lab.core(index);
            lab.plan.namespace(&name).forwards = true;
        }
        for (index, _) in snapshot.subnets().iter() {
            subnet::lay(&mut lab, index)?;
        }
        host::lay_all(&mut lab)?;
        nat::lay_all(&mut lab)?;
        internet::lay(&mut lab, probes)?;
        peering::lay_all(&mut lab);
        office::lay_all(&mut lab, probes)?;
        transit::lay_all(&mut lab)?;
        for (index, _) in snapshot.subnets().iter() {
            subnet::route(&mut lab, index)?;
            subnet::filter(&mut lab, index)?;
        }
        Ok(lab.plan)
    }

    /// The namespace where packets arrive in a VPC from no subnet.
    pub(super) fn core(&self, vpc: Index<Vpc>) -> String {
        format!("vpc-{}", self.snapshot.vpcs().get(vpc).id)
    }

    /// The wire from one namespace to another for one purpose, laid once.
    pub(super) fn towards(&mut self, from: &str, to: &str) -> Towards {
        let key = (from.to_owned(), to.to_owned());
        if let Some(towards) = self.onward.get(&key) {
            return towards.clone();
        }
        let (there, back) = self.plan.wire(from, to);
        self.onward.insert((to.to_owned(), from.to_owned()), back);
        self.onward.insert(key, there.clone());
        there
    }

    /// A wire for packets that go on from the far end in one way only, whatever their addresses: a table of its own.
    ///
    /// Returns the near end and the table at the far end, to fill; or `None` if there is one for this purpose, which
    /// [`Self::towards`] gives by the purpose instead of the far end.
    pub(super) fn entry(
        &mut self,
        from: &str,
        to: &str,
        purpose: &str,
    ) -> Option<(Towards, Table)> {
        let key = (from.to_owned(), purpose.to_owned());
        if self.onward.contains_key(&key) {
            return None;
        }
        let (there, back) = self.plan.wire(from, to);
        self.onward.insert(key, there.clone());
        self.onward
            .insert((purpose.to_owned(), from.to_owned()), back.clone());
        let namespace = self.plan.namespace(to);
        let table = Table::Number(namespace.next_table());
        namespace.rule(&format!("iif {}", back.device), table, ENTRY);
        Some((there, table))
    }

    /// To a host of the VPC, whatever the destination: over the bridge if it is in the same subnet, else by the
    /// router of its subnet.
    pub(super) fn neighbour(
        &mut self,
        from: Index<Subnet>,
        at: Index<Subnet>,
        address: IpAddr,
    ) -> Hop {
        let hop = Hop::Neighbour(subnet::BRIDGE.to_owned(), address);
        if from == at {
            return hop;
        }
        let (from, at) = (subnet::name(self, from), subnet::name(self, at));
        let purpose = format!("{at} {address}");
        let Some((towards, table)) = self.entry(&from, &at, &purpose) else {
            return Hop::Along(self.towards(&from, &purpose));
        };
        let block = Prefix::all(Family::of(address));
        self.plan.namespace(&at).route(block, &hop, table, 1);
        Hop::Along(towards)
    }

    /// Where a route of a subnet leads.
    pub(super) fn target(
        &mut self,
        from: Index<Subnet>,
        target: &RouteTarget,
        family: Family,
    ) -> Result<Hop> {
        match target {
            RouteTarget::Local => Ok(subnet::local(self, from)),
            RouteTarget::InternetGateway(link) => Ok(internet::gateway(self, from, link)),
            RouteTarget::EgressOnlyInternetGateway(link) => {
                Ok(internet::egress_only(self, from, link))
            }
            RouteTarget::NatGateway(link) => nat::gateway(self, from, link),
            RouteTarget::NetworkInterface(link) => appliance::interface(self, from, link, family),
            RouteTarget::Peering(link) => Ok(peering::connection(self, from, link)),
            RouteTarget::TransitGateway(link) => transit::gateway(self, from, link),
            RouteTarget::VpnGateway(link) => Ok(office::vpn_gateway(self, from, link)),
            other => Err(format!("a route to {other:?} cannot be built")),
        }
    }
}

/// The preference of rules for packets that come in by an entry.
pub(super) const ENTRY: u32 = 40;
/// The preference of rules for packets to the subnet itself.
pub(super) const CONNECTED: u32 = 50;
/// The preference of rules for packets to the VPC.
pub(super) const LOCAL: u32 = 60;
/// The preference of all other rules.
pub(super) const OTHER: u32 = 70;
