//! Services that stand in front of others and pass requests on.
//!
//! A way through a front is two ways: client to front, and front to target, each decided by itself and joined at a
//! named place. A front is no foothold: it sends its targets what its configuration says, and nothing else.

mod balancer;
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
}

impl FrontKind {
    /// The kind in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ApplicationLoadBalancer
            | Self::NetworkLoadBalancer
            | Self::ClassicLoadBalancer => "load balancer",
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

/// One listener at one node.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    /// The node.
    pub(crate) node: Index<NetworkInterface>,
    /// The addresses at which clients come, public ones included.
    pub(crate) at: Vec<Endpoint>,
    /// The addresses from which the node sends.
    pub(crate) from: Vec<Endpoint>,
    /// What the listener takes.
    pub(crate) takes: PacketSet,
    /// How it passes it on.
    pub(crate) passing: Passing,
    /// Where to.
    pub(crate) behind: Vec<Behind>,
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
    balancer::balancers(landscape.snapshot())
}
