//! Network Firewall: what its stateless and stateful rules do with a packet.

mod head;
mod stateful;
mod stateless;

use model::{FirewallPolicy, Index, NetworkFirewall, ResourceId};

use crate::inspection::FirewallRule;
use crate::walk::{Flight, Stop};
use crate::{Doubt, Ground, InspectionDoubt, InspectionReason, Reason, Tracer};

use stateful::Verdict;
use stateless::Fate;

/// Stateful rules that were asked for a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inspected {
    /// The endpoint where that was.
    pub(crate) endpoint: ResourceId,
    /// Whether a rule passed it, and not the default.
    pub(crate) is_by_rule: bool,
}

/// A firewall with what decides there.
#[derive(Debug, Clone, Copy)]
struct Inspector<'t, 'a> {
    tracer: &'t Tracer<'a>,
    firewall: Index<NetworkFirewall>,
    policy: &'a FirewallPolicy,
}

impl Tracer<'_> {
    /// Asks a firewall at one of its endpoints.
    pub(crate) fn inspect(
        &self,
        flight: &mut Flight,
        index: Index<NetworkFirewall>,
        endpoint: &ResourceId,
    ) -> Result<(), Stop> {
        let unknown = || Doubt::Inspection(InspectionDoubt::FirewallUnknown(index));
        let Some(policy) = self.snapshot.firewalls().get(index).policy.target() else {
            flight.doubt(unknown());
            return Ok(());
        };
        let inspector = Inspector {
            tracer: self,
            firewall: index,
            policy: self.snapshot.firewall_policies().get(policy),
        };
        match inspector.stateless(&flight.packet) {
            Fate::Passed(rule) => flight.allow(Ground::Firewall(index, rule)),
            Fate::Dropped(rule) => return Err(dropped(index, rule)),
            Fate::Unknown => flight.doubt(unknown()),
            Fate::Forwarded if flight.is_reply() => inspector.answer(flight, endpoint),
            Fate::Forwarded => return inspector.first(flight, endpoint),
        }
        Ok(())
    }

    /// Whether the same firewalls saw an answer and what it answers.
    pub(crate) fn compare_inspections(flight: &mut Flight) {
        let Some(session) = &flight.session else {
            return;
        };
        let seen = |list: &[Inspected]| {
            let endpoints = list.iter().map(|inspected| inspected.endpoint.clone());
            endpoints.collect::<std::collections::BTreeSet<_>>()
        };
        let is_asymmetric = seen(&session.inspected) != seen(&flight.inspected);
        if flight.compares_inspections && is_asymmetric {
            flight.doubt(Doubt::Inspection(InspectionDoubt::Asymmetric));
        }
    }
}

impl Inspector<'_, '_> {
    /// Stateful rules for a first packet.
    fn first(self, flight: &mut Flight, endpoint: &ResourceId) -> Result<(), Stop> {
        let verdict = self.stateful(&flight.packet);
        flight.inspected.push(Inspected {
            endpoint: endpoint.clone(),
            is_by_rule: matches!(verdict, Verdict::Passed(Some(_))),
        });
        match verdict {
            Verdict::Passed(rule) => flight.allow(Ground::Firewall(self.firewall, rule)),
            Verdict::Dropped(rule) => return Err(dropped(self.firewall, rule)),
            Verdict::Conditional(rule) => {
                let doubt = InspectionDoubt::FirewallCondition(self.firewall, rule);
                flight.doubt(Doubt::Inspection(doubt));
            }
        }
        Ok(())
    }

    /// Stateful rules for an answer.
    fn answer(self, flight: &mut Flight, endpoint: &ResourceId) {
        let session = flight.session.iter();
        let mut before = session.flat_map(|session| &session.inspected);
        let first = before.find(|inspected| inspected.endpoint == *endpoint);
        let first = first.map(|inspected| inspected.is_by_rule);
        flight.inspected.push(Inspected {
            endpoint: endpoint.clone(),
            is_by_rule: first == Some(true),
        });
        let rule = match first {
            None => {
                flight.doubt(Doubt::Inspection(InspectionDoubt::Asymmetric));
                return;
            }
            Some(true) => None,
            Some(false) => self.may_drop(&flight.packet),
        };
        match rule {
            Some(rule) => {
                let doubt = InspectionDoubt::FirewallCondition(self.firewall, rule);
                flight.doubt(Doubt::Inspection(doubt));
            }
            None => flight.allow(Ground::FirewallAnswer(self.firewall)),
        }
    }
}

fn dropped(index: Index<NetworkFirewall>, rule: Option<FirewallRule>) -> Stop {
    Reason::Inspection(InspectionReason::FirewallDrop(index, rule)).into()
}
