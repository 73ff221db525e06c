//! The line language of topologies.
//!
//! One statement a line; `#` starts a comment; indentation means nothing. Names are ids. What is left out is as AWS
//! makes it: a VPC without a default ACL gets one that allows all, a VPC without a main table gets an empty one (local
//! routes are implied), a NAT gateway gets its interface, every list is whole.
//!
//! ```text
//! region us-east-1                          # of what follows; `-` for unknown
//! account 111111111111                      # of what follows; `-` for unknown
//! vpc main 10.0.0.0/16 2001:db8:1::/56 [public-access off] [encryption monitor | enforce]
//! subnet web main 10.0.1.0/24 [public-access off] [dns64] [zone a] [acl open] [table public]
//! group app [main] [name default] [incomplete] # lines up to the next statement that opens a block belong to it
//!   in tcp/443 from 0.0.0.0/0               # or `from group web [stale]`, `from list offices`, `from any`
//!   out any to any
//! host w1 in web 10.0.1.10 public 203.0.113.10 10.0.1.11 groups app,web [instance i1 [stopped]] [nocheck] [managed]
//!     [attached | unattached] [refuses-internet] [prefix 10.0.1.64/28] [kind lambda] [vpc main]
//!     [described EFS_mount_target_for_fs-1] [requester amazon-rds]          # on one line; `_` for a space
//! acl tight main [default] [incomplete]
//!   in 100 allow tcp/443 from 0.0.0.0/0
//!   out 100 deny any to any
//!   subnets web,db                          # as `subnet … acl tight` does
//! table public main [main] [incomplete]
//!   route 0.0.0.0/0 igw gw [propagated | advertised] [blackhole]
//!   route list pl nat n                     # also: local, eigw, host, endpoint, peering, tgw, vgw, core, next-hop, carrier, outpost, odb, other
//!   subnets web                             # as `subnet … table public` does
//!   gateways gw                             # an edge table
//! igw gw main [unavailable]                 # without a VPC: detached
//! eigw out main
//! nat n in web 10.0.1.5 [public 203.0.113.5] [via eni] [private] [unavailable]; `nat n regional main [table t] ? public 203.0.113.5 [zone a]`
//! peering p main other [inactive]
//!   side main [account 1] [region r] 10.0.0.0/16      # else as the VPC says
//! tgw t [references] [unavailable]
//! attachment a t vpc main web,db [table rt | table unknown] [appliance] [noreferences] [ipv6] [nat] [unavailable]
//! attachment a t peering other-tgw          # also: vpn NAME, dx ID, other KIND ID; `vpc main ?`: subnets unknown, `-`: none
//! tgw-table rt t [static-unknown] [propagated-listed] [propagations-unknown]
//!   route 10.1.0.0/16 a,b [propagated]      # or: route 10.1.0.0/16 blackhole
//!   propagate a,b
//! vgw v main [unavailable]
//! customer c [203.0.113.99] [asn 65001]
//! vpn n [vgw v] [tgw t] [customer c] [bgp] [unavailable] [static 192.168.0.0/16 …] [ipv6] [down] [over-dx]
//!     [office-side 192.168.0.0/16] [cloud-side 10.0.0.0/16]               # traffic selectors, on one line
//! dxgw d [unavailable]
//! dx-association d vgw v [unavailable] 10.0.0.0/16 …  # or tgw t; the allowed prefixes, or `unknown`
//! vif x private dxgw d [down] [sitelink]    # or transit, public; `vgw v` for one without a gateway of Direct Connect
//! client-vpn e vpc main clients 10.200.0.0/22 [groups app] [unavailable] [transit] [routes-unknown] [rules-unknown]
//!     [associations-unknown]                                                # on one line
//!   associated web [unavailable] [via eni]
//!   route 10.0.0.0/16 web                   # or `clients`
//!   access 10.0.0.0/16 [group engineers]    # an authorisation rule
//! entry e instance-connect [vpc main] [in web] [groups app] [via eni] [keeps | hides] [unavailable]
//!     # also: verified-access, cloudfront, accelerator, api-link
//!   sends web [keeps] [tcp/443 …]           # a resource or a block; without such lines: not told
//! core-attachment a core vpc main web,db [segment prod] [edge eu-west-1] [appliance] [ipv6 | ipv6-unknown] [unavailable]
//! core-table core prod eu-west-1 [incomplete]
//!   route 10.1.0.0/16 a,b [propagated]      # or blackhole; `elsewhere` beside the attachments
//! list pl [aws] [ipv4 | ipv6] 10.0.0.0/8 …  # or `unknown` for its entries
//! balancer web app main subnets a,b nodes n1,n2 [internal] [groups g] [cross-zone on | off | unknown]
//!     [igw-ipv6 denied | allowed | unknown] [unenforced] [unavailable]      # also: net, classic, gateway
//!   listener tls/443 tg1,tg2*0              # words of AWS in lower case; `*0` is a weight; or `other`: leads nowhere
//!   rule tg3                                # of the listener above
//!   listeners unknown                       # there may be more; `rules unknown`: of the listener above
//! targets tg1 tcp/8080 main instance [ipv6] [preserve on | off | unknown] [cross-zone …] [check 8081]
//!   target i1 [port 9000] [zone a | all] [healthy | unhealthy]              # an instance, an address or a balancer
//!   targets unknown                         # there may be more
//! endpoint e interface main com.amazonaws.us-east-1.sqs nodes h1,h2 [unavailable]       # also: gateway, gwlb, …
//! service s com.amazonaws.vpce.us-east-1.vpce-svc-1 balancers web [unavailable]
//!   connection e [unavailable]
//! firewall f main policy p endpoint vpce-1 in fw-a   # more endpoints follow; routes lead to `endpoint vpce-1`
//! firewall-policy p [strict] [stateless pass|drop|forward|unknown] [default pass|drop|drop-established] [home 10.0.0.0/8 …]
//!   stateless 10 g                          # a rule group by priority; what no rule matches is forwarded unless said
//!   stateful 20 h [only-alerts]
//! firewall-rules g stateless [incomplete]
//!   filter 10 drop tcp,udp from 10.0.0.0/8 ports 1-2 to 10.1.0.0/16 ports 443 [flags]    # each part may be left out
//! firewall-rules h stateful [incomplete]
//!   addresses SERVERS 10.0.0.0/8 !10.1.0.0/16
//!   ports WEB 80 443:445
//!   references LIST pl
//!   filter pass tcp $SERVERS any -> any $WEB (sid:1;)
//! public-access block-bidirectional | block-ingress | off | unknown     # of the account and region above
//! exclusion x main allow-bidirectional | allow-egress [changing | gone] # of a VPC or a subnet
//! office Sydney 192.168.0.0/16
//! missing route-tables                      # the input holds no such list
//! partial network-interfaces [111111111111] [us-east-1]
//! asked 111111111111 222222222222           # the lists of these accounts alone are there (and whole)
//! bare                                      # nothing is added to what is written
//! expect w1 -> db tcp/5432 [client 40000] reachable | blocked [REASON] | undetermined
//! ```
//!
//! Ends of `expect`: a host, by its primary address of the family that both ends have (`w1/v6`, `w1/10.0.1.11` to
//! choose); `internet`, `internet/v6`; an office (`Sydney`); any address.

mod balancers;
mod block;
mod build;
mod defaults;
mod endpoints;
mod entries;
mod expect;
mod firewall;
mod gateways;
mod outside;
mod places;
mod print;
mod public_access;
mod transit;
mod words;

use std::fmt;

use model::{Kind, Parts, Snapshot};

pub use expect::{Expectation, endpoint_at};
pub use print::print;

/// A network and what is expected of it.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    /// The resources.
    pub parts: Parts,
    /// Expected answers, in the order of the text.
    pub expectations: Vec<Expectation>,
}

impl Topology {
    /// Reads a topology.
    ///
    /// # Errors
    ///
    /// On the first line that is not a statement, with its number.
    pub fn parse(text: &str) -> Result<Self, Error> {
        build::parse(text)
    }

    /// The network, assembled. What does not fit shows in the answers only.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::assemble(self.parts.clone()).0
    }
}

/// Why a text is not a topology.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for Error {}

/// Every kind with the word that `missing` and `partial` use.
const KINDS: &[(&str, Kind)] = &[
    ("vpcs", Kind::Vpcs),
    ("subnets", Kind::Subnets),
    ("network-interfaces", Kind::NetworkInterfaces),
    ("instances", Kind::Instances),
    ("security-groups", Kind::SecurityGroups),
    ("network-acls", Kind::NetworkAcls),
    ("route-tables", Kind::RouteTables),
    ("internet-gateways", Kind::InternetGateways),
    (
        "egress-only-internet-gateways",
        Kind::EgressOnlyInternetGateways,
    ),
    ("nat-gateways", Kind::NatGateways),
    ("vpc-peering-connections", Kind::VpcPeeringConnections),
    ("transit-gateways", Kind::TransitGateways),
    (
        "transit-gateway-attachments",
        Kind::TransitGatewayAttachments,
    ),
    (
        "transit-gateway-vpc-attachments",
        Kind::TransitGatewayVpcAttachments,
    ),
    (
        "transit-gateway-route-tables",
        Kind::TransitGatewayRouteTables,
    ),
    ("transit-gateway-routes", Kind::TransitGatewayRoutes),
    (
        "transit-gateway-associations",
        Kind::TransitGatewayAssociations,
    ),
    (
        "transit-gateway-propagations",
        Kind::TransitGatewayPropagations,
    ),
    ("vpn-gateways", Kind::VpnGateways),
    ("vpn-connections", Kind::VpnConnections),
    ("customer-gateways", Kind::CustomerGateways),
    ("direct-connect-gateways", Kind::DirectConnectGateways),
    (
        "direct-connect-gateway-associations",
        Kind::DirectConnectGatewayAssociations,
    ),
    ("virtual-interfaces", Kind::VirtualInterfaces),
    ("client-vpn-endpoints", Kind::ClientVpnEndpoints),
    ("core-network-attachments", Kind::CoreNetworkAttachments),
    ("prefix-lists", Kind::PrefixLists),
    ("addresses", Kind::Addresses),
    ("load-balancers", Kind::LoadBalancers),
    ("classic-load-balancers", Kind::ClassicLoadBalancers),
    ("target-groups", Kind::TargetGroups),
    ("target-group-attributes", Kind::TargetGroupAttributes),
    ("vpc-endpoints", Kind::VpcEndpoints),
    ("vpc-endpoint-services", Kind::VpcEndpointServices),
    ("vpc-endpoint-connections", Kind::VpcEndpointConnections),
    ("public-access-options", Kind::VpcBlockPublicAccessOptions),
    (
        "public-access-exclusions",
        Kind::VpcBlockPublicAccessExclusions,
    ),
    ("iam-roles", Kind::IamRoles),
    ("iam-policies", Kind::IamPolicies),
    ("managed-instances", Kind::ManagedInstances),
];
