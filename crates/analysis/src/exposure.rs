//! What a network outside can reach.

use std::collections::BTreeMap;

use engine::ClassId;
use model::Endpoint;
use packet::{Family, Prefix};

use crate::answer::Answer;
use crate::host::{Cell, HostClassId, HostId};
use crate::landscape::{Landscape, Selection};
use crate::owner::Nature;
use crate::reach::answer_between;
use crate::subject::Subject;
use crate::through::{Through, all_through};
use crate::whence::Whence;
use crate::witness::{Claim, Witness, witness};

/// What a network outside, or any other party, can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Who reaches.
    pub from: Subject,
    /// What it reaches, the widest first.
    pub rows: Vec<Exposed>,
    /// What it reaches through load balancers and the like.
    pub through: Vec<Through>,
}

/// Hosts of one class that can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// The hosts.
    pub to: Subject,
    /// From which part of the network outside.
    pub whence: Whence,
    /// By which packets.
    pub answer: Answer,
    /// A packet that proves what is certain; else one for what is undetermined; else one for what is one-way.
    pub witness: Option<Witness>,
}

/// What a party can reach, in classes of hosts.
pub fn exposure(landscape: &Landscape<'_>, from: &Selection) -> Exposure {
    let mut found: BTreeMap<(HostClassId, Whence, Answer), Vec<HostId>> = BTreeMap::new();
    let sources = match from {
        Selection::Internet => landscape.internet(),
        Selection::Office(office) => landscape.office(*office),
        Selection::Endpoints(_) => Vec::new(),
    };
    for (id, cell) in landscape
        .cells()
        .filter(|(_, cell)| cell.role.nature() != Nature::Inert)
    {
        for (whence, answer, hosts) in parts(landscape, from, &sources, cell) {
            let key = (landscape.class_of_cell(id), whence, answer);
            found.entry(key).or_default().extend(hosts);
        }
    }
    let senders = landscape.endpoints(from);
    let mut rows: Vec<Exposed> = found
        .into_iter()
        .map(|((class, whence, answer), hosts)| {
            let senders = within(landscape, &senders, &whence);
            let receivers = landscape.receivers(&hosts);
            let claim = Claim::of(&answer);
            let proof = claim.and_then(|claim| {
                witness(
                    landscape,
                    &senders,
                    &receivers,
                    claim,
                    claim.packets(&answer),
                )
            });
            Exposed {
                to: landscape.subject(class, &hosts),
                whence,
                answer,
                witness: proof,
            }
        })
        .collect();
    rows.sort_by_key(|row| {
        (
            row.answer.certain.is_empty(),
            row.answer.undetermined.is_empty(),
            rank(row),
        )
    });
    let subject = landscape.selection_subject(from);
    Exposure {
        through: all_through(landscape, &subject, &senders),
        from: subject,
        rows,
    }
}

/// Prizes before hosts before what passes on; then many before few.
fn rank(row: &Exposed) -> (usize, std::cmp::Reverse<usize>, String) {
    let nature = match row.to.kind {
        crate::SubjectKind::Hosts(role) => role.nature(),
        crate::SubjectKind::Internet
        | crate::SubjectKind::Office(_)
        | crate::SubjectKind::Addresses => Nature::Inert,
    };
    let order = match nature {
        Nature::Prize => 0,
        Nature::Pivot => 1,
        Nature::Through => 2,
        Nature::Inert => 3,
    };
    (
        order,
        std::cmp::Reverse(row.to.members.len()),
        row.to.name.clone(),
    )
}

/// What the hosts of a cell can be reached by, for each part of the network outside that is treated apart.
fn parts(
    landscape: &Landscape<'_>,
    from: &Selection,
    sources: &[ClassId],
    cell: &Cell,
) -> Vec<(Whence, Answer, Vec<HostId>)> {
    if let Selection::Endpoints(endpoints) = from {
        return from_endpoints(landscape, endpoints, cell);
    }
    let mut everywhere = Answer::nothing();
    let mut special: BTreeMap<Answer, Vec<Prefix>> = BTreeMap::new();
    for family in Family::ALL {
        let answers = answers(landscape, sources, cell, family);
        let mut all = answers.iter().map(|(_, answer)| answer.clone());
        let common = all
            .next()
            .map(|first| all.fold(first, |common, answer| common.intersection(&answer)));
        let common = common.unwrap_or(Answer::nothing());
        for (block, answer) in answers {
            let more = answer.difference(&common);
            if !more.is_nothing() {
                special.entry(more).or_default().extend(block);
            }
        }
        everywhere = everywhere.union(&common);
    }
    let special = special
        .into_iter()
        .map(|(answer, blocks)| (Whence::Blocks(blocks), answer));
    let everywhere = (!everywhere.is_nothing()).then_some((Whence::Anywhere, everywhere));
    everywhere
        .into_iter()
        .chain(special)
        .map(|(whence, answer)| (whence, answer, cell.hosts.clone()))
        .collect()
}

/// The answer for each class of the network outside that speaks a family.
fn answers(
    landscape: &Landscape<'_>,
    sources: &[ClassId],
    cell: &Cell,
    family: Family,
) -> Vec<(Option<Prefix>, Answer)> {
    let classes = sources
        .iter()
        .map(|id| (*id, landscape.engine().class(*id)));
    let speaks = |endpoints: &[Endpoint]| {
        endpoints
            .first()
            .is_some_and(|endpoint| Family::of(endpoint.address()) == family)
    };
    let speaking = classes.filter(|(_, class)| speaks(&class.endpoints));
    speaking
        .map(|(id, class)| (class.block, landscape.union_of(&[id], &cell.targets)))
        .collect()
}

fn from_endpoints(
    landscape: &Landscape<'_>,
    endpoints: &[Endpoint],
    cell: &Cell,
) -> Vec<(Whence, Answer, Vec<HostId>)> {
    let is_sender = |host: &HostId| {
        endpoints
            .iter()
            .all(|endpoint| landscape.host_of(endpoint) == Some(*host))
    };
    let hosts: Vec<HostId> = cell
        .hosts
        .iter()
        .copied()
        .filter(|host| !is_sender(host))
        .collect();
    let answer = answer_between(landscape, endpoints, &landscape.receivers(&hosts));
    if answer.is_nothing() {
        Vec::new()
    } else {
        vec![(Whence::Anywhere, answer, hosts)]
    }
}

/// The senders that a part of the network stands for.
fn within(landscape: &Landscape<'_>, senders: &[Endpoint], whence: &Whence) -> Vec<Endpoint> {
    let Whence::Blocks(blocks) = whence else {
        return senders.to_vec();
    };
    let of_block = |endpoint: &&Endpoint| {
        let class = landscape
            .engine()
            .class_of(endpoint)
            .map(|id| landscape.engine().class(id));
        class
            .and_then(|class| class.block)
            .is_some_and(|block| blocks.contains(&block))
    };
    senders.iter().filter(of_block).copied().collect()
}
