//! What a network interface belongs to, in the words of an analysis: its role, an id and a name.
//!
//! Which service it is, the model tells: [`NetworkInterface::owner`].

use model::{NetworkInterface, OwnerKind, Resource, Snapshot};

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
    let owner = interface.owner();
    let told = Some(owner.told.to_owned()).filter(|told| !told.is_empty());
    named(snapshot, interface, role(interface, owner.kind), told)
}

/// The role of an interface of a service.
fn role(interface: &NetworkInterface, kind: OwnerKind) -> Role {
    let role = of_service(kind);
    // People write descriptions too: what they write takes no interface of theirs out of reach.
    if role.nature() == Nature::Inert && !interface.is_of_service() {
        Role::Interface
    } else {
        role
    }
}

/// What the hosts of a service are.
const fn of_service(kind: OwnerKind) -> Role {
    match kind {
        OwnerKind::Instance
        | OwnerKind::EksNode
        | OwnerKind::Emr
        | OwnerKind::SageMaker
        | OwnerKind::WorkSpaces => Role::Instance,
        OwnerKind::EcsTask | OwnerKind::EksPod | OwnerKind::Glue => Role::Container,
        OwnerKind::LoadBalancer => Role::LoadBalancer,
        OwnerKind::NatGateway => Role::NatGateway,
        OwnerKind::InterfaceEndpoint | OwnerKind::GatewayLoadBalancerEndpoint => Role::Endpoint,
        OwnerKind::TransitGateway => Role::TransitGateway,
        OwnerKind::Rds | OwnerKind::RdsProxy | OwnerKind::Redshift => Role::Database,
        OwnerKind::ElastiCache | OwnerKind::Dax => Role::Cache,
        OwnerKind::Lambda => Role::Function,
        OwnerKind::EksControlPlane => Role::ControlPlane,
        OwnerKind::Efs | OwnerKind::Fsx => Role::FileSystem,
        OwnerKind::OpenSearch | OwnerKind::Msk => Role::DataService,
        OwnerKind::DirectoryService => Role::Directory,
        OwnerKind::ResolverInbound | OwnerKind::ResolverOutbound => Role::Resolver,
        OwnerKind::ApiGatewayLink
        | OwnerKind::AppRunner
        | OwnerKind::QuickSight
        | OwnerKind::IotRules
        | OwnerKind::CodeConnections
        | OwnerKind::GlobalAccelerator
        | OwnerKind::InstanceConnectEndpoint
        | OwnerKind::CloudFrontVpcOrigin
        | OwnerKind::Managed => Role::Managed,
        OwnerKind::Untold => Role::Interface,
    }
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
            let id = told
                .split([' ', ',', ':'])
                .next()
                .unwrap_or(&told)
                .to_owned();
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

    fn check(told: &str, expected: (Role, &str, Option<&str>)) {
        let text = format!(
            "vpc main 10.0.0.0/16\nsubnet a main 10.0.1.0/24\nhost eni-1 in a 10.0.1.10 {told}\n"
        );
        let snapshot = testkit::Topology::parse(&text).unwrap().snapshot();
        let found = owner(&snapshot, &snapshot.interfaces().rows()[0]);
        let (role, id, name) = expected;
        let expected = Owner {
            role,
            id: id.to_owned(),
            name: name.map(str::to_owned),
        };
        assert_eq!(found, expected, "{told}");
    }

    #[test]
    fn the_service_tells_role_id_and_name() {
        let own = Some("eni-1");
        check("", (Role::Interface, "eni-1", own));
        check("managed", (Role::Managed, "eni-1", own));
        check(
            "managed described ELB_app/shop-web/50dc6c495c0c9188",
            (
                Role::LoadBalancer,
                "app/shop-web/50dc6c495c0c9188",
                Some("shop-web"),
            ),
        );
        check(
            "managed described RDSNetworkInterface",
            (Role::Database, "eni-1", own),
        );
        check(
            "managed described EFS_mount_target_for_fs-1_(fsmt-2)",
            (Role::FileSystem, "fs-1", own),
        );
        check(
            "managed requester amazon-elasticache",
            (Role::Cache, "eni-1", own),
        );
        check(
            "managed described Route_53_Resolver:_rslvr-in-1:rni-2",
            (Role::Resolver, "rslvr-in-1", own),
        );
        check(
            "managed described Attached_to_Glue_using_role:_etl",
            (Role::Container, "eni-1", own),
        );
        check("kind brand_new_kind", (Role::Managed, "eni-1", own));
    }

    #[test]
    fn what_people_write_on_an_interface_does_not_take_it_out_of_reach() {
        let described = "described AWS_Lambda_VPC_ENI-x";
        check(described, (Role::Interface, "eni-1", Some("eni-1")));
        let managed = format!("managed {described}");
        check(&managed, (Role::Function, "eni-1", Some("eni-1")));
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
