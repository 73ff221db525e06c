//! What the owner of a shared VPC and its participants both list: the best of what each is told.

use super::{Mergeable, join};
use crate::{
    AccountId, Instance, InstanceState, InterfaceKind, InterfaceStatus, InternetGateway,
    NetworkInterface, PrivateAddress, SecurityGroup, Subnet, Vpc,
};

/// Takes over what each of these fields lacks.
macro_rules! fill {
    ($to:ident from $from:ident: $($field:ident)*) => { $(
        $to.$field = $to.$field.take().or($from.$field);
    )* };
}

/// Takes over a whole list where this one is empty: an account sees no names that another gave, or it sees all.
fn fill_list<T>(list: &mut Vec<T>, other: Vec<T>) {
    if list.is_empty() {
        *list = other;
    }
}

impl Mergeable for Vpc {
    fn owner(&self) -> Option<&AccountId> {
        self.owner.as_ref()
    }

    fn absorb(&mut self, other: Self) {
        fill!(self from other: name owner region public_access encryption);
        join(&mut self.cidrs, other.cidrs);
        fill_list(&mut self.tags, other.tags);
    }
}

impl Mergeable for Subnet {
    fn owner(&self) -> Option<&AccountId> {
        self.owner.as_ref()
    }

    fn absorb(&mut self, other: Self) {
        fill!(self from other: name owner region zone public_access);
        join(&mut self.cidrs, other.cidrs);
        self.has_dns64 |= other.has_dns64;
        fill_list(&mut self.tags, other.tags);
    }
}

impl Mergeable for Instance {
    fn owner(&self) -> Option<&AccountId> {
        self.owner.as_ref()
    }

    fn absorb(&mut self, other: Self) {
        fill!(self from other: name owner region profile);
        let metadata = &mut self.metadata;
        metadata.is_on = metadata.is_on.or(other.metadata.is_on);
        metadata.takes_version_1 = metadata.takes_version_1.or(other.metadata.takes_version_1);
        metadata.hop_limit = metadata.hop_limit.or(other.metadata.hop_limit);
        if self.state == InstanceState::Unknown {
            self.state = other.state;
        }
        fill_list(&mut self.tags, other.tags);
    }
}

impl Mergeable for SecurityGroup {
    fn owner(&self) -> Option<&AccountId> {
        self.owner.as_ref()
    }

    fn absorb(&mut self, other: Self) {
        fill!(self from other: name owner region vpc);
        if !self.is_complete && other.is_complete {
            self.rules = other.rules;
            self.is_complete = true;
        }
        if self.description.is_empty() {
            self.description = other.description;
        }
        fill_list(&mut self.tags, other.tags);
    }
}

impl Mergeable for InternetGateway {
    fn owner(&self) -> Option<&AccountId> {
        self.owner.as_ref()
    }

    fn absorb(&mut self, other: Self) {
        fill!(self from other: name owner region);
        fill_list(&mut self.attachments, other.attachments);
    }
}

impl Mergeable for NetworkInterface {
    fn owner(&self) -> Option<&AccountId> {
        self.owner.as_ref()
    }

    fn absorb(&mut self, other: Self) {
        fill!(self from other: name owner region instance device_index);
        fill_addresses(&mut self.addresses, other.addresses);
        fill_list(&mut self.prefixes, other.prefixes);
        fill_list(&mut self.groups, other.groups);
        fill_list(&mut self.tags, other.tags);
        if self.kind == InterfaceKind::Ordinary {
            self.kind = other.kind;
        }
        if self.status == InterfaceStatus::Unknown {
            self.status = other.status;
        }
        if self.description.is_empty() {
            self.description = other.description;
        }
        self.source_dest_check &= other.source_dest_check;
        self.requester_managed |= other.requester_managed;
        self.refuses_internet |= other.refuses_internet;
    }
}

/// Takes over the addresses if there are none, and the public ones that are lacking.
fn fill_addresses(held: &mut Vec<PrivateAddress>, others: Vec<PrivateAddress>) {
    for known in held.iter_mut() {
        let mut same = others.iter().filter(|each| each.address == known.address);
        known.public = known.public.or_else(|| same.find_map(|each| each.public));
    }
    fill_list(held, others);
}
