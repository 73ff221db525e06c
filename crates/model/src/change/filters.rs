//! Changes of security groups, of who wears them, and of network ACLs.

use super::{ChangeError, Reach, RuleName, exists, known, no_part, no_such, resource};
use crate::{
    AclEntry, Direction, Link, ResourceId, RulePeer, SecurityGroup, SecurityGroupRule, Snapshot,
};

impl Snapshot {
    pub(super) fn add_rule(
        &mut self,
        group: &ResourceId,
        rule: &SecurityGroupRule,
    ) -> Result<Reach, ChangeError> {
        let mut rule = rule.clone();
        self.resolve_peer(&mut rule.peer)?;
        let group = resource(&mut self.groups, "security group", group)?;
        if group.rules.iter().any(|other| is_same(other, &rule)) {
            return Err(exists(&group.id, "this rule".to_owned()));
        }
        group.rules.push(rule);
        Ok(Reach::Itself)
    }

    fn resolve_peer(&self, peer: &mut RulePeer) -> Result<(), ChangeError> {
        match peer {
            RulePeer::Cidr(_) => {}
            RulePeer::Group(reference) => {
                let link = &mut reference.group;
                known(&self.groups, "security group", link.id())?;
                link.resolve(self.groups.ids().get(link.id()).copied());
            }
            RulePeer::PrefixList(link) => {
                known(&self.prefix_lists, "prefix list", link.id())?;
                link.resolve(self.prefix_lists.ids().get(link.id()).copied());
            }
        }
        Ok(())
    }

    pub(super) fn remove_rule(&mut self, name: &RuleName) -> Result<Reach, ChangeError> {
        match name {
            RuleName::Id(id) => {
                let has_it = |rule: &SecurityGroupRule| rule.id.as_ref() == Some(id);
                let mut groups = self.groups.rows().iter();
                let group = groups.find(|group| group.rules.iter().any(has_it));
                let group = group.ok_or_else(|| no_such("rule", id))?.id.clone();
                let group = resource(&mut self.groups, "security group", &group)?;
                group.rules.retain(|rule| !has_it(rule));
            }
            RuleName::Meaning {
                group,
                direction,
                service,
                peer,
            } => {
                let is_meant = |rule: &SecurityGroupRule| {
                    rule.direction == *direction
                        && rule.service == *service
                        && rule.peer.is_same(peer)
                };
                remove_rules(
                    resource(&mut self.groups, "security group", group)?,
                    is_meant,
                )?;
            }
        }
        Ok(Reach::Itself)
    }

    pub(super) fn put_on(
        &mut self,
        interface: &ResourceId,
        group: &ResourceId,
    ) -> Result<Reach, ChangeError> {
        known(&self.groups, "security group", group)?;
        let mut link = Link::to(group.clone());
        link.resolve(self.groups.ids().get(group).copied());
        let interface = resource(&mut self.interfaces, "network interface", interface)?;
        if interface.groups.contains(&link) {
            return Err(exists(&interface.id, format!("the group `{group}`")));
        }
        interface.groups.push(link);
        Ok(Reach::Itself)
    }

    pub(super) fn take_off(
        &mut self,
        interface: &ResourceId,
        group: &ResourceId,
    ) -> Result<Reach, ChangeError> {
        let interface = resource(&mut self.interfaces, "network interface", interface)?;
        let before = interface.groups.len();
        interface.groups.retain(|worn| worn.id() != group);
        if interface.groups.len() == before {
            return Err(no_part(&interface.id, format!("group `{group}`")));
        }
        Ok(Reach::Itself)
    }

    pub(super) fn add_entry(
        &mut self,
        acl: &ResourceId,
        entry: &AclEntry,
    ) -> Result<Reach, ChangeError> {
        let acl = resource(&mut self.acls, "network ACL", acl)?;
        if acl.entries.iter().any(|other| place(other) == place(entry)) {
            let number = entry.number;
            let part = format!("an {} entry {number}", word(entry.direction));
            return Err(exists(&acl.id, part));
        }
        let before = |other: &AclEntry| place(other) < place(entry);
        let at = acl.entries.partition_point(before);
        acl.entries.insert(at, entry.clone());
        Ok(Reach::Itself)
    }

    pub(super) fn replace_entry(
        &mut self,
        acl: &ResourceId,
        entry: &AclEntry,
    ) -> Result<Reach, ChangeError> {
        self.remove_entry(acl, entry.direction, entry.number)?;
        self.add_entry(acl, entry)
    }

    pub(super) fn remove_entry(
        &mut self,
        acl: &ResourceId,
        direction: Direction,
        number: u32,
    ) -> Result<Reach, ChangeError> {
        let acl = resource(&mut self.acls, "network ACL", acl)?;
        let before = acl.entries.len();
        acl.entries
            .retain(|entry| place(entry) != (direction, number));
        if acl.entries.len() == before {
            let part = format!("{} entry {number}", word(direction));
            return Err(no_part(&acl.id, part));
        }
        Ok(Reach::Itself)
    }
}

/// Whether two rules let pass the same.
fn is_same(one: &SecurityGroupRule, other: &SecurityGroupRule) -> bool {
    one.direction == other.direction
        && one.service == other.service
        && one.peer.is_same(&other.peer)
}

fn remove_rules(
    group: &mut SecurityGroup,
    is_meant: impl Fn(&SecurityGroupRule) -> bool,
) -> Result<(), ChangeError> {
    let before = group.rules.len();
    group.rules.retain(|rule| !is_meant(rule));
    if group.rules.len() == before {
        return Err(no_part(&group.id, "such rule".to_owned()));
    }
    Ok(())
}

/// The place of an entry in the order in which entries are asked.
const fn place(entry: &AclEntry) -> (Direction, u32) {
    (entry.direction, entry.number)
}

const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}
