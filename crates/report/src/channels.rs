//! What hosts may do beyond the network.

use std::collections::BTreeSet;

use analysis::{Channel, ChannelHop, Channels, RoleName};
use schemars::JsonSchema;
use serde::Serialize;

use crate::common::SubjectView;
use crate::inventory::count;
use crate::page::{Cell, Page};
use crate::palette::Palette;
use crate::through::FrontView;

/// Something that hosts may do beyond the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChannelView {
    /// `session manager`, `instance connect`, `network changes`, `shared role` or `metadata version 1`.
    pub kind: String,
    /// As which role.
    pub role: RoleView,
    /// The hosts that act as the role, by class.
    pub from: Vec<SubjectView>,
    /// The hosts that it leads to, by class; none where it leads to no host by itself.
    pub to: Vec<SubjectView>,
    /// What the role may ask AWS for; none where it is not about that.
    pub actions: Vec<String>,
    /// Whether the input tells it for certain.
    pub certain: bool,
}

/// A role of IAM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleView {
    /// Its ARN; that of the instance profile where the input does not hold the role.
    pub arn: String,
    /// What people call it.
    pub name: String,
    /// The account that owns it.
    pub account: Option<String>,
}

/// A hop by what a role may ask AWS for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChannelHopView {
    /// `session manager` or `instance connect`.
    pub kind: String,
    /// As which role.
    pub role: RoleView,
    /// What the role may ask AWS for.
    pub actions: Vec<String>,
}

impl RoleView {
    fn of(role: &RoleName) -> Self {
        Self {
            arn: role.id.to_string(),
            name: role.name.clone(),
            account: role.account.as_ref().map(ToString::to_string),
        }
    }
}

impl ChannelHopView {
    pub(crate) fn of(hop: &ChannelHop) -> Self {
        Self {
            kind: hop.kind.label().to_owned(),
            role: RoleView::of(&hop.role),
            actions: actions(&hop.actions),
        }
    }

    /// By what an edge of a picture leads on, and through what: a front in words, or the role.
    pub(crate) fn in_picture(
        channel: Option<&Self>,
        (services, via): (&[String], &[FrontView]),
    ) -> (Vec<String>, String) {
        match channel {
            Some(channel) => (
                vec![channel.kind.clone()],
                format!("role {}", channel.role.name),
            ),
            None => (services.to_vec(), FrontView::list(via)),
        }
    }

    /// Why it leads on.
    pub(crate) fn because(&self) -> String {
        format!("role {} may {}", self.role.name, short(&self.actions))
    }
}

impl ChannelView {
    /// All of them.
    pub(crate) fn all(channels: &Channels) -> Vec<Self> {
        channels.all.iter().map(Self::of).collect()
    }

    fn of(channel: &Channel) -> Self {
        Self {
            kind: channel.kind.label().to_owned(),
            role: RoleView::of(&channel.role),
            from: channel.from.iter().map(SubjectView::of).collect(),
            to: channel.to.iter().map(SubjectView::of).collect(),
            actions: actions(&channel.actions),
            certain: channel.is_certain,
        }
    }

    fn cells(&self, palette: &Palette) -> Vec<Cell> {
        let (possibly, style) = if self.certain {
            ("", palette.bad)
        } else {
            ("possibly ", palette.warn)
        };
        let because = if self.actions.is_empty() {
            format!("role {}", self.role.name)
        } else {
            format!("role {} may {}", self.role.name, short(&self.actions))
        };
        let to = if self.to.is_empty() {
            String::new()
        } else {
            format!(" → {}", labels(&self.to))
        };
        vec![
            Cell::styled(format!("{possibly}{}", self.kind), style),
            Cell::new(format!("{}{to}", labels(&self.from))),
            Cell::new(because),
        ]
    }
}

/// Writes what hosts that fall may do, with what is not told of it.
pub(crate) fn write(
    page: &mut Page<'_>,
    channels: &[ChannelView],
    (n_untold, by_channels): (usize, bool),
    palette: &Palette,
) {
    if channels.is_empty() && n_untold == 0 {
        return;
    }
    page.heading(if by_channels {
        "Beyond the network, from what falls"
    } else {
        "Beyond the network, from what falls (not counted: see --channels)"
    });
    let rows = channels.iter().map(|channel| channel.cells(palette));
    page.table(2, &rows.collect::<Vec<_>>());
    write_untold(page, 2, n_untold, palette);
}

/// How many hosts have what is certain, kind by kind, in a line.
pub(crate) fn summary<'c>(channels: &'c [ChannelView], exposed: &[SubjectView]) -> String {
    let mut kinds: Vec<(&str, [BTreeSet<&str>; 2])> = Vec::new();
    for channel in channels.iter().filter(|channel| channel.certain) {
        if kinds.last().is_none_or(|(kind, _)| *kind != channel.kind) {
            kinds.push((&channel.kind, Default::default()));
        }
        let ids = |subjects: &'c [SubjectView]| {
            let members = subjects.iter().flat_map(|subject| subject.members.iter());
            members.map(|member| member.id.as_str())
        };
        if let Some((_, [from, to])) = kinds.last_mut() {
            from.extend(ids(&channel.from));
            to.extend(ids(&channel.to));
        }
    }
    let kinds = kinds.into_iter().map(|(kind, [from, to])| {
        let n_from = count(from.len(), "host");
        if to.is_empty() {
            format!("{kind} of {n_from}")
        } else {
            format!("{kind} from {n_from} to {}", to.len())
        }
    });
    let mut parts: Vec<String> = kinds.collect();
    if !exposed.is_empty() {
        let text = format!("the internet reaches {} with it", labels(exposed));
        parts.push(text);
    }
    parts.join(", ")
}

/// Says of how many hosts it is not told what they may do.
pub(crate) fn write_untold(page: &mut Page<'_>, indent: usize, n_untold: usize, palette: &Palette) {
    if n_untold > 0 {
        let text = format!(
            "What the roles of {} may do is not in the input: `aws iam get-account-authorization-details` tells it.",
            count(n_untold, "host")
        );
        page.styled(indent, &text, palette.warn);
    }
}

fn labels(subjects: &[SubjectView]) -> String {
    let labels: Vec<String> = subjects.iter().map(SubjectView::label).collect();
    labels.join(", ")
}

fn actions(actions: &[&str]) -> Vec<String> {
    actions.iter().map(|action| (*action).to_owned()).collect()
}

/// The first actions, and how many more.
fn short(actions: &[String]) -> String {
    let shown: Vec<&str> = actions
        .iter()
        .take(MAX_ACTIONS)
        .map(String::as_str)
        .collect();
    let n_more = actions.len() - shown.len();
    let more = if n_more > 0 {
        format!(", {n_more} more")
    } else {
        String::new()
    };
    format!("{}{more}", shown.join(", "))
}

/// So many actions are named in text.
const MAX_ACTIONS: usize = 2;
