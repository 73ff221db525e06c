//! `DescribePrefixLists`, `DescribeManagedPrefixLists` and `GetManagedPrefixListEntries`.

use model::Origin;
use packet::{Family, Prefix};
use serde::Deserialize;

use super::{List, Objects, Text};
use crate::log::{Log, Problem};

/// A prefix list; `DescribePrefixLists` tells its blocks too.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct PrefixList<'a> {
    prefix_list_id: Text<'a>,
    prefix_list_name: Text<'a>,
    owner_id: Text<'a>,
    address_family: Text<'a>,
    cidrs: Option<List<'a, Text<'a>>>,
}

/// One block of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Entry<'a> {
    cidr: Text<'a>,
}

impl PrefixList<'_> {
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<model::PrefixList, Problem> {
        let id = self.prefix_list_id.required("PrefixListId")?;
        let name = self.prefix_list_name.get();
        let is_aws_name = name.is_some_and(|name| name.starts_with("com.amazonaws."));
        Ok(model::PrefixList {
            id: id.into(),
            name: name.map(Into::into),
            region: None,
            is_aws_managed: self.owner_id.get() == Some("AWS") || is_aws_name,
            family: match self.address_family.get() {
                Some("IPv4") => Some(Family::V4),
                Some("IPv6") => Some(Family::V6),
                Some(_) | None => None,
            },
            entries: self.entries(at, log)?,
            origin: at.clone(),
        })
    }

    fn entries(&self, at: &Origin, log: &mut Log) -> Result<Option<Vec<Prefix>>, Problem> {
        let Some(cidrs) = &self.cidrs else {
            return Ok(None);
        };
        let elements = cidrs.read(at, "Cidrs", log);
        let mut entries = Vec::with_capacity(elements.items.len());
        for (number, cidr) in elements.items {
            let prefix = cidr.prefix(&format!("Cidrs/{number}"), at, log)?;
            entries.extend(prefix);
        }
        Ok(elements.is_complete.then_some(entries))
    }
}

/// The list of this id with the blocks that an answer about it holds; without them if one cannot be read.
pub(crate) fn of_entries(
    id: &str,
    entries: &Objects<'_, Entry<'_>>,
    at: &Origin,
    log: &mut Log,
) -> (model::PrefixList, bool) {
    let subject = format!("entry of prefix list `{id}` cannot be read: ");
    let read = |entry: Entry<'_>, at: &Origin, log: &mut Log| {
        let prefix = entry.cidr.prefix("Cidr", at, log)?;
        prefix.ok_or_else(|| Problem::missing("Cidr"))
    };
    let (prefixes, is_complete) = entries.take(at, "Entries", &subject, log, read);
    let list = model::PrefixList {
        id: id.into(),
        name: None,
        region: None,
        is_aws_managed: false,
        family: None,
        entries: is_complete.then_some(prefixes),
        origin: at.clone(),
    };
    (list, is_complete)
}
