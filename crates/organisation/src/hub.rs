//! The account with the transit gateway, the office, and the VPC of shared services.

use std::io;

use crate::filters::{Peer, open_egress, tcp};
use crate::gateways::{S3, ids};
use crate::interfaces::Owner;
use crate::plan::{Plan, Segment, Vpc};
use crate::text::{GATEWAY, joined, tags};
use crate::{Writer, text::ZONES};

/// The networks of offices, as rules name them.
pub(crate) const OFFICES: &str = "pl-0000000000000ff1c";
/// The connection to the office.
const VPN: &str = "vpn-00000000000000001";
const VPN_ATTACHMENT: &str = "tgw-attach-0ff1ce00000000001";
/// The tables of the transit gateway, and whom they know.
const TABLES: [(&str, Segment); 3] = [
    ("tgw-rtb-00000000000000001", Segment::Shared),
    ("tgw-rtb-00000000000000002", Segment::Production),
    ("tgw-rtb-00000000000000003", Segment::Development),
];

impl Writer {
    /// The hub.
    pub(crate) fn hub(&mut self, plan: &Plan) -> io::Result<()> {
        let Some(vpc) = plan.vpc(0) else {
            return Ok(());
        };
        self.vpc(vpc)?;
        let mut subnets = Vec::new();
        for (zone, offset) in (0..ZONES.len()).zip([0, 256, 512]) {
            subnets.push(self.subnet(vpc, zone, zone, (offset, 24))?);
        }
        self.attachment(vpc, &ids(&subnets))?;
        let inside = ["10.0.0.0/8", "192.168.0.0/16"];
        let inside = inside.map(|block| (block.into(), "TransitGatewayId", GATEWAY.into()));
        self.table(vpc, 0, &[], &inside)?;
        self.default_acl(vpc)?;
        self.prefix_lists(vpc)?;
        let ssh = [tcp(22, Peer::List(OFFICES.into()))];
        let bastion = [self.group(vpc, 1, "bastion", &ssh, &open_egress())?];
        for (number, subnet) in subnets.iter_mut().enumerate() {
            let owner = Owner::Instance(format!("bastion-{number}"));
            self.interface(vpc, number, subnet, &bastion, &owner)?;
        }
        self.office(vpc)?;
        self.gateway(plan, vpc)
    }

    /// Every account sees the lists of AWS and those that are shared with it.
    pub(crate) fn prefix_lists(&mut self, vpc: Vpc) -> io::Result<()> {
        let s3 = (S3, "com.amazonaws.ap-southeast-2.s3", "AWS");
        let blocks = ["3.5.164.0/22", "52.95.128.0/21", "52.92.52.0/22"];
        self.prefix_list(&vpc.account(), s3, blocks.map(String::from))?;
        let offices = (OFFICES, "offices", "200000000000");
        let blocks = (0..4).map(|third| format!("192.168.{third}.0/24"));
        self.prefix_list(&vpc.account(), offices, blocks)
    }

    fn office(&mut self, vpc: Vpc) -> io::Result<()> {
        let account = vpc.account();
        let element = r#"{"BgpAsn":"65000","CustomerGatewayId":"cgw-00000000000000001","IpAddress":"198.51.100.1","State":"available","Tags":[],"Type":"ipsec.1"}"#;
        self.folder.add(&account, "CustomerGateways", element)?;
        let element = format!(
            r#"{{"Category":"VPN","CustomerGatewayConfiguration":"","CustomerGatewayId":"cgw-00000000000000001","GatewayAssociationState":"associated","Options":{{"LocalIpv4NetworkCidr":"0.0.0.0/0","RemoteIpv4NetworkCidr":"0.0.0.0/0","StaticRoutesOnly":true,"TunnelInsideIpVersion":"ipv4","TunnelOptions":[{{"OutsideIpAddress":"203.0.113.211","TunnelInsideCidr":"169.254.21.0/30"}}]}},"Routes":[],"State":"available","Tags":[],"TransitGatewayId":"{GATEWAY}","Type":"ipsec.1","VgwTelemetry":[{{"AcceptedRouteCount":0,"OutsideIpAddress":"203.0.113.211","Status":"UP","StatusMessage":""}}],"VpnConnectionId":"{VPN}"}}"#
        );
        self.folder.add(&account, "VpnConnections", &element)
    }

    fn gateway(&mut self, plan: &Plan, hub: Vpc) -> io::Result<()> {
        let account = hub.account();
        let element = format!(
            r#"{{"Options":{{"AmazonSideAsn":64512,"DefaultRouteTableAssociation":"disable","SecurityGroupReferencingSupport":"disable"}},"OwnerId":"{account}","State":"available","Tags":{},"TransitGatewayId":"{GATEWAY}"}}"#,
            tags("hub")
        );
        self.folder.add(&account, "TransitGateways", &element)?;
        for (table, segment) in TABLES {
            let element = format!(
                r#"{{"DefaultAssociationRouteTable":false,"State":"available","Tags":[],"TransitGatewayId":"{GATEWAY}","TransitGatewayRouteTableId":"{table}"}}"#
            );
            self.folder
                .add(&account, "TransitGatewayRouteTables", &element)?;
            let known = plan.vpcs.iter().filter(|vpc| knows(segment, vpc.segment));
            let propagations = joined(known.map(|vpc| propagation(*vpc)));
            let element = format!(
                r#"{{"TransitGatewayRouteTableId":"{table}","TransitGatewayRouteTablePropagations":[{propagations}]}}"#
            );
            self.folder
                .add(&account, "TransitGatewayPropagations", &element)?;
            let element = format!(
                r#"{{"AdditionalRoutesAvailable":false,"Routes":[{{"DestinationCidrBlock":"192.168.0.0/16","State":"active","TransitGatewayAttachments":[{{"ResourceId":"{VPN}","ResourceType":"vpn","TransitGatewayAttachmentId":"{VPN_ATTACHMENT}"}}],"Type":"static"}}],"TransitGatewayRouteTableId":"{table}"}}"#
            );
            self.folder
                .add(&account, "TransitGatewayStaticRoutes", &element)?;
        }
        self.attached(
            &account,
            VPN_ATTACHMENT,
            Segment::Shared,
            ("vpn", VPN, &account),
        )?;
        for vpc in &plan.vpcs {
            let (id, owner) = (vpc.id(), vpc.account());
            let resource = ("vpc", id.as_str(), owner.as_str());
            self.attached(&account, &attachment_id(*vpc), vpc.segment, resource)?;
        }
        Ok(())
    }

    /// An attachment as the owner of the transit gateway sees it.
    fn attached(
        &mut self,
        account: &str,
        attachment: &str,
        segment: Segment,
        (kind, id, owner): (&str, &str, &str),
    ) -> io::Result<()> {
        let table = TABLES.iter().find(|(_, known)| *known == segment);
        let Some((table, _)) = table else {
            return Ok(());
        };
        let element = format!(
            r#"{{"Association":{{"State":"associated","TransitGatewayRouteTableId":"{table}"}},"ResourceId":"{id}","ResourceOwnerId":"{owner}","ResourceType":"{kind}","State":"available","Tags":[],"TransitGatewayAttachmentId":"{attachment}","TransitGatewayId":"{GATEWAY}","TransitGatewayOwnerId":"{account}"}}"#
        );
        self.folder
            .add(account, "TransitGatewayAttachments", &element)
    }
}

/// Whether the table of a segment has the routes to a VPC of another.
fn knows(table: Segment, vpc: Segment) -> bool {
    match (table, vpc) {
        (_, Segment::Isolated) | (Segment::Isolated, _) => false,
        (Segment::Shared, _) | (_, Segment::Shared) => true,
        (table, vpc) => table == vpc,
    }
}

/// The id of a VPC's attachment to the transit gateway.
pub(crate) fn attachment_id(vpc: Vpc) -> String {
    format!("tgw-attach-{:017x}", vpc.number)
}

fn propagation(vpc: Vpc) -> String {
    format!(
        r#"{{"ResourceId":"{}","ResourceType":"vpc","State":"enabled","TransitGatewayAttachmentId":"{}"}}"#,
        vpc.id(),
        attachment_id(vpc)
    )
}
