//! How often one address or browser may ask for something costly.

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// A limit for each address. IPv6 counts by /64: a household has that many addresses to choose from.
pub struct AddressLimit(RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock>);

impl AddressLimit {
    /// So many in a minute, all of them at once if need be.
    pub fn per_minute(n: u32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN))))
    }

    /// False when the address has asked too often.
    pub fn allows(&self, address: IpAddr) -> bool {
        let key = match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & (u128::MAX << 64)).into()),
        };
        self.0.check_key(&key).is_ok()
    }

    /// Forgets addresses that have been quiet; to be called now and then.
    pub fn sweep(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// A limit for each browser, by the value of a cookie that it has from us.
pub struct BrowserLimit(RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>);

impl BrowserLimit {
    /// So many in a minute, all of them at once if need be.
    pub fn per_minute(n: u32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN))))
    }

    /// False when the browser has asked too often.
    pub fn allows(&self, cookie: &str) -> bool {
        // A cookie of ours is short; whoever sends another shares one place with all who do.
        let key = if cookie.len() == 43 { cookie } else { "" };
        self.0.check_key(&key.to_owned()).is_ok()
    }

    /// Forgets browsers that have been quiet; to be called now and then.
    pub fn sweep(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_cannot_dodge_the_limit_with_many_addresses() {
        let limit = AddressLimit::per_minute(2);
        let address = |n: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, n]);
        assert!(limit.allows(address(1)) && limit.allows(address(2)));
        assert!(!limit.allows(address(3)));
        assert!(limit.allows(IpAddr::from([127, 0, 0, 1])));
    }
}
