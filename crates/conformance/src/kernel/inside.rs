//! Inside fresh namespaces, as their root: lays a plan, starts the agents, sends the probes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use model::Reachability;
use packet::Protocol;

use super::Result;
use super::agent::Listens;
use super::lab::{Appliances, Lab};
use super::plan::{Namespace, Plan};
use super::probes::{Case, Outcome, Probe, command, namespace};

/// How long the first try waits for an answer.
const PATIENCE_MS: u64 = 600;
/// How long the later ones wait, where an answer must come: a machine may be busy.
const LONG_PATIENCE_MS: u64 = 5_000;
/// How often those are tried.
const N_TRIES: usize = 2;
/// How much longer than its patience an agent may take to tell.
const SLACK: Duration = Duration::from_secs(20);

/// Lays a case and sends its probes; the outcomes are in their order.
///
/// # Errors
///
/// If the topology cannot be built, here or at all.
pub fn run(case: &Case, appliances: Appliances) -> Result<Vec<Outcome>> {
    let plan = Lab::plan(&case.snapshot, &case.probes, appliances)?;
    shell("mount -t tmpfs none /run && mkdir /run/netns")?;
    lay(&plan)?;
    let mut agents = Agents::start(&plan, &case.probes)?;
    let all: Vec<usize> = (0..case.probes.len()).collect();
    let mut outcomes = agents.send(case, &all, PATIENCE_MS)?;
    for _ in 0..N_TRIES {
        let is_missing = |number: &usize| {
            let expected = case.probes.get(*number).map(|probe| probe.expected);
            let outcome = outcomes.get(number);
            expected == Some(Reachability::Reachable) && outcome == Some(&Outcome::Silent)
        };
        let missing: Vec<usize> = all.iter().copied().filter(is_missing).collect();
        if missing.is_empty() {
            break;
        }
        outcomes.extend(agents.send(case, &missing, LONG_PATIENCE_MS)?);
    }
    agents.stop();
    Ok(outcomes.into_values().collect())
}

/// Makes all namespaces of a plan, and what is in them.
fn lay(plan: &Plan) -> Result {
    let folder = PathBuf::from("/run/lab");
    write(&folder.join("probe"), &[])?;
    let names = plan
        .namespaces
        .keys()
        .map(|name| format!("netns add {name}"));
    let lines: Vec<String> = names.chain(plan.wires.iter().cloned()).collect();
    write(&folder.join("wires"), &lines)?;
    shell("ip -batch /run/lab/wires")?;
    for (name, namespace) in &plan.namespaces {
        let own = folder.join(name);
        let [v4, v6] = &namespace.routes;
        let files = [
            ("devices", &namespace.devices),
            ("v4", v4),
            ("v6", v6),
            ("filters", &namespace.filters),
        ];
        for (file, lines) in files {
            write(&own.join(file), lines)?;
        }
        let setup = setup(namespace);
        shell_in(name, &format!("cd /run/lab/{name}\n{setup}"))?;
    }
    Ok(())
}

/// What a shell does in a namespace.
///
/// Routers send no redirects, nobody checks reverse paths and nothing comes from announcements: routes are what the
/// plan says. Frames that a bridge passes on meet no rule.
fn setup(namespace: &Namespace) -> String {
    let forwards = u8::from(namespace.forwards);
    let strict = u8::from(namespace.is_host);
    let announce = strict * 2;
    format!(
        "set -e\n\
         ip link set dev lo up\n\
         ip -batch devices\n\
         echo {forwards} > /proc/sys/net/ipv4/ip_forward\n\
         echo {forwards} > /proc/sys/net/ipv6/conf/all/forwarding\n\
         echo 0 > /proc/sys/net/ipv4/icmp_ratelimit\n\
         for conf in /proc/sys/net/ipv4/conf/*; do\n\
         for off in rp_filter send_redirects accept_redirects; do echo 0 > $conf/$off; done\n\
         echo {strict} > $conf/arp_ignore\n\
         echo {announce} > $conf/arp_announce\n\
         done\n\
         for conf in /proc/sys/net/ipv6/conf/*; do\n\
         for off in accept_redirects accept_ra; do echo 0 > $conf/$off; done\n\
         done\n\
         for bridge in /proc/sys/net/bridge/bridge-nf-call-*; do if [ -e $bridge ]; then echo 0 > $bridge; fi; done\n\
         ip -4 -batch v4\n\
         ip -6 -batch v6\n\
         nft -f filters\n"
    )
}

fn write(path: &Path, lines: &[String]) -> Result {
    let complain = |error| format!("`{}`: {error}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(complain)?;
    }
    let mut text = lines.join("\n");
    text.push('\n');
    std::fs::write(path, text).map_err(complain)
}

fn shell(script: &str) -> Result {
    succeed(Command::new("sh").args(["-c", script]), script)
}

/// A script in a namespace.
fn shell_in(name: &str, script: &str) -> Result {
    let net = format!("--net=/run/netns/{name}");
    let mut command = Command::new("nsenter");
    let filters =
        || std::fs::read_to_string(format!("/run/lab/{name}/filters")).unwrap_or_default();
    succeed(command.args([&net, "sh", "-c", script]), name)
        .map_err(|error| format!("{error}\n{}", filters()))
}

fn succeed(command: &mut Command, what: &str) -> Result {
    let output = command
        .output()
        .map_err(|error| format!("{what}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what}: {}: {said}", output.status))
}

/// The agents of a lab, by namespace.
struct Agents {
    running: BTreeMap<String, (Child, ChildStdin)>,
    said: Receiver<String>,
}

impl Agents {
    /// Starts an agent in every namespace that has addresses to answer on, and waits until all listen.
    fn start(plan: &Plan, probes: &[Probe]) -> Result<Self> {
        let (sender, said) = channel();
        let mut running = BTreeMap::new();
        for (name, namespace) in &plan.namespaces {
            if namespace.answers_on.is_empty() {
                continue;
            }
            let listens = Listens {
                name: name.clone(),
                addresses: namespace.answers_on.clone(),
                tcp: ports(probes, Protocol::TCP),
                udp: ports(probes, Protocol::UDP),
            };
            running.insert(name.clone(), start(&listens, sender.clone())?);
        }
        let agents = Self { running, said };
        for _ in 0..agents.running.len() {
            let line = agents.hear(SLACK)?;
            if line != "ready" {
                return Err(format!("an agent is not ready: {line}"));
            }
        }
        Ok(agents)
    }

    fn hear(&self, patience: Duration) -> Result<String> {
        self.said
            .recv_timeout(patience)
            .map_err(|error| format!("an agent is silent: {error}"))
    }

    /// Sends these probes, all at once, and gathers the outcomes.
    fn send(
        &mut self,
        case: &Case,
        numbers: &[usize],
        patience_ms: u64,
    ) -> Result<BTreeMap<usize, Outcome>> {
        for &number in numbers {
            let Some(probe) = case.probes.get(number) else {
                continue;
            };
            let line = command(number, probe, patience_ms)?;
            let place = namespace(&case.snapshot, probe.from).unwrap_or_default();
            let agent = self.running.get_mut(&place);
            let (_, stdin) = agent.ok_or_else(|| format!("nobody is at `{place}`"))?;
            writeln!(stdin, "{line}").map_err(|error| format!("{place}: {error}"))?;
        }
        let patience = Duration::from_millis(patience_ms) + SLACK;
        let mut outcomes = BTreeMap::new();
        while outcomes.len() < numbers.len() {
            let line = self.hear(patience)?;
            let told = line.split_once(' ').and_then(|(number, outcome)| {
                Some((number.parse().ok()?, Outcome::parse(outcome)?))
            });
            let (number, outcome) = told.ok_or_else(|| format!("an agent says `{line}`"))?;
            outcomes.insert(number, outcome);
        }
        Ok(outcomes)
    }

    /// Ends the agents: without input they have nothing to do.
    fn stop(self) {
        for (_, (mut child, stdin)) in self.running {
            drop(stdin);
            // One that ended by itself is as good.
            let _ = child.wait();
        }
    }
}

fn start(listens: &Listens, sender: Sender<String>) -> Result<(Child, ChildStdin)> {
    let name = &listens.name;
    let complain = |error: std::io::Error| format!("the agent of `{name}`: {error}");
    let program = std::env::current_exe().map_err(complain)?;
    let mut child = Command::new("nsenter")
        .arg(format!("--net=/run/netns/{name}"))
        .arg(program)
        .arg("agent")
        .args(listens.arguments())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(complain)?;
    let pipes = child.stdin.take().zip(child.stdout.take());
    let (stdin, stdout) = pipes.ok_or_else(|| format!("the agent of `{name}` has no pipes"))?;
    thread::spawn(move || {
        for line in BufReader::new(stdout)
            .lines()
            .map_while(std::result::Result::ok)
        {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Ok((child, stdin))
}

/// The destination ports of all probes of a protocol.
fn ports(probes: &[Probe], protocol: Protocol) -> Vec<u16> {
    let of_protocol = probes
        .iter()
        .filter(|probe| probe.packet.protocol() == protocol);
    let ports: BTreeSet<u16> = of_protocol
        .filter_map(|probe| probe.packet.destination_port())
        .collect();
    ports.into_iter().collect()
}
