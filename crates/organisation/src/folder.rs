//! Files of JSON lists that grow element by element.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Layout;
use crate::text::REGION;

/// A list that every account has a file of, empty or not.
struct Kind {
    /// The key of the list.
    key: &'static str,
    /// The service and operation that give it.
    service: &'static str,
    operation: &'static str,
}

const fn kind(key: &'static str, service: &'static str, operation: &'static str) -> Kind {
    Kind {
        key,
        service,
        operation,
    }
}

/// The lists beside load balancers have no operation that gives them at once: they are written as Batfish writes them.
const KINDS: &[Kind] = &[
    kind("Addresses", "ec2", "DescribeAddresses"),
    kind("CustomerGateways", "ec2", "DescribeCustomerGateways"),
    kind(
        "EgressOnlyInternetGateways",
        "ec2",
        "DescribeEgressOnlyInternetGateways",
    ),
    kind("InternetGateways", "ec2", "DescribeInternetGateways"),
    kind("LoadBalancerAttributes", "elbv2", "LoadBalancerAttributes"),
    kind("LoadBalancerListeners", "elbv2", "LoadBalancerListeners"),
    kind(
        "LoadBalancerTargetHealth",
        "elbv2",
        "LoadBalancerTargetHealth",
    ),
    kind("LoadBalancers", "elbv2", "DescribeLoadBalancers"),
    kind("NatGateways", "ec2", "DescribeNatGateways"),
    kind("NetworkAcls", "ec2", "DescribeNetworkAcls"),
    kind("NetworkInterfaces", "ec2", "DescribeNetworkInterfaces"),
    kind("PrefixLists", "ec2", "DescribePrefixLists"),
    kind("Reservations", "ec2", "DescribeInstances"),
    kind("RouteTables", "ec2", "DescribeRouteTables"),
    kind("Rules", "elbv2", "DescribeRules"),
    kind("SecurityGroups", "ec2", "DescribeSecurityGroups"),
    kind("Subnets", "ec2", "DescribeSubnets"),
    kind("TargetGroupAttributes", "elbv2", "TargetGroupAttributes"),
    kind("TargetGroups", "elbv2", "DescribeTargetGroups"),
    kind(
        "TransitGatewayAttachments",
        "ec2",
        "DescribeTransitGatewayAttachments",
    ),
    kind(
        "TransitGatewayPropagations",
        "ec2",
        "TransitGatewayPropagations",
    ),
    kind(
        "TransitGatewayRouteTables",
        "ec2",
        "DescribeTransitGatewayRouteTables",
    ),
    kind(
        "TransitGatewayStaticRoutes",
        "ec2",
        "TransitGatewayStaticRoutes",
    ),
    kind(
        "TransitGatewayVpcAttachments",
        "ec2",
        "DescribeTransitGatewayVpcAttachments",
    ),
    kind("TransitGateways", "ec2", "DescribeTransitGateways"),
    kind("VpcEndpoints", "ec2", "DescribeVpcEndpoints"),
    kind(
        "VpcPeeringConnections",
        "ec2",
        "DescribeVpcPeeringConnections",
    ),
    kind("Vpcs", "ec2", "DescribeVpcs"),
    kind("VpnConnections", "ec2", "DescribeVpnConnections"),
    kind("VpnGateways", "ec2", "DescribeVpnGateways"),
];

/// The kinds that np-guard reads, by its names for them.
const ONE_FILE: &[(&str, &str)] = &[
    ("Instances", "instances"),
    ("InternetGateways", "internet_gateways"),
    ("NetworkAcls", "network_acls"),
    ("SecurityGroups", "security_groups"),
    ("Subnets", "subnets"),
    ("Vpcs", "vpcs"),
];

/// A folder with one folder for each account, or with one file.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    layout: Layout,
    lists: BTreeMap<(String, &'static str), List>,
    /// What goes to the one file, by kind.
    gathered: BTreeMap<&'static str, String>,
    bytes: u64,
}

/// A file that holds one list.
#[derive(Debug)]
struct List {
    file: BufWriter<File>,
    is_empty: bool,
    bytes: u64,
}

impl Folder {
    pub(crate) fn new(path: &Path, layout: Layout) -> Self {
        Self {
            path: path.to_owned(),
            layout,
            lists: BTreeMap::new(),
            gathered: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Adds an element to the list of a kind.
    pub(crate) fn add(
        &mut self,
        account: &str,
        key: &'static str,
        element: &str,
    ) -> io::Result<()> {
        if self.layout == Layout::NpGuard {
            self.gather(key, element);
            return Ok(());
        }
        if !self.lists.contains_key(&(account.to_owned(), key)) {
            self.open(account)?;
        }
        match self.lists.get_mut(&(account.to_owned(), key)) {
            Some(list) => list.add(element),
            None => Err(io::Error::other(format!("`{key}` is not among the kinds"))),
        }
    }

    /// Adds an instance, which has a reservation of its own.
    pub(crate) fn add_instance(
        &mut self,
        account: &str,
        reservation: &str,
        instance: &str,
    ) -> io::Result<()> {
        if self.layout == Layout::NpGuard {
            self.gather("Instances", instance);
            return Ok(());
        }
        let element = format!(
            r#"{{"Groups":[],"Instances":[{instance}],"OwnerId":"{account}","ReservationId":"{reservation}"}}"#
        );
        self.add(account, "Reservations", &element)
    }

    /// Closes the lists of an account, of which no more is to come.
    pub(crate) fn close(&mut self, account: &str) -> io::Result<()> {
        for kind in KINDS {
            if let Some(list) = self.lists.remove(&(account.to_owned(), kind.key)) {
                self.bytes += list.close()?;
            }
        }
        Ok(())
    }

    /// Closes every list, and tells how many bytes there are.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        for (_, list) in std::mem::take(&mut self.lists) {
            self.bytes += list.close()?;
        }
        if self.layout == Layout::NpGuard {
            self.write_gathered()?;
        }
        Ok(self.bytes)
    }

    fn gather(&mut self, key: &str, element: &str) {
        if let Some((_, name)) = ONE_FILE.iter().find(|(known, _)| *known == key) {
            let text = self.gathered.entry(name).or_default();
            text.push_str(if text.is_empty() { "\n" } else { ",\n" });
            text.push_str(element);
        }
    }

    fn write_gathered(&mut self) -> io::Result<()> {
        std::fs::create_dir_all(&self.path)?;
        let mut file = BufWriter::new(File::create(self.path.join("input.json"))?);
        let mut text = String::from(r#"{"collector_version":"0.14.0","provider":"aws""#);
        for (_, name) in ONE_FILE {
            let elements = self.gathered.get(name).map_or("", String::as_str);
            text.push_str(&[",\n\"", name, "\":[", elements, "]"].concat());
        }
        text.push_str("}\n");
        file.write_all(text.as_bytes())?;
        file.flush()?;
        self.bytes += u64::try_from(text.len()).unwrap_or_default();
        Ok(())
    }

    fn open(&mut self, account: &str) -> io::Result<()> {
        let region = self.path.join(account).join(REGION);
        for kind in KINDS {
            let (folder, name) = match self.layout {
                Layout::Aws => (region.join(kind.service), kind.operation),
                Layout::Batfish | Layout::NpGuard => (region.clone(), kind.key),
            };
            std::fs::create_dir_all(&folder)?;
            let file = File::create(folder.join(format!("{name}.json")))?;
            let mut list = List {
                file: BufWriter::new(file),
                is_empty: true,
                bytes: 0,
            };
            list.write(&format!("{{\"{}\":[", kind.key))?;
            self.lists.insert((account.to_owned(), kind.key), list);
        }
        Ok(())
    }
}

impl List {
    fn add(&mut self, element: &str) -> io::Result<()> {
        let sign = if self.is_empty { "\n" } else { ",\n" };
        self.is_empty = false;
        self.write(sign)?;
        self.write(element)
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.bytes += u64::try_from(text.len()).unwrap_or_default();
        self.file.write_all(text.as_bytes())
    }

    fn close(mut self) -> io::Result<u64> {
        self.write("]}\n")?;
        self.file.flush()?;
        Ok(self.bytes)
    }
}
