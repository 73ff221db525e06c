//! The configuration file, `watertight.toml`.

mod read;

use std::path::{Path, PathBuf};

use packet::{Prefix, Service};
use report::score::Weights;

use crate::arguments::{Colour, FailOn};
use crate::error::Error;
use crate::output::Output;

/// The name of the file.
pub const FILE_NAME: &str = "watertight.toml";

/// What a configuration file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The office networks.
    pub offices: Vec<Office>,
    /// The crown jewels: selectors.
    pub jewels: Option<Vec<String>>,
    /// What has to keep passing, whatever is cut.
    pub keep: Vec<Keep>,
    /// Tiers that the user knows, in the order in which they count.
    pub tiers: Vec<Hosts>,
    /// Environments that the user knows, in the order in which they count.
    pub environments: Vec<Hosts>,
    /// Where something listens that the network does not tell of.
    pub listeners: Vec<Listener>,
    /// What pairs of hosts weigh in a score.
    pub weights: Weights,
    /// From which severity on findings fail the run.
    pub fail_on: Option<FailOn>,
    /// Whether to use colours.
    pub color: Option<Colour>,
    /// Where answers go.
    pub output: Option<Vec<Output>>,
}

/// An office network that the configuration declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// What people call it.
    pub name: String,
    /// Its blocks.
    pub cidrs: Vec<Prefix>,
}

/// Hosts that the configuration calls something: a tier, or an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// What people call it.
    pub name: String,
    /// Which hosts: a selector.
    pub hosts: String,
}

/// Hosts on which something listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Which hosts: a selector.
    pub hosts: String,
    /// At which services.
    pub services: Vec<Service>,
}

/// A flow that has to keep passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// Who starts: a selector.
    pub from: String,
    /// Who is reached: a selector.
    pub to: String,
    /// By which service.
    pub service: Service,
}

/// Why a configuration cannot be used, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The line, counted from one.
    pub line: usize,
    /// The column, counted from one in characters.
    pub column: usize,
    /// What is wrong: one line, lower case.
    pub message: String,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.message
        )
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    ///
    /// On the first thing that is not understood; unknown keys are errors.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        read::config(text)
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// If it cannot be read or understood.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let doing = || format!("cannot use the configuration `{}`", path.display());
        let text = std::fs::read(path).map_err(|error| Error::usage(doing()).because(error))?;
        let text = String::from_utf8(text)
            .map_err(|_| Error::usage(doing()).because("it is not UTF-8"))?;
        Self::parse(&text).map_err(|error| Error::usage(doing()).because(error))
    }
}

/// The file that counts: upwards from the first snapshot, then upwards from the working directory.
pub fn find(first_snapshot: Option<&Path>) -> Option<PathBuf> {
    let snapshot = first_snapshot.and_then(|path| path.canonicalize().ok());
    let working = std::env::current_dir().ok();
    let starts = [snapshot, working];
    starts.into_iter().flatten().find_map(|start| {
        let mut files = start.ancestors().map(|folder| folder.join(FILE_NAME));
        files.find(|file| file.is_file())
    })
}
