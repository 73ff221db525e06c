//! What the fuzz targets call: any bytes, and never a crash.

use model::{Scope, Snapshot};
use trace::Tracer;

/// Reads any bytes as a saved answer, assembles what they hold, and asks both implementations about it.
pub fn describe_json(bytes: &[u8]) {
    let input = ingest::read_bytes("answer.json", bytes, &Scope::default());
    let (snapshot, _) = Snapshot::assemble(input.parts);
    let tracer = Tracer::new(&snapshot);
    let engine = engine::Engine::new(&snapshot);
    let classes = || engine.classes().take(MAX_CLASSES);
    for (from, class) in classes() {
        for (to, target) in classes() {
            engine.between(from, to);
            let ends = class.endpoints.first().zip(target.endpoints.first());
            if let Some((from, to)) = ends {
                tracer.ask(*from, trace::Question::tcp(to.address(), 443));
            }
        }
    }
}

/// A fuzzer learns nothing more from more pairs.
const MAX_CLASSES: usize = 8;

/// Reads any bytes as a selector; what is read prints and reads again.
///
/// # Panics
///
/// If a selector does not survive that: a fault that the fuzzer is to find.
pub fn selector(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(selector) = watertight::selector::parse(text) else {
        return;
    };
    let printed = selector.to_string();
    let again = watertight::selector::parse(&printed).map(|again| again.to_string());
    assert_eq!(
        again.as_ref().ok(),
        Some(&printed),
        "`{text}` does not print as it reads: {again:?}"
    );
}

/// Reads any bytes as a batch file.
pub fn batch(bytes: &[u8]) {
    if let Ok(batch) = watertight::batch::parse(bytes) {
        let _ = batch.records().count();
    }
}
