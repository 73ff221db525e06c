//! What a change of a network may do to the answers of both implementations.

use std::fmt::Write;

use engine::{Engine, Reach};
use model::{Endpoint, Reachability, Snapshot};
use packet::{Family, Packet, PacketSet};
use testkit::{Change, Effect, Random, Topology, print, shrink};
use trace::{Reason, Tracer};

use super::end::{End, destinations, sources};
use super::sample::Values;

/// What was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Pairs of endpoints that `engine` answered before and after, as whole sets.
    pub pairs: u64,
    /// Packets that `trace` answered before and after.
    pub packets: u64,
    /// Pairs whose answer the change did change, in the direction that it may.
    pub changed: u64,
}

impl Held {
    /// Adds what another comparison counted.
    pub const fn add(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.packets += other.packets;
        self.changed += other.changed;
    }
}

/// Compares the answers for all pairs before and after a change.
///
/// # Errors
///
/// What the change did to the first pair that it must not do, and the smallest network found in which it does.
pub fn holds(topology: &Topology, change: Change) -> Result<Held, String> {
    let (before, after) = two(topology, change);
    let both = BeforeAndAfter::new(change, &before, &after);
    let mut held = Held::default();
    let targets = destinations(&before);
    for from in sources(&before) {
        for to in &targets {
            match both.compare(&from, to) {
                Ok(one) => held.add(&one),
                Err(said) => return Err(report(change, &before, &from, to, &said)),
            }
        }
    }
    Ok(held)
}

fn two(topology: &Topology, change: Change) -> (Snapshot, Snapshot) {
    let changed = change.apply(&topology.parts);
    (topology.snapshot(), Snapshot::assemble(changed).0)
}

/// Both implementations over a network and over the changed one.
struct BeforeAndAfter<'a> {
    change: Change,
    before: &'a Snapshot,
    after: &'a Snapshot,
    engines: (Engine<'a>, Engine<'a>),
    tracers: (Tracer<'a>, Tracer<'a>),
    values: Values,
}

impl<'a> BeforeAndAfter<'a> {
    fn new(change: Change, before: &'a Snapshot, after: &'a Snapshot) -> Self {
        Self {
            change,
            before,
            after,
            engines: (Engine::new(before), Engine::new(after)),
            tracers: (Tracer::new(before), Tracer::new(after)),
            values: Values::of(before),
        }
    }

    fn compare(&self, from: &End, to: &End) -> Result<Held, String> {
        let mut held = Held::default();
        let before = from.find(self.before).zip(to.find(self.before));
        let (source, target) = (self.changed(from), self.changed(to));
        let after = source.find(self.after).zip(target.find(self.after));
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (None, None) => return Ok(held),
            (_, _) => return Err("an end is found in one of the two networks only".into()),
        };
        let reaches = (
            self.engines.0.reach(&before.0, &before.1),
            self.engines.1.reach(&after.0, &after.1),
        );
        self.compare_sets(&reaches.0, &reaches.1)?;
        held.pairs = 1;
        held.changed = u64::from(reaches.0 != reaches.1);
        for packet in self.packets(before, &reaches) {
            self.compare_packet(before.0, after.0, packet)?;
            held.packets += 1;
        }
        Ok(held)
    }

    /// The same end in the changed network.
    fn changed(&self, end: &End) -> End {
        let address = |address| self.change.address(address);
        match end {
            End::Interface(id, at) => End::Interface(self.change.id(id), address(*at)),
            End::Office(at) => End::Office(address(*at)),
            End::Internet(at) => End::Internet(address(*at)),
            End::Unknown(at) => End::Unknown(address(*at)),
        }
    }

    /// Whether the first of several ways stays the first: `trace` tells why that one is blocked.
    const fn keeps_order(&self) -> bool {
        matches!(self.change, Change::Shift(_) | Change::Divide)
    }

    fn compare_sets(&self, before: &Reach, after: &Reach) -> Result<(), String> {
        let sets = [
            ("certain", &before.certain, &after.certain),
            ("possible", &before.possible, &after.possible),
            ("delivered", &before.delivered, &after.delivered),
        ];
        for reach in [before, after] {
            let is_possible = reach.certain.is_subset(&reach.possible);
            if !is_possible || !reach.certain.is_subset(&reach.delivered) {
                return Err(format!(
                    "engine: not possible or not delivered, but certain: {reach:?}"
                ));
            }
        }
        for (name, before, after) in sets {
            let is_allowed = match self.change.effect() {
                Effect::None => before == after,
                Effect::Opens => before.is_subset(after),
                Effect::Shuts => after.is_subset(before),
            };
            if !is_allowed {
                return Err(format!("engine, {name}: {before} before; {after} after"));
            }
        }
        Ok(())
    }

    /// One packet at the border of a rule, and one of what is reachable, undetermined and blocked each.
    fn packets(&self, ends: (Endpoint, Endpoint), reaches: &(Reach, Reach)) -> Vec<Packet> {
        let (from, to) = (ends.0.address(), ends.1.address());
        let low_bits = |address| Family::number(address) & u128::from(u32::MAX);
        let seed = low_bits(from) << 32 | low_bits(to);
        let mut random = Random::new(u64::try_from(seed).unwrap_or_default());
        let sampled = self.values.packet(&mut random, from, to);
        let mut packets: Vec<Packet> = sampled.into_iter().collect();
        let family = PacketSet::of_family(Family::of(from));
        let (before, after) = reaches;
        let sets = [
            before.certain.clone(),
            before.undetermined(),
            before.possible.complement(),
            before.possible.difference(&after.possible),
            after.certain.difference(&before.certain),
        ];
        let witnesses = sets
            .iter()
            .filter_map(|set| set.intersection(&family).witness());
        packets.extend(
            witnesses.filter_map(|one| Packet::new(from, to, one.protocol(), one.transport())),
        );
        packets
    }

    fn compare_packet(
        &self,
        from: Endpoint,
        from_after: Endpoint,
        packet: Packet,
    ) -> Result<(), String> {
        let (source, destination) = (packet.source(), packet.destination());
        let moved = packet
            .with_source(self.change.address(source))
            .and_then(|moved| moved.with_destination(self.change.address(destination)));
        let moved = moved.ok_or("a family changed")?;
        let before = self.tracers.0.trace(from, packet);
        let after = self.tracers.1.trace(from_after, moved);
        let rank = |answer| match answer {
            Reachability::Blocked => 0,
            Reachability::Undetermined => 1,
            Reachability::Reachable => 2,
        };
        let reason = |trace: &trace::Trace| trace.reason().map(Reason::code);
        let (old, new) = (rank(before.reachability), rank(after.reachability));
        let is_allowed = match self.change.effect() {
            Effect::None => {
                old == new && (!self.keeps_order() || reason(&before) == reason(&after))
            }
            Effect::Opens => old <= new,
            Effect::Shuts => new <= old,
        };
        if is_allowed {
            return Ok(());
        }
        let told = |trace: &trace::Trace| format!("{:?} {:?}", trace.reachability, reason(trace));
        Err(format!(
            "trace, {packet}: {} before; {} after",
            told(&before),
            told(&after)
        ))
    }
}

fn report(change: Change, before: &Snapshot, from: &End, to: &End, said: &str) -> String {
    let said_of = |smaller: &Snapshot| {
        let topology = Topology::parse(&print(smaller)).ok()?;
        let (before, after) = two(&topology, change);
        BeforeAndAfter::new(change, &before, &after)
            .compare(from, to)
            .err()
    };
    // The network is printed as it was read, so what is left of it after printing may differ no more.
    let whole = said_of(before).is_some();
    let topology = if whole {
        shrink(before, |smaller| said_of(smaller).is_some())
    } else {
        print(before)
    };
    let smaller = Topology::parse(&topology).map_or_else(
        |error| format!("its text does not read: {error}"),
        |one| said_of(&one.snapshot()).unwrap_or_else(|| "the law holds".into()),
    );
    let mut text = String::new();
    let _ = writeln!(text, "{change:?}: {from} -> {to}: {said}");
    let _ = writeln!(text, "in this smaller network: {smaller}");
    text + &topology
}
