//! The tables.

use std::path::{Path, PathBuf};
use std::time::Duration;

use conformance::corpus;
use organisation::{Hard, Layout, Organisation, Profile, Written};

use crate::Result;
use crate::child::{self, Measured};
use crate::edits;
use crate::figures::{exponent, grouped, megabytes, time};

const LABS: [&str; 5] = [
    "lab-instance-multiple-interface",
    "lab-multi-account-vpc-peering",
    "lab-nlb-targets-instance",
    "lab-tgw-peering",
    "lab-traffic-in-igw-out-ngw",
];
/// What is measured where nothing else is asked for.
const USUAL: [&str; 9] = [
    "tidy:1000",
    "tidy:10000",
    "tidy:100000",
    "messy:1000",
    "messy:10000",
    "k8s:1000",
    "k8s:10000",
    "hostile:1000",
    "hostile:10000",
];
/// The seed of every organisation.
const SEED: u64 = 1;
/// The size of what is measured as a whole process.
const SMALL: usize = 200;
/// The size at which the textbook verifiers are measured, and a larger one to which their time is extrapolated.
const BASELINE: (usize, u64) = (1_000, 10_000);
/// Stages whose growth is fitted.
const STAGES: [&str; 6] = ["decode", "model", "engine", "rows", "lateral", "peak"];

/// What the arguments ask for.
struct Wanted {
    networks: Vec<(String, Profile, usize)>,
    limit: Duration,
    is_all: bool,
}

/// All tables, or the organisations that are named.
pub(crate) fn all(arguments: &[&str]) -> Result {
    let wanted = wanted(arguments)?;
    let mut text = String::new();
    if wanted.is_all {
        labs(&mut text, wanted.limit)?;
        small(&mut text, wanted.limit)?;
        baselines(&mut text, wanted.limit)?;
    }
    organisations(&mut text, &wanted)?;
    of_edits(&mut text, &wanted)?;
    let path = Path::new("target/bench.md");
    std::fs::create_dir_all("target")?;
    std::fs::write(path, text)?;
    println!("\nstored in {}", path.display());
    Ok(())
}

fn wanted(arguments: &[&str]) -> Result<Wanted> {
    let (mut names, mut limit, mut largest) = (Vec::new(), 600, false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "--largest" => largest = true,
            "--limit" => limit = words.next().ok_or("`--limit SECONDS`")?.parse()?,
            name => names.push(name),
        }
    }
    let is_all = names.is_empty();
    if is_all {
        names.extend(USUAL);
    }
    if largest {
        names.push("tidy:1000000");
    }
    let networks = names.into_iter().map(|name| {
        let (profile, size) = name.split_once(':').ok_or("`PROFILE:INTERFACES`")?;
        let known = Profile::named(profile).ok_or("no such profile")?;
        Ok((profile.to_owned(), known, size.parse()?))
    });
    Ok(Wanted {
        networks: networks.collect::<Result<_>>()?,
        limit: Duration::from_secs(limit),
        is_all,
    })
}

/// Prints a line, and keeps it.
fn line(text: &mut String, line: &str) {
    println!("{line}");
    text.push_str(line);
    text.push('\n');
}

fn cells(text: &mut String, cells: &[String]) {
    line(text, &format!("| {} |", cells.join(" | ")));
}

fn labs(text: &mut String, limit: Duration) -> Result {
    line(text, "| recorded network | probes | wall | peak memory |");
    line(text, "|---|--:|--:|--:|");
    for name in LABS {
        if let Some(folder) = corpus::case(name) {
            let figures = child::run(child::LAB, &folder, 2, limit)?.figures;
            let (probes, wall, peak) = (
                figures.count("probes"),
                figures.time("wall"),
                figures.bytes("peak"),
            );
            cells(text, &[name.into(), probes, wall, peak]);
        }
    }
    line(text, "");
    Ok(())
}

/// Writes an organisation for as long as something is done with it.
fn with<T>(
    profile: Profile,
    interfaces: usize,
    todo: impl FnOnce(&Path, Written) -> Result<T>,
) -> Result<T> {
    let name = format!("watertight-bench-{}-{interfaces}", std::process::id());
    let folder: PathBuf = std::env::temp_dir().join(name);
    let organisation = Organisation {
        profile,
        layout: Layout::Aws,
        interfaces,
        seed: SEED,
    };
    let written = organisation.write(&folder)?;
    let done = todo(&folder, written);
    std::fs::remove_dir_all(&folder)?;
    done
}

fn small(text: &mut String, limit: Duration) -> Result {
    line(
        text,
        "| all pairs, whole process | interfaces | VPCs | wall | peak memory |",
    );
    line(text, "|---|--:|--:|--:|--:|");
    for (name, profile) in [
        ("one VPC", Profile::Hard(Hard::OneLargeVpc)),
        ("a small organisation", Profile::Tidy),
    ] {
        with(profile, SMALL, |folder, written| {
            let Measured { figures, wall, .. } = child::run(child::PAIRS, folder, 2, limit)?;
            let wall = time(u64::try_from(wall.as_nanos())?);
            let (interfaces, vpcs) = (written.interfaces.to_string(), written.vpcs.to_string());
            let row = [name.into(), interfaces, vpcs, wall, figures.bytes("peak")];
            cells(text, &row);
            Ok(())
        })?;
    }
    line(text, "");
    Ok(())
}

fn baselines(text: &mut String, limit: Duration) -> Result {
    let (size, larger) = BASELINE;
    line(
        text,
        &format!(
            "| all pairs of tidy:{size} | pairs | not expressible | time | at {}, by the square | peak memory |",
            grouped(larger)
        ),
    );
    line(text, "|---|--:|--:|--:|--:|--:|");
    with(Profile::Tidy, size, |folder, _| {
        for (name, what) in [
            ("pair by pair", child::PAIRWISE),
            ("decision diagrams", child::DIAGRAMS),
        ] {
            let Measured {
                figures, failure, ..
            } = child::run(what, folder, 1, limit)?;
            let factor = larger / u64::try_from(size)?;
            let extrapolated = figures
                .number("pairs")
                .map(|spent| time(spent * factor * factor));
            let row = [
                failure.map_or_else(|| name.to_owned(), |why| format!("{name}: {why}")),
                figures.count("asked"),
                figures.count("inexpressible"),
                figures.time("pairs"),
                extrapolated.unwrap_or_default(),
                figures.bytes("peak"),
            ];
            cells(text, &row);
        }
        line(text, "");
        Ok(())
    })
}

fn organisations(text: &mut String, wanted: &Wanted) -> Result {
    let head = "| organisation | threads | files | rules | classes | density | ways | single pairs | decode | model | engine | rows | classes of hosts | closure | lateral | batch, each | point | trace | undetermined | mismatches | memory: model | rows | all |";
    line(text, head);
    line(text, &format!("|---|{}", "--:|".repeat(22)));
    let mut measured = Vec::new();
    for (name, profile, size) in &wanted.networks {
        with(*profile, *size, |folder, written| {
            for threads in [1, 2] {
                let found = child::run(child::NETWORK, folder, threads, wanted.limit)?;
                cells(text, &row(name, threads, written, &found));
                if threads == 2 && found.failure.is_none() {
                    measured.push((name.clone(), found.figures));
                }
            }
            Ok(())
        })?;
    }
    line(text, "");
    line(
        text,
        &format!(
            "| growth with interfaces (exponent) | {} |",
            STAGES.join(" | ")
        ),
    );
    line(text, "|---|--:|--:|--:|--:|--:|--:|");
    for (name, _) in Profile::ALL {
        let own = || measured.iter().filter(|(profile, _)| profile == name);
        if own().count() < 2 {
            continue;
        }
        let fitted = STAGES.iter().map(|stage| {
            let points = own().filter_map(|(_, figures)| {
                Some((figures.number("interfaces")?, figures.number(stage)?))
            });
            let points: Vec<_> = points.collect();
            exponent(&points).map_or_else(String::new, |exponent| format!("{exponent:.2}"))
        });
        let row: Vec<String> = std::iter::once(name.to_owned()).chain(fitted).collect();
        cells(text, &row);
    }
    Ok(())
}

/// Every kind of edits takes its time.
const LEAST_FOR_EDITS: Duration = Duration::from_mins(10);

/// Edits of each kind beside a run from nothing, and the cache.
fn of_edits(text: &mut String, wanted: &Wanted) -> Result {
    line(
        text,
        "| organisation | rows from nothing | edit | edits | p50 | p90 | p99 | read and keep | read what was kept | peak memory |",
    );
    line(text, &format!("|---|--:|---|{}", "--:|".repeat(7)));
    for (name, profile, size) in &wanted.networks {
        with(*profile, *size, |folder, written| {
            let found = child::run(child::EDITS, folder, 2, wanted.limit.max(LEAST_FOR_EDITS))?;
            let figures = &found.figures;
            let size = grouped(u64::try_from(written.interfaces).unwrap_or_default());
            let title = found.failure.map_or_else(
                || format!("{name} {size}"),
                |why| format!("{name} {size}: {why}"),
            );
            for kind in edits::names() {
                let mut row = vec![title.clone(), figures.time("rows"), kind.to_owned()];
                row.push(figures.count(&format!("{kind} edits")));
                let percents = [50, 90, 99].map(|percent| format!("{kind} p{percent}"));
                row.extend(percents.map(|name| figures.time(&name)));
                row.extend(["keep", "warm"].map(|stage| figures.time(stage)));
                row.push(figures.bytes("peak"));
                cells(text, &row);
            }
            Ok(())
        })?;
    }
    line(text, "");
    Ok(())
}

fn row(name: &str, threads: usize, written: Written, found: &Measured) -> Vec<String> {
    let figures = &found.figures;
    let density = figures.number("pairs per million");
    let density = density.map_or_else(String::new, |share| {
        format!("{}.{:02} %", share / 10_000, share % 10_000 / 100)
    });
    let size = grouped(u64::try_from(written.interfaces).unwrap_or_default());
    let title = match &found.failure {
        Some(why) => format!("{name} {size}: {why}"),
        None => format!("{name} {size}"),
    };
    let mut row = vec![title, threads.to_string(), megabytes(written.bytes)];
    row.extend([figures.count("rules"), figures.count("classes"), density]);
    row.extend(["ways", "single pairs"].map(|count| figures.count(count)));
    let times = [
        "decode", "model", "engine", "rows", "hosts", "closure", "lateral", "batch", "point",
        "trace",
    ];
    row.extend(times.map(|stage| figures.time(stage)));
    row.extend(["undetermined", "mismatches"].map(|count| figures.count(count)));
    row.extend(["memory of the model", "memory of rows", "peak"].map(|peak| figures.bytes(peak)));
    row
}
