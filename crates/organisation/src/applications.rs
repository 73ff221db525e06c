//! Applications: tiers of hosts and the groups that they wear.

use std::io;

use crate::filters::{Peer, Rule, everyone, everyone6, open_egress, tcp};
use crate::gateways::S3;
use crate::hub::OFFICES;
use crate::interfaces::Owner;
use crate::plan::{NODES, Vpc};
use crate::tiers::{Tier, Tiers};
use crate::{Profile, Writer};

/// Groups of the whole VPC.
#[derive(Debug)]
pub(crate) struct Common {
    management: String,
    monitored: String,
    /// Of services that every host of the VPC may ask.
    pub(crate) shared: String,
    /// Of what listens to the internet.
    pub(crate) front: String,
}

/// The groups of one application.
#[derive(Debug)]
struct Own {
    app: String,
    data: String,
    cache: String,
}

/// The first number of groups of applications; each has ten.
const FIRST: usize = 16;
/// VPCs with so many hosts have an endpoint and load balancers, which have so many interfaces of them.
const SERVICES_FROM: usize = 20;
const SERVICES: usize = 8;
/// Groups of a VPC without a plan.
const LOOSE: usize = 40;

impl Writer {
    /// Applications until the VPC has its hosts.
    pub(crate) fn applications(&mut self, vpc: Vpc, mut tiers: Tiers) -> io::Result<()> {
        let common = self.common_groups(vpc)?;
        let has_services = vpc.n_hosts >= SERVICES_FROM;
        let mut left = vpc.n_hosts;
        if has_services {
            left -= SERVICES;
            self.endpoint(vpc, &mut tiers, &common)?;
        }
        let mut targets = Vec::new();
        if self.profile == Profile::Messy {
            targets = self.loose_hosts(vpc, &mut tiers, left)?;
            left = 0;
        }
        let mut application = 0;
        while left > 0 {
            let n_servers = self.zipf(120).min(left);
            left -= n_servers;
            let n_managed = left.min(5);
            left -= n_managed;
            let own = self.application_groups(vpc, application, &common)?;
            let sizes = (application, n_servers);
            let servers = self.servers(vpc, &mut tiers, sizes, &own, &common)?;
            if application == 0 {
                targets = servers;
            }
            self.managed(vpc, &mut tiers, (application, n_managed), &own)?;
            application += 1;
        }
        if has_services {
            self.balancers(vpc, &mut tiers, &common, &targets)?;
        }
        Ok(())
    }

    /// From one to `most`: half of the largest comes half as often.
    fn zipf(&mut self, most: usize) -> usize {
        (most / self.random.between(1, most / 2)).max(1)
    }

    fn common_groups(&mut self, vpc: Vpc) -> io::Result<Common> {
        let hub = || Peer::Cidr("10.0.0.0/22".into());
        let ssh = [tcp(22, hub()), tcp(22, Peer::List(OFFICES.into()))];
        let scrape = [tcp(9100, hub()), ("icmp", 8, 0, hub())];
        let inside = [tcp(443, Peer::Cidr(vpc.cidr()))];
        let web = [
            tcp(443, everyone()),
            tcp(443, everyone6()),
            tcp(80, everyone()),
        ];
        let to_servers = [tcp(8080, Peer::Cidr(vpc.cidr()))];
        Ok(Common {
            management: self.group(vpc, 1, "management", &ssh, &[])?,
            monitored: self.group(vpc, 2, "monitored", &scrape, &[])?,
            shared: self.group(vpc, 3, "shared", &inside, &[])?,
            front: self.group(vpc, 4, "front", &web, &to_servers)?,
        })
    }

    fn application_groups(&mut self, vpc: Vpc, number: usize, common: &Common) -> io::Result<Own> {
        let first = FIRST + number * 10;
        let group = |offset| vpc.of("sg", first + offset);
        let mut to_app = vec![tcp(8080, Peer::Group(common.front.clone()))];
        if self.random.chance(25) {
            to_app.push(("-1", 0, 0, Peer::Group(group(0))));
        }
        if 0 < number && self.random.chance(50) {
            let other = FIRST + self.random.below(number) * 10;
            to_app.push(tcp(8080, Peer::Group(vpc.of("sg", other))));
        }
        let egress = if self.random.chance(30) {
            vec![
                tcp(443, Peer::List(S3.into())),
                tcp(5432, Peer::Group(group(1))),
                tcp(6379, Peer::Group(group(2))),
                ("tcp", 8000, 8999, Peer::Cidr("10.0.0.0/8".into())),
            ]
        } else {
            open_egress()
        };
        let app = self.group(vpc, first, &format!("app-{number}"), &to_app, &egress)?;
        let mut to_data = vec![tcp(5432, Peer::Group(app.clone()))];
        if self.random.chance(20) {
            to_data.push(tcp(5432, Peer::Cidr(vpc.cidr())));
        }
        let data = self.group(vpc, first + 1, &format!("data-{number}"), &to_data, &[])?;
        let to_cache = [tcp(6379, Peer::Group(app.clone()))];
        let cache = self.group(vpc, first + 2, &format!("cache-{number}"), &to_cache, &[])?;
        Ok(Own { app, data, cache })
    }

    /// Servers of an autoscaling group: all wear the same. In clusters they are nodes, and pods with groups.
    fn servers(
        &mut self,
        vpc: Vpc,
        tiers: &mut Tiers,
        (application, n_servers): (usize, usize),
        own: &Own,
        common: &Common,
    ) -> io::Result<Vec<String>> {
        let mut worn = vec![own.app.clone()];
        if self.random.chance(80) {
            worn.push(common.management.clone());
        }
        if self.random.chance(60) {
            worn.push(common.monitored.clone());
        }
        if self.random.chance(10) {
            worn.push(common.shared.clone());
        }
        let mut instances = Vec::new();
        for number in 0..n_servers {
            let host = tiers.n_hosts;
            let subnet = tiers.next(Tier::App)?;
            let owner = Owner::Instance(format!("app-{application}-{number}"));
            let is_node = number < (n_servers * NODES).div_ceil(100);
            let interface = match self.profile {
                Profile::Kubernetes if is_node => self.node(vpc, host, subnet, &worn, &owner)?,
                Profile::Kubernetes => {
                    let owner = Owner::Service("branch", "aws-k8s-branch-eni".into(), "eks");
                    self.interface(vpc, host, subnet, std::slice::from_ref(&own.app), &owner)?
                }
                Profile::Tidy | Profile::Messy | Profile::Hostile | Profile::Hard(_) => {
                    self.interface(vpc, host, subnet, &worn, &owner)?
                }
            };
            instances.extend(interface.instance);
        }
        Ok(instances)
    }

    /// Databases, caches and functions of an application.
    fn managed(
        &mut self,
        vpc: Vpc,
        tiers: &mut Tiers,
        (application, n_managed): (usize, usize),
        own: &Own,
    ) -> io::Result<()> {
        let cache = format!("ElastiCache cache-{application}");
        let function = format!("AWS Lambda VPC ENI-worker-{application}");
        let kinds = [
            (
                Tier::Data,
                &own.data,
                "interface",
                "RDSNetworkInterface",
                "amazon-rds",
            ),
            (
                Tier::Data,
                &own.data,
                "interface",
                "RDSNetworkInterface",
                "amazon-rds",
            ),
            (
                Tier::Data,
                &own.cache,
                "interface",
                cache.as_str(),
                "amazon-elasticache",
            ),
            (
                Tier::Data,
                &own.cache,
                "interface",
                cache.as_str(),
                "amazon-elasticache",
            ),
            (
                Tier::App,
                &own.app,
                "lambda",
                function.as_str(),
                "awslambda",
            ),
        ];
        for (tier, group, kind, description, requester) in kinds.into_iter().take(n_managed) {
            let host = tiers.n_hosts;
            let owner = Owner::Service(kind, description.into(), requester);
            self.interface(
                vpc,
                host,
                tiers.next(tier)?,
                std::slice::from_ref(group),
                &owner,
            )?;
        }
        Ok(())
    }

    /// Hosts that wear one to five of the VPC's groups, as they come.
    fn loose_hosts(
        &mut self,
        vpc: Vpc,
        tiers: &mut Tiers,
        n_hosts: usize,
    ) -> io::Result<Vec<String>> {
        let mut groups = Vec::new();
        for number in FIRST..FIRST + LOOSE {
            let ingress = self.loose_rules(vpc, 8);
            let egress = if self.random.chance(40) {
                self.loose_rules(vpc, 4)
            } else {
                open_egress()
            };
            groups.push(self.group(vpc, number, &format!("loose-{number}"), &ingress, &egress)?);
        }
        let mut instances = Vec::new();
        for number in 0..n_hosts {
            let n_groups = self.random.between(1, 5);
            let mut worn = Vec::new();
            for _ in 0..n_groups {
                worn.extend(self.random.pick(&groups).cloned());
            }
            worn.sort_unstable();
            worn.dedup();
            let owner = Owner::Instance(format!("loose-{number}"));
            let host = tiers.n_hosts;
            let interface = if self.random.chance(5) {
                let subnet = tiers.next(Tier::Public)?;
                self.public_interface(vpc, host, subnet, &worn, &owner)?.0
            } else {
                let tier = if self.random.chance(15) {
                    Tier::Data
                } else {
                    Tier::App
                };
                self.interface(vpc, host, tiers.next(tier)?, &worn, &owner)?
            };
            instances.extend(interface.instance);
        }
        Ok(instances)
    }

    fn loose_rules(&mut self, vpc: Vpc, most: usize) -> Vec<Rule> {
        let n_rules = self.random.between(1, most);
        let ports = [22, 80, 443, 3306, 5432, 6379, 8080, 9092, 9100, 9200];
        let rule = |_| {
            let first = self.random.pick(&ports).copied().unwrap_or(443);
            let last = if self.random.chance(20) {
                first + 99
            } else {
                first
            };
            let peer = match self.random.below(10) {
                0..=3 => Peer::Group(vpc.of("sg", FIRST + self.random.below(LOOSE))),
                4 => Peer::Cidr(vpc.cidr()),
                5 => Peer::Cidr("10.0.0.0/8".into()),
                6 => Peer::List(OFFICES.into()),
                7 => everyone(),
                8 => Peer::Cidr(format!("10.{}.0.0/16", self.random.below(256))),
                _ => Peer::Cidr(format!(
                    "10.{}.{}.0/24",
                    self.random.below(256),
                    self.random.below(256)
                )),
            };
            ("tcp", first, last, peer)
        };
        (0..n_rules).map(rule).collect()
    }
}
