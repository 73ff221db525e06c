//! Numbers, choices, and what may be missing.

use super::{Pack, Packer, Unpacker};

macro_rules! unsigned {
    ($($kind:ty)*) => { $(
        impl Pack for $kind {
            fn pack(&self, packer: &mut Packer) {
                packer.number(u64::from(*self));
            }

            fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
                unpacker.number()?.try_into().ok()
            }
        }
    )* };
}

unsigned!(u8 u16 u32);

impl Pack for usize {
    fn pack(&self, packer: &mut Packer) {
        packer.number(*self as u64);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        unpacker.number()?.try_into().ok()
    }
}

impl Pack for i64 {
    fn pack(&self, packer: &mut Packer) {
        packer.raw(&self.to_le_bytes());
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        unpacker.raw().map(Self::from_le_bytes)
    }
}

impl Pack for bool {
    fn pack(&self, packer: &mut Packer) {
        packer.byte(u8::from(*self));
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        match unpacker.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, packer: &mut Packer) {
        self.is_some().pack(packer);
        if let Some(value) = self {
            value.pack(packer);
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        if bool::unpack(unpacker)? {
            T::unpack(unpacker).map(Some)
        } else {
            Some(None)
        }
    }
}

impl<T: Pack> Pack for Box<T> {
    fn pack(&self, packer: &mut Packer) {
        T::pack(self, packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        unpacker.nested(T::unpack).map(Self::new)
    }
}
