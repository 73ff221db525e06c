//! Endpoints by an id, a name or an ARN.

use model::{Index, NetworkInterface};

use super::{Endpoints, Search};
use crate::nearest::suggestion;
use crate::selector::pattern::Case;
use crate::selector::{Pattern, Problem, Term};

impl Search<'_> {
    pub(super) fn word(&mut self, term: &Term, pattern: &Pattern) -> Endpoints {
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

    pub(super) fn is_named(&self, interface: Index<NetworkInterface>, pattern: &Pattern) -> bool {
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
    pub(super) fn arn(&mut self, term: &Term, arn: &str) -> Endpoints {
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
}
