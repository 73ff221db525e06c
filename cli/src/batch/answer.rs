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
use crate::selector::{Resolver, Role};

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
        let mut best: Option<Trace> = None;
        for source in from {
            for target in to {
                let Some(trace) = self.ask(source, target, asked, line)? else {
                    continue;
                };
                if best
                    .as_ref()
                    .is_none_or(|best| weight(best) < weight(&trace))
                {
                    best = Some(trace);
                }
            }
        }
        Ok(best.map_or_else(no_common_family, |trace| Answered {
            verdict: trace.reachability,
            reason: reason(&trace, self.engine.snapshot()),
        }))
    }

    /// Follows one pair of addresses, and holds the engine's answer against it.
    fn ask(
        &self,
        from: &Endpoint,
        to: &Endpoint,
        asked: Asked,
        line: u64,
    ) -> Result<Option<Trace>, Disagreement> {
        if Family::of(from.address()) != Family::of(to.address()) {
            return Ok(None);
        }
        let Some(question) = asked.question(to.address()) else {
            return Ok(None);
        };
        let Some(trace) = self.tracer.ask(*from, question) else {
            return Ok(None);
        };
        let engine = self.engine_answer(from, to, &question);
        if engine == trace.reachability {
            return Ok(Some(trace));
        }
        let (from, to) = (from.address(), to.address());
        let what = format!(
            "{from} -> {to} {asked}: the engine says {engine:?}, the trace says {:?}",
            trace.reachability
        );
        Err(Disagreement { line, what })
    }

    fn engine_answer(&self, from: &Endpoint, to: &Endpoint, question: &Question) -> Reachability {
        let reach = self.engine.reach(from, to);
        let asked = packets(question);
        if !reach.certain.intersection(&asked).is_empty() {
            Reachability::Reachable
        } else if reach.possible.intersection(&asked).is_empty() {
            Reachability::Blocked
        } else {
            Reachability::Undetermined
        }
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
fn weight(trace: &Trace) -> (u8, usize) {
    let answer = match trace.reachability {
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
