//! No spelling of an inside address passes for one on the public internet.

#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use libfuzzer_sys::fuzz_target;
use pentimento::api::{is_global, is_local};
use url::{Host, Url};

fuzz_target!(|data: &[u8]| {
    if let Some((octets, _)) = data.split_first_chunk::<4>() {
        judge(Ipv4Addr::from(*octets).into());
    }
    if let Some((octets, _)) = data.split_first_chunk::<16>() {
        judge(Ipv6Addr::from(*octets).into());
    }
    let Ok(host) = std::str::from_utf8(data) else { return };
    for link in [host.to_owned(), format!("https://{host}/x.png"), format!("http://{host}:80")] {
        let Ok(url) = Url::parse(&link) else { continue };
        let address: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(v4)) => Some(v4.into()),
            Some(Host::Ipv6(v6)) => Some(v6.into()),
            Some(Host::Domain(_)) | None => None,
        };
        if let Some(address) = address {
            judge(address);
            assert!(!(is_local(&url) && is_global(address)), "{url}");
        }
    }
});

/// The standard library's own words for what is inside, as a second opinion.
fn judge(address: IpAddr) {
    let inside = match address {
        IpAddr::V4(v4) => is_inside(v4),
        IpAddr::V6(v6) => {
            let mapped = v6.to_ipv4_mapped().is_some_and(is_inside);
            let never = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast();
            mapped || never || v6.is_unique_local() || v6.is_unicast_link_local()
        }
    };
    assert!(!(inside && is_global(address)), "{address}");
}

fn is_inside(v4: Ipv4Addr) -> bool {
    let never = v4.is_loopback() || v4.is_unspecified() || v4.is_broadcast() || v4.is_multicast();
    never || v4.is_private() || v4.is_link_local() || v4.is_documentation()
}
