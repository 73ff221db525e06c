//! Answers to the rows of a batch.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use engine::Engine;
use model::{Endpoint, Reachability, Snapshot};
use packet::{Family, PacketSet, PortSet, Service};
use rayon::prelude::*;
use trace::{Disposition, Ground, Message, Question, Step, Trace, Tracer};

use super::{Asked, Batch, BatchError, Row};
use crate::selector::{Resolver, Role, Subject};

/// The ports that systems choose as client ports.
const CLIENT_PORTS: (u16, u16) = (1024, 65535);

/// The answer to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Whether a session can be made.
    pub verdict: Reachability,
    /// Why: a stable code in kebab-case, a colon, and words.
    pub reason: String,
}

impl Answered {
    /// The verdict as the batch writes it.
    pub const fn verdict_word(&self) -> &'static str {
        match self.verdict {
            Reachability::Reachable => "reachable",
            Reachability::Blocked => "blocked",
            Reachability::Undetermined => "undetermined",
        }
    }
}

/// Engine and trace do not agree: one of them is wrong, and no answer can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The line of the row.
    pub line: u64,
    /// The pair and the question, and both answers.
    pub what: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for Disagreement {}

/// Why a batch has no answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerError {
    /// A selector does not name one endpoint of the snapshot.
    Input(BatchError),
    /// A bug of ours.
    Bug(Disagreement),
}

/// Answers batches on one snapshot.
#[derive(Debug)]
pub struct Answerer<'a> {
    engine: &'a Engine<'a>,
    tracer: Tracer<'a>,
    resolver: Resolver<'a>,
}

/// A question of a batch, its selectors by number.
type Key = (usize, usize, Asked);

impl<'a> Answerer<'a> {
    /// Prepares a snapshot.
    pub fn new(engine: &'a Engine<'a>) -> Self {
        Self {
            engine,
            tracer: Tracer::new(engine.snapshot()),
            resolver: Resolver::new(engine),
        }
    }

    /// One answer for each row, in order.
    ///
    /// An end with several addresses stands for all of them: reachable if any pair of addresses is, else undetermined
    /// if any is, else blocked.
    ///
    /// # Errors
    ///
    /// If a selector does not name one thing, or if engine and trace disagree.
    ///
    /// # Cost
    ///
    /// Equal questions are answered once; different ones in parallel.
    pub fn answers(&self, batch: &Batch<'_>) -> Result<Vec<Arc<Answered>>, AnswerError> {
        let (sources, targets) = self.ends(batch).map_err(AnswerError::Input)?;
        let mut questions: BTreeMap<Key, u64> = BTreeMap::new();
        for Row {
            src,
            dst,
            asked,
            line,
        } in batch.rows()
        {
            questions.entry((*src, *dst, *asked)).or_insert(*line);
        }
        let none = Vec::new();
        let answers: Result<BTreeMap<Key, Arc<Answered>>, Disagreement> = questions
            .into_par_iter()
            .map(|(key, line)| {
                let from = sources.get(&key.0).unwrap_or(&none);
                let to = targets.get(&key.1).unwrap_or(&none);
                Ok((key, Arc::new(self.answer(from, to, key.2, line)?)))
            })
            .collect();
        let answers = answers.map_err(AnswerError::Bug)?;
        let rows = batch.rows().iter();
        Ok(rows
            .filter_map(|row| answers.get(&(row.src, row.dst, row.asked)).cloned())
            .collect())
    }

    /// The endpoints of all selectors, by role and number.
    fn ends(&self, batch: &Batch<'_>) -> Result<(Ends, Ends), BatchError> {
        let (mut sources, mut targets) = (Ends::new(), Ends::new());
        for row in batch.rows() {
            self.end(batch, row.src, Role::Source, "src", row.line, &mut sources)?;
            self.end(batch, row.dst, Role::Target, "dst", row.line, &mut targets)?;
        }
        Ok((sources, targets))
    }

    fn end(
        &self,
        batch: &Batch<'_>,
        number: usize,
        role: Role,
        column: &'static str,
        line: u64,
        ends: &mut Ends,
    ) -> Result<(), BatchError> {
        let Some(selector) = batch
            .selectors()
            .get(number)
            .filter(|_| !ends.contains_key(&number))
        else {
            return Ok(());
        };
        let found = self.resolver.resolve_one(selector, role);
        let found = found.map_err(|error| BatchError::of_selector(line, column, &error))?;
        ends.insert(number, found);
        Ok(())
    }

    fn answer(
        &self,
        from: &[Endpoint],
        to: &[Endpoint],
        asked: Asked,
        line: u64,
    ) -> Result<Answered, Disagreement> {
        let mut best: Option<(Reachability, Trace, Endpoint)> = None;
        for source in from {
            for target in to {
                let Some((verdict, trace)) = self.ask(source, target, asked, line)? else {
                    continue;
                };
                let is_better = best.as_ref().is_none_or(|(before, best, _)| {
                    weight(*before, best) < weight(verdict, &trace)
                });
                if is_better {
                    best = Some((verdict, trace, *target));
                }
            }
        }
        Ok(
            best.map_or_else(no_common_family, |(verdict, trace, target)| {
                let snapshot = self.engine.snapshot();
                let reason = if verdict == trace.reachability {
                    reason(&trace, snapshot)
                } else {
                    other_receiver(&trace, &target, snapshot)
                };
                Answered { verdict, reason }
            }),
        )
    }

    /// The engine's answer for a pair, with the trace that explains it.
    ///
    /// The engine is asked for the receiver that is meant. A trace knows only its address: where the two differ, somebody
    /// else may answer to that address, and then the engine must say of whoever answers what the trace says.
    fn ask(
        &self,
        from: &Endpoint,
        to: &Endpoint,
        asked: Asked,
        line: u64,
    ) -> Result<Option<(Reachability, Trace)>, Disagreement> {
        if Family::of(from.address()) != Family::of(to.address()) {
            return Ok(None);
        }
        let Some(question) = asked.question(to.address()) else {
            return Ok(None);
        };
        let Some(trace) = self.tracer.ask(*from, question) else {
            return Ok(None);
        };
        let verdict = self.engine_answer(from, to, &question);
        if verdict == trace.reachability {
            return Ok(Some((verdict, trace)));
        }
        let address = to.address();
        let anyone = self.engine_answer(from, &Endpoint::Unknown { address }, &question);
        if anyone == trace.reachability && !reaches(&trace, to) {
            return Ok(Some((verdict, trace)));
        }
        let what = format!(
            "{} -> {address} {asked}: the engine says {verdict:?} ({anyone:?} of whoever answers), the trace says {:?}",
            from.address(),
            trace.reachability
        );
        Err(Disagreement { line, what })
    }

    fn engine_answer(&self, from: &Endpoint, to: &Endpoint, question: &Question) -> Reachability {
        let reach = self.engine.reach(from, to);
        reach.reachability_of_any(&packets(question))
    }
}

type Ends = BTreeMap<usize, Vec<Endpoint>>;

/// All packets that a question may be asked with.
fn packets(question: &Question) -> PacketSet {
    let family = Family::of(question.destination);
    let packets = match question.message {
        Message::Port(port) => {
            let (first, last) = CLIENT_PORTS;
            let to = PacketSet::to_ports(question.protocol, &PortSet::range(port, port));
            to.intersection(&PacketSet::from_ports(&PortSet::range(first, last)))
        }
        Message::Icmp(kind, code) => PacketSet::from(&Service::Icmp {
            family,
            kind,
            code: Some(code),
        }),
        Message::Other => PacketSet::of_protocol(question.protocol),
    };
    packets.intersection(&PacketSet::of_family(family))
}

/// Which of several traces tells most: the best answer, then the one that came farthest.
fn weight(verdict: Reachability, trace: &Trace) -> (u8, usize) {
    let answer = match verdict {
        Reachability::Blocked => 0,
        Reachability::Undetermined => 1,
        Reachability::Reachable => 2,
    };
    let legs = std::iter::once(&trace.forward).chain(&trace.reply);
    (answer, legs.map(|leg| leg.hops.len()).sum())
}

fn no_common_family() -> Answered {
    Answered {
        verdict: Reachability::Blocked,
        reason: "no-common-family: the two have no addresses of one family for this".to_owned(),
    }
}

/// Whether a trace leads to the interface that is meant, for certain and by the only way.
fn reaches(trace: &Trace, target: &Endpoint) -> bool {
    let is_meant = match (&trace.to, target) {
        (
            Some(Endpoint::Interface { interface, .. }),
            Endpoint::Interface {
                interface: meant, ..
            },
        ) => interface == meant,
        _ => false,
    };
    is_meant && trace.alternatives.is_empty() && trace.reachability == Reachability::Reachable
}

/// What is said where packets to the address reach, or may reach, somebody else than the one who is meant.
fn other_receiver(trace: &Trace, target: &Endpoint, snapshot: &Snapshot) -> String {
    let meant = Subject::of(target, snapshot).describe(snapshot);
    let found = match &trace.to {
        Some(found) => Subject::of(found, snapshot).describe(snapshot),
        None => "a service of AWS".to_owned(),
    };
    let address = target.address();
    format!("other-receiver: from here, {address} is {found} rather than {meant}")
}

/// A code, and words: the rules that admit it, the line that blocks it, or what is not known.
fn reason(trace: &Trace, snapshot: &Snapshot) -> String {
    if let Some(reason) = trace.reason() {
        let whose = if in_reply(trace) { "the answer: " } else { "" };
        return format!("{}: {whose}{}", reason.code(), reason.describe(snapshot));
    }
    if let Some(doubt) = trace.doubt() {
        return format!("{}: {}", doubt.code(), doubt.describe(snapshot));
    }
    let steps = || trace.forward.hops.iter().flat_map(|hop| &hop.steps);
    let grounds = |wanted: fn(&Ground) -> bool| -> Vec<String> {
        let grounds = steps().filter_map(|step| match step {
            Step::Allowed(ground) => Some(ground),
            Step::Denied(_) | Step::Unknown(_) => None,
        });
        grounds
            .filter(|ground| wanted(ground))
            .map(|ground| ground.describe(snapshot))
            .collect()
    };
    let rules = grounds(|ground| matches!(ground, Ground::Rule(..)));
    let words = if rules.is_empty() {
        grounds(|_| true)
    } else {
        rules
    };
    format!("allowed: {}", words.join("; "))
}

/// Whether the first packet arrives, and its answer is what is lost.
const fn in_reply(trace: &Trace) -> bool {
    !matches!(trace.forward.disposition, Disposition::Denied(_))
}

#[cfg(test)]
mod tests {
    use testkit::Topology;

    use super::*;

    const NETWORK: &str = "
        vpc a 10.0.0.0/16
        subnet as a 10.0.1.0/24
        vpc b 10.0.0.0/16
        subnet bs b 10.0.1.0/24
        group open-a a
          in any from any
          out any to any
        group ssh-a a
          in tcp/22 from 10.0.1.6/32
          out any to any
        group open-b b
          in any from any
          out any to any
        host one in as 10.0.1.5 groups open-a
        host two in bs 10.0.1.5 groups open-b
        host three in as 10.0.1.6 10.0.1.7 groups open-a instance i-3
        host four in as 10.0.1.8 groups ssh-a
        host six in as 2001:db8::6 groups open-a
        host odd in as 10.0.1.9 groups missing
    ";

    /// Checks the answer to one row: the verdict and the code of the reason.
    fn check(row: &str, expected: &str) {
        let snapshot = Topology::parse(NETWORK).unwrap().snapshot();
        let engine = Engine::new(&snapshot);
        let file = format!("src,dst,proto,dport\n{row}\n");
        let batch = super::super::parse(file.as_bytes()).unwrap();
        let answers = Answerer::new(&engine).answers(&batch).unwrap();
        let answer = &answers[0];
        let code = answer.reason.split(": ").next().unwrap();
        assert_eq!(
            format!("{} {code}", answer.verdict_word()),
            expected,
            "{row}: {}",
            answer.reason
        );
    }

    #[test]
    fn a_row_has_a_verdict_and_the_reason_of_the_trace() {
        check("i-3,one,tcp,443", "reachable allowed");
        check("one,four,tcp,22", "blocked no-ingress-rule");
        check("one,odd,tcp,22", "undetermined missing-group");
        check("one,one,icmp,", "reachable allowed");
        check("one,10.0.1.99,udp,53", "blocked no-such-host");
    }

    #[test]
    fn one_pair_of_addresses_that_passes_makes_the_row_reachable() {
        check("i-3,four,tcp,22", "reachable allowed");
        check("10.0.1.7,four,tcp,22", "blocked no-ingress-rule");
    }

    #[test]
    fn ends_without_a_common_family_are_blocked() {
        check("six,one,tcp,22", "blocked no-common-family");
        check("one,four,icmpv6,", "blocked no-common-family");
    }

    #[test]
    fn an_address_that_is_somebody_else_there_does_not_reach_who_is_meant() {
        check("i-3,one and vpc:a,tcp,22", "reachable allowed");
        check("i-3,10.0.1.5 and vpc:b,tcp,22", "blocked other-receiver");
    }
}
