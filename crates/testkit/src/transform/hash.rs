//! A choice that depends on a seed and a text, and on nothing else.

use crate::Random;

/// Bits that any change of the text or the seed changes.
pub(super) fn bits(seed: u64, text: &str) -> u64 {
    // FNV-1a, then one step of the generator to spread the bits.
    let start = 0xCBF2_9CE4_8422_2325 ^ seed;
    let mix = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    Random::new(text.bytes().fold(start, mix)).bits()
}
