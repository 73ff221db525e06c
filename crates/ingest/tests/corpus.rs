//! Recorded answers of real networks: every folder of the corpus is read, and nothing of it is lost silently.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail, and says when it could not run"
)]

use std::path::PathBuf;

use ingest::{FileUse, Loaded, load};
use model::{Kind, Severity};

/// The corpus, or `None` with a loud remark if it is not there.
fn corpus() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let path = std::env::var_os("WATERTIGHT_CORPUS").map_or_else(beside, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!(
        "SKIPPED: no corpus at `{}`: set WATERTIGHT_CORPUS",
        path.display()
    );
    None
}

fn folder(name: &str) -> Option<Loaded> {
    let path = corpus()?.join(name);
    Some(load(&[path], Vec::new()).unwrap())
}

#[test]
fn every_folder_is_read() {
    let Some(corpus) = corpus() else { return };
    let readable = [
        "lab-",
        "bf-",
        "npguard-",
        "c7n-",
        "cloudmapper-demo",
        "aws-cli-shapes",
    ];
    let mut folders: Vec<PathBuf> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for path in folders {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !readable.iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        let loaded = load(std::slice::from_ref(&path), Vec::new()).unwrap();
        println!("== {name}");
        for diagnostic in &loaded.diagnostics {
            println!(
                "{:?} {} {} @ {}",
                diagnostic.severity, diagnostic.code, diagnostic.message, diagnostic.origin
            );
        }
    }
}
