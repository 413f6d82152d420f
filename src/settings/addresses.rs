//! Addresses of the network that may be called.

use serde::{Deserialize, Deserializer, de};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

/// A range of addresses, `10.2.0.0/16`, or a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    first: IpAddr,
    bits: u8,
}

/// Not a range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address or a range of them: write 10.2.0.0/16 or 10.2.0.7")]
pub struct InvalidRange;

impl AddressRange {
    /// True for an address within it. IPv4 within IPv6 is IPv4.
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.first, ip.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(ip)) => same(u32::from(first).into(), u32::from(ip).into(), 32, self.bits),
            (IpAddr::V6(first), IpAddr::V6(ip)) => same(first.into(), ip.into(), 128, self.bits),
            _ => false,
        }
    }
}

fn same(a: u128, b: u128, width: u32, bits: u8) -> bool {
    // A shift by the whole width is none for the type: /0 holds everything.
    let shift = width - u32::from(bits);
    a.checked_shr(shift).unwrap_or(0) == b.checked_shr(shift).unwrap_or(0)
}

impl FromStr for AddressRange {
    type Err = InvalidRange;
    fn from_str(text: &str) -> Result<Self, InvalidRange> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| InvalidRange)?)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().map_err(|_| InvalidRange)?;
        let width = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        if bits > width { Err(InvalidRange) } else { Ok(Self { first, bits }) }
    }
}

impl<'de> Deserialize<'de> for AddressRange {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

/// Which addresses a call may go to, whatever a name leads to today.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Only these; empty: every public address.
    pub only: Vec<AddressRange>,
    /// In demo and test the inner network and this machine are as good as public.
    pub is_play: bool,
}

impl Reach {
    /// Whether it may be called.
    pub fn allows(&self, ip: IpAddr) -> bool {
        match self.only.is_empty() {
            true => self.is_play || is_public(ip),
            false => self.only.iter().any(|range| range.contains(ip)),
        }
    }
}

/// Reachable by everybody: not this machine, the inner network, or what is kept for other uses.
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.segments() {
            // Where IPv6 leads on to IPv4, that address decides.
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
            }
            // Only 2000::/3 has been given out; of it 6to4, Teredo and examples do not count.
            [0x2002, ..] | [0x2001, 0 | 0xdb8, ..] => false,
            [first, ..] => first & 0xe000 == 0x2000,
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        || (a, b, c) == (192, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_own_addresses_and_no_others() {
        let holds = |range: &str, ip: &str| range.parse::<AddressRange>().unwrap().contains(ip.parse().unwrap());
        assert!(holds("10.2.0.0/16", "10.2.255.1") && !holds("10.2.0.0/16", "10.3.0.1"));
        assert!(holds("10.2.0.7", "10.2.0.7") && !holds("10.2.0.7", "10.2.0.8"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.1.2.3"), "IPv4 in the clothes of IPv6");
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        for wrong in ["", "10.2", "10.2.0.0/33", "::1/129", "10.2.0.0/x", "example.se"] {
            assert_eq!(wrong.parse::<AddressRange>(), Err(InvalidRange), "{wrong}");
        }
    }

    #[test]
    fn the_inner_network_is_out_of_reach_until_it_is_named() {
        let reach = |only: &[&str], is_play| Reach { only: only.iter().map(|r| r.parse().unwrap()).collect(), is_play };
        let allows = |r: &Reach, ip: &str| r.allows(ip.parse().unwrap());
        let inner = ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "fe80::1"];
        let dressed = ["::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "0.0.0.0", "100.64.0.1", "255.255.255.255"];
        for ip in inner.iter().chain(&dressed) {
            assert!(!allows(&reach(&[], false), ip), "{ip}");
            assert!(allows(&reach(&[], true), ip), "{ip} in play");
        }
        for ip in ["193.10.1.1", "2a00:801::1", "64:ff9b::c10a:101"] {
            assert!(allows(&reach(&[], false), ip), "{ip}");
        }
        let named = reach(&["10.2.0.0/16"], false);
        assert!(allows(&named, "10.2.0.1") && !allows(&named, "10.3.0.1") && !allows(&named, "193.10.1.1"));
    }
}
