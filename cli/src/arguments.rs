//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use analysis::Grade;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::command;
use crate::output::Output;

/// Proves who can reach whom in an AWS network, and how far an intruder gets.
///
/// Reads saved `describe-*` answers: a folder or file of any supported format, recognised by content. Works offline.
#[derive(Debug, Parser)]
#[command(name = "watertight", version, after_help = EXAMPLES, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  watertight audit examples/shop
      The whole picture: exposure, lateral movement, findings
  watertight reach examples/shop --from internet --to name:bastion ssh
      Can the internet reach the bastion by SSH, and by which rules?
  watertight blast examples/shop --from name:app-a1
      How far does an intruder on app-a1 get?

Settings: a flag wins over WATERTIGHT_OUTPUT, WATERTIGHT_COLOR, WATERTIGHT_FAIL_ON and
WATERTIGHT_CONFIG of the environment, those over watertight.toml (found upwards from the first
snapshot, then from the working directory).

Large snapshots are kept as they were read, for the next run on the same files: in
WATERTIGHT_CACHE_DIR, else in the folder for caches of your system. `watertight cache clear`
removes them, --no-cache keeps nothing.

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or
configuration, 3 incomplete input, 4 failure.";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole picture: what there is, exposure, lateral movement, findings
    Audit(command::audit::Audit),
    /// What there is: accounts, VPCs, and classes of hosts that behave alike
    Inventory(command::inventory::Inventory),
    /// Who can reach whom, by which services and rules
    Reach(command::reach::Reach),
    /// Follow one packet hop by hop, with the rule that decides at each
    Trace(command::trace::Trace),
    /// How far an intruder gets from a foothold
    Blast(command::blast::Blast),
    /// How an intruder comes from a foothold to a target, hop by hop
    Paths(command::paths::Paths),
    /// The smallest set of rule changes that parts a foothold from a target
    Cut(command::cut::Cut),
    /// How many pairs of hosts can connect, directly and in steps
    Score(command::score::Score),
    /// What passes within and between tiers of hosts, and what of it nothing needs
    Tiers(command::tiers::Tiers),
    /// What the internet and the office networks can reach
    Exposed(command::exposed::Exposed),
    /// What became reachable from one network to another, and what stopped
    Diff(command::diff::Diff),
    /// What would become reachable by changes of the network, and what would stop
    Whatif(command::whatif::Whatif),
    /// Where snapshots are kept for the next run, and how to remove them
    Cache(command::cache::Cache),
    /// Print completions for a shell
    Completions(command::completions::Completions),
    /// Print the manual page, or write the pages of all commands to a folder
    Man(command::man::Man),
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// When to use colours.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        hide_possible_values = true,
        help = "When to use colours: auto, always or never [default: auto, which obeys NO_COLOR]",
        help_heading = "Global options"
    )]
    pub color: Option<Colour>,
    /// Say nothing about problems of the input
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Global options"
    )]
    pub quiet: bool,
    /// Show every problem of the input, and which files were read
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
}

/// What every command that reads a snapshot takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Where answers go: text, json or csv, to stdout or to a file; `blast` and `paths` also draw (docs/pictures.md); may be repeated
    #[arg(short, long, value_name = "FORMAT[=PATH]", help_heading = "Output")]
    pub output: Vec<Output>,
    /// End with 0 also if there are findings or the input is incomplete
    #[arg(long, help_heading = "Output")]
    pub exit_zero: bool,
    /// The configuration file [default: watertight.toml, looked for upwards]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read every file anew, and keep nothing of it for the next run
    #[arg(long)]
    pub no_cache: bool,
}

/// The snapshots of a command.
#[derive(Debug, Clone, Args)]
pub struct Snapshots {
    /// Folders or files of saved answers; several are merged into one network
    #[arg(required = true, value_name = "SNAPSHOT")]
    pub snapshots: Vec<PathBuf>,
}

/// Whether to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Never.
    Never,
}

impl FromStr for Colour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ValueEnum::from_str(text, false)
            .map_err(|_| format!("`{text}` is not a choice of colour: write auto, always or never"))
    }
}

/// From which severity on findings fail the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Findings fail no run.
    Never,
    /// Critical ones only.
    Critical,
    /// High ones and worse.
    High,
    /// Medium ones and worse.
    Medium,
    /// Low ones and worse.
    Low,
    /// All.
    Info,
}

impl FailOn {
    /// Whether a finding fails the run.
    pub fn fails(self, grade: Grade) -> bool {
        let limit = match self {
            Self::Never => return false,
            Self::Critical => Grade::Critical,
            Self::High => Grade::High,
            Self::Medium => Grade::Medium,
            Self::Low => Grade::Low,
            Self::Info => Grade::Info,
        };
        // Worse grades come first.
        grade <= limit
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ValueEnum::from_str(text, false).map_err(|_| {
            format!("`{text}` is not a severity: write never, critical, high, medium, low or info")
        })
    }
}
