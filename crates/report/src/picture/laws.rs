//! What holds for every renderer, whatever names a network has.

use std::sync::Arc;

use proptest::prelude::*;

use super::of_tiers::{Flow, Need, TierBox, TierPicture};
use super::place::{Place, Spot};
use super::{Edge, Node, Part, Picture};
use crate::common::RuleView;

/// A picture of three nodes, two of which stand in a VPC, with these names everywhere.
fn picture(names: &[String; 4]) -> Picture {
    let [host, place, rule, title] = names;
    let spot = || Spot {
        ids: vec![place.clone()],
        label: place.clone(),
    };
    let inside = Place::Inside {
        account: spot(),
        vpc: spot(),
        subnets: spot(),
    };
    let of = |part, hop, place| Node {
        label: host.clone(),
        kind: "instance".to_owned(),
        part,
        hop,
        is_certain: hop < 2,
        place,
        members: Arc::from([]),
    };
    Picture {
        title: title.clone(),
        notes: vec![title.clone()],
        nodes: vec![
            of(Part::Foothold, 0, Place::Outside),
            of(Part::Falls, 1, inside.clone()),
            of(Part::Target, 2, inside),
        ],
        edges: vec![edge(0, 1, rule), edge(1, 2, rule)],
        highlight: vec![0, 1],
    }
}

fn edge(from: usize, to: usize, name: &str) -> Edge {
    Edge {
        from,
        to,
        services: vec!["tcp/22".to_owned()],
        is_certain: from == 0,
        via: name.to_owned(),
        front_rules: Vec::new(),
        rules: vec![RuleView {
            group_id: "sg-1".to_owned(),
            account: None,
            group_arn: None,
            rule_arn: None,
            group_name: Some(name.to_owned()),
            rule_id: Some(name.to_owned()),
            direction: "ingress".to_owned(),
            service: "tcp/22".to_owned(),
            peer: name.to_owned(),
            peer_name: None,
            description: None,
            origin: String::new(),
        }],
        doubt: Some(name.to_owned()),
        techniques: Vec::new(),
    }
}

/// Names that somebody may have chosen with a renderer in mind.
fn names() -> impl Strategy<Value = [String; 4]> {
    let hostile = prop::sample::select(vec![
        "\"];evil[\"",
        "\\",
        "\\\"",
        "a\nend\nclick n0 call",
        "--> n0",
        "%%{init}%%",
        "</text><script>alert(1)</script>",
        "&quot;&amp;&#x22;",
        "#quot;#35;",
        "]]>\u{0}\u{202e}\u{ffff}",
        "`**bold**`",
    ]);
    let one = prop_oneof![
        ".{0,40}",
        (".{0,8}", hostile, ".{0,8}").prop_map(|(a, b, c)| format!("{a}{b}{c}")),
    ];
    // A name that is empty may leave out a line, which is no harm but another picture.
    let one = one.prop_map(|name| format!("x{name}"));
    [one.clone(), one.clone(), one.clone(), one]
}

const PLAIN: [&str; 4] = ["x", "x", "x", "x"];

fn plain() -> Picture {
    picture(&PLAIN.map(str::to_owned))
}

/// Two tiers with flows of every sort, with these names everywhere.
fn tiers(names: &[String; 4]) -> TierPicture {
    let [host, place, rule, title] = names;
    let tier = || TierBox {
        label: host.clone(),
        caption: host.clone(),
        vpc: Some(place.clone()),
    };
    let flow = |need, to| Flow {
        from: 0,
        to,
        need,
        services: "tcp/22".to_owned(),
        because: rule.clone(),
    };
    TierPicture {
        title: title.clone(),
        notes: vec![title.clone()],
        tiers: vec![tier(), tier()],
        flows: Need::ALL
            .map(|need| flow(need, usize::from(need != Need::NoneWithin)))
            .into(),
    }
}

/// A picture for Mermaid without its caption.
fn uncommented(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("  %% x"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Checks that a document runs nothing, fetches nothing, and has a title that says what it is.
fn check_svg(svg: &str, title: &str) -> Result<(), TestCaseError> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let ours = [
        "svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g",
    ];
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let tag = element.tag_name().name();
        prop_assert!(ours.contains(&tag));
        let is_styled = tag == "style";
        prop_assert!(!is_styled || !element.text().unwrap_or_default().contains("import"));
        for attribute in element.attributes() {
            let is_active = attribute.name().starts_with("on") || attribute.name().contains("href");
            prop_assert!(!is_active);
        }
    }
    let found = document
        .descendants()
        .find(|node| node.has_tag_name("title"));
    let expected = crate::escape::terminal(title).replace(['\u{fffe}', '\u{ffff}'], "");
    let shown = found.unwrap().text().unwrap();
    let shown = shown.replace("\\u{fffe}", "").replace("\\u{ffff}", "");
    prop_assert_eq!(shown, expected);
    Ok(())
}

/// Text with every quoted string left out. `is_escape` tells whether a backslash makes the next letter part of it.
fn skeleton(text: &str, is_escape: bool) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    let mut is_inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if is_inside && is_escape => {
                letters.next();
            }
            '"' => is_inside = !is_inside,
            _ if is_inside => {}
            _ => out.push(letter),
        }
    }
    assert!(!is_inside, "a string has no end: {text}");
    out
}

proptest! {
    #[test]
    fn names_are_nothing_but_text_to_graphviz(names in names()) {
        let dot = picture(&names).dot();
        prop_assert_eq!(skeleton(&dot, true), skeleton(&plain().dot(), true));
        prop_assert!(!dot.chars().any(|letter| letter.is_control() && letter != '\n'));
    }

    #[test]
    fn names_are_nothing_but_text_in_svg(names in names()) {
        check_svg(&picture(&names).svg(), &names[3])?;
    }

    #[test]
    fn names_of_tiers_are_nothing_but_text(names in names()) {
        let (named, plain) = (tiers(&names), tiers(&PLAIN.map(str::to_owned)));
        prop_assert_eq!(skeleton(&named.dot(), true), skeleton(&plain.dot(), true));
        let (drawn, expected) = (uncommented(&named.mermaid()), uncommented(&plain.mermaid()));
        prop_assert_eq!(skeleton(&drawn, false), skeleton(&expected, false));
        check_svg(&named.svg(), &names[3])?;
    }

    #[test]
    fn names_are_nothing_but_text_to_mermaid(names in names()) {
        let mermaid = picture(&names).mermaid();
        let (drawn, expected) = (uncommented(&mermaid), uncommented(&plain().mermaid()));
        prop_assert_eq!(skeleton(&drawn, false), skeleton(&expected, false));
        let is_marked = mermaid.contains(['<', '{', '`', '\\', '&']);
        prop_assert!(!is_marked);
    }
}

#[test]
fn strings_say_what_the_names_are() {
    let named = ["a\"b\\c&d", "x", "x", "x"].map(str::to_owned);
    assert!(picture(&named).dot().contains(r#"label="a\"b\\c&amp;d\n"#));
    assert!(picture(&named).mermaid().contains("a#34;b#92;c#38;d"));
}

#[test]
fn what_does_not_fit_is_counted() {
    let mut large = plain();
    let Some(node) = large.nodes.get(1).cloned() else {
        return;
    };
    for _ in 0..100 {
        large.edges.push(edge(0, large.nodes.len(), "x"));
        large.nodes.push(node.clone());
    }
    let capped = large.capped();
    let drawn = capped.nodes.iter().filter(|node| node.hop == 1);
    let drawn: Vec<&str> = drawn.map(|node| node.label.as_str()).collect();
    assert_eq!(drawn.len(), 11);
    assert_eq!(drawn.last(), Some(&"and 91 more classes"));
    assert_eq!(capped.highlight.len(), 2);
    assert_eq!(plain().capped(), plain());
}

#[test]
fn lines_of_senders_on_one_side_are_one() {
    let mut many = tiers(&PLAIN.map(str::to_owned));
    let tier = many.tiers.first().cloned();
    many.tiers.extend(tier);
    let flow = |from, to| Flow {
        from,
        to,
        need: Need::Open,
        services: "tcp/22".to_owned(),
        because: String::new(),
    };
    many.flows = vec![flow(0, 2), flow(1, 2), flow(2, 1)];
    // One for both senders, one for the other way, and one in the key.
    assert_eq!(many.svg().matches("<path class=\"edge open\"").count(), 3);
    many.flows = vec![flow(0, 1), flow(2, 1)];
    assert_eq!(many.svg().matches("<path class=\"edge open\"").count(), 3);
}
