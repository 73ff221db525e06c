//! What a rule or entry speaks about: protocol, ports, ICMP messages.
//!
//! Group rules name protocols, ACL entries number them; here both may do either. `-1` stands for every protocol, every
//! port, every ICMP type or code. Protocols other than TCP, UDP and the two ICMPs ignore ports.

use packet::{Family, PortRange, Protocol, Service};

use crate::log::Problem;

/// The protocol that a text names or numbers; `None` for every protocol.
pub(crate) fn protocol(text: &str) -> Result<Option<Protocol>, Problem> {
    if text == "-1" || text.eq_ignore_ascii_case("all") {
        return Ok(None);
    }
    let numbered = || text.parse().ok().map(Protocol);
    let protocol = Protocol::from_name(text).or_else(numbered);
    let message = || format!("`{text}` is not a protocol: a name, a number from 0 to 255, or -1");
    protocol
        .map(Some)
        .ok_or_else(|| Problem::new("invalid-protocol", message()))
}

/// The destination ports from `first` to `last`, both inclusive; all if neither is told or both are -1.
pub(crate) fn ports(
    protocol: Protocol,
    first: Option<i64>,
    last: Option<i64>,
) -> Result<Service, Problem> {
    let ports = match (first, last) {
        (None | Some(-1), None | Some(-1)) => PortRange::ALL,
        (Some(first), Some(last)) => {
            let backward = || {
                let message = format!("the first port {first} is larger than the last, {last}");
                Problem::new("invalid-port", message)
            };
            PortRange::new(port(first)?, port(last)?).ok_or_else(backward)?
        }
        (Some(_), None) => return Err(Problem::new("invalid-port", "the last port is missing")),
        (None, Some(_)) => return Err(Problem::new("invalid-port", "the first port is missing")),
    };
    Ok(Service::Ports { protocol, ports })
}

fn port(number: i64) -> Result<u16, Problem> {
    let message = || format!("`{number}` is not a port from 0 to 65535");
    u16::try_from(number).map_err(|_| Problem::new("invalid-port", message()))
}

/// The messages of one type and code; all if the type is not told or -1.
pub(crate) fn messages(
    protocol: Protocol,
    kind: Option<i64>,
    code: Option<i64>,
) -> Result<Service, Problem> {
    let family = if protocol == Protocol::ICMPV6 {
        Family::V6
    } else {
        Family::V4
    };
    let number = |what: &str, number: Option<i64>| match number {
        None | Some(-1) => Ok(None),
        Some(number) => {
            let message = || format!("`{number}` is not an ICMP {what} from 0 to 255");
            u8::try_from(number)
                .map(Some)
                .map_err(|_| Problem::new("invalid-icmp", message()))
        }
    };
    let code = number("code", code)?;
    Ok(match number("type", kind)? {
        None => Service::Protocol(protocol),
        Some(kind) => Service::Icmp { family, kind, code },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, first: Option<i64>, last: Option<i64>, expected: &str) {
        let service = protocol(name).and_then(|protocol| match protocol {
            None => Ok(Service::Any),
            Some(protocol) if protocol.has_ports() => ports(protocol, first, last),
            Some(protocol) if protocol.is_icmp() => messages(protocol, first, last),
            Some(protocol) => Ok(Service::Protocol(protocol)),
        });
        let shown = match service {
            Ok(service) => service.to_string(),
            Err(problem) => format!("{problem:?}"),
        };
        assert!(shown.contains(expected), "{shown} is not {expected}");
    }

    #[test]
    fn every_encoding_of_a_service() {
        check("-1", None, None, "any");
        check("-1", Some(-1), Some(-1), "any");
        check("tcp", Some(22), Some(22), "tcp/22");
        check("6", Some(0), Some(65535), "tcp/0-65535");
        check("udp", Some(-1), Some(-1), "udp/0-65535");
        check("17", None, None, "udp/0-65535");
        check("50", Some(7), Some(7), "esp");
        check("icmp", Some(-1), Some(-1), "icmp");
        check("1", Some(8), Some(-1), "icmp/echo");
        check("icmp", Some(3), Some(4), "icmp/type 3 code 4");
        check("icmpv6", None, None, "icmpv6");
        check("58", Some(128), Some(-1), "icmpv6/echo");
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        check(
            "tcp",
            Some(70000),
            Some(70000),
            "`70000` is not a port from 0 to 65535",
        );
        check("tcp", Some(-5), Some(9), "`-5` is not a port");
        check("tcp", Some(9), Some(8), "the first port 9 is larger");
        check("tcp", Some(9), None, "the last port is missing");
        check("icmp", Some(256), None, "`256` is not an ICMP type");
        check("300", None, None, "`300` is not a protocol");
    }
}
