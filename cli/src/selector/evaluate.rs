//! From a selector to the endpoints that it names in one snapshot.

use std::collections::BTreeSet;
use std::net::IpAddr;

use engine::Engine;
use model::{Endpoint, Index, NetworkInterface, Resource};

use super::catalogue::{Catalogue, Role};
use super::pattern::Case;
use super::{
    Expression, Key, Meaning, Pattern, Problem, Selector, SelectorError, Subject, Term, resource,
};
use crate::nearest::suggestion;

/// How many candidates an error lists.
const MAX_LISTED: usize = 8;

/// Finds the endpoints of selectors in one snapshot.
#[derive(Debug)]
pub struct Resolver<'a> {
    catalogue: Catalogue<'a>,
}

type Endpoints = BTreeSet<Endpoint>;

impl<'a> Resolver<'a> {
    /// Indexes a snapshot.
    ///
    /// # Cost
    ///
    /// A sort of the addresses.
    pub fn new(engine: &'a Engine<'a>) -> Self {
        Self {
            catalogue: Catalogue::new(engine),
        }
    }

    /// The endpoints that a selector names, in order; never none.
    ///
    /// For offices and the internet these are one endpoint for each part that behaves alike.
    ///
    /// # Errors
    ///
    /// If an id, a type or an office is not in the snapshot, if nothing is named, or if an address is held more than
    /// once and the selector does not say which is meant.
    pub fn resolve(&self, selector: &Selector, role: Role) -> Result<Vec<Endpoint>, SelectorError> {
        let mut search = Search {
            catalogue: &self.catalogue,
            role,
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let mut found = search.expression(selector.root());
        search.ambiguities(selector.root(), &found);
        let Search {
            mut problems,
            mut notes,
            ..
        } = search;
        if problems.is_empty() && found.is_empty() {
            if notes.is_empty() {
                notes.push(Problem::new(
                    0..selector.text().len(),
                    "nothing in the snapshot is all of this",
                ));
            }
            problems = notes;
        }
        if problems.is_empty() {
            Ok(std::mem::take(&mut found).into_iter().collect())
        } else {
            Err(SelectorError::new(selector.text(), problems))
        }
    }

    /// The endpoints of the one thing that a selector names: an instance or interface with all of its addresses, an
    /// office, the internet, or an address.
    ///
    /// # Errors
    ///
    /// As [`Self::resolve`], and if the selector names several things.
    pub fn resolve_one(
        &self,
        selector: &Selector,
        role: Role,
    ) -> Result<Vec<Endpoint>, SelectorError> {
        let endpoints = self.resolve(selector, role)?;
        let snapshot = self.catalogue.snapshot;
        let subjects = Subject::all(&endpoints, snapshot);
        if subjects.len() == 1 {
            return Ok(endpoints);
        }
        let listed = subjects.iter().take(MAX_LISTED);
        let listed: Vec<String> = listed.map(|subject| subject.describe(snapshot)).collect();
        let more = if subjects.len() > MAX_LISTED {
            ", …"
        } else {
            ""
        };
        let message = format!(
            "names {} endpoints where one is needed: {}{more}",
            subjects.len(),
            listed.join(", ")
        );
        Err(SelectorError::new(
            selector.text(),
            vec![Problem::new(0..selector.text().len(), message)],
        ))
    }
}

struct Search<'a> {
    catalogue: &'a Catalogue<'a>,
    role: Role,
    /// What is certainly wrong.
    problems: Vec<Problem>,
    /// Why a condition names nothing: worth saying only if the whole selector names nothing.
    notes: Vec<Problem>,
}

impl<'a> Search<'a> {
    fn expression(&mut self, expression: &Expression) -> Endpoints {
        match expression {
            Expression::Term(term) => self.term(term),
            Expression::Not(inner) => {
                let without = self.expression(inner);
                &self.every() - &without
            }
            Expression::Any(parts) => parts
                .iter()
                .flat_map(|part| self.expression(part))
                .collect(),
            Expression::All(parts) => self.all(parts),
        }
    }

    /// Takes what `not` names away at the end, so that `internet and not …` is not cut down to interfaces.
    fn all(&mut self, parts: &[Expression]) -> Endpoints {
        let mut found: Option<Endpoints> = None;
        let mut without = Endpoints::new();
        for part in parts {
            if let Expression::Not(inner) = part {
                without.extend(self.expression(inner));
            } else {
                let part = self.expression(part);
                found = Some(match found {
                    Some(before) => &before & &part,
                    None => part,
                });
            }
        }
        let found = found.unwrap_or_else(|| self.every());
        &found - &without
    }

    fn every(&self) -> Endpoints {
        self.interfaces(|_, _| true)
    }

    /// All endpoints of the interfaces that a condition holds for.
    fn interfaces(
        &self,
        holds: impl Fn(Index<NetworkInterface>, &'a NetworkInterface) -> bool,
    ) -> Endpoints {
        let interfaces = self
            .catalogue
            .interfaces()
            .filter(|(index, interface)| holds(*index, interface));
        interfaces
            .flat_map(|(index, _)| self.catalogue.endpoints(index, self.role))
            .collect()
    }

    fn outside(&self, holds: impl Fn(&Endpoint) -> bool) -> Endpoints {
        let outside = self.catalogue.outside().iter().copied();
        outside.filter(holds).collect()
    }

    fn term(&mut self, term: &Term) -> Endpoints {
        match &term.meaning {
            Meaning::Every => self.every(),
            Meaning::Internet => {
                self.outside(|endpoint| matches!(endpoint, Endpoint::Internet { .. }))
            }
            Meaning::OnPremises => self.on_premises(term),
            Meaning::Address(address) => {
                self.catalogue.at(*address, self.role).into_iter().collect()
            }
            Meaning::Block(block) => {
                let found: Endpoints = self
                    .catalogue
                    .within(*block, self.role)
                    .into_iter()
                    .collect();
                self.expect_some(found, term, || {
                    "nothing in the snapshot has an address in this block".to_owned()
                })
            }
            Meaning::Arn(arn) => self.arn(term, arn),
            Meaning::Word(pattern) => self.word(term, pattern),
            Meaning::Keyed(key, pattern) => self.keyed(term, *key, pattern),
            Meaning::Tag { key, value } => self.tag(term, key, value.as_ref()),
        }
    }

    /// Keeps a note for the case that the whole selector names nothing.
    fn expect_some(
        &mut self,
        found: Endpoints,
        term: &Term,
        note: impl FnOnce() -> String,
    ) -> Endpoints {
        if found.is_empty() {
            self.notes.push(Problem::new(term.span.clone(), note()));
        }
        found
    }

    fn on_premises(&mut self, term: &Term) -> Endpoints {
        let found = self.outside(|endpoint| matches!(endpoint, Endpoint::Office { .. }));
        self.expect_some(found, term, || {
            "no office network is known: declare one as `[[office]]` in watertight.toml".to_owned()
        })
    }

    fn word(&mut self, term: &Term, pattern: &Pattern) -> Endpoints {
        if let Some(text) = pattern.literal() {
            let found = self.by_id(&text);
            if !found.is_empty() {
                return found;
            }
            if let Some(what) = self.idle(&text) {
                return self.expect_some(found, term, || what);
            }
        }
        let found = self.interfaces(|index, _| self.is_named(index, pattern));
        if found.is_empty() {
            let shown = pattern.shown();
            let meant = suggestion(&shown, self.catalogue.all_names());
            self.problems.push(Problem::new(
                term.span.clone(),
                format!("no such id or name in the snapshot{meant}"),
            ));
        }
        found
    }

    fn is_named(&self, interface: Index<NetworkInterface>, pattern: &Pattern) -> bool {
        self.catalogue
            .names(interface)
            .any(|name| pattern.matches(name, Case::Exact))
    }

    /// The interfaces that have this id, or belong to what has it.
    fn by_id(&self, id: &str) -> Endpoints {
        let gateways = self.catalogue.snapshot.nat_gateways();
        let nat = gateways.find(id).map(|gateway| gateways.get(gateway));
        let nat = nat.into_iter().flat_map(|gateway| &gateway.addresses);
        let nat: Vec<&str> = nat
            .filter_map(|address| Some(address.interface.as_ref()?.id().as_str()))
            .collect();
        self.interfaces(|index, interface| {
            let own = interface.id.as_str();
            own == id
                || self
                    .catalogue
                    .owner(index)
                    .is_some_and(|owner| owner.id == id)
                || nat.contains(&own)
                || interface
                    .instance
                    .as_ref()
                    .is_some_and(|link| link.id().as_str() == id)
                || interface.subnet.id().as_str() == id
                || interface.vpc.id().as_str() == id
                || interface.groups.iter().any(|link| link.id().as_str() == id)
        })
    }

    /// What is said of a resource that is there and has no interface.
    fn idle(&self, id: &str) -> Option<String> {
        let snapshot = self.catalogue.snapshot;
        let message = if snapshot.groups().find(id).is_some() {
            "no interface wears this group"
        } else if snapshot.instances().find(id).is_some() {
            "no interface of this instance is in the snapshot"
        } else if snapshot.interfaces().find(id).is_some() {
            "this interface has no address"
        } else if snapshot.vpcs().find(id).is_some() || snapshot.subnets().find(id).is_some() {
            "no interface is in it"
        } else if snapshot.nat_gateways().find(id).is_some() {
            "no interface of this NAT gateway is in the snapshot"
        } else {
            return None;
        };
        Some(message.to_owned())
    }

    /// The id at the end of an ARN; load balancers are known by the name in it.
    fn arn(&mut self, term: &Term, arn: &str) -> Endpoints {
        let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
        let last = || resource.rsplit(['/', ':']).next().unwrap_or_default();
        let id = resource.strip_prefix("loadbalancer/").unwrap_or_else(last);
        let found = self.by_id(id);
        if found.is_empty() {
            let message = self.idle(id).unwrap_or_else(|| {
                let ids = self.catalogue.all_names();
                format!(
                    "nothing in the snapshot has the id `{id}`{}",
                    suggestion(id, ids)
                )
            });
            self.problems.push(Problem::new(term.span.clone(), message));
        }
        found
    }

    fn keyed(&mut self, term: &Term, key: Key, pattern: &Pattern) -> Endpoints {
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

    fn tag(&mut self, term: &Term, key: &Pattern, value: Option<&Pattern>) -> Endpoints {
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

    /// Notes every address of the selector that several interfaces among the found ones hold.
    fn ambiguities(&mut self, expression: &Expression, found: &Endpoints) {
        match expression {
            Expression::Term(Term {
                meaning: Meaning::Address(address),
                span,
            }) => {
                let named = self.catalogue.at(*address, self.role);
                let named: Vec<Endpoint> = named
                    .into_iter()
                    .filter(|endpoint| found.contains(endpoint))
                    .collect();
                if named.len() > 1 {
                    let message = self.ambiguity(*address, &named);
                    self.problems.push(Problem::new(span.clone(), message));
                }
            }
            Expression::Term(_) | Expression::Not(_) => {}
            Expression::All(parts) | Expression::Any(parts) => {
                for part in parts {
                    self.ambiguities(part, found);
                }
            }
        }
    }

    fn ambiguity(&self, address: IpAddr, named: &[Endpoint]) -> String {
        let snapshot = self.catalogue.snapshot;
        let candidates = named
            .iter()
            .take(MAX_LISTED)
            .filter_map(|endpoint| match endpoint {
                Endpoint::Interface { interface, .. } => {
                    let interface = snapshot.interfaces().get(*interface);
                    let subject = Subject::of(endpoint, snapshot).describe(snapshot);
                    Some(format!(
                        "{address} and {}   for {subject}, {}",
                        interface.vpc.id(),
                        interface.id
                    ))
                }
                Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => {
                    None
                }
            });
        let candidates: Vec<String> = candidates.collect();
        format!(
            "{} interfaces hold this address; write one of\n{}",
            named.len(),
            candidates.join("\n")
        )
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
