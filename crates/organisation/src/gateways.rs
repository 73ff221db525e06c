//! How packets leave a VPC: internet and NAT gateways, attachments, peering connections.

use std::io;

use crate::Writer;
use crate::hub::attachment_id;
use crate::interfaces::Owner;
use crate::plan::{Plan, Segment, Vpc};
use crate::text::{GATEWAY, quoted, v4};
use crate::tiers::Tiers;
use crate::vpc::Subnet;

/// The prefix list of Amazon S3 in the region.
pub(crate) const S3: &str = "pl-6ca54005";

type Route = (String, &'static str, String);

impl Writer {
    /// The gateways and route tables of a VPC of applications.
    pub(crate) fn ways(&mut self, plan: &Plan, vpc: Vpc, tiers: &mut Tiers) -> io::Result<()> {
        let (account, id) = (vpc.account(), vpc.id());
        let internet = self.internet_gateway(vpc)?;
        let inside = self.inside(plan, vpc)?;
        let mut public = inside.clone();
        public.push(("0.0.0.0/0".into(), "GatewayId", internet.clone()));
        let mut private = inside.clone();
        if vpc.has_v6 {
            public.push(("::/0".into(), "GatewayId", internet));
            private.push(self.egress_only(vpc)?);
        }
        let endpoint = vpc.of("vpce", 0);
        private.push((S3.into(), "GatewayId", endpoint.clone()));
        self.table(vpc, 0, &[], &[])?;
        self.table(vpc, 1, &ids(&tiers.public), &public)?;
        for zone in 0..tiers.public.len() {
            let mut routes = private.clone();
            if let Some(subnet) = tiers.public.get_mut(zone) {
                let nat = self.nat(vpc, zone, subnet)?;
                routes.push(("0.0.0.0/0".into(), "NatGatewayId", nat));
            }
            let subnets: Vec<_> = tiers
                .app
                .get(zone)
                .map(|app| app.id.clone())
                .into_iter()
                .collect();
            self.table(vpc, 2 + zone, &subnets, &routes)?;
        }
        self.table(vpc, 5, &ids(&tiers.data), &inside)?;
        let tables = (2..5)
            .map(|number| vpc.of("rtb", number))
            .collect::<Vec<_>>();
        let element = format!(
            r#"{{"Groups":[],"NetworkInterfaceIds":[],"OwnerId":"{account}","RouteTableIds":[{}],"ServiceName":"com.amazonaws.ap-southeast-2.s3","State":"available","SubnetIds":[],"Tags":[],"VpcEndpointId":"{endpoint}","VpcEndpointType":"Gateway","VpcId":"{id}"}}"#,
            quoted(&tables)
        );
        self.folder.add(&account, "VpcEndpoints", &element)
    }

    /// The internet gateway of a VPC; gives its id.
    pub(crate) fn internet_gateway(&mut self, vpc: Vpc) -> io::Result<String> {
        let (account, internet) = (vpc.account(), vpc.of("igw", 0));
        let element = format!(
            r#"{{"Attachments":[{{"State":"available","VpcId":"{}"}}],"InternetGatewayId":"{internet}","OwnerId":"{account}","Tags":[]}}"#,
            vpc.id()
        );
        self.folder.add(&account, "InternetGateways", &element)?;
        Ok(internet)
    }

    /// Routes to other VPCs: over the transit gateway, and over a peering connection.
    fn inside(&mut self, plan: &Plan, vpc: Vpc) -> io::Result<Vec<Route>> {
        let mut routes = Vec::new();
        if vpc.segment != Segment::Isolated {
            routes.push(("10.0.0.0/8".into(), "TransitGatewayId", GATEWAY.into()));
            routes.push(("192.168.0.0/16".into(), "TransitGatewayId", GATEWAY.into()));
        }
        if let Some(other) = vpc.peer.and_then(|number| plan.vpc(number)) {
            let first = vpc.number.min(other.number);
            let connection = format!("pcx-{first:017x}");
            routes.push((other.cidr(), "VpcPeeringConnectionId", connection.clone()));
            if vpc.number == first || vpc.account() != other.account() {
                let (one, two) = if vpc.number == first {
                    (vpc, other)
                } else {
                    (other, vpc)
                };
                let element = format!(
                    r#"{{"AccepterVpcInfo":{},"RequesterVpcInfo":{},"Status":{{"Code":"active","Message":"Active"}},"Tags":[],"VpcPeeringConnectionId":"{connection}"}}"#,
                    side(two),
                    side(one)
                );
                self.folder
                    .add(&vpc.account(), "VpcPeeringConnections", &element)?;
            }
        }
        Ok(routes)
    }

    fn egress_only(&mut self, vpc: Vpc) -> io::Result<Route> {
        let id = vpc.of("eigw", 0);
        let element = format!(
            r#"{{"Attachments":[{{"State":"attached","VpcId":"{}"}}],"EgressOnlyInternetGatewayId":"{id}","Tags":[]}}"#,
            vpc.id()
        );
        self.folder
            .add(&vpc.account(), "EgressOnlyInternetGateways", &element)?;
        Ok(("::/0".into(), "EgressOnlyInternetGatewayId", id))
    }

    fn nat(&mut self, vpc: Vpc, zone: usize, subnet: &mut Subnet) -> io::Result<String> {
        let id = vpc.of("nat", zone);
        let owner = Owner::Service(
            "nat_gateway",
            format!("Interface for NAT Gateway {id}"),
            "amazon-nat",
        );
        let number = 0xFFF_0000 + zone;
        let (interface, public) = self.public_interface(vpc, number, subnet, &[], &owner)?;
        let address = format!(
            r#"{{"AllocationId":"eipalloc-{id}","IsPrimary":true,"NetworkInterfaceId":"{}","PrivateIp":"{}","PublicIp":"{}","Status":"succeeded"}}"#,
            interface.id,
            v4(interface.address),
            v4(public)
        );
        let element = format!(
            r#"{{"ConnectivityType":"public","NatGatewayAddresses":[{address}],"NatGatewayId":"{id}","State":"available","SubnetId":"{}","Tags":[],"VpcId":"{}"}}"#,
            subnet.id,
            vpc.id()
        );
        self.folder.add(&vpc.account(), "NatGateways", &element)?;
        Ok(id)
    }

    /// The attachment of a VPC to the transit gateway, as its own account sees it.
    pub(crate) fn attachment(&mut self, vpc: Vpc, subnets: &[String]) -> io::Result<()> {
        let account = vpc.account();
        let element = format!(
            r#"{{"Options":{{"ApplianceModeSupport":"disable","DnsSupport":"enable","Ipv6Support":"disable","SecurityGroupReferencingSupport":"enable"}},"State":"available","SubnetIds":[{}],"Tags":[],"TransitGatewayAttachmentId":"{}","TransitGatewayId":"{GATEWAY}","VpcId":"{}","VpcOwnerId":"{account}"}}"#,
            quoted(subnets),
            attachment_id(vpc),
            vpc.id()
        );
        self.folder
            .add(&account, "TransitGatewayVpcAttachments", &element)
    }
}

/// The ids of subnets.
pub(crate) fn ids(subnets: &[Subnet]) -> Vec<String> {
    subnets.iter().map(|subnet| subnet.id.clone()).collect()
}

/// One side of a peering connection.
fn side(vpc: Vpc) -> String {
    let v6 = vpc.v6(0);
    let v6 = v6.map(|v6| format!(r#"{{"Ipv6CidrBlock":"{v6}::/56"}}"#));
    format!(
        r#"{{"CidrBlock":"{cidr}","CidrBlockSet":[{{"CidrBlock":"{cidr}"}}],"Ipv6CidrBlockSet":[{}],"OwnerId":"{}","Region":"ap-southeast-2","VpcId":"{}"}}"#,
        v6.unwrap_or_default(),
        vpc.account(),
        vpc.id(),
        cidr = vpc.cidr(),
    )
}
