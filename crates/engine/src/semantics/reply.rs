//! The reply (§9).
//!
//! A session needs an answer. The reply asks no group, but every ACL and every route on its own way back, and must come
//! through the same NAT gateways.

use model::{Index, NetworkInterface, Subnet, Uplink};

use super::Semantics;
use super::firewall::come_home;
use super::subnet::Place;
use crate::filter::Filter;
use crate::way::{Goal, Outcome, Sender, Way};

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
            self.send_back(reply, subnet.and_then(|subnet| self.place(subnet)))
        })
    }

    /// Replies leave something that stands in a subnet, for whoever sent on what they answer.
    pub(super) fn send_back(&self, mut reply: Way, from: Option<Place>) -> Outcome {
        match (reply.home, from) {
            (Goal::Endpoint, _) => come_home(&reply),
            (_, None) => self.cut(reply),
            (Goal::Passer(node), Some(place)) => {
                let subnet = self.snapshot().interfaces().get(node).subnet.target();
                if subnet != Some(place.subnet) {
                    self.leave_subnet(&mut reply, place.subnet);
                    match subnet {
                        Some(subnet) => self.enter_subnet(&mut reply, subnet),
                        None => reply.pass(&Filter::unknown()),
                    }
                }
                come_home(&reply)
            }
            (
                Goal::Interface(_)
                | Goal::Nat(_)
                | Goal::Internet
                | Goal::Office(_)
                | Goal::Node(_),
                Some(place),
            ) => self.leave(reply, place),
        }
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
