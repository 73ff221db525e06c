//! The end of a way: what became of the packet, and whether an answer returns.

use std::rc::Rc;

use model::{Endpoint, Index, NatGateway, Reachability};

use crate::passage::Passage;
use crate::walk::{Arrival, Flight, Leads, Next, Session, Stop};
use crate::way::combine;
use crate::{Disposition, Doubt, Ground, Leg, Place, Reason, Service, Step, Tracer, Way};

impl Tracer<'_> {
    /// The ways that this way is part of: those of its answers, if it has any.
    pub(crate) fn finish(&self, mut flight: Flight, end: Result<Arrival, Stop>) -> Vec<Way> {
        let end = self.settle(&mut flight, end);
        if end.is_ok() {
            Self::compare_inspections(&mut flight);
        }
        let leg = conclude(&mut flight, &end);
        if let Some(session) = flight.session {
            let forward = session.forward.clone();
            let reachability = answer(&forward, Some(&leg));
            return vec![Way {
                forward,
                reply: Some(leg),
                reachability,
            }];
        }
        let session = Rc::new(Session {
            forward: leg,
            translations: std::mem::take(&mut flight.translations),
            passages: std::mem::take(&mut flight.passages),
            egress_only: flight.egress_only,
            client: flight.client,
            inspected: std::mem::take(&mut flight.inspected),
        });
        let ways = self.answered(&flight, &session, &end);
        let is_open = combine(&ways) == Reachability::Undetermined;
        let blocked = is_open.then(|| self.blocked_on_the_way_back(&flight, &session));
        blocked.flatten().unwrap_or(ways)
    }

    /// The ways of the answers to a first packet that ended so.
    fn answered(
        &self,
        flight: &Flight,
        session: &Rc<Session>,
        end: &Result<Arrival, Stop>,
    ) -> Vec<Way> {
        let forward = &session.forward;
        let way = |reply: Option<Leg>| {
            let reachability = answer(forward, reply.as_ref());
            vec![Way {
                forward: forward.clone(),
                reply,
                reachability,
            }]
        };
        let (Ok(arrival), Some(packet)) = (end, flight.packet.reply()) else {
            return way(None);
        };
        if let (Arrival::Service(_), Some(ways)) =
            (arrival, self.ways_through_last(flight, session))
        {
            return ways;
        }
        if let Arrival::SameHost(_) | Arrival::Service(_) = arrival {
            let disposition = Disposition::Delivered(flight.from);
            return way(Some(Leg {
                hops: Vec::new(),
                disposition,
                reached: Some(flight.from),
            }));
        }
        let mut reply = Flight::reply(flight, packet, session);
        let start = self.start_reply(&mut reply, *arrival);
        self.walk(reply, start)
    }

    /// The ways of the answers from one on that spoke for the sender, if all are blocked: then nothing is reached,
    /// wherever the first packet went from there.
    fn blocked_on_the_way_back(&self, flight: &Flight, session: &Rc<Session>) -> Option<Vec<Way>> {
        let speakers = speakers(session).into_iter().rev();
        let mut ways = speakers.filter_map(|speaker| self.ways_through(flight, session, speaker));
        ways.find(|ways| combine(ways) == Reachability::Blocked)
    }

    /// The ways of the answers from the last one on that spoke for the sender, if one did.
    fn ways_through_last(&self, flight: &Flight, session: &Rc<Session>) -> Option<Vec<Way>> {
        let last = speakers(session).pop()?;
        self.ways_through(flight, session, last)
    }

    /// The ways of the answers from one on that spoke for the sender.
    fn ways_through(
        &self,
        flight: &Flight,
        session: &Rc<Session>,
        speaker: Speaker,
    ) -> Option<Vec<Way>> {
        match speaker {
            Speaker::Passage(number) => {
                let passage = *session.passages.get(number)?;
                let mut reply = Flight::reply(flight, passage.after.reply()?, session);
                let start = self.back_through(&mut reply, number, passage);
                Some(self.walk(reply, start))
            }
            Speaker::Nat(number) => {
                let translation = session.translations.get(number)?;
                let mut reply = Flight::reply(flight, translation.after.reply()?, session);
                let before = |passage: &&Passage| passage.n_translations <= number;
                reply.n_passages_left = session.passages.iter().filter(before).count();
                reply.n_translations_left = number + 1;
                reply.compares_inspections = false;
                let start = self.back_through_nat(&mut reply, translation.nat);
                Some(self.walk(reply, start))
            }
        }
    }

    /// Where the answer starts.
    fn start_reply(&self, reply: &mut Flight, arrival: Arrival) -> Leads {
        match arrival {
            Arrival::Interface(interface) => {
                reply.at(Place::Interface(interface));
                reply.allow(Ground::Tracked(interface));
                self.answer_from(reply, interface)
            }
            Arrival::Office(uplink, office) => {
                if let Endpoint::Office { office, .. } = office {
                    reply.at(Place::Office(office));
                }
                Ok(Next::Uplink(uplink))
            }
            Arrival::Internet | Arrival::SameHost(_) | Arrival::Service(_) => Ok(Next::Internet),
        }
    }

    /// At a NAT gateway: the destination becomes the original sender, if this answers what it translated.
    pub(crate) fn back_through_nat(&self, flight: &mut Flight, nat: Index<NatGateway>) -> Leads {
        flight.at(Place::NatGateway(nat));
        let translations = flight
            .session
            .iter()
            .flat_map(|session| session.translations.iter().enumerate());
        // Each gateway puts the sender back once: an answer that comes round again is not awaited any more.
        let awaited = |(number, translation): &(usize, &crate::walk::Translation)| {
            *number < flight.n_translations_left
                && translation.nat == nat
                && translation.after.reply() == Some(flight.packet)
        };
        let awaited = translations
            .rev()
            .find(awaited)
            .and_then(|(number, translation)| Some((number, translation.before.reply()?)));
        let Some((number, packet)) = awaited else {
            return Err(Reason::NatNoSession(nat).into());
        };
        flight.n_translations_left = number;
        flight.allow(Ground::DestinationBecomes(packet.destination()));
        flight.packet = packet;
        flight.start_anew();
        self.inside_of_nat(nat, flight.destination())
    }

    /// What the end means once all is known that decides it.
    fn settle(&self, flight: &mut Flight, end: Result<Arrival, Stop>) -> Result<Arrival, Stop> {
        if flight.is_reply() {
            return end.and_then(|arrival| returned(flight, arrival));
        }
        let is_cut = matches!(end, Err(Stop::Cut(_)));
        if let Some((n_hops, reason, doubt)) = flight.refused.take() {
            if !is_cut {
                flight.hops.truncate(n_hops);
                return Err(Stop::Denied(reason));
            }
            if let Some(hop) = flight.hops.get_mut(n_hops.saturating_sub(1)) {
                hop.steps.push(Step::Unknown(doubt));
            }
        }
        match self.refused_in_any_case(flight) {
            Some((interface, reason)) if is_cut => {
                flight.at(Place::Interface(interface));
                Err(Stop::Denied(reason))
            }
            _ => end,
        }
    }
}

/// Who spoke for the sender of a first packet: everything that answers it comes back through each of them.
#[derive(Debug, Clone, Copy)]
enum Speaker {
    /// A NAT gateway, by the number of its translation.
    Nat(usize),
    /// A node or an endpoint, by the number of its passage.
    Passage(usize),
}

/// All who spoke for the sender, in the order in which they did.
fn speakers(session: &Session) -> Vec<Speaker> {
    let mut speakers = Vec::new();
    for n_translations in 0..=session.translations.len() {
        speakers.extend(n_translations.checked_sub(1).map(Speaker::Nat));
        let passages = session.passages.iter().enumerate();
        let then = passages.filter(|(_, passage)| passage.n_translations == n_translations);
        speakers.extend(then.map(|(number, _)| Speaker::Passage(number)));
    }
    speakers
}

/// An answer must come to where the first packet was sent, as the answer that is awaited there.
fn returned(flight: &Flight, arrival: Arrival) -> Result<Arrival, Stop> {
    let is_sender = match (arrival, flight.from) {
        (Arrival::Interface(at), Endpoint::Interface { interface, .. }) => at == interface,
        (
            Arrival::Office(_, Endpoint::Office { office: at, .. }),
            Endpoint::Office { office, .. },
        ) => at == office,
        (Arrival::Internet, Endpoint::Internet { .. }) => true,
        _ => false,
    };
    if is_sender && flight.first.reply() == Some(flight.packet) {
        return Ok(arrival);
    }
    Err(Stop::Denied(Reason::ReplyLost(endpoint(flight, arrival))))
}

const fn endpoint(flight: &Flight, arrival: Arrival) -> Option<Endpoint> {
    let address = flight.destination();
    match arrival {
        Arrival::Interface(interface) | Arrival::SameHost(interface) => {
            Some(Endpoint::Interface { interface, address })
        }
        Arrival::Office(_, office) => Some(office),
        Arrival::Internet => Some(Endpoint::Internet { address }),
        Arrival::Service(_) => None,
    }
}

/// The finished leg of a flight.
fn conclude(flight: &mut Flight, end: &Result<Arrival, Stop>) -> Leg {
    match end {
        Err(Stop::Denied(reason)) => flight.step(Step::Denied(reason.clone())),
        Err(Stop::Cut(doubt)) => flight.doubt(doubt.clone()),
        Ok(Arrival::Office(_, Endpoint::Office { office, .. })) => {
            flight.at(Place::Office(*office));
        }
        Ok(_) => {}
    }
    let reached = end
        .as_ref()
        .ok()
        .and_then(|arrival| endpoint(flight, *arrival));
    let hops = std::mem::take(&mut flight.hops);
    let undecided = Leg {
        hops,
        disposition: Disposition::Undetermined(Doubt::DependsOnWay),
        reached,
    };
    let doubt = undecided.doubts().next().cloned();
    let disposition = match (end, doubt, reached) {
        (Err(Stop::Denied(reason)), ..) => Disposition::Denied(reason.clone()),
        (Err(Stop::Cut(_)) | Ok(_), Some(doubt), _) => Disposition::Undetermined(doubt),
        (Err(Stop::Cut(doubt)), None, _) => Disposition::Undetermined(doubt.clone()),
        (Ok(Arrival::Service(service)), None, _) => Disposition::DeliveredToService(*service),
        (Ok(_), None, Some(endpoint)) => Disposition::Delivered(endpoint),
        (Ok(_), None, None) => Disposition::DeliveredToService(Service::Platform),
    };
    Leg {
        disposition,
        ..undecided
    }
}

/// What a way answers.
fn answer(forward: &Leg, reply: Option<&Leg>) -> Reachability {
    let fates = [Some(forward), reply].map(|leg| leg.map(|leg| &leg.disposition));
    let has = |test: fn(&Disposition) -> bool| fates.iter().flatten().any(|fate| test(fate));
    if has(|fate| matches!(fate, Disposition::Denied(_))) {
        Reachability::Blocked
    } else if has(|fate| matches!(fate, Disposition::Undetermined(_))) {
        Reachability::Undetermined
    } else {
        Reachability::Reachable
    }
}
