//! Regional NAT gateways (`nat.md`): in no subnet, with a route table of their own.

use std::net::IpAddr;

use model::{Index, InternetGateway, Link, NatGateway, RouteTable, RouteTarget};

use super::translated;
use crate::semantics::Semantics;
use crate::semantics::gateway::is_attached;
use crate::semantics::route::Choice;
use crate::semantics::subnet::Place;
use crate::way::{Outcome, Way};

impl Semantics<'_> {
    pub(super) fn leave_by_regional_nat(
        &self,
        way: Way,
        at: Place,
        (index, table): (Index<NatGateway>, Option<Index<RouteTable>>),
    ) -> Outcome {
        let Some(table) = table else {
            return self.cut(way);
        };
        match self.choose(table, at.vpc, way.destination) {
            Choice::Nothing | Choice::Blackhole => Outcome::denied(),
            Choice::Target {
                target: RouteTarget::InternetGateway(gateway),
                ..
            } => self.leave_by_gateway_of_nat(way, at, (index, table), &gateway),
            Choice::Target { .. } | Choice::Unknown => self.cut(way),
        }
    }

    fn leave_by_gateway_of_nat(
        &self,
        mut way: Way,
        at: Place,
        (index, table): (Index<NatGateway>, Index<RouteTable>),
        link: &Link<InternetGateway>,
    ) -> Outcome {
        let Some(gateway) = link.target() else {
            return self.cut(way);
        };
        let gateway = self.snapshot().internet_gateways().get(gateway);
        if !is_attached(&gateway.attachments, at.vpc) {
            return Outcome::denied();
        }
        let access = self.public_access_by_nat(&way, None, at.vpc);
        if access.denies_all() {
            return Outcome::denied();
        }
        way.pass(&access);
        let addresses = self.public_addresses(index, at);
        if addresses.is_empty() || !way.part(addresses.len()) {
            return self.cut(way);
        }
        let send = |own| self.on_the_internet(translated(&way, own, index));
        let beyond = Outcome::of_choices(addresses.into_iter().map(send)).after_translation();
        self.through_waypoint(&way, &beyond, |reply| {
            match self.choose(table, at.vpc, reply.destination) {
                Choice::Target {
                    target: RouteTarget::Local,
                    ..
                } => self.arrive(reply, at.vpc, None),
                Choice::Target { .. } | Choice::Unknown | Choice::Nothing | Choice::Blackhole => {
                    self.cut(reply)
                }
            }
        })
    }

    /// The public addresses that a gateway may speak from for senders in a subnet: those of its zone, else all.
    fn public_addresses(&self, index: Index<NatGateway>, at: Place) -> Vec<IpAddr> {
        let zone = self.snapshot().subnets().get(at.subnet).zone.as_ref();
        let addresses = self.snapshot().nat_gateways().get(index).addresses.iter();
        let known: Vec<_> = addresses
            .filter_map(|address| Some((address.public?, address.zone.as_ref())))
            .collect();
        let is_near = |told: Option<&model::Zone>| told.is_some() && told == zone;
        let is_any_near = known.iter().any(|(_, told)| is_near(*told));
        let chosen = known
            .into_iter()
            .filter(|(_, told)| !is_any_near || is_near(*told));
        chosen.map(|(address, _)| address).collect()
    }
}
