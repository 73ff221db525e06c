//! The account with the transit gateway, and what VPCs are made of.

use std::io;

use super::filters::{Peer, open_egress};
use super::{GATEWAY, Vpc, Writer, ZONES, joined, tags};

/// The table of the transit gateway in which all VPCs of applications are looked up: they reach the hub only.
const SPOKES: &str = "tgw-rtb-00000000000000001";
/// The table in which the hub is looked up: it reaches everything.
const HUB: &str = "tgw-rtb-00000000000000002";

impl Writer {
    /// The hub, which attaches the VPCs numbered from one to `n_spokes`.
    pub(super) fn hub(&mut self, n_spokes: usize) -> io::Result<()> {
        let vpc = Vpc {
            number: 0,
            has_v6: false,
        };
        self.vpc(vpc)?;
        let mut subnets = Vec::new();
        for zone in 0..ZONES.len() {
            subnets.push(self.subnet(vpc, zone, zone, 24)?);
        }
        self.attachment(vpc, &subnets)?;
        self.table(
            vpc,
            0,
            &[],
            &[("10.0.0.0/8", "TransitGatewayId", GATEWAY.into())],
        )?;
        self.acls(vpc, &[])?;
        let ssh = [(Some("tcp"), 22, 22, Peer::Cidr("10.0.0.0/16".into()))];
        let bastion = self.group(vpc, 1, "bastion", &ssh, &open_egress())?;
        for (zone, subnet) in subnets.iter().enumerate() {
            self.host(
                vpc,
                zone,
                (zone, 10, zone),
                subnet,
                std::slice::from_ref(&bastion),
                false,
            )?;
        }
        self.gateway(vpc, n_spokes)
    }

    fn gateway(&mut self, vpc: Vpc, n_spokes: usize) -> io::Result<()> {
        let account = vpc.account();
        let gateway = format!(
            r#"{{"Options":{{"AmazonSideAsn":64512,"DefaultRouteTableAssociation":"disable","SecurityGroupReferencingSupport":"disable"}},"OwnerId":"{account}","State":"available","Tags":{},"TransitGatewayId":"{GATEWAY}"}}"#,
            tags("hub")
        );
        self.folder.add(&account, "TransitGateways", &gateway)?;
        let id = |number: usize| Vpc {
            number,
            has_v6: false,
        };
        let hub = propagation(id(0));
        let spokes = joined((1..=n_spokes).map(|number| propagation(id(number))));
        for (table, propagations) in [(SPOKES, &hub), (HUB, &spokes)] {
            let element = format!(
                r#"{{"DefaultAssociationRouteTable":false,"State":"available","Tags":[],"TransitGatewayId":"{GATEWAY}","TransitGatewayRouteTableId":"{table}"}}"#
            );
            self.folder
                .add(&account, "TransitGatewayRouteTables", &element)?;
            let element = format!(
                r#"{{"TransitGatewayRouteTableId":"{table}","TransitGatewayRouteTablePropagations":[{propagations}]}}"#
            );
            self.folder
                .add(&account, "TransitGatewayPropagations", &element)?;
            let element = format!(
                r#"{{"AdditionalRoutesAvailable":false,"Routes":[],"TransitGatewayRouteTableId":"{table}"}}"#
            );
            self.folder
                .add(&account, "TransitGatewayStaticRoutes", &element)?;
        }
        Ok(())
    }

    pub(super) fn vpc(&mut self, vpc: Vpc) -> io::Result<()> {
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

    /// A subnet at the third byte `at`, in a zone; gives its id.
    pub(super) fn subnet(
        &mut self,
        vpc: Vpc,
        at: usize,
        zone: usize,
        length: u8,
    ) -> io::Result<String> {
        let (account, id) = (vpc.account(), vpc.of("subnet", at));
        let (name, zone) = ZONES.get(zone).copied().unwrap_or_default();
        let v6 = vpc.v6(at).map(|v6| format!(r#"{{"AssociationId":"subnet-cidr-assoc-{id}","Ipv6CidrBlock":"{v6}::/64","Ipv6CidrBlockState":{{"State":"associated"}}}}"#));
        let element = format!(
            r#"{{"AvailabilityZone":"{name}","AvailabilityZoneId":"{zone}","CidrBlock":"10.{}.{at}.0/{length}","DefaultForAz":false,"Ipv6CidrBlockAssociationSet":[{}],"MapPublicIpOnLaunch":false,"OwnerId":"{account}","State":"available","SubnetArn":"arn:aws:ec2:ap-southeast-2:{account}:subnet/{id}","SubnetId":"{id}","Tags":{},"VpcId":"{}"}}"#,
            vpc.number,
            v6.unwrap_or_default(),
            tags(&format!("subnet-{}-{at}", vpc.number)),
            vpc.id()
        );
        self.folder.add(&account, "Subnets", &element)?;
        Ok(id)
    }

    /// The attachment of a VPC: its own account sees the subnets, the hub's sees the table.
    pub(super) fn attachment(&mut self, vpc: Vpc, subnets: &[String]) -> io::Result<()> {
        let (account, id, attachment) = (vpc.account(), vpc.id(), attachment_id(vpc));
        let subnets = joined(subnets.iter().map(|subnet| format!(r#""{subnet}""#)));
        let element = format!(
            r#"{{"Options":{{"ApplianceModeSupport":"disable","DnsSupport":"enable","Ipv6Support":"disable","SecurityGroupReferencingSupport":"enable"}},"State":"available","SubnetIds":[{subnets}],"Tags":[],"TransitGatewayAttachmentId":"{attachment}","TransitGatewayId":"{GATEWAY}","VpcId":"{id}","VpcOwnerId":"{account}"}}"#
        );
        self.folder
            .add(&account, "TransitGatewayVpcAttachments", &element)?;
        let table = if vpc.number == 0 { HUB } else { SPOKES };
        let hub = Vpc {
            number: 0,
            has_v6: false,
        };
        let element = format!(
            r#"{{"Association":{{"State":"associated","TransitGatewayRouteTableId":"{table}"}},"ResourceId":"{id}","ResourceOwnerId":"{account}","ResourceType":"vpc","State":"available","Tags":[],"TransitGatewayAttachmentId":"{attachment}","TransitGatewayId":"{GATEWAY}","TransitGatewayOwnerId":"{}"}}"#,
            hub.account()
        );
        self.folder
            .add(&hub.account(), "TransitGatewayAttachments", &element)
    }
}

fn attachment_id(vpc: Vpc) -> String {
    format!("tgw-attach-{:017x}", vpc.number)
}

fn propagation(vpc: Vpc) -> String {
    format!(
        r#"{{"ResourceId":"{}","ResourceType":"vpc","State":"enabled","TransitGatewayAttachmentId":"{}"}}"#,
        vpc.id(),
        attachment_id(vpc)
    )
}
