//! What became of real packets, against what `trace` says.

use std::fmt;

use model::Reachability;

use super::probes::{Case, Outcome, Probe};

/// How many packets were compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answered, as `trace` says.
    pub reachable: usize,
    /// Not answered, as `trace` says.
    pub blocked: usize,
    /// Left open by `trace`, and answered.
    pub open_answered: usize,
    /// Left open by `trace`, and not answered.
    pub open_silent: usize,
}

impl Tally {
    /// All packets.
    pub const fn packets(&self) -> usize {
        self.reachable + self.blocked + self.open_answered + self.open_silent
    }

    /// Adds the counts of another tally.
    pub fn add(&mut self, other: Self) {
        self.reachable += other.reachable;
        self.blocked += other.blocked;
        self.open_answered += other.open_answered;
        self.open_silent += other.open_silent;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} packets: {} answered and {} lost as trace says; {} left open ({} answered, {} lost)",
            self.packets(),
            self.reachable,
            self.blocked,
            self.open_answered + self.open_silent,
            self.open_answered,
            self.open_silent
        )
    }
}

/// What differs, one paragraph each: the packet, and both answers.
pub fn compare(case: &Case, outcomes: &[Outcome]) -> (Tally, Vec<String>) {
    let mut tally = Tally::default();
    let mut complaints = Vec::new();
    if outcomes.len() != case.probes.len() {
        let (sent, told) = (case.probes.len(), outcomes.len());
        complaints.push(format!("{sent} packets, and {told} outcomes"));
    }
    for (probe, outcome) in case.probes.iter().zip(outcomes) {
        match verdict(probe, outcome) {
            Ok(count) => *count(&mut tally) += 1,
            Err(why) => {
                let expected = probe.expected;
                complaints.push(format!(
                    "{probe}\n  trace:  {expected:?} {}\n  kernel: {outcome:?}{why}",
                    probe.why
                ));
            }
        }
    }
    (tally, complaints)
}

/// The count of a tally that grows.
type Count = fn(&mut Tally) -> &mut usize;

fn verdict(probe: &Probe, outcome: &Outcome) -> Result<Count, String> {
    match (probe.expected, outcome) {
        (Reachability::Reachable, Outcome::Answered(name)) => {
            let receiver = probe.receiver.as_ref();
            match (receiver, name) {
                (Some(receiver), Some(name)) if receiver != name => {
                    Err(format!(", and trace says it is {receiver}"))
                }
                _ => Ok(|tally| &mut tally.reachable),
            }
        }
        (Reachability::Blocked, Outcome::Silent) => Ok(|tally| &mut tally.blocked),
        (Reachability::Undetermined, Outcome::Answered(_)) => Ok(|tally| &mut tally.open_answered),
        (Reachability::Undetermined, Outcome::Silent) => Ok(|tally| &mut tally.open_silent),
        (Reachability::Reachable, Outcome::Silent)
        | (Reachability::Blocked, Outcome::Answered(_)) => Err(String::new()),
        (_, Outcome::Refused | Outcome::Failed(_)) => Err(", so the lab is broken".to_owned()),
    }
}
