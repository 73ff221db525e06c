//! A page about 10,000 hosts in 50 classes is the page about 100 hosts in 50 classes, at nearly the same cost.
#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    reason = "an integration test"
)]

use std::alloc::System;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use analysis::{
    BlastOptions, CutOptions, Flow, Landscape, PathOptions, PivotModel, Selection, TierOptions,
};
use engine::Engine;
use model::Snapshot;
use report::score::Weights;
use report::{Palette, View};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use testkit::Topology;

/// Counts allocations of the whole process: there is one test in it.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// So many hosts have the classes of the smaller network.
const FEW: usize = 2;
/// And of the larger one.
const MANY: usize = 200;
/// And of the larger one with a load balancer, each of whose targets is a class of its own to the engine.
const BALANCED: usize = 10;
/// Wide enough that no line is cut.
const WIDTH: usize = 500;

/// How clients come in to one of the VPCs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    /// To hosts with public addresses.
    Open,
    /// Through a load balancer.
    Balanced,
}

/// The purposes of hosts in a VPC with an application, each with what it lets in; `@` stands for the VPC.
const APPLICATION: [(&str, &[&str]); 10] = [
    ("edge", &["tcp/443 from 0.0.0.0/0"]),
    ("web", &["tcp/8080 from group @-edge"]),
    // Application servers that can talk to each other: the plain fault.
    (
        "app",
        &[
            "any from group @-app",
            "tcp/8443 from group @-web",
            "tcp/2376 from 10.0.1.0/24",
        ],
    ),
    ("auth", &["tcp/9443 from group @-app"]),
    ("search", &["tcp/9200 from group @-app"]),
    ("queue", &["tcp/5672 from group @-app"]),
    ("cache", &["tcp/6379 from group @-app"]),
    (
        "db",
        &["tcp/5432 from group @-app", "tcp/3306 from group @-batch"],
    ),
    ("batch", &["tcp/8000-9000 from group @-queue"]),
    ("log", &["udp/514 from 10.0.0.0/8"]),
];
/// The same in the VPC that all others peer with.
const SHARED: [(&str, &[&str]); 10] = [
    ("jump", &["tcp/22 from 192.168.0.0/16"]),
    (
        "ci",
        &["tcp/443 from 10.0.0.0/8", "tcp/22 from group @-jump"],
    ),
    ("repository", &["tcp/443 from 10.0.0.0/8"]),
    ("resolver", &["udp/53 from 10.0.0.0/8"]),
    (
        "monitor",
        &["tcp/9090 from 10.0.0.0/8", "tcp/22 from group @-jump"],
    ),
    ("backup", &["tcp/873 from 10.0.0.0/8"]),
    ("directory", &["tcp/389 from 10.0.0.0/8"]),
    ("wiki", &["tcp/443 from 192.168.0.0/16"]),
    ("chat", &["tcp/443 from 192.168.0.0/16"]),
    ("mail", &["tcp/25 from 10.0.0.0/8"]),
];
/// VPCs with an application; the internet comes into the first and the last one.
const APPLICATIONS: [&str; 4] = ["prod", "stage", "test", "dev"];
/// What stands around them.
const AROUND: &str = "
    vgw gateway shared
    customer office
    vpn tunnel vgw gateway customer office static 192.168.0.0/16
    office Sydney 192.168.0.0/16
    igw prod-in prod
    igw dev-in dev
";

/// Five VPCs with ten purposes of hosts each.
fn estate(n_alike: usize, door: Door) -> Snapshot {
    let mut text = "account 111122223333\nregion ap-southeast-2\n".to_owned();
    vpc(&mut text, 0, "shared", &SHARED, n_alike);
    for (number, name) in (1..).zip(APPLICATIONS) {
        vpc(&mut text, number, name, &APPLICATION, n_alike);
        let _ = writeln!(text, "peering shared-{name} shared {name}");
    }
    text += AROUND;
    if door == Door::Balanced {
        text += &balancer(n_alike);
        let edge = "public 198.51.100.";
        text = text.replace(edge, &format!("kind load_balancer {edge}"));
    }
    Topology::parse(&text).unwrap().snapshot()
}

/// A load balancer with the hosts at an edge as its nodes.
fn balancer(n_alike: usize) -> String {
    let nodes: Vec<String> = (0..n_alike).map(|host| name("prod-edge", host)).collect();
    let nodes = nodes.join(",");
    let target = |host| format!("  target {}\n", address(1, 1, host));
    let targets: String = (0..n_alike).map(target).collect();
    format!(
        "balancer shop app prod subnets prod-edge nodes {nodes} groups prod-edge\n\
        listener https/443 webs\n\
        targets webs http/8080 prod ip\n{targets}"
    )
}

fn vpc(text: &mut String, number: usize, vpc: &str, purposes: &[(&str, &[&str])], n_alike: usize) {
    let _ = writeln!(text, "vpc {vpc} 10.{number}.0.0/16\ntable {vpc} {vpc} main");
    let routes = match vpc {
        "shared" => {
            let there = (1..).zip(APPLICATIONS);
            let there =
                there.map(|(there, name)| format!("10.{there}.0.0/16 peering shared-{name}"));
            there
                .chain(["192.168.0.0/16 vgw gateway".to_owned()])
                .collect()
        }
        "prod" | "dev" => vec![
            format!("10.0.0.0/16 peering shared-{vpc}"),
            format!("0.0.0.0/0 igw {vpc}-in"),
        ],
        _ => vec![format!("10.0.0.0/16 peering shared-{vpc}")],
    };
    for route in routes {
        let _ = writeln!(text, "  route {route}");
    }
    for (place, (purpose, rules)) in purposes.iter().enumerate() {
        let _ = writeln!(
            text,
            "subnet {vpc}-{purpose} {vpc} 10.{number}.{place}.0/24"
        );
        let _ = writeln!(text, "group {vpc}-{purpose}\n  out any to any");
        // Whoever sits on a jump host administers everything.
        for rule in rules.iter().chain(&["tcp/22 from 10.0.0.0/24"]) {
            let _ = writeln!(text, "  in {}", rule.replace('@', vpc));
        }
    }
    for (place, (purpose, _)) in purposes.iter().enumerate() {
        let class = format!("{vpc}-{purpose}");
        for host in 0..n_alike {
            let is = match (vpc, *purpose) {
                ("prod", "edge") => format!("public 198.51.100.{}", 10 + host),
                ("dev", "edge") => format!("public 203.0.113.{}", 10 + host),
                (_, "db") => {
                    "managed requester amazon-rds described RDSNetworkInterface".to_owned()
                }
                _ => String::new(),
            };
            let (name, address) = (name(&class, host), address(number, place, host));
            let _ = writeln!(text, "host {name} in {class} {address} {is} groups {class}");
        }
    }
}

fn name(class: &str, host: usize) -> String {
    format!("{class}-{host:03}")
}

fn address(vpc: usize, place: usize, host: usize) -> String {
    format!("10.{vpc}.{place}.{}", 10 + host)
}

/// The internet, the office, or all hosts of a class.
fn selection(landscape: &Landscape<'_>, name: &str) -> Selection {
    match name {
        "internet" => Selection::Internet,
        "Sydney" => {
            let offices = landscape.snapshot().offices();
            Selection::Office(offices.iter().next().unwrap().0)
        }
        class => {
            let hosts = landscape.hosts().filter(|(_, host)| {
                let name = host.owner.name.as_deref();
                name.is_some_and(|name| name.starts_with(class))
            });
            let endpoints = hosts.flat_map(|(_, host)| host.endpoints.clone());
            Selection::Endpoints(endpoints.collect())
        }
    }
}

fn written(view: &impl View) -> String {
    view.text(WIDTH, &Palette::plain())
}

fn blast(landscape: &Landscape<'_>, from: &str) -> String {
    let from = selection(landscape, from);
    let blast = analysis::blast(landscape, &from, &BlastOptions::default());
    written(&report::blast::view(&blast, landscape.snapshot()))
}

fn paths(landscape: &Landscape<'_>, from: &str) -> String {
    let ends = (selection(landscape, from), selection(landscape, "prod-db"));
    let paths = analysis::paths(landscape, &ends.0, &ends.1, &PathOptions::default());
    written(&report::paths::view(&paths, landscape.snapshot()))
}

fn cut(landscape: &Landscape<'_>, from: &str) -> String {
    let ends = (selection(landscape, from), selection(landscape, "prod-db"));
    let options = CutOptions {
        model: PivotModel::AnyService,
        keep: vec![Flow {
            text: "prod-app -> prod-db tcp/5432".to_owned(),
            from: selection(landscape, "prod-app"),
            to: selection(landscape, "prod-db"),
            services: vec!["tcp/5432".parse().unwrap()],
        }],
        weights: BTreeMap::new(),
    };
    let cut = analysis::cut(landscape, &ends.0, &ends.1, &options).unwrap();
    written(&report::cut::view(
        &cut,
        &options.keep,
        landscape.snapshot(),
    ))
}

fn tiers(landscape: &Landscape<'_>) -> String {
    let tiers = analysis::tiers(landscape, &TierOptions::default());
    written(&report::tiers::view(&tiers, landscape))
}

fn score(landscape: &Landscape<'_>) -> String {
    let score = analysis::score(landscape);
    written(&report::score::view(
        &score,
        Weights::default(),
        landscape.snapshot(),
    ))
}

/// A question to a network, answered by a page.
struct Asking {
    name: &'static str,
    ask: fn(&Landscape<'_>) -> String,
    /// How many allocations each further host of a class costs at most: hosts are gathered and told by name. A cut does
    /// so for each network that it tries.
    most_per_host: usize,
}

/// All pages.
const PAGES: [Asking; 9] = [
    page("blast from the internet", 10, |it| blast(it, "internet")),
    page("blast from an office", 10, |it| blast(it, "Sydney")),
    page("blast from a class", 10, |it| blast(it, "stage-web")),
    page("paths from the internet", 100, |it| paths(it, "internet")),
    page("paths from a class", 100, |it| paths(it, "shared-jump")),
    page("cut off the internet", 500, |it| cut(it, "internet")),
    page("cut off a class", 500, |it| cut(it, "shared-ci")),
    page("tiers", 10, tiers),
    page("score", 10, score),
];

const fn page(
    name: &'static str,
    most_per_host: usize,
    ask: fn(&Landscape<'_>) -> String,
) -> Asking {
    Asking {
        name,
        ask,
        most_per_host,
    }
}

/// What answering costs, in counts that no machine changes.
#[derive(Debug, PartialEq, Eq)]
struct Work {
    host_classes: usize,
    engine: engine::RowCounts,
}

/// A page, and the allocations that it took.
struct Asked {
    page: String,
    allocations: usize,
}

/// All pages of a network, and the work for all pairs.
fn ask(snapshot: &Snapshot) -> (Work, Vec<Asked>) {
    let engine = Engine::new(snapshot);
    let work = Work {
        engine: engine.rows().counts(),
        host_classes: Landscape::new(&engine).classes().len(),
    };
    let pages = PAGES.iter().map(|page| {
        let landscape = Landscape::new(&engine);
        let region = Region::new(ALLOCATOR);
        Asked {
            page: (page.ask)(&landscape),
            allocations: region.change().allocations,
        }
    });
    (work, pages.collect())
}

/// Holds a page about few hosts against one about so many times more, word by word. Nothing but numbers of hosts, and of
/// pairs of them, may be larger, and by nothing else than that.
fn hold(name: &str, few: &str, many: &str, times: u64) {
    let words = few.split_whitespace().zip(many.split_whitespace());
    let mut n_larger = 0;
    for (few_word, many_word) in words {
        if few_word != many_word {
            let is_larger = is_times(few_word, many_word, times);
            assert!(is_larger, "{name}: {few_word} {many_word}\n{few}\n{many}");
            n_larger += 1;
        }
    }
    let n_words = |page: &str| page.split_whitespace().count();
    assert_eq!(n_words(few), n_words(many), "{name}\n{few}\n{many}");
    assert!(0 < n_larger, "{name}: no number of hosts in\n{few}");
}

/// Whether a word differs by numbers only, each of which is the same, or of hosts, or of pairs of hosts.
fn is_times(few: &str, many: &str, times: u64) -> bool {
    let others = |word: &str| word.replace(|letter: char| letter.is_ascii_digit(), "");
    let numbers = |word: &str| -> Vec<u64> {
        let runs = word.split(|letter: char| !letter.is_ascii_digit());
        runs.filter_map(|run| run.parse().ok()).collect()
    };
    let (few_numbers, many_numbers) = (numbers(few), numbers(many));
    let mut pairs = few_numbers.iter().zip(&many_numbers);
    others(few) == others(many)
        && few_numbers.len() == many_numbers.len()
        && pairs.all(|(few, many)| [1, times, times * times].iter().any(|it| few * it == *many))
}

/// 100 hosts and 10,000 in 50 classes, and the same where a load balancer names its targets one by one.
fn compare() {
    let (few_work, few) = ask(&estate(FEW, Door::Open));
    let (many_work, many) = ask(&estate(MANY, Door::Open));
    assert_eq!(few_work, many_work);
    assert_eq!(few_work.host_classes, 50);
    let n_more = 50 * (MANY - FEW);
    for ((page, few), many) in PAGES.iter().zip(&few).zip(&many) {
        hold(page.name, &few.page, &many.page, (MANY / FEW) as u64);
        let more = many.allocations.saturating_sub(few.allocations);
        assert!(
            more <= page.most_per_host * n_more,
            "{}: {} allocations became {}",
            page.name,
            few.allocations,
            many.allocations
        );
    }
    let (_, few) = ask(&estate(FEW, Door::Balanced));
    let (_, many) = ask(&estate(BALANCED, Door::Balanced));
    for ((page, few), many) in PAGES.iter().zip(&few).zip(&many) {
        hold(page.name, &few.page, &many.page, (BALANCED / FEW) as u64);
    }
}

#[test]
fn a_page_about_10_000_hosts_is_the_one_about_100_at_nearly_the_same_cost() {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    alone.unwrap().install(compare);
}
