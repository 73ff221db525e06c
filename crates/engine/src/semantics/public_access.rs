//! Block Public Access (`public-access.md`).
//!
//! An account may shut its internet gateways for connections that start outside, or for all; single VPCs and subnets may
//! be left out.
//!
//! # Source
//!
//! VPC User Guide: Block public access to VPCs and subnets; VPC BPA basics.

use model::{
    Index, Kind, NatMode, NetworkInterface, PublicAccessExclusion, PublicAccessExclusionMode,
    PublicAccessExclusionState, PublicAccessMode, Subnet, Vpc,
};

use super::Semantics;
use crate::filter::Filter;
use crate::way::{Errand, Origin, Sender, Way};

/// What a switch says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    Shut,
    Unknown,
}

/// What Block Public Access says of connections of a subnet, or of a VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PublicAccess {
    /// In by an internet gateway.
    pub(super) incoming: Gate,
    /// Out by one.
    pub(super) outgoing: Gate,
    /// Out by a NAT or egress-only gateway.
    pub(super) by_nat: Gate,
}

/// What the switches of an account and region say together.
enum Switch {
    Mode(PublicAccessMode),
    /// They differ.
    Unclear,
    /// There are none in the input.
    Untold,
}

impl Gate {
    /// The filter on first packets that the gate amounts to.
    pub(super) fn filter(self) -> Filter {
        match self {
            Self::Open => Filter::pass(),
            Self::Shut => Filter::deny(),
            Self::Unknown => Filter::unknown(),
        }
    }
}

impl PublicAccess {
    const fn all(gate: Gate) -> Self {
        Self {
            incoming: gate,
            outgoing: gate,
            by_nat: gate,
        }
    }

    const fn shut_but_for(outgoing: Gate, by_nat: Gate) -> Self {
        Self {
            incoming: Gate::Shut,
            outgoing,
            by_nat,
        }
    }

    pub(super) fn is_all_open(self) -> bool {
        self == Self::all(Gate::Open)
    }
}

impl Semantics<'_> {
    /// Connections that an internet gateway lets out.
    pub(super) fn public_access_out(&self, way: &Way, vpc: Index<Vpc>) -> Filter {
        if way.is_reply() {
            return Filter::pass();
        }
        let gate = match way.sender {
            Sender::Interface(interface) => self.public_access_of(interface, vpc).outgoing,
            Sender::Outside => self.public_access(None, vpc).outgoing,
            Sender::Nat(index) => {
                let subnet = match &self.snapshot().nat_gateways().get(index).mode {
                    NatMode::Zonal(subnet) => subnet.target(),
                    NatMode::Regional(_) => None,
                };
                return self.public_access_by_nat(way, subnet, vpc);
            }
        };
        gate.filter()
    }

    /// Connections that a NAT gateway in a subnet, or in none, sends to an internet gateway.
    pub(super) fn public_access_by_nat(
        &self,
        way: &Way,
        subnet: Option<Index<Subnet>>,
        vpc: Index<Vpc>,
    ) -> Filter {
        let own = self.public_access(subnet, vpc).by_nat;
        let of_sender = match way.errand {
            Errand::First(Origin::Interface { interface, .. }) => {
                let is_own = self.snapshot().interfaces().get(interface).vpc.is(vpc);
                is_own.then(|| self.public_access_of(interface, vpc).by_nat)
            }
            Errand::First(Origin::Internet | Origin::Office(_) | Origin::Service)
            | Errand::Reply => None,
        };
        match of_sender {
            Some(gate) if gate != own => Filter::unknown(),
            Some(_) | None => own.filter(),
        }
    }

    /// Connections that an egress-only gateway lets out.
    pub(super) fn public_access_by_egress_only(&self, way: &Way, vpc: Index<Vpc>) -> Filter {
        if way.is_reply() {
            return Filter::pass();
        }
        let access = match way.sender {
            Sender::Interface(interface) => self.public_access_of(interface, vpc),
            Sender::Nat(_) | Sender::Outside => self.public_access(None, vpc),
        };
        access.by_nat.filter()
    }

    /// What holds for the subnet of an interface; for the VPC if the snapshot lacks the subnet.
    pub(super) fn public_access_of(
        &self,
        interface: Index<NetworkInterface>,
        vpc: Index<Vpc>,
    ) -> PublicAccess {
        let subnet = self.snapshot().interfaces().get(interface).subnet.target();
        self.public_access(subnet, vpc)
    }

    /// What holds for a subnet of a VPC, or for the VPC by itself.
    pub(super) fn public_access(
        &self,
        subnet: Option<Index<Subnet>>,
        vpc: Index<Vpc>,
    ) -> PublicAccess {
        let mode = match self.switch(vpc) {
            Switch::Untold => return self.told_of_itself(subnet, vpc, PublicAccessMode::Off),
            Switch::Unclear | Switch::Mode(PublicAccessMode::Unknown) => {
                return PublicAccess::all(Gate::Unknown);
            }
            Switch::Mode(PublicAccessMode::Off) => return PublicAccess::all(Gate::Open),
            Switch::Mode(mode) => mode,
        };
        let exclusions = self.exclusions(subnet, vpc);
        let is_unclear = |exclusion: &&PublicAccessExclusion| {
            exclusion.state == PublicAccessExclusionState::Changing
                || exclusion.mode == PublicAccessExclusionMode::Unknown
        };
        let has = |mode| exclusions.iter().any(|exclusion| exclusion.mode == mode);
        if exclusions.iter().any(is_unclear) {
            PublicAccess::all(Gate::Unknown)
        } else if has(PublicAccessExclusionMode::AllowBidirectional) {
            PublicAccess::all(Gate::Open)
        } else if has(PublicAccessExclusionMode::AllowEgress) {
            let outgoing = match mode {
                PublicAccessMode::BlockIngress => Gate::Unknown,
                PublicAccessMode::Off
                | PublicAccessMode::BlockBidirectional
                | PublicAccessMode::Unknown => Gate::Open,
            };
            PublicAccess::shut_but_for(outgoing, Gate::Open)
        } else if !self
            .network
            .lists_all(Kind::VpcBlockPublicAccessExclusions, vpc)
        {
            self.told_of_itself(subnet, vpc, PublicAccessMode::Unknown)
        } else {
            match mode {
                PublicAccessMode::BlockIngress => {
                    PublicAccess::shut_but_for(Gate::Shut, Gate::Open)
                }
                PublicAccessMode::Off
                | PublicAccessMode::BlockBidirectional
                | PublicAccessMode::Unknown => of_mode(mode),
            }
        }
    }

    /// The mode of the account and region of a VPC.
    fn switch(&self, vpc: Index<Vpc>) -> Switch {
        let vpc = self.snapshot().vpcs().get(vpc);
        let options = self.snapshot().public_access_options().rows().iter();
        let mut modes = options
            .filter(|options| {
                fits(options.owner.as_ref(), vpc.owner.as_ref())
                    && fits(options.region.as_ref(), vpc.region.as_ref())
            })
            .map(|options| options.mode);
        match modes.next() {
            None => Switch::Untold,
            Some(first) if modes.all(|mode| mode == first) => Switch::Mode(first),
            Some(_) => Switch::Unclear,
        }
    }

    fn told_of_itself(
        &self,
        subnet: Option<Index<Subnet>>,
        vpc: Index<Vpc>,
        otherwise: PublicAccessMode,
    ) -> PublicAccess {
        let subnet = subnet.and_then(|index| self.snapshot().subnets().get(index).public_access);
        let told = subnet.or(self.snapshot().vpcs().get(vpc).public_access);
        of_mode(told.unwrap_or(otherwise))
    }

    /// What is left out for a subnet or its VPC, or soon may be.
    fn exclusions(
        &self,
        subnet: Option<Index<Subnet>>,
        vpc: Index<Vpc>,
    ) -> Vec<&PublicAccessExclusion> {
        let subnet = subnet.map(|index| &self.snapshot().subnets().get(index).id);
        let vpc = &self.snapshot().vpcs().get(vpc).id;
        let all = self.snapshot().public_access_exclusions().rows().iter();
        all.filter(|exclusion| {
            let is_meant = exclusion.resource == *vpc || Some(&exclusion.resource) == subnet;
            is_meant && exclusion.state != PublicAccessExclusionState::Gone
        })
        .collect()
    }
}

/// What a mode means where a subnet or VPC tells it of itself: it may be the mode of an exclusion.
const fn of_mode(mode: PublicAccessMode) -> PublicAccess {
    match mode {
        PublicAccessMode::Off => PublicAccess::all(Gate::Open),
        PublicAccessMode::BlockBidirectional => PublicAccess::all(Gate::Shut),
        PublicAccessMode::BlockIngress => PublicAccess::shut_but_for(Gate::Unknown, Gate::Open),
        PublicAccessMode::Unknown => PublicAccess::all(Gate::Unknown),
    }
}

/// Whether two may be the same, for all that is told.
fn fits<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.is_none() || other.is_none() || one == other
}
