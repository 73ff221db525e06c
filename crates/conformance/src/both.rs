//! One question to both implementations.

use std::net::IpAddr;

use model::{Endpoint, Reachability, Snapshot};
use packet::{Packet, PacketSet, PortSet, Protocol, Service};

/// Both implementations over one network.
#[derive(Debug)]
pub struct Both<'a> {
    /// The concrete one.
    pub tracer: trace::Tracer<'a>,
    /// The symbolic one.
    pub engine: engine::Engine<'a>,
}

/// What the two said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// By `trace`.
    pub trace: Reachability,
    /// By `engine`.
    pub engine: Reachability,
    /// Why, by `trace`: a code if it is blocked, else a sentence if it is undetermined.
    pub why: String,
    /// The code of the reason or doubt, by `trace`; empty if there is none.
    pub code: &'static str,
}

impl Answers {
    /// Whether the two say the same.
    pub fn agree(&self) -> bool {
        self.trace == self.engine
    }
}

impl<'a> Both<'a> {
    /// Prepares both.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            tracer: trace::Tracer::new(snapshot),
            engine: engine::Engine::new(snapshot),
        }
    }

    /// Whether one packet makes a session with whoever gets it.
    pub fn packet(&self, from: Endpoint, packet: Packet) -> Answers {
        let trace = self.tracer.trace(from, packet);
        let reach = self.engine.reach(&from, &anyone(packet.destination()));
        Answers {
            trace: trace.reachability,
            engine: reach.reachability(&packet),
            why: self.why(&trace),
            code: code(&trace),
        }
    }

    /// Whether a question has a client port that makes a session; `None` if the families or the message do not fit.
    pub fn ask(&self, from: Endpoint, question: trace::Question) -> Option<Answers> {
        let trace = self.tracer.ask(from, question)?;
        let probe = question.packet(from.address(), FIRST_CLIENT)?;
        Some(Answers {
            trace: trace.reachability,
            engine: self.some_client(from, &probe),
            why: self.why(&trace),
            code: code(&trace),
        })
    }

    /// The answer of `engine` for packets like this one from any client port.
    fn some_client(&self, from: Endpoint, probe: &Packet) -> Reachability {
        let reach = self.engine.reach(&from, &anyone(probe.destination()));
        reach.reachability_of_any(&from_clients(probe))
    }

    fn why(&self, trace: &trace::Trace) -> String {
        let snapshot = self.engine.snapshot();
        match (trace.reason(), trace.doubt()) {
            (Some(reason), _) => reason.code().to_owned(),
            (None, Some(doubt)) => doubt.describe(snapshot),
            (None, None) => String::new(),
        }
    }
}

fn code(trace: &trace::Trace) -> &'static str {
    let doubt = trace.doubt().map_or("", |doubt| doubt.code());
    trace.reason().map_or(doubt, trace::Reason::code)
}

/// Whoever answers to an address: `engine` is asked by receiver, `trace` knows only where the packet is sent.
pub const fn anyone(address: IpAddr) -> Endpoint {
    Endpoint::Unknown { address }
}

/// The first of the ports that clients send from; all above are too.
const FIRST_CLIENT: u16 = 1024;

/// All packets of the family, protocol and destination port or message of `probe`, from any client port.
pub fn from_clients(probe: &Packet) -> PacketSet {
    let family = PacketSet::of_family(probe.family());
    let services = PacketSet::from(probe).services();
    let asked = services.intersection(&family);
    if !probe.protocol().has_ports() {
        return asked;
    }
    let clients = PortSet::range(FIRST_CLIENT, u16::MAX);
    asked.intersection(&PacketSet::from_ports(&clients))
}

/// A question for a service: by its first port or message, or `None` for one that names no protocol.
///
/// For `any`, a TCP port that few rules name.
pub fn question(service: Service, destination: IpAddr) -> trace::Question {
    use trace::Message;
    let (protocol, message) = match service {
        Service::Any => (Protocol::TCP, Message::Port(UNUSUAL_PORT)),
        Service::Ports { protocol, ports } => (protocol, Message::Port(ports.first())),
        Service::Icmp { family, kind, code } => {
            let protocol = match family {
                packet::Family::V4 => Protocol::ICMP,
                packet::Family::V6 => Protocol::ICMPV6,
            };
            (protocol, Message::Icmp(kind, code.unwrap_or(0)))
        }
        Service::Protocol(protocol) if protocol.has_ports() => {
            (protocol, Message::Port(UNUSUAL_PORT))
        }
        Service::Protocol(protocol) if protocol.is_icmp() => {
            let echo = trace::Question::echo(destination);
            (protocol, echo.message)
        }
        Service::Protocol(protocol) => (protocol, Message::Other),
    };
    trace::Question {
        destination,
        protocol,
        message,
    }
}

const UNUSUAL_PORT: u16 = 61_234;
