//! Interfaces and subnets that come and go.

use std::net::IpAddr;

use super::{ChangeError, Reach, exists, in_use, known, no_such, refused};
use crate::{
    AttachmentResource, Link, NatMode, NetworkInterface, ResourceId, RouteState,
    RouteTableAssociation, RouteTarget, Snapshot, Subnet,
};

impl Snapshot {
    pub(super) fn add_interface(
        &mut self,
        interface: &NetworkInterface,
    ) -> Result<Reach, ChangeError> {
        let subnet = interface.subnet.id();
        known(&self.subnets, "subnet", subnet)?;
        known(&self.vpcs, "VPC", interface.vpc.id())?;
        for group in &interface.groups {
            known(&self.groups, "security group", group.id())?;
        }
        let subnets = &self.subnets;
        let inside = |address: IpAddr| {
            let found = subnets.ids().get(subnet);
            found.is_some_and(|index| subnets.get(*index).contains(address))
        };
        for held in &interface.addresses {
            if !inside(held.address) {
                let why = format!("cannot hold {}: it is not in `{subnet}`", held.address);
                return Err(refused(&interface.id, why));
            }
            let mut others = self.interfaces.rows().iter();
            let is_taken =
                |other: &&NetworkInterface| other.vpc == interface.vpc && other.holds(held.address);
            if let Some(other) = others.find(is_taken) {
                let why = format!("cannot hold {}: `{}` does", held.address, other.id);
                return Err(refused(&interface.id, why));
            }
        }
        if !self.interfaces.insert(interface.clone()) {
            return Err(exists(&interface.id, "an entry in the input".to_owned()));
        }
        Ok(Reach::Others)
    }

    pub(super) fn remove_interface(&mut self, id: &ResourceId) -> Result<Reach, ChangeError> {
        if let Some(user) = self.user_of_interface(id) {
            return Err(in_use(id, user));
        }
        if !self.interfaces.remove(id) {
            return Err(no_such("network interface", id));
        }
        for table in self.route_tables.rows_mut() {
            for route in &mut table.routes {
                if matches!(&route.target, RouteTarget::NetworkInterface(link) if link.id() == id) {
                    route.state = RouteState::Blackhole;
                }
            }
        }
        for elastic in self.elastic_addresses.rows_mut() {
            if elastic.interface.as_ref().map(Link::id) == Some(id) {
                elastic.interface = None;
                elastic.private = None;
            }
        }
        Ok(Reach::Others)
    }

    /// Who cannot do without an interface.
    fn user_of_interface(&self, id: &ResourceId) -> Option<&ResourceId> {
        let names = |links: &[Link<NetworkInterface>]| links.iter().any(|link| link.id() == id);
        let mut gateways = self.nat_gateways.rows().iter();
        let gateway = gateways.find(|gateway| {
            let interfaces = gateway.addresses.iter().map(|held| &held.interface);
            interfaces.flatten().any(|link| link.id() == id)
        });
        let mut balancers = self.load_balancers.rows().iter();
        let balancer = balancers.find(|balancer| names(&balancer.nodes));
        let mut endpoints = self.vpc_endpoints.rows().iter();
        let endpoint = endpoints.find(|endpoint| names(&endpoint.interfaces));
        let gateway = gateway.map(|gateway| &gateway.id);
        let balancer = balancer.map(|balancer| &balancer.id);
        gateway
            .or(balancer)
            .or(endpoint.map(|endpoint| &endpoint.id))
    }

    pub(super) fn add_subnet(&mut self, subnet: &Subnet) -> Result<Reach, ChangeError> {
        let vpc = subnet.vpc.id();
        known(&self.vpcs, "VPC", vpc)?;
        let vpcs = &self.vpcs;
        let blocks = vpcs.ids().get(vpc).map(|index| &vpcs.get(*index).cidrs);
        for cidr in &subnet.cidrs {
            let mut blocks = blocks.into_iter().flatten();
            if !blocks.any(|block| block.covers(cidr)) {
                let why = format!("cannot have {cidr}: it is not in `{vpc}`");
                return Err(refused(&subnet.id, why));
            }
            let mut others = self.subnets.rows().iter();
            let overlaps = |other: &&Subnet| {
                let mut cidrs = other.cidrs.iter();
                other.vpc == subnet.vpc && cidrs.any(|known| known.overlaps(cidr))
            };
            if let Some(other) = others.find(overlaps) {
                let why = format!("cannot have {cidr}: it overlaps `{}`", other.id);
                return Err(refused(&subnet.id, why));
            }
        }
        if !self.subnets.insert(subnet.clone()) {
            return Err(exists(&subnet.id, "an entry in the input".to_owned()));
        }
        Ok(Reach::Others)
    }

    pub(super) fn remove_subnet(&mut self, id: &ResourceId) -> Result<Reach, ChangeError> {
        if let Some(user) = self.user_of_subnet(id) {
            return Err(in_use(id, user));
        }
        if !self.subnets.remove(id) {
            return Err(no_such("subnet", id));
        }
        for acl in self.acls.rows_mut() {
            acl.subnets.retain(|subnet| subnet.id() != id);
        }
        for table in self.route_tables.rows_mut() {
            table.associations.retain(|association| match association {
                RouteTableAssociation::Subnet(subnet) => subnet.id() != id,
                RouteTableAssociation::Gateway(_) => true,
            });
        }
        Ok(Reach::Others)
    }

    /// Who stands in a subnet.
    fn user_of_subnet(&self, id: &ResourceId) -> Option<&ResourceId> {
        let mut interfaces = self.interfaces.rows().iter();
        let interface = interfaces.find(|interface| interface.subnet.id() == id);
        let mut gateways = self.nat_gateways.rows().iter();
        let gateway = gateways.find(|gateway| match &gateway.mode {
            NatMode::Zonal(subnet) => subnet.id() == id,
            NatMode::Regional(_) => false,
        });
        let mut attachments = self.transit_attachments.rows().iter();
        let attachment = attachments.find(|attachment| match &attachment.resource {
            AttachmentResource::Vpc { subnets, .. } => {
                let mut subnets = subnets.iter().flatten();
                subnets.any(|subnet| subnet.id() == id)
            }
            AttachmentResource::Peering(_)
            | AttachmentResource::Vpn(_)
            | AttachmentResource::DirectConnect(_)
            | AttachmentResource::Other { .. } => false,
        });
        let interface = interface.map(|interface| &interface.id);
        let gateway = gateway.map(|gateway| &gateway.id);
        interface
            .or(gateway)
            .or(attachment.map(|attachment| &attachment.id))
    }
}
