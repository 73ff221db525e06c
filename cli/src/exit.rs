//! How a run ends. `docs/exit-codes.md` is the reference page.

/// How a run ends, as its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// The question is answered, and nothing asked for was found.
    Clean = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// The command line, the configuration or what they name is wrong: nothing was answered.
    Usage = 2,
    /// The answer rests on input that is missing or not modelled.
    Incomplete = 3,
    /// Something failed that is not the user's doing.
    Failure = 4,
}

impl Exit {
    /// The exit code.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What `--exit-zero` makes of it: answers end with 0, failures do not.
    #[must_use]
    pub const fn or_zero(self, exit_zero: bool) -> Self {
        match self {
            Self::Findings | Self::Incomplete if exit_zero => Self::Clean,
            Self::Clean | Self::Findings | Self::Usage | Self::Incomplete | Self::Failure => self,
        }
    }
}
