//! What the roles of hosts lead to.

use std::collections::BTreeMap;

use model::{AccountId, IamRole, Kind, Snapshot};
use packet::{PacketSet, PortSet, Protocol};

use super::permission::{Permission, permission};
use super::seats::{Acting, Seat, partition, seats};
use super::{ChannelKind, Link, Links, RoleName};
use crate::front::{Front, FrontKind};
use crate::host::{CellId, HostId};
use crate::landscape::Landscape;
use crate::reach::answer_between;

/// What changes the network so that somebody gets in who did not before, or starts hosts as another role.
///
/// # Source
///
/// Service Authorization Reference: "Actions, resources, and condition keys for Amazon EC2".
const NETWORK_CHANGES: &[&str] = &[
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:ModifySecurityGroupRules",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:ModifyInstanceAttribute",
    "ec2:CreateRoute",
    "ec2:ReplaceRoute",
    "ec2:CreateNetworkAclEntry",
    "ec2:ReplaceNetworkAclEntry",
    "ec2:ModifyInstanceMetadataOptions",
];

/// Hosts that act as one role.
struct Actors {
    acting: Acting,
    hosts: Vec<HostId>,
    /// Those whose metadata service answers without a token, for certain and perhaps.
    version_1: [Vec<HostId>; 2],
}

/// Everything that roles lead to.
///
/// # Cost
///
/// For each role that may start sessions or open tunnels, a look at every instance of its account.
pub(crate) fn find(landscape: &Landscape<'_>) -> Links {
    let snapshot = landscape.snapshot();
    let seats = seats(landscape);
    let mut links = Links::default();
    let doors = doors(landscape, &seats);
    for actors in actors(&seats).into_values() {
        let Some(role) = actors
            .acting
            .role
            .map(|role| snapshot.iam_roles().get(role))
        else {
            links.untold.extend(&actors.hosts);
            links.all.extend(by_likeness(&actors));
            continue;
        };
        let finder = Finder {
            snapshot,
            seats: &seats,
            role,
        };
        links.all.extend(finder.sessions(&actors));
        links.all.extend(finder.tunnels(&actors, &doors));
        links.all.extend(finder.changes(&actors));
        links.all.extend(by_likeness(&actors));
    }
    links.untold.sort_unstable();
    links.all.sort_by(|a, b| {
        let key = |link: &Link| (link.kind, link.role.clone(), !link.is_certain);
        key(a).cmp(&key(b))
    });
    links
}

/// The hosts by the role that they act as.
fn actors(seats: &[Seat<'_>]) -> BTreeMap<RoleName, Actors> {
    let mut by_role: BTreeMap<RoleName, Actors> = BTreeMap::new();
    for seat in seats {
        let Some(acting) = &seat.role else { continue };
        let actors = by_role.entry(acting.name.clone());
        let actors = actors.or_insert_with(|| Actors {
            acting: acting.clone(),
            hosts: Vec::new(),
            version_1: [Vec::new(), Vec::new()],
        });
        actors.hosts.push(seat.host);
        let [certain, perhaps] = &mut actors.version_1;
        match (seat.metadata.takes_version_1, seat.metadata.is_on) {
            (Some(true), Some(true)) => certain.push(seat.host),
            (Some(true), None) => perhaps.push(seat.host),
            (Some(true), Some(false)) | (Some(false) | None, _) => {}
        }
    }
    by_role
}

/// What holds of a role whatever it may do.
fn by_likeness(actors: &Actors) -> Vec<Link> {
    let link = |kind, from: &[HostId], is_certain| Link {
        kind,
        role: actors.acting.name.clone(),
        from: from.to_vec(),
        to: Vec::new(),
        actions: Vec::new(),
        is_certain,
    };
    let mut links = Vec::new();
    if actors.hosts.len() > 1 {
        links.push(link(ChannelKind::SharedRole, &actors.hosts, true));
    }
    for (hosts, is_certain) in actors.version_1.iter().zip([true, false]) {
        if !hosts.is_empty() {
            links.push(link(ChannelKind::MetadataVersion1, hosts, is_certain));
        }
    }
    links
}

/// An Instance Connect endpoint, and the hosts that it reaches on port 22: whether for certain does not matter, since the
/// input does not tell whether the hosts take keys from the service.
struct Tunnel<'l> {
    front: &'l Front,
    hosts: Vec<HostId>,
}

fn doors<'l>(landscape: &'l Landscape<'_>, seats: &[Seat<'_>]) -> Vec<Tunnel<'l>> {
    let mut by_cell: BTreeMap<CellId, Vec<HostId>> = BTreeMap::new();
    for seat in seats {
        let cell = landscape.host(seat.host).cell;
        by_cell.entry(cell).or_default().push(seat.host);
    }
    let ssh = PacketSet::to_ports(Protocol::TCP, &PortSet::range(22, 22));
    let fronts = landscape.fronts().iter();
    let fronts = fronts.filter(|front| front.name.kind == FrontKind::InstanceConnectEndpoint);
    let tunnels = fronts.map(|front| {
        let from = front
            .doors
            .iter()
            .flat_map(|door| door.from.iter().copied());
        let from: Vec<_> = from.collect();
        let reached = by_cell.values().filter(|hosts| {
            let first = hosts.iter().take(1).copied().collect::<Vec<_>>();
            let answer = answer_between(landscape, &from, &landscape.receivers(&first));
            let open = answer.certain.union(&answer.undetermined);
            !open.intersection(&ssh).is_empty()
        });
        Tunnel {
            front,
            hosts: reached.flatten().copied().collect(),
        }
    });
    tunnels.collect()
}

struct Finder<'f, 's> {
    snapshot: &'s Snapshot,
    seats: &'f [Seat<'s>],
    role: &'s IamRole,
}

impl Finder<'_, '_> {
    /// Whether the role may take an action on a resource; names of actions are the same in capitals.
    fn may(&self, action: &str, resource: Option<&str>) -> Permission {
        permission(
            self.snapshot,
            self.role,
            &action.to_ascii_lowercase(),
            resource,
        )
    }

    /// What Systems Manager starts on other hosts.
    fn sessions(&self, actors: &Actors) -> Vec<Link> {
        let actions = ["ssm:StartSession", "ssm:SendCommand"];
        let may_any = |action: &&'static str| self.may(action, None) > Permission::No;
        if !actions.iter().any(may_any) {
            return Vec::new();
        }
        let session = |seat: &Seat<'_>| {
            let arn = self.arn_of_instance(seat);
            let arn = arn.as_deref();
            let command = self.may("ssm:SendCommand", arn);
            let command = command.min(self.may_send(seat));
            let session = self.may("ssm:StartSession", arn);
            let may = session.max(command);
            may.min(self.is_managed(seat)).min(self.is_of_account(seat))
        };
        let told: Vec<_> = actions.into_iter().filter(may_any).collect();
        self.links(ChannelKind::SessionManager, actors, &told, session)
    }

    /// Whether the role may send a document that runs what it is given.
    fn may_send(&self, seat: &Seat<'_>) -> Permission {
        let documents = ["AWS-RunShellScript", "AWS-RunPowerShellScript"];
        let region = seat.instance.region.as_ref();
        let may = documents.into_iter().filter_map(|document| {
            let partition = partition(&self.role.id);
            let arn = format!("arn:{partition}:ssm:{}::document/{document}", region?);
            Some(self.may("ssm:SendCommand", Some(&arn)))
        });
        // Other documents may do it too.
        may.max()
            .unwrap_or(Permission::Perhaps)
            .max(Permission::Perhaps)
    }

    /// Whether Systems Manager manages an instance.
    fn is_managed(&self, seat: &Seat<'_>) -> Permission {
        let id = &seat.instance.id;
        let known = self.snapshot.managed_instances().find(id.as_str());
        if let Some(known) = known {
            let known = self.snapshot.managed_instances().get(known);
            return if known.is_online == Some(true) {
                Permission::Yes
            } else {
                Permission::Perhaps
            };
        }
        let (owner, region) = (seat.instance.owner.as_ref(), seat.instance.region.as_ref());
        let coverage = self.snapshot.coverage();
        if coverage.is_complete(Kind::ManagedInstances, owner, region) {
            return Permission::No;
        }
        // An account may let it manage instances that act as no role.
        Permission::Perhaps
    }

    /// What leads through Instance Connect endpoints to other hosts.
    fn tunnels(&self, actors: &Actors, doors: &[Tunnel<'_>]) -> Vec<Link> {
        let actions = [
            "ec2-instance-connect:OpenTunnel",
            "ec2-instance-connect:SendSSHPublicKey",
        ];
        let [open, send] = actions;
        let mut reached: Vec<HostId> = Vec::new();
        for door in doors {
            if self.may(open, self.arn_of(door.front).as_deref()) > Permission::No {
                reached.extend(&door.hosts);
            }
        }
        reached.sort_unstable();
        let tunnel = |seat: &Seat<'_>| {
            if reached.binary_search(&seat.host).is_err() {
                return Permission::No;
            }
            let may = self.may(send, self.arn_of_instance(seat).as_deref());
            // Nothing tells whether the host takes keys from the service.
            may.min(self.is_of_account(seat)).min(Permission::Perhaps)
        };
        self.links(ChannelKind::InstanceConnect, actors, &actions, tunnel)
    }

    fn arn_of_instance(&self, seat: &Seat<'_>) -> Option<String> {
        let instance = seat.instance;
        let (owner, region) = (instance.owner.as_ref()?, instance.region.as_ref()?);
        let (partition, id) = (partition(&self.role.id), &instance.id);
        Some(format!(
            "arn:{partition}:ec2:{region}:{owner}:instance/{id}"
        ))
    }

    fn arn_of(&self, front: &Front) -> Option<String> {
        let entry = self.snapshot.service_entries().find(&front.name.id)?;
        let entry = self.snapshot.service_entries().get(entry);
        let (owner, region) = (entry.owner.as_ref()?, entry.region.as_ref()?);
        let (partition, id) = (partition(&self.role.id), &entry.id);
        Some(format!(
            "arn:{partition}:ec2:{region}:{owner}:instance-connect-endpoint/{id}"
        ))
    }

    /// What of the network the role may change.
    fn changes(&self, actors: &Actors) -> Option<Link> {
        let may = NETWORK_CHANGES
            .iter()
            .map(|action| (*action, self.may(action, None)));
        let mut may: Vec<_> = may.filter(|(_, may)| *may > Permission::No).collect();
        let starts = ["iam:PassRole", "ec2:RunInstances"];
        let starts_others = starts.map(|action| (action, self.may(action, None)));
        if starts_others.iter().all(|(_, may)| *may > Permission::No) {
            let least = starts_others.iter().map(|(_, may)| *may).min();
            may.extend(least.map(|least| ("iam:PassRole", least)));
        }
        let best = may.iter().map(|(_, may)| *may).max()?;
        may.retain(|(_, may)| *may == best);
        Some(Link {
            kind: ChannelKind::NetworkChanges,
            role: actors.acting.name.clone(),
            from: actors.hosts.clone(),
            to: Vec::new(),
            actions: may.into_iter().map(|(action, _)| action).collect(),
            is_certain: best == Permission::Yes,
        })
    }

    /// Roles act on what their own account owns.
    fn is_of_account(&self, seat: &Seat<'_>) -> Permission {
        let own: Option<&AccountId> = self.role.owner.as_ref();
        match (own, seat.instance.owner.as_ref()) {
            (Some(own), Some(owner)) if own == owner => Permission::Yes,
            (Some(_), Some(_)) => Permission::No,
            (None, _) | (_, None) => Permission::Perhaps,
        }
    }

    /// One link for what is certain, one for what is not.
    fn links(
        &self,
        kind: ChannelKind,
        actors: &Actors,
        actions: &[&'static str],
        may: impl Fn(&Seat<'_>) -> Permission,
    ) -> Vec<Link> {
        let mut found: BTreeMap<Permission, Vec<HostId>> = BTreeMap::new();
        for seat in self.seats {
            found.entry(may(seat)).or_default().push(seat.host);
        }
        found.remove(&Permission::No);
        let link = |(may, to)| Link {
            kind,
            role: actors.acting.name.clone(),
            from: actors.hosts.clone(),
            to,
            actions: actions.to_vec(),
            is_certain: may == Permission::Yes,
        };
        found.into_iter().map(link).collect()
    }
}
