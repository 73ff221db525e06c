//! Ctrl-C, the signal to terminate, and what those see who wait.

use std::fs::{File, read_dir};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::run::{command, folder};

/// A run that reads from a pipe, and the end of the pipe on which it waits.
fn waiting(folder: &Path, mut command: Command) -> (Child, File) {
    let pipe = folder.join("answer.json");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("there is `mkfifo`").success());
    let run = command.current_dir(folder).spawn();
    let run = run.expect("the binary runs");
    // It opens once the run reads.
    let writing = File::options().write(true).open(&pipe);
    (run, writing.expect("it can be written"))
}

/// The code of a run to which a signal is sent while it reads, and how many files are then in its folder.
fn ended_by(signal: &str) -> (Option<i32>, usize) {
    let folder = folder(&[]);
    let mut command = command();
    command.args(["inventory", "answer.json", "-o", "json=out.json"]);
    let (mut run, writing) = waiting(folder.path(), command);
    let number = run.id().to_string();
    let sent = Command::new("kill").args([signal, &number]).status();
    assert!(sent.expect("there is `kill`").success());
    let ended = run.wait().expect("it ends");
    drop(writing);
    let files = read_dir(folder.path()).expect("it is there");
    (ended.code(), files.count())
}

#[test]
fn an_interrupt_ends_the_run_and_leaves_nothing_but_the_input() {
    assert_eq!(ended_by("-INT"), (Some(130), 1));
}

#[test]
fn the_signal_to_terminate_ends_the_run_and_leaves_nothing_but_the_input() {
    assert_eq!(ended_by("-TERM"), (Some(143), 1));
}

#[test]
fn an_answer_for_a_pipe_goes_into_it_and_does_not_take_its_place() {
    let folder = folder(&[]);
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("there is `mkfifo`").success());
    let mut command = command();
    let output = format!("json={}", pipe.display());
    let run = command
        .args(["inventory", "examples/shop", "-o", &output])
        .spawn();
    let text = std::fs::read_to_string(&pipe).expect("the run writes");
    assert!(
        run.expect("the binary runs")
            .wait()
            .expect("it ends")
            .success()
    );
    assert!(text.starts_with('{'), "{text}");
    let kind = std::fs::metadata(&pipe).expect("it is there").file_type();
    assert!(!kind.is_file());
}

/// What a terminal shows that is stderr of a run, which waits for its input until that is enough.
fn shown(options: &str, is_enough: impl Fn(&str) -> bool) -> Option<String> {
    if Command::new("script").arg("--version").output().is_err() {
        println!("NOT COMPARED: there is no `script` to give a run a terminal");
        return None;
    }
    let folder = folder(&[("log", b"")]);
    let mut script = Command::new("script");
    let binary = env!("CARGO_BIN_EXE_watertight");
    let line = format!("{binary} inventory answer.json --no-cache {options} > out.txt");
    script.args(["-qefc", &line, "log"]);
    script.stdin(Stdio::null()).stdout(Stdio::null());
    let (mut run, mut writing) = waiting(folder.path(), script);
    let read = |name: &str| {
        let bytes = std::fs::read(folder.path().join(name)).expect("it is there");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let started = Instant::now();
    while !is_enough(&read("log")) && started.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let written =
        writing.write_all(br#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#);
    written.expect("it can be written");
    drop(writing);
    run.wait().expect("it ends");
    let answer = read("out.txt");
    assert!(!answer.is_empty() && !answer.contains('\r'), "{answer:?}");
    Some(read("log"))
}

#[test]
fn who_waits_at_a_terminal_is_told_how_far_the_run_is() {
    let Some(shown) = shown("", |shown| shown.contains("reading file 1 of 1")) else {
        return;
    };
    let (_, rest) = shown
        .split_once("reading file 1 of 1 (")
        .expect("it is told");
    let (_, after) = rest.rsplit_once(" s)").expect("with the time");
    assert!(after.starts_with("\r\u{1b}[K"), "it goes: {shown:?}");
}

#[test]
fn who_wants_quiet_is_told_nothing() {
    let started = Instant::now();
    let is_late = |_: &str| Duration::from_millis(1500) < started.elapsed();
    if let Some(shown) = shown("--quiet", is_late) {
        assert!(!shown.contains("reading"), "{shown:?}");
    }
}
