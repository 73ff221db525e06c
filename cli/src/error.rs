//! What went wrong, and what to do now.

use std::error::Error as StdError;
use std::fmt;

use crate::exit::Exit;
use crate::selector::SelectorError;

/// Why a run ends without an answer.
#[derive(Debug)]
pub struct Error {
    exit: Exit,
    /// What was being done, to which object.
    message: String,
    /// Lines that show the place.
    details: Option<String>,
    /// What to do now.
    help: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// The command line or the configuration is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Something failed that is not the user's doing.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(Exit::Failure, message)
    }

    /// An error that ends with the given code.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            details: None,
            help: None,
            source: None,
        }
    }

    /// A selector that was given as `option`.
    pub fn selector(option: &str, error: &SelectorError) -> Self {
        Self::usage(format!("the selector of `{option}` names no endpoints"))
            .with_details(error.explain())
    }

    /// Adds what lies beneath.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds lines that show the place.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into());
        self
    }

    /// Adds what to do now.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How the run ends.
    pub const fn exit(&self) -> Exit {
        self.exit
    }

    /// The whole chain, with details and help, as several lines without a line end behind.
    pub fn report(&self) -> String {
        let mut text = self.message.clone();
        let mut source = self.source();
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        let details = self.details.iter().flat_map(|details| details.lines());
        for line in details {
            text.push_str("\n  ");
            text.push_str(line);
        }
        if let Some(help) = &self.help {
            text.push_str("\n  help: ");
            text.push_str(help);
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|source| &**source as &(dyn StdError + 'static))
    }
}
