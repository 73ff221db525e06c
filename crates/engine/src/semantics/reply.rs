//! The reply (§9).
//!
//! A session needs an answer. The reply asks no group, but every ACL and every route on its own way back, and must come
//! through the same NAT gateways.

use model::{Index, NetworkInterface, Subnet, Uplink};

use super::Semantics;
use crate::way::{Outcome, Sender, Way};

impl Semantics<'_> {
    pub(super) fn answer_from_interface(
        &self,
        way: &Way,
        receiver: Index<NetworkInterface>,
        subnet: Option<Index<Subnet>>,
    ) -> Outcome {
        self.answer(way, |reply| {
            let reply = Way {
                sender: Sender::Interface(receiver),
                ..reply
            };
            match subnet.and_then(|subnet| self.place(subnet)) {
                Some(place) => self.leave(reply, place),
                None => self.cut(reply),
            }
        })
    }

    pub(super) fn answer_from_internet(&self, way: &Way) -> Outcome {
        self.answer(way, |reply| self.on_the_internet(reply))
    }

    pub(super) fn answer_from_office(&self, way: &Way, uplink: Uplink) -> Outcome {
        self.answer(way, |reply| self.enter_from_office(reply, uplink))
    }

    /// Joins the way up to somebody who speaks for the sender with what lies beyond, and with the way back from there,
    /// which `send` sends off.
    pub(super) fn through_waypoint(
        &self,
        way: &Way,
        beyond: &Outcome,
        send: impl Fn(Way) -> Outcome,
    ) -> Outcome {
        let delivered = way.filter.and(&beyond.delivered);
        let answered = way.filter.and(&beyond.answered);
        if answered.denies_all() {
            return Outcome {
                delivered,
                answered,
            };
        }
        let back = send(way.reply()).answered.or_free(&self.unanswered);
        Outcome {
            delivered,
            answered: answered.and(&back),
        }
    }

    /// Joins a delivered way with the way of its replies, which `send` sends off.
    fn answer(&self, way: &Way, send: impl Fn(Way) -> Outcome) -> Outcome {
        if way.filter.denies_all() {
            return Outcome::denied();
        }
        let back = send(way.reply()).answered.or_free(&self.unanswered);
        Outcome {
            delivered: way.filter.clone(),
            answered: way.filter.and(&back),
        }
    }
}
