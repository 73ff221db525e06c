//! Endpoints of AWS services with interfaces in the VPC.

use std::io;

use crate::Writer;
use crate::applications::Common;
use crate::interfaces::Owner;
use crate::plan::Vpc;
use crate::text::{quoted, worn};
use crate::tiers::{Tier, Tiers};

impl Writer {
    /// An endpoint of Systems Manager in two zones.
    pub(crate) fn endpoint(
        &mut self,
        vpc: Vpc,
        tiers: &mut Tiers,
        common: &Common,
    ) -> io::Result<()> {
        let (account, id) = (vpc.account(), vpc.of("vpce", 1));
        let groups = std::slice::from_ref(&common.shared);
        let mut interfaces = Vec::new();
        let mut subnets = Vec::new();
        for _ in 0..2 {
            let host = tiers.n_hosts;
            let subnet = tiers.next(Tier::App)?;
            let description = format!("VPC Endpoint Interface {id}");
            let owner = Owner::Service("vpc_endpoint", description, "727180483921");
            let interface = self.interface(vpc, host, subnet, groups, &owner)?;
            interfaces.push(interface.id);
            subnets.push(subnet.id.clone());
        }
        let element = format!(
            r#"{{"Groups":[{}],"NetworkInterfaceIds":[{}],"OwnerId":"{account}","RouteTableIds":[],"ServiceName":"com.amazonaws.ap-southeast-2.ssm","State":"available","SubnetIds":[{}],"Tags":[],"VpcEndpointId":"{id}","VpcEndpointType":"Interface","VpcId":"{}"}}"#,
            worn(groups),
            quoted(&interfaces),
            quoted(&subnets),
            vpc.id()
        );
        self.folder.add(&account, "VpcEndpoints", &element)
    }
}
