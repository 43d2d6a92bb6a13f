//! The addresses at which other computers reach this one.

use std::net::IpAddr;

/// What the interfaces of virtual machines, containers and tunnels are called: no class is there.
const VIRTUAL: [&str; 13] = [
    "docker",
    "br-",
    "veth",
    "virbr",
    "vmnet",
    "vboxnet",
    "tun",
    "tap",
    "utun",
    "zt",
    "wg",
    "tailscale",
    "vethernet",
];

/// An address of this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The name of its interface, such as wlan0.
    pub interface: String,
    /// The address.
    pub address: IpAddr,
}

/// The addresses at which a server that listens at `bound` is reached from elsewhere, the likeliest first; none if it
/// listens to this computer alone.
pub fn reaches(bound: IpAddr) -> Vec<Reach> {
    if bound.is_loopback() {
        return Vec::new();
    }
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let all = all.into_iter().map(|found| Reach { address: found.ip(), interface: found.name });
    if bound.is_unspecified() {
        return sorted(all.filter(|found| bound.is_ipv6() || found.address.is_ipv4()).collect());
    }
    let interface = all.filter(|found| found.address == bound).map(|found| found.interface).next();
    vec![Reach { interface: interface.unwrap_or_default(), address: bound }]
}

/// Without those that lead nowhere; what a class can use comes first.
fn sorted(mut all: Vec<Reach>) -> Vec<Reach> {
    all.retain(|found| match found.address {
        IpAddr::V4(address) => !address.is_loopback() && !address.is_link_local(),
        // An address of one link alone would need the name of the interface on each computer.
        IpAddr::V6(address) => !address.is_loopback() && !address.is_unicast_link_local(),
    });
    let is_virtual = |found: &Reach| {
        let name = found.interface.to_lowercase();
        VIRTUAL.iter().any(|start| name.starts_with(start))
    };
    let is_home = |found: &Reach| matches!(found.address, IpAddr::V4(address) if address.is_private());
    all.sort_by_key(|found| (is_virtual(found), found.address.is_ipv6(), !is_home(found)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_class_can_use_comes_first() {
        let found = [
            ("docker0", "172.17.0.1"),
            ("lo", "127.0.0.1"),
            ("wlan0", "fe80::1"),
            ("wlan0", "fd00::7"),
            ("eth1", "203.0.113.5"),
            ("eth0", "169.254.3.4"),
            ("wlan0", "192.168.1.20"),
        ];
        let all = found.map(|(name, text)| Reach { interface: name.into(), address: text.parse().unwrap() });
        let order: Vec<String> =
            sorted(all.to_vec()).into_iter().map(|found| found.address.to_string()).collect();
        assert_eq!(order, ["192.168.1.20", "203.0.113.5", "fd00::7", "172.17.0.1"]);
        assert_eq!(reaches("127.0.0.1".parse().unwrap()), []);
        let one = reaches("192.0.2.9".parse().unwrap());
        assert_eq!(one.len(), 1);
    }
}
