//! The explanation of one packet as plain data.

use model::{Endpoint, Origin, Reachability, Snapshot};
use packet::Packet;
use trace::{Disposition, Ground, Leg, Question, Trace};

use crate::landscape::Landscape;
use crate::owner::owner;
use crate::witness::RuleAt;

/// Where one packet and its answer go, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Who sends.
    pub from: Endpoint,
    /// Where it arrives, if it does.
    pub to: Option<Endpoint>,
    /// The packet as it is sent.
    pub packet: Packet,
    /// The answer for all ways together.
    pub reachability: Reachability,
    /// Whether the packet is delivered for certain and its answer is lost.
    pub is_one_way: bool,
    /// Why it is blocked or open; `None` if it is reachable.
    pub cause: Option<Explained>,
    /// The way of the packet.
    pub forward: Stretch,
    /// The way of the answer, if there is one.
    pub reply: Option<Stretch>,
    /// How many other ways AWS may choose.
    pub other_ways: usize,
}

/// Why a packet is blocked, or why the answer is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// A stable code in kebab-case.
    pub code: &'static str,
    /// One line.
    pub text: String,
    /// What would open the way or answer the question, where that is one thing.
    pub remedy: Option<String>,
    /// Where the line that decides was read.
    pub origin: Option<Origin>,
    /// Whether it is the answer, and not the first packet, that is concerned.
    pub is_in_reply: bool,
}

/// The way of one packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where it passes.
    pub places: Vec<Place>,
    /// Where it arrives, if it does.
    pub reached: Option<Endpoint>,
    /// Whether it arrives for certain, is dropped for certain, or neither is known.
    pub verdict: StepVerdict,
    /// Its fate in one line.
    pub fate: String,
}

/// A place on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name and id.
    pub name: String,
    /// The packet as it arrives there.
    pub packet: Packet,
    /// What is asked there.
    pub steps: Vec<Step>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The answer.
    pub verdict: StepVerdict,
    /// One line.
    pub text: String,
    /// Where the line that decided was read.
    pub origin: Option<Origin>,
    /// The rule that decided, if it was one of a group.
    pub rule: Option<RuleAt>,
}

/// The answer of a step or of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepVerdict {
    /// The packet passes.
    Allowed,
    /// The packet is dropped.
    Denied,
    /// The input or the model cannot tell.
    Unknown,
}

/// Follows one packet.
pub fn explain(landscape: &Landscape<'_>, from: Endpoint, packet: Packet) -> Explanation {
    explanation(
        landscape.snapshot(),
        &landscape.tracer().trace(from, packet),
    )
}

/// Follows a packet from the client port that serves best; `None` if the address families differ.
pub fn explain_question(
    landscape: &Landscape<'_>,
    from: Endpoint,
    question: Question,
) -> Option<Explanation> {
    let trace = landscape.tracer().ask(from, question)?;
    Some(explanation(landscape.snapshot(), &trace))
}

fn explanation(snapshot: &Snapshot, trace: &Trace) -> Explanation {
    Explanation {
        from: trace.from,
        to: trace.to,
        packet: trace.packet,
        reachability: trace.reachability,
        is_one_way: trace.one_way,
        cause: cause(snapshot, trace),
        forward: stretch(snapshot, &trace.forward),
        reply: trace.reply.as_ref().map(|leg| stretch(snapshot, leg)),
        other_ways: trace.alternatives.len(),
    }
}

fn cause(snapshot: &Snapshot, trace: &Trace) -> Option<Explained> {
    if let Some(reason) = trace.reason() {
        let is_in_reply = !matches!(trace.forward.disposition, Disposition::Denied(_));
        let leg = if is_in_reply {
            trace.reply.as_ref()
        } else {
            Some(&trace.forward)
        };
        let packet = leg
            .and_then(|leg| leg.hops.last())
            .map_or(trace.packet, |hop| hop.packet);
        return Some(Explained {
            code: reason.code(),
            text: reason.describe(snapshot),
            remedy: reason.remedy(&packet, snapshot),
            origin: reason.origin(snapshot).cloned(),
            is_in_reply,
        });
    }
    let doubt = trace.doubt()?;
    Some(Explained {
        code: doubt.code(),
        text: doubt.describe(snapshot),
        remedy: None,
        origin: None,
        is_in_reply: trace.forward.doubts().next().is_none(),
    })
}

fn stretch(snapshot: &Snapshot, leg: &Leg) -> Stretch {
    let places = leg.hops.iter().map(|hop| Place {
        name: place_name(snapshot, &hop.at),
        packet: hop.packet,
        steps: hop
            .steps
            .iter()
            .map(|step| step_of(snapshot, step))
            .collect(),
    });
    let (verdict, fate) = match &leg.disposition {
        Disposition::Delivered(_) => (StepVerdict::Allowed, "delivered".to_owned()),
        Disposition::DeliveredToService(_) => (
            StepVerdict::Allowed,
            "delivered to a service of AWS".to_owned(),
        ),
        Disposition::Denied(reason) => (StepVerdict::Denied, reason.describe(snapshot)),
        Disposition::Undetermined(doubt) => (StepVerdict::Unknown, doubt.describe(snapshot)),
    };
    Stretch {
        places: places.collect(),
        reached: leg.reached,
        verdict,
        fate,
    }
}

/// The place in words; an interface by the name of what it belongs to.
fn place_name(snapshot: &Snapshot, place: &trace::Place) -> String {
    if let trace::Place::Interface(index) = place {
        let interface = snapshot.interfaces().get(*index);
        if let Some(name) = owner(snapshot, interface).name {
            return format!("{name} ({})", interface.id);
        }
    }
    place.describe(snapshot)
}

fn step_of(snapshot: &Snapshot, step: &trace::Step) -> Step {
    let (verdict, rule) = match step {
        trace::Step::Allowed(Ground::Rule(group, number)) => (
            StepVerdict::Allowed,
            Some(RuleAt {
                group: *group,
                number: *number,
            }),
        ),
        trace::Step::Allowed(_) => (StepVerdict::Allowed, None),
        trace::Step::Denied(_) => (StepVerdict::Denied, None),
        trace::Step::Unknown(_) => (StepVerdict::Unknown, None),
    };
    Step {
        verdict,
        text: step.describe(snapshot),
        origin: step.origin(snapshot).cloned(),
        rule,
    }
}
