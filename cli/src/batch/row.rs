//! One row of a batch.

use std::fmt;
use std::net::IpAddr;

use csv::ByteRecord;
use packet::{Family, Protocol};
use trace::{Message, Question};

use super::{ANSWER_COLUMNS, BatchError, COLUMNS};
use crate::nearest::{nearest, suggestion};

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The number of the sender's selector.
    pub src: usize,
    /// The number of the receiver's selector.
    pub dst: usize,
    /// What is asked.
    pub asked: Asked,
    /// The line of the file, counted from one.
    pub line: u64,
}

/// What a row asks: a protocol with its port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// A TCP or UDP port.
    Port(Protocol, u16),
    /// An echo in the family of the addresses. `None` for both families: `icmp` alone says no more.
    Echo(Option<Family>),
    /// A protocol without ports.
    Other(Protocol),
}

impl Asked {
    pub(super) fn parse(fields: &Fields<'_>) -> Result<Self, BatchError> {
        let protocol = protocol(fields.proto)
            .map_err(|message| BatchError::field(fields.line, "proto", message))?;
        let wrong = |message: String| BatchError::field(fields.line, "dport", message);
        if protocol.has_ports() {
            return match fields.dport {
                "" => Err(wrong(format!(
                    "empty: {protocol} needs a port from 0 to 65535"
                ))),
                port => port
                    .parse()
                    .map(|port| Self::Port(protocol, port))
                    .map_err(|_| wrong(format!("`{port}` is not a port from 0 to 65535"))),
            };
        }
        if !fields.dport.is_empty() {
            let meaning = if protocol.is_icmp() {
                ", and means an echo"
            } else {
                ""
            };
            return Err(wrong(format!(
                "`{}` where nothing belongs: {protocol} has no ports{meaning}",
                fields.dport
            )));
        }
        Ok(match protocol {
            Protocol::ICMP => Self::Echo(None),
            Protocol::ICMPV6 => Self::Echo(Some(Family::V6)),
            other => Self::Other(other),
        })
    }

    /// The question for one receiver; `None` if it cannot be asked in the family of the address.
    pub fn question(self, destination: IpAddr) -> Option<Question> {
        match self {
            Self::Port(protocol, port) => Some(Question {
                destination,
                protocol,
                message: Message::Port(port),
            }),
            Self::Echo(family) if family.is_none_or(|family| family == Family::of(destination)) => {
                Some(Question::echo(destination))
            }
            Self::Echo(_) => None,
            Self::Other(protocol) => Some(Question {
                destination,
                protocol,
                message: Message::Other,
            }),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(protocol, port) => write!(f, "{protocol}/{port}"),
            Self::Echo(None) => f.write_str("icmp/echo"),
            Self::Echo(Some(_)) => f.write_str("icmpv6/echo"),
            Self::Other(protocol) => protocol.fmt(f),
        }
    }
}

fn protocol(text: &str) -> Result<Protocol, String> {
    let known = Protocol::from_name(text);
    let number = || text.trim_start_matches("proto/").parse().ok().map(Protocol);
    known.or_else(number).ok_or_else(|| {
        let meant = suggestion(text, ["tcp", "udp", "icmp", "icmpv6"]);
        let advice = if meant.is_empty() {
            ": write tcp, udp, icmp, or a protocol number".to_owned()
        } else {
            meant
        };
        format!("`{text}` is not a protocol{advice}")
    })
}

/// Where the columns stand.
#[derive(Debug)]
pub(super) struct Columns {
    /// The numbers of [`COLUMNS`].
    numbers: [usize; 4],
}

/// The fields of one record, blanks around them taken off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) src: &'a str,
    pub(super) dst: &'a str,
    pub(super) proto: &'a str,
    pub(super) dport: &'a str,
    pub(super) line: u64,
}

impl Columns {
    pub(super) fn find(header: &ByteRecord) -> Result<Self, BatchError> {
        let names: Vec<String> = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_lowercase())
            .collect();
        if names.iter().all(String::is_empty) {
            let message = format!(
                "the file is empty: the first line names the columns, `{}`",
                COLUMNS.join(",")
            );
            return Err(BatchError::header(message));
        }
        let taken = |name: &&str| names.iter().any(|known| known == *name);
        if let Some(name) = ANSWER_COLUMNS.iter().find(|name| taken(name)) {
            let message = format!(
                "a column is named `{name}`, which the answers are written to: rename or remove it"
            );
            return Err(BatchError::header(message));
        }
        let mut numbers = [0; 4];
        for (number, wanted) in numbers.iter_mut().zip(COLUMNS) {
            let mut found = names.iter().enumerate().filter(|(_, name)| *name == wanted);
            *number = found
                .next()
                .map(|(number, _)| number)
                .ok_or_else(|| missing(wanted, &names))?;
            if found.next().is_some() {
                return Err(BatchError::header(format!(
                    "two columns are named `{wanted}`"
                )));
            }
        }
        Ok(Self { numbers })
    }

    pub(super) fn fields<'a>(&self, record: &'a ByteRecord) -> Result<Fields<'a>, BatchError> {
        let line = record.position().map_or(0, csv::Position::line);
        let mut texts = [""; 4];
        for ((text, number), column) in texts.iter_mut().zip(self.numbers).zip(COLUMNS) {
            let field = record.get(number).unwrap_or_default();
            *text = std::str::from_utf8(field)
                .map_err(|_| BatchError::field(line, column, "not UTF-8"))?
                .trim();
        }
        let [src, dst, proto, dport] = texts;
        Ok(Fields {
            src,
            dst,
            proto,
            dport,
            line,
        })
    }
}

/// What is said of a column that is not there.
fn missing(wanted: &str, names: &[String]) -> BatchError {
    let others = names
        .iter()
        .map(String::as_str)
        .filter(|name| !COLUMNS.contains(name));
    let advice = if names.iter().any(|name| name.contains([';', '\t'])) {
        "; separate them by commas".to_owned()
    } else {
        synonym(wanted, names)
            .or_else(|| nearest(wanted, others))
            .map_or_else(String::new, |name| {
                format!("; `{name}` may be meant for it")
            })
    };
    let all = COLUMNS.join(",");
    let message = format!(
        "no column `{wanted}`: the first line names the columns, `{all}` and any others{advice}"
    );
    BatchError::header(message)
}

/// What other tools call a column.
fn synonym<'a>(wanted: &str, names: &'a [String]) -> Option<&'a str> {
    let words: &[&str] = match wanted {
        "src" => &["source", "from", "src_ip", "srcaddr"],
        "dst" => &["dest", "destination", "to", "target", "dst_ip", "dstaddr"],
        "proto" => &["protocol"],
        _ => &["port", "dst_port", "dstport", "destination_port"],
    };
    names
        .iter()
        .map(String::as_str)
        .find(|name| words.contains(name))
}
