//! From resources to the line language.

mod balancers;
mod coverage;
mod entries;
mod filters;
mod inspection;
mod outside;
mod transit;

use std::fmt::Write;

use model::{
    AccountId, Attachment, Connectivity, EncryptionMode, InterfaceStatus, Link, NatGateway,
    NatMode, NetworkInterface, OfficeEvidence, PeeringSide, PeeringStatus, PrefixList, Region,
    ResourceState, Snapshot, Subnet, Vpc, VpnConnection,
};
use packet::{Family, Prefix};

use super::places::{STATES, kind_word};
use super::public_access::{MODES, word_of};

/// A network in the line language, such that reading it gives a network with the same answers.
pub fn print(snapshot: &Snapshot) -> String {
    let mut page = Page::default();
    page.line("bare");
    places(&mut page, snapshot);
    gateways(&mut page, snapshot);
    filters::print(&mut page, snapshot);
    transit::print(&mut page, snapshot);
    inspection::print(&mut page, snapshot);
    offices(&mut page, snapshot);
    outside::print(&mut page, snapshot);
    entries::print(&mut page, snapshot);
    balancers::print(&mut page, snapshot);
    coverage::print(&mut page, snapshot);
    page.text
}

/// The text so far.
#[derive(Debug, Default)]
struct Page {
    text: String,
    region: Option<Region>,
    account: Option<AccountId>,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Says where the next resources are, if that is not said yet.
    fn scope(&mut self, account: Option<&AccountId>, region: Option<&Region>) {
        if self.account.as_ref() != account {
            self.account = account.cloned();
            self.line(&format!(
                "account {}",
                account.map_or("-", AccountId::as_str)
            ));
        }
        if self.region.as_ref() != region {
            self.region = region.cloned();
            self.line(&format!("region {}", region.map_or("-", Region::as_str)));
        }
    }
}

/// A list with one sign between its items.
fn joined<T: ToString>(items: impl IntoIterator<Item = T>, sign: &str) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(sign)
}

/// ` word` if it applies.
fn flag(applies: bool, word: &str) -> String {
    if applies {
        format!(" {word}")
    } else {
        String::new()
    }
}

fn places(page: &mut Page, snapshot: &Snapshot) {
    for vpc in snapshot.vpcs().rows() {
        page.scope(vpc.owner.as_ref(), vpc.region.as_ref());
        page.line(&vpc_line(vpc));
    }
    for subnet in snapshot.subnets().rows() {
        page.scope(subnet.owner.as_ref(), subnet.region.as_ref());
        page.line(&subnet_line(subnet));
    }
    for interface in snapshot.interfaces().rows() {
        page.scope(interface.owner.as_ref(), interface.region.as_ref());
        page.line(&host_line(snapshot, interface));
    }
    for list in snapshot.prefix_lists().rows() {
        page.scope(None, list.region.as_ref());
        page.line(&list_line(list));
    }
}

fn vpc_line(vpc: &Vpc) -> String {
    let mut line = format!("vpc {} {}", vpc.id, joined(&vpc.cidrs, " "));
    if let Some(mode) = &vpc.public_access {
        let _ = write!(line, " public-access {}", word_of(MODES, mode));
    }
    line.push_str(match vpc.encryption {
        Some(EncryptionMode::Monitor) => " encryption monitor",
        Some(EncryptionMode::Enforce) => " encryption enforce",
        None => "",
    });
    line
}

fn subnet_line(subnet: &Subnet) -> String {
    let (vpc, cidrs) = (subnet.vpc.id(), joined(&subnet.cidrs, " "));
    let zone = subnet.zone.as_ref();
    let zone = zone.map(|zone| format!(" zone {zone}")).unwrap_or_default();
    let access = subnet.public_access.as_ref();
    let access = access.map(|mode| format!(" public-access {}", word_of(MODES, mode)));
    let (access, dns64) = (access.unwrap_or_default(), flag(subnet.has_dns64, "dns64"));
    format!("subnet {} {vpc} {cidrs}{zone}{access}{dns64}", subnet.id)
}

fn host_line(snapshot: &Snapshot, interface: &NetworkInterface) -> String {
    let mut line = format!("host {} in {}", interface.id, interface.subnet.id());
    for held in &interface.addresses {
        let public = held.public.map(|public| format!(" public {public}"));
        let _ = write!(line, " {}{}", held.address, public.unwrap_or_default());
    }
    if !interface.groups.is_empty() {
        let groups = interface.groups.iter().map(Link::id);
        let _ = write!(line, " groups {}", joined(groups, ","));
    }
    if let Some(instance) = &interface.instance {
        let known = instance
            .target()
            .map(|index| snapshot.instances().get(index));
        let mut states = STATES.iter();
        let state = states.find(|(_, state)| known.is_some_and(|known| known.state == *state));
        let state = state
            .map(|(word, _)| format!(" {word}"))
            .unwrap_or_default();
        let _ = write!(line, " instance {}{state}", instance.id());
    }
    if let Some(index) = interface.device_index {
        let _ = write!(line, " device {index}");
    }
    for prefix in &interface.prefixes {
        let _ = write!(line, " prefix {prefix}");
    }
    line.push_str(&flag(!interface.source_dest_check, "nocheck"));
    line.push_str(&flag(interface.requester_managed, "managed"));
    line.push_str(match interface.status {
        InterfaceStatus::Attached => " attached",
        InterfaceStatus::Unattached => " unattached",
        InterfaceStatus::Unknown => "",
    });
    line.push_str(&flag(interface.refuses_internet, "refuses-internet"));
    let kind = kind_word(&interface.kind);
    if kind != "ordinary" {
        let _ = write!(line, " kind {kind}");
    }
    if !interface.description.is_empty() && !interface.description.contains('_') {
        let _ = write!(
            line,
            " described {}",
            interface.description.replace(' ', "_")
        );
    }
    if let Some(requester) = &interface.requester {
        let _ = write!(line, " requester {requester}");
    }
    let _ = write!(line, " vpc {}", interface.vpc.id());
    line
}

fn list_line(list: &PrefixList) -> String {
    let family = match list.family {
        Some(Family::V4) => " ipv4",
        Some(Family::V6) => " ipv6",
        None => "",
    };
    let entries = match &list.entries {
        Some(entries) => joined(entries, " "),
        None => "unknown".into(),
    };
    let aws = flag(list.is_aws_managed, "aws");
    format!("list {}{aws}{family} {entries}", list.id)
}

fn gateways(page: &mut Page, snapshot: &Snapshot) {
    for gateway in snapshot.internet_gateways().rows() {
        page.scope(gateway.owner.as_ref(), gateway.region.as_ref());
        let attachments = attached(&gateway.attachments);
        page.line(&format!("igw {}{attachments}", gateway.id));
    }
    for gateway in snapshot.egress_only_gateways().rows() {
        page.scope(None, gateway.region.as_ref());
        let attachments = attached(&gateway.attachments);
        page.line(&format!("eigw {}{attachments}", gateway.id));
    }
    for gateway in snapshot.vpn_gateways().rows() {
        page.scope(None, gateway.region.as_ref());
        let attachments = attached(&gateway.attachments);
        page.line(&format!("vgw {}{attachments}", gateway.id));
    }
    for gateway in snapshot.nat_gateways().rows() {
        page.scope(None, gateway.region.as_ref());
        page.line(&nat_line(gateway));
    }
    for peering in snapshot.peerings().rows() {
        let inactive = flag(peering.status == PeeringStatus::Inactive, "inactive");
        let (a, b) = (&peering.requester, &peering.accepter);
        let (id, from, to) = (&peering.id, a.vpc.id(), b.vpc.id());
        page.line(&format!("peering {id} {from} {to}{inactive}"));
        page.line(&side_line(a));
        page.line(&side_line(b));
    }
}

fn attached(attachments: &[Attachment]) -> String {
    let one = |attachment: &Attachment| {
        let vpc = format!(" {}", attachment.vpc.id());
        vpc + &flag(
            attachment.state == ResourceState::Unavailable,
            "unavailable",
        )
    };
    attachments.iter().map(one).collect()
}

fn nat_line(gateway: &NatGateway) -> String {
    let vpc = gateway.vpc.id();
    let place = match &gateway.mode {
        NatMode::Zonal(subnet) => format!("in {} vpc {vpc}", subnet.id()),
        NatMode::Regional(Some(table)) => format!("regional {vpc} table {}", table.id()),
        NatMode::Regional(None) => format!("regional {vpc}"),
    };
    let mut line = format!("nat {} {place}", gateway.id);
    for address in &gateway.addresses {
        let private = address.private.map(|private| private.to_string());
        let _ = write!(line, " {}", private.as_deref().unwrap_or("?"));
        if let Some(public) = address.public {
            let _ = write!(line, " public {public}");
        }
        if let Some(interface) = &address.interface {
            let _ = write!(line, " via {}", interface.id());
        }
        if let Some(zone) = &address.zone {
            let _ = write!(line, " zone {zone}");
        }
    }
    line.push_str(&flag(gateway.has_appliance, "appliance"));
    line.push_str(&flag(
        gateway.connectivity == Connectivity::Private,
        "private",
    ));
    line.push_str(&flag(
        gateway.state == ResourceState::Unavailable,
        "unavailable",
    ));
    line
}

fn side_line(side: &PeeringSide) -> String {
    let account = side.owner.as_ref();
    let account = account
        .map(|owner| format!(" account {owner}"))
        .unwrap_or_default();
    let region = side.region.as_ref();
    let region = region
        .map(|region| format!(" region {region}"))
        .unwrap_or_default();
    let cidrs = joined(&side.cidrs, " ");
    format!("  side {}{account}{region} {cidrs}", side.vpc.id())
}

fn offices(page: &mut Page, snapshot: &Snapshot) {
    for device in snapshot.customer_gateways().rows() {
        page.scope(None, device.region.as_ref());
        let address = device.address.map(|address| format!(" {address}"));
        let asn = device.asn.map(|asn| format!(" asn {asn}"));
        page.line(&format!(
            "customer {}{}{}",
            device.id,
            address.unwrap_or_default(),
            asn.unwrap_or_default()
        ));
    }
    for vpn in snapshot.vpn_connections().rows() {
        page.scope(None, vpn.region.as_ref());
        page.line(&vpn_line(vpn));
    }
    let declared = |office: &&model::OfficeNetwork| office.evidence == OfficeEvidence::Declared;
    for office in snapshot.offices().rows().iter().filter(declared) {
        let name = office.name.as_deref().unwrap_or("office");
        page.line(&format!("office {name} {}", joined(&office.cidrs, " ")));
    }
}

fn vpn_line(vpn: &VpnConnection) -> String {
    let mut line = format!("vpn {}", vpn.id);
    if let Some(gateway) = &vpn.vpn_gateway {
        let _ = write!(line, " vgw {}", gateway.id());
    }
    if let Some(gateway) = &vpn.transit_gateway {
        let _ = write!(line, " tgw {}", gateway.id());
    }
    if let Some(device) = &vpn.customer_gateway {
        let _ = write!(line, " customer {}", device.id());
    }
    line.push_str(&flag(!vpn.static_only, "bgp"));
    line.push_str(&flag(
        vpn.state == ResourceState::Unavailable,
        "unavailable",
    ));
    line.push_str(&flag(vpn.family == Family::V6, "ipv6"));
    line.push_str(&flag(vpn.tunnels == model::Tunnels::Down, "down"));
    line.push_str(&flag(vpn.over_direct_connect, "over-dx"));
    for (word, side) in [
        ("office-side", vpn.office_side),
        ("cloud-side", vpn.cloud_side),
    ] {
        if let Some(side) = side {
            let _ = write!(line, " {word} {side}");
        }
    }
    let routes: &[Prefix] = &vpn.static_routes;
    if !routes.is_empty() {
        let _ = write!(line, " static {}", joined(routes, " "));
    }
    line
}
