//! One check for all sentences of the specification.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use model::{Reachability, Snapshot};
use packet::{Protocol, Service};
use testkit::{Expectation, Topology};
use trace::{Message, Question, Trace, Tracer};

/// Compares all expectations of a topology with the traces; the word after the answer is the code of the reason or doubt.
pub(crate) fn check(text: &str) {
    let topology = Topology::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let snapshot = topology.snapshot();
    let tracer = Tracer::new(&snapshot);
    assert!(!topology.expectations.is_empty());
    for expected in &topology.expectations {
        let trace = ask(&snapshot, &tracer, expected);
        let code = match trace.reachability {
            Reachability::Reachable => None,
            Reachability::Blocked => trace.reason().map(trace::Reason::code),
            Reachability::Undetermined => trace.doubt().map(|doubt| doubt.code()),
        };
        let is_right = trace.reachability == expected.answer
            && expected
                .reason
                .as_deref()
                .is_none_or(|reason| code == Some(reason));
        let line = text
            .lines()
            .nth(expected.line - 1)
            .unwrap_or_default()
            .trim();
        assert!(
            is_right,
            "{line}\nanswer: {:?} {code:?}\n{}\n{text}",
            trace.reachability,
            shown(&snapshot, &trace)
        );
    }
}

/// The trace that answers one expectation.
pub(crate) fn ask(snapshot: &Snapshot, tracer: &Tracer<'_>, expected: &Expectation) -> Trace {
    let (from, to) = expected
        .endpoints(snapshot)
        .unwrap_or_else(|| panic!("no such ends: {expected:?}"));
    let destination = to.address();
    let question = match expected.service {
        Service::Ports { protocol, ports } => Question {
            destination,
            protocol,
            message: Message::Port(ports.first()),
        },
        Service::Icmp { kind, code, family } => {
            let protocol = if family == packet::Family::V4 {
                Protocol::ICMP
            } else {
                Protocol::ICMPV6
            };
            Question {
                destination,
                protocol,
                message: Message::Icmp(kind, code.unwrap_or(0)),
            }
        }
        Service::Protocol(protocol) => Question {
            destination,
            protocol,
            message: Message::Other,
        },
        Service::Any => panic!("name a service"),
    };
    match expected.client_port {
        Some(port) => tracer.trace(from, question.packet(from.address(), port).unwrap()),
        None => tracer.ask(from, question).unwrap(),
    }
}

/// A trace as lines of text.
pub(crate) fn shown(snapshot: &Snapshot, trace: &Trace) -> String {
    let mut lines = Vec::new();
    for leg in std::iter::once(&trace.forward).chain(&trace.reply) {
        lines.push(format!("{:?}", leg.disposition));
        for hop in &leg.hops {
            lines.push(format!("  {}: {}", hop.at.describe(snapshot), hop.packet));
            lines.extend(
                hop.steps
                    .iter()
                    .map(|step| format!("    {}", step.describe(snapshot))),
            );
        }
    }
    lines.join("\n")
}
