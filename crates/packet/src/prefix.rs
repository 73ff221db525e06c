//! Blocks of addresses.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::Family;

/// A block of addresses of one family, written in CIDR notation. Its host bits are clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(
    // INVARIANT: host bits are zero.
    IpNet,
);

/// Why a text is not a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixError {
    text: String,
}

impl Prefix {
    /// All IPv4 addresses.
    pub const ALL_V4: Self = Self(IpNet::V4(Ipv4Net::new_assert(
        std::net::Ipv4Addr::UNSPECIFIED,
        0,
    )));
    /// All IPv6 addresses.
    pub const ALL_V6: Self = Self(IpNet::V6(Ipv6Net::new_assert(
        std::net::Ipv6Addr::UNSPECIFIED,
        0,
    )));

    /// All addresses of a family.
    pub const fn all(family: Family) -> Self {
        match family {
            Family::V4 => Self::ALL_V4,
            Family::V6 => Self::ALL_V6,
        }
    }

    /// The block that holds just one address.
    pub fn host(address: IpAddr) -> Self {
        Self(IpNet::from(address))
    }

    /// The block of the first `length` bits of `address`; the other bits are cleared.
    ///
    /// Returns `None` if `length` is larger than the family has bits.
    pub fn new(address: IpAddr, length: u8) -> Option<Self> {
        IpNet::new(address, length)
            .ok()
            .map(|net| Self(net.trunc()))
    }

    /// Parses CIDR notation and tells whether host bits had to be cleared.
    ///
    /// # Errors
    ///
    /// If the text is not an address, a slash and a length that the family has.
    pub fn parse_lenient(text: &str) -> Result<(Self, HostBits), PrefixError> {
        let net: IpNet = text.parse().map_err(|_| PrefixError {
            text: text.to_owned(),
        })?;
        let bits = if net == net.trunc() {
            HostBits::Clear
        } else {
            HostBits::Cleared
        };
        Ok((Self(net.trunc()), bits))
    }

    /// The family of the block's addresses.
    pub const fn family(&self) -> Family {
        match self.0 {
            IpNet::V4(_) => Family::V4,
            IpNet::V6(_) => Family::V6,
        }
    }

    /// Number of leading bits that all addresses of the block share.
    pub fn length(&self) -> u8 {
        self.0.prefix_len()
    }

    /// The first address of the block.
    pub fn first(&self) -> IpAddr {
        self.0.network()
    }

    /// The last address of the block (inclusive).
    pub fn last(&self) -> IpAddr {
        self.0.broadcast()
    }

    /// The first and the last address as numbers, both inclusive.
    pub fn bounds(&self) -> (u128, u128) {
        (Family::number(self.first()), Family::number(self.last()))
    }

    /// Whether the address is of this family and in the block.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// Whether every address of `other` is in this block.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether the two blocks share an address.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.covers(other) || other.covers(self)
    }
}

/// Whether a text of a prefix had bits set beyond its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostBits {
    /// The text was canonical.
    Clear,
    /// Bits beyond the length were set; they have been cleared.
    Cleared,
}

impl FromStr for Prefix {
    type Err = PrefixError;

    /// Parses CIDR notation; host bits are cleared.
    fn from_str(text: &str) -> Result<Self, PrefixError> {
        Self::parse_lenient(text).map(|(prefix, _)| prefix)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a block of addresses such as `10.0.0.0/16`",
            self.text
        )
    }
}

impl std::error::Error for PrefixError {}
