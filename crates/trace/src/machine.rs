//! Machines that do not run, and interfaces that are attached to nothing.

use model::{Index, InstanceState, InterfaceKind, InterfaceStatus, NetworkInterface};

use crate::{InspectionReason, Reason, Tracer};

impl Tracer<'_> {
    /// Denies if nobody sends or receives by the interface.
    pub(crate) fn check_works(&self, index: Index<NetworkInterface>) -> Result<(), Reason> {
        let interface = self.snapshot.interfaces().get(index);
        let instance = interface.instance.as_ref().and_then(model::Link::target);
        let state = instance.map(|instance| self.snapshot.instances().get(instance).state);
        if let Some(InstanceState::Stopped | InstanceState::Terminated) = state {
            return Err(Reason::Inspection(InspectionReason::InstanceStopped(index)));
        }
        let is_plain = interface.kind == InterfaceKind::Ordinary
            && !interface.requester_managed
            && self.nat_of(index).is_none();
        if is_plain && interface.status == InterfaceStatus::Unattached {
            return Err(Reason::Inspection(InspectionReason::NotAttached(index)));
        }
        Ok(())
    }
}
