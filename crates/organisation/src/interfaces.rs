//! Network interfaces, and the instances that have them.

use std::io;

use crate::Writer;
use crate::plan::Vpc;
use crate::text::{ZONES, tags, v4, worn};
use crate::vpc::Subnet;

/// Whose interface it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// An instance; the text is its name.
    Instance(String),
    /// A managed service: type of the interface, description, who asked for it.
    Service(&'static str, String, &'static str),
}

/// The first public address of the organisation.
const PUBLIC: u32 = 0x3400_0000;

/// An interface as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Interface {
    pub(crate) id: String,
    pub(crate) address: u32,
    /// The instance, if it is of one.
    pub(crate) instance: Option<String>,
}

impl Writer {
    /// A public address that nobody else has.
    pub(crate) fn public(&mut self) -> u32 {
        self.next_public += 1;
        PUBLIC + self.next_public
    }

    /// An interface with one address, and the instance if it is of one.
    pub(crate) fn interface(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnet: &mut Subnet,
        groups: &[String],
        owner: &Owner,
    ) -> io::Result<Interface> {
        let (address, v6) = subnet.take()?;
        self.place(
            vpc,
            number,
            subnet,
            groups,
            owner,
            (address, v6),
            (None, None),
        )
    }

    /// An interface with a public address.
    pub(crate) fn public_interface(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnet: &mut Subnet,
        groups: &[String],
        owner: &Owner,
    ) -> io::Result<(Interface, u32)> {
        let (taken, public) = (subnet.take()?, self.public());
        let places = (Some(public), None);
        let interface = self.place(vpc, number, subnet, groups, owner, taken, places)?;
        Ok((interface, public))
    }

    /// An interface with a delegated prefix, as long as the subnet has one left.
    pub(crate) fn node(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnet: &mut Subnet,
        groups: &[String],
        owner: &Owner,
    ) -> io::Result<Interface> {
        let (taken, prefix) = (subnet.take()?, subnet.take_prefix());
        self.place(vpc, number, subnet, groups, owner, taken, (None, prefix))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of an interface, each from elsewhere"
    )]
    fn place(
        &mut self,
        vpc: Vpc,
        number: usize,
        subnet: &Subnet,
        groups: &[String],
        owner: &Owner,
        (address, v6): (u32, Option<String>),
        (public, prefix): (Option<u32>, Option<u32>),
    ) -> io::Result<Interface> {
        let (account, id) = (vpc.account(), vpc.of("eni", number));
        let association = public.map_or_else(String::new, |public| {
            format!(
                r#""Association":{{"IpOwnerId":"amazon","PublicIp":"{}"}},"#,
                v4(public)
            )
        });
        let v6 = v6
            .map(|v6| format!(r#"{{"Ipv6Address":"{v6}","IsPrimaryIpv6":false}}"#))
            .unwrap_or_default();
        let prefixes = prefix
            .map(|prefix| format!(r#"{{"Ipv4Prefix":"{}/28"}}"#, v4(prefix)))
            .unwrap_or_default();
        let (kind, description) = match owner {
            Owner::Instance(_) => ("interface", ""),
            Owner::Service(kind, description, _) => (*kind, description.as_str()),
        };
        let checks = kind != "nat_gateway";
        let common = format!(
            r#""Description":"{description}","Groups":[{}],"InterfaceType":"{kind}","Ipv4Prefixes":[{prefixes}],"Ipv6Addresses":[{v6}],"NetworkInterfaceId":"{id}","OwnerId":"{account}","PrivateIpAddress":"{address}","PrivateIpAddresses":[{{{association}"Primary":true,"PrivateIpAddress":"{address}"}}],"SourceDestCheck":{checks},"Status":"in-use","SubnetId":"{}","VpcId":"{}""#,
            worn(groups),
            subnet.id,
            vpc.id(),
            address = v4(address),
        );
        let (zone, _) = ZONES.get(subnet.zone).copied().unwrap_or_default();
        let instance = match owner {
            Owner::Instance(name) => {
                let instance = vpc.of("i", number);
                let element = format!(
                    r#"{{"ImageId":"ami-0123456789abcdef0","InstanceId":"{instance}","InstanceType":"m7g.large","LaunchTime":"2026-03-01T09:00:00+00:00","NetworkInterfaces":[{{{association}{common}}}],"Placement":{{"AvailabilityZone":"{zone}","Tenancy":"default"}},"PrivateIpAddress":"{}","SecurityGroups":[{}],"State":{{"Code":16,"Name":"running"}},"SubnetId":"{}","Tags":{},"VpcId":"{}"}}"#,
                    v4(address),
                    worn(groups),
                    subnet.id,
                    tags(name),
                    vpc.id()
                );
                let reservation = vpc.of("r", number);
                self.folder.add_instance(&account, &reservation, &element)?;
                Some(instance)
            }
            Owner::Service(..) => None,
        };
        let attachment = attached(vpc, number, owner, instance.as_deref());
        let element = format!(
            r#"{{{association}{attachment},"AvailabilityZone":"{zone}",{common},"TagSet":[]}}"#
        );
        self.written.interfaces += 1;
        self.folder.add(&account, "NetworkInterfaces", &element)?;
        Ok(Interface {
            id,
            address,
            instance,
        })
    }
}

/// What an interface is attached to, and who asked for it.
fn attached(vpc: Vpc, number: usize, owner: &Owner, instance: Option<&str>) -> String {
    let attachment = vpc.of("eni-attach", number);
    match (owner, instance) {
        (Owner::Instance(_), instance) => format!(
            r#""Attachment":{{"AttachTime":"2026-03-01T09:00:00+00:00","AttachmentId":"{attachment}","DeleteOnTermination":true,"DeviceIndex":0,"InstanceId":"{}","InstanceOwnerId":"{}","Status":"attached"}},"RequesterManaged":false"#,
            instance.unwrap_or_default(),
            vpc.account()
        ),
        (Owner::Service(_, _, requester), _) => format!(
            r#""Attachment":{{"AttachmentId":"{attachment}","InstanceOwnerId":"amazon-aws","Status":"attached"}},"RequesterId":"{requester}","RequesterManaged":true"#
        ),
    }
}
