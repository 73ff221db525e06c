//! Network firewalls, their policies and rule groups.

mod suricata;

use std::collections::BTreeMap;
use std::sync::Arc;

use packet::{PortRange, Prefix, Protocol};

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Link, Origin, PrefixList, Region, ResourceId, Subnet, Vpc};

pub use suricata::RuleError;

/// A network firewall: endpoints to which routes lead, and a policy that decides what passes them.
#[derive(Debug, Clone, Pack)]
pub struct NetworkFirewall {
    /// The ARN.
    pub id: ResourceId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC whose blocks are the home network, unless variables say otherwise.
    pub vpc: Link<Vpc>,
    /// What decides.
    pub policy: Link<FirewallPolicy>,
    /// One for each zone.
    pub endpoints: Vec<FirewallEndpoint>,
    /// Where it was read.
    pub origin: Origin,
}

/// The endpoint of a firewall in one zone.
#[derive(Debug, Clone, Pack)]
pub struct FirewallEndpoint {
    /// `vpce-…`, as routes name it.
    pub id: ResourceId,
    /// The subnet it stands in.
    pub subnet: Link<Subnet>,
}

/// What a firewall does, in terms of rule groups.
#[derive(Debug, Clone, Pack)]
pub struct FirewallPolicy {
    /// The ARN.
    pub id: ResourceId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Stateless groups; the smallest priority is asked first.
    pub stateless: Vec<FirewallGroupReference>,
    /// What happens to whole packets that no stateless rule matches; `None` if the input does not tell.
    pub stateless_default: Option<StatelessAction>,
    /// In which order stateful rules are asked.
    pub rule_order: FirewallRuleOrder,
    /// Stateful groups, by priority where the order is strict.
    pub stateful: Vec<FirewallGroupReference>,
    /// What happens to flows that no stateful rule decides, where the order is strict.
    pub stateful_default: StatefulDefault,
    /// Variables that hold for all groups which do not set them.
    pub variables: BTreeMap<Arc<str>, FirewallAddresses>,
    /// Where it was read.
    pub origin: Origin,
}

/// A rule group as a policy uses it.
#[derive(Debug, Clone, Pack)]
pub struct FirewallGroupReference {
    /// The group.
    pub group: Link<FirewallRuleGroup>,
    /// Its place in the order; the smallest is first.
    pub priority: i64,
    /// Whether its rules that would drop only alert.
    pub only_alerts: bool,
}

/// The order of stateful rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum FirewallRuleOrder {
    /// All that pass, then all that drop or reject.
    ByAction,
    /// As written, group by group.
    Strict,
}

/// What happens to flows that no stateful rule decides. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum StatefulDefault {
    /// They pass.
    Pass,
    /// Every packet is dropped.
    DropAll,
    /// The handshake passes, what follows is dropped.
    DropEstablished,
}

/// What a stateless rule does with a packet. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum StatelessAction {
    /// It passes; no stateful rule is asked.
    Pass,
    /// It is dropped.
    Drop,
    /// The stateful rules decide.
    Forward,
}

/// Rules that policies refer to.
#[derive(Debug, Clone, Pack)]
pub struct FirewallRuleGroup {
    /// The ARN.
    pub id: ResourceId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The rules.
    pub rules: FirewallRules,
    /// Whether every rule could be read.
    pub is_complete: bool,
    /// Sets of addresses that its rules name by `$NAME`.
    pub addresses: BTreeMap<Arc<str>, FirewallAddresses>,
    /// Sets of ports that its rules name by `$NAME`.
    pub ports: BTreeMap<Arc<str>, FirewallPorts>,
    /// Prefix lists that its rules name by `@NAME`.
    pub references: BTreeMap<Arc<str>, Link<PrefixList>>,
    /// Where it was read.
    pub origin: Origin,
}

/// The rules of a group, of one of two sorts.
#[derive(Debug, Clone, Pack)]
pub enum FirewallRules {
    /// Asked for each packet by itself; sorted by priority.
    Stateless(Vec<StatelessRule>),
    /// Asked for flows; as written.
    Stateful(Vec<StatefulRule>),
}

/// A rule that is asked for each packet by itself. An empty list stands for everything.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub struct StatelessRule {
    /// The smallest is asked first.
    pub priority: i64,
    /// What it does.
    pub action: StatelessAction,
    /// Protocols.
    pub protocols: Vec<Protocol>,
    /// Blocks of the source.
    pub sources: Vec<Prefix>,
    /// Blocks of the destination.
    pub destinations: Vec<Prefix>,
    /// Source ports; heeded for TCP and UDP only.
    pub source_ports: Vec<PortRange>,
    /// Destination ports; heeded for TCP and UDP only.
    pub destination_ports: Vec<PortRange>,
    /// Whether it matches only TCP packets with some flags.
    pub has_flags: bool,
}

/// A rule that is asked for flows: the head of a Suricata rule, and whether there is more to it.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub struct StatefulRule {
    /// The rule as written.
    pub text: Arc<str>,
    /// What it does.
    pub action: StatefulAction,
    /// The protocol.
    pub protocol: FirewallProtocol,
    /// Addresses of the source.
    pub source: FirewallAddresses,
    /// Source ports.
    pub source_ports: FirewallPorts,
    /// Whether it matches with source and destination swapped too.
    pub is_both_ways: bool,
    /// Addresses of the destination.
    pub destination: FirewallAddresses,
    /// Destination ports.
    pub destination_ports: FirewallPorts,
    /// Whether it looks at more than addresses, protocol and ports: then it may match or not.
    pub is_conditional: bool,
}

/// What a stateful rule does with a flow. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum StatefulAction {
    /// It passes.
    Pass,
    /// It is dropped, silently or with an answer.
    Drop,
    /// It is only noted.
    Alert,
}

/// The protocol of a stateful rule. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum FirewallProtocol {
    /// Every protocol.
    Any,
    /// One protocol.
    Of(Protocol),
    /// A protocol of applications, which shows in the data of flows of these.
    Over(Vec<Protocol>),
    /// One that is not known here.
    Unknown,
}

/// Addresses as a stateful rule writes them. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum FirewallAddresses {
    /// Every address.
    Any,
    /// One block.
    Block(Prefix),
    /// All but these.
    Not(Box<Self>),
    /// A list: what one of its plain members holds (all, if it has none), less what its negated members hold.
    Among(Vec<Self>),
    /// A set by name: `$NAME`.
    Variable(Arc<str>),
    /// A prefix list by the name that the group gives it: `@NAME`.
    Reference(Arc<str>),
    /// Something that is not understood here.
    Unknown,
}

/// Ports as a stateful rule writes them. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum FirewallPorts {
    /// Every port.
    Any,
    /// One range.
    Range(PortRange),
    /// All but these.
    Not(Box<Self>),
    /// A list, as [`FirewallAddresses::Among`].
    Among(Vec<Self>),
    /// A set by name: `$NAME`.
    Variable(Arc<str>),
    /// Something that is not understood here.
    Unknown,
}

/// The variable that stands for the inner network; the blocks of the firewall's VPC unless it is set.
pub const HOME_NET: &str = "HOME_NET";
/// The variable that stands for all but [`HOME_NET`], unless it is set.
pub const EXTERNAL_NET: &str = "EXTERNAL_NET";

resource!(NetworkFirewall);
resource!(FirewallPolicy);
resource!(FirewallRuleGroup);
