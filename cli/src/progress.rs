//! How far a long run is: one line on the terminal of people who wait, gone when there is something to read.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use model::Steps;

/// A run that ends sooner says nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is drawn.
const PAUSE: Duration = Duration::from_millis(100);
/// To the start of the line, and nothing on it.
const ERASE: &str = "\r\x1b[K";

/// What is shown; `None` while nothing is.
static LINE: Mutex<Option<Line>> = Mutex::new(None);

struct Line {
    since: Instant,
    stage: Stage,
    is_drawn: bool,
}

/// What a run does.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// It reads files, each of which is a step, and puts a network together.
    Reading(Arc<Steps>),
    /// It finds the answers for all pairs, each site a step, and looks at them.
    Answering(Arc<Steps>),
    /// It compares two networks.
    Comparing,
}

/// Shows what a run does from now on, if stderr is a terminal.
pub(crate) fn show(stage: Stage) {
    if !io::stderr().is_terminal() {
        return;
    }
    let mut shown = line();
    if let Some(line) = shown.as_mut() {
        line.stage = stage;
        return;
    }
    *shown = Some(Line {
        since: Instant::now(),
        stage,
        is_drawn: false,
    });
    drop(shown);
    thread::spawn(|| {
        while line().as_mut().map(Line::draw).is_some() {
            thread::sleep(PAUSE);
        }
    });
}

/// Takes the line away, for something else to be said. It comes back.
pub(crate) fn make_way() {
    if let Some(line) = line().as_mut() {
        line.erase();
    }
}

/// Takes the line away for good.
pub(crate) fn end() {
    if let Some(mut line) = line().take() {
        line.erase();
    }
}

fn line() -> MutexGuard<'static, Option<Line>> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    fn draw(&mut self) {
        let spent = self.since.elapsed();
        if spent < PATIENCE {
            return;
        }
        let text = format!("{} ({} s)", self.stage.text(), spent.as_secs());
        let width = terminal_size::terminal_size_of(io::stderr());
        let width = width.map_or(usize::MAX, |(width, _)| usize::from(width.0));
        // A line that wraps could not be erased.
        let text: String = text.chars().take(width.saturating_sub(1)).collect();
        put(&format!("{ERASE}{text}"));
        self.is_drawn = true;
    }

    fn erase(&mut self) {
        if self.is_drawn {
            put(ERASE);
            self.is_drawn = false;
        }
    }
}

impl Stage {
    fn text(&self) -> String {
        match self {
            Self::Reading(steps) => {
                let within = |done, all| format!("reading file {done} of {all}");
                said(
                    steps,
                    "looking for files",
                    within,
                    "putting the network together",
                )
            }
            Self::Answering(steps) => {
                let within = |done, all| format!("following packets to site {done} of {all}");
                said(steps, "preparing", within, "looking at the answers")
            }
            Self::Comparing => "comparing".to_owned(),
        }
    }
}

fn said(
    steps: &Steps,
    before: &str,
    within: impl FnOnce(usize, usize) -> String,
    after: &str,
) -> String {
    match (steps.done(), steps.all()) {
        (_, 0) => before.to_owned(),
        (done, all) if done < all => within(done + 1, all),
        _ => after.to_owned(),
    }
}

/// Writes to stderr. That nobody listens is no error.
fn put(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_says_how_far_it_is() {
        let steps = Arc::new(Steps::default());
        let reading = Stage::Reading(steps.clone());
        assert_eq!(reading.text(), "looking for files");
        steps.expect(2);
        assert_eq!(reading.text(), "reading file 1 of 2");
        steps.step();
        assert_eq!(reading.text(), "reading file 2 of 2");
        steps.step();
        assert_eq!(reading.text(), "putting the network together");
    }
}
