//! One run: its settings, and the network that it reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::Engine;
use ingest::{Cache, Cached, ErrorKind, Loaded};
use model::{OfficeNetwork, Origin, Severity, Snapshot, Steps};
use report::score::Weights;

use crate::arguments::{Colour, Common, FailOn, Global};
use crate::config::{self, Config, Hosts, Keep, Listener, Office};
use crate::error::Error;
use crate::exit::Exit;
use crate::interrupt;
use crate::kept;
use crate::output::{self, Answer, Drawing, Format, Output};
use crate::progress::{self, Stage};
use crate::talk::{self, Extent, Loudness};

/// What holds for a run: flag, else environment, else file, else default.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) outputs: Vec<Output>,
    pub(crate) fail_on: FailOn,
    exit_zero: bool,
    loudness: Loudness,
    offices: Vec<OfficeNetwork>,
    /// The crown jewels: selectors.
    pub(crate) jewels: Option<Vec<String>>,
    /// Tiers that the user knows.
    pub(crate) tiers: Vec<Hosts>,
    /// Environments that the user knows.
    pub(crate) environments: Vec<Hosts>,
    /// Where something listens that the network does not tell of.
    pub(crate) listeners: Vec<Listener>,
    /// What pairs of hosts weigh in a score.
    pub(crate) weights: Weights,
    /// What has to keep passing, whatever is cut.
    pub(crate) keep: Vec<Keep>,
    cache: Option<Cache>,
}

/// A network that was read, under some settings.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) settings: Settings,
    pub(crate) snapshot: Snapshot,
    /// Whether some of the input could not be read.
    is_damaged: bool,
}

impl Settings {
    /// Finds and reads the configuration, and puts everything together.
    pub(crate) fn new(
        global: &Global,
        common: &Common,
        fail_on: Option<FailOn>,
        snapshots: &[PathBuf],
    ) -> Result<Self, Error> {
        let named = common
            .config
            .clone()
            .map_or_else(|| variable("CONFIG"), |path| Ok(Some(path)))?;
        let path = named.or_else(|| config::find(snapshots.first().map(PathBuf::as_path)));
        let file = path
            .as_deref()
            .map(Config::load)
            .transpose()?
            .unwrap_or_default();
        let colour = global
            .color
            .map_or_else(|| variable("COLOR"), |colour| Ok(Some(colour)))?;
        set_colour(colour.or(file.color));
        let outputs = if common.output.is_empty() {
            outputs_of_environment()?.or(file.output)
        } else {
            Some(common.output.clone())
        };
        let outputs = outputs.unwrap_or_else(|| {
            vec![Output {
                format: Format::Text,
                path: None,
            }]
        });
        output::check(&outputs)?;
        let fail_on = fail_on.map_or_else(|| variable("FAIL_ON"), |fail_on| Ok(Some(fail_on)))?;
        Ok(Self {
            outputs,
            fail_on: fail_on.or(file.fail_on).unwrap_or(FailOn::Never),
            exit_zero: common.exit_zero,
            loudness: loudness(global),
            jewels: file.jewels,
            tiers: file.tiers,
            environments: file.environments,
            listeners: file.listeners,
            weights: file.weights,
            keep: file.keep,
            offices: path
                .as_deref()
                .map_or_else(Vec::new, |path| offices(&file.offices, path)),
            cache: if common.no_cache {
                None
            } else {
                kept::cache()?
            },
        })
    }
}

impl Settings {
    /// Says that something of the configuration does not count here.
    pub(crate) fn tell_left_out(&self, what: &str, extent: Extent, details: &str) {
        talk::left_out(what, extent, details, self.loudness);
    }

    /// Shows what the run does from now on, unless it is to be quiet.
    pub(crate) fn show(&self, stage: Stage) {
        if self.loudness != Loudness::Quiet {
            progress::show(stage);
        }
    }
}

impl Session {
    /// Reads the network, and says what is wrong with its files. For an answer of which there is no picture.
    pub(crate) fn open(
        global: &Global,
        common: &Common,
        fail_on: Option<FailOn>,
        snapshots: &[PathBuf],
    ) -> Result<Self, Error> {
        let settings = Settings::new(global, common, fail_on, snapshots)?;
        output::refuse_pictures(&settings.outputs, &[])?;
        Self::read(settings, snapshots)
    }

    /// The same for an answer that can be drawn in some forms.
    pub(crate) fn open_to_draw(
        global: &Global,
        common: &Common,
        snapshots: &[PathBuf],
        forms: &[Drawing],
    ) -> Result<Self, Error> {
        let settings = Settings::new(global, common, None, snapshots)?;
        output::refuse_pictures(&settings.outputs, forms)?;
        Self::read(settings, snapshots)
    }

    fn read(settings: Settings, snapshots: &[PathBuf]) -> Result<Self, Error> {
        let Loaded {
            snapshot,
            diagnostics,
            files,
        } = load(&settings, snapshots).map_err(cannot_read)?;
        talk::input(&diagnostics, &files, settings.loudness);
        Ok(Self {
            settings,
            snapshot,
            is_damaged: diagnostics
                .iter()
                .any(|diagnostic| diagnostic.severity == Severity::Error),
        })
    }

    /// An engine for the network, and its work shown to those who wait.
    pub(crate) fn engine(&self) -> Engine<'_> {
        let steps = Arc::new(Steps::default());
        self.settings.show(Stage::Answering(steps.clone()));
        Engine::new(&self.snapshot).counting(steps)
    }

    /// Writes the answer everywhere, and tells how the run ends.
    pub(crate) fn finish(&self, answer: &dyn Answer, certainty: Certainty) -> Result<Exit, Error> {
        output::write(&self.settings.outputs, answer)?;
        Ok(self.conclude(certainty, Exit::Clean))
    }

    /// How a run ends whose answer is written: findings count before gaps of the input, for they stay whatever is found
    /// there.
    pub(crate) fn conclude(&self, certainty: Certainty, otherwise: Exit) -> Exit {
        let is_open = certainty == Certainty::Open || self.is_damaged;
        let exit = match otherwise {
            Exit::Clean if is_open => Exit::Incomplete,
            other => other,
        };
        exit.or_zero(self.settings.exit_zero)
    }
}

/// Whether an answer rests on nothing that is missing or not modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    Certain,
    Open,
}

impl Certainty {
    /// Open if something is.
    pub(crate) const fn open_if(is_open: bool) -> Self {
        if is_open { Self::Open } else { Self::Certain }
    }
}

fn load(settings: &Settings, snapshots: &[PathBuf]) -> Result<Loaded, ingest::Error> {
    let offices = settings.offices.clone();
    let steps = Arc::new(Steps::default());
    settings.show(Stage::Reading(steps.clone()));
    let Some(cache) = &settings.cache else {
        return ingest::load_counting(snapshots, offices, &steps);
    };
    interrupt::keeps(cache);
    let Cached {
        loaded, problem, ..
    } = cache.load_counting(snapshots, offices, &steps)?;
    if let Some(problem) = problem {
        talk::cache(&problem, settings.loudness);
    }
    Ok(loaded)
}

fn cannot_read(error: ingest::Error) -> Error {
    let made = |exit| Error::new(exit, "cannot read the snapshot");
    match error.kind() {
        ErrorKind::Input if matches!(error, ingest::Error::NoSuchPath { .. }) => made(Exit::Usage).because(error),
        ErrorKind::Input => made(Exit::Usage).because(error).with_help(
            "give a folder or file of saved answers, such as `aws ec2 describe-instances > FOLDER/describe-instances.json` \
             writes",
        ),
        // The machine, or a kind that a later version of the reader knows.
        _ => made(Exit::Failure).because(error),
    }
}

pub(crate) const fn loudness(global: &Global) -> Loudness {
    match (global.quiet, global.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Normal,
    }
}

/// A setting of the environment, `WATERTIGHT_…`. Empty counts as not set.
pub(crate) fn variable<T: std::str::FromStr>(name: &str) -> Result<Option<T>, Error>
where
    T::Err: ToString,
{
    let name = format!("WATERTIGHT_{name}");
    let Some(value) = std::env::var_os(&name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let wrong =
        |why: String| Error::usage(format!("cannot use the environment variable {name}: {why}"));
    let value = value
        .into_string()
        .map_err(|_| wrong("it is not UTF-8".to_owned()))?;
    value
        .parse()
        .map(Some)
        .map_err(|error: T::Err| wrong(error.to_string()))
}

fn outputs_of_environment() -> Result<Option<Vec<Output>>, Error> {
    /// Several outputs, separated by commas.
    struct List(Vec<Output>);
    impl std::str::FromStr for List {
        type Err = String;
        fn from_str(text: &str) -> Result<Self, String> {
            text.split(',')
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map(Self)
        }
    }
    Ok(variable::<List>("OUTPUT")?.map(|list| list.0))
}

/// Applies a choice of colours to everything that is printed from now on.
pub(crate) fn set_colour(colour: Option<Colour>) {
    let choice = match colour {
        Some(Colour::Always) => anstream::ColorChoice::Always,
        Some(Colour::Never) => anstream::ColorChoice::Never,
        Some(Colour::Auto) | None => return,
    };
    choice.write_global();
}

fn offices(offices: &[Office], path: &Path) -> Vec<OfficeNetwork> {
    let file: Arc<str> = path.to_string_lossy().as_ref().into();
    let declared = offices.iter().enumerate().map(|(number, office)| {
        let origin = Origin::new(Arc::clone(&file), format!("/office/{number}"));
        OfficeNetwork::declared(&office.name, office.cidrs.clone(), origin)
    });
    declared.collect()
}
