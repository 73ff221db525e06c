//! Why an answer is not known.

use std::net::IpAddr;

use model::{
    EgressOnlyInternetGateway, Index, NatGateway, NetworkAcl, NetworkInterface, OfficeNetwork,
    ResourceId, RouteTable, Snapshot, Subnet, TransitGateway, TransitGatewayAttachment,
    TransitGatewayRouteTable, Vpc, VpcEndpoint, VpcPeeringConnection,
};

use crate::names::{named, route_text};
use crate::{
    AttachmentSort, ClientVpnDoubt, CoreNetworkDoubt, InspectionDoubt, OfficeDoubt, ServiceDoubt,
};

/// Why an answer is not known. This list is complete. Numbers are places in the lists of the resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The subnet is not in the input.
    MissingSubnet(ResourceId),
    /// The VPC is not in the input.
    MissingVpc(ResourceId),
    /// A group of the interface is not in the input, or not all of its rules.
    MissingGroup(Index<NetworkInterface>, ResourceId),
    /// The rules that may match name a prefix list whose entries are not in the input.
    MissingPrefixList(ResourceId),
    /// Whether the other end wears the group that a rule names is not known.
    IdentityUnknown(Index<NetworkInterface>, ResourceId),
    /// The interface belongs to a service and the input tells no groups of it.
    NoGroupsTold(Index<NetworkInterface>),
    /// Which ACL the subnet has is not in the input.
    MissingAcl(Index<Subnet>),
    /// Some entries of the ACL are not in the input.
    PartialAcl(Index<NetworkAcl>),
    /// Which route table the subnet has is not in the input.
    MissingRouteTable(Index<Subnet>),
    /// Some routes of the table are not in the input.
    PartialRouteTable(Index<RouteTable>),
    /// Several routes are equally good and lead to different targets.
    AmbiguousRoute(Index<RouteTable>, IpAddr),
    /// The gateway, or other target of a route, is not in the input.
    MissingGateway(ResourceId),
    /// The interface may send from addresses that are not its own; whether it does is not known.
    SourceCheckOff(Index<NetworkInterface>),
    /// Whether an interface holds the address is not in the input.
    HolderUnknown(Index<Vpc>, IpAddr),
    /// Several interfaces hold the address.
    SharedAddress(IpAddr),
    /// What stands behind a load balancer, an endpoint of one or a transit gateway's interface is not modelled here.
    ManagedInterface(Index<NetworkInterface>),
    /// A host that forwards decides.
    Middlebox(Index<NetworkInterface>),
    /// An appliance behind an endpoint decides.
    Appliance(ResourceId),
    /// The route leads to something that is not modelled: the field that names it and its id.
    Unmodelled(&'static str, ResourceId),
    /// The route at the gateway's edge leads to a host or an appliance: the table and the route's number.
    EdgeRoute(Index<RouteTable>, usize),
    /// Whether an internet gateway is attached to the VPC is not in the input.
    InternetGatewayUnknown(Index<Vpc>),
    /// What the NAT gateway does with this IPv6 packet is not documented.
    Nat64(Index<NatGateway>),
    /// The route table of the regional NAT gateway is not in the input, or leads where none is documented to.
    RegionalNat(Index<NatGateway>),
    /// An answer leaves by an egress-only gateway and does not show that it is one.
    EgressOnlyAnswer(Index<EgressOnlyInternetGateway>),
    /// The addresses of the NAT gateway are not in the input.
    NatAddressUnknown(Index<NatGateway>),
    /// The blocks of the peer VPC are not in the input.
    PeerBlocksUnknown(Index<VpcPeeringConnection>),
    /// The peer VPC is not in the input.
    PeerMissing(Index<VpcPeeringConnection>, ResourceId),
    /// Whether the VPC is attached to the transit gateway is not in the input.
    AttachmentUnknown(Index<TransitGateway>, Index<Vpc>),
    /// The attachment is not in the input.
    MissingAttachment(ResourceId),
    /// The subnets of the attachment are not in the input.
    AttachmentSubnetsUnknown(Index<TransitGatewayAttachment>),
    /// Whether the attachment has a subnet in this subnet's zone is not in the input.
    ZoneUnknown(Index<TransitGatewayAttachment>),
    /// The attachment has IPv6 switched off; what that does to IPv6 packets is not documented.
    AttachmentIpv6Off(Index<TransitGatewayAttachment>),
    /// The gateway translates addresses at the attachment, by rules that are not read.
    AttachmentTranslates(Index<TransitGatewayAttachment>),
    /// Which table is associated with the attachment is not in the input.
    AssociationUnknown(Index<TransitGatewayAttachment>),
    /// Some routes of the transit gateway's table are not in the input.
    TransitRoutesUnknown(Index<TransitGatewayRouteTable>),
    /// Blocks of several VPCs that are announced in the table overlap at this address, and which of them AWS installed
    /// is not in the input.
    OverlappingPropagations(Index<TransitGatewayRouteTable>, IpAddr),
    /// What stands behind this sort of attachment is not modelled.
    AttachmentNotModelled(Index<TransitGatewayAttachment>, AttachmentSort),
    /// Whether it gets from or to an office is not known.
    Office(OfficeDoubt),
    /// Whether Client VPN carries it is not known.
    ClientVpn(ClientVpnDoubt),
    /// What a service of AWS does with it is not known.
    Service(ServiceDoubt),
    /// Whether a core network carries it is not known.
    CoreNetwork(CoreNetworkDoubt),
    /// An appliance, a switch or something beyond this model decides.
    Inspection(InspectionDoubt),
    /// By which way the office network reaches AWS is not in the input.
    NoUplink(Index<OfficeNetwork>),
    /// Which load balancer this node is of is not in the input.
    BalancerUnknown(Index<NetworkInterface>),
    /// Nothing is addressed at a node of a Gateway Load Balancer, as far as is documented.
    GatewayBalancer(Index<NetworkInterface>),
    /// Whether the load balancer of this node is closed to IPv6 from the internet is not in the input.
    BalancerAttributes(Index<NetworkInterface>),
    /// The load balancer of this node is not active.
    BalancerState(Index<NetworkInterface>),
    /// Whether the load balancer of this node answers such messages is not documented.
    BalancerPing(Index<NetworkInterface>),
    /// The listeners of this node are not all in the input.
    ListenersUnknown(Index<NetworkInterface>),
    /// The targets behind the listener of this node are not all in the input.
    TargetsUnknown(Index<NetworkInterface>),
    /// Where the target is, is not in the input: what it is called.
    TargetUnknown(String),
    /// Whether the load balancer sends to this target now is not known: its address.
    TargetDoubtful(IpAddr),
    /// The address from which this node sends is not in the input.
    NodeAddressUnknown(Index<NetworkInterface>),
    /// From which addresses this node sends UDP over IPv6 is not modelled.
    BalancerUdpIpv6(Index<NetworkInterface>),
    /// Whether a kept client's address survives the way from this node to the target is not documented.
    PreservationPathUnknown(Index<NetworkInterface>),
    /// Which endpoint this interface is of is not in the input.
    EndpointUnknown(Index<NetworkInterface>),
    /// What stands behind this sort of endpoint is not modelled.
    EndpointKind(Index<VpcEndpoint>),
    /// Whether the service behind the endpoint answers there is not known.
    ServicePortUnknown(Index<VpcEndpoint>),
    /// What the provider has behind the endpoint is not in the input.
    ProviderUnknown(Index<VpcEndpoint>),
    /// The address is of a container: whether its host puts its own in place of it is not in the input.
    ContainerAddress(Index<NetworkInterface>),
    /// Where this address is, and how it reaches AWS, is not in the input.
    SenderUnknown(IpAddr),
    /// AWS chooses among several ways, some of which lead there and some do not.
    DependsOnWay,
    /// The way is very long, or AWS would choose among several too often: it was not followed to its end.
    TooManyWays,
}

impl Doubt {
    /// A stable name of the kind of doubt, in kebab-case.
    #[expect(clippy::too_many_lines, reason = "one name for each variant")]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingSubnet(_) => "missing-subnet",
            Self::MissingVpc(_) => "missing-vpc",
            Self::MissingGroup(..) => "missing-group",
            Self::MissingPrefixList(_) => "missing-prefix-list",
            Self::IdentityUnknown(..) => "identity-unknown",
            Self::NoGroupsTold(_) => "no-groups-told",
            Self::MissingAcl(_) => "missing-acl",
            Self::PartialAcl(_) => "partial-acl",
            Self::MissingRouteTable(_) => "missing-route-table",
            Self::PartialRouteTable(_) => "partial-route-table",
            Self::AmbiguousRoute(..) => "ambiguous-route",
            Self::MissingGateway(_) => "missing-gateway",
            Self::SourceCheckOff(_) => "source-check-off",
            Self::HolderUnknown(..) => "holder-unknown",
            Self::SharedAddress(_) => "shared-address",
            Self::ManagedInterface(_) => "managed-interface",
            Self::Middlebox(_) => "middlebox",
            Self::Appliance(_) => "appliance",
            Self::Unmodelled(..) => "unmodelled",
            Self::EdgeRoute(..) => "edge-route",
            Self::InternetGatewayUnknown(_) => "internet-gateway-unknown",
            Self::Nat64(_) => "nat64",
            Self::RegionalNat(_) => "regional-nat",
            Self::EgressOnlyAnswer(_) => "egress-only-answer",
            Self::NatAddressUnknown(_) => "nat-address-unknown",
            Self::PeerBlocksUnknown(_) => "peer-blocks-unknown",
            Self::PeerMissing(..) => "peer-missing",
            Self::AttachmentUnknown(..) => "attachment-unknown",
            Self::MissingAttachment(_) => "missing-attachment",
            Self::AttachmentSubnetsUnknown(_) => "attachment-subnets-unknown",
            Self::ZoneUnknown(_) => "zone-unknown",
            Self::AttachmentIpv6Off(_) => "attachment-ipv6-off",
            Self::AttachmentTranslates(_) => "attachment-translates",
            Self::AssociationUnknown(_) => "association-unknown",
            Self::TransitRoutesUnknown(_) => "transit-routes-unknown",
            Self::OverlappingPropagations(..) => "overlapping-propagations",
            Self::AttachmentNotModelled(_, sort) => sort.code(),
            Self::Office(doubt) => doubt.code(),
            Self::ClientVpn(doubt) => doubt.code(),
            Self::Service(doubt) => doubt.code(),
            Self::CoreNetwork(doubt) => doubt.code(),
            Self::Inspection(doubt) => doubt.code(),
            Self::NoUplink(_) => "no-uplink",
            Self::BalancerUnknown(_) => "balancer-unknown",
            Self::GatewayBalancer(_) => "gateway-balancer",
            Self::BalancerAttributes(_) => "balancer-attributes",
            Self::BalancerState(_) => "balancer-state",
            Self::BalancerPing(_) => "balancer-ping",
            Self::ListenersUnknown(_) => "listeners-unknown",
            Self::TargetsUnknown(_) => "targets-unknown",
            Self::TargetUnknown(_) => "target-unknown",
            Self::TargetDoubtful(_) => "target-doubtful",
            Self::NodeAddressUnknown(_) => "node-address-unknown",
            Self::BalancerUdpIpv6(_) => "balancer-udp-ipv6",
            Self::PreservationPathUnknown(_) => "preservation-path-unknown",
            Self::EndpointUnknown(_) => "endpoint-unknown",
            Self::EndpointKind(_) => "endpoint-kind",
            Self::ServicePortUnknown(_) => "service-port-unknown",
            Self::ProviderUnknown(_) => "provider-unknown",
            Self::ContainerAddress(_) => "container-address",
            Self::SenderUnknown(_) => "sender-unknown",
            Self::DependsOnWay => "depends-on-way",
            Self::TooManyWays => "too-many-ways",
        }
    }

    /// The doubt in one line: lower case, no full stop, with names and ids.
    #[expect(clippy::too_many_lines, reason = "one line of text for each variant")]
    pub fn describe(&self, snapshot: &Snapshot) -> String {
        let missing = |what: &str, id: &ResourceId| format!("{what} {id} is not in the input");
        let interface = |index: &Index<NetworkInterface>| named(snapshot.interfaces(), *index);
        let vpc = |index: &Index<Vpc>| named(snapshot.vpcs(), *index);
        let nat = |index: &Index<NatGateway>| named(snapshot.nat_gateways(), *index);
        let peering = |index: &Index<VpcPeeringConnection>| named(snapshot.peerings(), *index);
        let attachment =
            |index: &Index<TransitGatewayAttachment>| named(snapshot.transit_attachments(), *index);
        let untold = |what: String| format!("the input does not tell {what}");
        match self {
            Self::MissingSubnet(id) => missing("subnet", id),
            Self::MissingVpc(id) => missing("VPC", id),
            Self::MissingGroup(_, id) => {
                missing("security group", id) + ", or not all of its rules"
            }
            Self::MissingPrefixList(id) => untold(format!("the entries of prefix list {id}")),
            Self::IdentityUnknown(index, id) => untold(format!(
                "whether a reference to {id} matches the other end at {}",
                interface(index)
            )),
            Self::NoGroupsTold(index) => untold(format!(
                "the groups of {}, which a service manages",
                interface(index)
            )),
            Self::MissingAcl(index) => untold(format!(
                "the network ACL of {}",
                named(snapshot.subnets(), *index)
            )),
            Self::PartialAcl(index) => untold(format!(
                "all entries of ACL {}",
                named(snapshot.acls(), *index)
            )),
            Self::MissingRouteTable(index) => untold(format!(
                "the route table of {}",
                named(snapshot.subnets(), *index)
            )),
            Self::PartialRouteTable(index) => untold(format!(
                "all routes of {}",
                named(snapshot.route_tables(), *index)
            )),
            Self::AmbiguousRoute(table, address) => {
                let table = named(snapshot.route_tables(), *table);
                format!("several routes of {table} are equally good for {address}")
            }
            Self::MissingGateway(id) => missing("the route's target", id),
            Self::SourceCheckOff(index) => untold(format!(
                "whether {} forwards from addresses that are not its own",
                interface(index)
            )),
            Self::HolderUnknown(index, address) => untold(format!(
                "whether an interface of {} has the address {address}",
                vpc(index)
            )),
            Self::SharedAddress(address) => {
                format!("several interfaces have the address {address}")
            }
            Self::ManagedInterface(index) => {
                format!("what stands behind {} is not modelled", interface(index))
            }
            Self::Middlebox(index) => format!(
                "the host behind {} decides what it forwards",
                interface(index)
            ),
            Self::Appliance(id) => format!("the appliance behind {id} decides"),
            Self::Unmodelled(field, id) => {
                format!("the route's target {id} ({field}) is not modelled")
            }
            Self::EdgeRoute(table, route) => {
                format!(
                    "the edge route {} leads to an appliance",
                    route_text(snapshot, *table, *route)
                )
            }
            Self::InternetGatewayUnknown(index) => untold(format!(
                "whether an internet gateway is attached to {}",
                vpc(index)
            )),
            Self::Nat64(index) => format!(
                "what NAT gateway {} does with this IPv6 packet is not documented",
                nat(index)
            ),
            Self::RegionalNat(index) => format!(
                "where the route table of regional NAT gateway {} leads is not in the input, or not modelled",
                nat(index)
            ),
            Self::EgressOnlyAnswer(index) => {
                let gateway = named(snapshot.egress_only_gateways(), *index);
                format!("{gateway} may take the answer for something that starts inside")
            }
            Self::NatAddressUnknown(index) => {
                untold(format!("the addresses of NAT gateway {}", nat(index)))
            }
            Self::PeerBlocksUnknown(index) => untold(format!(
                "the blocks of the VPC behind peering connection {}",
                peering(index)
            )),
            Self::PeerMissing(index, id) => {
                missing("VPC", id) + &format!(" (behind {})", peering(index))
            }
            Self::AttachmentUnknown(gateway, index) => {
                let gateway = named(snapshot.transit_gateways(), *gateway);
                untold(format!("whether {} is attached to {gateway}", vpc(index)))
            }
            Self::MissingAttachment(id) => missing("transit gateway attachment", id),
            Self::AttachmentSubnetsUnknown(index) => {
                untold(format!("the subnets of {}", attachment(index)))
            }
            Self::ZoneUnknown(index) => {
                untold(format!("the zones of all subnets of {}", attachment(index)))
            }
            Self::AttachmentIpv6Off(index) => {
                format!("IPv6 is switched off at {}", attachment(index))
            }
            Self::AttachmentTranslates(index) => {
                format!("what the NAT rules of {} translate", attachment(index))
            }
            Self::AssociationUnknown(index) => untold(format!(
                "the route table that is associated with {}",
                attachment(index)
            )),
            Self::TransitRoutesUnknown(index) => untold(format!(
                "all routes of {}",
                named(snapshot.transit_route_tables(), *index)
            )),
            Self::OverlappingPropagations(table, address) => {
                let table = named(snapshot.transit_route_tables(), *table);
                untold(format!(
                    "which of the overlapping blocks that hold {address} was announced to {table} first"
                ))
            }
            Self::AttachmentNotModelled(index, sort) => {
                format!(
                    "{} behind {} is not modelled",
                    sort.describe(),
                    attachment(index)
                )
            }
            Self::Office(doubt) => doubt.describe(snapshot),
            Self::ClientVpn(doubt) => doubt.describe(snapshot),
            Self::Service(doubt) => doubt.describe(snapshot),
            Self::CoreNetwork(doubt) => doubt.describe(snapshot),
            Self::Inspection(doubt) => doubt.describe(snapshot),
            Self::NoUplink(index) => untold(format!(
                "by which way {} reaches AWS",
                named(snapshot.offices(), *index)
            )),
            Self::BalancerUnknown(index) => untold(format!(
                "which load balancer {} is a node of",
                interface(index)
            )),
            Self::GatewayBalancer(index) => format!(
                "{} is a node of a Gateway Load Balancer, which takes packets from its endpoints",
                interface(index)
            ),
            Self::BalancerAttributes(index) => untold(format!(
                "whether the load balancer of {} is closed to IPv6 from internet gateways",
                interface(index)
            )),
            Self::BalancerState(index) => {
                format!("the load balancer of {} is not active", interface(index))
            }
            Self::BalancerPing(index) => format!(
                "whether the load balancer of {} answers such messages is not documented",
                interface(index)
            ),
            Self::ListenersUnknown(index) => untold(format!(
                "all listeners of the load balancer of {}",
                interface(index)
            )),
            Self::TargetsUnknown(index) => untold(format!(
                "all targets behind the listener of {}",
                interface(index)
            )),
            Self::TargetUnknown(name) => untold(format!("where target {name} is")),
            Self::TargetDoubtful(address) => {
                format!("whether the load balancer sends to target {address} now is not certain")
            }
            Self::NodeAddressUnknown(index) => {
                untold(format!("the address from which {} sends", interface(index)))
            }
            Self::BalancerUdpIpv6(index) => format!(
                "from which addresses {} sends UDP over IPv6 is not modelled",
                interface(index)
            ),
            Self::PreservationPathUnknown(index) => format!(
                "whether the client's address survives the way from {} to the target is not documented",
                interface(index)
            ),
            Self::EndpointUnknown(index) => {
                untold(format!("which endpoint {} is of", interface(index)))
            }
            Self::EndpointKind(index) => format!(
                "what stands behind endpoint {} is not modelled",
                named(snapshot.vpc_endpoints(), *index)
            ),
            Self::ServicePortUnknown(index) => format!(
                "whether the service behind endpoint {} answers there is not known",
                named(snapshot.vpc_endpoints(), *index)
            ),
            Self::ProviderUnknown(index) => untold(format!(
                "what the provider has behind endpoint {}",
                named(snapshot.vpc_endpoints(), *index)
            )),
            Self::ContainerAddress(index) => format!(
                "whether {} sends what its containers send under its own address is not in the input",
                named(snapshot.interfaces(), *index)
            ),
            Self::SenderUnknown(address) => untold(format!("where {address} is")),
            Self::TooManyWays => {
                "the way is too long, or parts too often, to be followed to its end".to_owned()
            }
            Self::DependsOnWay => {
                "AWS chooses among several ways, and not all lead there".to_owned()
            }
        }
    }
}
