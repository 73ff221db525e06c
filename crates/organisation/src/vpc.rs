//! VPCs, their subnets and route tables.

use std::io;

use crate::Writer;
use crate::plan::Vpc;
use crate::text::{ZONES, joined, tags, v4};

/// A subnet, and which of its addresses are given out.
#[derive(Debug, Clone)]
pub(crate) struct Subnet {
    pub(crate) id: String,
    /// The number of its zone.
    pub(crate) zone: usize,
    /// The first four groups of its IPv6 addresses.
    v6: Option<String>,
    base: u32,
    /// The next address that is free.
    next: u32,
    /// Where delegated prefixes begin: they are given out from the end.
    end: u32,
}

/// AWS keeps the first four addresses of every subnet.
const RESERVED: u32 = 4;
/// Addresses of a delegated prefix.
const PREFIX: u32 = 16;

impl Subnet {
    /// Whether it has no address left.
    pub(crate) const fn is_full(&self) -> bool {
        self.next >= self.end
    }

    /// An address, as IPv4 and IPv6. A full subnet has none.
    pub(crate) fn take(&mut self) -> io::Result<(u32, Option<String>)> {
        if self.is_full() {
            return Err(io::Error::other(format!("`{}` is full", self.id)));
        }
        let address = self.next;
        self.next += 1;
        let v6 = self.v6.as_ref();
        Ok((
            address,
            v6.map(|v6| format!("{v6}::{:x}", address - self.base)),
        ))
    }

    /// A prefix of sixteen addresses, if there is one left.
    pub(crate) fn take_prefix(&mut self) -> Option<u32> {
        let start = self.end - PREFIX;
        (self.next + PREFIX <= start).then(|| {
            self.end = start;
            start
        })
    }
}

impl Writer {
    pub(crate) fn vpc(&mut self, vpc: Vpc) -> io::Result<()> {
        let (account, id, cidr) = (vpc.account(), vpc.id(), vpc.cidr());
        let state = r#""CidrBlockState":{"State":"associated"}"#;
        let v6 = vpc.v6(0).map(|v6| format!(r#"{{"AssociationId":"vpc-cidr-assoc-6{id}","Ipv6CidrBlock":"{v6}::/56","Ipv6CidrBlockState":{{"State":"associated"}}}}"#));
        let element = format!(
            r#"{{"CidrBlock":"{cidr}","CidrBlockAssociationSet":[{{"AssociationId":"vpc-cidr-assoc-{id}","CidrBlock":"{cidr}",{state}}}],"InstanceTenancy":"default","Ipv6CidrBlockAssociationSet":[{}],"IsDefault":false,"OwnerId":"{account}","State":"available","Tags":{},"VpcId":"{id}"}}"#,
            v6.unwrap_or_default(),
            tags(&format!("vpc-{}", vpc.number))
        );
        self.written.vpcs += 1;
        self.folder.add(&account, "Vpcs", &element)
    }

    /// A subnet of a VPC, by its number, its zone, the offset of its first address, and the length of its prefix.
    pub(crate) fn subnet(
        &mut self,
        vpc: Vpc,
        number: usize,
        zone: usize,
        (offset, length): (u32, u8),
    ) -> io::Result<Subnet> {
        let (account, id) = (vpc.account(), vpc.of("subnet", number));
        let (name, zone_id) = ZONES.get(zone).copied().unwrap_or_default();
        let (base, v6) = (vpc.base + offset, vpc.v6(number));
        let block = v6.as_ref().map(|v6| format!(r#"{{"AssociationId":"subnet-cidr-assoc-{id}","Ipv6CidrBlock":"{v6}::/64","Ipv6CidrBlockState":{{"State":"associated"}}}}"#));
        let element = format!(
            r#"{{"AvailabilityZone":"{name}","AvailabilityZoneId":"{zone_id}","CidrBlock":"{}/{length}","DefaultForAz":false,"Ipv6CidrBlockAssociationSet":[{}],"MapPublicIpOnLaunch":false,"OwnerId":"{account}","State":"available","SubnetArn":"arn:aws:ec2:ap-southeast-2:{account}:subnet/{id}","SubnetId":"{id}","Tags":{},"VpcId":"{}"}}"#,
            v4(base),
            block.unwrap_or_default(),
            tags(&format!("subnet-{}-{number}", vpc.number)),
            vpc.id()
        );
        self.folder.add(&account, "Subnets", &element)?;
        let size = 1_u32 << (32 - length);
        Ok(Subnet {
            id,
            zone,
            v6,
            base,
            next: base + RESERVED,
            end: base + size - PREFIX.min(size / 2),
        })
    }

    /// A route table with its local routes, and others as destination, field and id of the target.
    pub(crate) fn table(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnets: &[String],
        routes: &[(String, &str, String)],
    ) -> io::Result<()> {
        let (account, id) = (vpc.account(), vpc.of("rtb", number));
        let state = r#""AssociationState":{"State":"associated"}"#;
        let associations = if number == 0 {
            format!(
                r#"{{{state},"Main":true,"RouteTableAssociationId":"rtbassoc-{id}","RouteTableId":"{id}"}}"#
            )
        } else {
            joined(subnets.iter().map(|subnet| format!(r#"{{{state},"Main":false,"RouteTableAssociationId":"rtbassoc-{subnet}","RouteTableId":"{id}","SubnetId":"{subnet}"}}"#)))
        };
        let local = |field: &str, cidr: String| {
            format!(
                r#"{{"{field}":"{cidr}","GatewayId":"local","Origin":"CreateRouteTable","State":"active"}}"#
            )
        };
        let mut all = vec![local("DestinationCidrBlock", vpc.cidr())];
        let v6 = vpc.v6(0);
        all.extend(v6.map(|v6| local("DestinationIpv6CidrBlock", format!("{v6}::/56"))));
        all.extend(routes.iter().map(|(destination, field, target)| {
            let name = destination_field(destination);
            format!(r#"{{"{name}":"{destination}","{field}":"{target}","Origin":"CreateRoute","State":"active"}}"#)
        }));
        let element = format!(
            r#"{{"Associations":[{associations}],"OwnerId":"{account}","PropagatingVgws":[],"RouteTableId":"{id}","Routes":[{}],"Tags":{},"VpcId":"{}"}}"#,
            joined(all),
            tags(&format!("routes-{number}")),
            vpc.id()
        );
        self.folder.add(&account, "RouteTables", &element)
    }
}

/// The field that names a destination of this form.
fn destination_field(destination: &str) -> &'static str {
    if destination.starts_with("pl-") {
        "DestinationPrefixListId"
    } else if destination.contains(':') {
        "DestinationIpv6CidrBlock"
    } else {
        "DestinationCidrBlock"
    }
}
