//! Any bytes as a batch file: rows answered or refused, never a crash.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::batch(data));
