//! Parts that several views share.

use std::sync::Arc;

use analysis::{Member, RuleAt, Subject, SubjectKind, Witness};
use model::{
    AccountId, Direction, Endpoint, Region, Resource, RulePeer, SecurityGroup, SecurityGroupRule,
    Snapshot,
};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::services;

/// Who a result is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SubjectView {
    /// `internet`, `office`, `addresses`, or what the hosts are: `instance`, `load balancer`, `database` …
    pub kind: String,
    /// What people call it: `app-*`, `shop-db`, `internet`, `Sydney`.
    pub name: String,
    /// The hosts meant, sorted by id; empty for networks outside.
    #[serde(serialize_with = "members")]
    #[schemars(with = "Vec<MemberView>")]
    pub members: Arc<[Member]>,
    /// How many hosts behave alike, of which `members` may be a part. For a question about some hosts, which looks at
    /// no others, as many as are meant.
    pub class_size: usize,
}

/// One host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberView {
    /// `i-…`, `eni-…`, `nat-…`, or a load balancer's path.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// The account that owns it, where the input tells it.
    pub account: Option<String>,
    /// Its ARN, where the input tells region and account, and its kind has one.
    pub arn: Option<String>,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// The ids of its interfaces.
    pub interfaces: Vec<String>,
    /// The ids of the groups that it wears.
    pub groups: Vec<String>,
}

/// A rule of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleView {
    /// `sg-…`.
    pub group_id: String,
    /// The account that owns the group, where the input tells it.
    pub account: Option<String>,
    /// The ARN of the group, where the input tells region and account.
    pub group_arn: Option<String>,
    /// The group's name.
    pub group_name: Option<String>,
    /// `sgr-…`, where the input tells it.
    pub rule_id: Option<String>,
    /// The ARN of the rule, where the input tells its id, region and account.
    pub rule_arn: Option<String>,
    /// `ingress` or `egress`.
    pub direction: String,
    /// `tcp/22`, `any` …
    pub service: String,
    /// A CIDR, the id of a group or of a prefix list.
    pub peer: String,
    /// The name of the peer group or list, where it has one.
    pub peer_name: Option<String>,
    /// What the author wrote about it.
    pub description: Option<String>,
    /// File and JSON pointer.
    pub origin: String,
}

/// The ARN of a resource of EC2.
fn arn(place: (Option<&Region>, Option<&AccountId>), kind: &str, id: &str) -> Option<String> {
    let (region, account) = (place.0?, place.1?);
    let partition = match region.as_str() {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        region if region.starts_with("us-iso-") => "aws-iso",
        region if region.starts_with("us-isob-") => "aws-iso-b",
        region if region.starts_with("eu-isoe-") => "aws-iso-e",
        region if region.starts_with("us-isof-") => "aws-iso-f",
        region if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    };
    Some(format!(
        "arn:{partition}:ec2:{region}:{account}:{kind}/{id}"
    ))
}

/// The ARN of a host that EC2 has a kind for.
fn member_arn(member: &Member) -> Option<String> {
    let (prefix, _) = member.id.split_once('-')?;
    let kind = match prefix {
        "i" => "instance",
        "eni" => "network-interface",
        "nat" => "natgateway",
        "vpce" => "vpc-endpoint",
        _ => return None,
    };
    arn(
        (member.region.as_ref(), member.account.as_ref()),
        kind,
        &member.id,
    )
}

/// The packet that proves a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WitnessView {
    /// The packet: protocol, addresses, ports.
    pub packet: String,
    /// Who sends it.
    pub from: String,
    /// Who receives it.
    pub to: String,
    /// The rules that let it in at the receiver.
    pub ingress: Vec<RuleView>,
    /// The rules that let it out at the sender.
    pub egress: Vec<RuleView>,
    /// Why the answer is open, where it is: a stable code.
    pub doubt_code: Option<String>,
    /// The same in words.
    pub doubt: Option<String>,
    /// Whether following the packet gives the same answer. If not, please report a bug.
    pub replayed: bool,
}

impl SubjectView {
    pub(crate) fn of(subject: &Subject) -> Self {
        let kind = match subject.kind {
            SubjectKind::Hosts(role) => role.label(),
            SubjectKind::Internet => "internet",
            SubjectKind::Office(_) => "office",
            SubjectKind::Addresses => "addresses",
        };
        Self {
            kind: kind.to_owned(),
            name: subject.name.clone(),
            members: subject.members.clone(),
            class_size: subject.class_size,
        }
    }

    /// The name, and how many of how many where that is more than one.
    pub(crate) fn label(&self) -> String {
        let (n, all) = (self.members.len(), self.class_size);
        match (n, all) {
            (0 | 1, _) => self.name.clone(),
            (n, all) if n == all => format!("{} ×{n}", self.name),
            (n, all) => format!("{} {n} of {all}", self.name),
        }
    }

    /// The ids of the members, for a cell.
    pub(crate) fn ids(&self) -> String {
        let ids: Vec<&str> = self
            .members
            .iter()
            .map(|member| member.id.as_str())
            .collect();
        ids.join(" ")
    }
}

/// Hosts are written one by one: very many subjects may share one list of them.
fn members<S: Serializer>(members: &Arc<[Member]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(members.iter().map(MemberView::of))
}

impl MemberView {
    pub(crate) fn of(member: &Member) -> Self {
        Self {
            id: member.id.clone(),
            name: member.name.clone(),
            account: member.account.as_ref().map(ToString::to_string),
            arn: member_arn(member),
            addresses: member.addresses.iter().map(ToString::to_string).collect(),
            interfaces: member.interfaces.iter().map(ToString::to_string).collect(),
            groups: member.groups.iter().map(ToString::to_string).collect(),
        }
    }
}

impl RuleView {
    /// The rule at a place; `None` if the group has no such rule.
    pub(crate) fn of(at: RuleAt, snapshot: &Snapshot) -> Option<Self> {
        let group = snapshot.groups().get(at.group);
        let rule = group.rules.get(at.number)?;
        Some(Self::of_rule(group, rule, snapshot))
    }

    /// A rule of a group, or one that is proposed for it.
    pub(crate) fn of_rule(
        group: &SecurityGroup,
        rule: &SecurityGroupRule,
        snapshot: &Snapshot,
    ) -> Self {
        let (peer, peer_name) = match &rule.peer {
            RulePeer::Cidr(cidr) => (cidr.to_string(), None),
            RulePeer::Group(reference) => {
                let index = snapshot.groups().find(reference.group.id().as_str());
                let name = index.and_then(|index| snapshot.groups().get(index).name());
                (reference.group.id().to_string(), name)
            }
            RulePeer::PrefixList(link) => {
                let name = link
                    .target()
                    .and_then(|index| snapshot.prefix_lists().get(index).name());
                (link.id().to_string(), name)
            }
        };
        let place = (group.region.as_ref(), group.owner.as_ref());
        Self {
            group_id: group.id.to_string(),
            group_arn: arn(place, "security-group", group.id.as_str()),
            rule_arn: rule
                .id
                .as_ref()
                .and_then(|id| arn(place, "security-group-rule", id.as_str())),
            account: group.owner.as_ref().map(ToString::to_string),
            group_name: group.name().map(str::to_owned),
            rule_id: rule.id.as_ref().map(ToString::to_string),
            direction: match rule.direction {
                Direction::Ingress => "ingress".to_owned(),
                Direction::Egress => "egress".to_owned(),
            },
            service: services::of_rule(rule.service),
            peer,
            peer_name: peer_name.map(str::to_owned),
            description: rule.description.as_deref().map(str::to_owned),
            origin: rule.origin.to_string(),
        }
    }

    pub(crate) fn all(rules: &[RuleAt], snapshot: &Snapshot) -> Vec<Self> {
        rules
            .iter()
            .filter_map(|at| Self::of(*at, snapshot))
            .collect()
    }

    /// Its id as it stands behind it; nothing if the input does not tell it.
    pub(crate) fn tag(&self) -> String {
        let id = self.rule_id.as_ref();
        id.map_or_else(String::new, |id| format!(" [{id}]"))
    }

    /// The account that owns it as it stands behind it; nothing if the input does not tell it.
    pub(crate) fn owner(&self) -> String {
        let account = self.account.as_ref();
        account.map_or_else(String::new, |account| format!(" in {account}"))
    }

    /// The group as people call it.
    pub(crate) fn group(&self) -> &str {
        self.group_name.as_ref().unwrap_or(&self.group_id)
    }

    /// The other end as people call it.
    pub(crate) fn peer_text(&self) -> String {
        if self.peer == self.group_id {
            return "itself".to_owned();
        }
        self.peer_name.as_ref().unwrap_or(&self.peer).clone()
    }
}

impl WitnessView {
    pub(crate) fn of(witness: &Witness, snapshot: &Snapshot) -> Self {
        Self {
            packet: witness.packet.to_string(),
            from: endpoint(&witness.from, snapshot),
            to: endpoint(&witness.to, snapshot),
            ingress: RuleView::all(&witness.ingress, snapshot),
            egress: RuleView::all(&witness.egress, snapshot),
            doubt_code: witness.doubt.as_ref().map(|(code, _)| (*code).to_owned()),
            doubt: witness.doubt.as_ref().map(|(_, text)| text.clone()),
            replayed: witness.is_replayed,
        }
    }
}

/// An endpoint in words: who, and by which address.
pub(crate) fn endpoint(endpoint: &Endpoint, snapshot: &Snapshot) -> String {
    let address = endpoint.address();
    match endpoint {
        Endpoint::Interface { interface, .. } => {
            let owner = analysis::owner(snapshot, snapshot.interfaces().get(*interface));
            let id = owner.id;
            owner.name.map_or_else(
                || format!("{id} {address}"),
                |name| format!("{name} ({id}) {address}"),
            )
        }
        Endpoint::Office { office, .. } => {
            let office = snapshot.offices().get(*office);
            format!("{} {address}", office.name().unwrap_or(office.id.as_str()))
        }
        Endpoint::Internet { .. } => format!("internet {address}"),
        Endpoint::Unknown { .. } => format!("unknown {address}"),
    }
}
