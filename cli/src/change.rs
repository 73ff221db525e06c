//! Changes of a network as text, one a line: `docs/changes.md` is the reference page.
//!
//! A line speaks of the network as the lines before it left it.

mod resources;
mod words;

use std::sync::Arc;

use model::{
    AclEntry, Change, Direction, Link, Origin, ResourceId, Route, RouteDestination, RouteOrigin,
    RouteState, RouteTarget, RuleName, SecurityGroupRule, Snapshot, TransitGatewayRoute,
    TransitGatewayRouteKind, Verdict,
};

use words::{Fault, Words};

/// Why a line cannot be made a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLineError {
    /// The line's number, from one.
    pub line: usize,
    /// The line.
    pub text: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Makes all changes of a text: one a line; `#` starts a comment. `file` is where it stands, as the user named it. Gives the
/// changed network, and the changes.
///
/// # Errors
///
/// On the first line that is no change, or speaks of what is not there.
pub fn make(
    snapshot: &Snapshot,
    text: &str,
    file: &str,
) -> Result<(Snapshot, Vec<Change>), ChangeLineError> {
    let file: Arc<str> = file.into();
    let mut network = snapshot.clone();
    let mut changes = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let told = line.split('#').next().unwrap_or_default().trim();
        if told.is_empty() {
            continue;
        }
        let fault = |problem: String| ChangeLineError {
            line: number,
            text: told.to_owned(),
            problem,
        };
        let origin = Origin::new(Arc::clone(&file), format!("/{number}"));
        let change = parse(&network, told, origin).map_err(fault)?;
        let made = network.with([&change]);
        network = made.map_err(|error| fault(error.to_string()))?;
        changes.push(change);
    }
    Ok((network, changes))
}

/// Reads one line.
fn parse(snapshot: &Snapshot, line: &str, origin: Origin) -> Result<Change, Fault> {
    let mut words = Words::of(line);
    let reader = Reader { snapshot, origin };
    let verb = words.next("what to do")?;
    let change = match verb {
        "add" => reader.add(&mut words),
        "remove" => reader.remove(&mut words),
        "replace" => reader.replace(&mut words),
        "associate" => pair(&mut words, |attachment, table| {
            Change::AssociateAttachment { attachment, table }
        }),
        "disassociate" => pair(&mut words, |attachment, table| {
            Change::DisassociateAttachment { attachment, table }
        }),
        "enable" => {
            words.expect("propagation")?;
            pair(&mut words, |attachment, table| Change::Propagate {
                attachment,
                table,
            })
        }
        "disable" => {
            words.expect("propagation")?;
            pair(&mut words, |attachment, table| Change::StopPropagation {
                attachment,
                table,
            })
        }
        other => Err(format!(
            "`{other}` is no change: write add, remove, replace, associate, disassociate, enable or disable"
        )),
    }?;
    words.end()?;
    Ok(change)
}

/// An attachment and a route table of its transit gateway.
fn pair(
    words: &mut Words<'_>,
    make: impl Fn(ResourceId, ResourceId) -> Change,
) -> Result<Change, Fault> {
    let attachment = words.next("an attachment")?.into();
    let table = words.next("a route table")?.into();
    Ok(make(attachment, table))
}

/// What a line is read against.
struct Reader<'s> {
    snapshot: &'s Snapshot,
    origin: Origin,
}

impl Reader<'_> {
    fn add(&self, words: &mut Words<'_>) -> Result<Change, Fault> {
        match words.next("what to add")? {
            "ingress" => self.add_rule(Direction::Ingress, words),
            "egress" => self.add_rule(Direction::Egress, words),
            "group" => {
                let group = words.next("a security group")?.into();
                words.expect("to")?;
                let interface = words.next("an interface")?.into();
                Ok(Change::PutOnGroup { interface, group })
            }
            "entry" => {
                let (acl, entry) = self.entry(words)?;
                Ok(Change::AddEntry { acl, entry })
            }
            "route" => self.add_route(words),
            "attachment" => self.attachment(words),
            "interface" => self.interface(words),
            "subnet" => self.subnet(words),
            other => Err(format!(
                "`{other}` cannot be added: write ingress, egress, group, entry, route, attachment, interface or subnet"
            )),
        }
    }

    fn remove(&self, words: &mut Words<'_>) -> Result<Change, Fault> {
        match words.next("what to remove")? {
            "rule" => Ok(Change::RemoveRule(RuleName::Id(
                words.next("a rule")?.into(),
            ))),
            "ingress" => self.remove_rule(Direction::Ingress, words),
            "egress" => self.remove_rule(Direction::Egress, words),
            "group" => {
                let group = words.next("a security group")?.into();
                words.expect("from")?;
                let interface = words.next("an interface")?.into();
                Ok(Change::TakeOffGroup { interface, group })
            }
            "entry" => {
                let acl = words.next("a network ACL")?.into();
                let direction = words.direction()?;
                let number = words.number("the entry's number")?;
                Ok(Change::RemoveEntry {
                    acl,
                    direction,
                    number,
                })
            }
            "route" => {
                let table = words.next("a route table")?.into();
                let destination = self.destination(words)?;
                Ok(if self.is_transit(&table) {
                    Change::RemoveTransitRoute { table, destination }
                } else {
                    Change::RemoveRoute { table, destination }
                })
            }
            "attachment" => Ok(Change::RemoveAttachment(
                words.next("an attachment")?.into(),
            )),
            "interface" => Ok(Change::RemoveInterface(words.next("an interface")?.into())),
            "subnet" => Ok(Change::RemoveSubnet(words.next("a subnet")?.into())),
            other => Err(format!(
                "`{other}` cannot be removed: write rule, ingress, egress, group, entry, route, attachment, interface \
                 or subnet"
            )),
        }
    }

    fn replace(&self, words: &mut Words<'_>) -> Result<Change, Fault> {
        match words.next("what to replace")? {
            "entry" => {
                let (acl, entry) = self.entry(words)?;
                Ok(Change::ReplaceEntry { acl, entry })
            }
            "route" => {
                let table = words.next("a route table")?.into();
                let destination = self.destination(words)?;
                let route = self.route(destination, words)?;
                Ok(Change::ReplaceRoute { table, route })
            }
            other => Err(format!(
                "`{other}` cannot be replaced: write entry or route"
            )),
        }
    }

    /// `SG SERVICE from|to PEER`.
    fn rule(
        &self,
        direction: Direction,
        words: &mut Words<'_>,
    ) -> Result<(ResourceId, SecurityGroupRule), Fault> {
        let group = words.next("a security group")?.into();
        let service = words.service()?;
        words.expect(match direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        })?;
        let peer = words.peer(self.snapshot)?;
        let rule = SecurityGroupRule {
            id: None,
            direction,
            service,
            peer,
            description: None,
            origin: self.origin.clone(),
        };
        Ok((group, rule))
    }

    fn add_rule(&self, direction: Direction, words: &mut Words<'_>) -> Result<Change, Fault> {
        let (group, rule) = self.rule(direction, words)?;
        Ok(Change::AddRule { group, rule })
    }

    fn remove_rule(&self, direction: Direction, words: &mut Words<'_>) -> Result<Change, Fault> {
        let (group, rule) = self.rule(direction, words)?;
        Ok(Change::RemoveRule(RuleName::of(group, &rule)))
    }

    /// `ACL ingress|egress NUMBER allow|deny SERVICE CIDR`.
    fn entry(&self, words: &mut Words<'_>) -> Result<(ResourceId, AclEntry), Fault> {
        let acl = words.next("a network ACL")?.into();
        let direction = words.direction()?;
        let number = words.number("the entry's number")?;
        let verdict = match words.next("allow or deny")? {
            "allow" => Verdict::Allow,
            "deny" => Verdict::Deny,
            other => return Err(format!("`{other}` is neither allow nor deny")),
        };
        let service = words.service()?;
        let entry = AclEntry {
            number,
            direction,
            verdict,
            cidr: words.prefix()?,
            service,
            origin: self.origin.clone(),
        };
        Ok((acl, entry))
    }

    /// `TABLE DESTINATION to TARGET`, of a VPC or of a transit gateway.
    fn add_route(&self, words: &mut Words<'_>) -> Result<Change, Fault> {
        let table: ResourceId = words.next("a route table")?.into();
        let destination = self.destination(words)?;
        if !self.is_transit(&table) {
            let route = self.route(destination, words)?;
            return Ok(Change::AddRoute { table, route });
        }
        words.expect("to")?;
        let target = words.next("an attachment, or blackhole")?;
        let (attachments, state) = match target {
            "blackhole" => (Vec::new(), RouteState::Blackhole),
            attachment => (vec![Link::to(attachment)], RouteState::Active),
        };
        let route = TransitGatewayRoute {
            destination,
            attachments,
            state,
            kind: TransitGatewayRouteKind::Static,
            origin: self.origin.clone(),
        };
        Ok(Change::AddTransitRoute { table, route })
    }

    fn is_transit(&self, table: &ResourceId) -> bool {
        let tables = self.snapshot.transit_route_tables();
        tables.find(table.as_str()).is_some()
    }

    fn destination(&self, words: &mut Words<'_>) -> Result<RouteDestination, Fault> {
        let is_list = |id: &str| self.snapshot.prefix_lists().find(id).is_some();
        if let Some(list) = words.next_if(is_list) {
            return Ok(RouteDestination::PrefixList(Link::to(list)));
        }
        words.prefix().map(RouteDestination::Prefix)
    }

    fn route(&self, destination: RouteDestination, words: &mut Words<'_>) -> Result<Route, Fault> {
        words.expect("to")?;
        Ok(Route {
            destination,
            target: self.target(words.next("a target")?)?,
            state: RouteState::Active,
            kind: RouteOrigin::Static,
            origin: self.origin.clone(),
        })
    }

    fn target(&self, id: &str) -> Result<RouteTarget, Fault> {
        let known = self.snapshot;
        let made = if id == "local" {
            RouteTarget::Local
        } else if known.internet_gateways().find(id).is_some() {
            RouteTarget::InternetGateway(Link::to(id))
        } else if known.egress_only_gateways().find(id).is_some() {
            RouteTarget::EgressOnlyInternetGateway(Link::to(id))
        } else if known.nat_gateways().find(id).is_some() {
            RouteTarget::NatGateway(Link::to(id))
        } else if known.interfaces().find(id).is_some() {
            RouteTarget::NetworkInterface(Link::to(id))
        } else if known.peerings().find(id).is_some() {
            RouteTarget::Peering(Link::to(id))
        } else if known.transit_gateways().find(id).is_some() {
            RouteTarget::TransitGateway(Link::to(id))
        } else if known.vpn_gateways().find(id).is_some() {
            RouteTarget::VpnGateway(Link::to(id))
        } else if known.vpc_endpoints().find(id).is_some() || id.starts_with("vpce-") {
            RouteTarget::VpcEndpoint(id.into())
        } else {
            return Err(format!(
                "there is no target of routes `{id}` in the snapshot"
            ));
        };
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use testkit::Topology;

    use super::*;

    const NETWORK: &str = "
        vpc main 10.0.0.0/16
        subnet web main 10.0.1.0/24
        group app
          in tcp/443 from group app
          out any to 0.0.0.0/0
        group db
          in tcp/5432 from group app
        host a in web 10.0.1.10 groups app
        host b in web 10.0.1.11 groups db
        acl tight main
          in 100 allow any from 0.0.0.0/0
          out 100 allow any to 0.0.0.0/0
          subnets web
        igw gw main
        list offices 192.0.2.0/24
        table public main
          route 10.9.0.0/16 igw gw
          subnets web
        tgw t
        tgw-table rt t
        attachment am t vpc main web table rt
        vpc other 10.9.0.0/16
        subnet far other 10.9.1.0/24
    ";

    fn made(text: &str) -> Result<Snapshot, ChangeLineError> {
        let network = Topology::parse(NETWORK).unwrap().snapshot();
        make(&network, text, "plan").map(|(network, _)| network)
    }

    /// That lines are understood, and that those after them take back what they do.
    fn check(there: &str, back: &str) {
        let without_origins = |snapshot: &Snapshot| {
            let text = format!("{snapshot:?}");
            let mut pieces = text.split("Origin { ");
            let first = pieces.next().unwrap_or_default().to_owned();
            pieces.fold(first, |all, piece| {
                all + piece.split_once(" }").map_or("", |(_, rest)| rest)
            })
        };
        let before = without_origins(&made("").unwrap());
        assert_ne!(without_origins(&made(there).unwrap()), before, "{there}");
        let both = without_origins(&made(&format!("{there}\n{back}")).unwrap());
        assert_eq!(both, before, "{there}; {back}");
    }

    #[test]
    fn every_change_has_one_that_takes_it_back() {
        check(
            "add ingress db tcp/22 from 10.0.0.0/8",
            "remove ingress db tcp/22 from 10.0.0.0/8",
        );
        check("add egress db any to app", "remove egress db any to app");
        check(
            "add ingress db ssh from offices",
            "remove ingress db ssh from offices",
        );
        check("add group db to a", "remove group db from a");
        check(
            "add entry tight ingress 90 deny tcp/22 10.9.8.7",
            "remove entry tight ingress 90",
        );
        check(
            "replace entry tight ingress 100 deny any 0.0.0.0/0",
            "replace entry tight ingress 100 allow any 0.0.0.0/0",
        );
        check(
            "add route public 0.0.0.0/0 to gw",
            "remove route public 0.0.0.0/0",
        );
        check(
            "add route public offices to t",
            "remove route public offices",
        );
        check(
            "replace route public 10.9.0.0/16 to t",
            "replace route public 10.9.0.0/16 to gw",
        );
        check(
            "add route rt 10.0.0.0/8 to am",
            "remove route rt 10.0.0.0/8",
        );
        check(
            "add route rt 10.0.0.0/8 to blackhole",
            "remove route rt 10.0.0.0/8",
        );
        check("disassociate am rt", "associate am rt");
        check("enable propagation am rt", "disable propagation am rt");
        check("add attachment ao t other far rt", "remove attachment ao");
        check("add interface c web 10.0.1.12 app,db", "remove interface c");
        check("add subnet new other 10.9.2.0/24", "remove subnet new");
    }

    #[test]
    fn a_line_speaks_of_what_the_lines_before_it_made() {
        let text = "add subnet new other 10.9.2.0/24  # for tests\n\nadd interface c new 10.9.2.9\nadd group db to c";
        let network = made(text).unwrap();
        let index = network.interfaces().find("c").unwrap();
        let interface = network.interfaces().get(index);
        assert_eq!(interface.origin.to_string(), "plan#/3");
        assert!(interface.subnet.target().is_some() && interface.groups.len() == 1);
    }

    fn refused(line: &str, expected: &str) {
        assert_eq!(made(line).unwrap_err().problem, expected);
    }

    #[test]
    fn what_is_no_change_is_refused_with_a_reason() {
        refused(
            "grant all",
            "`grant` is no change: write add, remove, replace, associate, disassociate, enable or disable",
        );
        refused("add ingress db tcp/22", "`from` is missing at the end");
        refused(
            "add ingress db tcp/22 to app",
            "`to` stands where `from` is expected",
        );
        refused(
            "add ingress db tcp/22 from nobody",
            "`nobody` is neither a block nor a security group or prefix list of the snapshot",
        );
        refused("remove subnet web now", "`now` is too much");
        refused("remove subnet web", "`web` is used by `a`");
        refused(
            "add route public ten to gw",
            "`ten` is not a block of addresses such as `10.0.0.0/16`",
        );
        refused(
            "add route public 0.0.0.0/0 to igw",
            "there is no target of routes `igw` in the snapshot",
        );
        refused(
            "add entry tight ingress x allow any ::/0",
            "`x` is not a number",
        );
    }
}
