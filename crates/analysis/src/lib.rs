//! Who is exposed, how far an intruder gets, and what is wrong: questions over the engine, answered as plain data.
//!
//! # Tour
//!
//! A [`Landscape`] prepares a snapshot: it gathers interfaces to [`Host`]s and hosts that behave alike to
//! [`HostClass`]es. [`exposure()`], [`blast()`], [`reach()`] and [`audit()`] ask it; [`explain()`] follows one packet.
//! Every result is plain data that names its subjects, and every claim of reachability carries a [`Witness`]: a packet
//! that `trace` has replayed, with the rules that let it in.
//!
//! [`paths()`] tells how an intruder comes from a foothold to a target, [`origins()`] from where a target can be reached.
//!
//! Load balancers pass requests on: [`through()`] joins the way to them with the way on, and exposure and blast radius
//! follow it.
//!
//! [`difference()`] compares two snapshots: what became reachable, what stopped, and what became open or decided.
//!
//! The catalogue of checks is [`catalog::ALL`].
//!
//! # Limits
//!
//! Hosts fall by reach alone: by default any service that can be reached on a host that can itself open connections
//! counts as a way in (see [`PivotModel`]).

pub mod catalog;

mod answer;
mod attack;
mod audit;
mod behaviour;
mod beyond;
mod blast;
mod channels;
mod class_name;
mod classing;
mod closure;
mod components;
mod difference;
mod doorways;
mod edge;
mod edges;
mod environment;
mod explain;
mod exposure;
mod extent;
mod finding;
mod fingerprint;
mod front;
mod host;
mod inventory;
mod landscape;
mod latent;
mod lateral;
mod matrix;

mod owner;
mod parts;
mod passage;
mod reach;
mod risk;
mod score;
mod spread;
mod subject;
mod summary;
mod tag;
mod through;
mod through_fronts;
mod tiers;
mod undetermined;
mod whence;
mod witness;

pub use answer::Answer;
pub use attack::{
    ChannelHop, Choke, Costs, Cut, CutOptions, CutOutcome, Flow, Hop, Listening, Origin, Origins,
    Parting, Path, PathOptions, Paths, PivotModel, RuleChange, Technique, cut, origins, paths,
    techniques,
};
pub use audit::{Audit, audit, audit_with};
pub use blast::{Blast, BlastOptions, Cause, Fall, Outcome, blast};
pub use channels::{Channel, ChannelKind, Channels, RoleName, channels};
pub use difference::{
    Changed, Difference, Move, Party, PartyKindId, Proof, Prover, Side, State, difference,
    difference_by,
};
pub use edge::{Edge, WayOut};
pub use explain::{
    Explained, Explanation, Place, Step, StepVerdict, Stretch, explain, explain_question,
};
pub use exposure::{Exposed, Exposure, exposure};
pub use extent::{Jewel, OtherEnvironment, OtherVpc};
pub use finding::{Finding, Grade};
pub use front::{FrontKind, FrontName, Gate};
pub use host::{Host, HostClass, HostClassId, HostId};
pub use inventory::{ClassInventory, Inventory, VpcInventory, inventory};
pub use landscape::{Landscape, Selection};
pub use latent::{Dormant, Latent};
pub use lateral::{Lateral, LateralMeasure, lateral};

pub use owner::{Nature, Owner, Role, owner};
pub use reach::{Reached, SetAnswer, SetRow, reach, reach_set};
pub use risk::Risk;
pub use score::{Counts, Pairs, Score, score};
pub use subject::{Member, Subject, SubjectKind};
pub use summary::Summary;
pub use through::{Through, through};
pub use tiers::{Evidence, Tier, TierFlow, TierOptions, TierWithin, Tiers, tiers};
pub use trace::{Message, Question};
pub use undetermined::{NotModelled, Open, not_modelled};
pub use whence::Whence;
pub use witness::{RuleAt, Witness};
