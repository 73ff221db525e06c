//! `watertight completions`: completions for a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::error::Error;
use crate::exit::Exit;
use crate::output;

/// Print completions for a shell
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  watertight completions bash > ~/.local/share/bash-completion/completions/watertight
  watertight completions zsh > ~/.zfunc/_watertight
  watertight completions fish > ~/.config/fish/completions/watertight.fish";

impl Completions {
    pub(crate) fn run(&self) -> Result<Exit, Error> {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "watertight",
            &mut script,
        );
        output::to_stdout(output::Format::Csv, |to, _| to.write_all(&script))?;
        Ok(Exit::Clean)
    }
}
