//! Any bytes as a selector: parsed or refused, never a crash; what is parsed prints and parses again.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::selector(data));
