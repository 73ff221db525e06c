//! The heads of Suricata rules.
//!
//! `action protocol source ports -> destination ports (options)`. Options are read only far enough to tell whether they
//! look at the packet.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use packet::{PortRange, Prefix, Protocol};

use super::{FirewallAddresses, FirewallPorts, FirewallProtocol, StatefulAction, StatefulRule};

/// How deep lists in lists are followed.
const MAX_DEPTH: usize = 8;

/// Options that say something about the rule and nothing about the packet.
const REMARKS: [&str; 9] = [
    "msg",
    "sid",
    "rev",
    "gid",
    "classtype",
    "priority",
    "reference",
    "metadata",
    "noalert",
];

/// Values of the option `flow` that hold for the first packet of every flow.
const FLOW_OF_FIRST: [&str; 2] = ["to_server", "from_client"];

/// Protocols of applications, and what carries them.
const APPLICATIONS: &[(&str, &[Protocol])] = &[
    ("http", &[Protocol::TCP]),
    ("http1", &[Protocol::TCP]),
    ("http2", &[Protocol::TCP]),
    ("tls", &[Protocol::TCP]),
    ("ssl", &[Protocol::TCP]),
    ("ssh", &[Protocol::TCP]),
    ("ftp", &[Protocol::TCP]),
    ("ftp-data", &[Protocol::TCP]),
    ("smb", &[Protocol::TCP]),
    ("smtp", &[Protocol::TCP]),
    ("imap", &[Protocol::TCP]),
    ("msn", &[Protocol::TCP]),
    ("tcp-pkt", &[Protocol::TCP]),
    ("tcp-stream", &[Protocol::TCP]),
    ("dns", &[Protocol::TCP, Protocol::UDP]),
    ("dcerpc", &[Protocol::TCP, Protocol::UDP]),
    ("krb5", &[Protocol::TCP, Protocol::UDP]),
    ("ikev2", &[Protocol::UDP]),
    ("ike", &[Protocol::UDP]),
    ("tftp", &[Protocol::UDP]),
    ("ntp", &[Protocol::UDP]),
    ("dhcp", &[Protocol::UDP]),
    ("quic", &[Protocol::UDP]),
];

/// Why a text is not a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    what: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for RuleError {}

impl FromStr for StatefulRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let text = text.trim();
        let (head, options) = match text.split_once('(') {
            Some((head, options)) => (head, options.trim_end().trim_end_matches(')')),
            None => (text, ""),
        };
        let words = words(head);
        let [
            action,
            protocol,
            source,
            source_ports,
            arrow,
            destination,
            destination_ports,
        ] = words.as_slice()
        else {
            let n_words = words.len();
            return Err(RuleError {
                what: format!("a rule has 7 words before its options, not {n_words}"),
            });
        };
        let is_transaction = arrow == "=>";
        Ok(Self {
            action: action_of(action)?,
            protocol: protocol_of(protocol),
            source: FirewallAddresses::read(source),
            source_ports: FirewallPorts::read(source_ports),
            is_both_ways: is_both_ways(arrow)?,
            destination: FirewallAddresses::read(destination),
            destination_ports: FirewallPorts::read(destination_ports),
            is_conditional: is_transaction || split_options(options).any(looks_at_packet),
            text: text.into(),
        })
    }
}

fn action_of(word: &str) -> Result<StatefulAction, RuleError> {
    match word {
        "pass" => Ok(StatefulAction::Pass),
        "drop" | "reject" | "rejectsrc" | "rejectdst" | "rejectboth" => Ok(StatefulAction::Drop),
        "alert" => Ok(StatefulAction::Alert),
        other => Err(RuleError {
            what: format!("`{other}` is not an action of a rule"),
        }),
    }
}

fn is_both_ways(arrow: &str) -> Result<bool, RuleError> {
    match arrow {
        "->" | "=>" => Ok(false),
        "<>" => Ok(true),
        other => Err(RuleError {
            what: format!("`{other}` is not a direction of a rule"),
        }),
    }
}

fn protocol_of(word: &str) -> FirewallProtocol {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "ip" | "any" => FirewallProtocol::Any,
        "tcp" => FirewallProtocol::Of(Protocol::TCP),
        "udp" => FirewallProtocol::Of(Protocol::UDP),
        "icmp" | "icmpv4" => FirewallProtocol::Of(Protocol::ICMP),
        "icmpv6" => FirewallProtocol::Of(Protocol::ICMPV6),
        other => {
            let known = APPLICATIONS.iter().find(|(name, _)| *name == other);
            known.map_or(FirewallProtocol::Unknown, |(_, carriers)| {
                FirewallProtocol::Over(carriers.to_vec())
            })
        }
    }
}

/// The words of a head; a list in brackets is one word, whatever spaces it holds.
fn words(head: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut depth = 0_usize;
    for letter in head.chars() {
        match letter {
            '[' => depth = depth.saturating_add(1),
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !letter.is_whitespace() {
            word.push(letter);
        } else if depth == 0 && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The options, split at semicolons outside of quotes.
fn split_options(text: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    let options = text.split(move |letter: char| {
        let ends = letter == ';' && !is_quoted && !is_escaped;
        if letter == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = letter == '\\' && !is_escaped;
        ends
    });
    options.map(str::trim).filter(|option| !option.is_empty())
}

/// Whether an option restricts the packets that the rule matches.
fn looks_at_packet(option: &str) -> bool {
    let (keyword, value) = option.split_once(':').unwrap_or((option, ""));
    let keyword = keyword.trim();
    let mut values = value.split(',').map(str::trim);
    let is_of_first = keyword == "flow" && values.all(|value| FLOW_OF_FIRST.contains(&value));
    !is_of_first && !REMARKS.contains(&keyword)
}

/// The members of `[a, [b, c], d]`, if the text is a list.
fn members(text: &str) -> Option<Vec<&str>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let mut depth = 0_usize;
    let members = inner.split(move |letter: char| {
        match letter {
            '[' => depth = depth.saturating_add(1),
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    });
    Some(members.map(str::trim).collect())
}

impl FirewallAddresses {
    /// Addresses as a rule writes them: `any`, a block, `!…`, `[…, …]`, `$NAME`, `@NAME`. What is not understood is
    /// [`Self::Unknown`].
    pub fn read(text: &str) -> Self {
        Self::read_in(text.trim(), MAX_DEPTH)
    }

    fn read_in(text: &str, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else {
            return Self::Unknown;
        };
        if let Some(rest) = text.strip_prefix('!') {
            return Self::Not(Box::new(Self::read_in(rest.trim(), depth)));
        }
        if let Some(members) = members(text) {
            let members = members.into_iter();
            return Self::Among(members.map(|member| Self::read_in(member, depth)).collect());
        }
        if text.eq_ignore_ascii_case("any") {
            return Self::Any;
        }
        if let Some(name) = text.strip_prefix('$') {
            return Self::Variable(Arc::from(name));
        }
        if let Some(name) = text.strip_prefix('@') {
            return Self::Reference(Arc::from(name));
        }
        let host = || text.parse().ok().map(Prefix::host);
        let block = Prefix::parse_lenient(text).ok().map(|(block, _)| block);
        block.or_else(host).map_or(Self::Unknown, Self::Block)
    }
}

impl FirewallPorts {
    /// Ports as a rule writes them: `any`, `80`, `1024:`, `:1023`, `[80, 443]`, `!…`, `$NAME`. What is not understood is
    /// [`Self::Unknown`].
    pub fn read(text: &str) -> Self {
        Self::read_in(text.trim(), MAX_DEPTH)
    }

    fn read_in(text: &str, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else {
            return Self::Unknown;
        };
        if let Some(rest) = text.strip_prefix('!') {
            return Self::Not(Box::new(Self::read_in(rest.trim(), depth)));
        }
        if let Some(members) = members(text) {
            let members = members.into_iter();
            return Self::Among(members.map(|member| Self::read_in(member, depth)).collect());
        }
        if text.eq_ignore_ascii_case("any") {
            return Self::Any;
        }
        if let Some(name) = text.strip_prefix('$') {
            return Self::Variable(Arc::from(name));
        }
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let port = |word: &str, open: u16| {
            if word.is_empty() {
                Some(open)
            } else {
                word.parse().ok()
            }
        };
        let range = port(first.trim(), 0)
            .zip(port(last.trim(), u16::MAX))
            .and_then(|(first, last)| PortRange::new(first, last));
        range
            .filter(|_| !text.is_empty())
            .map_or(Self::Unknown, Self::Range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> StatefulRule {
        text.parse().unwrap()
    }

    #[test]
    fn heads_of_rules() {
        let plain = rule(
            "pass tcp 10.0.0.0/8 any -> [192.0.2.0/24, !192.0.2.5] 443 (msg:\"a; b\"; sid:1;)",
        );
        assert_eq!(plain.action, StatefulAction::Pass);
        assert!(!plain.is_conditional && !plain.is_both_ways);
        let block = |text: &str| FirewallAddresses::Block(text.parse().unwrap());
        let except = FirewallAddresses::Not(Box::new(block("192.0.2.5/32")));
        assert_eq!(
            plain.destination,
            FirewallAddresses::Among(vec![block("192.0.2.0/24"), except])
        );
        assert_eq!(
            plain.destination_ports,
            FirewallPorts::Range(PortRange::single(443))
        );
        assert!(rule("drop ip any any <> any any").is_both_ways);
        assert_eq!(
            rule("reject tcp any :1023 -> any 8000:").source_ports,
            FirewallPorts::Range(PortRange::new(0, 1023).unwrap())
        );
    }

    #[test]
    fn options_that_look_at_the_packet() {
        for (options, expected) in [
            ("flow:to_server; sid:1;", false),
            ("flow:established,to_server; sid:1;", true),
            ("content:\"x;y\"; sid:2;", true),
            ("msg:\"content:; geoip\"; sid:3;", false),
            ("geoip:dst,NZ; sid:4;", true),
        ] {
            let text = format!("drop tcp any any -> any any ({options})");
            assert_eq!(rule(&text).is_conditional, expected, "{options}");
        }
    }

    #[test]
    fn what_is_no_rule() {
        for text in [
            "",
            "pass tcp any",
            "allow tcp any any -> any any",
            "pass tcp any any to any any",
        ] {
            assert!(text.parse::<StatefulRule>().is_err(), "{text}");
        }
        assert_eq!(
            FirewallAddresses::read("10.0.0.0-10.0.0.9"),
            FirewallAddresses::Unknown
        );
        let deep = format!("{}10.0.0.0/8{}", "[".repeat(1000), "]".repeat(1000));
        assert!(matches!(
            FirewallAddresses::read(&deep),
            FirewallAddresses::Among(_)
        ));
    }
}
