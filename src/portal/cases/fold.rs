//! Where a case stands, computed from everything that was said about its status: the order in which it came makes no
//! difference. Pure.

use crate::contract::{Outcome, PortalStatus};
use crate::vocabulary::At;
use std::collections::BTreeSet;

/// What one event says about the status.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    /// A status of the table, or what a transfer makes it.
    To(PortalStatus),
    /// `case.closed`; the status is a terminal one.
    Closed(PortalStatus, Outcome, At),
    /// `case.reopened`: the only way out of a terminal status.
    Reopened,
    /// A code without a row: changes nothing until it has one.
    Unmapped,
}

/// An event in the status aspect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// Order of arrival, and its name here.
    pub row: i64,
    /// The sender's counter.
    pub sequence: Option<i64>,
    /// When it happened.
    pub time: At,
    /// What it says.
    pub change: Change,
    /// It came after a newer one: history only, unless it is terminal.
    pub stale: bool,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standing {
    pub status: PortalStatus,
    /// When that began; `None` before any event.
    pub since: Option<At>,
    /// How it was closed and when; `None` while it is open.
    pub closed: Option<(Outcome, At)>,
    /// The steps that counted, now or in history; the others met a terminal status.
    pub counted: BTreeSet<i64>,
}

/// The sender's order: by counter. Those without one are put in by time, then arrival.
pub(super) fn in_order<T: Copy>(items: &[T], key: impl Fn(&T) -> (Option<i64>, At, i64)) -> Vec<T> {
    let mut counted: Vec<T> = items.iter().copied().filter(|i| key(i).0.is_some()).collect();
    counted.sort_by_key(|i| (key(i).0, key(i).1, key(i).2));
    let mut timed: Vec<T> = items.iter().copied().filter(|i| key(i).0.is_none()).collect();
    timed.sort_by_key(|i| (key(i).1, key(i).2));
    for item in timed {
        let place = counted.iter().rposition(|c| key(c).1 <= key(&item).1).map_or(0, |p| p + 1);
        counted.insert(place, item);
    }
    counted
}

/// Folds the steps. `registered`: the receiver has made an errand. `withdrawn_at`: the resident took her case back.
pub(super) fn standing(registered: bool, steps: &[Step], withdrawn_at: Option<At>) -> Standing {
    let mut now = Standing {
        status: if registered { PortalStatus::Registered } else { PortalStatus::Received },
        since: None,
        closed: None,
        counted: BTreeSet::new(),
    };
    let mut withdrawal = withdrawn_at;
    for step in in_order(steps, |s| (s.sequence, s.time, s.row)) {
        if withdrawal.is_some_and(|at| at < step.time) {
            withdraw(&mut now, withdrawal.take());
        }
        let closed = now.status.is_terminal();
        match step.change {
            Change::Unmapped => continue,
            Change::Reopened => (now.status, now.since, now.closed) = (PortalStatus::InProgress, Some(step.time), None),
            _ if closed => continue,
            Change::To(status) if step.stale && !status.is_terminal() => {}
            Change::To(status) => (now.status, now.since) = (status, Some(step.time)),
            Change::Closed(status, outcome, at) => {
                (now.status, now.since, now.closed) = (status, Some(step.time), Some((outcome, at)));
            }
        }
        now.counted.insert(step.row);
    }
    withdraw(&mut now, withdrawal);
    now
}

fn withdraw(now: &mut Standing, at: Option<At>) {
    if let Some(at) = at
        && !now.status.is_terminal()
    {
        (now.status, now.since) = (PortalStatus::Withdrawn, Some(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(sequence: i64, change: Change) -> Step {
        Step { row: sequence, sequence: Some(sequence), time: At::from_seconds(sequence * 60), change, stale: false }
    }
    const CLOSED: Change = Change::Closed(PortalStatus::Closed, Outcome::Approved, At::EPOCH);
    const WORK: Change = Change::To(PortalStatus::InProgress);

    #[test]
    fn a_closed_case_is_left_only_by_reopening() {
        let ignored = standing(true, &[step(5, CLOSED), step(7, WORK)], None);
        assert_eq!((ignored.status, ignored.counted.contains(&7)), (PortalStatus::Closed, false));
        let open = standing(
            true,
            &[step(5, CLOSED), step(7, Change::To(PortalStatus::Paused)), step(6, Change::Reopened)],
            None,
        );
        assert_eq!((open.status, open.closed), (PortalStatus::Paused, None));
    }

    #[test]
    fn what_the_resident_withdrew_stays_withdrawn_until_it_is_reopened() {
        let at = Some(At::from_seconds(150));
        assert_eq!(standing(true, &[step(1, WORK), step(3, CLOSED)], at).status, PortalStatus::Withdrawn);
        assert_eq!(standing(true, &[step(3, Change::Reopened), step(1, WORK)], at).status, PortalStatus::InProgress);
        assert_eq!(standing(false, &[], at).status, PortalStatus::Withdrawn);
    }

    #[test]
    fn events_without_a_counter_are_put_in_by_their_time() {
        let timed = Step { sequence: None, row: 9, time: At::from_seconds(90), ..step(1, WORK) };
        let order: Vec<i64> = in_order(&[step(2, WORK), timed, step(1, WORK)], |s| (s.sequence, s.time, s.row))
            .iter()
            .map(|s| s.row)
            .collect();
        assert_eq!(order, [1, 9, 2]);
    }
}
