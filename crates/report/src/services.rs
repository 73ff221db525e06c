//! Services as people name them.

use packet::{Family, PacketSet, PortRange, Protocol, Service, service_name};

/// The services of a set, one text each: `tcp/22`, `udp`, `icmp/echo`; `(IPv6)` behind what only IPv6 has.
///
/// What only IPv4 has is not marked: most networks speak nothing else.
pub(crate) fn list(set: &PacketSet) -> Vec<String> {
    let of = |family: Family| family_list(&set.intersection(&PacketSet::of_family(family)), family);
    let (v4, v6) = (of(Family::V4), of(Family::V6));
    let mut texts = v4.clone();
    let only_v6 = v6
        .into_iter()
        .filter(|text| !v4.contains(text) && !covered(text, &v4));
    texts.extend(only_v6.map(|text| format!("{text} (IPv6)")));
    texts
}

/// Whether a text about IPv6 adds nothing to those about IPv4: ICMPv6 is to IPv6 what ICMP is to IPv4.
fn covered(text: &str, v4: &[String]) -> bool {
    text.strip_prefix("icmpv6")
        .is_some_and(|rest| v4.contains(&format!("icmp{rest}")))
}

fn family_list(set: &PacketSet, family: Family) -> Vec<String> {
    let whole = PacketSet::of_family(family);
    let services = set.services().intersection(&whole);
    if services.is_empty() {
        return Vec::new();
    }
    if services == whole {
        return vec!["any".to_owned()];
    }
    let mut texts = Vec::new();
    let mut rest = services.clone();
    for protocol in [Protocol::TCP, Protocol::UDP] {
        let ports = services.destination_ports(protocol);
        rest = rest.difference(&PacketSet::of_protocol(protocol));
        if ports.is_full() {
            texts.push(protocol.to_string());
            continue;
        }
        texts.extend(ports.intervals().iter().map(|&(first, last)| {
            if first == last {
                format!("{protocol}/{first}")
            } else {
                format!("{protocol}/{first}-{last}")
            }
        }));
    }
    if !rest.is_empty() {
        let text = rest
            .to_string()
            .replace(" (IPv4)", "")
            .replace(" (IPv6)", "")
            .replace("icmp/type 8 code 0", "icmp/echo")
            .replace("icmpv6/type 128 code 0", "icmpv6/echo");
        let others: Vec<&str> = text.split(", ").collect();
        // Everything but a few ports reads better as a few words than as the numbers of all protocols.
        texts.extend(if others.len() > MAX_OTHERS {
            vec![format!("{} other protocols", others.len())]
        } else {
            others.into_iter().map(str::to_owned).collect()
        });
    }
    texts
}

const MAX_OTHERS: usize = 4;

/// The services in one line of at most `limit` items.
pub(crate) fn short(list: &[String], limit: usize) -> String {
    if list.is_empty() {
        return "nothing".to_owned();
    }
    let mut texts: Vec<String> = list.iter().take(limit).map(|text| named(text)).collect();
    if list.len() > limit {
        texts.push(format!("{} more", list.len() - limit));
    }
    texts.join(", ")
}

fn named(text: &str) -> String {
    let (bare, rest) = text
        .split_once(" (")
        .map_or((text, None), |(bare, rest)| (bare, Some(rest)));
    let name = bare
        .parse::<Service>()
        .ok()
        .and_then(|service| service_name(&service));
    let is_well_known = name.filter(|name| !name.ends_with("-alt"));
    let mut shown = is_well_known.map_or_else(|| bare.to_owned(), |name| format!("{bare} {name}"));
    if let Some(rest) = rest {
        shown.push_str(" (");
        shown.push_str(rest);
    }
    shown
}

/// One service of a rule as people write it.
pub(crate) fn of_rule(service: Service) -> String {
    match service {
        // A rule for echo requests names their only code; nobody reads it otherwise than as ping.
        Service::Icmp {
            family,
            kind,
            code: Some(0),
        } if matches!((family, kind), (Family::V4, 8) | (Family::V6, 128)) => Service::Icmp {
            family,
            kind,
            code: None,
        }
        .to_string(),
        Service::Ports { protocol, ports } if ports == PortRange::ALL => protocol.to_string(),
        Service::Any | Service::Protocol(_) | Service::Ports { .. } | Service::Icmp { .. } => {
            service.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(services: &[&str], families: &[Family]) -> PacketSet {
        let all = services
            .iter()
            .map(|text| PacketSet::from(&text.parse::<Service>().unwrap()));
        let all = all.fold(PacketSet::empty(), |all, service| all.union(&service));
        let families = families.iter().map(|family| PacketSet::of_family(*family));
        all.intersection(&families.fold(PacketSet::empty(), |all, family| all.union(&family)))
    }

    fn check(services: &[&str], families: &[Family], expected: &str) {
        assert_eq!(short(&list(&set(services, families)), 9), expected);
    }

    #[test]
    fn services_are_named_as_people_do() {
        check(
            &["tcp/22", "tcp/8000-8100"],
            &Family::ALL,
            "tcp/22 ssh, tcp/8000-8100",
        );
        check(&["any"], &[Family::V4], "any");
        check(&["any"], &Family::ALL, "any");
        check(&["tcp/22"], &[Family::V6], "tcp/22 ssh (IPv6)");
        check(&["tcp/*", "icmp/echo"], &[Family::V4], "tcp, icmp/echo");
        check(&[], &[], "nothing");
    }

    #[test]
    fn long_lists_are_cut() {
        let services = list(&set(&["tcp/1", "tcp/3", "tcp/5"], &Family::ALL));
        assert_eq!(short(&services, 2), "tcp/1, tcp/3, 1 more");
    }
}
