//! When to try again, and when to give up. Pure.

use super::receiver::{ASK_AFTER, Answer};
use crate::contract::{DeliveryReceipt, ReceiptState};
use crate::vocabulary::At;

/// Failures in a row after which nothing more is sent to a target until it answers a probe.
pub(super) const CIRCUIT: i32 = 5;

/// Why a delivery is dead that may have arrived at a target where the same thing twice is two things.
pub(super) const OUTCOME_UNKNOWN: &str = "outcome_unknown";

/// What an answer makes of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Next {
    /// Done.
    Registered(Box<DeliveryReceipt>),
    /// Taken; an event or asking tells the rest.
    Accepted { ask_at: At },
    /// Again later.
    Retry { at: At, not_before: Option<At>, unclear: bool, why: String },
    /// The target waits; the delivery goes back as it was.
    Paused { why: String },
    /// Given up, until a person has looked at it.
    Dead { why: String },
}

/// `spent`: attempts that count, this one included. `jitter`: 0–255.
pub(super) fn next(answer: Answer, spent: i32, retry_after: &[u32], now: At, jitter: u8) -> Next {
    match answer {
        Answer::Receipt(receipt, _) if receipt.state == ReceiptState::Accepted => {
            Next::Accepted { ask_at: now.plus_seconds(ASK_AFTER) }
        }
        Answer::Receipt(receipt, _) if receipt.external_case_id.is_some() => Next::Registered(receipt),
        // Registered under no name is of no use: to be asked for again.
        Answer::Receipt(..) => retry(None, true, "the answer names no errand".into(), spent, retry_after, now, jitter),
        Answer::Configuration { status, note } => Next::Paused { why: with_status(status, &note) },
        Answer::Gone { note } => Next::Paused { why: note },
        Answer::Unfit { note } => Next::Dead { why: note },
        Answer::OutcomeUnknown { status } => Next::Dead { why: with_status(status, OUTCOME_UNKNOWN) },
        Answer::LeftBehind { note } => {
            retry(None, true, format!("{note}: {OUTCOME_UNKNOWN}"), spent, retry_after, now, jitter)
        }
        Answer::Permanent { status, note } => Next::Dead { why: with_status(Some(status), &note) },
        Answer::Transient { status, retry_after: asked, unclear, note } => {
            retry(asked, unclear, with_status(status, &note), spent, retry_after, now, jitter)
        }
    }
}

fn retry(asked: Option<u32>, unclear: bool, why: String, spent: i32, schedule: &[u32], now: At, jitter: u8) -> Next {
    let pause = usize::try_from(spent - 1).ok().and_then(|n| schedule.get(n));
    let Some(pause) = pause else { return Next::Dead { why } };
    // ±20 %, so that what failed together does not come back together.
    let micros = i64::from(*pause) * 1_000_000 * (800 + i64::from(jitter) * 400 / 255) / 1000;
    let own = At::from_micros(now.micros().saturating_add(micros));
    let not_before = asked.map(|s| now.plus_seconds(i64::from(s)));
    Next::Retry { at: not_before.map_or(own, |n| n.max(own)), not_before, unclear, why }
}

fn with_status(status: Option<u16>, note: &str) -> String {
    match status {
        Some(status) => format!("HTTP {status} {note}").trim_end().to_owned(),
        None => note.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unavailable(retry_after: Option<u32>) -> Answer {
        Answer::Transient { status: Some(503), retry_after, unclear: false, note: String::new() }
    }

    #[test]
    fn the_wait_grows_by_the_schedule_and_ends_with_a_dead_delivery() {
        let now = At::from_seconds(1000);
        let at = |spent, jitter| match next(unavailable(None), spent, &[10, 100], now, jitter) {
            Next::Retry { at, .. } => Some(at.seconds() - 1000),
            _ => None,
        };
        assert_eq!((at(1, 0), at(1, 255), at(2, 0), at(3, 0)), (Some(8), Some(12), Some(80), None));
        assert_eq!(next(unavailable(None), 3, &[10, 100], now, 0), Next::Dead { why: "HTTP 503".into() });
    }

    #[test]
    fn a_larger_retry_after_wins_and_a_smaller_does_not() {
        let now = At::from_seconds(0);
        let at = |asked| match next(unavailable(Some(asked)), 1, &[10], now, 128) {
            Next::Retry { at, .. } => at.seconds(),
            _ => 0,
        };
        assert_eq!((at(60), at(1)), (60, 10));
    }
}
