//! Which addresses lie outside: a delivered link may lead there and nowhere else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Blocks of IPv4 that are not the public internet (IANA's special-purpose registry):
/// the first address and how many bits of it count.
const CLOSED_V4: [(Ipv4Addr, u32); 17] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local, and so the metadata service of every cloud.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Two clouds answer for their machines on public-looking addresses.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, reserved, broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Blocks inside the global unicast space `2000::/3` of IPv6 that lead elsewhere.
const CLOSED_V6: [(Ipv6Addr, u32); 5] = [
    // Protocol assignments: Teredo, benchmarking, ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4 carries an IPv4 address to wherever a relay takes it.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether `address` is on the public internet. An IPv4 address inside an IPv6 one
/// (mapped, or behind NAT64) is judged by itself; tunnels are refused.
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !CLOSED_V4
            .iter()
            .any(|&(block, bits)| (u32::from(v4) ^ u32::from(block)).leading_zeros() >= bits),
        IpAddr::V6(v6) => match v6.segments() {
            [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
                let [.., a, b, c, d] = v6.octets();
                is_global(Ipv4Addr::new(a, b, c, d).into())
            }
            // Outside 2000::/3 nothing is global: unspecified, loopback, unique local,
            // link-local, multicast, local NAT64, discard.
            [first, ..] => {
                first >> 13 == 1
                    && !CLOSED_V6.iter().any(|&(block, bits)| {
                        (u128::from(v6) ^ u128::from(block)).leading_zeros() >= bits
                    })
            }
        },
    }
}

/// Whether `url` names this very machine.
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(v4)) => v4.is_loopback(),
        Some(Host::Ipv6(v6)) => v6.to_canonical().is_loopback(),
        None => false,
    }
}
