//! The laws of set algebra, on random sets and packets.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use packet::{AddressSet, Packet, PacketSet, PortSet, Prefix, Protocol, Transport};
use proptest::prelude::*;

fn addresses() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        (0..4u8, 0..4u8).prop_map(|(a, b)| IpAddr::V4(Ipv4Addr::new(10, a, 0, b))),
        (0..4u16, 0..4u16)
            .prop_map(|(a, b)| IpAddr::V6(Ipv6Addr::new(0x2001, a, 0, 0, 0, 0, 0, b))),
    ]
}

fn prefixes() -> impl Strategy<Value = Prefix> {
    (addresses(), 0..=128u8).prop_map(|(address, length)| {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        Prefix::new(address, length % (bits + 1)).unwrap()
    })
}

fn protocols() -> impl Strategy<Value = Protocol> {
    prop_oneof![
        Just(Protocol::TCP),
        Just(Protocol::UDP),
        Just(Protocol::ICMP),
        Just(Protocol::ICMPV6),
        Just(Protocol::ESP)
    ]
}

fn packets() -> impl Strategy<Value = Packet> {
    (addresses(), addresses(), protocols(), 0..6u16, 0..6u16).prop_filter_map(
        "one family",
        |(from, to, protocol, a, b)| {
            let transport = if protocol.has_ports() {
                Transport::Ports {
                    source: a,
                    destination: b,
                }
            } else if protocol.is_icmp() {
                Transport::Icmp {
                    kind: u8::try_from(a).unwrap(),
                    code: u8::try_from(b).unwrap(),
                }
            } else {
                Transport::Other
            };
            Packet::new(from, to, protocol, transport)
        },
    )
}

fn port_sets() -> impl Strategy<Value = PortSet> {
    prop::collection::vec((0..6u16, 0..6u16), 0..3).prop_map(PortSet::from_ranges)
}

fn packet_sets() -> impl Strategy<Value = PacketSet> {
    let leaf = prop_oneof![
        Just(PacketSet::empty()),
        Just(PacketSet::full()),
        packets().prop_map(|packet| PacketSet::from(&packet)),
        (protocols(), port_sets())
            .prop_map(|(protocol, ports)| PacketSet::to_ports(protocol, &ports)),
        port_sets().prop_map(|ports| PacketSet::from_ports(&ports)),
        prefixes()
            .prop_map(|prefix| PacketSet::from_addresses(&AddressSet::from_prefixes(&[prefix]))),
        prefixes()
            .prop_map(|prefix| PacketSet::to_addresses(&AddressSet::from_prefixes(&[prefix]))),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.union(&b)),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.intersection(&b)),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.difference(&b)),
            inner.prop_map(|a| a.complement()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn membership_follows_the_operation(a in packet_sets(), b in packet_sets(), packet in packets()) {
        let (in_a, in_b) = (a.contains(&packet), b.contains(&packet));
        prop_assert_eq!(a.union(&b).contains(&packet), in_a || in_b);
        prop_assert_eq!(a.intersection(&b).contains(&packet), in_a && in_b);
        prop_assert_eq!(a.difference(&b).contains(&packet), in_a && !in_b);
        prop_assert_eq!(a.complement().contains(&packet), !in_a);
    }

    #[test]
    fn equal_sets_have_one_form(a in packet_sets(), b in packet_sets(), c in packet_sets()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.intersection(&b), b.intersection(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(a.intersection(&b.union(&c)), a.intersection(&b).union(&a.intersection(&c)));
        prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
        prop_assert_eq!(a.complement().complement(), a.clone());
        prop_assert_eq!(a.difference(&b), a.intersection(&b.complement()));
        prop_assert_eq!(a.union(&a.intersection(&b)), a.clone());
        prop_assert!(a.union(&a.complement()).is_full());
        prop_assert!(a.intersection(&a.complement()).is_empty());
    }

    #[test]
    fn subset_agrees_with_intersection(a in packet_sets(), b in packet_sets()) {
        prop_assert_eq!(a.is_subset(&b), a.intersection(&b) == a);
        prop_assert!(a.intersection(&b).is_subset(&a));
    }

    #[test]
    fn a_witness_is_in_its_set(a in packet_sets()) {
        match a.witness() {
            Some(packet) => prop_assert!(a.contains(&packet)),
            None => prop_assert!(a.is_empty()),
        }
    }

    #[test]
    fn a_packet_is_a_set_of_one(packet in packets(), other in packets()) {
        let set = PacketSet::from(&packet);
        prop_assert!(set.contains(&packet));
        prop_assert_eq!(set.contains(&other), packet == other);
        prop_assert_eq!(set.witness(), Some(packet));
    }

    #[test]
    fn forgetting_never_loses_a_packet(a in packet_sets(), packet in packets()) {
        if a.contains(&packet) {
            prop_assert!(a.without_addresses().contains(&packet));
            prop_assert!(a.services().contains(&packet));
        }
    }

    #[test]
    fn a_change_of_port_moves_one_port(a in packet_sets(), packet in packets(), from in 0..6u16, to in 0..6u16) {
        let Transport::Ports { source, destination } = packet.transport() else { return Ok(()) };
        let protocol = packet.protocol();
        let beyond = Transport::Ports { source, destination: to };
        let beyond = Packet::new(packet.source(), packet.destination(), protocol, beyond).unwrap();
        let passes = destination == from && a.contains(&beyond);
        prop_assert_eq!(a.before_port_change(protocol, from, to).contains(&packet), passes);
    }

    #[test]
    fn ports_exchanged_twice_are_as_before(a in packet_sets(), packet in packets()) {
        let a = a.without_addresses();
        prop_assert_eq!(a.with_ports_exchanged().with_ports_exchanged(), a.clone());
        let answer = match packet.transport() {
            Transport::Ports { source, destination } =>
                Transport::Ports { source: destination, destination: source },
            other => other,
        };
        let answer = Packet::new(packet.source(), packet.destination(), packet.protocol(), answer).unwrap();
        prop_assert_eq!(a.with_ports_exchanged().contains(&answer), a.contains(&packet));
    }

    #[test]
    fn ports_obey_the_same_laws(a in port_sets(), b in port_sets(), port in 0..8u16) {
        prop_assert_eq!(a.union(&b).contains(port), a.contains(port) || b.contains(port));
        prop_assert_eq!(a.difference(&b).contains(port), a.contains(port) && !b.contains(port));
        prop_assert_eq!(a.complement().complement(), a);
    }
}

#[test]
fn sets_print_as_people_write_rules() {
    let service = |text: &str| PacketSet::from(&text.parse::<packet::Service>().unwrap());
    let check = |set: PacketSet, expected: &str| assert_eq!(set.to_string(), expected);
    check(PacketSet::empty(), "nothing");
    check(PacketSet::full(), "any");
    check(
        service("ssh").union(&service("tcp/8000-8100")),
        "tcp/22, tcp/8000-8100",
    );
    check(service("icmp/echo"), "icmp/echo");
    check(service("tcp").union(&service("udp/53")), "tcp, udp/53");
    check(
        service("ssh").intersection(&PacketSet::of_family(packet::Family::V6)),
        "tcp/22 (IPv6)",
    );
    let clients = PacketSet::from_ports(&PortSet::range(1024, 65535));
    check(
        service("ssh").intersection(&clients),
        "tcp/22 from client ports 1024-65535",
    );
    check(PacketSet::of_family(packet::Family::V4), "any (IPv4)");
    check(
        PacketSet::full().difference(&service("tcp/22")),
        "protocols 0-5, tcp/0-21, tcp/23-65535, protocols 7-255",
    );
}
