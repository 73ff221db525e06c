//! Private addresses elsewhere in their range.

use std::net::{IpAddr, Ipv6Addr};

use packet::{Family, Prefix};

use super::hash;

/// An address afterwards: two addresses share as many leading bits as before.
///
/// Only bits that choose among networks are turned. What AWS reads by position within a network stays: VPCs are no
/// larger than a /16 of IPv4, or a /48 here of IPv6, and their addresses keep their places in them.
pub(super) fn address(seed: u64, address: IpAddr) -> IpAddr {
    let family = Family::of(address);
    let mut number = Family::number(address);
    let Some((first, last)) = turned(address) else {
        return address;
    };
    for bit in first..last {
        let before = Prefix::new(address, bit).filter(|before| !is_fixed(before));
        let turns = before.is_some_and(|before| hash::bits(seed, &before.to_string()) & 1 == 1);
        if turns {
            number ^= 1 << (family.bits() - 1 - bit);
        }
    }
    family.address(number).unwrap_or(address)
}

/// A block afterwards.
pub(super) fn prefix(seed: u64, prefix: &Prefix) -> Prefix {
    Prefix::new(address(seed, prefix.first()), prefix.length()).unwrap_or(*prefix)
}

/// The bits of an address that may be turned, from the first to before the last; `None` if it is of no private range.
fn turned(address: IpAddr) -> Option<(u8, u8)> {
    match address {
        IpAddr::V4(v4) => match v4.octets() {
            [10, ..] => Some((8, 16)),
            [172, 16..=31, ..] => Some((12, 16)),
            [100, 64..=127, ..] => Some((10, 16)),
            _ => None,
        },
        IpAddr::V6(v6) => (v6.octets().first() == Some(&0xFD)).then_some((8, 48)),
    }
}

/// Whether addresses of AWS services, which stay where they are, part from others below this block.
fn is_fixed(block: &Prefix) -> bool {
    let services = Ipv6Addr::new(0xFD00, 0xEC2, 0, 0, 0, 0, 0, 0);
    Prefix::new(services.into(), 32).is_some_and(|services| services.overlaps(block))
}
