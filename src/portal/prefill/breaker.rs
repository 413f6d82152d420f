//! Leaves a failing register alone for a while, so that forms open at once and the register gets air.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const FAILURES: usize = 5;
const WINDOW: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_secs(30);

/// Opens after five failures within thirty seconds, then lets one question through every thirty seconds until one is
/// answered. Time is given, not read.
#[derive(Default)]
pub(super) struct Breaker(Mutex<Condition>);

#[derive(Default)]
struct Condition {
    failures: VecDeque<Instant>,
    next_probe: Option<Instant>,
}

impl Breaker {
    /// Whether to ask now. While open, a yes is the probe; it needs no report back to keep the breaker from hanging.
    pub(super) fn lets_through(&self, now: Instant) -> bool {
        let mut condition = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match condition.next_probe {
            None => true,
            Some(probe) if probe <= now => {
                condition.next_probe = Some(now + PAUSE);
                true
            }
            Some(_) => false,
        }
    }

    /// The register answered.
    pub(super) fn answered(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Condition::default();
    }

    /// The register did not answer, or with nothing of use.
    pub(super) fn failed(&self, now: Instant) {
        let mut condition = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        condition.failures.retain(|at| now.saturating_duration_since(*at) < WINDOW);
        condition.failures.push_back(now);
        if condition.failures.len() >= FAILURES {
            condition.failures.pop_front();
            condition.next_probe = Some(now + PAUSE);
        } else if condition.next_probe.is_some() {
            condition.next_probe = Some(now + PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_thirty_seconds_open_it_and_an_answer_to_the_probe_closes_it() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        for second in [0, 31, 32, 33, 34] {
            assert!(breaker.lets_through(after(second)), "the first failure is too old to count");
            breaker.failed(after(second));
        }
        assert!(breaker.lets_through(after(35)));
        breaker.failed(after(35));
        assert!(!breaker.lets_through(after(36)));
        assert!(breaker.lets_through(after(65)), "the probe");
        assert!(!breaker.lets_through(after(66)), "one probe only");
        breaker.failed(after(67));
        assert!(!breaker.lets_through(after(96)));
        assert!(breaker.lets_through(after(97)));
        breaker.answered();
        assert!(breaker.lets_through(after(98)));
        breaker.failed(after(98));
        assert!(breaker.lets_through(after(99)), "counting starts over");
    }
}
