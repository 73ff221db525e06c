//! Edits of a network, and what they change.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use analysis::Difference;
use engine::Engine;
use ingest::Cache;
use model::{Change, Direction, RuleName, SecurityGroupRule, Snapshot};
use testkit::Random;

use crate::Result;
use crate::figures::{tell, tell_time};

/// So many edits of each kind are made.
const EDITS: usize = 1_000;
/// So many draws are made for them: a rule may be there already.
const DRAWS: usize = 20 * EDITS;

/// A way to edit a rule.
type Draw = fn(&Snapshot, &mut Random) -> Option<Change>;

/// The kinds of edits that touch rules of groups.
const KINDS: [(&str, Draw); 4] = [
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

/// Measures edits of rules: the changed network, its answers, and the difference.
pub(crate) fn measure(engine: &Engine<'_>) {
    let mut random = Random::new(7);
    let mut all = Vec::new();
    for (name, draw) in KINDS {
        let mut spent = Vec::new();
        for _ in 0..DRAWS {
            let change = draw(engine.snapshot(), &mut random);
            spent.extend(change.and_then(|change| edit(engine, &change)));
            if spent.len() == EDITS {
                break;
            }
        }
        all.extend(&spent);
        quantiles(name, spent);
    }
    quantiles("edit", all);
}

/// How long it takes to make a change and to tell what it does; `None` if it cannot be made.
fn edit(engine: &Engine<'_>, change: &Change) -> Option<Duration> {
    let started = Instant::now();
    let after = engine.snapshot().with([change]).ok()?;
    let new = engine.with_rules_of(&after)?;
    black_box(Difference::between(engine, &new));
    Some(started.elapsed())
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

/// Measures a change that touches more than rules: everything is found out twice, from nothing.
pub(crate) fn other(snapshot: &Snapshot) -> Result {
    let acl = snapshot.acls().rows().iter().find_map(|acl| {
        let entry = acl.entries.iter().find(|entry| entry.number < 32_767)?;
        Some((acl.id.clone(), entry))
    });
    let Some((acl, entry)) = acl else {
        return Ok(());
    };
    let (direction, number) = (entry.direction, entry.number);
    let started = Instant::now();
    let after = snapshot.with([&Change::RemoveEntry {
        acl,
        direction,
        number,
    }])?;
    black_box(analysis::difference(snapshot, &after));
    tell_time("difference", started.elapsed());
    Ok(())
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
