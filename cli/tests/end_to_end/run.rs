//! Running the built binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a run said, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// The top of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The binary, to be run at the top of the workspace without any setting of the environment
/// but a cache apart from that of the user.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watertight"));
    command.current_dir(root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("WATERTIGHT_") || name == "NO_COLOR" || name.starts_with("CLICOLOR") {
            command.env_remove(name);
        }
    }
    command.env("WATERTIGHT_CACHE_DIR", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs it with arguments separated by blanks; a quoted part is one argument.
pub(crate) fn run(arguments: &str) -> Run {
    run_in(&root(), arguments)
}

/// The same in a folder.
pub(crate) fn run_in(folder: &Path, arguments: &str) -> Run {
    finish(command().current_dir(folder).args(split(arguments)))
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the binary runs");
    Run {
        stdout: String::from_utf8(stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(stderr).expect("stderr is UTF-8"),
        code: status.code().expect("no signal ends the run"),
    }
}

/// Cuts a command line at blanks outside single quotes.
pub(crate) fn split(arguments: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for character in arguments.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => parts.push(String::new()),
            _ => parts.last_mut().expect("there is a part").push(character),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A new folder with these files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("files have a folder"))
            .expect("a folder can be made");
        std::fs::write(path, bytes).expect("a file can be written");
    }
    folder
}
