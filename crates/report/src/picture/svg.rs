//! Pictures as SVG, drawn without any other program.
//!
//! Columns are hops, lanes are places: an account holds VPCs, a VPC subnets, and each class stands in the lane of its
//! subnets at the column of its hop. So nothing ever overlaps, and the same answer gives the same bytes. The highlighted
//! way stands once more below, as a ladder with the rule that decides each hop.

mod card;
mod ladder;
mod lanes;
mod route;
mod sheet;
mod tiers;

use super::Picture;
use card::cards;
use lanes::lanes;
use sheet::Sheet;

/// The widths that all parts keep to, in pixels.
const MARGIN: usize = 24;
const CARD_WIDTH: usize = 216;
const GAP: usize = 64;
/// Lanes are nested three deep.
const INDENT: usize = 8;

impl Picture {
    /// As an SVG document: no scripts, nothing from elsewhere, readable in light and in dark.
    pub fn svg(&self) -> String {
        let picture = self.capped();
        let last_hop = picture.nodes.iter().map(|node| node.hop).max().unwrap_or(0);
        let n_columns = last_hop + 1;
        let columns = n_columns * CARD_WIDTH + last_hop * GAP;
        let width = (columns + 2 * (MARGIN + 4 * INDENT)).max(MIN_WIDTH);
        let mut sheet = Sheet::new(width);
        let top = heading(&picture, &mut sheet, n_columns);
        let cards = cards(&picture);
        let (placed, bottom) = lanes(&picture, &cards, &mut sheet, top);
        for is_highlighted in [false, true] {
            for (number, edge) in picture.edges.iter().enumerate() {
                if picture.highlight.contains(&number) == is_highlighted {
                    route::draw(edge, number, is_highlighted, &placed, &mut sheet);
                }
            }
        }
        sheet.lay_labels();
        for spot in placed.iter().flatten() {
            spot.draw(&cards, &picture, &mut sheet);
        }
        let meanings = ["certain", "not certain", "the way told below"];
        let bottom = explain_lines(&mut sheet, bottom, meanings);
        let bottom = ladder::draw(&picture, &mut sheet, bottom);
        sheet.finish(&picture.title, &picture.notes.join(" "), bottom)
    }
}

const MIN_WIDTH: usize = 760;

/// The left edge of a column.
const fn column(hop: usize) -> usize {
    MARGIN + 4 * INDENT + hop * (CARD_WIDTH + GAP)
}

/// The answer, the notes, and the heads of the columns; where the lanes begin.
fn heading(picture: &Picture, sheet: &mut Sheet, n_columns: usize) -> usize {
    let y = write_heading(&picture.title, &picture.notes, sheet);
    for hop in 0..n_columns {
        let head = match hop {
            0 => "Foothold".to_owned(),
            hop => format!("Hop {hop}"),
        };
        sheet.text(column(hop), y, "head", &head);
    }
    y + 10
}

/// The answer and the notes; what comes below them.
fn write_heading(title: &str, notes: &[String], sheet: &mut Sheet) -> usize {
    let mut y = 36;
    for line in sheet.wrapped(title, 9) {
        sheet.text(MARGIN, y, "title", &line);
        y += 22;
    }
    for note in notes {
        for line in sheet.wrapped(note, 6) {
            sheet.text(MARGIN, y, "quiet", &line);
            y += 16;
        }
    }
    y + 12
}

/// What a plain, a dashed and a heavy line mean.
fn explain_lines(sheet: &mut Sheet, top: usize, meanings: [&str; 3]) -> usize {
    let y = top + 18;
    let classes = ["edge", "edge open", "edge way"];
    for (number, (class, meaning)) in classes.into_iter().zip(meanings).enumerate() {
        let x = MARGIN + number * 160;
        sheet.path(class, &format!("M{x} {y}h36"), "");
        sheet.text(x + 44, y + 4, "quiet", meaning);
    }
    y + 12
}
