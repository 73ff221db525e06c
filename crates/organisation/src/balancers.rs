//! Load balancers in front of the first application of a VPC.

use std::io;

use crate::Writer;
use crate::applications::Common;
use crate::interfaces::Owner;
use crate::plan::Vpc;
use crate::text::{ZONES, joined, quoted, v4};
use crate::tiers::{Tier, Tiers};

/// A load balancer to be written.
#[derive(Debug, Clone, Copy)]
struct Balancer {
    kind: &'static str,
    scheme: &'static str,
    /// The first word of its name in ARNs.
    short: &'static str,
    interface: &'static str,
    tier: Tier,
    protocols: (&'static str, &'static str),
    port: u16,
}

const APPLICATION: Balancer = Balancer {
    kind: "application",
    scheme: "internet-facing",
    short: "app",
    interface: "interface",
    tier: Tier::Public,
    protocols: ("HTTPS", "HTTP"),
    port: 443,
};
const NETWORK: Balancer = Balancer {
    kind: "network",
    scheme: "internal",
    short: "net",
    interface: "network_load_balancer",
    tier: Tier::App,
    protocols: ("TCP", "TCP"),
    port: 8080,
};
/// A group has this many targets at most.
const TARGETS: usize = 50;

impl Writer {
    /// An Application Load Balancer to the internet and a Network Load Balancer inside.
    pub(crate) fn balancers(
        &mut self,
        vpc: Vpc,
        tiers: &mut Tiers,
        common: &Common,
        targets: &[String],
    ) -> io::Result<()> {
        self.balancer(vpc, tiers, common, targets, APPLICATION)?;
        self.balancer(vpc, tiers, common, targets, NETWORK)
    }

    fn balancer(
        &mut self,
        vpc: Vpc,
        tiers: &mut Tiers,
        common: &Common,
        targets: &[String],
        balancer: Balancer,
    ) -> io::Result<()> {
        let account = vpc.account();
        let prefix = format!("arn:aws:elasticloadbalancing:ap-southeast-2:{account}");
        let (short, number) = (balancer.short, vpc.number);
        let path = format!("{short}/lb-{number}/{number:016x}");
        let arn = format!("{prefix}:loadbalancer/{path}");
        let group = format!("{prefix}:targetgroup/{short}-{number}/{number:016x}");
        let groups = std::slice::from_ref(&common.front);
        let owner = Owner::Service(balancer.interface, format!("ELB {path}"), "amazon-elb");
        let mut zones = Vec::new();
        for _ in 0..ZONES.len() {
            let host = tiers.n_hosts;
            let subnet = tiers.next(balancer.tier)?;
            let address = if balancer.kind == "application" {
                self.public_interface(vpc, host, subnet, groups, &owner)?;
                String::new()
            } else {
                let interface = self.interface(vpc, host, subnet, groups, &owner)?;
                format!(r#"{{"PrivateIPv4Address":"{}"}}"#, v4(interface.address))
            };
            let (zone, _) = ZONES.get(subnet.zone).copied().unwrap_or_default();
            zones.push(format!(
                r#"{{"LoadBalancerAddresses":[{address}],"SubnetId":"{}","ZoneName":"{zone}"}}"#,
                subnet.id
            ));
        }
        let element = format!(
            r#"{{"AvailabilityZones":[{}],"IpAddressType":"ipv4","LoadBalancerArn":"{arn}","LoadBalancerName":"lb-{number}","Scheme":"{}","SecurityGroups":[{}],"State":{{"Code":"active"}},"Type":"{}","VpcId":"{}"}}"#,
            zones.join(","),
            balancer.scheme,
            quoted(groups),
            balancer.kind,
            vpc.id()
        );
        self.folder.add(&account, "LoadBalancers", &element)?;
        self.listener(vpc, balancer, &arn, &group)?;
        self.targets(vpc, balancer, &group, targets)?;
        self.settings(vpc, &arn, &group)
    }

    fn listener(&mut self, vpc: Vpc, balancer: Balancer, arn: &str, group: &str) -> io::Result<()> {
        let listener = arn.replacen(":loadbalancer/", ":listener/", 1);
        let listener = format!("{listener}/{:016x}", vpc.number);
        let forward = format!(
            r#"{{"ForwardConfig":{{"TargetGroups":[{{"TargetGroupArn":"{group}","Weight":1}}]}},"Order":1,"TargetGroupArn":"{group}","Type":"forward"}}"#
        );
        let (port, (protocol, _)) = (balancer.port, balancer.protocols);
        let element = format!(
            r#"{{"Listeners":[{{"DefaultActions":[{forward}],"ListenerArn":"{listener}","LoadBalancerArn":"{arn}","Port":{port},"Protocol":"{protocol}"}}],"LoadBalancerArn":"{arn}"}}"#
        );
        let account = vpc.account();
        self.folder
            .add(&account, "LoadBalancerListeners", &element)?;
        let rule = listener.replacen(":listener/", ":listener-rule/", 1);
        let rule = |end: usize, is_default: bool, priority: &str| {
            format!(
                r#"{{"Actions":[{forward}],"Conditions":[],"IsDefault":{is_default},"Priority":"{priority}","RuleArn":"{rule}/{end:016x}"}}"#
            )
        };
        self.folder
            .add(&account, "Rules", &rule(0, true, "default"))?;
        if balancer.kind == "application" {
            self.folder.add(&account, "Rules", &rule(1, false, "10"))?;
        }
        Ok(())
    }

    fn targets(
        &mut self,
        vpc: Vpc,
        balancer: Balancer,
        group: &str,
        targets: &[String],
    ) -> io::Result<()> {
        let (account, (_, protocol)) = (vpc.account(), balancer.protocols);
        let element = format!(
            r#"{{"HealthCheckEnabled":true,"HealthCheckPort":"traffic-port","HealthCheckProtocol":"{protocol}","IpAddressType":"ipv4","Port":8080,"Protocol":"{protocol}","TargetGroupArn":"{group}","TargetGroupName":"{}-{}","TargetType":"instance","VpcId":"{}"}}"#,
            balancer.short,
            vpc.number,
            vpc.id()
        );
        self.folder.add(&account, "TargetGroups", &element)?;
        let targets = targets.iter().take(TARGETS);
        let health = joined(targets.map(|target| {
            format!(r#"{{"HealthCheckPort":"8080","Target":{{"Id":"{target}","Port":8080}},"TargetHealth":{{"State":"healthy"}}}}"#)
        }));
        let element =
            format!(r#"{{"TargetGroupArn":"{group}","TargetHealthDescriptions":[{health}]}}"#);
        self.folder
            .add(&account, "LoadBalancerTargetHealth", &element)
    }

    fn settings(&mut self, vpc: Vpc, arn: &str, group: &str) -> io::Result<()> {
        let account = vpc.account();
        let cross_zone = r#"{"Key":"load_balancing.cross_zone.enabled","Value":"true"}"#;
        let element = format!(
            r#"{{"Attributes":[{cross_zone},{{"Key":"ipv6.deny_all_igw_traffic","Value":"false"}}],"LoadBalancerArn":"{arn}"}}"#
        );
        self.folder
            .add(&account, "LoadBalancerAttributes", &element)?;
        let element = format!(
            r#"{{"Attributes":[{{"Key":"preserve_client_ip.enabled","Value":"true"}},{cross_zone}],"TargetGroupArn":"{group}"}}"#
        );
        self.folder.add(&account, "TargetGroupAttributes", &element)
    }
}
