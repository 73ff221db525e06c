//! One generated network, all its pairs.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use model::{Endpoint, Reachability, Snapshot};
use packet::{Packet, PacketSet, Transport};
use testkit::{Error, Random, Topology, random_network, shrink};
use trace::{Message, Question};

use super::Tally;
use super::end::{End, destinations, sources};
use super::sample::Values;
use crate::both::{Answers, Both, anyone};
use crate::case::word;

/// A packet on which the two implementations differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The seed of the network.
    pub seed: u64,
    /// Who sends.
    pub from: End,
    /// Who receives.
    pub to: End,
    /// The packet.
    pub packet: Packet,
    /// Whether it is one of many: the same packet from any client port.
    pub from_any_client: bool,
    /// What the two say of the network as generated.
    pub answers: String,
    /// What the two say of the smaller network.
    pub smaller_answers: String,
    /// The smallest network found on which they differ.
    pub topology: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clients = if self.from_any_client {
            " (from some client port)"
        } else {
            ""
        };
        writeln!(
            f,
            "seed {}: {} -> {}: {}{clients}",
            self.seed, self.from, self.to, self.packet
        )?;
        writeln!(f, "as generated: {}", self.answers)?;
        writeln!(f, "in this smaller network: {}", self.smaller_answers)?;
        f.write_str(&self.topology)
    }
}

/// Why the network of a seed cannot be passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The generator wrote a text that does not read: nothing was compared.
    Unread {
        /// The seed of the network.
        seed: u64,
        /// What is wrong in the text.
        error: Error,
    },
    /// The two implementations differ.
    Differs(Box<Difference>),
}

impl Fault {
    /// The seed of the network.
    pub fn seed(&self) -> u64 {
        match self {
            Self::Unread { seed, .. } => *seed,
            Self::Differs(difference) => difference.seed,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread { seed, error } => write!(f, "seed {seed}: no network: {error}"),
            Self::Differs(difference) => difference.fmt(f),
        }
    }
}

/// Compares both implementations on the network of a seed.
///
/// # Errors
///
/// If there is no network, or the first difference, shrunken.
pub fn differences(seed: u64, packets_per_pair: usize) -> Result<Tally, Fault> {
    let network = random_network(seed).map_err(|error| Fault::Unread { seed, error })?;
    let snapshot = network.snapshot();
    let both = Both::new(&snapshot);
    let values = Values::of(&snapshot);
    let mut random = Random::new(seed ^ 0xD1FF);
    let mut tally = Tally {
        networks: 1,
        ..Tally::default()
    };
    let destinations = destinations(&snapshot);
    for from in sources(&snapshot) {
        for to in &destinations {
            let Some((source, target)) = from.find(&snapshot).zip(to.find(&snapshot)) else {
                continue;
            };
            tally.pairs += 1;
            let pair = Pair {
                both: &both,
                source,
                target,
            };
            let packets = packets(&pair, &values, &mut random, packets_per_pair, &mut tally);
            for (packet, from_any_client) in packets {
                let question = Asked {
                    from: from.clone(),
                    to: to.clone(),
                    packet,
                    from_any_client,
                };
                match pair.outcome(packet, from_any_client) {
                    Outcome::Said(answers) if answers.agree() => {
                        count(&mut tally, &answers, from_any_client);
                    }
                    outcome => {
                        let difference = difference(seed, &snapshot, question, &outcome);
                        return Err(Fault::Differs(Box::new(difference)));
                    }
                }
            }
        }
    }
    Ok(tally)
}

/// Two endpoints of one network.
struct Pair<'a, 'b> {
    both: &'a Both<'b>,
    source: Endpoint,
    target: Endpoint,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// Both answered.
    Said(Answers),
    /// One of the two panicked, or could not take the question.
    Failed,
    /// The network does not hold the ends any more.
    Gone,
}

impl Pair<'_, '_> {
    fn outcome(&self, packet: Packet, from_any_client: bool) -> Outcome {
        let ask = || {
            if !from_any_client {
                return Some(self.both.packet(self.source, packet));
            }
            self.both.ask(self.source, question_of(packet))
        };
        let answers = catch_unwind(AssertUnwindSafe(ask)).ok().flatten();
        answers.map_or(Outcome::Failed, Outcome::Said)
    }
}

fn question_of(packet: Packet) -> Question {
    Question {
        destination: packet.destination(),
        protocol: packet.protocol(),
        message: match packet.transport() {
            Transport::Ports { destination, .. } => Message::Port(destination),
            Transport::Icmp { kind, code } => Message::Icmp(kind, code),
            Transport::Other => Message::Other,
        },
    }
}

fn count(tally: &mut Tally, answers: &Answers, from_any_client: bool) {
    if from_any_client {
        tally.questions += 1;
        return;
    }
    tally.packets += 1;
    let [reachable, undetermined, blocked] = &mut tally.answers;
    match answers.trace {
        Reachability::Reachable => *reachable += 1,
        Reachability::Undetermined => *undetermined += 1,
        Reachability::Blocked => *blocked += 1,
    }
}

/// Sampled packets, the engine's witnesses of each answer, and one question from any client port.
fn packets(
    pair: &Pair<'_, '_>,
    values: &Values,
    random: &mut Random,
    n_packets: usize,
    tally: &mut Tally,
) -> Vec<(Packet, bool)> {
    let (from, to) = (pair.source.address(), pair.target.address());
    let mut packets: Vec<(Packet, bool)> = Vec::new();
    for _ in 0..n_packets {
        packets.extend(
            values
                .packet(random, from, to)
                .map(|packet| (packet, false)),
        );
    }
    packets.extend(values.packet(random, from, to).map(|packet| (packet, true)));
    let Some(&(sample, _)) = packets.first() else {
        return packets;
    };
    let reach = || pair.both.engine.reach(&pair.source, &anyone(to));
    if let Ok(reach) = catch_unwind(AssertUnwindSafe(reach)) {
        let family = PacketSet::of_family(sample.family());
        let sets = [
            reach.certain.clone(),
            reach.undetermined(),
            reach.possible.complement(),
        ];
        let witnesses = sets
            .iter()
            .filter_map(|set| set.intersection(&family).witness());
        let placed = witnesses
            .filter_map(|witness| Packet::new(from, to, witness.protocol(), witness.transport()));
        for witness in placed {
            tally.witnesses += 1;
            packets.push((witness, false));
        }
    }
    packets
}

/// What was asked, in names that a smaller network has too.
struct Asked {
    from: End,
    to: End,
    packet: Packet,
    from_any_client: bool,
}

impl Asked {
    /// What becomes of the question in some network.
    fn outcome(&self, snapshot: &Snapshot) -> Outcome {
        let ends = self.from.find(snapshot).zip(self.to.find(snapshot));
        let Some((source, target)) = ends else {
            return Outcome::Gone;
        };
        let both = catch_unwind(AssertUnwindSafe(|| Both::new(snapshot)));
        let pair = both.as_ref().map(|both| Pair {
            both,
            source,
            target,
        });
        pair.map_or(Outcome::Failed, |pair| {
            pair.outcome(self.packet, self.from_any_client)
        })
    }
}

fn difference(seed: u64, snapshot: &Snapshot, asked: Asked, outcome: &Outcome) -> Difference {
    let fails = |smaller: &Snapshot| match (outcome, asked.outcome(smaller)) {
        (Outcome::Said(before), Outcome::Said(after)) => is_alike(before, &after),
        (before, after) => *before == after,
    };
    let topology = shrink(snapshot, fails);
    let smaller = Topology::parse(&topology).map_or_else(
        |error| format!("its text does not read: {error}"),
        |topology| show(&asked.outcome(&topology.snapshot())),
    );
    Difference {
        seed,
        answers: show(outcome),
        smaller_answers: smaller,
        from: asked.from,
        to: asked.to,
        packet: asked.packet,
        from_any_client: asked.from_any_client,
        topology,
    }
}

/// Whether two differences probably have one cause: the same answers, and the same reason if one is blocked.
fn is_alike(before: &Answers, after: &Answers) -> bool {
    let is_blocked = before.trace == Reachability::Blocked;
    let same_reason = !is_blocked || before.why == after.why;
    (before.trace, before.engine) == (after.trace, after.engine) && same_reason
}

fn show(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Said(answers) => {
            let (trace, engine) = (word(answers.trace), word(answers.engine));
            format!("trace says {trace} ({}), engine says {engine}", answers.why)
        }
        Outcome::Failed => "one of the two panicked".into(),
        Outcome::Gone => "the ends are gone".into(),
    }
}
