//! Real packets through namespaces of this kernel get where `trace` says, and nowhere else.
//!
//! `WATERTIGHT_KERNEL_ONLY=nat` sends packets through those topologies only whose name holds that word.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use conformance::kernel::{Appliances, Case, Tally, compare, outside};

/// The program that runs inside.
const PROGRAM: &str = env!("CARGO_BIN_EXE_kernel-lab");
/// How many labs are built at a time.
const N_WORKERS: usize = 3;

/// Says it on a line of its own, also where the output of passing tests is swallowed.
fn say(line: &str) {
    let line = format!("\n{line}\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernel");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "topology")
    });
    files.sort();
    files
}

/// How namespaces are made here; `None`, said loudly, where they cannot be.
fn means(what: &str) -> Option<outside::Means> {
    match outside::means() {
        Ok(means) => Some(means),
        Err(why) => {
            say(&format!(
                "WARNING: WITHOUT A KERNEL: {what} compares nothing, since no namespaces can be made here ({why}); \
                 it needs root or user namespaces, and the programs unshare, nsenter, ip and nft"
            ));
            None
        }
    }
}

/// Sends everything that a case asks for; what differs, in words.
fn check(means: outside::Means, path: &Path) -> (Tally, Vec<String>) {
    let case = Case::read(path).unwrap_or_else(|error| panic!("{error}"));
    let mut tally = Tally::default();
    let mut complaints = case.broken_promises.clone();
    for &appliances in case.appliances() {
        match outside::run(means, Path::new(PROGRAM), path, appliances) {
            Ok(outcomes) => {
                let (counts, differences) = compare(&case, &outcomes);
                tally.add(counts);
                complaints.extend(differences);
            }
            Err(error) => complaints.push(error),
        }
    }
    if !complaints.is_empty() {
        let header = format!("== {} ==\n{}", case.name, case.text);
        complaints.insert(0, header);
    }
    (tally, complaints)
}

#[test]
fn packets_go_where_trace_says() {
    let mut files = files();
    if let Ok(only) = std::env::var("WATERTIGHT_KERNEL_ONLY") {
        files.retain(|path| path.to_string_lossy().contains(&only));
    }
    let n_files = files.len();
    let Some(means) = means(&format!("each of {n_files} topologies")) else {
        return;
    };
    let start = Instant::now();
    let waiting = Mutex::new(files);
    let done = Mutex::new((Tally::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..N_WORKERS {
            scope.spawn(|| {
                loop {
                    let Some(path) = waiting.lock().unwrap().pop() else {
                        break;
                    };
                    let (tally, complaints) = check(means, &path);
                    let mut done = done.lock().unwrap();
                    done.0.add(tally);
                    done.1.extend(complaints);
                }
            });
        }
    });
    let (tally, complaints) = done.into_inner().unwrap();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let took = start.elapsed().as_secs_f64();
    say(&format!(
        "kernel: {n_files} topologies, {tally}, {took:.1} s"
    ));
}

const NEAR: &str = "vpc main 10.0.0.0/16
subnet a main 10.0.1.0/24
group open
  in any from any
  out any to any
group shut
  out any to any
host x in a 10.0.1.10 groups open
";

/// A network that is laid otherwise than `trace` believes is found out: a group that opens, and one that shuts.
#[test]
fn a_lab_that_differs_is_found_out() {
    let Some(means) = means("the comparison itself") else {
        return;
    };
    let open = format!("{NEAR}host y in a 10.0.1.11 groups open\n");
    let shut = format!("{NEAR}host y in a 10.0.1.11 groups shut\n");
    let ping = "icmp/echo";
    let open = format!("{open}expect x -> y {ping} reachable\n");
    let shut = format!("{shut}expect x -> y {ping} blocked\n");
    let folder = tempfile::tempdir().unwrap();
    for (believed, real) in [(&open, &shut), (&shut, &open)] {
        let path = folder.path().join("real.topology");
        std::fs::write(&path, real).unwrap();
        let outcomes = outside::run(means, Path::new(PROGRAM), &path, Appliances::Forward).unwrap();
        let mut case = Case::new("believed", believed).unwrap();
        // The ping of the last line comes first, and is the same packet in both.
        case.probes.truncate(1);
        let (_, complaints) = compare(&case, outcomes.get(..1).unwrap());
        assert_eq!(complaints.len(), 1, "{outcomes:?}");
    }
}
