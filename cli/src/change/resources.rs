//! Resources that a line makes. What it does not tell is as AWS makes it.

use std::net::IpAddr;

use model::{
    AttachmentResource, Change, InterfaceKind, InterfaceStatus, Link, NetworkInterface,
    PrivateAddress, Resource as _, ResourceState, Subnet, TransitGatewayAttachment,
};
use packet::{Family, Prefix};

use super::Reader;
use super::words::{Fault, Words, prefix};

impl Reader<'_> {
    /// `ID TGW VPC SUBNET,… [TABLE]`.
    pub(super) fn attachment(&self, words: &mut Words<'_>) -> Result<Change, Fault> {
        let id = words.next("an id for the attachment")?.into();
        let gateway = words.next("a transit gateway")?;
        let vpc = words.next("a VPC")?;
        let subnets = words.list("subnets")?;
        let association = words.next_if(|_| true).map(Link::to);
        let blocks = self.snapshot.subnets().rows().iter();
        let ipv6 = blocks
            .filter(|subnet| subnets.contains(&subnet.id.as_str()))
            .flat_map(|subnet| &subnet.cidrs)
            .any(|block| block.family() == Family::V6);
        Ok(Change::AddAttachment(Box::new(TransitGatewayAttachment {
            id,
            name: None,
            gateway: Link::to(gateway),
            resource: AttachmentResource::Vpc {
                vpc: Link::to(vpc),
                subnets: Some(subnets.into_iter().map(Link::to).collect()),
            },
            state: ResourceState::Available,
            association,
            association_known: true,
            appliance_mode: false,
            group_referencing: true,
            ipv6,
            translates: false,
            origin: self.origin.clone(),
        })))
    }

    /// `ID SUBNET ADDRESS,… [SG,…]`.
    pub(super) fn interface(&self, words: &mut Words<'_>) -> Result<Change, Fault> {
        let id = words.next("an id for the interface")?.into();
        let subnet = self.known_subnet(words.next("a subnet")?)?;
        let addresses = words.list("addresses")?.into_iter().map(|text| {
            let address: Result<IpAddr, _> = text.parse();
            let address = address.map_err(|_| format!("`{text}` is not an address"))?;
            Ok(PrivateAddress {
                address,
                public: None,
            })
        });
        let addresses = addresses.collect::<Result<Vec<PrivateAddress>, Fault>>()?;
        let groups = words.next_if(|_| true).unwrap_or_default();
        let groups = groups.split(',').filter(|group| !group.is_empty());
        Ok(Change::AddInterface(Box::new(NetworkInterface {
            id,
            name: None,
            owner: subnet.owner.clone(),
            region: subnet.region.clone(),
            vpc: subnet.vpc.clone(),
            subnet: Link::to(subnet.id().clone()),
            addresses,
            prefixes: Vec::new(),
            groups: groups.map(Link::to).collect(),
            source_dest_check: true,
            kind: InterfaceKind::Ordinary,
            description: "".into(),
            requester_managed: false,
            requester: None,
            instance: None,
            device_index: None,
            status: InterfaceStatus::Attached,
            refuses_internet: false,
            tags: Vec::new(),
            origin: self.origin.clone(),
        })))
    }

    /// `ID VPC CIDR,…`.
    pub(super) fn subnet(&self, words: &mut Words<'_>) -> Result<Change, Fault> {
        let id = words.next("an id for the subnet")?.into();
        let vpc = words.next("a VPC")?;
        let cidrs = words.list("blocks")?.into_iter().map(prefix);
        let cidrs = cidrs.collect::<Result<Vec<Prefix>, Fault>>()?;
        let vpcs = self.snapshot.vpcs();
        let index = vpcs.find(vpc);
        let index = index.ok_or_else(|| format!("there is no VPC `{vpc}` in the snapshot"))?;
        let vpc = vpcs.get(index);
        Ok(Change::AddSubnet(Box::new(Subnet {
            id,
            name: None,
            owner: vpc.owner.clone(),
            region: vpc.region.clone(),
            vpc: Link::to(vpc.id.clone()),
            cidrs,
            zone: None,
            public_access: None,
            has_dns64: false,
            tags: Vec::new(),
            origin: self.origin.clone(),
        })))
    }

    fn known_subnet(&self, id: &str) -> Result<&Subnet, Fault> {
        let subnets = self.snapshot.subnets();
        let index = subnets.find(id);
        let index = index.ok_or_else(|| format!("there is no subnet `{id}` in the snapshot"))?;
        Ok(subnets.get(index))
    }
}
