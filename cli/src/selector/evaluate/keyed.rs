//! Endpoints by what is told of them: `vpc:…`, `type:…`, `office:…`, `tag:…`.

use std::collections::BTreeSet;

use model::{Endpoint, Resource};

use super::{Endpoints, Search};
use crate::nearest::suggestion;
use crate::selector::catalogue::Catalogue;
use crate::selector::pattern::Case;
use crate::selector::{Key, Pattern, Problem, Term, resource};

impl Search<'_> {
    pub(super) fn keyed(&mut self, term: &Term, key: Key, pattern: &Pattern) -> Endpoints {
        let snapshot = self.catalogue.snapshot;
        let exact = |text: &str| pattern.matches(text, Case::Exact);
        let found = match key {
            Key::Name => self.interfaces(|index, _| self.is_named(index, pattern)),
            Key::Type => self.interfaces(|index, interface| {
                let owner = self.catalogue.owner(index);
                owner.is_some_and(|owner| {
                    let mut words = resource::types(owner.role, interface).into_iter();
                    words.any(|word| pattern.matches(word, Case::Folded))
                })
            }),
            Key::Account => self.interfaces(|_, interface| {
                interface
                    .owner
                    .as_ref()
                    .is_some_and(|owner| exact(owner.as_str()))
            }),
            Key::Region => self.interfaces(|_, interface| {
                interface
                    .region
                    .as_ref()
                    .is_some_and(|region| exact(region.as_str()))
            }),
            Key::Zone => self.interfaces(|_, interface| {
                let subnet = interface
                    .subnet
                    .target()
                    .map(|subnet| snapshot.subnets().get(subnet));
                let zone = subnet.and_then(|subnet| subnet.zone.as_ref());
                zone.is_some_and(|zone| exact(zone.as_str()))
            }),
            Key::Vpc => self.interfaces(|_, interface| {
                Catalogue::is_called(snapshot.vpcs(), &interface.vpc, pattern)
            }),
            Key::Subnet => self.interfaces(|_, interface| {
                Catalogue::is_called(snapshot.subnets(), &interface.subnet, pattern)
            }),
            Key::Group => self.interfaces(|_, interface| {
                let mut groups = interface.groups.iter();
                groups.any(|link| Catalogue::is_called(snapshot.groups(), link, pattern))
            }),
            Key::Office => return self.office(term, pattern),
        };
        if key == Key::Type && found.is_empty() && !is_type(pattern) {
            let meant = suggestion(&pattern.shown(), resource::TYPES.iter().copied());
            let message = format!("no such type{meant}");
            self.problems.push(Problem::new(term.span.clone(), message));
            return found;
        }
        let values = self.values(key);
        let meant = suggestion(&pattern.shown(), values.iter().map(String::as_str));
        self.expect_some(found, term, || {
            format!("nothing in the snapshot has this {}{meant}", key.word())
        })
    }

    /// What a key can be in this snapshot.
    fn values(&self, key: Key) -> Vec<String> {
        let snapshot = self.catalogue.snapshot;
        let interfaces = || snapshot.interfaces().rows().iter();
        let mut values: Vec<String> = match key {
            Key::Name => self
                .catalogue
                .interfaces()
                .flat_map(|(index, _)| self.catalogue.names(index))
                .map(str::to_owned)
                .collect(),
            Key::Type => resource::TYPES.iter().map(ToString::to_string).collect(),
            Key::Account => interfaces()
                .filter_map(|interface| interface.owner.as_ref())
                .map(ToString::to_string)
                .collect(),
            Key::Region => interfaces()
                .filter_map(|interface| interface.region.as_ref())
                .map(ToString::to_string)
                .collect(),
            Key::Zone => snapshot
                .subnets()
                .rows()
                .iter()
                .filter_map(|subnet| subnet.zone.as_ref())
                .map(ToString::to_string)
                .collect(),
            Key::Vpc => called(snapshot.vpcs().rows()),
            Key::Subnet => called(snapshot.subnets().rows()),
            Key::Group => called(snapshot.groups().rows()),
            Key::Office => snapshot
                .offices()
                .rows()
                .iter()
                .filter_map(Resource::name)
                .map(str::to_owned)
                .collect(),
        };
        values.sort();
        values.dedup();
        values
    }

    fn office(&mut self, term: &Term, pattern: &Pattern) -> Endpoints {
        let offices = self.catalogue.snapshot.offices();
        let is_meant = |endpoint: &Endpoint| match endpoint {
            Endpoint::Office { office, .. } => {
                let office = offices.get(*office);
                let name = office.name().unwrap_or_default();
                pattern.matches(name, Case::Folded)
                    || pattern.matches(office.id.as_str(), Case::Folded)
            }
            Endpoint::Interface { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => {
                false
            }
        };
        let found = self.outside(is_meant);
        if found.is_empty() {
            let known = self.values(Key::Office);
            let message = if known.is_empty() {
                "no office network is known: declare it as `[[office]]` in watertight.toml"
                    .to_owned()
            } else {
                format!("no such office network: there are {}", known.join(", "))
            };
            self.problems.push(Problem::new(term.span.clone(), message));
        }
        found
    }

    pub(super) fn tag(&mut self, term: &Term, key: &Pattern, value: Option<&Pattern>) -> Endpoints {
        let is_meant = |(tag_key, tag_value): (&str, &str)| {
            key.matches(tag_key, Case::Exact)
                && value.is_none_or(|value| value.matches(tag_value, Case::Exact))
        };
        let found = self.interfaces(|_, interface| self.catalogue.tags(interface).any(is_meant));
        let interfaces = self.catalogue.snapshot.interfaces().rows().iter();
        let keys: BTreeSet<&str> = interfaces
            .flat_map(|interface| self.catalogue.tags(interface))
            .map(|(key, _)| key)
            .collect();
        self.expect_some(found, term, || {
            let meant = if keys.contains(&*key.shown()) {
                String::new()
            } else {
                suggestion(&key.shown(), keys)
            };
            format!("nothing in the snapshot has this tag{meant}")
        })
    }
}

fn is_type(pattern: &Pattern) -> bool {
    let mut words = resource::TYPES.iter();
    words.any(|word| pattern.matches(word, Case::Folded))
}

/// The ids and names of resources.
fn called<T: Resource>(rows: &[T]) -> Vec<String> {
    let both = rows
        .iter()
        .flat_map(|row| std::iter::once(row.id().as_str()).chain(row.name()));
    both.map(str::to_owned).collect()
}
