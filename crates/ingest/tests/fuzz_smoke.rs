//! Any bytes under any name: diagnostics, never a crash.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;

use ingest::read_bytes;
use model::{Scope, Snapshot};
use proptest::collection::vec;
use proptest::prelude::*;

/// Reads bytes and assembles what is in them.
fn survive(name: &str, bytes: &[u8]) {
    let input = read_bytes(name, bytes, &Scope::default());
    assert!(!input.files.is_empty(), "every file is used or ignored");
    let (snapshot, _) = Snapshot::assemble(input.parts);
    drop(snapshot);
}

/// Files below a folder.
fn below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push((
                path.to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            ));
        }
    }
}

/// The project's examples and the kept inputs of the fuzz target.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seeds = Vec::new();
    below(&root.join("fuzz/kept/describe_json"), &mut seeds);
    below(&root.join("examples"), &mut seeds);
    seeds
}

#[test]
fn seeds_are_read() {
    for (name, bytes) in seeds() {
        survive(&name, &bytes);
        survive("", &bytes);
        for end in (0..bytes.len()).step_by(97) {
            survive(&name, bytes.get(..end).unwrap());
        }
    }
}

/// Words that JSON and the readers know, to reach further than bytes do.
fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "true",
        "-1",
        "70000",
        "1e400",
        "\"\"",
        "\"x\"",
        "\"\\ud800\"",
        "\"10.0.0.0/8\"",
        "\"::/129\"",
        "\"Vpcs\":[",
        "\"SecurityGroups\":[",
        "\"IpPermissions\":[",
        "\"RouteTables\":[",
        "\"Routes\":[",
        "\"Entries\":[",
        "\"VpcId\":\"vpc-1\"",
        "\"GroupId\":\"sg-1\"",
        "\"data\":{",
        "\"status_code\":200",
        "\"operations\":[",
        "\"tool_version\":\"\"",
        "\"NextToken\":",
        "\"Reservations\":[",
        "\"Instances\":[",
        "\"NetworkInterfaces\":[",
        "\"State\":",
        "{\"State\":[]}",
    ])
}

proptest! {
    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..200), name in "[a-zA-Z0-9./_%-]{0,40}") {
        survive(&name, &bytes);
    }

    #[test]
    fn any_tokens(tokens in vec(token(), 0..40)) {
        survive("tgw-rtb-1/SearchTransitGatewayRoutes/tgw-rtb-1.json", tokens.concat().as_bytes());
        survive("", format!("{{{}", tokens.concat()).as_bytes());
    }

    #[test]
    fn damaged_answers(seed in any::<prop::sample::Index>(), hits in vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..8)) {
        let seeds = seeds();
        let (name, mut bytes) = seeds.get(seed.index(seeds.len())).unwrap().clone();
        for (place, byte, how) in hits {
            if bytes.is_empty() {
                break;
            }
            let place = place.index(bytes.len());
            match how {
                0 => bytes.insert(place, byte),
                1 => { bytes.remove(place); }
                2 => { bytes.splice(place..=place, *b"[]"); }
                _ => { bytes.splice(place..=place, byte.to_string().into_bytes()); }
            }
        }
        survive(&name, &bytes);
    }
}
