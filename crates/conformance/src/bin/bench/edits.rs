//! Edits of a network, and what they change.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use analysis::Difference;
use engine::Engine;
use ingest::Cache;
use model::{Change, Direction, RuleName, SecurityGroupRule, Snapshot};
use testkit::{Random, random_change};

use crate::Result;
use crate::figures::{tell, tell_time};

/// So many edits of each kind are made, as long as there is time.
const EDITS: usize = 1_000;
/// So many draws are made for them: a rule may be there already.
const DRAWS: usize = 20 * EDITS;
/// No kind takes longer.
const TIME: Duration = Duration::from_secs(30);

/// A way to edit a network.
type Draw = fn(&Snapshot, &mut Random) -> Option<Change>;

/// The kinds of edits that touch rules of groups.
const OF_RULES: [(&str, Draw); 4] = [
    ("add ingress", |snapshot, random| {
        added(snapshot, random, Direction::Ingress)
    }),
    ("remove ingress", |snapshot, random| {
        removed(snapshot, random, Direction::Ingress)
    }),
    ("add egress", |snapshot, random| {
        added(snapshot, random, Direction::Egress)
    }),
    ("remove egress", |snapshot, random| {
        removed(snapshot, random, Direction::Egress)
    }),
];

/// All other kinds.
const OTHERS: [(&str, Draw); 6] = [
    ("membership", |snapshot, random| {
        any(snapshot, random, |change| {
            matches!(
                change,
                Change::PutOnGroup { .. } | Change::TakeOffGroup { .. }
            )
        })
    }),
    ("entry", |snapshot, random| {
        any(snapshot, random, |change| {
            matches!(
                change,
                Change::AddEntry { .. } | Change::ReplaceEntry { .. } | Change::RemoveEntry { .. }
            )
        })
    }),
    ("route", |snapshot, random| {
        any(snapshot, random, |change| {
            matches!(
                change,
                Change::AddRoute { .. } | Change::ReplaceRoute { .. } | Change::RemoveRoute { .. }
            )
        })
    }),
    ("attachment", |snapshot, random| {
        any(snapshot, random, |change| {
            matches!(
                change,
                Change::AssociateAttachment { .. }
                    | Change::DisassociateAttachment { .. }
                    | Change::Propagate { .. }
                    | Change::StopPropagation { .. }
                    | Change::AddTransitRoute { .. }
                    | Change::RemoveTransitRoute { .. }
                    | Change::AddAttachment(_)
                    | Change::RemoveAttachment(_)
            )
        })
    }),
    ("interface", |snapshot, random| {
        any(snapshot, random, |change| {
            matches!(change, Change::AddInterface(_) | Change::RemoveInterface(_))
        })
    }),
    ("subnet", |snapshot, random| {
        any(snapshot, random, |change| {
            matches!(change, Change::AddSubnet(_) | Change::RemoveSubnet(_))
        })
    }),
];

/// What figures call edits of rules of any kind.
const ALL_OF_RULES: &str = "all of rules";

/// What figures call the kinds of edits.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let of_rules = OF_RULES.iter().map(|(name, _)| *name);
    let others = OTHERS.iter().map(|(name, _)| *name);
    of_rules.chain([ALL_OF_RULES]).chain(others)
}

/// Measures edits: the changed network, its answers, and the difference.
pub(crate) fn measure(engine: &Engine<'_>) {
    let mut random = Random::new(7);
    let mut all = Vec::new();
    for (name, draw) in OF_RULES {
        let spent = edits(engine, draw, &mut random);
        all.extend(&spent);
        quantiles(name, spent);
    }
    quantiles(ALL_OF_RULES, all);
    for (name, draw) in OTHERS {
        let spent = edits(engine, draw, &mut random);
        quantiles(name, spent);
    }
}

/// How long edits of a kind take.
fn edits(engine: &Engine<'_>, draw: Draw, random: &mut Random) -> Vec<Duration> {
    let started = Instant::now();
    let mut spent = Vec::new();
    for _ in 0..DRAWS {
        if spent.len() == EDITS || started.elapsed() > TIME {
            break;
        }
        let change = draw(engine.snapshot(), random);
        spent.extend(change.and_then(|change| edit(engine, &change)));
    }
    spent
}

/// How long it takes to make a change and to tell what it does; `None` if it cannot be made.
fn edit(engine: &Engine<'_>, change: &Change) -> Option<Duration> {
    let started = Instant::now();
    let after = engine.snapshot().with([change]).ok()?;
    let new = engine.after(&after, [change]);
    black_box(Difference::between(engine, &new));
    Some(started.elapsed())
}

/// A change of a kind.
fn any(
    snapshot: &Snapshot,
    random: &mut Random,
    is_meant: impl Fn(&Change) -> bool,
) -> Option<Change> {
    let changes = (0..DRAWS).filter_map(|_| random_change(snapshot, random));
    changes.into_iter().find(is_meant)
}

fn quantiles(name: &str, mut spent: Vec<Duration>) {
    spent.sort_unstable();
    tell(&format!("{name} edits"), spent.len() as u64);
    for percent in [50, 90, 99] {
        if let Some(at) = spent.get(spent.len() * percent / 100) {
            tell_time(&format!("{name} p{percent}"), *at);
        }
    }
}

/// A rule that some group has, put into another.
fn added(snapshot: &Snapshot, random: &mut Random, direction: Direction) -> Option<Change> {
    let groups = snapshot.groups().rows();
    let (group, other) = (random.below(groups.len()), random.below(groups.len()));
    let rules = groups.get(other)?.rules(direction);
    let rule = choose(rules, random)?.clone();
    let group = groups.get(group)?.id.clone();
    Some(Change::AddRule { group, rule })
}

fn removed(snapshot: &Snapshot, random: &mut Random, direction: Direction) -> Option<Change> {
    let groups = snapshot.groups().rows();
    let group = groups.get(random.below(groups.len()))?;
    let rule = choose(group.rules(direction), random)?;
    Some(Change::RemoveRule(RuleName::of(group.id.clone(), rule)))
}

fn choose<'s>(
    rules: impl Iterator<Item = &'s SecurityGroupRule>,
    random: &mut Random,
) -> Option<&'s SecurityGroupRule> {
    let rules: Vec<&SecurityGroupRule> = rules.collect();
    if rules.is_empty() {
        return None;
    }
    rules.get(random.below(rules.len())).copied()
}

/// Measures keeping a snapshot, and reading what was kept.
pub(crate) fn cache(folder: &Path) -> Result {
    let place = folder.with_extension("kept");
    let cache = Cache::new(&place).of_any_size();
    for name in ["keep", "warm"] {
        let started = Instant::now();
        black_box(cache.load(&[PathBuf::from(folder)], Vec::new())?);
        tell_time(name, started.elapsed());
    }
    std::fs::remove_dir_all(place)?;
    Ok(())
}
