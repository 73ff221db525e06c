//! Rules of groups and entries of ACLs in the words of nftables.

use model::{AclEntry, Direction, NetworkAcl, Verdict};
use packet::{Family, Prefix, Protocol, Service};

/// The match of a service, empty for any.
pub(super) fn service(service: Service) -> String {
    match service {
        Service::Any => String::new(),
        Service::Protocol(protocol) => format!("meta l4proto {} ", protocol.0),
        Service::Ports { protocol, ports } => {
            let name = if protocol == Protocol::TCP {
                "tcp"
            } else {
                "udp"
            };
            format!("{name} dport {}-{} ", ports.first(), ports.last())
        }
        Service::Icmp { family, kind, code } => {
            let (name, number) = match family {
                Family::V4 => ("icmp", Protocol::ICMP.0),
                Family::V6 => ("icmpv6", Protocol::ICMPV6.0),
            };
            let code = code.map_or_else(String::new, |code| format!("{name} code {code} "));
            format!("meta l4proto {number} {name} type {kind} {code}")
        }
    }
}

/// The match of the address of the other side.
pub(super) fn peer(direction: Direction, block: &Prefix) -> String {
    let side = match direction {
        Direction::Ingress => "saddr",
        Direction::Egress => "daddr",
    };
    format!("{} {side} {block} ", word(block.family()))
}

/// The word of `nft` for a family's header.
pub(super) const fn word(family: Family) -> &'static str {
    match family {
        Family::V4 => "ip",
        Family::V6 => "ip6",
    }
}

/// What lets neighbours find each other, which AWS does without packets.
pub(super) const NEIGHBOURS: &str = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept";

/// The chain of one direction of an ACL: returns what it allows, drops the rest.
pub(super) fn chain(acl: &NetworkAcl, direction: Direction, name: &str) -> Vec<String> {
    let mut lines = vec![format!("chain {name} {{")];
    lines.extend(acl.entries(direction).map(entry));
    lines.push("drop".to_owned());
    lines.push("}".to_owned());
    lines
}

fn entry(entry: &AclEntry) -> String {
    let verdict = match entry.verdict {
        Verdict::Allow => "return",
        Verdict::Deny => "drop",
    };
    let peer = peer(entry.direction, &entry.cidr);
    format!("{peer}{}{verdict}", service(entry.service))
}

/// A set of blocks of one family; `None` if there is none.
pub(super) fn blocks_of(blocks: &[Prefix], family: Family) -> Option<String> {
    let words: Vec<String> = blocks
        .iter()
        .filter(|block| block.family() == family)
        .map(Prefix::to_string)
        .collect();
    (!words.is_empty()).then(|| format!("{{ {} }}", words.join(", ")))
}
