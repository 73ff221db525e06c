//! Load balancers, their listeners, and the targets behind them.

use std::net::IpAddr;
use std::sync::Arc;

use packet::Protocol;

use crate::id::resource;
use crate::pack::Pack;
use crate::{
    AccountId, Link, NetworkInterface, Origin, Region, ResourceId, ResourceState, SecurityGroup,
    Subnet, TargetGroup, Vpc, Zone,
};

/// A load balancer of any of the four kinds.
#[derive(Debug, Clone, Pack)]
pub struct LoadBalancer {
    /// Its ARN; the name of a Classic one.
    pub id: ResourceId,
    /// The name that users gave it.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// Which of the four kinds.
    pub kind: LoadBalancerKind,
    /// For whom its names are resolved.
    pub scheme: LoadBalancerScheme,
    /// The VPC that its nodes stand in.
    pub vpc: Link<Vpc>,
    /// The groups that its nodes wear.
    pub groups: Vec<Link<SecurityGroup>>,
    /// The enabled zones, each with its subnet.
    pub zones: Vec<LoadBalancerZone>,
    /// Whether it works.
    pub state: ResourceState,
    /// Whether nodes reach targets of every enabled zone (`load_balancing.cross_zone.enabled`).
    pub cross_zone: Attribute<bool>,
    /// Whether IPv6 packets that come by an internet gateway are dropped (`ipv6.deny_all_igw_traffic`).
    pub denies_internet_ipv6: Attribute<bool>,
    /// Whether its groups are asked about clients that come by an endpoint service.
    pub enforces_groups_on_private_link: bool,
    /// Its listeners, as far as the input tells.
    pub listeners: Vec<Listener>,
    /// Whether these are all of its listeners.
    pub listeners_known: bool,
    /// Its interfaces: those that name it in their description or hold an address that it lists.
    pub nodes: Vec<Link<NetworkInterface>>,
    /// Where it was read.
    pub origin: Origin,
}

impl LoadBalancer {
    /// The description that AWS gives its interfaces: `ELB net/NAME/ID`.
    pub fn description_of_nodes(&self) -> String {
        let arn = self.id.as_str();
        let rest = arn.split_once(":loadbalancer/").map(|(_, rest)| rest);
        format!("ELB {}", rest.unwrap_or(arn))
    }
}

/// The kind of a load balancer. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum LoadBalancerKind {
    /// Answers HTTP itself and asks its targets.
    Application,
    /// Passes connections on to its targets.
    Network,
    /// The first generation: answers connections itself.
    Classic,
    /// Hands packets to appliances.
    Gateway,
}

/// For whom a load balancer is meant. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum LoadBalancerScheme {
    /// Its nodes have private addresses only.
    Internal,
    /// Its nodes have public addresses too.
    InternetFacing,
}

/// An enabled zone of a load balancer.
#[derive(Debug, Clone, Pack)]
pub struct LoadBalancerZone {
    /// The subnet of its node there.
    pub subnet: Link<Subnet>,
    /// The zone, where told.
    pub zone: Option<Zone>,
    /// The addresses of its node that the load balancer itself lists: private, IPv6 and public.
    pub addresses: Vec<IpAddr>,
}

/// A setting that the input may not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Pack)]
pub enum Attribute<T> {
    /// The input tells it.
    Told(T),
    /// The input tells that nobody set it.
    Default,
    /// The input does not tell.
    #[default]
    Unknown,
}

impl<T> Attribute<T> {
    /// The value, with this one where nobody set it; `None` if the input does not tell.
    pub fn or(self, default: T) -> Option<T> {
        match self {
            Self::Told(value) => Some(value),
            Self::Default => Some(default),
            Self::Unknown => None,
        }
    }
}

/// A port on which a load balancer takes connections.
#[derive(Debug, Clone, Pack)]
pub struct Listener {
    /// Its ARN; made up of name and port for a Classic one.
    pub id: ResourceId,
    /// What it speaks.
    pub protocol: BalancerProtocol,
    /// The port.
    pub port: u16,
    /// What it does with what no rule matches.
    pub actions: Vec<ListenerAction>,
    /// Its other rules, as far as the input tells.
    pub rules: Vec<ListenerRule>,
    /// Whether these are all of its rules.
    pub rules_known: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// A rule of a listener: for some hosts, paths or headers, do this.
#[derive(Debug, Clone, Pack)]
pub struct ListenerRule {
    /// Its ARN.
    pub id: ResourceId,
    /// What it does with what it matches.
    pub actions: Vec<ListenerAction>,
    /// Where it was read.
    pub origin: Origin,
}

/// What a listener does. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum ListenerAction {
    /// Passes on to targets of one of these groups.
    Forward(Vec<WeightedTargetGroup>),
    /// Anything else, by the name that AWS gives it: it leads to no target.
    Other(Arc<str>),
}

/// A group of targets with its share.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub struct WeightedTargetGroup {
    /// The group.
    pub group: Link<TargetGroup>,
    /// Its share among all; none if zero.
    pub weight: u16,
}

/// What a listener or a group of targets speaks. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
#[expect(missing_docs, reason = "each variant is the word of AWS")]
pub enum BalancerProtocol {
    Http,
    Https,
    Tcp,
    Ssl,
    Tls,
    Udp,
    TcpUdp,
    Quic,
    TcpQuic,
    Geneve,
}

impl BalancerProtocol {
    /// Whether packets of the protocol belong to it.
    pub fn carries(self, protocol: Protocol) -> bool {
        match self {
            Self::Http | Self::Https | Self::Tcp | Self::Ssl | Self::Tls => {
                protocol == Protocol::TCP
            }
            Self::Udp | Self::Quic | Self::Geneve => protocol == Protocol::UDP,
            Self::TcpUdp | Self::TcpQuic => [Protocol::TCP, Protocol::UDP].contains(&protocol),
        }
    }

    /// The word of AWS.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
            Self::Tcp => "TCP",
            Self::Ssl => "SSL",
            Self::Tls => "TLS",
            Self::Udp => "UDP",
            Self::TcpUdp => "TCP_UDP",
            Self::Quic => "QUIC",
            Self::TcpQuic => "TCP_QUIC",
            Self::Geneve => "GENEVE",
        }
    }

    /// The protocol that a word of AWS means, in any case.
    pub fn of(word: &str) -> Option<Self> {
        const ALL: [BalancerProtocol; 10] = [
            BalancerProtocol::Http,
            BalancerProtocol::Https,
            BalancerProtocol::Tcp,
            BalancerProtocol::Ssl,
            BalancerProtocol::Tls,
            BalancerProtocol::Udp,
            BalancerProtocol::TcpUdp,
            BalancerProtocol::Quic,
            BalancerProtocol::TcpQuic,
            BalancerProtocol::Geneve,
        ];
        ALL.into_iter()
            .find(|protocol| protocol.word().eq_ignore_ascii_case(word))
    }
}

resource!(LoadBalancer);
