//! What is kept between runs changes no answer, and its troubles are told once.

use std::path::Path;
use std::process::Stdio;

use crate::run::{Run, command, finish, folder, split};

/// A snapshot with something to complain about, large enough to be kept.
fn snapshot() -> tempfile::TempDir {
    let vpcs = format!(
        r#"{{"Vpcs": [{{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}}, {{"VpcId": 3}}]}}{}"#,
        " ".repeat(4 << 20)
    );
    folder(&[("in/vpcs.json", vpcs.as_bytes())])
}

fn run(folder: &Path, arguments: &str) -> Run {
    let mut command = command();
    command.current_dir(folder).args(split(arguments));
    finish(command.env("WATERTIGHT_CACHE_DIR", folder.join("cache")))
}

#[test]
fn warm_and_cold_say_the_same() {
    let folder = snapshot();
    let cold = run(folder.path(), "inventory in -v");
    let n_entries = || std::fs::read_dir(folder.path().join("cache")).map_or(0, Iterator::count);
    assert_eq!(n_entries(), 1);
    let warm = run(folder.path(), "inventory in -v");
    let without = run(folder.path(), "inventory in -v --no-cache");
    assert!(cold.stderr.contains("missing-field"), "{cold:?}");
    for other in [warm, without] {
        assert_eq!(format!("{other:?}"), format!("{cold:?}"));
    }
    let path = run(folder.path(), "cache path");
    assert!(path.stdout.ends_with("/cache\n"), "{path:?}");
    let cleared = run(folder.path(), "cache clear");
    assert!(cleared.stderr.starts_with("removed 1 entry from `"));
    assert_eq!((cleared.code, n_entries()), (0, 0));
}

#[test]
fn no_cache_keeps_nothing() {
    let folder = snapshot();
    run(folder.path(), "inventory in --no-cache");
    assert!(!folder.path().join("cache").exists());
}

#[test]
fn a_damaged_entry_is_one_warning() {
    let folder = snapshot();
    let cold = run(folder.path(), "inventory in");
    let entry = std::fs::read_dir(folder.path().join("cache")).expect("it is there");
    let entry = entry.flatten().next().expect("there is an entry").path();
    std::fs::write(entry, "watertight cache\nno").expect("it can be written");
    let damaged = run(folder.path(), "inventory in");
    assert_eq!(damaged.stdout, cold.stdout);
    let (first, rest) = damaged.stderr.split_once('\n').expect("it is told");
    assert!(
        first.starts_with("warning: the cache is not used: `"),
        "{first}"
    );
    assert!(first.ends_with("` is damaged"), "{first}");
    assert_eq!(rest, cold.stderr);
    let mended = run(folder.path(), "inventory in");
    assert_eq!(format!("{mended:?}"), format!("{cold:?}"));
}

/// A limit on the size of files stands for a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_is_one_warning_and_leaves_nothing() {
    let folder = snapshot();
    let cold = run(folder.path(), "inventory in --no-cache");
    let mut shell = std::process::Command::new("sh");
    shell.current_dir(folder.path()).args([
        "-c",
        "trap '' XFSZ; ulimit -f 0; exec \"$0\" inventory in",
        env!("CARGO_BIN_EXE_watertight"),
    ]);
    let full = finish(shell.env("WATERTIGHT_CACHE_DIR", folder.path().join("cache")));
    assert_eq!((full.code, &full.stdout), (cold.code, &cold.stdout));
    let (first, rest) = full.stderr.split_once('\n').expect("it is told");
    assert!(
        first.starts_with("warning: the cache is not used: cannot write to `"),
        "{first}"
    );
    assert_eq!(rest, cold.stderr);
    let left = std::fs::read_dir(folder.path().join("cache")).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}

/// A file where the folder should be stands for a place at which nobody may write: also the administrator may not.
#[test]
fn a_cache_that_cannot_be_made_is_one_warning() {
    let folder = snapshot();
    let without = run(folder.path(), "inventory in --no-cache");
    std::fs::write(folder.path().join("cache"), "mine").expect("it can be written");
    let with = run(folder.path(), "inventory in");
    assert_eq!((with.code, &with.stdout), (without.code, &without.stdout));
    let (first, rest) = with.stderr.split_once('\n').expect("it is told");
    assert!(
        first.starts_with("warning: the cache is not used: "),
        "{first}"
    );
    assert_eq!(rest, without.stderr);
    let left = std::fs::read(folder.path().join("cache")).expect("it is there");
    assert_eq!(left, b"mine");
}

/// Runs that begin together, some of which clear the cache, say what they say alone.
#[test]
fn many_processes_share_a_cache() {
    let folder = snapshot();
    let alone = run(folder.path(), "inventory in --no-cache");
    for round in 0..4 {
        let mut runs = Vec::new();
        for number in 0..6 {
            let clears = round % 2 == 1 && number % 3 == 2;
            let arguments = if clears {
                "cache clear"
            } else {
                "inventory in"
            };
            let mut command = command();
            command.current_dir(&folder).args(split(arguments));
            command.env("WATERTIGHT_CACHE_DIR", folder.path().join("cache"));
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            runs.push((clears, command.spawn().expect("the binary runs")));
        }
        for (clears, run) in runs {
            let ended = run.wait_with_output().expect("it ends");
            if clears {
                continue;
            }
            let said = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
            assert_eq!(ended.status.code(), Some(alone.code));
            assert_eq!(said(ended.stdout), alone.stdout);
            assert_eq!(said(ended.stderr), alone.stderr);
        }
    }
    run(folder.path(), "inventory in");
    let files = std::fs::read_dir(folder.path().join("cache")).expect("it is there");
    let names: Vec<_> = files.flatten().map(|file| file.path()).collect();
    assert_eq!(names.len(), 1, "one entry and nothing half: {names:?}");
}
