//! From what each file gives to one input.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AccountId, Completeness, Link, Origin, Parts, Region, ResourceId, Scope, Subnet,
    TransitGateway, Zone,
};

use crate::Input;
use crate::log::Log;
use crate::reading::{Expected, Pending, Reading};
use crate::wire::fields::region_of_zone;
use crate::wire::transit::table::UNKNOWN_GATEWAY;

/// Puts together what the files of each root give.
pub(crate) fn finish(roots: Vec<Vec<Reading>>) -> Input {
    let mut input = Input {
        parts: Parts::default(),
        diagnostics: Vec::new(),
        files: Vec::new(),
    };
    let mut pending = Pending::default();
    let mut unused: BTreeMap<String, (usize, Origin)> = BTreeMap::new();
    let mut expected = Vec::new();
    let mut covered = BTreeSet::new();
    for mut readings in roots {
        settle_scopes(&mut readings);
        for reading in readings {
            input.parts.merge(reading.parts);
            pending.merge(reading.pending);
            input.diagnostics.extend(reading.log.diagnostics);
            input.files.extend(reading.files);
            expected.extend(reading.expected);
            for (kind, scope, completeness) in reading.coverage {
                covered.insert((kind, scope.clone()));
                input.parts.coverage.record(kind, scope, completeness);
            }
            for (kind, at) in reading.unused {
                unused.entry(kind).or_insert((0, at)).0 += 1;
            }
        }
    }
    let mut log = Log::default();
    find_gateways(&mut input.parts, pending, &mut log);
    for Expected {
        operation,
        kind,
        scope,
        at,
    } in expected
    {
        if !covered.contains(&(kind, scope.clone())) {
            let message = format!(
                "the answer of `{operation}` is not there: what rests on it is undetermined"
            );
            log.warning("missing-file", message, at);
            let coverage = &mut input.parts.coverage;
            coverage.record(kind, scope, Completeness::Partial);
        }
    }
    for (kind, (count, at)) in unused {
        let files = if count == 1 {
            "1 file".to_owned()
        } else {
            format!("{count} files")
        };
        log.note("unused-kind", format!("{kind}: not used ({files})"), at);
    }
    input.diagnostics.extend(log.diagnostics);
    input
}

/// Gives every object and list of a root the account and region that its path tells, or that all others share.
fn settle_scopes(readings: &mut [Reading]) {
    let mut shared = Shared::default();
    for reading in readings.iter() {
        shared.learn(&reading.parts, &reading.scope);
    }
    let account = only(&shared.accounts).or_else(|| only(&shared.askers));
    let region = only(&shared.regions);
    // A participant of a shared VPC sees the VPC and only its own interfaces: who asked decides what is whole.
    let is_ambiguous = account.is_none() && 1 < shared.accounts.len();
    for reading in readings {
        let fill = |scope: &mut Scope| {
            scope.account = scope.account.take().or_else(|| account.clone());
            scope.region = scope.region.take().or_else(|| region.clone());
        };
        fill(&mut reading.scope);
        reading
            .coverage
            .iter_mut()
            .for_each(|(_, scope, completeness)| {
                fill(scope);
                if is_ambiguous && scope.account.is_none() {
                    *completeness = Completeness::Partial;
                }
            });
        reading
            .expected
            .iter_mut()
            .for_each(|expected| fill(&mut expected.scope));
        place_parts(&mut reading.parts, &reading.scope);
    }
}

/// The accounts and regions that a root speaks about.
#[derive(Default)]
struct Shared {
    accounts: BTreeSet<AccountId>,
    /// The owners of what only its owner sees, so of the account that was asked.
    askers: BTreeSet<AccountId>,
    regions: BTreeSet<Region>,
}

impl Shared {
    fn learn(&mut self, parts: &Parts, scope: &Scope) {
        self.accounts.extend(scope.account.clone());
        self.regions.extend(scope.region.clone());
        macro_rules! learn {
            ($($list:ident)*) => { $(
                for each in &parts.$list {
                    self.accounts.extend(each.owner.clone());
                    self.regions.extend(each.region.clone());
                }
            )* };
        }
        for instance in &parts.instances {
            self.askers.extend(instance.owner.clone());
        }
        for gateway in &parts.internet_gateways {
            self.askers.extend(gateway.owner.clone());
        }
        learn!(vpcs subnets interfaces instance_interfaces instances groups acls route_tables internet_gateways);
    }
}

fn only<T: Clone + Ord>(set: &BTreeSet<T>) -> Option<T> {
    set.first().filter(|_| set.len() == 1).cloned()
}

fn place_parts(parts: &mut Parts, scope: &Scope) {
    macro_rules! place {
        ($field:ident from $told:ident: $($list:ident)*) => { $(
            for each in &mut parts.$list {
                each.$field = each.$field.take().or_else(|| scope.$told.clone());
            }
        )* };
    }
    place!(owner from account: vpcs subnets interfaces instance_interfaces instances groups acls route_tables
        internet_gateways transit_gateways elastic_addresses load_balancers target_groups vpc_endpoints
        endpoint_services firewalls public_access_options service_entries managed_instances);
    place!(region from region: vpcs subnets interfaces instance_interfaces instances groups acls route_tables
        internet_gateways egress_only_gateways nat_gateways transit_gateways vpn_gateways customer_gateways
        vpn_connections virtual_interfaces client_vpn_endpoints service_entries prefix_lists elastic_addresses load_balancers target_groups vpc_endpoints
        endpoint_services firewalls public_access_options managed_instances);
    for subnet in &mut parts.subnets {
        forget_foreign_name(subnet, scope);
    }
}

/// Forgets the name of a subnet's zone where another account than the owner was asked: names of zones are shuffled for
/// each account, and a participant of a shared VPC is told its own.
fn forget_foreign_name(subnet: &mut Subnet, asked: &Scope) {
    let is_foreign = asked.account.is_some() && asked.account != subnet.owner;
    let is_name = |zone: &Zone| region_of_zone(zone.as_str()).is_some();
    if is_foreign && subnet.zone.as_ref().is_some_and(is_name) {
        subnet.zone = None;
    }
}

/// Gives every fact about a route table of a transit gateway its gateway.
fn find_gateways(parts: &mut Parts, pending: Pending, log: &mut Log) {
    let mut gateways: BTreeMap<ResourceId, Link<TransitGateway>> = BTreeMap::new();
    for attachment in &parts.transit_attachments {
        if let Some(table) = &attachment.association {
            gateways.insert(table.id().clone(), attachment.gateway.clone());
        }
    }
    for table in &parts.transit_route_tables {
        gateways.insert(table.id.clone(), table.gateway.clone());
    }
    let mut unknown: BTreeMap<ResourceId, Origin> = BTreeMap::new();
    for mut table in pending.tables {
        match gateways.get(&table.id) {
            Some(gateway) => {
                table.gateway = gateway.clone();
                parts.transit_route_tables.push(table);
            }
            None => {
                unknown.entry(table.id).or_insert(table.origin);
            }
        }
    }
    for (id, mut attachment) in pending.associations {
        match gateways.get(&id) {
            Some(gateway) => {
                attachment.gateway = gateway.clone();
                parts.transit_attachments.push(attachment);
            }
            None => {
                unknown.entry(id).or_insert(attachment.origin);
            }
        }
    }
    debug_assert!(
        parts
            .transit_route_tables
            .iter()
            .all(|table| table.gateway.id().as_str() != UNKNOWN_GATEWAY)
    );
    for (id, at) in unknown {
        let message = format!(
            "transit gateway route table `{id}` is listed nowhere: what this says about it is not used"
        );
        log.warning("dangling-reference", message, at);
    }
}
