//! What a network interface belongs to.
//!
//! AWS services put interfaces into subnets; what they are is told by the kind of the interface, else by the pattern of
//! its description.
//!
//! # Source
//!
//! EC2 API Reference: `NetworkInterface`, `InterfaceType`; descriptions as services write them.

use model::{InterfaceKind, NetworkInterface, Resource, Snapshot};

/// What a host is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// An EC2 instance.
    Instance,
    /// A container task or pod with an interface of its own.
    Container,
    /// An interface that belongs to nothing the input tells.
    Interface,
    /// A Lambda function.
    Function,
    /// A load balancer.
    LoadBalancer,
    /// A database.
    Database,
    /// An in-memory cache.
    Cache,
    /// A network file system.
    FileSystem,
    /// A directory service.
    Directory,
    /// A search cluster or message broker.
    DataService,
    /// A control plane that AWS runs.
    ControlPlane,
    /// An interface endpoint.
    Endpoint,
    /// A resolver of names.
    Resolver,
    /// A NAT gateway.
    NatGateway,
    /// A transit gateway's foot in a subnet.
    TransitGateway,
    /// Something else that AWS manages.
    Managed,
}

/// What reaching a host means to an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// It falls, and the attacker goes on from it.
    Pivot,
    /// It passes requests on to what stands behind it.
    Through,
    /// It holds something worth having, and opens no connections on an attacker's behalf.
    Prize,
    /// It accepts no connections.
    Inert,
}

impl Role {
    /// The role in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Container => "container",
            Self::Interface => "interface",
            Self::Function => "function",
            Self::LoadBalancer => "load balancer",
            Self::Database => "database",
            Self::Cache => "cache",
            Self::FileSystem => "file system",
            Self::Directory => "directory",
            Self::DataService => "data service",
            Self::ControlPlane => "control plane",
            Self::Endpoint => "endpoint",
            Self::Resolver => "resolver",
            Self::NatGateway => "NAT gateway",
            Self::TransitGateway => "transit gateway",
            Self::Managed => "managed service",
        }
    }

    /// What reaching such a host means to an attacker.
    pub const fn nature(self) -> Nature {
        match self {
            Self::Instance | Self::Container | Self::Interface => Nature::Pivot,
            Self::LoadBalancer => Nature::Through,
            Self::Database
            | Self::Cache
            | Self::FileSystem
            | Self::Directory
            | Self::DataService
            | Self::ControlPlane
            | Self::Endpoint
            | Self::Resolver
            | Self::Managed => Nature::Prize,
            Self::Function | Self::NatGateway | Self::TransitGateway => Nature::Inert,
        }
    }
}

/// What an interface belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// What it is.
    pub role: Role,
    /// The id that its interfaces share, or the id of the interface itself.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
}

/// What an interface belongs to.
pub fn owner(snapshot: &Snapshot, interface: &NetworkInterface) -> Owner {
    if let Some(link) = &interface.instance {
        let instance = link.target().map(|index| snapshot.instances().get(index));
        let name = instance.and_then(Resource::name).or(interface.name());
        return Owner {
            role: Role::Instance,
            id: link.id().to_string(),
            name: name.map(str::to_owned),
        };
    }
    let described = described(&interface.description);
    let role = of_kind(&interface.kind).or(described.as_ref().map(|(role, _)| *role));
    let role = role.unwrap_or(if interface.requester_managed {
        Role::Managed
    } else {
        Role::Interface
    });
    let told = described.map(|(_, id)| id).filter(|id| !id.is_empty());
    named(snapshot, interface, role, told)
}

/// The role that a kind of interface implies, if it implies one.
fn of_kind(kind: &InterfaceKind) -> Option<Role> {
    match kind {
        InterfaceKind::Ordinary => None,
        InterfaceKind::NatGateway => Some(Role::NatGateway),
        InterfaceKind::NetworkLoadBalancer | InterfaceKind::GatewayLoadBalancer => {
            Some(Role::LoadBalancer)
        }
        InterfaceKind::GatewayLoadBalancerEndpoint | InterfaceKind::VpcEndpoint => {
            Some(Role::Endpoint)
        }
        InterfaceKind::TransitGateway => Some(Role::TransitGateway),
        InterfaceKind::Lambda => Some(Role::Function),
        InterfaceKind::Other(name) => match name.as_ref() {
            "load_balancer" => Some(Role::LoadBalancer),
            "branch" => Some(Role::Container),
            "efa" | "efa-only" | "trunk" => None,
            _ => Some(Role::Managed),
        },
    }
}

/// How services begin the descriptions of their interfaces.
const DESCRIPTIONS: &[(&str, Role)] = &[
    ("ELB ", Role::LoadBalancer),
    ("Interface for NAT Gateway ", Role::NatGateway),
    ("VPC Endpoint Interface ", Role::Endpoint),
    (
        "Network Interface for Transit Gateway Attachment ",
        Role::TransitGateway,
    ),
    ("RDSNetworkInterface", Role::Database),
    ("Network interface for DBProxy", Role::Database),
    ("RedshiftNetworkInterface", Role::Database),
    ("DAX ", Role::Cache),
    ("ElastiCache", Role::Cache),
    ("AWS Lambda VPC ENI-", Role::Function),
    ("EFS mount target for ", Role::FileSystem),
    ("FSx ", Role::FileSystem),
    ("Created By Amazon FSx", Role::FileSystem),
    ("ES ", Role::DataService),
    ("DO NOT DELETE - MSK", Role::DataService),
    (
        "AWS created network interface for directory ",
        Role::Directory,
    ),
    ("Amazon EKS ", Role::ControlPlane),
    ("Route 53 Resolver: ", Role::Resolver),
    ("arn:aws:ecs:", Role::Container),
    ("aws-k8s-branch-eni", Role::Container),
    ("AWS ElasticMapReduce", Role::Instance),
];

/// The role that a description tells, and the rest of the description.
fn described(description: &str) -> Option<(Role, String)> {
    let starts = |(pattern, role): &(&str, Role)| {
        let rest = description.strip_prefix(pattern)?;
        Some((*role, rest.trim_matches([' ', '+', ':']).to_owned()))
    };
    DESCRIPTIONS.iter().find_map(starts)
}

fn named(
    snapshot: &Snapshot,
    interface: &NetworkInterface,
    role: Role,
    told: Option<String>,
) -> Owner {
    let name = interface.name().map(str::to_owned);
    let own = |name| Owner {
        role,
        id: interface.id.to_string(),
        name,
    };
    let Some(told) = told else {
        return own(name);
    };
    match role {
        Role::LoadBalancer => {
            let short = told.split('/').nth(1).unwrap_or(&told).to_owned();
            Owner {
                role,
                id: told,
                name: Some(short),
            }
        }
        Role::NatGateway => {
            let gateway = snapshot
                .nat_gateways()
                .find(&told)
                .map(|index| snapshot.nat_gateways().get(index));
            let name = gateway.and_then(Resource::name).map(str::to_owned).or(name);
            Owner {
                role,
                id: told,
                name,
            }
        }
        Role::Endpoint | Role::Resolver | Role::FileSystem | Role::Directory => {
            let id = told.split([' ', ',']).next().unwrap_or(&told).to_owned();
            Owner { role, id, name }
        }
        Role::Function => own(name.or_else(|| Some(function_name(&told).to_owned()))),
        Role::Cache | Role::ControlPlane | Role::DataService => own(name.or(Some(told))),
        Role::Instance
        | Role::Container
        | Role::Interface
        | Role::Database
        | Role::TransitGateway
        | Role::Managed => own(name),
    }
}

/// The function's name in `NAME-UUID`.
fn function_name(text: &str) -> &str {
    const UUID: usize = "-01234567-89ab-cdef-0123-456789abcdef".len();
    let end = text.len().saturating_sub(UUID);
    text.get(..end)
        .filter(|name| !name.is_empty())
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(description: &str, expected: Option<(Role, &str)>) {
        let found = described(description);
        assert_eq!(
            found.as_ref().map(|(role, rest)| (*role, rest.as_str())),
            expected
        );
    }

    #[test]
    fn descriptions_tell_the_service() {
        check(
            "ELB app/shop-web/50dc6c495c0c9188",
            Some((Role::LoadBalancer, "app/shop-web/50dc6c495c0c9188")),
        );
        check("RDSNetworkInterface", Some((Role::Database, "")));
        check(
            "Interface for NAT Gateway nat-1",
            Some((Role::NatGateway, "nat-1")),
        );
        check(
            "ElastiCache+sessions-001",
            Some((Role::Cache, "sessions-001")),
        );
        check(
            "EFS mount target for fs-1 (fsmt-2)",
            Some((Role::FileSystem, "fs-1 (fsmt-2)")),
        );
        check("Primary network interface", None);
    }

    #[test]
    fn the_name_of_a_function_stands_before_the_uuid() {
        assert_eq!(
            function_name("resize-0f0f0f0f-1111-2222-3333-444444444444"),
            "resize"
        );
        assert_eq!(function_name("odd"), "odd");
    }
}
