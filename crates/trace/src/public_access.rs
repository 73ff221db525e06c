//! VPC Block Public Access, and interfaces that refuse the internet.

use model::{
    Endpoint, Index, Kind, Link, NatMode, PublicAccessExclusionMode, PublicAccessExclusionState,
    PublicAccessMode, Subnet, Vpc,
};

use crate::walk::{Flight, Source, Stop};
use crate::{Doubt, InspectionDoubt, InspectionReason, Reason, Tracer};

/// What a switch says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permit {
    Allowed,
    Denied,
    Unknown,
}

use Permit::{Allowed, Denied, Unknown};

/// What Block Public Access says of a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Access {
    /// In by an internet gateway.
    ingress: Permit,
    /// Out by an internet gateway, directly.
    egress: Permit,
    /// Out by a NAT or egress-only gateway.
    egress_by_nat: Permit,
}

impl Access {
    const fn of(ingress: Permit, egress: Permit, egress_by_nat: Permit) -> Self {
        Self {
            ingress,
            egress,
            egress_by_nat,
        }
    }

    pub(crate) const fn all(self) -> [Permit; 3] {
        [self.ingress, self.egress, self.egress_by_nat]
    }

    /// By the mode that the options tell.
    const fn by_options(mode: PublicAccessMode) -> Self {
        match mode {
            PublicAccessMode::Off => Self::of(Allowed, Allowed, Allowed),
            PublicAccessMode::BlockBidirectional => Self::of(Denied, Denied, Denied),
            PublicAccessMode::BlockIngress => Self::of(Denied, Denied, Allowed),
            PublicAccessMode::Unknown => Self::of(Unknown, Unknown, Unknown),
        }
    }

    /// By the mode that a subnet or VPC tells of itself, which has exclusions in it.
    const fn by_itself(mode: PublicAccessMode) -> Self {
        match mode {
            PublicAccessMode::BlockIngress => Self::of(Denied, Unknown, Allowed),
            PublicAccessMode::Off
            | PublicAccessMode::BlockBidirectional
            | PublicAccessMode::Unknown => Self::by_options(mode),
        }
    }
}

impl Tracer<'_> {
    /// What Block Public Access says of a subnet, or of the VPC alone.
    pub(crate) fn public_access(&self, vpc: Index<Vpc>, subnet: Option<Index<Subnet>>) -> Access {
        let own = subnet.and_then(|subnet| self.snapshot.subnets().get(subnet).public_access);
        let itself = own
            .or(self.snapshot.vpcs().get(vpc).public_access)
            .map(Access::by_itself);
        match self.mode_of(vpc) {
            None => itself.unwrap_or(Access::by_options(PublicAccessMode::Off)),
            Some(mode @ (PublicAccessMode::Off | PublicAccessMode::Unknown)) => {
                Access::by_options(mode)
            }
            Some(mode) => self.with_exclusions(mode, vpc, subnet, itself),
        }
    }

    /// The mode that the options of the VPC's account and region tell.
    fn mode_of(&self, vpc: Index<Vpc>) -> Option<PublicAccessMode> {
        let vpc = self.snapshot.vpcs().get(vpc);
        let rows = self.snapshot.public_access_options().rows().iter();
        let mut modes = rows
            .filter(|options| fits(options.owner.as_ref(), vpc.owner.as_ref()))
            .filter(|options| fits(options.region.as_ref(), vpc.region.as_ref()))
            .map(|options| options.mode);
        let first = modes.next()?;
        let agree = modes.all(|mode| mode == first);
        Some(if agree {
            first
        } else {
            PublicAccessMode::Unknown
        })
    }

    fn with_exclusions(
        &self,
        mode: PublicAccessMode,
        vpc: Index<Vpc>,
        subnet: Option<Index<Subnet>>,
        itself: Option<Access>,
    ) -> Access {
        let vpc_id = &self.snapshot.vpcs().get(vpc).id;
        let subnet_id = subnet.map(|subnet| &self.snapshot.subnets().get(subnet).id);
        let rows = self.snapshot.public_access_exclusions().rows().iter();
        let named = rows.filter(|exclusion| {
            let is_here = exclusion.resource == *vpc_id || Some(&exclusion.resource) == subnet_id;
            is_here && exclusion.state != PublicAccessExclusionState::Gone
        });
        let (mut egress, mut bidirectional) = (false, false);
        for exclusion in named {
            match (exclusion.state, exclusion.mode) {
                (PublicAccessExclusionState::Changing, _)
                | (_, PublicAccessExclusionMode::Unknown) => {
                    return Access::by_options(PublicAccessMode::Unknown);
                }
                (_, PublicAccessExclusionMode::AllowBidirectional) => bidirectional = true,
                (_, PublicAccessExclusionMode::AllowEgress) => egress = true,
            }
        }
        if bidirectional {
            Access::by_options(PublicAccessMode::Off)
        } else if egress && mode == PublicAccessMode::BlockIngress {
            Access::of(Denied, Unknown, Allowed)
        } else if egress {
            Access::of(Denied, Allowed, Allowed)
        } else if self.is_whole(Kind::VpcBlockPublicAccessExclusions, vpc) {
            Access::by_options(mode)
        } else {
            itself.unwrap_or(Access::by_options(PublicAccessMode::Unknown))
        }
    }

    /// Asks for a first packet that leaves a VPC by an internet gateway.
    pub(crate) fn ask_access_out(&self, flight: &mut Flight, vpc: Index<Vpc>) -> Result<(), Stop> {
        if let Source::NatGateway(nat) = flight.source {
            let subnet = match &self.snapshot.nat_gateways().get(nat).mode {
                NatMode::Zonal(subnet) => subnet.target(),
                NatMode::Regional(_) => None,
            };
            return self.ask_access_by_nat(flight, vpc, subnet);
        }
        let subnet = self.source_subnet(flight, vpc);
        let permit = self.public_access(vpc, subnet).egress;
        heed(flight, permit, vpc, subnet)
    }

    /// Asks for a first packet that leaves a VPC by an egress-only gateway.
    pub(crate) fn ask_access_egress_only(
        &self,
        flight: &mut Flight,
        vpc: Index<Vpc>,
    ) -> Result<(), Stop> {
        let subnet = self.source_subnet(flight, vpc);
        let permit = self.public_access(vpc, subnet).egress_by_nat;
        heed(flight, permit, vpc, subnet)
    }

    /// Asks for a first packet that leaves a VPC under the address of a NAT gateway in a subnet, or in none.
    pub(crate) fn ask_access_by_nat(
        &self,
        flight: &mut Flight,
        vpc: Index<Vpc>,
        subnet: Option<Index<Subnet>>,
    ) -> Result<(), Stop> {
        let of_nat = self.public_access(vpc, subnet).egress_by_nat;
        let sender = match flight.from {
            Endpoint::Interface { interface, .. } => {
                let interface = self.snapshot.interfaces().get(interface);
                let is_here = interface.vpc.is(vpc);
                is_here.then(|| interface.subnet.target())
            }
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => None,
        };
        let Some(sender) = sender else {
            return heed(flight, of_nat, vpc, subnet);
        };
        let of_sender = self.public_access(vpc, sender).egress_by_nat;
        let permit = if of_sender == of_nat { of_nat } else { Unknown };
        heed(flight, permit, vpc, sender)
    }

    /// Asks for what an internet gateway brings to an interface.
    pub(crate) fn ask_access_in(&self, flight: &mut Flight, vpc: Index<Vpc>) -> Result<(), Stop> {
        let Some(index) = self.only_holder(vpc, flight.destination()) else {
            return Ok(());
        };
        let interface = self.snapshot.interfaces().get(index);
        if interface.refuses_internet {
            return Err(Reason::Inspection(InspectionReason::RefusesInternet(index)).into());
        }
        let subnet = interface.subnet.target();
        let permit = self.public_access(vpc, subnet).ingress;
        heed(flight, permit, vpc, subnet)
    }

    /// The subnet of the interface that put the source, if that is of the VPC.
    fn source_subnet(&self, flight: &Flight, vpc: Index<Vpc>) -> Option<Index<Subnet>> {
        let Source::Interface(index) = flight.source else {
            return None;
        };
        let interface = self.snapshot.interfaces().get(index);
        Some(&interface.subnet)
            .filter(|_| interface.vpc.is(vpc))
            .and_then(Link::target)
    }
}

/// Whether two accounts or regions may be the same.
fn fits<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// What a permit means for a packet; replies are never asked.
fn heed(
    flight: &mut Flight,
    permit: Permit,
    vpc: Index<Vpc>,
    subnet: Option<Index<Subnet>>,
) -> Result<(), Stop> {
    match permit {
        _ if flight.is_reply() => Ok(()),
        Allowed => Ok(()),
        Denied => {
            let reason = InspectionReason::PublicAccessBlocked(vpc, subnet);
            Err(Reason::Inspection(reason).into())
        }
        Unknown => {
            let doubt = InspectionDoubt::PublicAccessUnknown(vpc, subnet);
            flight.doubt(Doubt::Inspection(doubt));
            Ok(())
        }
    }
}
