//! What is sent through a lab, and what `trace` says of it.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;

use model::{Endpoint, InterfaceKind, Reachability, Snapshot};
use packet::{Family, Packet, Protocol, Service, Transport};
use testkit::{Expectation, Topology, endpoint_at};
use trace::{Question, Tracer};

use super::lab::Appliances;
use super::{Result, host, internet, office};
use crate::both::question;

/// One packet that is really sent.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Who sends it.
    pub from: Endpoint,
    /// Whoever answers to its destination.
    pub to: Endpoint,
    /// The packet.
    pub packet: Packet,
    /// The answer of `trace`.
    pub expected: Reachability,
    /// Why, by `trace`; empty if it is reachable.
    pub why: String,
    /// The namespace of who receives it, by `trace`; `None` if nobody or a service of AWS.
    pub receiver: Option<String>,
}

/// What became of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The answer came, from the agent of this namespace; the kernel's own answers to pings tell no name.
    Answered(Option<String>),
    /// No answer came.
    Silent,
    /// Somebody was there, who does not listen.
    Refused,
    /// It could not be sent.
    Failed(String),
}

/// A topology with everything that is sent through it.
#[derive(Debug)]
pub struct Case {
    /// The name of the file.
    pub name: String,
    /// The text.
    pub text: String,
    /// The network.
    pub snapshot: Snapshot,
    /// What is sent.
    pub probes: Vec<Probe>,
    /// What the text promises and `trace` does not keep.
    pub broken_promises: Vec<String>,
}

impl Probe {
    /// Both ends.
    pub fn ends(&self) -> [Endpoint; 2] {
        [self.from, self.to]
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { packet, .. } = self;
        write!(f, "{packet}")
    }
}

impl Case {
    /// Reads a topology from a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or names what cannot be sent.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("`{}`: {error}", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Self::new(&name, &text).map_err(|error| format!("{name}: {error}"))
    }

    /// A topology with the probes of its `expect` lines, and of every pair of its ends.
    ///
    /// # Errors
    ///
    /// If the text is no topology, or names what cannot be sent.
    pub fn new(name: &str, text: &str) -> Result<Self> {
        let topology = Topology::parse(text).map_err(|error| error.to_string())?;
        let snapshot = topology.snapshot();
        let mut asker = Asker {
            snapshot: &snapshot,
            tracer: Tracer::new(&snapshot),
            seen: BTreeSet::new(),
            probes: Vec::new(),
            broken_promises: Vec::new(),
        };
        for expectation in &topology.expectations {
            asker.expectation(expectation)?;
        }
        asker.every_pair(&services(&topology.expectations));
        let Asker {
            probes,
            broken_promises,
            ..
        } = asker;
        Ok(Self {
            name: name.to_owned(),
            text: text.to_owned(),
            snapshot,
            probes,
            broken_promises,
        })
    }

    /// What hosts may do with packets for others: if some host may get such packets, both must be tried.
    pub fn appliances(&self) -> &'static [Appliances] {
        let hosts = self.snapshot.interfaces().rows().iter();
        let mut hosts = hosts.filter(|host| host.kind == InterfaceKind::Ordinary);
        if hosts.all(|host| host.source_dest_check) {
            &[Appliances::Forward]
        } else {
            &[Appliances::Forward, Appliances::Drop]
        }
    }
}

/// The namespace of an end.
pub(super) fn namespace(snapshot: &Snapshot, endpoint: Endpoint) -> Option<String> {
    match endpoint {
        Endpoint::Interface { interface, .. } => {
            let interface = snapshot.interfaces().get(interface);
            (interface.kind == InterfaceKind::Ordinary).then(|| host::name(interface))
        }
        Endpoint::Office { office, .. } => {
            Some(office::name(snapshot, snapshot.offices().get(office)))
        }
        Endpoint::Internet { .. } => Some(internet::INTERNET.to_owned()),
        Endpoint::Unknown { .. } => None,
    }
}

/// Whether both ends are behind one uplink: what they send each other does not come through AWS.
fn is_one_office(snapshot: &Snapshot, from: Endpoint, to: Endpoint) -> bool {
    let are_offices = [from, to].map(|end| matches!(end, Endpoint::Office { .. }));
    are_offices == [true, true] && namespace(snapshot, from) == namespace(snapshot, to)
}

/// What is sent between every two ends.
fn services(expectations: &[Expectation]) -> Vec<Service> {
    let usual = ["tcp/22", "udp/53"].iter();
    let usual = usual.filter_map(|text| text.parse().ok());
    let asked = expectations.iter().map(|expectation| expectation.service);
    let asked = asked.filter(|service| !matches!(service, Service::Icmp { .. }));
    usual
        .chain(asked)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// Client ports of questions to which no client port is an answer.
const CLIENT_PORTS: [u16; 2] = [49_152, 2_000];

/// Collects probes.
struct Asker<'a> {
    snapshot: &'a Snapshot,
    tracer: Tracer<'a>,
    seen: BTreeSet<(Endpoint, Packet)>,
    probes: Vec<Probe>,
    broken_promises: Vec<String>,
}

impl Asker<'_> {
    fn expectation(&mut self, expectation: &Expectation) -> Result {
        let line = expectation.line;
        let ends = expectation.endpoints(self.snapshot);
        let (from, to) = ends.ok_or_else(|| format!("line {line}: no such ends"))?;
        let asked = question(expectation.service, to.address());
        let trace = match expectation.client_port {
            None => self.tracer.ask(from, asked),
            Some(port) => asked
                .packet(from.address(), port)
                .map(|packet| self.tracer.trace(from, packet)),
        };
        let trace = trace.ok_or_else(|| format!("line {line}: the service does not fit"))?;
        let reason = trace.reason().map(trace::Reason::code);
        let is_kept = trace.reachability == expectation.answer
            && (expectation.reason.is_none() || expectation.reason.as_deref() == reason);
        if !is_kept {
            let (answer, reason) = (trace.reachability, reason.unwrap_or_default());
            let expected = expectation.answer;
            self.broken_promises.push(format!(
                "line {line}: expected {expected:?}, trace says {answer:?} {reason}"
            ));
        }
        match expectation.client_port {
            Some(_) => self.add(from, to, trace.packet, &trace),
            None => self.ports(from, to, &trace),
        }
        Ok(())
    }

    /// Every service from every end to every other.
    fn every_pair(&mut self, services: &[Service]) {
        let sources = sources(self.snapshot);
        let destinations = destinations(self.snapshot);
        for &from in &sources {
            for &to in sources.iter().chain(&destinations) {
                let family = Family::of(to.address());
                if Family::of(from.address()) != family || from.address() == to.address() {
                    continue;
                }
                if is_one_office(self.snapshot, from, to) {
                    continue;
                }
                for service in services {
                    self.ask(from, to, question(*service, to.address()));
                }
                self.ask(from, to, Question::echo(to.address()));
            }
        }
    }

    fn ask(&mut self, from: Endpoint, to: Endpoint, question: Question) {
        if let Some(trace) = self.tracer.ask(from, question) {
            self.ports(from, to, &trace);
        }
    }

    /// The packet of an answer; for "no client port", packets from several.
    fn ports(&mut self, from: Endpoint, to: Endpoint, trace: &trace::Trace) {
        if trace.reachability == Reachability::Reachable || !trace.packet.protocol().has_ports() {
            self.add(from, to, trace.packet, trace);
            return;
        }
        for port in CLIENT_PORTS {
            self.add(from, to, trace.packet.with_source_port(port), trace);
        }
    }

    fn add(&mut self, from: Endpoint, to: Endpoint, packet: Packet, trace: &trace::Trace) {
        if namespace(self.snapshot, from).is_none() || !self.seen.insert((from, packet)) {
            return;
        }
        let why = match (trace.reason(), trace.doubt()) {
            (Some(reason), _) => reason.describe(self.snapshot),
            (None, Some(doubt)) => doubt.describe(self.snapshot),
            (None, None) => String::new(),
        };
        let receiver = trace.to.and_then(|end| namespace(self.snapshot, end));
        self.probes.push(Probe {
            from,
            to,
            packet,
            expected: trace.reachability,
            why,
            receiver,
        });
    }
}

/// Who can send: hosts by each of their addresses, offices, and the internet where a gateway leads to it.
fn sources(snapshot: &Snapshot) -> Vec<Endpoint> {
    let hosts = snapshot
        .interfaces()
        .iter()
        .filter(|(_, host)| host.kind == InterfaceKind::Ordinary);
    let mut ends: Vec<Endpoint> = hosts
        .flat_map(|(interface, host)| {
            let held = host.addresses.iter();
            held.map(move |held| Endpoint::Interface {
                interface,
                address: held.address,
            })
        })
        .collect();
    ends.extend(offices(snapshot));
    let is_public =
        !snapshot.internet_gateways().is_empty() || !snapshot.egress_only_gateways().is_empty();
    if is_public {
        let internet = [
            IpAddr::from([198, 51, 100, 7]),
            IpAddr::from([0x2600, 0x9000, 0, 0, 0, 0, 0, 7]),
        ];
        ends.extend(internet.map(|address| Endpoint::Internet { address }));
    }
    ends
}

/// One address of each block of each office.
fn offices(snapshot: &Snapshot) -> impl Iterator<Item = Endpoint> {
    snapshot.offices().iter().flat_map(|(office, network)| {
        let inside = network.cidrs.iter().filter_map(|block| {
            let first = block.first();
            Family::of(first).address(Family::number(first) + 5)
        });
        inside.map(move |address| Endpoint::Office { office, address })
    })
}

/// What else can be sent to: public addresses of hosts, and both of NAT gateways.
fn destinations(snapshot: &Snapshot) -> Vec<Endpoint> {
    let held = snapshot.interfaces().rows().iter().flat_map(|host| {
        let is_nat = host.kind == InterfaceKind::NatGateway;
        host.addresses
            .iter()
            .flat_map(move |held| [held.public, is_nat.then_some(held.address)])
    });
    let addresses: BTreeSet<IpAddr> = held.flatten().collect();
    let addresses = addresses.into_iter();
    addresses
        .map(|address| endpoint_at(snapshot, address))
        .collect()
}

/// What an agent is told to send.
pub(super) fn command(number: usize, probe: &Probe, patience_ms: u64) -> Result<String> {
    let packet = &probe.packet;
    let (word, ports) = match (packet.protocol(), packet.transport()) {
        (
            Protocol::TCP,
            Transport::Ports {
                source,
                destination,
            },
        ) => ("tcp", [source, destination]),
        (
            Protocol::UDP,
            Transport::Ports {
                source,
                destination,
            },
        ) => ("udp", [source, destination]),
        (
            _,
            Transport::Icmp {
                kind: 8 | 128,
                code: 0,
            },
        ) => ("echo", [0, 0]),
        _ => return Err(format!("nothing here can send {packet}")),
    };
    let [source, destination] = ports;
    let (from, to) = (packet.source(), packet.destination());
    Ok(format!(
        "{number} {word} {from} {source} {to} {destination} {patience_ms}"
    ))
}
