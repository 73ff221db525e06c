//! Prints the table of measurements, as Markdown.
//!
//! `cargo run --release -p conformance --bin bench [INTERFACES …]`: the recorded labs, then synthetic organisations of
//! 1,000 and 10,000 interfaces, or of the sizes that are named. Each row is measured in a process of its own, so that
//! its peak of memory is its own.
#![expect(clippy::print_stdout, reason = "the table is the output")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use conformance::both::{Both, question};
use conformance::{case, corpus, table};
use engine::{Class, ClassId, Engine};
use model::{Parts, Snapshot};
use organisation::{Layout, Organisation, Profile};
use packet::Family;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const LABS: [&str; 5] = [
    "lab-instance-multiple-interface",
    "lab-multi-account-vpc-peering",
    "lab-nlb-targets-instance",
    "lab-tgw-peering",
    "lab-traffic-in-igw-out-ngw",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["--lab", folder] => lab(Path::new(folder)),
        ["--synthetic", folder] => synthetic(Path::new(folder)),
        sizes => all(sizes),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Every row, each by a process of its own.
fn all(sizes: &[&str]) -> Result {
    println!("| recorded network | probes | files | wall | peak memory |");
    println!("|---|--:|--:|--:|--:|");
    for name in LABS {
        if let Some(folder) = corpus::case(name) {
            row(name, "--lab", &folder)?;
        }
    }
    println!();
    println!(
        "| synthetic interfaces | files | write | decode | assemble | engine | classes | audit | class pairs | pairs | peak memory |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let sizes = if sizes.is_empty() {
        &["1000", "10000"]
    } else {
        sizes
    };
    for size in sizes {
        let folder =
            std::env::temp_dir().join(format!("watertight-bench-{}-{size}", std::process::id()));
        let started = Instant::now();
        let organisation = Organisation {
            profile: Profile::Tidy,
            layout: Layout::Aws,
            interfaces: size.parse()?,
            seed: 1,
        };
        let written = organisation.write(&folder)?;
        let title = format!(
            "{} | {} | {}",
            written.interfaces,
            megabytes(written.bytes),
            shown(started.elapsed())
        );
        let done = row(&title, "--synthetic", &folder);
        std::fs::remove_dir_all(&folder)?;
        done?;
    }
    Ok(())
}

fn row(title: &str, option: &str, folder: &Path) -> Result {
    let output = Command::new(std::env::current_exe()?)
        .arg(option)
        .arg(folder)
        .output()?;
    let cells = String::from_utf8(output.stdout)?;
    println!("| {title} | {} |", cells.trim());
    Ok(())
}

/// All probes of a lab, by both implementations, as one batch.
fn lab(folder: &Path) -> Result {
    let started = Instant::now();
    let rows = table::read(&folder.join("probes.csv"))?;
    let configurations = folder.join("aws_configs");
    let snapshot = case::load(&configurations)?;
    let both = Both::new(&snapshot);
    for row in &rows {
        let source: std::net::IpAddr = row.get("src").parse()?;
        let target: std::net::IpAddr = row.get("dst").parse()?;
        let service = case::service(row.get("proto"), row.get("dport"), Family::of(target));
        let asked = question(service.ok_or("no such service")?, target);
        let answers = both.ask(testkit::endpoint_at(&snapshot, source), asked);
        answers.ok_or("the question fits no packet")?;
    }
    let wall = started.elapsed();
    let bytes = size(&configurations)?;
    println!(
        "{} | {} | {} | {}",
        rows.len(),
        megabytes(bytes),
        shown(wall),
        peak()?
    );
    Ok(())
}

/// Decoding, assembling, and every pair of classes of an organisation.
fn synthetic(folder: &Path) -> Result {
    let started = Instant::now();
    let input = ingest::read(&[PathBuf::from(folder)])?;
    let decode = started.elapsed();
    let (snapshot, assemble) = assembled(input.parts);
    let started = Instant::now();
    let engine = Engine::new(&snapshot);
    let build = started.elapsed();
    let classes: Vec<_> = engine.classes().map(|(id, _)| id).collect();
    let (audit, _) = asked(&engine, &footholds(&engine), &classes);
    let n_sources = MAX_PAIRS.div_ceil(classes.len().max(1));
    let sources: Vec<ClassId> = classes.iter().copied().take(n_sources).collect();
    let (pairs, n_pairs) = asked(&engine, &sources, &classes);
    let all = classes.len() * classes.len();
    println!(
        "{} | {} | {} | {} | {} | {} | {n_pairs} of {all} | {}",
        shown(decode),
        shown(assemble),
        shown(build),
        classes.len(),
        shown(audit),
        shown(pairs),
        peak()?
    );
    Ok(())
}

/// How many pairs are asked at most: the engine keeps every answer.
const MAX_PAIRS: usize = 1_000_000;
/// From how many classes of interfaces an audit looks around, besides the internet and the offices.
const FOOTHOLDS: usize = 20;

/// What an audit starts from: everything outside, and some hosts.
fn footholds(engine: &Engine<'_>) -> Vec<ClassId> {
    let is_outside = |class: &Class| class.block.is_some();
    let outside = engine.classes().filter(|(_, class)| is_outside(class));
    let inside = engine.classes().filter(|(_, class)| !is_outside(class));
    let chosen = outside.chain(inside.take(FOOTHOLDS));
    chosen.map(|(id, _)| id).collect()
}

/// Asks every pair, and tells how long that took and how many pairs there are.
fn asked(engine: &Engine<'_>, sources: &[ClassId], targets: &[ClassId]) -> (Duration, usize) {
    let started = Instant::now();
    let mut n_pairs = 0;
    for from in sources {
        for to in targets {
            n_pairs += usize::from(engine.between(*from, *to).is_some());
        }
    }
    (started.elapsed(), n_pairs)
}

fn assembled(parts: Parts) -> (Snapshot, Duration) {
    let started = Instant::now();
    let (snapshot, _) = Snapshot::assemble(parts);
    (snapshot, started.elapsed())
}

fn shown(duration: Duration) -> String {
    let milliseconds = duration.as_micros() / 100;
    format!("{}.{} ms", milliseconds / 10, milliseconds % 10)
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// The most memory that this process has held, as Linux tells it.
fn peak() -> Result<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    Ok(megabytes(
        kilobytes.ok_or("no VmHWM in /proc/self/status")? * 1024,
    ))
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() {
            size(&entry.path())?
        } else {
            metadata.len()
        };
    }
    Ok(bytes)
}
