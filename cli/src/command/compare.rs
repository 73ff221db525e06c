//! What two networks differ in, for all commands that compare some.

use analysis::{Difference, State};
use model::Snapshot;

use crate::error::Error;
use crate::exit::Exit;
use crate::session::{Certainty, Session};

/// Writes what two networks differ in.
pub(super) fn tell(
    session: &Session,
    (before, after): (&Snapshot, &Snapshot),
    difference: &Difference,
) -> Result<Exit, Error> {
    let mut moves = difference.changes.iter().flat_map(|changed| &changed.moves);
    let is_open = moves.any(|one| [one.before, one.after].contains(&State::Undetermined));
    let view = report::difference::view(difference, before, after);
    session.finish(&view, Certainty::open_if(is_open))
}
