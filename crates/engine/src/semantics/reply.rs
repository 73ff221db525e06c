//! The reply (§9).
//!
//! A session needs an answer. The reply asks no group, but every ACL and every route on its own way back, and must come
//! through the same NAT gateways.

use std::net::IpAddr;

use model::{Index, NetworkInterface, Subnet, Uplink};

use super::Semantics;
use crate::filter::Filter;
use crate::way::{Errand, Goal, Origin, Outcome, Sender, Way};

impl Semantics<'_> {
    pub(super) fn answer_from_interface(
        &self,
        way: &Way,
        receiver: Index<NetworkInterface>,
        subnet: Index<Subnet>,
        origin: Origin,
    ) -> Outcome {
        self.answer(way, origin, |reply| {
            let reply = Way {
                sender: Sender::Interface(receiver),
                ..reply
            };
            match self.place(subnet) {
                Some(place) => self.leave(reply, place),
                None => self.cut(reply),
            }
        })
    }

    pub(super) fn answer_from_internet(&self, way: &Way, origin: Origin) -> Outcome {
        self.answer(way, origin, |reply| self.on_the_internet(reply))
    }

    pub(super) fn answer_from_office(&self, way: &Way, uplink: Uplink, origin: Origin) -> Outcome {
        self.answer(way, origin, |reply| self.enter_from_office(reply, uplink))
    }

    /// Joins a delivered way with the way of its replies, which `begin` sends off.
    fn answer(&self, way: &Way, origin: Origin, begin: impl Fn(Way) -> Outcome) -> Outcome {
        if way.filter.denies_all() {
            return Outcome::denied();
        }
        let home = match origin {
            Origin::Interface { interface, .. } => Goal::Interface(interface),
            Origin::Internet => Goal::Internet,
            Origin::Office(office) => Goal::Office(office),
        };
        let mut back = Filter::pass();
        let mut send: Box<dyn Fn(Way) -> Outcome + '_> = Box::new(begin);
        let (mut from, mut to) = (way.destination, way.source);
        for translation in way.translations.iter().rev() {
            let goal = Goal::Nat(translation.gateway);
            back = back.and(&leg(way, from, to, goal, &send).after_translation());
            (from, to) = (translation.destination, translation.source);
            let gateway = translation.gateway;
            send = Box::new(move |reply| match self.place_of_nat(gateway) {
                Some(place) => self.leave(reply, place),
                None => self.cut(reply),
            });
        }
        back = back.and(&leg(way, from, to, home, &send));
        Outcome {
            delivered: way.filter.clone(),
            answered: way.filter.and(&back),
        }
    }
}

/// One part of the way back: what of the first packets has replies that reach the goal.
fn leg(way: &Way, from: IpAddr, to: IpAddr, goal: Goal, begin: &dyn Fn(Way) -> Outcome) -> Filter {
    let reply = Way {
        left_by_egress_only: way.left_by_egress_only,
        ..Way::starting(Errand::Reply(goal), from, to, Sender::Outside)
    };
    begin(reply).answered
}
