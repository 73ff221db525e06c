//! Where answers go.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use report::picture::{Picture, TierPicture};
use report::{Palette, View};
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::{interrupt, progress};

/// The columns of text that goes to no terminal.
const DEFAULT_WIDTH: usize = 100;
/// The most columns that text fills on a wide terminal: longer lines are hard to read.
const MAX_WIDTH: usize = 140;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// A picture, of the commands that draw one.
    Picture(Drawing),
}

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drawing {
    /// For Graphviz.
    Dot,
    /// For pages written in Markdown.
    Mermaid,
    /// For everybody: a picture as it is.
    Svg,
    /// For `BloodHound`.
    OpenGraph,
}

impl Drawing {
    /// Every form.
    pub(crate) const ALL: &[Self] = &[Self::Dot, Self::Mermaid, Self::Svg, Self::OpenGraph];
    /// Those of tiers, of which `BloodHound` knows nothing.
    pub(crate) const OF_TIERS: &[Self] = &[Self::Dot, Self::Mermaid, Self::Svg];

    /// Draws tiers; `None` in a form that has no picture of them.
    pub(crate) fn draw_tiers(self, picture: &TierPicture) -> Option<String> {
        match self {
            Self::Dot => Some(picture.dot()),
            Self::Mermaid => Some(picture.mermaid()),
            Self::Svg => Some(picture.svg()),
            Self::OpenGraph => None,
        }
    }

    /// Draws ways of an intruder.
    pub(crate) fn draw(self, picture: &Picture) -> String {
        match self {
            Self::Dot => picture.dot(),
            Self::Mermaid => picture.mermaid(),
            Self::Svg => picture.svg(),
            Self::OpenGraph => picture.open_graph(),
        }
    }
}

/// `FORMAT[=PATH]`: a form, and where it goes; without a path to stdout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The form.
    pub format: Format,
    /// The file; `None` for stdout.
    pub path: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = match text.split_once('=') {
            Some((_, "" | "-")) | None => (text.split('=').next().unwrap_or_default(), None),
            Some((format, path)) => (format, Some(PathBuf::from(path))),
        };
        let format = match format {
            "text" => Format::Text,
            "json" => Format::Json,
            "csv" => Format::Csv,
            "dot" => Format::Picture(Drawing::Dot),
            "mermaid" => Format::Picture(Drawing::Mermaid),
            "svg" => Format::Picture(Drawing::Svg),
            "opengraph" => Format::Picture(Drawing::OpenGraph),
            other => {
                return Err(format!(
                    "`{other}` is not a format: write text, json or csv (docs/pictures.md has those of pictures)"
                ));
            }
        };
        Ok(Self { format, path })
    }
}

/// An answer in every form.
pub trait Answer {
    /// Writes it in one form.
    ///
    /// # Errors
    ///
    /// If the destination fails.
    fn write(&self, format: Format, style: Style, to: &mut dyn Write) -> io::Result<()>;
}

/// How text for people looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// How many columns a line may fill.
    pub width: usize,
    /// Its colours.
    pub palette: Palette,
}

impl<V: View> Answer for V {
    fn write(&self, format: Format, style: Style, to: &mut dyn Write) -> io::Result<()> {
        let text = match format {
            Format::Text => self.text(style.width, &style.palette),
            Format::Json => self.json(),
            Format::Csv => self.csv(),
            Format::Picture(_) => return Err(no_picture()),
        };
        to.write_all(text.as_bytes())
    }
}

/// An answer of which there is also a picture.
pub(crate) struct Drawn<'v, V> {
    /// The answer.
    pub(crate) view: &'v V,
    /// Draws it; `None` in a form that has no picture of it.
    pub(crate) draw: &'v dyn Fn(Drawing) -> Option<String>,
}

impl<V: View> Answer for Drawn<'_, V> {
    fn write(&self, format: Format, style: Style, to: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Picture(drawing) => {
                let drawn = (self.draw)(drawing).ok_or_else(no_picture)?;
                to.write_all(drawn.as_bytes())
            }
            Format::Text | Format::Json | Format::Csv => self.view.write(format, style, to),
        }
    }
}

/// Why an answer cannot be drawn; [`refuse_pictures`] says it before any is made.
pub(crate) fn no_picture() -> io::Error {
    io::Error::new(
        io::ErrorKind::Unsupported,
        "there is no picture of this answer",
    )
}

/// Checks that no picture is wanted of an answer but in forms that it is drawn in.
///
/// # Errors
///
/// If one is.
pub(crate) fn refuse_pictures(outputs: &[Output], drawn: &[Drawing]) -> Result<(), Error> {
    let picture =
        |output: &&Output| matches!(output.format, Format::Picture(form) if !drawn.contains(&form));
    match outputs.iter().find(picture) {
        None => Ok(()),
        Some(output) => {
            let error = format!("there is no picture of this answer as {}", output.format);
            let help = "`blast`, `paths` with `--from`, and `tiers` draw pictures: docs/pictures.md says in which forms";
            Err(Error::usage(error).with_help(help))
        }
    }
}

/// Checks where answers are to go, before any is made.
///
/// # Errors
///
/// If two answers would go to one place.
pub fn check(outputs: &[Output]) -> Result<(), Error> {
    for (number, output) in outputs.iter().enumerate() {
        let is_same = |other: &&Output| other.path == output.path;
        if outputs.iter().skip(number + 1).any(|other| is_same(&other)) {
            let place = output.path.as_ref().map_or_else(
                || "stdout".to_owned(),
                |path| format!("`{}`", path.display()),
            );
            let error = Error::usage(format!("two answers go to {place}"));
            return Err(error
                .with_help("give each a place of its own, as in `-o text -o json=answer.json`"));
        }
    }
    Ok(())
}

/// Writes an answer everywhere: all files first, each whole or not at all, then stdout.
///
/// A reader of stdout that goes away early is no error.
///
/// # Errors
///
/// If a file cannot be written; then none of them appears.
pub fn write(outputs: &[Output], answer: &dyn Answer) -> Result<(), Error> {
    let (mut files, mut devices) = (Vec::new(), Vec::new());
    for output in outputs {
        match &output.path {
            Some(path) if is_device(path) => devices.push((path, output.format)),
            Some(path) => files.push((path, prepare(path, output.format, answer)?)),
            None => {}
        }
    }
    for (path, file) in files {
        file.persist(path)
            .map_err(|error| cannot_write(path).because(error.error))?;
    }
    for (path, format) in devices {
        let device = File::options().write(true).open(path);
        let written = device.and_then(|device| fill(device, format, answer));
        written.map_err(|error| cannot_write(path).because(error))?;
    }
    for output in outputs.iter().filter(|output| output.path.is_none()) {
        to_stdout(output.format, |to, style| {
            answer.write(output.format, style, to)
        })?;
    }
    Ok(())
}

/// Writes to stdout. Colours are taken off text where they are not wanted; data passes as it is.
pub(crate) fn to_stdout(
    format: Format,
    write: impl FnOnce(&mut dyn Write, Style) -> io::Result<()>,
) -> Result<(), Error> {
    progress::end();
    let width = terminal_size::terminal_size_of(io::stdout());
    let width = width.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
    let style = Style {
        width: width.min(MAX_WIDTH),
        palette: Palette::coloured(),
    };
    let stdout: Box<dyn Write> = match format {
        Format::Text => Box::new(anstream::stdout().lock()),
        Format::Json | Format::Csv | Format::Picture(_) => Box::new(io::stdout().lock()),
    };
    let mut stdout = BufWriter::new(stdout);
    let written = write(&mut stdout, style).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::failure("cannot write to stdout").because(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn prepare(path: &Path, format: Format, answer: &dyn Answer) -> Result<NamedTempFile, Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let file = new_file(folder.unwrap_or(Path::new(".")));
    let mut file = file.map_err(|error| cannot_write(path).because(error))?;
    let written = fill(file.as_file_mut(), format, answer);
    written.map_err(|error| cannot_write(path).because(error))?;
    Ok(file)
}

/// Writes an answer to a file.
fn fill(file: impl Write, format: Format, answer: &dyn Answer) -> io::Result<()> {
    let style = Style {
        width: DEFAULT_WIDTH,
        palette: Palette::plain(),
    };
    let mut buffer = BufWriter::new(file);
    answer.write(format, style, &mut buffer)?;
    buffer.flush()
}

/// Whether something stands at a path that no file may take the place of: a device, or a pipe.
fn is_device(path: &Path) -> bool {
    let known = std::fs::metadata(path);
    known.is_ok_and(|known| !known.is_file() && !known.is_dir())
}

/// A file without a name yet, that others may read as far as the user's mask lets them.
pub(crate) fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".watertight-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    interrupt::begin(|| builder.tempfile_in(folder))
}

pub(crate) fn cannot_write(path: &Path) -> Error {
    Error::failure(format!("cannot write `{}`", path.display()))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Picture(Drawing::Dot) => "dot",
            Self::Picture(Drawing::Mermaid) => "mermaid",
            Self::Picture(Drawing::Svg) => "svg",
            Self::Picture(Drawing::OpenGraph) => "opengraph",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_parse(text: &str, expected: Result<(Format, Option<&str>), &str>) {
        let read = text.parse::<Output>();
        let read = read
            .as_ref()
            .map(|output| (output.format, output.path.as_deref().and_then(Path::to_str)));
        assert_eq!(read.map_err(String::as_str), expected);
    }

    #[test]
    fn an_output_is_a_format_and_perhaps_a_path() {
        check_parse("json", Ok((Format::Json, None)));
        check_parse("csv=a=b.csv", Ok((Format::Csv, Some("a=b.csv"))));
        check_parse("text=-", Ok((Format::Text, None)));
        let dot = Format::Picture(Drawing::Dot);
        check_parse("dot=way.dot", Ok((dot, Some("way.dot"))));
        check_parse(
            "yaml=x",
            Err(
                "`yaml` is not a format: write text, json or csv (docs/pictures.md has those of pictures)",
            ),
        );
    }
}
