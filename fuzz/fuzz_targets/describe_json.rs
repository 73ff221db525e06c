//! Any bytes as a saved describe answer: read with diagnostics, never a crash.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::describe_json(data));
