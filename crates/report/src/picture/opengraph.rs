//! Pictures for `BloodHound`, as `OpenGraph` data.

use std::collections::BTreeMap;

use analysis::Member;
use serde::Serialize;

use super::place::Place;
use super::{Edge, Node, Picture};

/// A document of `OpenGraph`.
#[derive(Debug, Serialize)]
struct Document {
    metadata: Metadata,
    graph: Graph,
}

#[derive(Debug, Serialize)]
struct Metadata {
    source_kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Graph {
    nodes: Vec<GraphNode>,
    edges: Vec<GraphEdge>,
}

#[derive(Debug, Serialize)]
struct GraphNode {
    id: String,
    kinds: [String; 2],
    properties: BTreeMap<&'static str, Value>,
}

#[derive(Debug, Serialize)]
struct GraphEdge {
    kind: &'static str,
    start: End,
    end: End,
    properties: BTreeMap<&'static str, Value>,
}

#[derive(Debug, Serialize)]
struct End {
    value: String,
    match_by: &'static str,
}

/// What properties may be: no objects, and lists of one kind only.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Number(usize),
    Flag(bool),
    Texts(Vec<String>),
}

impl Picture {
    /// As `OpenGraph` data for `BloodHound`, with all classes and hosts: hosts and networks by their ids, classes of several
    /// hosts as nodes of which those are members.
    pub fn open_graph(&self) -> String {
        let mut nodes: BTreeMap<String, GraphNode> = BTreeMap::new();
        let mut edges: BTreeMap<(String, String, &'static str), GraphEdge> = BTreeMap::new();
        let mut ids: Vec<String> = Vec::new();
        for node in &self.nodes {
            let id = node_id(node, &ids);
            let told = GraphNode {
                id: id.clone(),
                kinds: kinds(&node.kind, "WatertightClass"),
                properties: of_node(node),
            };
            if let [member] = &*node.members {
                let mut told = told;
                told.kinds = kinds(&node.kind, "WatertightHost");
                told.properties.extend(of_member(member));
                nodes.insert(id.clone(), told);
            } else {
                nodes.insert(id.clone(), told);
                for member in node.members.iter() {
                    let host = || GraphNode {
                        id: member.id.clone(),
                        kinds: kinds(&node.kind, "WatertightHost"),
                        properties: of_member(member),
                    };
                    nodes.entry(member.id.clone()).or_insert_with(host);
                    let key = (member.id.clone(), id.clone(), MEMBER_OF);
                    let edge = between(&key, BTreeMap::new());
                    edges.insert(key, edge);
                }
            }
            ids.push(id);
        }
        for edge in &self.edges {
            let (Some(from), Some(to)) = (ids.get(edge.from), ids.get(edge.to)) else {
                continue;
            };
            let kind = if edge.is_certain { REACHES } else { POSSIBLY };
            let key = (from.clone(), to.clone(), kind);
            let new = || between(&key, BTreeMap::new());
            let known = edges.entry(key.clone()).or_insert_with(new);
            add_way(&mut known.properties, edge);
        }
        let document = Document {
            metadata: Metadata {
                source_kind: "Watertight",
            },
            graph: Graph {
                nodes: nodes.into_values().collect(),
                edges: edges.into_values().collect(),
            },
        };
        let json = serde_json::to_string_pretty(&document).unwrap_or_default();
        format!("{json}\n")
    }
}

const REACHES: &str = "WatertightReaches";
const POSSIBLY: &str = "WatertightPossiblyReaches";
const MEMBER_OF: &str = "WatertightMemberOf";

/// The id of the only host, or one that tells the hosts of a class apart from others.
fn node_id(node: &Node, taken: &[String]) -> String {
    let base = match &*node.members {
        [] => format!("watertight:{}:{}", node.kind, node.label),
        [member] => return member.id.clone(),
        [first, ..] => format!("watertight:class:{}:{}", first.id, node.members.len()),
    };
    let mut id = base.clone();
    let mut number = 2;
    while taken.contains(&id) {
        id = format!("{base}:{number}");
        number += 1;
    }
    id
}

/// `WatertightLoadBalancer` and a kind of all that are hosts, or classes.
fn kinds(kind: &str, general: &str) -> [String; 2] {
    let mut own = String::from("Watertight");
    for word in kind.split(' ') {
        let mut letters = word.chars();
        own.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        own.extend(letters);
    }
    [own, general.to_owned()]
}

fn of_node(node: &Node) -> BTreeMap<&'static str, Value> {
    let mut properties = BTreeMap::from([
        ("name", Value::Text(node.label.clone())),
        ("part", Value::Text(node.part.word().to_owned())),
        ("hop", Value::Number(node.hop)),
        ("certain", Value::Flag(node.is_certain)),
        ("hosts", Value::Number(node.members.len())),
    ]);
    if let Place::Inside {
        account,
        vpc,
        subnets,
    } = &node.place
    {
        properties.insert("accounts", Value::Texts(account.ids.clone()));
        properties.insert("vpcs", Value::Texts(vpc.ids.clone()));
        properties.insert("subnets", Value::Texts(subnets.ids.clone()));
    }
    properties
}

fn of_member(member: &Member) -> BTreeMap<&'static str, Value> {
    let texts = |texts: Vec<String>| Value::Texts(texts);
    let addresses = member.addresses.iter().map(ToString::to_string).collect();
    let groups = member.groups.iter().map(ToString::to_string).collect();
    let name = member.name.as_ref().unwrap_or(&member.id);
    BTreeMap::from([
        ("name", Value::Text(name.clone())),
        ("addresses", texts(addresses)),
        ("groups", texts(groups)),
    ])
}

fn between(
    key: &(String, String, &'static str),
    properties: BTreeMap<&'static str, Value>,
) -> GraphEdge {
    let end = |value: &String| End {
        value: value.clone(),
        match_by: "id",
    };
    GraphEdge {
        kind: key.2,
        start: end(&key.0),
        end: end(&key.1),
        properties,
    }
}

/// Adds what a way tells to those between the same nodes.
fn add_way(properties: &mut BTreeMap<&'static str, Value>, edge: &Edge) {
    let ids = edge.rule_ids().into_iter().map(str::to_owned).collect();
    let lists = [
        ("services", edge.services.clone()),
        ("rules", ids),
        ("because", vec![edge.because()]),
        ("doubts", edge.doubt.iter().cloned().collect()),
        ("techniques", edge.techniques.clone()),
    ];
    for (name, texts) in lists {
        let known = properties.entry(name).or_insert(Value::Texts(Vec::new()));
        if let Value::Texts(known) = known {
            for text in texts {
                if !text.is_empty() && !known.contains(&text) {
                    known.push(text);
                }
            }
        }
    }
}
