//! The addresses of VPC Lattice.

use std::net::IpAddr;

/// Whether clients reach VPC Lattice by this address: it is in 169.254.171.0/24 or `fd00:ec2:80::/64`.
///
/// # Source
///
/// VPC Lattice User Guide: Control traffic in VPC Lattice using security groups; How VPC Lattice works.
pub const fn is_lattice(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => matches!(v4.octets(), [169, 254, 171, _]),
        IpAddr::V6(v6) => matches!(v6.segments(), [0xfd00, 0xec2, 0x80, 0, ..]),
    }
}
