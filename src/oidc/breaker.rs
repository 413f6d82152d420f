//! So that a dead broker answers at once.

use crate::vocabulary::At;
use std::sync::{Mutex, PoisonError};

const FAILURES: usize = 5;
const WITHIN_SECONDS: i64 = 30;
const OPEN_SECONDS: i64 = 15;

/// Opens after five failures in thirty seconds, for fifteen. The old failures are then still in the window, so one more
/// opens it again.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: Vec<At>,
    open_until: Option<At>,
}

impl Breaker {
    pub(super) fn lets_through(&self, now: At) -> bool {
        self.state().open_until.is_none_or(|until| now >= until)
    }

    pub(super) fn succeeded(&self) {
        *self.state() = State::default();
    }

    pub(super) fn failed(&self, now: At) {
        let mut state = self.state();
        state.failures.retain(|at| *at > now.plus_seconds(-WITHIN_SECONDS));
        state.failures.push(now);
        if state.failures.len() >= FAILURES {
            state.failures.remove(0);
            state.open_until = Some(now.plus_seconds(OPEN_SECONDS));
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_open_it_for_a_while() {
        let (breaker, start) = (Breaker::default(), At::EPOCH);
        for second in 0..4 {
            breaker.failed(start.plus_seconds(second));
        }
        assert!(breaker.lets_through(start.plus_seconds(4)));
        breaker.failed(start.plus_seconds(4));
        assert!(!breaker.lets_through(start.plus_seconds(18)));
        assert!(breaker.lets_through(start.plus_seconds(19)));
        breaker.failed(start.plus_seconds(19));
        assert!(!breaker.lets_through(start.plus_seconds(20)), "one failure opens it again");
        breaker.succeeded();
        assert!(breaker.lets_through(start.plus_seconds(20)));
    }

    #[test]
    fn failures_far_apart_do_not_open_it() {
        let (breaker, start) = (Breaker::default(), At::EPOCH);
        for n in 0..20 {
            breaker.failed(start.plus_seconds(n * 10));
            assert!(breaker.lets_through(start.plus_seconds(n * 10)));
        }
    }
}
