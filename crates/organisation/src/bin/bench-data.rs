//! Writes an organisation: `bench-data --profile P --interfaces N --seed S --out DIR [--layout L]`.
#![expect(clippy::print_stdout, reason = "what was written is the output")]

use std::path::PathBuf;
use std::process::ExitCode;

use organisation::{Layout, Organisation, Profile};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result {
    let mut organisation = Organisation {
        profile: Profile::Tidy,
        layout: Layout::Aws,
        interfaces: 1_000,
        seed: 1,
    };
    let mut folder = None;
    let mut words = arguments.iter();
    while let Some(option) = words.next() {
        let value = words.next().ok_or("every option needs a value")?;
        match option.as_str() {
            "--profile" => organisation.profile = Profile::named(value).ok_or("no such profile")?,
            "--layout" => organisation.layout = Layout::named(value).ok_or("no such layout")?,
            "--interfaces" => organisation.interfaces = value.parse()?,
            "--seed" => organisation.seed = value.parse()?,
            "--out" => folder = Some(PathBuf::from(value)),
            other => return Err(format!("no option `{other}`").into()),
        }
    }
    let written = organisation.write(&folder.ok_or("`--out DIR` is missing")?)?;
    println!("{written:?}");
    Ok(())
}
