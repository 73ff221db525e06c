//! What a network interface belongs to, as the interface itself tells.
//!
//! AWS services put interfaces into subnets. Which service it was shows in the instance that an interface is attached
//! to, else in its kind, else in its description, else in who asked for it.
//!
//! # Source
//!
//! EC2 API Reference: `NetworkInterface`, `InterfaceType`; descriptions as services write them.

use crate::{InterfaceKind, NetworkInterface};

/// The service, or the sort of host, that an interface belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the name of the service")]
pub enum OwnerKind {
    Instance,
    LoadBalancer,
    NatGateway,
    InterfaceEndpoint,
    GatewayLoadBalancerEndpoint,
    TransitGateway,
    Rds,
    RdsProxy,
    Redshift,
    ElastiCache,
    Dax,
    Lambda,
    EcsTask,
    EksControlPlane,
    EksPod,
    EksNode,
    Efs,
    Fsx,
    OpenSearch,
    Msk,
    DirectoryService,
    WorkSpaces,
    ApiGatewayLink,
    Glue,
    SageMaker,
    AppRunner,
    Emr,
    QuickSight,
    IotRules,
    CodeConnections,
    ResolverInbound,
    ResolverOutbound,
    GlobalAccelerator,
    InstanceConnectEndpoint,
    CloudFrontVpcOrigin,
    /// A service manages it, and nothing tells which.
    Managed,
    /// Nobody told: an interface that its account made.
    Untold,
}

/// Whether an interface accepts connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reception {
    /// Its groups decide what it accepts.
    ByGroups,
    /// It starts connections and accepts none, whatever its groups say.
    Never,
    /// Its groups decide about DNS; it accepts nothing else over TCP and UDP.
    Names,
}

/// What an interface belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The service.
    pub kind: OwnerKind,
    /// What the description says behind the words that tell the service: an id or a name. Empty if nothing.
    pub told: &'a str,
}

/// A service and how its interfaces are recognised.
struct Row {
    kind: OwnerKind,
    /// Kinds of interfaces (EC2 `InterfaceType`) that only this service has.
    kinds: &'static [&'static str],
    /// How its descriptions begin.
    descriptions: &'static [&'static str],
    /// Who asks for its interfaces (`RequesterId`, `Operator.Principal`).
    requesters: &'static [&'static str],
    /// The TCP ports that it usually listens on.
    ports: &'static [u16],
}

/// A row without anything.
const NOTHING: Row = Row {
    kind: OwnerKind::Untold,
    kinds: &[],
    descriptions: &[],
    requesters: &[],
    ports: &[],
};

/// All services. Of several descriptions that fit, the first one counts.
const ROWS: &[Row] = &[
    Row {
        kind: OwnerKind::LoadBalancer,
        kinds: &[
            "load_balancer",
            "network_load_balancer",
            "gateway_load_balancer",
        ],
        descriptions: &["ELB "],
        requesters: &["amazon-elb"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::NatGateway,
        kinds: &["nat_gateway"],
        descriptions: &["Interface for NAT Gateway "],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::InterfaceEndpoint,
        kinds: &["vpc_endpoint"],
        descriptions: &["VPC Endpoint Interface "],
        ports: &[443],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::GatewayLoadBalancerEndpoint,
        kinds: &["gateway_load_balancer_endpoint"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::TransitGateway,
        kinds: &["transit_gateway"],
        descriptions: &["Network Interface for Transit Gateway Attachment "],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Rds,
        descriptions: &["RDSNetworkInterface"],
        requesters: &["amazon-rds"],
        ports: &[3306, 5432, 1521, 1433, 50000, 27017, 8182],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::RdsProxy,
        descriptions: &["Network interface for DBProxy"],
        ports: &[3306, 5432, 1433],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Redshift,
        descriptions: &["RedshiftNetworkInterface"],
        requesters: &["amazon-redshift"],
        ports: &[5439],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::ElastiCache,
        descriptions: &["ElastiCache"],
        requesters: &["amazon-elasticache"],
        ports: &[6379, 6380, 11211],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Dax,
        descriptions: &["DAX "],
        ports: &[8111, 9111],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Lambda,
        kinds: &["lambda"],
        descriptions: &["AWS Lambda VPC ENI-"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::EcsTask,
        descriptions: &["arn:aws:ecs:", "arn:aws-cn:ecs:", "arn:aws-us-gov:ecs:"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::EksControlPlane,
        descriptions: &["Amazon EKS "],
        ports: &[443, 10250],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::EksPod,
        kinds: &["branch"],
        descriptions: &["aws-k8s-branch-eni"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::EksNode,
        descriptions: &["aws-K8S-"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Efs,
        descriptions: &["EFS mount target for "],
        ports: &[2049],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Fsx,
        descriptions: &["FSx ", "Created By Amazon FSx"],
        ports: &[445, 988, 1018, 2049],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::OpenSearch,
        descriptions: &["ES "],
        ports: &[443],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Msk,
        descriptions: &["DO NOT DELETE - MSK"],
        ports: &[9092, 9094, 9096, 9098],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::DirectoryService,
        descriptions: &["AWS created network interface for directory "],
        ports: &[53, 88, 135, 389, 445, 464, 636, 3268, 3269],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::WorkSpaces,
        descriptions: &["AWS created network interface for workspace"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::ApiGatewayLink,
        kinds: &["api_gateway_managed"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Glue,
        descriptions: &["Attached to Glue using role:"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::SageMaker,
        descriptions: &[
            "[DO NOT DELETE] ENI managed by SageMaker",
            "arn:aws:sagemaker:",
        ],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::AppRunner,
        descriptions: &["AWS App Runner "],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::Emr,
        descriptions: &["AWS ElasticMapReduce"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::QuickSight,
        kinds: &["quicksight"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::IotRules,
        kinds: &["iot_rules_managed"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::CodeConnections,
        kinds: &["aws_codestar_connections_managed"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::ResolverInbound,
        descriptions: &["Route 53 Resolver: rslvr-in-"],
        ports: &[53, 443],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::ResolverOutbound,
        descriptions: &["Route 53 Resolver: rslvr-out-"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::GlobalAccelerator,
        kinds: &["global_accelerator_managed"],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::InstanceConnectEndpoint,
        kinds: &["ec2_instance_connect_endpoint"],
        descriptions: &["EC2 Instance Connect Endpoint "],
        ..NOTHING
    },
    Row {
        kind: OwnerKind::CloudFrontVpcOrigin,
        descriptions: &["CloudFront managed ENI"],
        ..NOTHING
    },
];

/// Services whose interfaces accept nothing, because AWS says so.
///
/// # Source
///
/// AWS Lambda FAQs: "Inbound network connections are blocked by AWS Lambda". EC2 User Guide, Security groups for EC2
/// Instance Connect Endpoint: inbound rules of the endpoint's group are not asked; it is a tunnel from outside in.
const ACCEPT_NOTHING: &[OwnerKind] = &[OwnerKind::Lambda, OwnerKind::InstanceConnectEndpoint];

/// Services whose interfaces are taken to accept nothing from what is seen in practice: no page says so. Glue and
/// `SageMaker` are not among them: workers of one job connect to each other.
const ACCEPT_NOTHING_UNVERIFIED: &[OwnerKind] = &[
    OwnerKind::ApiGatewayLink,
    OwnerKind::AppRunner,
    OwnerKind::CloudFrontVpcOrigin,
    OwnerKind::CodeConnections,
    OwnerKind::GlobalAccelerator,
    OwnerKind::IotRules,
    OwnerKind::QuickSight,
    OwnerKind::ResolverOutbound,
];

/// Kinds of interfaces that an account makes for itself.
const OWN_KINDS: &[&str] = &["interface", "efa", "efa-only", "trunk"];

impl OwnerKind {
    /// Whether its interfaces accept connections.
    pub fn reception(self) -> Reception {
        if ACCEPT_NOTHING.contains(&self) || ACCEPT_NOTHING_UNVERIFIED.contains(&self) {
            Reception::Never
        } else if self == Self::ResolverInbound {
            Reception::Names
        } else {
            Reception::ByGroups
        }
    }

    /// The TCP ports that it usually listens on; none if that is for its user to say.
    pub fn usual_ports(self) -> &'static [u16] {
        let mut rows = ROWS.iter();
        rows.find(|row| row.kind == self)
            .map_or(&[], |row| row.ports)
    }
}

/// The ports on which a resolver takes names: DNS, and DNS over HTTPS.
pub const RESOLVER_PORTS: [u16; 2] = [53, 443];

impl NetworkInterface {
    /// What the interface belongs to.
    pub fn owner(&self) -> Owner<'_> {
        let untold = |kind| Owner { kind, told: "" };
        let name = self.kind.as_str();
        let of_kind = ROWS.iter().find(|row| row.kinds.contains(&name));
        let described = described(&self.description);
        if self.instance.is_some() && of_kind.is_none() {
            return untold(OwnerKind::Instance);
        }
        if let Some(row) = of_kind {
            let told =
                described.filter(|owner| owner.kind == row.kind || row.descriptions.is_empty());
            return Owner {
                kind: row.kind,
                told: told.map_or("", |owner| owner.told),
            };
        }
        if let Some(owner) = described {
            return owner;
        }
        let requester = self.requester.as_deref().unwrap_or_default();
        let asked = ROWS.iter().find(|row| row.requesters.contains(&requester));
        let is_own = OWN_KINDS.contains(&name) && !self.requester_managed;
        untold(match asked {
            Some(row) => row.kind,
            None if is_own => OwnerKind::Untold,
            None => OwnerKind::Managed,
        })
    }
}

impl NetworkInterface {
    /// Whether AWS says that the interface is one of a service, and not only its description, which people write too.
    pub fn is_of_service(&self) -> bool {
        self.requester_managed || self.kind != InterfaceKind::Ordinary
    }

    /// Whether the interface accepts connections.
    ///
    /// What people write on interfaces of their own takes nothing away from them.
    pub fn reception(&self) -> Reception {
        if self.is_of_service() {
            self.owner().kind.reception()
        } else {
            Reception::ByGroups
        }
    }
}

/// The service that a description tells.
fn described(description: &str) -> Option<Owner<'_>> {
    let descriptions = ROWS.iter().flat_map(|row| {
        let of_row = row.descriptions.iter();
        of_row.map(move |pattern| (row.kind, *pattern))
    });
    descriptions.into_iter().find_map(|(kind, pattern)| {
        let rest = description.strip_prefix(pattern)?;
        // The id of a resolver endpoint begins inside the words that tell the service.
        let told = description
            .strip_prefix("Route 53 Resolver: ")
            .unwrap_or(rest);
        Some(Owner {
            kind,
            told: told.trim_matches([' ', '+', ':']),
        })
    })
}

impl InterfaceKind {
    /// The name that EC2 gives it (`InterfaceType`).
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ordinary => "interface",
            Self::NatGateway => "nat_gateway",
            Self::NetworkLoadBalancer => "network_load_balancer",
            Self::GatewayLoadBalancer => "gateway_load_balancer",
            Self::GatewayLoadBalancerEndpoint => "gateway_load_balancer_endpoint",
            Self::VpcEndpoint => "vpc_endpoint",
            Self::TransitGateway => "transit_gateway",
            Self::Lambda => "lambda",
            Self::Other(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(description: &str, expected: Option<(OwnerKind, &str)>) {
        let found = described(description).map(|owner| (owner.kind, owner.told));
        assert_eq!(found, expected, "{description}");
    }

    #[test]
    fn descriptions_tell_the_service() {
        check(
            "ELB app/shop-web/50dc6c495c0c9188",
            Some((OwnerKind::LoadBalancer, "app/shop-web/50dc6c495c0c9188")),
        );
        check("RDSNetworkInterface", Some((OwnerKind::Rds, "")));
        check(
            "ElastiCache+sessions-001",
            Some((OwnerKind::ElastiCache, "sessions-001")),
        );
        check(
            "Route 53 Resolver: rslvr-in-0123:rni-4567",
            Some((OwnerKind::ResolverInbound, "rslvr-in-0123:rni-4567")),
        );
        check("Primary network interface", None);
    }

    #[test]
    fn each_service_has_one_row() {
        let mut services: Vec<OwnerKind> = ROWS.iter().map(|row| row.kind).collect();
        services.sort();
        services.dedup();
        assert_eq!(services.len(), ROWS.len());
    }
}
