//! The topologies of a page, each with what is written about it.

/// One topology of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Block {
    /// The line of the page, counted from one, on which the topology's first line stands.
    pub line: usize,
    /// The topology.
    pub text: String,
    /// Whom to ask.
    pub asked: Asked,
    /// The heading that it stands under, without the marks; empty if there is none.
    pub heading: String,
    /// The bold sentence above it, without the marks; empty if there is none.
    pub claim: String,
    /// What stands after `Covers:` above it, with its line; empty if there is none.
    pub covers: Vec<(usize, String)>,
}

/// Which implementations a topology is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asked {
    /// Both.
    #[default]
    Both,
    /// `trace`; the mechanism is not in `engine` yet.
    TraceAlone,
}

/// A page, as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Every block whose fence says `topology`.
    pub blocks: Vec<Block>,
    /// Lines whose `Covers:` no topology follows.
    pub stray: Vec<usize>,
}

/// Reads a page.
pub fn read(text: &str) -> Page {
    let mut reader = Reader::default();
    for (number, line) in text.lines().enumerate() {
        reader.line(number + 1, line);
    }
    reader.drop_covers();
    reader.page
}

#[derive(Default)]
struct Reader {
    page: Page,
    /// What the next block will say of itself.
    next: Block,
    /// The words of a bold sentence that goes on over the line's end.
    bold: Option<String>,
    fence: Fence,
}

#[derive(Default)]
enum Fence {
    #[default]
    None,
    Topology(Block),
    Other,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        match &mut self.fence {
            Fence::None => self.prose(number, line.trim()),
            Fence::Topology(block) if line.trim() == "```" => {
                self.page.blocks.push(std::mem::take(block));
                self.fence = Fence::None;
            }
            Fence::Topology(block) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            Fence::Other if line.trim() == "```" => self.fence = Fence::None,
            Fence::Other => {}
        }
    }

    fn prose(&mut self, number: usize, line: &str) {
        if let Some(fence) = line.strip_prefix("```") {
            self.open(number, fence.trim());
        } else if let Some(heading) = line.strip_prefix('#') {
            self.drop_covers();
            let heading = heading.trim_start_matches('#').trim();
            heading.clone_into(&mut self.next.heading);
            self.next.claim.clear();
        } else if let Some(covers) = line.strip_prefix("Covers:") {
            self.next.covers.push((number, covers.trim().to_owned()));
        } else {
            self.sentence(line);
        }
    }

    fn open(&mut self, number: usize, fence: &str) {
        let asked = match fence {
            "topology" => Asked::Both,
            "topology trace-only" => Asked::TraceAlone,
            _ => {
                self.fence = Fence::Other;
                return;
            }
        };
        let covers = std::mem::take(&mut self.next.covers);
        self.fence = Fence::Topology(Block {
            line: number + 1,
            asked,
            covers,
            ..self.next.clone()
        });
    }

    /// Keeps what a paragraph that begins in bold says in bold.
    fn sentence(&mut self, line: &str) {
        let (mut said, rest) = match (self.bold.take(), line.strip_prefix("**")) {
            (Some(said), _) if !line.is_empty() => (said + " ", line),
            (None, Some(rest)) => (String::new(), rest),
            (Some(_) | None, _) => return,
        };
        if let Some((last, _)) = rest.split_once("**") {
            said.push_str(last);
            self.next.claim = said;
        } else {
            said.push_str(rest);
            self.bold = Some(said);
        }
    }

    fn drop_covers(&mut self) {
        let stray = self.next.covers.drain(..).map(|(number, _)| number);
        self.page.stray.extend(stray);
    }
}
