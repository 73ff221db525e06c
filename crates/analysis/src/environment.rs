//! Environments: production, development and the like, which should not reach each other.
//!
//! The environment of a host is what the user declares, else what a tag of the host says, else a tag of its VPC, else
//! the name of its VPC where that holds one well-known word. Where nothing says it, it is not known.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Index, Resource, Vpc};

use crate::host::{Host, HostId};
use crate::landscape::{Landscape, Selection};
use crate::tag::{tag_of, value_of};

/// Tags by which people say which environment something belongs to, the plainest first.
const TAGS: [&str; 3] = ["Environment", "Env", "Stage"];

/// Words that mean an environment, with what it is called here.
const WORDS: [(&str, &str); 14] = [
    ("production", "production"),
    ("prod", "production"),
    ("prd", "production"),
    ("development", "development"),
    ("dev", "development"),
    ("staging", "staging"),
    ("stage", "staging"),
    ("stg", "staging"),
    ("testing", "test"),
    ("test", "test"),
    ("tst", "test"),
    ("qa", "qa"),
    ("uat", "uat"),
    ("sandbox", "sandbox"),
];

/// Words that turn the next one into something else: `non-prod` is no production.
const TURNING: [&str; 4] = ["non", "not", "no", "pre"];

/// The environment of every host, where it is known.
#[derive(Debug)]
pub(crate) struct Environments {
    by_host: Vec<Option<Arc<str>>>,
}

impl Environments {
    /// `declared` are hosts of environments that the user names; a host is in the first one that has it.
    pub(crate) fn of(landscape: &Landscape<'_>, declared: &[(String, Selection)]) -> Self {
        let mut by_user: BTreeMap<HostId, Arc<str>> = BTreeMap::new();
        for (name, selection) in declared {
            let name: Arc<str> = called(name).into();
            let endpoints = landscape.endpoints(selection);
            for host in endpoints.iter().filter_map(|one| landscape.host_of(one)) {
                by_user.entry(host).or_insert_with(|| Arc::clone(&name));
            }
        }
        let vpcs = landscape.snapshot().vpcs().iter();
        let of_vpcs = vpcs.filter_map(|(index, vpc)| Some((index, Arc::from(of_vpc(vpc)?))));
        let of_vpcs: BTreeMap<Index<Vpc>, Arc<str>> = of_vpcs.collect();
        let by_host = landscape.hosts().map(|(id, host)| {
            let declared = by_user.get(&id).cloned();
            let tagged = || of_tags(landscape, host).map(Arc::from);
            let of_vpc = || of_vpcs.get(&landscape.vpc_of(host)?).cloned();
            declared.or_else(tagged).or_else(of_vpc)
        });
        Self {
            by_host: by_host.collect(),
        }
    }

    pub(crate) fn of_host(&self, host: HostId) -> Option<&Arc<str>> {
        self.by_host.get(host.0)?.as_ref()
    }
}

fn of_tags(landscape: &Landscape<'_>, host: &Host) -> Option<String> {
    let mut values = TAGS.iter().filter_map(|tag| tag_of(landscape, host, tag));
    values.next().map(called)
}

fn of_vpc(vpc: &Vpc) -> Option<String> {
    let mut values = TAGS.iter().filter_map(|tag| value_of(&vpc.tags, tag));
    let tagged = values.next().map(called);
    tagged.or_else(|| in_name(vpc.name()?).map(str::to_owned))
}

/// What an environment is called: well-known words in one way, others in small letters as they are.
fn called(value: &str) -> String {
    let small = value.trim().to_lowercase();
    meant(&small).map_or(small, str::to_owned)
}

fn meant(word: &str) -> Option<&'static str> {
    let found = WORDS.iter().find(|(known, _)| *known == word);
    found.map(|(_, meaning)| *meaning)
}

/// The one environment that a name speaks of.
fn in_name(name: &str) -> Option<&'static str> {
    let small = name.to_lowercase();
    let words: Vec<&str> = small
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect();
    if words.iter().any(|word| TURNING.contains(word)) {
        return None;
    }
    let mut found = words.iter().filter_map(|word| meant(word));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_speaks_of_an_environment_if_it_holds_the_word_of_one_alone() {
        let check =
            |name: &str, expected: Option<&str>| assert_eq!(in_name(name), expected, "{name}");
        check("prod-vpc", Some("production"));
        check("shop_dev_1", Some("development"));
        check("PRD", Some("production"));
        check("prod production", Some("production"));
        check("non-prod", None);
        check("pre-production", None);
        check("prod-to-dev", None);
        check("products", None);
        check("main", None);
    }

    #[test]
    fn values_that_mean_the_same_are_called_the_same() {
        assert_eq!(called(" Prod "), "production");
        assert_eq!(called("Blue"), "blue");
        assert_eq!(called("non-prod"), "non-prod");
    }
}
