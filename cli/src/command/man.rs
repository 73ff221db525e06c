//! `watertight man`: manual pages.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};

use crate::arguments::Arguments;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{self, cannot_write, new_file};

/// Print the manual page, or write the pages of all commands to a folder
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct Man {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  watertight man | man -l -
  watertight man ~/.local/share/man/man1";

impl Man {
    pub(crate) fn run(&self) -> Result<Exit, Error> {
        let mut command = Arguments::command();
        command.build();
        let Some(folder) = &self.folder else {
            let page = page(&command)
                .map_err(|error| Error::failure("cannot make the manual page").because(error))?;
            output::to_stdout(output::Format::Csv, |to, _| to.write_all(&page))?;
            return Ok(Exit::Clean);
        };
        std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder).because(error))?;
        write_page(folder, "watertight", &command)?;
        for inner in command.get_subcommands() {
            let name = format!("watertight-{}", inner.get_name());
            write_page(folder, &name, &inner.clone().name(name.clone()))?;
        }
        Ok(Exit::Clean)
    }
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

fn write_page(folder: &Path, name: &str, command: &Command) -> Result<(), Error> {
    let path = folder.join(format!("{name}.1"));
    let failed = |error: io::Error| cannot_write(&path).because(error);
    let page = page(command).map_err(failed)?;
    let mut file = new_file(folder).map_err(failed)?;
    file.write_all(&page).map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(())
}
