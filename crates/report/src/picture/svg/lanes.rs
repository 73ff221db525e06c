//! Lanes: places below each other, nested, with cards at the columns of their hops.

use std::collections::BTreeMap;

use super::super::Picture;
use super::super::group::{Group, apart, groups};
use super::super::place::Place;
use super::card::{Card, Spot};
use super::sheet::{Sheet, clipped};
use super::{INDENT, MARGIN, column};

/// Draws all lanes from `top` on. Where the card of each node lies, and where the lanes end.
pub(super) fn lanes(
    picture: &Picture,
    cards: &[Card],
    sheet: &mut Sheet,
    top: usize,
) -> (Vec<Option<Spot>>, usize) {
    let mut lanes = Lanes {
        picture,
        cards,
        spots: vec![None; picture.nodes.len()],
        sheet,
    };
    let mut y = top;
    let outside = apart(&picture.nodes, &Place::Outside);
    if !outside.is_empty() {
        y = lanes.stack(&outside, y) + PADDING;
    }
    for account in groups(&picture.nodes) {
        y = lanes.lane(&account, 0, y) + PADDING;
    }
    let further = apart(&picture.nodes, &Place::Further);
    if !further.is_empty() {
        y = lanes.stack(&further, y) + PADDING;
    }
    (lanes.spots, y)
}

struct Lanes<'l> {
    picture: &'l Picture,
    cards: &'l [Card],
    spots: Vec<Option<Spot>>,
    sheet: &'l mut Sheet,
}

impl Lanes<'_> {
    /// Draws a lane with all that is in it; where it ends.
    fn lane(&mut self, group: &Group<'_>, depth: usize, top: usize) -> usize {
        let bottom = top + self.height(group);
        let x = MARGIN + depth * INDENT;
        let width = self.sheet.width - 2 * x;
        let class = match depth {
            0 => "account",
            1 => "vpc",
            _ => "subnet",
        };
        self.sheet.frame(class, (x, top), (width, bottom - top));
        let label = clipped(group.label, width / 7, 1).concat();
        self.sheet.label(x + 10, top + 16, &label);
        let mut y = top + HEADER;
        for inner in &group.groups {
            y = self.lane(inner, depth + 1, y) + PADDING;
        }
        self.stack(&group.nodes, y);
        bottom
    }

    /// How high a lane is.
    fn height(&self, group: &Group<'_>) -> usize {
        let inner = group
            .groups
            .iter()
            .map(|inner| self.height(inner) + PADDING);
        let inner: usize = inner.sum();
        let own = if group.nodes.is_empty() {
            0
        } else {
            self.stacks(&group.nodes) + PADDING
        };
        HEADER + inner + own
    }

    /// How high the highest column of some cards is, with the room above it.
    fn stacks(&self, nodes: &[usize]) -> usize {
        let mut heights: BTreeMap<usize, usize> = BTreeMap::new();
        for number in nodes {
            if let (Some(node), Some(card)) =
                (self.picture.nodes.get(*number), self.cards.get(*number))
            {
                *heights.entry(node.hop).or_default() += card.height() + PADDING;
            }
        }
        CHANNEL
            + heights
                .into_values()
                .max()
                .unwrap_or(0)
                .saturating_sub(PADDING)
    }

    /// Gives cards their places, each in the column of its hop; where the highest column ends.
    fn stack(&mut self, nodes: &[usize], top: usize) -> usize {
        let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
        for number in nodes {
            let (Some(node), Some(card)) =
                (self.picture.nodes.get(*number), self.cards.get(*number))
            else {
                continue;
            };
            let y = ends.entry(node.hop).or_insert(top + CHANNEL);
            if let Some(spot) = self.spots.get_mut(*number) {
                *spot = Some(Spot {
                    number: *number,
                    hop: node.hop,
                    x: column(node.hop),
                    y: *y,
                    height: card.height(),
                    channel: top,
                });
            }
            *y += card.height() + PADDING;
        }
        top + self.stacks(nodes)
    }
}

const HEADER: usize = 22;
const PADDING: usize = 10;
/// Room above cards for lines that pass by.
const CHANNEL: usize = 14;
