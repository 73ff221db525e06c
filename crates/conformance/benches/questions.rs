//! What single questions cost, on the example shop: `cargo bench -p conformance`.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use model::{Endpoint, Snapshot};
use packet::{PacketSet, Protocol, Service};

fn main() {
    divan::main();
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop")
}

fn shop() -> Snapshot {
    ingest::load(&[folder()], Vec::new()).unwrap().snapshot
}

/// Two application servers in two zones.
fn ends(snapshot: &Snapshot) -> (Endpoint, Endpoint) {
    let at = |address: &str| testkit::endpoint_at(snapshot, address.parse().unwrap());
    (at("10.20.10.11"), at("10.20.11.11"))
}

#[divan::bench]
fn read_and_assemble(bencher: Bencher<'_, '_>) {
    bencher.bench(|| ingest::load(black_box(&[folder()]), Vec::new()).unwrap());
}

#[divan::bench]
fn prepare_the_engine(bencher: Bencher<'_, '_>) {
    let snapshot = shop();
    bencher.bench(|| engine::Engine::new(black_box(&snapshot)));
}

#[divan::bench]
fn ask_the_engine_again(bencher: Bencher<'_, '_>) {
    let snapshot = shop();
    let engine = engine::Engine::new(&snapshot);
    let (from, to) = ends(&snapshot);
    bencher.bench(|| engine.reach(black_box(&from), black_box(&to)));
}

#[divan::bench]
fn ask_the_engine_for_a_pair_of_classes(bencher: Bencher<'_, '_>) {
    let snapshot = shop();
    let engine = engine::Engine::new(&snapshot);
    let (from, to) = ends(&snapshot);
    let classes = engine.class_of(&from).zip(engine.class_of(&to)).unwrap();
    bencher.bench(|| engine.between(black_box(classes.0), black_box(classes.1)));
}

#[divan::bench]
fn trace_a_question(bencher: Bencher<'_, '_>) {
    let snapshot = shop();
    let tracer = trace::Tracer::new(&snapshot);
    let (from, to) = ends(&snapshot);
    let message = trace::Message::Port(22);
    let question = trace::Question {
        destination: to.address(),
        protocol: Protocol::TCP,
        message,
    };
    bencher.bench(|| tracer.ask(black_box(from), black_box(question)));
}

#[divan::bench]
fn union_of_two_services(bencher: Bencher<'_, '_>) {
    let set = |text: &str| PacketSet::from(&text.parse::<Service>().unwrap());
    let (ssh, web) = (set("ssh"), set("tcp/8000-8100"));
    bencher.bench(|| black_box(&ssh).union(black_box(&web)));
}
