//! Batches through the built binary: the examples, and files that are wrong.

use std::path::PathBuf;

use crate::run::{Run, command, finish, folder, root, run};

/// The rows of a CSV text, each as its fields.
fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes())
        .into_records()
        .map(Result::unwrap)
        .collect()
}

fn column(text: &str, name: &str) -> usize {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .headers()
        .unwrap()
        .iter()
        .position(|column| column == name)
        .unwrap()
}

#[test]
fn the_expected_answers_of_the_examples_hold() {
    for example in ["shop", "shop-hardened", "hub"] {
        let run = run(&format!(
            "reach examples/{example} --batch examples/{example}/expected.csv -o csv"
        ));
        assert_eq!(run.code, 0, "{}", run.stderr);
        let given =
            std::fs::read_to_string(root().join(format!("examples/{example}/expected.csv")))
                .unwrap();
        let (expected, verdict) = (
            column(&run.stdout, "expected"),
            column(&run.stdout, "verdict"),
        );
        let (given, answered) = (rows(&given), rows(&run.stdout));
        assert_eq!(given.len(), answered.len());
        for (given, answered) in given.iter().zip(&answered) {
            assert!(
                given.iter().zip(answered.iter()).all(|(a, b)| a == b),
                "{given:?} became {answered:?}"
            );
            assert_eq!(
                answered[expected], answered[verdict],
                "{example}: {answered:?}"
            );
        }
    }
}

/// Where the recorded networks are, if they are there.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("WATERTIGHT_CORPUS").map(PathBuf::from);
    let corpus = named.unwrap_or_else(|| root().join("../shared/corpus"));
    if corpus.is_dir() {
        return Some(corpus);
    }
    println!(
        "WARNING: WITHOUT THE CORPUS. Nothing recorded is compared: set WATERTIGHT_CORPUS to its folder"
    );
    None
}

#[test]
fn the_batches_of_the_labs_run() {
    let Some(corpus) = corpus() else { return };
    let mut labs: Vec<PathBuf> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    labs.retain(|path| {
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("lab-")
    });
    labs.sort();
    assert_eq!(labs.len(), 5);
    for lab in labs {
        let run = finish(
            command()
                .arg("reach")
                .arg(lab.join("aws_configs"))
                .arg("--batch")
                .arg(lab.join("probes.csv"))
                .args(["-o", "csv"]),
        );
        assert_eq!(run.code, 0, "{run:?}");
        let (expected, verdict) = (
            column(&run.stdout, "expected"),
            column(&run.stdout, "verdict"),
        );
        for row in rows(&run.stdout) {
            let measured = if &row[expected] == "reach" {
                "reachable"
            } else {
                "blocked"
            };
            assert_eq!(&row[verdict], measured, "{lab:?}: {row:?}");
        }
    }
}

/// Runs a batch on `shop`.
fn batch(rows: &str, options: &str) -> Run {
    let folder = folder(&[("rows.csv", rows.as_bytes())]);
    let file = folder.path().join("rows.csv");
    let run = finish(
        command()
            .args(["reach", "examples/shop", "--batch"])
            .arg(&file)
            .args(crate::run::split(options)),
    );
    let hide = |text: &str| text.replace(&*file.to_string_lossy(), "rows.csv");
    Run {
        stderr: hide(&run.stderr),
        stdout: hide(&run.stdout),
        code: run.code,
    }
}

fn check_error(rows: &str, expected: &str) {
    let run = batch(rows, "-o csv");
    assert_eq!(run.stderr, format!("error: {expected}\n"));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}

#[test]
fn a_wrong_row_stops_the_batch_before_anything_is_written() {
    check_error(
        "src,dst,proto,dport\nbastion,reports,tcp,22\nbastion,reports,tcp,70000\n",
        "cannot read the batch `rows.csv`: line 3, column `dport`: `70000` is not a port from 0 to 65535",
    );
    check_error(
        "from,to,proto,dport\n",
        "cannot read the batch `rows.csv`: line 1: no column `src`: the first line names the columns, `src,dst,proto,dport` and any others; `from` may be meant for it",
    );
    check_error(
        "src,dst,proto,dport\nbastion,basiton,tcp,22\n",
        "cannot answer the batch `rows.csv`: line 2, column `dst`: selector `basiton`: no such id or name in the snapshot, did you mean `bastion`?",
    );
    check_error(
        "src,dst,proto,dport\nbastion,name:app-*1,tcp,22\n",
        "cannot answer the batch `rows.csv`: line 2, column `dst`: selector `name:app-*1`: names 3 endpoints where one is needed: \
         app-a1 (i-0cafe0000000000a1), app-b1 (i-0cafe0000000000b1), app-c1 (i-0cafe0000000000c1)",
    );
}

#[test]
fn rows_keep_their_order_and_their_other_columns() {
    let run = batch(
        "id,dport,proto,dst,src,note\r\n7,22,tcp,name:app-a1,bastion,\"a, b\"\r\n3,,icmp,192.168.10.9,app-a1,\r\n",
        "-o csv",
    );
    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "id,dport,proto,dst,src,note,verdict,reason");
    assert!(
        lines[1].starts_with("7,22,tcp,name:app-a1,bastion,\"a, b\",reachable,"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].starts_with("3,,icmp,192.168.10.9,app-a1,,reachable,"),
        "{}",
        lines[2]
    );
}

#[test]
fn json_and_text_hold_the_same_answers() {
    let rows = "src,dst,proto,dport\nbastion,app-a1,tcp,22\ninternet,app-a1,tcp,22\n";
    let json = batch(rows, "-o json");
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["format_version"], 1);
    assert_eq!(value["rows"][0]["verdict"], "reachable");
    assert_eq!(value["rows"][1]["verdict"], "blocked");
    let text = batch(rows, "");
    assert!(
        text.stdout
            .ends_with("2 rows: 1 reachable, 1 blocked, 0 undetermined\n"),
        "{}",
        text.stdout
    );
    assert_eq!((json.code, text.code), (0, 0));
}
