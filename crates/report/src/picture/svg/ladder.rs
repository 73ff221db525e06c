//! One way as a ladder: who stands where, and between them the services and the rule that decides.

use super::super::{Edge, Node, Picture};
use super::MARGIN;
use super::sheet::{Sheet, clipped, wrapped};

/// Draws the highlighted way from `top` on; where it ends.
pub(super) fn draw(picture: &Picture, sheet: &mut Sheet, top: usize) -> usize {
    let way: Vec<&Edge> = picture
        .highlight
        .iter()
        .filter_map(|number| picture.edges.get(*number))
        .collect();
    let node = |number: usize| picture.nodes.get(number);
    let (Some(first), Some(last)) = (way.first(), way.last()) else {
        return top + MARGIN;
    };
    let (Some(first), Some(last)) = (node(first.from), node(last.to)) else {
        return top + MARGIN;
    };
    let mut y = top + 40;
    let title = format!("The way to {}, hop by hop", last.label);
    for line in sheet.wrapped(&title, 9) {
        sheet.text(MARGIN, y, "title", &line);
        y += 22;
    }
    y = place(first, sheet, y - 4);
    for (number, edge) in way.iter().enumerate() {
        y = rung(edge, number + 1, sheet, y);
        if let Some(node) = node(edge.to) {
            y = place(node, sheet, y);
        }
    }
    y + MARGIN
}

/// One who is on the way.
fn place(node: &Node, sheet: &mut Sheet, top: usize) -> usize {
    let class = if node.hop == 0 {
        "card foothold"
    } else {
        "card"
    };
    let open = if node.is_certain { "" } else { " open" };
    sheet.frame(&format!("{class}{open}"), (MARGIN, top), (WIDTH, HEIGHT));
    let label = clipped(&node.label, 40, 1).concat();
    sheet.text(MARGIN + 14, top + 19, "name", &label);
    sheet.text(
        MARGIN + 14,
        top + 35,
        "quiet",
        &clipped(&node.description(), 52, 1).concat(),
    );
    top + HEIGHT
}

/// A hop: the line down, and beside it by what, through which rules, with their ids.
fn rung(edge: &Edge, hop: usize, sheet: &mut Sheet, top: usize) -> usize {
    let x = MARGIN + 56;
    let most = sheet.width.saturating_sub(x + MARGIN) / 7;
    let mut lines = Vec::new();
    let mut add = |class: &'static str, text: &str| {
        let wrapped = wrapped(text, most);
        lines.extend(wrapped.into_iter().map(|line| (class, line)));
    };
    let mut head = format!("Hop {hop}: {}", edge.service_label());
    for technique in &edge.techniques {
        head.push_str(" · ");
        head.push_str(technique);
    }
    add("name", &head);
    let because = edge.because();
    if !because.is_empty() {
        add("service", &because);
    }
    let ids = edge.rule_ids().join(" ");
    if !ids.is_empty() {
        add("id", &ids);
    }
    if let Some(doubt) = &edge.doubt {
        add("quiet", &format!("not certain: {doubt}"));
    }
    let height = lines.len() * 17 + 18;
    let open = if edge.is_certain { "" } else { " open" };
    let line = format!("M{} {top}v{height}", MARGIN + 32);
    sheet.path(&format!("edge way{open}"), &line, "");
    for (number, (class, text)) in lines.iter().enumerate() {
        sheet.text(x, top + 21 + number * 17, class, text);
    }
    top + height
}

const WIDTH: usize = 340;
const HEIGHT: usize = 44;
