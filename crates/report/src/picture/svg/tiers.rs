//! Tiers as SVG: side by side, each with a line that hangs down from it, and flows below each other as arrows from line
//! to line. So nothing ever overlaps, however many ways lead back and forth.

use super::super::of_tiers::{Flow, Need, TierBox, TierPicture};
use super::sheet::{Sheet, clipped};
use super::{MARGIN, explain_lines, write_heading};

impl TierPicture {
    /// As an SVG document: no scripts, nothing from elsewhere, readable in light and in dark.
    pub fn svg(&self) -> String {
        let width = 2 * MARGIN + self.tiers.len() * COLUMN + GUTTER;
        let mut sheet = Sheet::new(width.max(super::MIN_WIDTH));
        let top = write_heading(&self.title, &self.notes, &mut sheet);
        let rows = rows(&self.flows);
        let top = self.draw_tiers(&mut sheet, top, bottom_of(&rows));
        let mut y = top;
        for need in Need::ALL {
            let mut of_need = rows.iter().filter(|row| row.need == need).peekable();
            if of_need.peek().is_none() {
                continue;
            }
            sheet.text(MARGIN, y + HEADING - 10, "head halo", need.heading());
            y += HEADING;
            for row in of_need {
                self.draw_row(row, y, &mut sheet);
                y += row.height();
            }
        }
        let meanings = ["needed", "may pass", "nothing needs it"];
        let bottom = explain_lines(&mut sheet, y + 8, meanings);
        sheet.finish(&self.title, &self.notes.join(" "), bottom)
    }

    /// Draws VPCs, the boxes of their tiers, and the lines that hang from them; where the first flow goes.
    fn draw_tiers(&self, sheet: &mut Sheet, top: usize, depth: usize) -> usize {
        let cards: Vec<_> = self.tiers.iter().map(TierBox::lines).collect();
        let n_lines = cards.iter().map(Vec::len).max().unwrap_or(0);
        let height = n_lines * LINE + 14;
        let card_top = top + LABEL_LINES * LINE + 10;
        let bottom = card_top + height + 8;
        for (vpc, tiers) in self.groups() {
            let x = MARGIN + tiers.first().copied().unwrap_or(0) * COLUMN;
            let width = tiers.len() * COLUMN - 4;
            sheet.frame("vpc", (x, top), (width, bottom - top));
            let label = clipped(vpc.unwrap_or("no VPC"), (width - 16) / 6, LABEL_LINES);
            for (number, line) in label.iter().enumerate() {
                sheet.text(x + 8, top + 16 + number * LINE, "quiet", line);
            }
        }
        for (number, (tier, lines)) in self.tiers.iter().zip(&cards).enumerate() {
            let (x, line) = (MARGIN + number * COLUMN + 6, hang(number));
            sheet.path("hang", &format!("M{line} {bottom}V{}", bottom + depth), "");
            sheet.open(&format!("{}; {}", tier.label, tier.caption));
            sheet.frame("card", (x, card_top), (CARD, height));
            for (number, (class, line)) in lines.iter().enumerate() {
                sheet.text(x + 12, card_top + 18 + number * LINE, class, line);
            }
            sheet.close();
        }
        bottom
    }

    fn draw_row(&self, row: &Row<'_>, top: usize, sheet: &mut Sheet) {
        let ends = row.from.iter().chain([&row.to]).map(|end| hang(*end));
        let left = ends.min().unwrap_or(MARGIN) + 8;
        let room = sheet.width.saturating_sub(left + MARGIN);
        let y = top + row.height() - LOOP - 10;
        self.draw_arrows(row, y, sheet);
        let services = clipped(row.services, room / 7, 1).concat();
        sheet.text(left, top + 14, "service halo", &services);
        if !row.because.is_empty() {
            let because = clipped(row.because, room / 6, 1).concat();
            sheet.text(left, top + 14 + LINE, "rule halo", &because);
        }
    }

    /// Draws one line from each side, whoever stands on it: dashes of several would fill the gaps of each other.
    fn draw_arrows(&self, row: &Row<'_>, y: usize, sheet: &mut Sheet) {
        let (class, dot) = match row.need {
            Need::NoneWithin | Need::NoneBetween => ("edge way", "head1"),
            Need::Open => ("edge open", "head0"),
            Need::Needed => ("edge", "head0"),
        };
        let label = |number: &usize| self.tiers.get(*number).map_or("", |tier| &*tier.label);
        let from: Vec<&str> = row.from.iter().map(label).collect();
        let note = format!(
            "{} to {}: {}",
            from.join(", "),
            label(&row.to),
            row.in_words
        );
        let (start, target) = (|| row.from.iter().copied(), hang(row.to));
        if row.from.contains(&row.to) {
            sheet.path(class, &format!("M{target} {y}h36v{LOOP}h-36"), &note);
        }
        let farthest = [
            start().filter(|from| *from < row.to).min(),
            start().filter(|from| *from > row.to).max(),
        ];
        for from in farthest.into_iter().flatten() {
            sheet.path(class, &format!("M{} {y}H{target}", hang(from)), &note);
        }
        for from in start() {
            sheet.frame(dot, (hang(from) - 4, y - 4), (8, 8));
        }
    }
}

impl TierBox {
    /// The lines on its card, each with its class.
    fn lines(&self) -> Vec<(&'static str, String)> {
        let name = clipped(&self.label, 17, 3).into_iter();
        let caption = clipped(&self.caption, 23, 2).into_iter();
        let name = name.map(|line| ("name", line));
        name.chain(caption.map(|line| ("quiet", line))).collect()
    }
}

/// Flows that look alike but for who starts them.
struct Row<'p> {
    from: Vec<usize>,
    to: usize,
    need: Need,
    services: &'p str,
    because: &'p str,
    in_words: String,
}

impl Row<'_> {
    const fn height(&self) -> usize {
        let n_lines = if self.because.is_empty() { 1 } else { 2 };
        n_lines * LINE + LOOP + 20
    }
}

fn rows(flows: &[Flow]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for flow in flows {
        let is_alike = |row: &&mut Row<'_>| {
            let same = (row.to, row.need) == (flow.to, flow.need) && flow.from != flow.to;
            // What passes within a tier stays a row of its own.
            same && !row.from.contains(&row.to)
                && (row.services, row.because) == (&*flow.services, &*flow.because)
        };
        match rows.iter_mut().find(is_alike) {
            Some(row) => row.from.push(flow.from),
            None => rows.push(Row {
                from: vec![flow.from],
                to: flow.to,
                need: flow.need,
                services: &flow.services,
                because: &flow.because,
                in_words: flow.in_words(),
            }),
        }
    }
    rows
}

/// How far all rows with their headings reach down.
fn bottom_of(rows: &[Row<'_>]) -> usize {
    let headings = Need::ALL
        .iter()
        .filter(|need| rows.iter().any(|row| row.need == **need));
    headings.count() * HEADING + rows.iter().map(Row::height).sum::<usize>()
}

/// Where the line under a tier hangs.
const fn hang(number: usize) -> usize {
    MARGIN + number * COLUMN + 6 + CARD / 2
}

const CARD: usize = 152;
const COLUMN: usize = CARD + 16;
/// Room on the right for what is written beside the last line.
const GUTTER: usize = 150;
const LINE: usize = 16;
const LABEL_LINES: usize = 2;
const HEADING: usize = 38;
/// How high a loop is.
const LOOP: usize = 12;
