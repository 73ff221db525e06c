//! Network namespaces, and the wires between them, as input for `ip`, `nft` and a shell.

use std::collections::BTreeMap;
use std::net::IpAddr;

use packet::{Family, Prefix};

/// All namespaces of one topology.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Namespaces by name.
    pub namespaces: BTreeMap<String, Namespace>,
    /// Lines for `ip -batch` that make the namespaces' wires.
    pub wires: Vec<String>,
}

/// One namespace.
#[derive(Debug, Clone, Default)]
pub struct Namespace {
    n_devices: usize,
    n_tables: usize,
    /// Lines for `ip -batch`: devices and addresses.
    pub devices: Vec<String>,
    /// Lines for `ip -4 -batch` and `ip -6 -batch`: routes and rules.
    pub routes: [Vec<String>; 2],
    /// Lines for `nft -f`.
    pub filters: Vec<String>,
    /// Whether it answers to neighbours for the addresses of the asked device only.
    pub is_host: bool,
    /// Whether packets may pass through.
    pub forwards: bool,
    /// Addresses on which an agent answers and from which it sends; no agent if empty.
    pub answers_on: Vec<IpAddr>,
}

/// The two ends of a wire: a device in each namespace.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    /// The device in the first namespace.
    pub(super) here: String,
    /// The device in the second namespace.
    pub(super) there: String,
}

/// Where a route leads.
#[derive(Debug, Clone)]
pub(super) enum Hop {
    /// To the namespace at the other end of a wire.
    Along(Towards),
    /// To a neighbour on a device.
    Neighbour(String, IpAddr),
    /// To whoever holds the address on a device.
    Device(String),
    /// Nowhere.
    Unreachable,
}

/// A wire, seen from one of its ends.
#[derive(Debug, Clone)]
pub(super) struct Towards {
    /// The device at this end.
    pub(super) device: String,
    /// The address of the other end.
    pub(super) address: &'static str,
}

/// The addresses of the ends of every wire.
const ENDS: [&str; 2] = ["fe80::1", "fe80::2"];

/// The router's address on the bridge of a subnet.
pub(super) const ROUTER: &str = "fe80::1";

impl Plan {
    /// The namespace with this name, made if need be.
    pub(super) fn namespace(&mut self, name: &str) -> &mut Namespace {
        self.namespaces.entry(name.to_owned()).or_default()
    }

    /// A wire without addresses.
    pub(super) fn bare_wire(&mut self, here: &str, there: &str) -> Wire {
        let wire = Wire {
            here: self.namespace(here).next_device(),
            there: self.namespace(there).next_device(),
        };
        self.wires.push(format!(
            "link add name {} netns {here} type veth peer name {} netns {there}",
            wire.here, wire.there
        ));
        self.namespace(here).up(&wire.here);
        self.namespace(there).up(&wire.there);
        wire
    }

    /// A wire between two routers, seen from its ends.
    pub(super) fn wire(&mut self, here: &str, there: &str) -> (Towards, Towards) {
        let wire = self.bare_wire(here, there);
        let ends = [(here, &wire.here), (there, &wire.there)];
        for ((namespace, device), address) in ends.into_iter().zip(ENDS) {
            let namespace = self.namespace(namespace);
            namespace.forwards = true;
            namespace.link_local(device, address);
        }
        let [first, second] = ENDS;
        let towards = |device, address| Towards { device, address };
        (towards(wire.here, second), towards(wire.there, first))
    }
}

impl Namespace {
    fn next_device(&mut self) -> String {
        self.n_devices += 1;
        format!("l{}", self.n_devices)
    }

    /// The number of a route table that nothing uses yet.
    pub(super) fn next_table(&mut self) -> usize {
        self.n_tables += 1;
        1000 + self.n_tables
    }

    /// Switches a device on, without an address of its own making.
    pub(super) fn up(&mut self, device: &str) {
        self.devices
            .push(format!("link set dev {device} addrgenmode none"));
        self.devices.push(format!("link set dev {device} up"));
    }

    /// Gives a device a link-local address.
    pub(super) fn link_local(&mut self, device: &str, address: &str) {
        self.devices
            .push(format!("addr add {address}/64 dev {device} nodad"));
    }

    /// Gives a device an address with the length of its block.
    pub(super) fn address(&mut self, device: &str, address: IpAddr, length: u8) {
        let nodad = match Family::of(address) {
            Family::V4 => "",
            Family::V6 => " nodad",
        };
        self.devices
            .push(format!("addr add {address}/{length} dev {device}{nodad}"));
    }

    /// Makes an address the namespace's own, and lets an agent answer on it.
    pub(super) fn own(&mut self, address: IpAddr) {
        if !self.answers_on.contains(&address) {
            self.address("lo", address, Family::of(address).bits());
            self.answers_on.push(address);
        }
    }

    /// A route; among equal blocks the lowest `metric` wins.
    pub(super) fn route(&mut self, block: Prefix, hop: &Hop, table: Table, metric: u32) {
        let family = block.family();
        let table = table.word();
        let via = match family {
            Family::V4 => "via inet6",
            Family::V6 => "via",
        };
        let line = match hop {
            Hop::Along(Towards { device, address }) => {
                format!("route add {block} {via} {address} dev {device}")
            }
            Hop::Neighbour(device, address) => {
                format!("route add {block} via {address} dev {device} onlink")
            }
            Hop::Device(device) => format!("route add {block} dev {device}"),
            Hop::Unreachable => format!("route add unreachable {block}"),
        };
        self.lines(family)
            .push(format!("{line} table {table} metric {metric}"));
    }

    /// Everything of both families by one hop.
    pub(super) fn default_routes(&mut self, hop: &Hop, table: Table) {
        for family in Family::ALL {
            self.route(Prefix::all(family), hop, table, 1);
        }
    }

    /// A rule of both families that chooses a table.
    pub(super) fn rule(&mut self, condition: &str, table: Table, preference: u32) {
        for family in Family::ALL {
            self.rule_of(family, condition, table, preference);
        }
    }

    /// A rule of one family that chooses a table; a second one like it is none.
    pub(super) fn rule_of(
        &mut self,
        family: Family,
        condition: &str,
        table: Table,
        preference: u32,
    ) {
        let table = table.word();
        let line = format!("rule add {condition} lookup {table} pref {preference}");
        let lines = self.lines(family);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }

    fn lines(&mut self, family: Family) -> &mut Vec<String> {
        let [v4, v6] = &mut self.routes;
        match family {
            Family::V4 => v4,
            Family::V6 => v6,
        }
    }

    /// Adds a line for `nft`.
    pub(super) fn filter(&mut self, line: impl Into<String>) {
        self.filters.push(line.into());
    }
}

/// A route table of a namespace.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    /// The one that is asked last.
    Main,
    /// Another one, by number.
    Number(usize),
}

impl Table {
    fn word(self) -> String {
        match self {
            Self::Main => "main".to_owned(),
            Self::Number(number) => number.to_string(),
        }
    }
}
