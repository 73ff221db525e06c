//! Packet sets as people write rules.

use std::fmt;

use crate::diagram::{Diagram, Level};
use crate::interval::Field;
use crate::{Family, PacketSet, Protocol, Service};

/// Prints services first: `tcp/22, tcp/8000-8100`, then, where they restrict, client ports and addresses.
impl fmt::Display for PacketSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.diagram {
            Diagram::Empty => f.write_str("nothing"),
            Diagram::Full => f.write_str("any"),
            Diagram::Node(_) => f.write_str(&describe(self).join(", ")),
        }
    }
}

/// One text for each group of kinds that behave alike.
fn describe(set: &PacketSet) -> Vec<String> {
    let of = |family: Family| family_parts(&set.diagram, family);
    let (v4, v6) = (of(Family::V4), of(Family::V6));
    if v4 == v6 {
        return v4.into_iter().map(|(_, text)| text).collect();
    }
    let mut texts = Vec::new();
    for (kinds, text) in &v4 {
        let both = v6.contains(&(*kinds, text.clone()));
        texts.push(if both {
            text.clone()
        } else {
            format!("{text} (IPv4)")
        });
    }
    let only_v6 = v6.iter().filter(|part| !v4.contains(part));
    texts.extend(only_v6.map(|(_, text)| format!("{text} (IPv6)")));
    texts
}

/// The protocols of one family with the texts of what is in the set.
fn family_parts(diagram: &Diagram, family: Family) -> Vec<((u128, u128), String)> {
    let offset = crate::packet_set::kind(family, Protocol(0));
    let mut runs: Vec<(u128, u128, Diagram)> = Vec::new();
    for protocol in 0..256 {
        let next = diagram.follow(offset + protocol);
        match runs.last_mut() {
            // TCP, UDP and ICMP read their fields differently: a run of protocols never spans them,
            // except where all fields are free.
            Some((_, last, before)) if before == next && *next == Diagram::Full => *last = protocol,
            _ if *next == Diagram::Empty => runs.push((protocol, protocol, Diagram::Empty)),
            _ => runs.push((protocol, protocol, next.clone())),
        }
    }
    let runs = runs
        .into_iter()
        .filter(|(_, _, next)| *next != Diagram::Empty);
    runs.flat_map(|(first, last, next)| {
        run_texts(first, last, &next, family)
            .into_iter()
            .map(move |text| ((first, last), text))
    })
    .collect()
}

fn run_texts(first: u128, last: u128, diagram: &Diagram, family: Family) -> Vec<String> {
    let protocol = |number: u128| Protocol(u8::try_from(number).unwrap_or(u8::MAX));
    if first < last {
        let all = (first, last) == (0, 255);
        return vec![if all {
            "any".to_owned()
        } else {
            format!("protocols {first}-{last}")
        }];
    }
    let protocol = protocol(first);
    let services = diagram.intervals(Level::Service.last(family));
    let services = services
        .into_iter()
        .filter(|(_, _, next)| *next != Diagram::Empty);
    services
        .map(|(first, last, next)| {
            service_text(protocol, first, last) + &restrictions(&next, family)
        })
        .collect()
}

fn service_text(protocol: Protocol, first: u128, last: u128) -> String {
    if (first, last) == (0, u128::from(u16::MAX)) {
        return protocol.to_string();
    }
    if protocol.is_icmp() {
        return icmp_text(protocol, first, last);
    }
    if first == last {
        format!("{protocol}/{first}")
    } else {
        format!("{protocol}/{first}-{last}")
    }
}

fn icmp_text(protocol: Protocol, first: u128, last: u128) -> String {
    let family = if protocol == Protocol::ICMPV6 {
        Family::V6
    } else {
        Family::V4
    };
    let (kind, code) = (
        u8::try_from(first >> 8).unwrap_or(u8::MAX),
        u8::try_from(first & 255).unwrap_or(0),
    );
    let last_kind = last >> 8;
    if first == last {
        return Service::Icmp {
            family,
            kind,
            code: Some(code),
        }
        .to_string();
    }
    if (first & 255, last & 255) == (0, 255) {
        let single = u128::from(kind) == last_kind;
        let one = Service::Icmp {
            family,
            kind,
            code: None,
        }
        .to_string();
        return if single {
            one
        } else {
            format!("{protocol}/types {kind}-{last_kind}")
        };
    }
    format!(
        "{protocol}/type {kind} code {code} to type {last_kind} code {}",
        last & 255
    )
}

/// What the set demands of client ports and addresses, as a suffix; empty if nothing.
fn restrictions(diagram: &Diagram, family: Family) -> String {
    if *diagram == Diagram::Full {
        return String::new();
    }
    let ports = diagram.intervals(Level::SourcePort.last(family));
    let ports: Vec<_> = ports
        .into_iter()
        .filter(|(_, _, next)| *next != Diagram::Empty)
        .collect();
    let mut text = String::new();
    if !matches!(ports.as_slice(), [(0, last, _)] if *last == u128::from(<u16 as Field>::MAX)) {
        let ranges: Vec<String> = ports
            .iter()
            .map(|(first, last, _)| range_text(*first, *last))
            .collect();
        text.push_str(" from client ports ");
        text.push_str(&ranges.join(" "));
    }
    if ports.iter().any(|(_, _, next)| *next != Diagram::Full) {
        text.push_str(" for some addresses");
    }
    text
}

fn range_text(first: u128, last: u128) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    }
}
