//! Proposed edits of a network.

mod filters;
mod places;
mod routes;
mod rules;
mod transit;

use std::fmt;

use crate::{
    AclEntry, Direction, NetworkInterface, ResourceId, Route, RouteDestination, RulePeer,
    SecurityGroupRule, Snapshot, Subnet, Table, TransitGatewayAttachment, TransitGatewayRoute,
};
use packet::Service;

/// One edit of a network, as one call of the EC2 API would make it.
///
/// What is added brings its own [`crate::Origin`]: it says who proposed it, and where.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each field is named after what it holds")]
pub enum Change {
    /// A security group gets one more rule.
    AddRule {
        group: ResourceId,
        rule: SecurityGroupRule,
    },
    /// A security group loses a rule.
    RemoveRule(RuleName),
    /// An interface puts on a group.
    PutOnGroup {
        interface: ResourceId,
        group: ResourceId,
    },
    /// An interface takes off a group.
    TakeOffGroup {
        interface: ResourceId,
        group: ResourceId,
    },
    /// A network ACL gets one more entry, with a number that is free.
    AddEntry { acl: ResourceId, entry: AclEntry },
    /// A network ACL gets an entry instead of the one with its number.
    ReplaceEntry { acl: ResourceId, entry: AclEntry },
    /// A network ACL loses an entry.
    RemoveEntry {
        acl: ResourceId,
        direction: Direction,
        number: u32,
    },
    /// A route table gets one more static route.
    AddRoute { table: ResourceId, route: Route },
    /// A route table gets a route instead of the static or local one for its destination.
    ReplaceRoute { table: ResourceId, route: Route },
    /// A route table loses the static route for a destination.
    RemoveRoute {
        table: ResourceId,
        destination: RouteDestination,
    },
    /// An attachment of a transit gateway is associated with a route table, and with no other one any more.
    AssociateAttachment {
        attachment: ResourceId,
        table: ResourceId,
    },
    /// An attachment of a transit gateway is associated with a route table no longer.
    DisassociateAttachment {
        attachment: ResourceId,
        table: ResourceId,
    },
    /// An attachment of a transit gateway announces its networks to a route table.
    Propagate {
        attachment: ResourceId,
        table: ResourceId,
    },
    /// An attachment of a transit gateway announces its networks to a route table no longer.
    StopPropagation {
        attachment: ResourceId,
        table: ResourceId,
    },
    /// A route table of a transit gateway gets one more static route.
    AddTransitRoute {
        table: ResourceId,
        route: TransitGatewayRoute,
    },
    /// A route table of a transit gateway loses the static route for a destination.
    RemoveTransitRoute {
        table: ResourceId,
        destination: RouteDestination,
    },
    /// A transit gateway gets an attachment. What it is associated with it tells itself; it announces itself nowhere.
    AddAttachment(Box<TransitGatewayAttachment>),
    /// A transit gateway loses an attachment; static routes to it stay, and drop.
    RemoveAttachment(ResourceId),
    /// A subnet gets an interface.
    AddInterface(Box<NetworkInterface>),
    /// An interface goes; routes to it stay, and drop.
    RemoveInterface(ResourceId),
    /// A VPC gets a subnet. It uses the main route table and the default network ACL.
    AddSubnet(Box<Subnet>),
    /// A subnet without interfaces goes.
    RemoveSubnet(ResourceId),
}

/// Which rule of a group is meant.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each field is named after what it holds")]
pub enum RuleName {
    /// The one with this id (`sgr-…`), of whatever group.
    Id(ResourceId),
    /// The one that says this.
    Meaning {
        group: ResourceId,
        direction: Direction,
        service: Service,
        peer: RulePeer,
    },
}

impl RuleName {
    /// A rule of a group, by what it says.
    pub fn of(group: ResourceId, rule: &SecurityGroupRule) -> Self {
        Self::Meaning {
            group,
            direction: rule.direction,
            service: rule.service,
            peer: rule.peer.clone(),
        }
    }
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeError {
    /// The snapshot has no such resource.
    NoSuchResource {
        /// What sort of resource, in words.
        kind: &'static str,
        /// Its id.
        id: ResourceId,
    },
    /// A resource has no such part.
    NoSuchPart {
        /// The resource.
        id: ResourceId,
        /// The part, in words.
        part: String,
    },
    /// What would be added is there.
    Exists {
        /// The resource that has it.
        id: ResourceId,
        /// What is there, in words.
        part: String,
    },
    /// What would be removed is used.
    InUse {
        /// What is to go.
        id: ResourceId,
        /// Who uses it.
        by: ResourceId,
    },
    /// AWS would refuse it.
    Refused {
        /// The resource.
        id: ResourceId,
        /// Why, in words.
        why: String,
    },
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchResource { kind, id } => {
                write!(f, "there is no {kind} `{id}` in the snapshot")
            }
            Self::NoSuchPart { id, part } => write!(f, "`{id}` has no {part}"),
            Self::Exists { id, part } => write!(f, "`{id}` has {part} already"),
            Self::InUse { id, by } => write!(f, "`{id}` is used by `{by}`"),
            Self::Refused { id, why } => write!(f, "`{id}` {why}"),
        }
    }
}

impl std::error::Error for ChangeError {}

/// Whether a change leaves all else as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Nothing else refers to what changed, or follows from it.
    Itself,
    /// Links, nodes or office networks have to be found again.
    Others,
}

impl Snapshot {
    /// The network after some changes, one after the other. It is what assembling the changed resources would give.
    ///
    /// # Errors
    ///
    /// If a change speaks of what is not there, or AWS would refuse it.
    ///
    /// # Cost
    ///
    /// Tables that do not change are shared. A table that does is copied; resources that come or go, and routes, have
    /// all links found again.
    pub fn with<'c>(
        &self,
        changes: impl IntoIterator<Item = &'c Change>,
    ) -> Result<Self, ChangeError> {
        let mut after = self.clone();
        let mut reach = Reach::Itself;
        for change in changes {
            if after.apply(change)? == Reach::Others {
                reach = Reach::Others;
            }
        }
        if reach == Reach::Others {
            after.settle_again();
        }
        Ok(after)
    }

    fn apply(&mut self, change: &Change) -> Result<Reach, ChangeError> {
        match change {
            Change::AddRule { group, rule } => self.add_rule(group, rule),
            Change::RemoveRule(name) => self.remove_rule(name),
            Change::PutOnGroup { interface, group } => self.put_on(interface, group),
            Change::TakeOffGroup { interface, group } => self.take_off(interface, group),
            Change::AddEntry { acl, entry } => self.add_entry(acl, entry),
            Change::ReplaceEntry { acl, entry } => self.replace_entry(acl, entry),
            Change::RemoveEntry {
                acl,
                direction,
                number,
            } => self.remove_entry(acl, *direction, *number),
            Change::AddRoute { table, route } => self.add_route(table, route),
            Change::ReplaceRoute { table, route } => self.replace_route(table, route),
            Change::RemoveRoute { table, destination } => self.remove_route(table, destination),
            Change::AssociateAttachment { attachment, table } => self.associate(attachment, table),
            Change::DisassociateAttachment { attachment, table } => {
                self.disassociate(attachment, table)
            }
            Change::Propagate { attachment, table } => self.propagate(attachment, table),
            Change::StopPropagation { attachment, table } => {
                self.stop_propagation(attachment, table)
            }
            Change::AddTransitRoute { table, route } => self.add_transit_route(table, route),
            Change::RemoveTransitRoute { table, destination } => {
                self.remove_transit_route(table, destination)
            }
            Change::AddAttachment(attachment) => self.add_attachment(attachment),
            Change::RemoveAttachment(id) => self.remove_attachment(id),
            Change::AddInterface(interface) => self.add_interface(interface),
            Change::RemoveInterface(id) => self.remove_interface(id),
            Change::AddSubnet(subnet) => self.add_subnet(subnet),
            Change::RemoveSubnet(id) => self.remove_subnet(id),
        }
    }
}

/// A resource of a table, to change it.
fn resource<'t, T: Clone>(
    table: &'t mut Table<T>,
    kind: &'static str,
    id: &ResourceId,
) -> Result<&'t mut T, ChangeError> {
    table.find_mut(id).ok_or_else(|| no_such(kind, id))
}

/// That a table has a resource.
fn known<T>(table: &Table<T>, kind: &'static str, id: &ResourceId) -> Result<(), ChangeError> {
    let found = table.ids().get(id);
    found.map(|_| ()).ok_or_else(|| no_such(kind, id))
}

fn no_such(kind: &'static str, id: &ResourceId) -> ChangeError {
    let id = id.clone();
    ChangeError::NoSuchResource { kind, id }
}

fn no_part(id: &ResourceId, part: String) -> ChangeError {
    let id = id.clone();
    ChangeError::NoSuchPart { id, part }
}

fn exists(id: &ResourceId, part: String) -> ChangeError {
    let id = id.clone();
    ChangeError::Exists { id, part }
}

fn refused(id: &ResourceId, why: String) -> ChangeError {
    let id = id.clone();
    ChangeError::Refused { id, why }
}

fn in_use(id: &ResourceId, by: &ResourceId) -> ChangeError {
    let (id, by) = (id.clone(), by.clone());
    ChangeError::InUse { id, by }
}
