//! What runs in each place of a lab: answers on its addresses, and sends what it is told to.
//!
//! It is told `NUMBER tcp|udp|echo SOURCE PORT DESTINATION PORT MILLISECONDS`, a line each, and tells `NUMBER` and the
//! outcome. Answers carry the name of the place, so that one from the wrong place is seen. It ends with its input.

use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};

use super::probes::Outcome;

/// Where an agent listens.
#[derive(Debug, Clone)]
pub struct Listens {
    /// The name that it answers with.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// TCP ports.
    pub tcp: Vec<u16>,
    /// UDP ports.
    pub udp: Vec<u16>,
}

impl Listens {
    /// As arguments of a program.
    pub fn arguments(&self) -> [String; 4] {
        [
            self.name.clone(),
            words(&self.addresses),
            words(&self.tcp),
            words(&self.udp),
        ]
    }

    /// From arguments of a program; `None` if they are not such.
    pub fn read(arguments: &[String]) -> Option<Self> {
        let [name, addresses, tcp, udp] = arguments else {
            return None;
        };
        Some(Self {
            name: name.clone(),
            addresses: values(addresses)?,
            tcp: values(tcp)?,
            udp: values(udp)?,
        })
    }
}

fn words<T: ToString>(items: &[T]) -> String {
    let words: Vec<String> = items.iter().map(ToString::to_string).collect();
    words.join(",")
}

fn values<T: std::str::FromStr>(text: &str) -> Option<Vec<T>> {
    let words = text.split(',').filter(|word| !word.is_empty());
    words.map(|word| word.parse().ok()).collect()
}

/// Listens, says `ready`, and sends what it is told to until its input ends.
///
/// # Errors
///
/// If a port cannot be listened on, or the output is closed.
pub fn run(listens: &Listens) -> io::Result<()> {
    for &port in &listens.tcp {
        let listener = TcpListener::bind(("::", port))?;
        let name = listens.name.clone();
        thread::spawn(move || serve_tcp(&listener, &name));
    }
    for &address in &listens.addresses {
        for &port in &listens.udp {
            let socket = UdpSocket::bind((address, port))?;
            let name = listens.name.clone();
            thread::spawn(move || serve_udp(&socket, &name));
        }
    }
    tell("ready")?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        thread::spawn(move || obey(&line));
    }
    Ok(())
}

/// One line on standard output, whole, whoever else speaks.
fn tell(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes())?;
    out.flush()
}

fn serve_tcp(listener: &TcpListener, name: &str) {
    for stream in listener.incoming().flatten() {
        // Whoever has gone again needs no answer.
        let _ = (&stream).write_all(name.as_bytes());
    }
}

fn serve_udp(socket: &UdpSocket, name: &str) {
    let mut buffer = [0; 64];
    while let Ok((_, from)) = socket.recv_from(&mut buffer) {
        // An answer that a filter drops is what the test is about.
        let _ = socket.send_to(name.as_bytes(), from);
    }
}

/// Sends one probe and tells its outcome. Nobody is left to hear of a closed output.
fn obey(line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [number, kind, from, from_port, to, to_port, patience] = words.as_slice() else {
        let _ = tell("0 failed not understood");
        return;
    };
    let outcome = send(number, kind, [from, from_port], [to, to_port], patience);
    let outcome = outcome.unwrap_or_else(|| Outcome::Failed("not understood".into()));
    let _ = tell(&format!("{number} {}", outcome.line()));
}

fn send(
    number: &str,
    kind: &str,
    [from, from_port]: [&str; 2],
    [to, to_port]: [&str; 2],
    patience: &str,
) -> Option<Outcome> {
    let from = SocketAddr::new(from.parse().ok()?, from_port.parse().ok()?);
    let to = SocketAddr::new(to.parse().ok()?, to_port.parse().ok()?);
    let patience = Duration::from_millis(patience.parse().ok()?);
    let outcome = match kind {
        "tcp" => tcp(from, to, patience),
        "udp" => udp(from, to, patience),
        "echo" => echo(number.parse().ok()?, from, to, patience),
        _ => return None,
    };
    Some(outcome.unwrap_or_else(|error| outcome_of(&error)))
}

/// What an error says: a filter at home, a router without a route and a passed time are all silence.
fn outcome_of(error: &io::Error) -> Outcome {
    match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Outcome::Refused,
        ErrorKind::TimedOut
        | ErrorKind::WouldBlock
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::PermissionDenied => Outcome::Silent,
        _ => Outcome::Failed(error.to_string()),
    }
}

fn tcp(from: SocketAddr, to: SocketAddr, patience: Duration) -> io::Result<Outcome> {
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    // The port is free for the next try as soon as this one ends.
    socket.set_linger(Some(Duration::ZERO))?;
    socket.bind(&from.into())?;
    socket.connect_timeout(&to.into(), patience)?;
    socket.set_read_timeout(Some(patience))?;
    let mut name = String::new();
    (&socket).read_to_string(&mut name)?;
    Ok(Outcome::Answered(Some(name)))
}

fn udp(from: SocketAddr, to: SocketAddr, patience: Duration) -> io::Result<Outcome> {
    let socket = Socket::new(Domain::for_address(to), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(true)?;
    socket.bind(&from.into())?;
    socket.connect(&to.into())?;
    socket.set_read_timeout(Some(patience))?;
    (&socket).write_all(b"?")?;
    let mut buffer = [0; 64];
    let length = (&socket).read(&mut buffer)?;
    let name = buffer.get(..length).unwrap_or_default();
    let name = String::from_utf8_lossy(name).into_owned();
    Ok(Outcome::Answered(Some(name)))
}

/// The types of an echo request and its reply.
const ECHO_V4: [u8; 2] = [8, 0];
/// The types of an ICMPv6 echo request and its reply.
const ECHO_V6: [u8; 2] = [128, 129];

fn echo(number: u16, from: SocketAddr, to: SocketAddr, patience: Duration) -> io::Result<Outcome> {
    let (protocol, [request, reply]) = if to.is_ipv4() {
        (Protocol::ICMPV4, ECHO_V4)
    } else {
        (Protocol::ICMPV6, ECHO_V6)
    };
    let socket = Socket::new(Domain::for_address(to), Type::RAW, Some(protocol))?;
    socket.bind(&from.into())?;
    socket.connect(&to.into())?;
    let [high, low] = number.to_be_bytes();
    (&socket).write_all(&checked([request, 0, 0, 0, high, low, 0, 1]))?;
    let end = Instant::now() + patience;
    let mut buffer = [0; 128];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Outcome::Silent);
        }
        socket.set_read_timeout(Some(left))?;
        let length = (&socket).read(&mut buffer)?;
        let message = message(buffer.get(..length).unwrap_or_default(), to.is_ipv4());
        if let Some([kind, _, _, _, a, b, ..]) = message
            && *kind == reply
            && [*a, *b] == [high, low]
        {
            return Ok(Outcome::Answered(None));
        }
    }
}

/// What follows the IP header, which raw sockets show for IPv4 only.
fn message(bytes: &[u8], has_header: bool) -> Option<&[u8]> {
    let first = bytes.first()?;
    let length = if has_header {
        usize::from(first & 15) * 4
    } else {
        0
    };
    bytes.get(length..)
}

/// A message with its Internet checksum, which the kernel sets anew for ICMPv6.
fn checked(mut message: [u8; 8]) -> [u8; 8] {
    let [_, _, high, low] = (!sum(message)).to_be_bytes();
    let [_, _, at_high, at_low, ..] = &mut message;
    (*at_high, *at_low) = (high, low);
    message
}

/// The sum of all pairs of bytes, carried around.
fn sum(message: [u8; 8]) -> u32 {
    let (pairs, _) = message.as_chunks::<2>();
    let pairs = pairs
        .iter()
        .map(|pair| u32::from(u16::from_be_bytes(*pair)));
    let sum: u32 = pairs.sum();
    (sum & 0xffff) + (sum >> 16)
}

impl Outcome {
    /// As a line that [`Self::parse`] reads.
    pub fn line(&self) -> String {
        match self {
            Self::Answered(None) => "answered".to_owned(),
            Self::Answered(Some(name)) => format!("answered {name}"),
            Self::Silent => "silent".to_owned(),
            Self::Refused => "refused".to_owned(),
            Self::Failed(why) => format!("failed {why}"),
        }
    }

    /// From a line.
    pub fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "answered" => Some(Self::Answered((!rest.is_empty()).then(|| rest.to_owned()))),
            "silent" => Some(Self::Silent),
            "refused" => Some(Self::Refused),
            "failed" => Some(Self::Failed(rest.to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_read_as_they_are_written() {
        let outcomes = [
            Outcome::Answered(None),
            Outcome::Answered(Some("host-x".into())),
            Outcome::Silent,
            Outcome::Refused,
            Outcome::Failed("no such device".into()),
        ];
        for outcome in outcomes {
            assert_eq!(Outcome::parse(&outcome.line()), Some(outcome));
        }
    }

    #[test]
    fn an_echo_request_adds_up() {
        assert_eq!(sum(checked([8, 0, 0, 0, 0xff, 0xfe, 0, 1])), 0xffff);
    }
}
