//! `DescribeStaleSecurityGroups`: groups with rules that name a group which is gone, or whose wearers cannot come.

use model::Origin;
use serde::Deserialize;

use super::{Objects, Text};
use crate::log::{Log, Problem};

/// A group with its stale rules.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct StaleGroup<'a> {
    group_id: Text<'a>,
    stale_ip_permissions: Objects<'a, Permission<'a>>,
    stale_ip_permissions_egress: Objects<'a, Permission<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Permission<'a> {
    user_id_group_pairs: Objects<'a, GroupPair<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct GroupPair<'a> {
    group_id: Text<'a>,
}

impl StaleGroup<'_> {
    /// Notes each stale reference. Answers rest on who wears the named group and how packets come, which make a rule
    /// stale in the first place, and not on this list, which may be older or newer than they are.
    pub(crate) fn tell(self, at: &Origin, log: &mut Log) -> Result<(), Problem> {
        let group = self.group_id.required("GroupId")?;
        for (key, permissions) in [
            ("StaleIpPermissions", &self.stale_ip_permissions),
            (
                "StaleIpPermissionsEgress",
                &self.stale_ip_permissions_egress,
            ),
        ] {
            for (number, permission) in permissions.all(at, key, log)? {
                let at = at.part(format_args!("/{key}/{number}"));
                permission.tell(group, &at, log)?;
            }
        }
        Ok(())
    }
}

impl Permission<'_> {
    fn tell(&self, group: &str, at: &Origin, log: &mut Log) -> Result<(), Problem> {
        let key = "UserIdGroupPairs";
        for (number, pair) in self.user_id_group_pairs.all(at, key, log)? {
            let named = pair.group_id.required("GroupId")?;
            let message = format!("a rule of `{group}` that names `{named}` is stale, says AWS");
            let at = at.part(format_args!("/{key}/{number}"));
            log.note("stale-rule", message, at);
        }
        Ok(())
    }
}
