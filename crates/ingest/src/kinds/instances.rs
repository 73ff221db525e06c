//! Answers about instances, in reservations or without.

use model::Origin;
use serde_json::value::RawValue;

use super::Beside;
use crate::log::{Log, Problem};
use crate::reading::{ListAt, Reading};
use crate::wire::instance;

pub(super) fn reservations<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(
        list,
        raw,
        |reservation: instance::Reservation<'_>, at, sink| {
            let owner = reservation.owner_id.get();
            let (key, subject) = ("Instances", "cannot be read: ");
            let read = |instance: instance::Instance<'_>, at: &Origin, log: &mut Log| {
                instance.into_model(owner, at, log)
            };
            let (found, is_complete) =
                (reservation.instances).take(at, key, subject, sink.log, read);
            for (instance, interfaces) in found {
                sink.parts.instances.push(instance);
                sink.parts.instance_interfaces.extend(interfaces);
            }
            let problem = || Problem::new("malformed-list", "not every instance in it can be");
            is_complete.then_some(()).ok_or_else(problem)
        },
    );
}

pub(super) fn instances<'a>(
    reading: &mut Reading,
    list: &ListAt<'_>,
    raw: &'a RawValue,
    _: &Beside<'a>,
) {
    reading.each(list, raw, |instance: instance::Instance<'_>, at, sink| {
        let (instance, interfaces) = instance.into_model(None, at, sink.log)?;
        sink.parts.instances.push(instance);
        sink.parts.instance_interfaces.extend(interfaces);
        Ok(())
    });
}
