//! Text laid out in lines: headings, paragraphs, aligned columns.
//!
//! Everything that goes on a page is made harmless here; styles are added afterwards.

use anstyle::Style;

use crate::escape::terminal;
use crate::palette::{Palette, paint};

/// A page being written.
#[derive(Debug)]
pub(crate) struct Page<'p> {
    out: String,
    width: usize,
    palette: &'p Palette,
}

/// A cell of aligned columns.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        Self::styled(text, Style::new())
    }

    pub(crate) fn styled(text: impl AsRef<str>, style: Style) -> Self {
        Self {
            text: terminal(text.as_ref()).into_owned(),
            style,
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

impl<'p> Page<'p> {
    pub(crate) fn new(width: usize, palette: &'p Palette) -> Self {
        Self {
            out: String::new(),
            width: width.max(MIN_WIDTH),
            palette,
        }
    }

    /// A heading, with an empty line before it unless it is the first.
    pub(crate) fn heading(&mut self, text: &str) {
        self.gap();
        self.line(&paint(self.palette.heading, &terminal(text)));
    }

    /// An empty line, unless the page is empty or ends with one.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A paragraph, wrapped, each line of it behind `indent` spaces; those after the first behind two more.
    pub(crate) fn text(&mut self, indent: usize, text: &str) {
        self.styled(indent, text, Style::new());
    }

    /// A paragraph in a style.
    pub(crate) fn styled(&mut self, indent: usize, text: &str, style: Style) {
        let safe = terminal(text);
        for (number, piece) in wrap(&safe, self.width.saturating_sub(indent + 2))
            .iter()
            .enumerate()
        {
            let indent = if number == 0 { indent } else { indent + 2 };
            self.line(&format!("{:indent$}{}", "", paint(style, piece)));
        }
    }

    /// Rows in aligned columns, two spaces apart. What does not fit is wrapped in the last column.
    pub(crate) fn table(&mut self, indent: usize, rows: &[Vec<Cell>]) {
        let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |column: usize| {
            let cells = rows
                .iter()
                .filter(|row| row.len() > column + 1)
                .filter_map(|row| row.get(column));
            cells.map(Cell::width).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..n_columns).map(widest).collect();
        for row in rows {
            self.row(indent, row, &widths);
        }
    }

    /// The first rows of a table, and how many more there are, in which other form.
    pub(crate) fn table_head(
        &mut self,
        indent: usize,
        rows: &[Vec<Cell>],
        limit: usize,
        more: &str,
    ) {
        self.table(indent, rows.get(..limit).unwrap_or(rows));
        self.more(indent, rows.len().saturating_sub(limit), more);
    }

    /// How many rows of a table are not on the page, and in which other form they are.
    pub(crate) fn more(&mut self, indent: usize, n_rows: usize, more: &str) {
        if n_rows > 0 {
            let text = format!("and {n_rows} more: {more}");
            self.styled(indent, &text, self.palette.dim);
        }
    }

    fn row(&mut self, indent: usize, row: &[Cell], widths: &[usize]) {
        let Some((last, cells)) = row.split_last() else {
            return;
        };
        let mut line = " ".repeat(indent);
        let mut column = indent;
        for (cell, width) in cells.iter().zip(widths) {
            line.push_str(&paint(cell.style, &cell.text));
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            column += width.max(&cell.width()) + 2;
        }
        // Where the other columns take the whole width, the last one gets a line of its own.
        if column + last.width().min(MIN_LAST) > self.width && !cells.is_empty() {
            self.line(line.trim_end());
            column = indent + 4;
            line = " ".repeat(column);
        }
        let room = self.width.saturating_sub(column).max(MIN_LAST);
        for (number, piece) in wrap(&last.text, room).iter().enumerate() {
            if number > 0 {
                line = " ".repeat(column);
            }
            line.push_str(&paint(last.style, piece));
            self.line(line.trim_end());
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// Narrower terminals get lines that are too long rather than columns of single letters.
const MIN_WIDTH: usize = 40;
const MIN_LAST: usize = 24;

/// The text in pieces of at most `width` letters, cut at spaces; longer words stay whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > width {
            pieces.push(std::mem::take(&mut piece));
            length = 0;
        } else if length > 0 {
            piece.push(' ');
            length += 1;
        }
        piece.push_str(word);
        length += word_length;
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_the_last_one_wraps() {
        let palette = Palette::plain();
        let mut page = Page::new(40, &palette);
        let row = |cells: [&str; 3]| cells.map(Cell::new).to_vec();
        page.table(
            2,
            &[
                row(["a", "bb", "one two three four five six seven"]),
                row(["aaa", "b", "x"]),
            ],
        );
        let expected = "  a    bb  one two three four five six\n           seven\n  aaa  b   x\n";
        assert_eq!(page.finish(), expected);
    }

    #[test]
    fn what_is_put_on_a_page_is_harmless() {
        let palette = Palette::plain();
        let mut page = Page::new(80, &palette);
        page.heading("a\u{1b}[2J");
        page.text(2, "b\nc");
        page.table(2, &[vec![Cell::new("d\r")]]);
        assert_eq!(page.finish(), "a\\u{1b}[2J\n  b\\u{a}c\n  d\\u{d}\n");
    }
}
