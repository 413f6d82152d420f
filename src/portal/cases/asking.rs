//! Where a request to the resident stands, computed from everything that was said about it: the order in which it came
//! makes no difference. Pure.

use super::fold::in_order;
use super::request_store::RequestState;
use crate::contract::SupplementState;
use crate::vocabulary::At;

/// What one event says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Word {
    /// It is asked, in this version.
    Asked(u32, Option<At>),
    /// What became of it; asked for again with a new time.
    Resolved(SupplementState, Option<At>),
}

/// An event about one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spoken {
    /// Order of arrival, and its name here.
    pub row: i64,
    /// The sender's counter.
    pub sequence: Option<i64>,
    /// When it happened.
    pub time: At,
    /// What it says.
    pub word: Word,
}

/// Where it stands, before her own answer is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Asking {
    /// Open or what it came to.
    pub state: RequestState,
    /// The event whose words are shown: the highest version.
    pub words: i64,
    /// The event that asks at present.
    pub opening: i64,
    /// The event that said last what became of it.
    pub resolved: Option<i64>,
    /// Until when.
    pub due_at: Option<At>,
}

/// Folds what was said; `None` while nothing asks: what became of a request waits for it.
pub(super) fn asking(spoken: &[Spoken]) -> Option<Asking> {
    // At the same moment without a counter, a request comes before what became of it.
    let rank = |s: &Spoken| s.row.saturating_add(if matches!(s.word, Word::Resolved(..)) { 1 << 48 } else { 0 });
    let mut now: Option<(u32, Asking)> = None;
    for s in in_order(spoken, |s| (s.sequence, s.time, rank(s))) {
        match (s.word, &mut now) {
            (Word::Asked(version, due_at), None) => {
                let first = Asking { state: RequestState::Open, words: s.row, opening: s.row, resolved: None, due_at };
                now = Some((version, first));
            }
            (Word::Asked(version, due_at), Some((known, asking))) if version > *known => {
                *asking = Asking { state: RequestState::Open, words: s.row, opening: s.row, resolved: None, due_at };
                *known = version;
            }
            (Word::Resolved(SupplementState::Insufficient, due_at), Some((_, asking))) => {
                (asking.state, asking.opening, asking.resolved) = (RequestState::Open, s.row, Some(s.row));
                asking.due_at = due_at.or(asking.due_at);
            }
            (Word::Resolved(became, _), Some((_, asking))) => {
                asking.state = match became {
                    SupplementState::Accepted => RequestState::Accepted,
                    SupplementState::Expired => RequestState::Expired,
                    SupplementState::Cancelled | SupplementState::Insufficient => RequestState::Cancelled,
                };
                asking.resolved = Some(s.row);
            }
            _ => {}
        }
    }
    now.map(|(_, asking)| asking)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spoken(n: i64, word: Word) -> Spoken {
        Spoken { row: n, sequence: Some(n), time: At::from_seconds(n * 60), word }
    }

    #[test]
    fn what_became_of_a_request_waits_for_it() {
        let accepted = Word::Resolved(SupplementState::Accepted, None);
        assert_eq!(asking(&[spoken(2, accepted)]), None);
        let both = asking(&[spoken(2, accepted), spoken(1, Word::Asked(1, None))]).unwrap();
        assert_eq!(both.state, RequestState::Accepted);
    }

    #[test]
    fn what_is_not_enough_is_asked_for_again_with_the_new_time() {
        let (first, next) = (At::from_seconds(10), At::from_seconds(20));
        let again = Word::Resolved(SupplementState::Insufficient, Some(next));
        let now = asking(&[spoken(1, Word::Asked(1, Some(first))), spoken(3, again)]).unwrap();
        assert_eq!((now.state, now.words, now.opening, now.due_at), (RequestState::Open, 1, 3, Some(next)));
    }

    #[test]
    fn without_counters_the_request_comes_first_of_what_happened_at_once() {
        let bare = |row, word| Spoken { row, sequence: None, time: At::EPOCH, word };
        let expired = bare(1, Word::Resolved(SupplementState::Expired, None));
        let now = asking(&[expired, bare(2, Word::Asked(1, None))]).unwrap();
        assert_eq!(now.state, RequestState::Expired);
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_makes_no_difference(
            said in proptest::collection::vec((0..6u8, 1..4u32), 1..8),
            places in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            use SupplementState::*;
            let word = |(what, version): (u8, u32), n: i64| match what {
                0 | 1 => Word::Asked(version, Some(At::from_seconds(n))),
                2 => Word::Resolved(Accepted, None),
                3 => Word::Resolved(Insufficient, Some(At::from_seconds(n))),
                4 => Word::Resolved(Expired, None),
                _ => Word::Resolved(Cancelled, None),
            };
            // The row is named by the counter, so that the same event has the same name whenever it came.
            let all: Vec<Spoken> = said.iter().zip(1..).map(|(s, n)| spoken(n, word(*s, n))).collect();
            let mixed: Vec<Spoken> = places.iter().filter_map(|p| all.get(*p).copied()).collect();
            prop_assert_eq!(asking(&all), asking(&mixed));
        }
    }
}
