//! Pictures of the example networks.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::run::{root, run};

fn picture(arguments: &str) -> String {
    let run = run(arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn graphviz_gets_places_hops_and_rules() {
    let dot = picture("blast examples/hub --from 'office:Sydney' -o dot");
    assert!(dot.starts_with("digraph watertight {"));
    for part in [
        "label=\"VPC hub-prod (vpc-0feed0000000000c1)\"",
        "label=\"2 subnets: hub-prod-app-a, hub-prod-app-b\"",
        "[label=\"Sydney\\noffice, foothold\", penwidth=2.5]",
        "[label=\"prod-db-a\\ninstance, falls, hop 3\"]",
        "[label=\"tcp/5432 postgres\\nprod-db: from prod-app\", penwidth=2.5",
        "Not drawn: 12 ways out.",
    ] {
        assert!(dot.contains(part), "{part} in\n{dot}");
    }
}

#[test]
fn the_page_on_pictures_shows_the_real_one() {
    let svg = picture("blast examples/hub --from office:Sydney -o svg");
    let shown = std::fs::read_to_string(root().join("docs/pictures/hub.svg")).unwrap();
    assert!(svg == shown, "draw docs/pictures/hub.svg anew");
    for part in [
        "The way to etl-* ×2, hop by hop",
        "sgr-0feed00000c1db001",
        "prefers-color-scheme:dark",
    ] {
        assert!(svg.contains(part), "{part}");
    }
}

#[test]
fn mermaid_tells_certain_ways_from_possible_ones() {
    let mermaid = picture("paths examples/shop --from internet --to type:rds -o mermaid");
    assert!(mermaid.starts_with("flowchart LR\n"));
    let certain = "==>|\"tcp/22 ssh · shop-bastion: from 0.0.0.0/0 ::/0\"|";
    assert!(mermaid.contains(certain), "{mermaid}");
    assert!(
        mermaid.contains("-.->|\"possibly tcp/5432 postgres"),
        "{mermaid}"
    );
}

#[test]
fn tiers_are_boxes_with_what_passes_between_them_and_loops() {
    let mermaid = picture("tiers examples/shop -o mermaid");
    for part in [
        "n0[\"app ×7 · instance, production\"]",
        "n0 ==>|\"not needed: any#59; shop-app: from itself\"| n0",
        "n3 -->|\"tcp/8080#59; a load balancer passes it on",
    ] {
        assert!(mermaid.contains(part), "{part} in\n{mermaid}");
    }
    let dot = picture("tiers examples/shop -o dot");
    assert!(
        dot.contains("n0 -> n0 [label=\"not needed: any\\n"),
        "{dot}"
    );
    // Of the hardened shop nothing is left that nobody needs within a tier.
    let hardened = picture("tiers examples/shop-hardened -o svg");
    assert!(!hardened.contains("Within a tier"));
    let svg = picture("tiers examples/shop -o svg");
    let shown = std::fs::read_to_string(root().join("docs/pictures/tiers.svg")).unwrap();
    assert!(svg == shown, "draw docs/pictures/tiers.svg anew");
    for part in [
        "Within a tier, and nothing needs it",
        "class=\"edge way\"",
        "Needed</text>",
    ] {
        assert!(svg.contains(part), "{part}");
    }
}

#[test]
fn other_answers_refuse_to_be_drawn() {
    for arguments in [
        "inventory examples/hub -o dot",
        "paths examples/hub --to prod-db-a -o mermaid",
        "tiers examples/hub -o opengraph",
    ] {
        let run = run(arguments);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("there is no picture of this answer"));
        assert_eq!(run.stdout, "");
    }
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).unwrap().as_array().unwrap()
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).unwrap().as_str().unwrap()
}

/// What the page "`OpenGraph` JSON" of the documentation of `BloodHound` asks of a document.
fn check_open_graph(document: &Value) -> BTreeSet<String> {
    let is_word = |text: &str| {
        text.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let check_properties = |of: &Value| {
        for value in of
            .pointer("/properties")
            .unwrap()
            .as_object()
            .unwrap()
            .values()
        {
            let is_flat = match value {
                Value::Array(items) => items.iter().all(Value::is_string),
                other => other.is_string() || other.is_number() || other.is_boolean(),
            };
            assert!(is_flat, "{of}");
        }
    };
    let mut ids = BTreeSet::new();
    for node in list(document, "/graph/nodes") {
        let kinds = list(node, "/kinds");
        assert!((1..=3).contains(&kinds.len()));
        assert!(kinds.iter().all(|kind| is_word(kind.as_str().unwrap())));
        check_properties(node);
        assert!(ids.insert(text(node, "/id").to_owned()), "{node}");
    }
    for edge in list(document, "/graph/edges") {
        assert!(is_word(text(edge, "/kind")));
        check_properties(edge);
        for end in ["start", "end"] {
            assert_eq!(text(edge, &format!("/{end}/match_by")), "id");
            assert!(ids.contains(text(edge, &format!("/{end}/value"))), "{edge}");
        }
    }
    ids
}

#[test]
fn bloodhound_gets_hosts_by_their_ids() {
    for arguments in [
        "blast examples/hub --from office:Sydney -o opengraph",
        "blast examples/shop --from internet -o opengraph --exit-zero",
        "paths examples/shop --from internet --to type:rds -o opengraph",
    ] {
        let document: Value = serde_json::from_str(&picture(arguments)).unwrap();
        assert_eq!(document["metadata"]["source_kind"], "Watertight");
        let ids = check_open_graph(&document);
        let (hub, shop) = ("i-0feed0000000000db", "internet");
        let expected = if arguments.contains("hub") { hub } else { shop };
        assert!(ids.iter().any(|id| id.contains(expected)), "{ids:?}");
    }
}
