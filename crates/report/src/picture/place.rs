//! Where hosts stand.

use std::collections::BTreeMap;

use analysis::Member;
use model::{Resource, Snapshot};

/// Where a node is drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In no VPC: the internet, an office.
    Outside,
    /// In a VPC.
    Inside {
        /// The account that owns the VPC.
        account: Spot,
        /// The VPC.
        vpc: Spot,
        /// The subnets.
        subnets: Spot,
    },
    /// In many places, which are not drawn apart.
    Further,
}

/// An account, a VPC or a subnet, or several of them in which hosts of one class stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// The ids, in order.
    pub(super) ids: Vec<String>,
    /// In words: `VPC hub-prod (vpc-…)`, `2 subnets: app-a, app-b`.
    pub(super) label: String,
}

impl Place {
    /// Where hosts stand: where all of their interfaces do.
    pub(super) fn of(members: &[Member], snapshot: &Snapshot) -> Self {
        let mut accounts = Names::new();
        let mut vpcs = Names::new();
        let mut subnets = Names::new();
        let interfaces = members.iter().flat_map(|member| &member.interfaces);
        let interfaces = interfaces.filter_map(|id| snapshot.interfaces().find(id.as_str()));
        for interface in interfaces.map(|index| snapshot.interfaces().get(index)) {
            let vpc = interface.vpc.target();
            let vpc = vpc.map(|index| snapshot.vpcs().get(index));
            let subnet = interface.subnet.target();
            let subnet = subnet.map(|index| snapshot.subnets().get(index));
            let owner = vpc.and_then(|vpc| vpc.owner.as_ref());
            if let Some(account) = owner.or(interface.owner.as_ref()) {
                accounts.insert(account.to_string(), None);
            }
            let name = vpc.and_then(Resource::name).map(str::to_owned);
            vpcs.insert(interface.vpc.id().to_string(), name);
            let name = subnet.and_then(Resource::name).map(str::to_owned);
            subnets.insert(interface.subnet.id().to_string(), name);
        }
        if vpcs.is_empty() {
            return Self::Outside;
        }
        Self::Inside {
            account: Spot::of(accounts, "account"),
            vpc: Spot::of(vpcs, "VPC"),
            subnets: Spot::of(subnets, "subnet"),
        }
    }
}

/// Ids with names.
type Names = BTreeMap<String, Option<String>>;

impl Spot {
    fn of(names: Names, kind: &str) -> Self {
        let label = match names.iter().next() {
            None => format!("unknown {kind}"),
            Some((id, Some(name))) if names.len() == 1 => format!("{kind} {name} ({id})"),
            Some((id, None)) if names.len() == 1 => format!("{kind} {id}"),
            Some(_) => {
                let told = names.iter().take(MAX_NAMES);
                let told: Vec<&str> = told
                    .map(|(id, name)| name.as_ref().unwrap_or(id).as_str())
                    .collect();
                let more = names.len() - told.len();
                let more = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                format!("{} {kind}s: {}{more}", names.len(), told.join(", "))
            }
        };
        Self {
            ids: names.into_keys().collect(),
            label,
        }
    }
}

/// So many of several places are named.
const MAX_NAMES: usize = 4;
