//! Lines that exchange packets among themselves (`hybrid.md`, `SiteLink`).
//!
//! # Source
//!
//! Direct Connect Guide: `SiteLink`.

use model::{AttachmentResource, DirectConnectPartner, Index, ResourceId, ResourceState, Uplink};

use crate::semantics::Semantics;
use crate::way::Way;

impl Semantics<'_> {
    /// Whether packets that come by an uplink may have gone to another office without touching AWS's gateways.
    pub(super) fn may_take_site_link(&self, way: &Way, uplink: Uplink) -> bool {
        let lines = &self.network.carriers.with_site_link;
        if lines.is_empty() {
            return false;
        }
        let offices = self.snapshot().offices().rows().iter();
        let mut holding = offices.filter(|office| office.contains(way.destination));
        let gateways: Vec<ResourceId> = self
            .lines_of(uplink)
            .into_iter()
            .filter(|gateway| lines.contains(gateway))
            .collect();
        holding.any(|office| {
            let mut uplinks = office.uplinks.iter();
            uplinks.any(|other| {
                self.lines_of(*other)
                    .iter()
                    .any(|line| gateways.contains(line))
            })
        })
    }

    /// The Direct Connect gateways that an uplink leads over.
    fn lines_of(&self, uplink: Uplink) -> Vec<ResourceId> {
        match uplink {
            Uplink::TransitGateway(index) => self.line_of_attachment(index).into_iter().collect(),
            Uplink::VpnGateway(gateway) => {
                let associations = self.snapshot().direct_connect_associations().rows().iter();
                let own = associations.filter(|one| {
                    one.state == ResourceState::Available
                        && matches!(&one.with, DirectConnectPartner::VpnGateway(link) if link.is(gateway))
                });
                own.map(|one| one.gateway.id().clone()).collect()
            }
            Uplink::ClientVpn(_) => Vec::new(),
        }
    }

    fn line_of_attachment(
        &self,
        index: Index<model::TransitGatewayAttachment>,
    ) -> Option<ResourceId> {
        match &self.snapshot().transit_attachments().get(index).resource {
            AttachmentResource::DirectConnect(id) => Some(id.clone()),
            AttachmentResource::Vpc { .. }
            | AttachmentResource::Peering(_)
            | AttachmentResource::Vpn(_)
            | AttachmentResource::Other { .. } => None,
        }
    }
}
