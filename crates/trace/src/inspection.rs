//! Why an appliance, a switch of the account or the state of a machine drops a packet, or perhaps does.

use std::net::IpAddr;

use model::{
    FirewallRuleGroup, FirewallRules, Index, NatGateway, NetworkFirewall, NetworkInterface, Origin,
    ResourceId, Snapshot, Subnet, Vpc,
};

use crate::names::named;

/// A rule of a firewall: the group and the rule's number.
pub(crate) type FirewallRule = (Index<FirewallRuleGroup>, usize);

/// Why an appliance, a switch or the state of a machine drops a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InspectionReason {
    /// The instance of the interface is stopped or gone.
    InstanceStopped(Index<NetworkInterface>),
    /// The interface is attached to nothing.
    NotAttached(Index<NetworkInterface>),
    /// A route of a VPN gateway leads to an endpoint, which AWS drops.
    EndpointAtVpnGateway(ResourceId),
    /// The endpoint does not work.
    EndpointUnavailable(ResourceId),
    /// A rule of the firewall drops it, or a default of its policy.
    FirewallDrop(
        Index<NetworkFirewall>,
        Option<(Index<FirewallRuleGroup>, usize)>,
    ),
    /// Block Public Access shuts the VPC or the subnet.
    PublicAccessBlocked(Index<Vpc>, Option<Index<Subnet>>),
    /// The interface takes nothing from internet gateways.
    RefusesInternet(Index<NetworkInterface>),
}

impl InspectionReason {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::InstanceStopped(_) => "instance-stopped",
            Self::NotAttached(_) => "not-attached",
            Self::EndpointAtVpnGateway(_) => "endpoint-at-vpn-gateway",
            Self::EndpointUnavailable(_) => "appliance-endpoint-unavailable",
            Self::FirewallDrop(..) => "firewall-drop",
            Self::PublicAccessBlocked(..) => "public-access-blocked",
            Self::RefusesInternet(_) => "refuses-internet",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let interface = |index: &Index<NetworkInterface>| named(snapshot.interfaces(), *index);
        match self {
            Self::InstanceStopped(index) => format!(
                "the instance of {} does not run: what is allowed there is open once it is started",
                interface(index)
            ),
            Self::NotAttached(index) => format!(
                "{} is attached to nothing: what is allowed there is open once it is attached",
                interface(index)
            ),
            Self::EndpointAtVpnGateway(id) => {
                format!("a route of a VPN gateway cannot lead to the endpoint {id}")
            }
            Self::EndpointUnavailable(id) => format!("endpoint {id} is not available"),
            Self::FirewallDrop(index, rule) => format!(
                "{} of firewall {} drops it",
                rule_or_default(snapshot, *rule),
                named(snapshot.firewalls(), *index)
            ),
            Self::PublicAccessBlocked(vpc, subnet) => format!(
                "Block Public Access shuts {}",
                place(snapshot, *vpc, *subnet)
            ),
            Self::RefusesInternet(index) => format!(
                "{} denies all traffic of internet gateways",
                interface(index)
            ),
        }
    }

    pub(crate) fn remedy(&self, snapshot: &Snapshot) -> Option<String> {
        match self {
            Self::InstanceStopped(_) => Some("to start the instance".to_owned()),
            Self::NotAttached(_) => Some("to attach the interface".to_owned()),
            Self::FirewallDrop(index, _) => Some(format!(
                "a rule of firewall {} that passes it",
                named(snapshot.firewalls(), *index)
            )),
            Self::PublicAccessBlocked(vpc, subnet) => Some(format!(
                "an exclusion of {} from Block Public Access",
                place(snapshot, *vpc, *subnet)
            )),
            Self::EndpointAtVpnGateway(_)
            | Self::EndpointUnavailable(_)
            | Self::RefusesInternet(_) => None,
        }
    }

    pub(crate) fn origin<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Origin> {
        match *self {
            Self::InstanceStopped(index)
            | Self::NotAttached(index)
            | Self::RefusesInternet(index) => Some(&snapshot.interfaces().get(index).origin),
            Self::FirewallDrop(_, Some((group, _))) => {
                Some(&snapshot.firewall_rule_groups().get(group).origin)
            }
            Self::FirewallDrop(index, None) => Some(&snapshot.firewalls().get(index).origin),
            Self::PublicAccessBlocked(vpc, None) => Some(&snapshot.vpcs().get(vpc).origin),
            Self::PublicAccessBlocked(_, Some(subnet)) => {
                Some(&snapshot.subnets().get(subnet).origin)
            }
            Self::EndpointAtVpnGateway(_) | Self::EndpointUnavailable(_) => None,
        }
    }
}

/// Why an appliance, a switch or something beyond this model perhaps drops a packet. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InspectionDoubt {
    /// Who holds the next hop that a route server advertised is not known.
    NextHop(Index<Vpc>, IpAddr),
    /// The ACL of the endpoint's subnet denies; whether AWS asks it is not documented.
    EndpointAcl(Index<Subnet>),
    /// Part of the firewall's policy is not in the input, or looks at what is not modelled.
    FirewallUnknown(Index<NetworkFirewall>),
    /// What the application says decides at the firewall: a rule, or a default of the policy.
    FirewallCondition(
        Index<NetworkFirewall>,
        Option<(Index<FirewallRuleGroup>, usize)>,
    ),
    /// First packet and answer do not cross the same firewalls.
    Asymmetric,
    /// Whether Block Public Access shuts the VPC or the subnet is not known.
    PublicAccessUnknown(Index<Vpc>, Option<Index<Subnet>>),
    /// Encryption Controls of the VPC may drop what is not encrypted.
    EncryptionControls(Index<Vpc>),
    /// An appliance is attached to the NAT gateway.
    NatAppliance(Index<NatGateway>),
    /// A carrier's network is not modelled.
    CarrierGateway(ResourceId),
    /// The network around an Outpost is not modelled.
    LocalGateway(ResourceId),
    /// A database network is not modelled.
    OdbNetwork(ResourceId),
}

impl InspectionDoubt {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NextHop(..) => "next-hop",
            Self::EndpointAcl(_) => "endpoint-acl",
            Self::FirewallUnknown(_) => "firewall-unknown",
            Self::FirewallCondition(..) => "firewall-condition",
            Self::Asymmetric => "asymmetric",
            Self::PublicAccessUnknown(..) => "public-access-unknown",
            Self::EncryptionControls(_) => "encryption-controls",
            Self::NatAppliance(_) => "nat-appliance",
            Self::CarrierGateway(_) => "carrier-gateway",
            Self::LocalGateway(_) => "local-gateway",
            Self::OdbNetwork(_) => "odb-network",
        }
    }

    pub(crate) fn describe(&self, snapshot: &Snapshot) -> String {
        let firewall = |index: &Index<NetworkFirewall>| named(snapshot.firewalls(), *index);
        match self {
            Self::NextHop(vpc, address) => format!(
                "the input does not tell which interface of {} is the next hop {address}",
                named(snapshot.vpcs(), *vpc)
            ),
            Self::EndpointAcl(subnet) => format!(
                "the ACL of {} denies it, and may not be asked for what passes an endpoint",
                named(snapshot.subnets(), *subnet)
            ),
            Self::FirewallUnknown(index) => format!(
                "the input does not tell all that decides at firewall {}",
                firewall(index)
            ),
            Self::FirewallCondition(index, rule) => format!(
                "{} of firewall {} decides by what the application says",
                rule_or_default(snapshot, *rule),
                firewall(index)
            ),
            Self::Asymmetric => {
                "a firewall on the way sees only one direction, and may drop it".to_owned()
            }
            Self::PublicAccessUnknown(vpc, subnet) => format!(
                "the input does not tell whether Block Public Access shuts {}",
                place(snapshot, *vpc, *subnet)
            ),
            Self::EncryptionControls(vpc) => format!(
                "Encryption Controls of {} may drop what is not encrypted",
                named(snapshot.vpcs(), *vpc)
            ),
            Self::NatAppliance(nat) => format!(
                "an appliance at NAT gateway {} decides",
                named(snapshot.nat_gateways(), *nat)
            ),
            Self::CarrierGateway(id) => {
                format!("the network behind carrier gateway {id} is not modelled")
            }
            Self::LocalGateway(id) => {
                format!("the network behind local gateway {id} is not modelled")
            }
            Self::OdbNetwork(id) => format!("the database network {id} is not modelled"),
        }
    }
}

fn place(snapshot: &Snapshot, vpc: Index<Vpc>, subnet: Option<Index<Subnet>>) -> String {
    match subnet {
        Some(subnet) => named(snapshot.subnets(), subnet),
        None => named(snapshot.vpcs(), vpc),
    }
}

/// A rule of a firewall in words, or its default.
pub(crate) fn rule_or_default(snapshot: &Snapshot, rule: Option<FirewallRule>) -> String {
    let Some((group, number)) = rule else {
        return "the default".to_owned();
    };
    let name = named(snapshot.firewall_rule_groups(), group);
    let text = match &snapshot.firewall_rule_groups().get(group).rules {
        FirewallRules::Stateless(rules) => rules
            .get(number)
            .map(|rule| format!("rule {}", rule.priority)),
        FirewallRules::Stateful(rules) => rules
            .get(number)
            .map(|rule| format!("rule `{}`", rule.text)),
    };
    match text {
        Some(text) => format!("{text} in {name}"),
        None => name,
    }
}
