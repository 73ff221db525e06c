//! Network interfaces.

use std::net::IpAddr;
use std::sync::Arc;

use packet::{Family, Prefix};

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Instance, Link, Origin, Region, ResourceId, SecurityGroup, Subnet, Vpc};

/// A network interface: what groups are worn by and addresses belong to.
#[derive(Debug, Clone, Pack)]
pub struct NetworkInterface {
    /// `eni-…`.
    pub id: ResourceId,
    /// The `Name` tag.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// Its region.
    pub region: Option<Region>,
    /// The VPC it is in.
    pub vpc: Link<Vpc>,
    /// The subnet it is in.
    pub subnet: Link<Subnet>,
    /// Its addresses of both families, the primary one first.
    pub addresses: Vec<PrivateAddress>,
    /// Blocks delegated to it (for containers); every address in them is its own.
    pub prefixes: Vec<Prefix>,
    /// The groups it wears. None means that nothing is allowed, except for interfaces that know no groups.
    pub groups: Vec<Link<SecurityGroup>>,
    /// Whether AWS drops packets that it sends from, or receives for, addresses that are not its own.
    pub source_dest_check: bool,
    /// What sort of interface it is.
    pub kind: InterfaceKind,
    /// The description that the user or service gave it.
    pub description: Arc<str>,
    /// Whether an AWS service created and manages it.
    pub requester_managed: bool,
    /// The service that asked for it or operates it (`RequesterId`, `Operator.Principal`), where told.
    pub requester: Option<Arc<str>>,
    /// The instance it is attached to.
    pub instance: Option<Link<Instance>>,
    /// Its place among the interfaces of the instance; the primary one has 0. `None` if not told.
    pub device_index: Option<u16>,
    /// Whether it is attached to anything.
    pub status: InterfaceStatus,
    /// Whether internet gateways bring nothing to it (EC2 `DenyAllIgwTraffic`).
    pub refuses_internet: bool,
    /// All tags, sorted by key.
    pub tags: Vec<(Arc<str>, Arc<str>)>,
    /// Where it was read.
    pub origin: Origin,
}

/// An address of an interface inside the VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pack)]
pub struct PrivateAddress {
    /// The address that the host itself sees.
    pub address: IpAddr,
    /// The public IPv4 address that an internet gateway translates it to and from.
    pub public: Option<IpAddr>,
}

impl NetworkInterface {
    /// Whether the address is one that the interface itself holds: private, IPv6, or in a delegated prefix.
    pub fn holds(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|held| held.address == address)
            || self.prefixes.iter().any(|prefix| prefix.contains(address))
    }

    /// The public address that stands for one of its private addresses.
    pub fn public_of(&self, address: IpAddr) -> Option<IpAddr> {
        self.addresses
            .iter()
            .find(|held| held.address == address)
            .and_then(|held| held.public)
    }

    /// The private address that one of its public addresses stands for.
    pub fn private_of(&self, public: IpAddr) -> Option<IpAddr> {
        self.addresses
            .iter()
            .find(|held| held.public == Some(public))
            .map(|held| held.address)
    }

    /// The first address of a family.
    pub fn primary(&self, family: Family) -> Option<IpAddr> {
        self.addresses
            .iter()
            .map(|held| held.address)
            .find(|address| Family::of(*address) == family)
    }
}

/// Whether an interface is attached to a host or a service (EC2 `Status`). This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum InterfaceStatus {
    /// It is attached, or about to be.
    Attached,
    /// It is attached to nothing (`available`), and nobody sends or receives by it.
    Unattached,
    /// The input did not say.
    Unknown,
}

/// The sort of a network interface (EC2 `InterfaceType`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum InterfaceKind {
    /// An ordinary interface: an instance's, or one that a service uses like an instance's.
    Ordinary,
    /// The interface of a NAT gateway.
    NatGateway,
    /// The interface of a network load balancer.
    NetworkLoadBalancer,
    /// The interface of a gateway load balancer.
    GatewayLoadBalancer,
    /// The interface of an endpoint of a gateway load balancer or network firewall.
    GatewayLoadBalancerEndpoint,
    /// The interface of an interface endpoint (PrivateLink).
    VpcEndpoint,
    /// The interface of a transit gateway attachment.
    TransitGateway,
    /// The interface of a Lambda function.
    Lambda,
    /// Any other sort, by the name that EC2 gives it.
    Other(Arc<str>),
}

resource!(NetworkInterface);
