//! What there is.

use std::collections::BTreeMap;

use analysis::{ClassInventory, Inventory};
use model::{Resource, Snapshot};
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::{MemberView, SubjectView};
use crate::header::{FORMAT_VERSION, Kind};
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::render::View;

/// What there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InventoryView {
    /// The version of this format.
    pub format_version: u32,
    /// `inventory`.
    pub kind: Kind,
    /// Accounts.
    pub accounts: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// How many hosts of each role.
    pub hosts: BTreeMap<String, usize>,
    /// How many network interfaces.
    pub interfaces: usize,
    /// How many security groups.
    pub groups: usize,
    /// How many rules they have.
    pub rules: usize,
    /// How many network ACLs.
    pub acls: usize,
    /// How many route tables.
    pub route_tables: usize,
    /// How many subnets.
    pub subnets: usize,
    /// The VPCs.
    pub vpcs: Vec<VpcView>,
    /// Hosts in no VPC of the input, by class.
    pub elsewhere: Vec<ClassView>,
    /// Hosts that are there without taking part.
    pub latent: Vec<LatentView>,
    /// Kinds of resources of which the input has no list.
    pub missing: Vec<String>,
}

/// Hosts that no live way ends at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LatentView {
    /// The hosts.
    pub hosts: SubjectView,
    /// `not running` or `not attached`.
    pub because: String,
}

/// What is in a VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VpcView {
    /// `vpc-…`.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// The account that owns it.
    pub account: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Its blocks.
    pub cidrs: Vec<String>,
    /// How many subnets it has.
    pub subnets: usize,
    /// Its hosts by class.
    pub classes: Vec<ClassView>,
}

/// How many usual ports a line of text shows.
const SHOWN_PORTS: usize = 3;

/// Hosts that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClassView {
    /// The hosts.
    #[serde(flatten)]
    pub hosts: SubjectView,
    /// The TCP ports on which their service usually listens, the most usual first. No answer rests on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usual_ports: Vec<u16>,
}

impl ClassView {
    fn all(classes: &[ClassInventory]) -> Vec<Self> {
        let view = |class: &ClassInventory| Self {
            hosts: SubjectView::of(&class.hosts),
            usual_ports: class.usual_ports.clone(),
        };
        classes.iter().map(view).collect()
    }

    /// `database, usually tcp/3306,5432,1521…`.
    fn role(&self) -> String {
        if self.usual_ports.is_empty() {
            return self.hosts.kind.clone();
        }
        let ports = self.usual_ports.iter().take(SHOWN_PORTS);
        let ports: Vec<String> = ports.map(u16::to_string).collect();
        let more = if ports.len() < self.usual_ports.len() {
            "…"
        } else {
            ""
        };
        format!("{}, usually tcp/{}{more}", self.hosts.kind, ports.join(","))
    }
}

/// The view of an inventory.
pub fn view(inventory: &Inventory, snapshot: &Snapshot) -> InventoryView {
    let vpcs = inventory.vpcs.iter().map(|row| {
        let vpc = snapshot.vpcs().get(row.vpc);
        VpcView {
            id: vpc.id.to_string(),
            name: vpc.name().map(str::to_owned),
            account: vpc.owner.as_ref().map(ToString::to_string),
            region: vpc.region.as_ref().map(ToString::to_string),
            cidrs: vpc.cidrs.iter().map(ToString::to_string).collect(),
            subnets: row.subnets,
            classes: ClassView::all(&row.classes),
        }
    });
    InventoryView {
        format_version: FORMAT_VERSION,
        kind: Kind::Inventory,
        accounts: inventory.accounts.iter().map(ToString::to_string).collect(),
        regions: inventory.regions.iter().map(ToString::to_string).collect(),
        hosts: inventory
            .hosts
            .iter()
            .map(|(role, count)| (role.label().to_owned(), *count))
            .collect(),
        interfaces: inventory.interfaces,
        groups: inventory.groups,
        rules: inventory.rules,
        acls: inventory.acls,
        route_tables: inventory.route_tables,
        subnets: inventory.subnets,
        vpcs: vpcs.collect(),
        elsewhere: ClassView::all(&inventory.elsewhere),
        latent: inventory
            .latent
            .iter()
            .map(|latent| LatentView {
                hosts: SubjectView::of(&latent.hosts),
                because: latent.because.label().to_owned(),
            })
            .collect(),
        missing: inventory
            .missing
            .iter()
            .map(|kind| (*kind).to_owned())
            .collect(),
    }
}

impl InventoryView {
    /// The numbers in one line, and whether the input is whole.
    pub(crate) fn headline(&self) -> String {
        let mut parts = vec![
            count(self.accounts.len(), "account"),
            count(self.regions.len(), "region"),
            count(self.vpcs.len(), "VPC"),
        ];
        let mut hosts: Vec<(&String, &usize)> = self.hosts.iter().collect();
        hosts.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        parts.extend(hosts.into_iter().map(|(role, n)| count(*n, role)));
        parts.push(count(self.groups, "security group"));
        parts.join(", ")
    }
}

/// A number with its noun.
pub(crate) fn count(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) if !noun.ends_with("ay") => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

impl View for InventoryView {
    fn text(&self, width: usize, palette: &Palette) -> String {
        let mut page = Page::new(width, palette);
        page.text(0, &self.headline());
        for vpc in &self.vpcs {
            let name = vpc
                .name
                .as_ref()
                .map_or_else(|| vpc.id.clone(), |name| format!("{name} ({})", vpc.id));
            page.heading(&format!("{name}  {}", vpc.cidrs.join(" ")));
            page.table(2, &class_rows(&vpc.classes, palette));
        }
        if !self.elsewhere.is_empty() {
            page.heading("In VPCs that the input does not hold");
            page.table(2, &class_rows(&self.elsewhere, palette));
        }
        if !self.latent.is_empty() {
            page.heading("Latent: nothing reaches them now");
            let row = |latent: &LatentView| {
                vec![
                    Cell::new(latent.hosts.label()),
                    Cell::new(&latent.because),
                    Cell::styled(latent.hosts.ids(), palette.dim),
                ]
            };
            page.table(2, &self.latent.iter().map(row).collect::<Vec<_>>());
        }
        if !self.missing.is_empty() {
            page.gap();
            page.styled(
                0,
                &format!("missing from the input: {}", self.missing.join(", ")),
                palette.warn,
            );
        }
        page.finish()
    }

    fn columns() -> &'static [&'static str] {
        &[
            "vpc",
            "class",
            "role",
            "id",
            "name",
            "addresses",
            "interfaces",
            "groups",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let inside = self
            .vpcs
            .iter()
            .flat_map(|vpc| vpc.classes.iter().map(move |class| (vpc.id.clone(), class)));
        let outside = self.elsewhere.iter().map(|class| (String::new(), class));
        let rows = inside.chain(outside).flat_map(|(vpc, class)| {
            class
                .hosts
                .members
                .iter()
                .map(MemberView::of)
                .map(move |member| {
                    vec![
                        vpc.clone(),
                        class.hosts.name.clone(),
                        class.hosts.kind.clone(),
                        member.id,
                        member.name.unwrap_or_default(),
                        member.addresses.join(" "),
                        member.interfaces.join(" "),
                        member.groups.join(" "),
                    ]
                })
        });
        rows.collect()
    }
}

fn class_rows(classes: &[ClassView], palette: &Palette) -> Vec<Vec<Cell>> {
    let row = |class: &ClassView| {
        let ids: Vec<&str> = class
            .hosts
            .members
            .iter()
            .map(|member| member.id.as_str())
            .collect();
        vec![
            Cell::new(class.hosts.label()),
            Cell::new(class.role()),
            Cell::styled(ids.join(" "), palette.dim),
        ]
    };
    classes.iter().map(row).collect()
}
