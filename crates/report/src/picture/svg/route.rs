//! Lines from card to card. They run between columns, and past cards in the room above them.

use super::super::Edge;
use super::card::Spot;
use super::sheet::Sheet;
use super::{CARD_WIDTH, GAP};

/// Draws an edge.
pub(super) fn draw(
    edge: &Edge,
    number: usize,
    is_highlighted: bool,
    placed: &[Option<Spot>],
    sheet: &mut Sheet,
) {
    let spot = |number: usize| placed.get(number).copied().flatten();
    let (Some(from), Some(to)) = (spot(edge.from), spot(edge.to)) else {
        return;
    };
    let open = if edge.is_certain { "" } else { " open" };
    let way = if is_highlighted { " way" } else { "" };
    let path = if from.hop + 1 == to.hop {
        curve(from, to)
    } else {
        detour(from, to, number)
    };
    sheet.path(&format!("edge{open}{way}"), &path, &edge.in_words());
}

/// A line to the next column.
fn curve(from: Spot, to: Spot) -> String {
    let (x, y) = (from.x + CARD_WIDTH, from.middle());
    let (end, target) = (to.x, to.middle());
    let half = x + GAP / 2;
    format!("M{x} {y}C{half} {y} {half} {target} {end} {target}")
}

/// A line to any other column, above the cards that stand where its target does.
fn detour(from: Spot, to: Spot, number: usize) -> String {
    let shift = number % N_TRACKS * 4;
    let (x, y) = (from.x + CARD_WIDTH, from.middle());
    let leave = x + 12 + shift;
    let arrive = to.x - 16 - shift;
    let pass = to.channel + 1 + number % N_TRACKS * 3;
    let target = to.middle();
    format!("M{x} {y}H{leave}V{pass}H{arrive}V{target}H{}", to.x)
}

/// Lines side by side before some run in one track.
const N_TRACKS: usize = 4;
