//! Two networks compared, for all commands that do.

use analysis::State;
use model::Snapshot;

use crate::error::Error;
use crate::exit::Exit;
use crate::progress::Stage;
use crate::session::{Certainty, Session};

/// Writes what two networks differ in.
pub(super) fn run(session: &Session, before: &Snapshot, after: &Snapshot) -> Result<Exit, Error> {
    session.settings.show(Stage::Comparing);
    let difference = analysis::difference(before, after);
    let mut moves = difference.changes.iter().flat_map(|changed| &changed.moves);
    let is_open = moves.any(|one| [one.before, one.after].contains(&State::Undetermined));
    let view = report::difference::view(&difference, before, after);
    session.finish(&view, Certainty::open_if(is_open))
}
