//! A VPC of applications.

use std::io;

use super::filters::{Peer, open_egress};
use super::{GATEWAY, Vpc, Writer, ZONES, joined, tags};

/// Where a host stands: its number in the VPC, and its address by the last two bytes.
type Place = (usize, usize, usize);

/// The subnets of a VPC, one of each for every zone.
#[derive(Debug, Default)]
struct Subnets {
    public: Vec<String>,
    app: Vec<String>,
    data: Vec<String>,
    attachment: Vec<String>,
}

/// Third bytes of the addresses of each kind of subnet; the zone's number is added.
const PUBLIC: usize = 0;
const APP: usize = 16;
const DATA: usize = 32;
const ATTACHMENT: usize = 48;

impl Writer {
    pub(super) fn spoke(&mut self, number: usize, n_hosts: usize) -> io::Result<()> {
        let has_v6 = self.random.chance(40);
        let vpc = Vpc { number, has_v6 };
        self.vpc(vpc)?;
        let mut subnets = Subnets::default();
        for zone in 0..ZONES.len() {
            subnets
                .public
                .push(self.subnet(vpc, PUBLIC + zone, zone, 24)?);
            subnets.app.push(self.subnet(vpc, APP + zone, zone, 24)?);
            subnets.data.push(self.subnet(vpc, DATA + zone, zone, 24)?);
            subnets
                .attachment
                .push(self.subnet(vpc, ATTACHMENT + zone, zone, 28)?);
        }
        self.attachment(vpc, &subnets.attachment)?;
        self.acls(vpc, &subnets.data)?;
        self.ways(vpc, &subnets)?;
        self.applications(vpc, &subnets, n_hosts)
    }

    /// Gateways and route tables.
    fn ways(&mut self, vpc: Vpc, subnets: &Subnets) -> io::Result<()> {
        let (account, id) = (vpc.account(), vpc.id());
        let internet = vpc.of("igw", 0);
        let attached = format!(r#""Attachments":[{{"State":"available","VpcId":"{id}"}}]"#);
        let element = format!(
            r#"{{{attached},"InternetGatewayId":"{internet}","OwnerId":"{account}","Tags":[]}}"#
        );
        self.folder.add(&account, "InternetGateways", &element)?;
        let inside = ("10.0.0.0/8", "TransitGatewayId", GATEWAY.to_owned());
        let mut public = vec![inside.clone(), ("0.0.0.0/0", "GatewayId", internet.clone())];
        let mut v6_out = None;
        if vpc.has_v6 {
            public.push(("::/0", "GatewayId", internet));
            let out = vpc.of("eigw", 0);
            let element = format!(
                r#"{{"Attachments":[{{"State":"attached","VpcId":"{id}"}}],"EgressOnlyInternetGatewayId":"{out}","Tags":[]}}"#
            );
            self.folder
                .add(&account, "EgressOnlyInternetGateways", &element)?;
            v6_out = Some(("::/0", "EgressOnlyInternetGatewayId", out));
        }
        self.table(vpc, 0, &[], &[])?;
        self.table(vpc, 1, &subnets.public, &public)?;
        for (zone, (public, app)) in subnets.public.iter().zip(&subnets.app).enumerate() {
            let nat = self.nat(vpc, zone, public)?;
            let mut routes = vec![inside.clone(), ("0.0.0.0/0", "NatGatewayId", nat)];
            routes.extend(v6_out.clone());
            self.table(vpc, 2 + zone, std::slice::from_ref(app), &routes)?;
        }
        self.table(vpc, 5, &subnets.data, std::slice::from_ref(&inside))?;
        self.table(vpc, 6, &subnets.attachment, &[])
    }

    fn nat(&mut self, vpc: Vpc, zone: usize, subnet: &str) -> io::Result<String> {
        let (account, id) = (vpc.account(), vpc.of("nat", zone));
        let interface = vpc.of("eni", 0xFFFF_0000 + zone);
        let private = format!("10.{}.{}.5", vpc.number, PUBLIC + zone);
        let public = format!("203.0.{}.{}", vpc.number, 250 + zone);
        let address = format!(
            r#"{{"AllocationId":"eipalloc-{id}","IsPrimary":true,"NetworkInterfaceId":"{interface}","PrivateIp":"{private}","PublicIp":"{public}","Status":"succeeded"}}"#
        );
        let element = format!(
            r#"{{"ConnectivityType":"public","NatGatewayAddresses":[{address}],"NatGatewayId":"{id}","State":"available","SubnetId":"{subnet}","Tags":[],"VpcId":"{}"}}"#,
            vpc.id()
        );
        self.folder.add(&account, "NatGateways", &element)?;
        let association = format!(
            r#""Association":{{"AllocationId":"eipalloc-{id}","IpOwnerId":"{account}","PublicIp":"{public}"}},"#
        );
        let element = format!(
            r#"{{{association}"Attachment":{{"InstanceOwnerId":"amazon-aws","Status":"attached"}},"Description":"Interface for NAT Gateway {id}","Groups":[],"InterfaceType":"nat_gateway","Ipv6Addresses":[],"NetworkInterfaceId":"{interface}","OwnerId":"{account}","PrivateIpAddress":"{private}","PrivateIpAddresses":[{{{association}"Primary":true,"PrivateIpAddress":"{private}"}}],"RequesterManaged":true,"SourceDestCheck":false,"Status":"in-use","SubnetId":"{subnet}","TagSet":[],"VpcId":"{}"}}"#,
            vpc.id()
        );
        self.written.interfaces += 1;
        self.folder.add(&account, "NetworkInterfaces", &element)?;
        Ok(id)
    }

    /// Applications until the VPC has its hosts.
    fn applications(&mut self, vpc: Vpc, subnets: &Subnets, n_hosts: usize) -> io::Result<()> {
        let ssh = [(Some("tcp"), 22, 22, Peer::Cidr("10.0.0.0/16".into()))];
        let management = self.group(vpc, 1, "management", &ssh, &[])?;
        let scrape = [(Some("tcp"), 9100, 9100, Peer::Cidr("10.0.0.0/16".into()))];
        let monitored = self.group(vpc, 2, "monitored", &scrape, &[])?;
        let (mut host, mut application) = (0, 0);
        while host < n_hosts {
            let groups = self.application_groups(vpc, application)?;
            let sizes = [self.random.between(2, 4), self.random.between(4, 30), 2];
            let tiers = [
                (&subnets.public, PUBLIC),
                (&subnets.app, APP),
                (&subnets.data, DATA),
            ];
            for ((group, size), (tier, at)) in groups.iter().zip(sizes).zip(tiers) {
                let mut worn = vec![group.clone()];
                if self.random.chance(80) {
                    worn.push(management.clone());
                }
                if self.random.chance(60) {
                    worn.push(monitored.clone());
                }
                for _ in 0..size.min(n_hosts - host) {
                    let zone = host % ZONES.len();
                    let place = (host, at + zone, 10 + host / ZONES.len());
                    let subnet = tier.get(zone).cloned().unwrap_or_default();
                    self.host(
                        vpc,
                        zone,
                        (place.0, place.2, place.1),
                        &subnet,
                        &worn,
                        at == PUBLIC,
                    )?;
                    host += 1;
                }
            }
            application += 1;
        }
        Ok(())
    }

    /// The groups of the web, application and database servers of an application.
    fn application_groups(&mut self, vpc: Vpc, number: usize) -> io::Result<[String; 3]> {
        let first = 10 + number * 3;
        let everyone = [
            (Some("tcp"), 443, 443, Peer::Cidr("0.0.0.0/0".into())),
            (Some("tcp"), 443, 443, Peer::Cidr6("::/0")),
            (Some("tcp"), 80, 80, Peer::Cidr("0.0.0.0/0".into())),
        ];
        let web = self.group(
            vpc,
            first,
            &format!("web-{number}"),
            &everyone,
            &open_egress(),
        )?;
        let mut from_web = vec![(Some("tcp"), 8080, 8080, Peer::Group(web.clone()))];
        if self.random.chance(25) {
            from_web.push((None, 0, 0, Peer::Group(vpc.of("sg", first + 1))));
        }
        let app = self.group(
            vpc,
            first + 1,
            &format!("app-{number}"),
            &from_web,
            &open_egress(),
        )?;
        let mut from_app = vec![(Some("tcp"), 5432, 5432, Peer::Group(app.clone()))];
        if self.random.chance(20) {
            from_app.push((Some("tcp"), 5432, 5432, Peer::Cidr(vpc.cidr())));
        }
        let data = self.group(vpc, first + 2, &format!("data-{number}"), &from_app, &[])?;
        Ok([web, app, data])
    }

    /// An instance and its interface: number, fourth byte and third byte of its address.
    pub(super) fn host(
        &mut self,
        vpc: Vpc,
        zone: usize,
        place: Place,
        subnet: &str,
        groups: &[String],
        is_public: bool,
    ) -> io::Result<()> {
        let (number, fourth, third) = place;
        let (account, instance, interface) =
            (vpc.account(), vpc.of("i", number), vpc.of("eni", number));
        let private = format!("10.{}.{third}.{fourth}", vpc.number);
        let public = format!("203.{}.{third}.{fourth}", vpc.number + 1);
        let association = if is_public {
            format!(r#""Association":{{"IpOwnerId":"amazon","PublicIp":"{public}"}},"#)
        } else {
            String::new()
        };
        let v6 = vpc
            .v6(third)
            .map(|v6| format!(r#"{{"Ipv6Address":"{v6}::{fourth:x}","IsPrimaryIpv6":false}}"#))
            .unwrap_or_default();
        let worn = joined(
            groups
                .iter()
                .map(|group| format!(r#"{{"GroupId":"{group}","GroupName":"{group}"}}"#)),
        );
        let (zone, _) = ZONES.get(zone).copied().unwrap_or_default();
        let attachment = format!(
            r#""Attachment":{{"AttachTime":"2026-03-01T09:00:00+00:00","AttachmentId":"eni-attach-{number:017x}","DeleteOnTermination":true,"DeviceIndex":0,"InstanceId":"{instance}","InstanceOwnerId":"{account}","Status":"attached"}}"#
        );
        let common = format!(
            r#""Description":"","Groups":[{worn}],"InterfaceType":"interface","Ipv6Addresses":[{v6}],"NetworkInterfaceId":"{interface}","OwnerId":"{account}","PrivateIpAddress":"{private}","PrivateIpAddresses":[{{{association}"Primary":true,"PrivateIpAddress":"{private}"}}],"SourceDestCheck":true,"Status":"in-use","SubnetId":"{subnet}","VpcId":"{}""#,
            vpc.id()
        );
        let element = format!(
            r#"{{{association}{attachment},"AvailabilityZone":"{zone}",{common},"RequesterManaged":false,"TagSet":[]}}"#
        );
        self.folder.add(&account, "NetworkInterfaces", &element)?;
        let element = format!(
            r#"{{"Groups":[],"Instances":[{{"ImageId":"ami-0123456789abcdef0","InstanceId":"{instance}","InstanceType":"m7g.large","LaunchTime":"2026-03-01T09:00:00+00:00","NetworkInterfaces":[{{{association}{common}}}],"Placement":{{"AvailabilityZone":"{zone}","Tenancy":"default"}},"PrivateIpAddress":"{private}","SecurityGroups":[{worn}],"State":{{"Code":16,"Name":"running"}},"SubnetId":"{subnet}","Tags":{},"VpcId":"{}"}}],"OwnerId":"{account}","ReservationId":"r-{number:017x}"}}"#,
            tags(&format!("host-{}-{number}", vpc.number)),
            vpc.id()
        );
        self.written.interfaces += 1;
        self.folder.add(&account, "Reservations", &element)
    }
}
