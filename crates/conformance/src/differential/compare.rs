//! One generated network, all its pairs.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use model::{Endpoint, Reachability, Snapshot};
use packet::{Packet, PacketSet, Transport};
use testkit::{Random, random_network, shrink};
use trace::{Message, Question};

use super::Tally;
use super::end::{End, destinations, sources};
use super::sample::Values;
use crate::both::{Answers, Both};
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

/// Compares both implementations on the network of a seed.
///
/// # Errors
///
/// The first difference, shrunken.
pub fn differences(seed: u64, packets_per_pair: usize) -> Result<Tally, Box<Difference>> {
    let network = random_network(seed).map(|topology| topology.snapshot());
    let snapshot = network.unwrap_or_default();
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
                let answers = pair.answers(packet, from_any_client);
                if differ(&answers) {
                    return Err(Box::new(difference(seed, &snapshot, question, answers)));
                }
                count(&mut tally, answers, from_any_client);
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

impl Pair<'_, '_> {
    /// Both answers, or `None` if one of the two failed.
    fn answers(&self, packet: Packet, from_any_client: bool) -> Option<Answers> {
        let ask = || {
            if !from_any_client {
                return Some(self.both.packet(self.source, self.target, packet));
            }
            self.both.ask(self.source, self.target, question_of(packet))
        };
        catch_unwind(AssertUnwindSafe(ask)).ok().flatten()
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

fn differ(answers: &Option<Answers>) -> bool {
    answers.as_ref().is_none_or(|answers| !answers.agree())
}

fn count(tally: &mut Tally, answers: Option<Answers>, from_any_client: bool) {
    if from_any_client {
        tally.questions += 1;
        return;
    }
    tally.packets += 1;
    let [reachable, undetermined, blocked] = &mut tally.answers;
    match answers.map(|answers| answers.trace) {
        Some(Reachability::Reachable) => *reachable += 1,
        Some(Reachability::Undetermined) => *undetermined += 1,
        Some(Reachability::Blocked) | None => *blocked += 1,
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
    let reach = || pair.both.engine.reach(&pair.source, &pair.target);
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
    /// Both answers in some network: `None` if an end is gone from it, `Some(None)` if an implementation failed.
    fn answers(&self, snapshot: &Snapshot) -> Option<Option<Answers>> {
        let (source, target) = (self.from.find(snapshot)?, self.to.find(snapshot)?);
        let both = catch_unwind(AssertUnwindSafe(|| Both::new(snapshot)));
        let Ok(both) = both else { return Some(None) };
        let pair = Pair {
            both: &both,
            source,
            target,
        };
        Some(pair.answers(self.packet, self.from_any_client))
    }
}

fn difference(
    seed: u64,
    snapshot: &Snapshot,
    asked: Asked,
    answers: Option<Answers>,
) -> Difference {
    let has_failed = answers.is_none();
    let fails = |smaller: &Snapshot| {
        asked
            .answers(smaller)
            .is_some_and(|answers| differ(&answers) && answers.is_none() == has_failed)
    };
    let topology = shrink(snapshot, fails);
    let smaller = testkit::Topology::parse(&topology).map(|topology| topology.snapshot());
    let smaller_answers = smaller
        .ok()
        .and_then(|smaller| asked.answers(&smaller))
        .flatten();
    Difference {
        seed,
        from: asked.from,
        to: asked.to,
        packet: asked.packet,
        from_any_client: asked.from_any_client,
        answers: show(answers.as_ref()),
        smaller_answers: show(smaller_answers.as_ref()),
        topology,
    }
}

fn show(answers: Option<&Answers>) -> String {
    let Some(answers) = answers else {
        return "one of the two panicked".into();
    };
    let (trace, engine) = (word(answers.trace), word(answers.engine));
    format!("trace says {trace} ({}), engine says {engine}", answers.why)
}
