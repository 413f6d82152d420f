//! Chance that can be had again: everything follows from one seed, which is printed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A source of numbers (SplitMix64). Whoever shares one takes turns.
pub struct Chance(AtomicU64);

fn number_in(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// `KILLS`, or as many as an ordinary run has time for.
pub fn kills(ordinary: u64) -> u64 {
    number_in("KILLS").unwrap_or(ordinary)
}

impl Chance {
    /// `SEED`, or a new one.
    pub fn new(what: &str) -> Self {
        let now = kommunportal::vocabulary::Clock::system().now().micros().unsigned_abs();
        let seed = number_in("SEED").unwrap_or(now % 1_000_000);
        println!("{what}: SEED={seed}");
        Chance(AtomicU64::new(seed))
    }

    /// Another source, which the use of this one does not disturb.
    pub fn branch(&self) -> Self {
        Chance(AtomicU64::new(self.next()))
    }

    fn next(&self) -> u64 {
        let state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst).wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `limit`.
    pub fn below(&self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// At most so many milliseconds.
    pub fn pause(&self, milliseconds: u64) -> Duration {
        Duration::from_micros(self.below(milliseconds * 1000))
    }
}
