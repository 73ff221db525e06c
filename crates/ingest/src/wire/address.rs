//! `DescribeAddresses`.

use model::{Link, Origin};
use serde::Deserialize;

use super::Text;
use super::tags::{Tags, name_of};
use crate::log::{Log, Problem};

/// An elastic address.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Address<'a> {
    allocation_id: Text<'a>,
    public_ip: Text<'a>,
    carrier_ip: Text<'a>,
    private_ip_address: Text<'a>,
    network_interface_id: Text<'a>,
    tags: Tags<'a>,
}

impl Address<'_> {
    /// The address; none if it is of a carrier network, which the internet does not reach.
    pub(crate) fn into_model(
        self,
        at: &Origin,
        log: &mut Log,
    ) -> Result<Option<model::ElasticAddress>, Problem> {
        let Some(public) = self.public_ip.address("PublicIp")? else {
            if self.carrier_ip.get().is_some() {
                log.note(
                    "carrier-address",
                    "address of a carrier network: not used",
                    at.clone(),
                );
                return Ok(None);
            }
            return Err(Problem::missing("PublicIp"));
        };
        let id = match self.allocation_id.get() {
            Some(id) => id.into(),
            None => public.to_string().into(),
        };
        Ok(Some(model::ElasticAddress {
            id,
            name: name_of(&self.tags, at, log),
            owner: None,
            region: None,
            public,
            private: self.private_ip_address.address("PrivateIpAddress")?,
            interface: self.network_interface_id.get().map(Link::to),
            origin: at.clone(),
        }))
    }
}
