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
    IamRoles,
    IamPolicies,
    ManagedInstances,
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
        let of = |wanted| match (account, region) {
            // Organisations have very many lists: those that matter are looked up.
            (Some(account), Some(region)) => self.has_list(kind, (account, region), wanted),
            (None, _) | (_, None) => self.has_some_list(kind, (account, region), wanted),
        };
        of(Completeness::Complete) && !of(Completeness::Partial)
    }

    /// The kinds of which every resource of this account and region would be in the input.
    pub fn complete_kinds(
        &self,
        account: Option<&AccountId>,
        region: Option<&Region>,
    ) -> BTreeSet<Kind> {
        let kinds = self.seen.keys().copied();
        let complete = kinds.filter(|kind| self.is_complete(*kind, account, region));
        complete.collect()
    }

    /// Whether there is a list that speaks of an account and region.
    fn has_list(
        &self,
        kind: Kind,
        (account, region): (&AccountId, &Region),
        wanted: Completeness,
    ) -> bool {
        let accounts = [None, Some(account)].into_iter();
        let mut scopes = accounts.flat_map(|account| {
            [None, Some(region)].map(|region| Scope {
                account: account.cloned(),
                region: region.cloned(),
            })
        });
        let lists = self.seen.get(&kind);
        lists.is_some_and(|lists| scopes.any(|scope| lists.contains(&(scope, wanted))))
    }

    /// Whether there is a list that speaks of an account and region, as far as those are known.
    fn has_some_list(
        &self,
        kind: Kind,
        (account, region): (Option<&AccountId>, Option<&Region>),
        wanted: Completeness,
    ) -> bool {
        let covers = |scope: &Scope| {
            let is_same_account =
                scope.account.is_none() || account.is_none() || scope.account.as_ref() == account;
            let is_same_region =
                scope.region.is_none() || region.is_none() || scope.region.as_ref() == region;
            is_same_account && is_same_region
        };
        let mut lists = self.seen.get(&kind).into_iter().flatten();
        lists.any(|(scope, of)| *of == wanted && covers(scope))
    }

    /// Whether the input holds any list of this kind.
    pub fn has(&self, kind: Kind) -> bool {
        self.seen.contains_key(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where account and region are known, looking lists up finds what a look at all of them does.
    #[test]
    fn looking_a_list_up_finds_what_a_look_at_all_does() {
        let accounts = [None, Some("111111111111"), Some("222222222222")];
        let regions = [None, Some("eu-west-1"), Some("us-east-1")];
        let scopes = accounts.iter().flat_map(|account| {
            regions.iter().map(|region| Scope {
                account: account.map(AccountId::from),
                region: region.map(Region::from),
            })
        });
        for scope in scopes {
            let mut coverage = Coverage::default();
            coverage.record(Kind::Vpcs, scope, Completeness::Complete);
            for account in accounts.iter().flatten().copied().map(AccountId::from) {
                for region in regions.iter().flatten().copied().map(Region::from) {
                    let wanted = Completeness::Complete;
                    let (one, other) = ((&account, &region), (Some(&account), Some(&region)));
                    let looked_up = coverage.has_list(Kind::Vpcs, one, wanted);
                    assert_eq!(looked_up, coverage.has_some_list(Kind::Vpcs, other, wanted));
                }
            }
        }
    }
}
