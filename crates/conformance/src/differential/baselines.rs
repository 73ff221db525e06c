//! `engine` against two textbook verifiers, on the pairs that they can express.

use std::fmt::Write;

use baseline::{Pairwise, Session, Verifier};
use engine::{Engine, Reach};
use model::{Endpoint, Reachability, Snapshot};
use packet::{Family, Packet, PacketSet};
use testkit::{Random, Topology, shrink};

use super::end::{End, interfaces};
use super::sample::Values;

/// What was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Pairs of addresses of two interfaces on which all three answered, and agree.
    pub pairs: u64,
    /// Those between which some packet passes.
    pub open: u64,
    /// Those where more than nothing and less than everything passes.
    pub partly: u64,
    /// Pairs that the baselines cannot express.
    pub inexpressible: u64,
    /// Packets that were asked of all three.
    pub packets: u64,
}

impl Comparison {
    /// Adds what another comparison counted.
    pub const fn add(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.open += other.open;
        self.partly += other.partly;
        self.inexpressible += other.inexpressible;
        self.packets += other.packets;
    }
}

/// Compares every pair of interfaces of a network: as whole sets, and packet by packet.
///
/// # Errors
///
/// What the three say of the first pair on which they differ, and the smallest network found on which they do.
pub fn compare_baselines(topology: &Topology, seed: u64) -> Result<Comparison, String> {
    let snapshot = topology.snapshot();
    let all = Three::new(&snapshot);
    let mut comparison = Comparison::default();
    for from in interfaces(&snapshot, false) {
        let others = interfaces(&snapshot, false);
        for to in others.into_iter().filter(|to| !is_one_interface(&from, to)) {
            match all.compare(&from, &to, seed) {
                Ok(one) => comparison.add(&one),
                Err(said) => return Err(report(seed, &snapshot, &from, &to, &said)),
            }
        }
    }
    Ok(comparison)
}

fn is_one_interface(from: &End, to: &End) -> bool {
    match (from, to) {
        (End::Interface(a, _), End::Interface(b, _)) => a == b,
        _ => false,
    }
}

/// The three over one network.
struct Three<'a> {
    snapshot: &'a Snapshot,
    engine: Engine<'a>,
    pairwise: Pairwise<'a>,
    verifier: Verifier<'a>,
    values: Values,
}

impl<'a> Three<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            engine: Engine::new(snapshot),
            pairwise: Pairwise::new(snapshot),
            verifier: Verifier::new(snapshot),
            values: Values::of(snapshot),
        }
    }

    fn compare(&self, from: &End, to: &End, seed: u64) -> Result<Comparison, String> {
        let mut comparison = Comparison::default();
        let ends = from.find(self.snapshot).zip(to.find(self.snapshot));
        let is_one_family = |ends: &(Endpoint, Endpoint)| {
            Family::of(ends.0.address()) == Family::of(ends.1.address())
        };
        let Some((source, target)) = ends.filter(is_one_family) else {
            return Ok(comparison);
        };
        let session = self.pairwise.session(&source, &target);
        let passes = self.verifier.passes(&source, &target);
        let (Some(session), Some(passes)) = (session, passes) else {
            comparison.inexpressible = 1;
            return Ok(comparison);
        };
        let reach = self.engine.reach(&source, &target);
        same_sets(&reach, &session, source.address())?;
        if passes.size() != session.size() {
            let (diagram, pairwise) = (passes.size(), session.size());
            return Err(format!(
                "the diagram holds {diagram} headers, pairwise {pairwise}"
            ));
        }
        for packet in self.packets(&source, &target, &reach, seed) {
            let said = [
                reach.reachability(&packet) == Reachability::Reachable,
                session.contains(&packet),
                self.verifier.contains(&passes, &packet),
            ];
            if said != [true; 3] && said != [false; 3] {
                return Err(format!(
                    "{packet}: engine, pairwise and diagram say {said:?}"
                ));
            }
            comparison.packets += 1;
        }
        comparison.pairs = 1;
        comparison.open = u64::from(!session.is_empty());
        comparison.partly = u64::from(!session.is_empty() && session.size() != EVERYTHING);
        Ok(comparison)
    }

    /// Packets at the borders of rules, and one from within and one from without the answer.
    fn packets(&self, from: &Endpoint, to: &Endpoint, reach: &Reach, seed: u64) -> Vec<Packet> {
        let (from, to) = (from.address(), to.address());
        let mut random = Random::new(seed ^ u64::from(u16::MAX));
        let sampled = (0..8).filter_map(|_| self.values.packet(&mut random, from, to));
        let mut packets: Vec<Packet> = sampled.collect();
        let sets = [reach.certain.clone(), reach.certain.complement()];
        let family = PacketSet::of_family(Family::of(from));
        let witnesses = sets
            .iter()
            .filter_map(|set| set.intersection(&family).witness());
        packets.extend(
            witnesses.filter_map(|one| Packet::new(from, to, one.protocol(), one.transport())),
        );
        packets
    }
}

/// How many headers [`Session::size`] counts if every packet passes.
const EVERYTHING: u128 = 1 << 40;

/// Whether the engine leaves nothing open, and lets pass what the other does.
fn same_sets(reach: &Reach, session: &Session, address: std::net::IpAddr) -> Result<(), String> {
    let family = PacketSet::of_family(Family::of(address));
    let expected = session.packets().intersection(&family);
    for (name, set) in [("certain", &reach.certain), ("possible", &reach.possible)] {
        let set = set.intersection(&family);
        if set != expected {
            return Err(format!(
                "engine says {name}: {set}; pairwise says {expected}"
            ));
        }
    }
    Ok(())
}

fn report(seed: u64, snapshot: &Snapshot, from: &End, to: &End, said: &str) -> String {
    let fails = |smaller: &Snapshot| Three::new(smaller).compare(from, to, seed).is_err();
    let topology = shrink(snapshot, fails);
    let mut text = String::new();
    let _ = writeln!(text, "seed {seed}: {from} -> {to}: {said}");
    text + &topology
}
