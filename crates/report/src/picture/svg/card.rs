//! What is written on the card of each node.

use super::super::{Edge, Node, Part, Picture};
use super::CARD_WIDTH;
use super::sheet::{Sheet, clipped};

/// The lines on a card, each with its class.
#[derive(Debug)]
pub(super) struct Card {
    lines: Vec<(&'static str, String)>,
}

/// Where a card lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) number: usize,
    pub(super) hop: usize,
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) height: usize,
    /// Free room above all cards of the lane, for lines that pass by.
    pub(super) channel: usize,
}

/// The cards of all nodes.
pub(super) fn cards(picture: &Picture) -> Vec<Card> {
    let nodes = picture.nodes.iter().enumerate();
    nodes
        .map(|(number, node)| card(picture, number, node))
        .collect()
}

fn card(picture: &Picture, number: usize, node: &Node) -> Card {
    let mut lines = Vec::new();
    let mut add = |class, text: &str, letters, n_lines| {
        let wrapped = clipped(text, letters, n_lines);
        lines.extend(wrapped.into_iter().map(|line| (class, line)));
    };
    add("name", &node.label, 25, 2);
    let description = match node.part {
        Part::Further => node.kind.clone(),
        Part::Foothold | Part::Falls | Part::PassesOn | Part::Prize | Part::Target => {
            node.description()
        }
    };
    add("quiet", &description, 32, 1);
    let into = picture.edges.iter().filter(|edge| edge.to == number);
    let mut told: Vec<(String, String)> = Vec::new();
    for edge in into {
        let words = (edge.service_label(), edge.because());
        if !told.contains(&words) {
            told.push(words);
        }
    }
    for (services, because) in told.iter().take(MAX_WAYS) {
        add("service", services, 30, 2);
        if !because.is_empty() {
            add("rule", because, 34, 2);
        }
    }
    if told.len() > MAX_WAYS {
        add(
            "quiet",
            &format!("and {} more ways in", told.len() - MAX_WAYS),
            32,
            1,
        );
    }
    Card { lines }
}

/// So many ways in are told on a card.
const MAX_WAYS: usize = 3;

impl Card {
    pub(super) const fn height(&self) -> usize {
        self.lines.len() * LINE + 14
    }
}

const LINE: usize = 16;

impl Spot {
    /// Where lines arrive and leave.
    pub(super) const fn middle(&self) -> usize {
        self.y + self.height / 2
    }

    pub(super) fn draw(&self, cards: &[Card], picture: &Picture, sheet: &mut Sheet) {
        let (Some(card), Some(node)) = (cards.get(self.number), picture.nodes.get(self.number))
        else {
            return;
        };
        sheet.open(&note(picture, self.number, node));
        let class = match node.part {
            Part::Foothold => "foothold",
            Part::Prize | Part::Target => "worth",
            Part::Falls | Part::PassesOn => "",
            Part::Further => "further",
        };
        let open = if node.is_certain { "" } else { "open" };
        let class = format!("card {class} {open}");
        sheet.frame(
            class.trim_end(),
            (self.x, self.y),
            (CARD_WIDTH, self.height),
        );
        if matches!(node.part, Part::Prize | Part::Target) {
            let size = (CARD_WIDTH - 6, self.height - 6);
            sheet.frame("inner", (self.x + 3, self.y + 3), size);
        }
        for (number, (class, text)) in card.lines.iter().enumerate() {
            sheet.text(self.x + 12, self.y + 18 + number * LINE, class, text);
        }
        sheet.close();
    }
}

/// All that a card had no room for.
fn note(picture: &Picture, number: usize, node: &Node) -> String {
    let ids = node
        .members
        .iter()
        .take(MAX_IDS)
        .map(|member| member.id.as_str());
    let mut parts = vec![node.label.clone(), ids.collect::<Vec<_>>().join(" ")];
    if node.members.len() > MAX_IDS {
        parts.push(format!("and {} more hosts", node.members.len() - MAX_IDS));
    }
    let into = picture.edges.iter().filter(|edge| edge.to == number);
    parts.extend(into.take(MAX_IDS).map(Edge::in_words));
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

/// So many hosts, and ways in, stand in a note.
const MAX_IDS: usize = 8;
