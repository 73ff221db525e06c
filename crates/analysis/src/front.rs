//! Services that stand in front of others and pass requests on.
//!
//! A way through a front is two ways: client to front, and front to target, each decided by itself and joined at a
//! named place. A front is no foothold: it sends its targets what its configuration says, and nothing else.

mod balancer;
mod entry;
mod target;

use model::{Endpoint, Index, NetworkInterface};
use packet::PacketSet;

use crate::landscape::Landscape;

/// Which front a way goes through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrontName {
    /// What it is.
    pub kind: FrontKind,
    /// Its id: an ARN, or the name of a Classic Load Balancer.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// What passes requests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FrontKind {
    /// An Application Load Balancer: it answers HTTP itself and asks its targets.
    ApplicationLoadBalancer,
    /// A Network Load Balancer.
    NetworkLoadBalancer,
    /// A Classic Load Balancer: it answers connections itself and asks its instances.
    ClassicLoadBalancer,
    /// An EC2 Instance Connect endpoint.
    InstanceConnectEndpoint,
    /// An endpoint of Verified Access.
    VerifiedAccess,
    /// A VPC origin of `CloudFront`.
    CloudFrontVpcOrigin,
    /// Global Accelerator.
    GlobalAccelerator,
    /// A VPC link of API Gateway.
    ApiGatewayLink,
}

/// Who may come to a front that is no part of the network, and stands between it and the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Anybody.
    Open,
    /// Whom IAM permits.
    Permission,
    /// Who passes an identity check.
    Identity,
    /// Whoever may call the API, which its own settings tell.
    Caller,
}

impl Gate {
    /// What it asks of those who come; `None` if nothing.
    pub const fn demand(self) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::Permission => Some("needs an IAM permission"),
            Self::Identity => Some("needs an identity check"),
            Self::Caller => Some("needs to be a caller of the API"),
        }
    }
}

impl FrontKind {
    /// The kind in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ApplicationLoadBalancer
            | Self::NetworkLoadBalancer
            | Self::ClassicLoadBalancer => "load balancer",
            Self::InstanceConnectEndpoint => "EC2 Instance Connect endpoint",
            Self::VerifiedAccess => "Verified Access endpoint",
            Self::CloudFrontVpcOrigin => "CloudFront VPC origin",
            Self::GlobalAccelerator => "Global Accelerator",
            Self::ApiGatewayLink => "API Gateway VPC link",
        }
    }

    /// Who comes to it from the internet without a packet of this network; `None` for what is reached by packets.
    pub const fn gate(self) -> Option<Gate> {
        match self {
            Self::ApplicationLoadBalancer
            | Self::NetworkLoadBalancer
            | Self::ClassicLoadBalancer => None,
            Self::CloudFrontVpcOrigin | Self::GlobalAccelerator => Some(Gate::Open),
            Self::InstanceConnectEndpoint => Some(Gate::Permission),
            Self::VerifiedAccess => Some(Gate::Identity),
            Self::ApiGatewayLink => Some(Gate::Caller),
        }
    }
}

/// A front with everything that it may pass on.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    pub(crate) name: FrontName,
    pub(crate) doors: Vec<Door>,
    /// The interfaces that are its nodes.
    pub(crate) nodes: Vec<Index<NetworkInterface>>,
    /// Whether the input tells all of its doors and all that stands behind them.
    pub(crate) is_whole: bool,
}

/// One listener at one node, or one interface of a service that lets clients in from outside.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    /// The node; `None` if the input does not tell.
    pub(crate) node: Option<Index<NetworkInterface>>,
    /// The addresses at which clients come, public ones included; none for a service outside the network.
    pub(crate) at: Vec<Endpoint>,
    /// The addresses from which the node sends.
    pub(crate) from: Vec<Endpoint>,
    /// What the door takes.
    pub(crate) takes: PacketSet,
    /// How it passes it on.
    pub(crate) passing: Passing,
    /// Where to.
    pub(crate) behind: Reach,
}

/// Whom a door leads to.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// These.
    Targets(Vec<Behind>),
    /// Everybody whom packets of its node reach.
    Anybody {
        /// What they are sent.
        sends: PacketSet,
        /// Whether it is certain that the node sends it to any of them.
        is_certain: bool,
    },
}

/// How a listener passes requests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passing {
    /// It answers the client, and opens a connection of its own to a target.
    Answers,
    /// It answers the client, and its target sees the client's address: a flow that is nobody's own.
    AnswersAsClient,
    /// It hands the client's packets to a target; the engine follows them there.
    HandsOn,
}

/// A target of a listener.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Behind {
    /// Who it is.
    pub(crate) to: Endpoint,
    /// What it is sent.
    pub(crate) sends: PacketSet,
    /// Whether it is certain that the node sends it anything.
    pub(crate) is_certain: bool,
}

/// All fronts of a network.
pub(crate) fn fronts(landscape: &Landscape<'_>) -> Vec<Front> {
    let mut fronts = balancer::balancers(landscape.snapshot());
    fronts.extend(entry::entries(landscape.snapshot()));
    fronts
}
