//! Whether namespaces can be made here, and a lab inside them.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::Result;
use super::lab::Appliances;
use super::probes::Outcome;

/// How namespaces are made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// In a user namespace, which takes no rights.
    UserNamespace,
    /// As root, where user namespaces are shut.
    Root,
}

impl Means {
    /// The arguments of `unshare`. What is inside ends with it, and nothing that it made is seen outside.
    const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::UserNamespace => &[
                "--user",
                "--map-root-user",
                "--net",
                "--mount",
                "--fork",
                "--kill-child",
            ],
            Self::Root => &["--net", "--mount", "--fork", "--kill-child"],
        }
    }
}

/// Everything that a lab needs from the kernel and from programs, tried once.
const TRIAL: &str = "set -e
mount -t tmpfs none /run
mkdir /run/netns
ip netns add a
ip link add name l0 netns a type veth peer name l1
nsenter --net=/run/netns/a ip link add br0 type bridge
nsenter --net=/run/netns/a sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
nsenter --net=/run/netns/a nft -f - <<'END'
table inet t {
chain a { type filter hook input priority 0; ct state established accept; }
}
table ip n {
chain b { type nat hook postrouting priority 100; oifname l0 snat to 10.0.0.1; }
}
END
";

/// How namespaces can be made here.
///
/// # Errors
///
/// What is missing, in the words of the program that misses it.
pub fn means() -> Result<Means> {
    let mut why = String::new();
    for means in [Means::UserNamespace, Means::Root] {
        match unshare(means, &["sh", "-c", TRIAL]) {
            Ok(output) if output.status.success() => return Ok(means),
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                let first = said.lines().next();
                why = first.map_or_else(|| output.status.to_string(), str::to_owned);
            }
            Err(error) => why = error,
        }
    }
    Err(why)
}

fn unshare(means: Means, command: &[&str]) -> Result<Output> {
    Command::new("unshare")
        .args(means.arguments())
        .args(command)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("unshare: {error}"))
}

/// Builds the topology of a file in fresh namespaces and sends its probes; the outcomes are in their order.
///
/// `program` is the lab's own binary.
///
/// # Errors
///
/// If it cannot be built, or the inside ends early.
pub fn run(
    means: Means,
    program: &Path,
    file: &Path,
    appliances: Appliances,
) -> Result<Vec<Outcome>> {
    let word = match appliances {
        Appliances::Forward => "forward",
        Appliances::Drop => "drop",
    };
    let (program, file) = (program.to_string_lossy(), file.to_string_lossy());
    let output = unshare(means, &[&program, "run", &file, word])?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{file}: {}: {why}", output.status));
    }
    let outcomes: Option<Vec<Outcome>> = said.lines().map(Outcome::parse).collect();
    outcomes.ok_or_else(|| format!("{file}: the inside says {said}"))
}
