//! Answers about instances, in reservations or without.

use serde_json::value::RawValue;

use super::Beside;
use crate::log::Problem;
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
            let elements = reservation.instances.objects(at, "Instances", sink.log);
            let mut is_complete = elements.is_complete;
            for (number, instance) in elements.items {
                let at = at.part(format_args!("/Instances/{number}"));
                match instance.into_model(owner, &at, sink.log) {
                    Ok((instance, interfaces)) => {
                        sink.parts.instances.push(instance);
                        sink.parts.instance_interfaces.extend(interfaces);
                    }
                    Err(problem) => {
                        is_complete = false;
                        sink.log.problem(problem, "cannot be read: ", &at);
                    }
                }
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
