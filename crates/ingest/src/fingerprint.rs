//! What a network is read from, in 32 bytes: equal for the same files only.

use std::fs::File;
use std::path::PathBuf;

use model::OfficeNetwork;
use model::pack::{Pack as _, Packer};
use rayon::prelude::*;

use crate::files::Found;
use crate::reading::Reading;
use crate::{Error, find, name};

/// What readers of files look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attention {
    /// What the files say.
    Lists,
    /// Every byte of them, too.
    Bytes,
}

/// What stands at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nobody looked.
    Untold,
    /// A file of these bytes.
    Bytes(blake3::Hash),
    /// What is no file of ours, and why.
    Other(&'static str),
}

impl Attention {
    /// What of a file's bytes is to be remembered.
    pub(crate) fn to(self, bytes: &[u8]) -> Seen {
        match self {
            Self::Lists => Seen::Untold,
            Self::Bytes => Seen::Bytes(blake3::hash(bytes)),
        }
    }
}

/// Tells apart everything that a network is made from: the program, what it was told, each file's name and bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(blake3::Hash);

impl Fingerprint {
    /// Of files as they were read; `None` if one could not be.
    pub(crate) fn of_readings(
        settings: &Settings,
        paths: &[PathBuf],
        roots: &[Vec<Reading>],
    ) -> Option<Self> {
        let seen = |root: &Vec<Reading>| {
            root.iter()
                .map(|reading| (reading.file.to_string(), reading.seen))
                .collect()
        };
        Self::of(settings, paths, &roots.iter().map(seen).collect::<Vec<_>>())
    }

    /// Of files as they are now; `None` if one cannot be read.
    pub(crate) fn of_files(
        settings: &Settings,
        paths: &[PathBuf],
        roots: &[Vec<Found>],
    ) -> Option<Self> {
        let seen = |root: &Vec<Found>| root.par_iter().map(look).collect::<Option<Vec<_>>>();
        let roots = roots.iter().map(seen).collect::<Option<Vec<_>>>()?;
        Self::of(settings, paths, &roots)
    }

    fn of(settings: &Settings, paths: &[PathBuf], roots: &[Vec<(String, Seen)>]) -> Option<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(settings.0.as_bytes());
        for (path, root) in paths.iter().zip(roots) {
            add(&mut hasher, b'r', name(path).as_bytes());
            for (file, seen) in root {
                add(&mut hasher, b'f', file.as_bytes());
                match seen {
                    Seen::Untold => return None,
                    Seen::Bytes(hash) => add(&mut hasher, b'b', hash.as_bytes()),
                    Seen::Other(why) => add(&mut hasher, b'o', why.as_bytes()),
                }
            }
        }
        Some(Self(hasher.finalize()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// A name for a file.
    pub(crate) fn to_hex(self) -> String {
        self.0.to_hex().to_string()
    }
}

/// What a network is made from beside its files.
#[derive(Debug)]
pub(crate) struct Settings(blake3::Hash);

impl Settings {
    /// The program that runs, byte by byte, and what users declared; `None` if the program cannot be read.
    pub(crate) fn new(offices: &[OfficeNetwork]) -> Option<Self> {
        let mut program = blake3::Hasher::new();
        let path = std::env::current_exe().ok()?;
        program.update_reader(File::open(path).ok()?).ok()?;
        let mut packer = Packer::default();
        offices.to_vec().pack(&mut packer);
        let mut hasher = blake3::Hasher::new();
        hasher.update(program.finalize().as_bytes());
        hasher.update(&packer.finish());
        Some(Self(hasher.finalize()))
    }
}

/// How many bytes stand under some roots, as far as their files tell.
pub(crate) fn size(roots: &[Vec<Found>]) -> u64 {
    let lengths = roots.iter().flatten().filter_map(|found| match found {
        Found::File(path) => Some(std::fs::metadata(path).ok()?.len()),
        Found::Other(..) | Found::Unreadable(..) => None,
    });
    lengths.fold(0, u64::saturating_add)
}

/// Everything under some paths.
///
/// # Errors
///
/// If a path cannot be opened.
pub(crate) fn find_all(paths: &[PathBuf]) -> Result<Vec<Vec<Found>>, Error> {
    paths.iter().map(|path| find(path)).collect()
}

fn look(found: &Found) -> Option<(String, Seen)> {
    match found {
        Found::File(path) => {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(File::open(path).ok()?).ok()?;
            Some((name(path).to_string(), Seen::Bytes(hasher.finalize())))
        }
        Found::Other(path, why) => Some((name(path).to_string(), Seen::Other(why))),
        Found::Unreadable(..) => None,
    }
}

/// Adds something of a kind and of any length, so that nothing else looks like it.
fn add(hasher: &mut blake3::Hasher, kind: u8, bytes: &[u8]) {
    hasher.update(&[kind]);
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}
