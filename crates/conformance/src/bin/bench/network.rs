//! Every stage of the work on an organisation.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use analysis::Landscape;
use conformance::both::from_clients;
use conformance::case;
use engine::{Engine, Rows};
use model::{Endpoint, Reachability, Snapshot};
use packet::{Family, PacketSet};
use testkit::Random;
use trace::{Question, Tracer};

use crate::Result;
use crate::edits;
use crate::figures::{tell, tell_peak, tell_time};

/// How many verdicts of rows are held against `trace`.
const CHECKED: usize = 100_000;
/// How many pairs are asked of an engine that has no rows.
const POINTS: usize = 1_000;
/// Ports at which something listens, and one at which nothing does.
const PORTS: [&str; 8] = ["22", "80", "443", "5432", "6379", "8080", "9100", "30000"];

/// Measures each stage, and tells the mismatches.
pub(crate) fn measure(folder: &Path) -> Result {
    let started = Instant::now();
    let input = ingest::read(&[PathBuf::from(folder)])?;
    tell_time("decode", started.elapsed());
    let started = Instant::now();
    let (snapshot, _) = Snapshot::assemble(input.parts);
    tell_time("model", started.elapsed());
    tell("interfaces", u64::try_from(snapshot.interfaces().len())?);
    let rules = snapshot
        .groups()
        .rows()
        .iter()
        .map(|group| group.rules.len());
    tell("rules", u64::try_from(rules.sum::<usize>())?);
    tell_peak("memory of the model")?;
    let started = Instant::now();
    let engine = Engine::new(&snapshot);
    tell_time("engine", started.elapsed());
    let questions = questions(&snapshot);
    points(&engine, &questions);
    let started = Instant::now();
    let rows = engine.rows();
    tell_time("rows", started.elapsed());
    tell_peak("memory of rows")?;
    counts(&engine, rows)?;
    verdicts(&engine, rows, &questions)?;
    let landscape = Landscape::new(&engine);
    let started = Instant::now();
    black_box(landscape.classes().len());
    tell_time("hosts", started.elapsed());
    let started = Instant::now();
    black_box(analysis::score(&landscape));
    tell_time("closure", started.elapsed());
    let started = Instant::now();
    black_box(analysis::lateral(&landscape));
    tell_time("lateral", started.elapsed());
    tell_peak("peak")
}

/// Measures edits, differences, and the cache.
pub(crate) fn edits(folder: &Path) -> Result {
    edits::cache(folder)?;
    let loaded = ingest::load(&[PathBuf::from(folder)], Vec::new())?;
    let engine = Engine::new(&loaded.snapshot);
    let started = Instant::now();
    engine.rows();
    tell_time("rows", started.elapsed());
    edits::measure(&engine);
    tell_peak("peak")
}

/// From files to the answers of all pairs.
pub(crate) fn all_pairs(folder: &Path) -> Result {
    let loaded = ingest::load(&[PathBuf::from(folder)], Vec::new())?;
    let engine = Engine::new(&loaded.snapshot);
    tell("rows", u64::try_from(engine.rows().counts().rows)?);
    tell("hosts", u64::try_from(loaded.snapshot.interfaces().len())?);
    tell_peak("peak")
}

fn counts(engine: &Engine<'_>, rows: &Rows) -> Result {
    let counts = rows.counts();
    tell("classes", u64::try_from(counts.classes)?);
    tell("ways", u64::try_from(counts.ways)?);
    tell("single pairs", u64::try_from(counts.single_pairs)?);
    tell("distinct rows", u64::try_from(counts.rows)?);
    let answered = engine.classes().map(|(target, _)| {
        let parts = rows.row(rows.row_of(target)).parts();
        parts.map(|(_, sources)| sources.len()).sum::<usize>()
    });
    let answered: usize = answered.sum();
    let all = (counts.classes * counts.classes).max(1);
    tell(
        "pairs per million",
        u64::try_from(answered * 1_000_000 / all)?,
    );
    Ok(())
}

/// A random question, in the forms in which the two implementations take it.
struct Asked {
    from: Endpoint,
    to: Endpoint,
    question: Question,
    packets: PacketSet,
}

/// Random pairs of interfaces of one family, half of them in one VPC.
fn questions(snapshot: &Snapshot) -> Vec<Asked> {
    let mut ends = Vec::new();
    for (interface, held) in snapshot.interfaces().iter() {
        let addresses = held.addresses.iter().map(|held| held.address);
        ends.extend(addresses.map(|address| Endpoint::Interface { interface, address }));
    }
    let mut random = Random::new(1);
    let mut asked = Vec::new();
    while asked.len() < CHECKED {
        let first = random.below(ends.len());
        // Interfaces are listed VPC by VPC.
        let near = (first + 1 + random.below(50)) % ends.len();
        let second = if random.chance(50) {
            near
        } else {
            random.below(ends.len())
        };
        let Some((from, to)) = ends.get(first).zip(ends.get(second)) else {
            continue;
        };
        asked.extend(pose(snapshot, from, to, random.word(&PORTS)));
    }
    asked
}

/// The question whether a port is reached; none within one host, or between families.
fn pose(snapshot: &Snapshot, from: &Endpoint, to: &Endpoint, port: &str) -> Option<Asked> {
    let host = |end: &Endpoint| match end {
        Endpoint::Interface { interface, .. } => Some(*interface),
        _ => None,
    };
    let (source, target) = (host(from)?, host(to)?);
    let instance = |interface| snapshot.interfaces().get(interface).instance.clone();
    let (one, other) = (instance(source), instance(target));
    if source == target || (one.is_some() && one == other) {
        return None;
    }
    let family = Family::of(to.address());
    let service = case::service("tcp", port, family)?;
    let question = conformance::both::question(service, to.address());
    let probe = question.packet(from.address(), 1024)?;
    (Family::of(from.address()) == family).then(|| Asked {
        from: *from,
        to: *to,
        question,
        packets: from_clients(&probe),
    })
}

/// How long one question takes before there are rows.
fn points(engine: &Engine<'_>, questions: &[Asked]) {
    let started = Instant::now();
    for asked in questions.iter().take(POINTS) {
        let reach = engine.reach(&asked.from, &asked.to);
        black_box(reach.reachability_of_any(&asked.packets));
    }
    let each = started.elapsed() / u32::try_from(POINTS).unwrap_or(1);
    tell_time("point", each);
}

/// How long verdicts of rows take, and whether `trace` says the same.
fn verdicts(engine: &Engine<'_>, rows: &Rows, questions: &[Asked]) -> Result {
    let started = Instant::now();
    let found: Vec<_> = questions
        .iter()
        .map(|asked| verdict(engine, rows, asked))
        .collect();
    tell_time("batch", started.elapsed() / u32::try_from(questions.len())?);
    let oracle = Tracer::new(engine.snapshot());
    let started = Instant::now();
    let (mut mismatches, mut undetermined) = (0, 0);
    for (asked, found) in questions.iter().zip(&found) {
        let said = oracle.ask(asked.from, asked.question);
        let said = said.map(|trace| trace.reachability);
        undetermined += u64::from(*found == Reachability::Undetermined);
        if said != Some(*found) {
            mismatches += 1;
            show_mismatch(mismatches, asked, *found, said);
        }
    }
    tell_time("trace", started.elapsed() / u32::try_from(questions.len())?);
    tell("checked", u64::try_from(questions.len())?);
    tell("undetermined", undetermined);
    tell("mismatches", mismatches);
    Ok(())
}

#[expect(
    clippy::print_stderr,
    reason = "mismatches are for the person who measures"
)]
fn show_mismatch(number: u64, asked: &Asked, found: Reachability, traced: Option<Reachability>) {
    if number <= 10 {
        let (from, to) = (&asked.from, &asked.to);
        let question = &asked.question;
        eprintln!("{from:?} -> {to:?} {question:?}: rows say {found:?}, trace {traced:?}");
    }
}

fn verdict(engine: &Engine<'_>, rows: &Rows, asked: &Asked) -> Reachability {
    let classes = engine.class_of(&asked.from).zip(engine.class_of(&asked.to));
    let reach = classes.and_then(|(from, to)| rows.between(from, to));
    reach.map_or(Reachability::Blocked, |reach| {
        reach.reachability_of_any(&asked.packets)
    })
}
