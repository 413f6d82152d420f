//! Leaves a failing neighbour alone for a while, so that pages answer at once and the neighbour gets air.

use crate::vocabulary::At;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

const FAILURES: usize = 5;
const WITHIN_SECONDS: i64 = 30;

/// Opens after five failures within thirty seconds, then lets one call through in every pause until one is answered.
#[derive(Debug)]
pub struct Breaker {
    pause_seconds: i64,
    condition: Mutex<Condition>,
}

#[derive(Debug, Default)]
struct Condition {
    failures: VecDeque<At>,
    next_probe: Option<At>,
}

impl Breaker {
    /// Closed; once open it waits so many seconds between its probes.
    pub fn pausing(pause_seconds: i64) -> Self {
        Self { pause_seconds, condition: Mutex::default() }
    }

    /// Whether to call now. While open, a yes is the probe; it needs no report back to keep the breaker from hanging.
    pub fn lets_through(&self, now: At) -> bool {
        let mut condition = self.condition();
        let next = now.plus_seconds(self.pause_seconds);
        match condition.next_probe {
            None => true,
            // Later than any probe could be: the clock was set back.
            Some(probe) if probe <= now || probe > next => {
                condition.next_probe = Some(next);
                true
            }
            Some(_) => false,
        }
    }

    /// The neighbour answered.
    pub fn answered(&self) {
        *self.condition() = Condition::default();
    }

    /// It did not answer, or with nothing of use.
    pub fn failed(&self, now: At) {
        let mut condition = self.condition();
        condition.failures.retain(|at| *at > now.plus_seconds(-WITHIN_SECONDS));
        condition.failures.push_back(now);
        if condition.failures.len() >= FAILURES {
            condition.failures.pop_front();
            condition.next_probe = Some(now.plus_seconds(self.pause_seconds));
        } else if condition.next_probe.is_some() {
            condition.next_probe = Some(now.plus_seconds(self.pause_seconds));
        }
    }

    fn condition(&self) -> std::sync::MutexGuard<'_, Condition> {
        self.condition.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: i64) -> At {
        At::EPOCH.plus_seconds(seconds)
    }

    #[test]
    fn five_failures_in_thirty_seconds_open_it_and_an_answer_to_the_probe_closes_it() {
        let breaker = Breaker::pausing(30);
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

    #[test]
    fn failures_far_apart_do_not_open_it() {
        let breaker = Breaker::pausing(15);
        for n in 0..20 {
            breaker.failed(after(n * 10));
            assert!(breaker.lets_through(after(n * 10)));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_keep_it_open() {
        let breaker = Breaker::pausing(15);
        (0..5).for_each(|_| breaker.failed(after(7200)));
        assert!(!breaker.lets_through(after(7201)));
        assert!(breaker.lets_through(after(3600)));
    }
}
