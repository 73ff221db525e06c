//! One entry: what it is, a sum over all of it, and the packed network.

use model::pack::{Pack, Packer, Unpacker};

use crate::fingerprint::Fingerprint;
use crate::{FileUse, Loaded};

/// What entries start with.
const MAGIC: &[u8] = b"watertight cache\n";

/// The bytes of an entry.
pub(crate) fn pack(loaded: &Loaded, fingerprint: Fingerprint) -> Vec<u8> {
    let Loaded {
        snapshot,
        diagnostics,
        files,
    } = loaded;
    let mut packer = Packer::default();
    snapshot.pack(&mut packer);
    diagnostics.pack(&mut packer);
    files.pack(&mut packer);
    let network = packer.finish();
    let mut entry = MAGIC.to_vec();
    entry.extend_from_slice(sum(&network, fingerprint).as_bytes());
    entry.extend(network);
    entry
}

/// The network of an entry; `None` if these are other bytes than [`pack`] gave for this fingerprint.
pub(crate) fn unpack(entry: &[u8], fingerprint: Fingerprint) -> Option<Loaded> {
    let (told, network) = entry
        .strip_prefix(MAGIC)?
        .split_at_checked(blake3::OUT_LEN)?;
    if sum(network, fingerprint).as_bytes() != told {
        return None;
    }
    let mut unpacker = Unpacker::new(network)?;
    let loaded = Loaded {
        snapshot: Pack::unpack(&mut unpacker)?,
        diagnostics: Pack::unpack(&mut unpacker)?,
        files: Pack::unpack(&mut unpacker)?,
    };
    unpacker.is_at_end().then_some(loaded)
}

fn sum(network: &[u8], fingerprint: Fingerprint) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(fingerprint.as_bytes());
    hasher.update_rayon(network);
    hasher.finalize()
}

impl Pack for FileUse {
    fn pack(&self, packer: &mut Packer) {
        packer.shared(match self {
            Self::Used { file, .. } | Self::Ignored { file, .. } => file,
        });
        match self {
            Self::Used { kind, count, .. } => {
                packer.byte(0);
                kind.pack(packer);
                count.pack(packer);
            }
            Self::Ignored { why, .. } => {
                packer.byte(1);
                why.pack(packer);
            }
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Option<Self> {
        let file = unpacker.shared()?;
        match unpacker.byte()? {
            0 => Some(Self::Used {
                file,
                kind: Pack::unpack(unpacker)?,
                count: Pack::unpack(unpacker)?,
            }),
            1 => Some(Self::Ignored {
                file,
                why: Pack::unpack(unpacker)?,
            }),
            _ => None,
        }
    }
}
