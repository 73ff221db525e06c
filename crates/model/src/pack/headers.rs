//! Header fields, and sets of them as rules write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use packet::{Family, PortRange, PortSet, Prefix, Protocol, Service};

use super::{Pack, Packer, Unpacker};

impl Pack for IpAddr {
    fn pack(&self, packer: &mut Packer) {
        Family::of(*self).pack(packer);
        match self {
            Self::V4(address) => packer.raw(&address.octets()),
            Self::V6(address) => packer.raw(&address.octets()),
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        Some(match Family::unpack(unpacker)? {
            Family::V4 => Ipv4Addr::from(unpacker.raw::<4>()?).into(),
            Family::V6 => Ipv6Addr::from(unpacker.raw::<16>()?).into(),
        })
    }
}

impl Pack for Family {
    fn pack(&self, packer: &mut Packer) {
        (*self == Self::V6).pack(packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        let is_v6 = bool::unpack(unpacker)?;
        Some(if is_v6 { Self::V6 } else { Self::V4 })
    }
}

impl Pack for Prefix {
    fn pack(&self, packer: &mut Packer) {
        self.first().pack(packer);
        packer.byte(self.length());
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        let first = IpAddr::unpack(unpacker)?;
        Self::new(first, unpacker.byte()?)
    }
}

impl Pack for Protocol {
    fn pack(&self, packer: &mut Packer) {
        packer.byte(self.0);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        unpacker.byte().map(Self)
    }
}

impl Pack for PortRange {
    fn pack(&self, packer: &mut Packer) {
        (self.first(), self.last()).pack(packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        let (first, last) = Pack::unpack(unpacker)?;
        Self::new(first, last)
    }
}

impl Pack for Service {
    fn pack(&self, packer: &mut Packer) {
        match *self {
            Self::Any => packer.byte(0),
            Self::Protocol(protocol) => {
                packer.byte(1);
                protocol.pack(packer);
            }
            Self::Ports { protocol, ports } => {
                packer.byte(2);
                protocol.pack(packer);
                ports.pack(packer);
            }
            Self::Icmp { family, kind, code } => {
                packer.byte(3);
                family.pack(packer);
                kind.pack(packer);
                code.pack(packer);
            }
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        match unpacker.byte()? {
            0 => Some(Self::Any),
            1 => Protocol::unpack(unpacker).map(Self::Protocol),
            2 => Some(Self::Ports {
                protocol: Pack::unpack(unpacker)?,
                ports: Pack::unpack(unpacker)?,
            }),
            3 => Some(Self::Icmp {
                family: Pack::unpack(unpacker)?,
                kind: Pack::unpack(unpacker)?,
                code: Pack::unpack(unpacker)?,
            }),
            _ => None,
        }
    }
}

impl Pack for PortSet {
    fn pack(&self, packer: &mut Packer) {
        self.intervals().to_vec().pack(packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        Vec::unpack(unpacker).map(Self::from_ranges)
    }
}
