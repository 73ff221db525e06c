//! ACLs and groups as diagrams.

use std::collections::BTreeMap;

use biodivine_lib_bdd::Bdd;
use model::{
    AclEntry, Direction, NetworkAcl, ResourceId, RulePeer, SecurityGroup, SecurityGroupRule,
    Snapshot, Verdict,
};
use packet::{Family, Prefix, Protocol, Service};

use super::alphabet::{Alphabet, Field};

/// First packets that an ACL lets pass.
pub(super) fn acl_on_first(alphabet: &Alphabet, acl: &NetworkAcl, direction: Direction) -> Bdd {
    let judged = match direction {
        Direction::Ingress => Field::Source,
        Direction::Egress => Field::Destination,
    };
    first_match(alphabet, acl, direction, |entry| {
        let service = service(alphabet, entry.service);
        alphabet.prefix(judged, &entry.cidr).and(&service)
    })
}

/// First packets whose answers an ACL lets pass, and those that nobody answers.
///
/// Everything is turned around: the source of an answer is the destination of the first packet, its destination port
/// the source port.
pub(super) fn acl_on_reply(alphabet: &Alphabet, acl: &NetworkAcl, direction: Direction) -> Bdd {
    let judged = match direction {
        Direction::Ingress => Field::Destination,
        Direction::Egress => Field::Source,
    };
    let passing = first_match(alphabet, acl, direction, |entry| {
        let answers = answered_by(alphabet, entry.service);
        alphabet.prefix(judged, &entry.cidr).and(&answers)
    });
    passing.or(&alphabet.without_answer())
}

/// What a group allows: by the other end's address, and by the other end's groups.
pub(super) fn group(
    alphabet: &Alphabet,
    snapshot: &Snapshot,
    group: &SecurityGroup,
    direction: Direction,
) -> (Bdd, BTreeMap<ResourceId, Bdd>) {
    let mut by_address = alphabet.none();
    let mut by_group: BTreeMap<ResourceId, Bdd> = BTreeMap::new();
    for rule in group.rules(direction) {
        let service = service(alphabet, rule.service);
        if let RulePeer::Group(named) = &rule.peer {
            if !named.is_stale {
                let slot = by_group.entry(named.group.id().clone());
                let allowed = slot.or_insert_with(|| alphabet.none());
                *allowed = allowed.or(&service);
            }
            continue;
        }
        for block in blocks(snapshot, rule) {
            let field = match direction {
                Direction::Ingress => Field::Source,
                Direction::Egress => Field::Destination,
            };
            by_address = by_address.or(&alphabet.prefix(field, &block).and(&service));
        }
    }
    (by_address, by_group)
}

/// The blocks that a rule names. A list without entries has none: pairs that meet one are not asked.
fn blocks(snapshot: &Snapshot, rule: &SecurityGroupRule) -> Vec<Prefix> {
    match &rule.peer {
        RulePeer::Cidr(cidr) => vec![*cidr],
        RulePeer::Group(_) => Vec::new(),
        RulePeer::PrefixList(link) => {
            let list = link
                .target()
                .map(|index| snapshot.prefix_lists().get(index));
            list.and_then(|list| list.entries.clone())
                .unwrap_or_default()
        }
    }
}

/// Folds the entries from the last to the first: each decides where it matches, else what is behind it.
fn first_match(
    alphabet: &Alphabet,
    acl: &NetworkAcl,
    direction: Direction,
    matches: impl Fn(&AclEntry) -> Bdd,
) -> Bdd {
    let entries: Vec<&AclEntry> = acl.entries(direction).collect();
    let mut passing = alphabet.none();
    for entry in entries.into_iter().rev() {
        let decided = matches(entry);
        passing = match entry.verdict {
            Verdict::Allow => passing.or(&decided),
            Verdict::Deny => passing.and_not(&decided),
        };
    }
    passing
}

/// Packets of a service.
fn service(alphabet: &Alphabet, service: Service) -> Bdd {
    match service {
        Service::Any => alphabet.all(),
        Service::Protocol(protocol) => alphabet.protocol(protocol),
        Service::Ports { protocol, ports } => ported(
            alphabet,
            protocol,
            Field::Service,
            ports.first(),
            ports.last(),
        ),
        Service::Icmp { family, kind, code } => alphabet.message(icmp_of(family), kind, code),
    }
}

/// First packets whose answers are of a service.
fn answered_by(alphabet: &Alphabet, service: Service) -> Bdd {
    match service {
        Service::Any => alphabet.all(),
        Service::Protocol(protocol) => alphabet.protocol(protocol),
        Service::Ports { protocol, ports } => ported(
            alphabet,
            protocol,
            Field::SourcePort,
            ports.first(),
            ports.last(),
        ),
        Service::Icmp { family, kind, code } => {
            let (request, answer) = match family {
                Family::V4 => (8, 0),
                Family::V6 => (128, 129),
            };
            if kind != answer || code.is_some_and(|code| code != 0) {
                return alphabet.none();
            }
            alphabet.message(icmp_of(family), request, None)
        }
    }
}

fn ported(alphabet: &Alphabet, protocol: Protocol, field: Field, first: u16, last: u16) -> Bdd {
    if !protocol.has_ports() {
        return alphabet.none();
    }
    alphabet
        .protocol(protocol)
        .and(&alphabet.range(field, first..=last))
}

const fn icmp_of(family: Family) -> Protocol {
    match family {
        Family::V4 => Protocol::ICMP,
        Family::V6 => Protocol::ICMPV6,
    }
}
