//! A sheet to draw on: the few kinds of marks that pictures need, with all text made harmless.

use std::fmt::Write as _;

use crate::escape::terminal;

/// An SVG document being written.
#[derive(Debug)]
pub(super) struct Sheet {
    body: String,
    /// Text of lanes, which stands above lines and below cards.
    labels: String,
    pub(super) width: usize,
}

impl Sheet {
    pub(super) const fn new(width: usize) -> Self {
        Self {
            body: String::new(),
            labels: String::new(),
            width,
        }
    }

    /// A line of text; `y` is where it stands on.
    pub(super) fn text(&mut self, x: usize, y: usize, class: &str, text: &str) {
        let text = escaped(text);
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"
        );
    }

    /// A line of text that lines may run under; it shows with [`Self::lay_labels`].
    pub(super) fn label(&mut self, x: usize, y: usize, text: &str) {
        let text = escaped(text);
        let _ = writeln!(
            self.labels,
            "<text class=\"label\" x=\"{x}\" y=\"{y}\">{text}</text>"
        );
    }

    /// Puts all labels so far above what is drawn so far.
    pub(super) fn lay_labels(&mut self) {
        self.body.push_str(&std::mem::take(&mut self.labels));
    }

    /// A box with round corners.
    pub(super) fn frame(
        &mut self,
        class: &str,
        (x, y): (usize, usize),
        (width, height): (usize, usize),
    ) {
        let _ = writeln!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>"
        );
    }

    /// A line along a path of ours, with a note that shows where somebody points at it.
    pub(super) fn path(&mut self, class: &str, path: &str, note: &str) {
        let _ = write!(self.body, "<path class=\"{class}\" d=\"{path}\"");
        if note.is_empty() {
            self.body.push_str("/>\n");
        } else {
            let _ = writeln!(self.body, "><title>{}</title></path>", escaped(note));
        }
    }

    /// Begins what belongs together, with a note that shows where somebody points at it.
    pub(super) fn open(&mut self, note: &str) {
        let _ = writeln!(self.body, "<g><title>{}</title>", escaped(note));
    }

    /// Ends what belongs together.
    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// Text in lines over the whole sheet, of letters about so wide.
    pub(super) fn wrapped(&self, text: &str, letter: usize) -> Vec<String> {
        wrapped(text, self.width.saturating_sub(2 * super::MARGIN) / letter)
    }

    /// The document.
    pub(super) fn finish(self, title: &str, description: &str, height: usize) -> String {
        let (title, description) = (escaped(title), escaped(description));
        let width = self.width;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"title description\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"description\">{description}</desc>\n\
             <style>{STYLE}</style>\n{MARKERS}\
             <rect class=\"sheet\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
            self.body
        )
    }
}

/// Text as XML holds it, in an element or in quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in terminal(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // XML has no such letters.
            '\u{fffe}' | '\u{ffff}' => safe.extend(letter.escape_unicode()),
            other => safe.push(other),
        }
    }
    safe
}

/// How many columns a text fills; ideographs fill two.
pub(super) fn columns(text: &str) -> usize {
    text.chars()
        .map(|letter| if letter < '\u{1100}' { 1 } else { 2 })
        .sum()
}

/// The text in lines of at most so many columns: cut at spaces, words that are too long anywhere.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let text = terminal(text);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut rest = word.chars().peekable();
        let fits = |line: &str| line.is_empty() || columns(line) + 1 + columns(word) <= most;
        match lines.last_mut() {
            Some(line) if fits(line) => {
                if !line.is_empty() {
                    line.push(' ');
                }
            }
            Some(_) | None => lines.push(String::new()),
        }
        while rest.peek().is_some() {
            let Some(line) = lines.last_mut() else { break };
            if !line.is_empty() && columns(line) >= most {
                lines.push(String::new());
                continue;
            }
            line.extend(rest.next());
        }
    }
    lines
}

/// The text in at most so many lines; what is left out, dots say.
pub(super) fn clipped(text: &str, most: usize, n_lines: usize) -> Vec<String> {
    let mut lines = wrapped(text, most);
    if lines.len() > n_lines {
        lines.truncate(n_lines);
        if let Some(last) = lines.last_mut() {
            while columns(last) + 1 > most && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}

const STYLE: &str = "
text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1c2430}
.title{font-size:17px;font-weight:600}.head{font-weight:600;fill:#566173}.quiet,.rule,.label{font-size:11px;fill:#566173}
.label,.halo{stroke:#fff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.name{font-size:13px;font-weight:600}.service{font-size:11.5px}.id{font:11px ui-monospace,Menlo,Consolas,monospace;fill:#566173}
.sheet{fill:#fff}.account{fill:#f5f6f8;stroke:#c3c9d3}.vpc{fill:#eceff4;stroke:#b4bcc9}.subnet{fill:#fff;stroke:#d3d8e0}
.card{fill:#fff;stroke:#5b6678;stroke-width:1.2}.foothold{fill:#fdeceb;stroke:#b42318;stroke-width:2}
.worth{fill:#fff6e5;stroke:#a15c00;stroke-width:2}.inner{fill:none;stroke:#a15c00}.further{fill:#f5f6f8;stroke:#8a93a3}
.edge{fill:none;stroke:#7b8698;stroke-width:1.4}.way{stroke:#b42318;stroke-width:2.6}.open{stroke-dasharray:6 4}
.hang{fill:none;stroke:#c3c9d3}.head0{fill:#7b8698}.head1{fill:#b42318}
@media (prefers-color-scheme:dark){
text{fill:#e6e9ee}.head,.quiet,.rule,.id,.label{fill:#a5afbd}.label{stroke:#171b22}.halo{stroke:#12161c}.hang{stroke:#3b4452}
.sheet{fill:#12161c}.account{fill:#1a1f27;stroke:#3b4452}.vpc{fill:#20262f;stroke:#465062}.subnet{fill:#171b22;stroke:#343c49}
.card{fill:#12161c;stroke:#93a0b4}.foothold{fill:#3a1b1a;stroke:#ff8a7d}.worth{fill:#33270f;stroke:#f0b24a}
.inner{fill:none;stroke:#f0b24a}.further{fill:#1a1f27;stroke:#7b8698}.edge{stroke:#93a0b4}.way{stroke:#ff8a7d}
.head0{fill:#93a0b4}.head1{fill:#ff8a7d}}
.edge{marker-end:url(#a0)}.way{marker-end:url(#a1)}.rail{marker-end:none}
";

const MARKERS: &str = "<defs>\
<marker id=\"a0\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" \
orient=\"auto\"><path class=\"head0\" d=\"M0 0L8 4L0 8z\"/></marker>\
<marker id=\"a1\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"11\" markerHeight=\"11\" markerUnits=\"userSpaceOnUse\" \
orient=\"auto\"><path class=\"head1\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n";
