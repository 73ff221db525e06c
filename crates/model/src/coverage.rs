//! Which kinds of resources the input holds, for which accounts and regions.

use std::collections::{BTreeMap, BTreeSet};

use crate::pack::Pack;
use crate::{AccountId, Origin, Region};

/// A kind of resource, as one API operation lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
#[expect(missing_docs, reason = "each variant is the EC2 word for the kind")]
pub enum Kind {
    Vpcs,
    Subnets,
    NetworkInterfaces,
    Instances,
    SecurityGroups,
    NetworkAcls,
    RouteTables,
    InternetGateways,
    EgressOnlyInternetGateways,
    NatGateways,
    VpcPeeringConnections,
    TransitGateways,
    TransitGatewayAttachments,
    TransitGatewayVpcAttachments,
    TransitGatewayRouteTables,
    TransitGatewayRoutes,
    TransitGatewayAssociations,
    TransitGatewayPropagations,
    VpnGateways,
    VpnConnections,
    CustomerGateways,
    DirectConnectGateways,
    DirectConnectGatewayAssociations,
    VirtualInterfaces,
    ClientVpnEndpoints,
    CoreNetworkAttachments,
    PrefixLists,
    Addresses,
    LoadBalancers,
    ClassicLoadBalancers,
    TargetGroups,
    TargetGroupAttributes,
    VpcEndpoints,
    VpcEndpointServices,
    VpcEndpointConnections,
    VpcBlockPublicAccessOptions,
    VpcBlockPublicAccessExclusions,
}

/// The part of AWS that a file speaks about. `None` means that the file does not say, and counts as all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Pack)]
pub struct Scope {
    /// The account.
    pub account: Option<AccountId>,
    /// The region.
    pub region: Option<Region>,
}

/// Whether a list of resources is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Completeness {
    /// Every resource of the kind is there.
    Complete,
    /// Some may be lost: a page failed, an element could not be read.
    Partial,
}

/// Which lists of resources the input holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Pack)]
pub struct Coverage {
    seen: BTreeMap<Kind, BTreeSet<(Scope, Completeness)>>,
    /// What the input holds and the model does not, with the first place that tells it.
    unmodelled: BTreeMap<&'static str, Origin>,
}

impl Coverage {
    /// Notes that the input holds a list.
    pub fn record(&mut self, kind: Kind, scope: Scope, completeness: Completeness) {
        self.seen
            .entry(kind)
            .or_default()
            .insert((scope, completeness));
    }

    /// Adds all that another coverage holds.
    pub fn merge(&mut self, other: Self) {
        for (kind, lists) in other.seen {
            self.seen.entry(kind).or_default().extend(lists);
        }
        for (what, origin) in other.unmodelled {
            self.note_unmodelled(what, origin);
        }
    }

    /// Notes that the input holds something, named in the plural, by which packets may go and which no answer heeds.
    pub fn note_unmodelled(&mut self, what: &'static str, origin: Origin) {
        self.unmodelled.entry(what).or_insert(origin);
    }

    /// What the input holds, by which packets may go, and which no answer heeds; each with a place that tells it.
    pub fn unmodelled(&self) -> impl Iterator<Item = (&'static str, &Origin)> {
        self.unmodelled.iter().map(|(what, origin)| (*what, origin))
    }

    /// Whether a resource of this kind, account and region would be in the input if it existed.
    pub fn is_complete(
        &self,
        kind: Kind,
        account: Option<&AccountId>,
        region: Option<&Region>,
    ) -> bool {
        let covers = |scope: &Scope| {
            let same_account =
                scope.account.is_none() || account.is_none() || scope.account.as_ref() == account;
            let same_region =
                scope.region.is_none() || region.is_none() || scope.region.as_ref() == region;
            same_account && same_region
        };
        let lists = self.seen.get(&kind).into_iter().flatten();
        let mut lists = lists.filter(|(scope, _)| covers(scope)).peekable();
        lists.peek().is_some()
            && lists.all(|(_, completeness)| *completeness == Completeness::Complete)
    }

    /// Whether the input holds any list of this kind.
    pub fn has(&self, kind: Kind) -> bool {
        self.seen.contains_key(&kind)
    }
}
