//! Days: until when a resident may answer, and when she may expect a decision (förvaltningslagen 11 §).

use super::assign::{about, note, open_and_live};
use super::message::LONGEST;
use super::store::{self, Patch};
use super::{Act, ErrandFault};
use crate::contract::{DueDateChanged, EventData};
use crate::db::Conn;
use crate::desk::journal::Happening;
use crate::desk::portal_link;
use crate::vocabulary::{At, Day, SWEDEN};
use serde_json::json;

/// A day is at most so far ahead: what is further is a slip of the pen.
const FURTHEST_DAYS: i64 = 3 * 366;

/// A day from today on. `None` when it is none, or too far away.
pub fn day_ahead(text: &str, now: At) -> Option<Day> {
    let day: Day = text.trim().parse().ok()?;
    (now.day()..=now.plus_days(FURTHEST_DAYS).day()).contains(&day).then_some(day)
}

/// The last second of a day in Sweden.
pub fn end_of(day: Day) -> Option<At> {
    let last = day.at(23, 59, 59, 0).to_zoned(SWEDEN.clone()).ok()?;
    Some(At::from_seconds(last.timestamp().as_second()))
}

/// Says when a decision is to be expected, and why; an empty day takes the promise back.
pub fn set_due(c: &mut Conn, act: &Act<'_>, due: &str, reason: &str) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    let reason = reason.trim();
    let day = day_ahead(due, act.now);
    // There is no promise to take back before the first.
    if day.is_none() && (!due.trim().is_empty() || errand.due_on.is_none()) {
        return Err(ErrandFault::Invalid("due", "desk-due-invalid"));
    }
    // The first promise speaks for itself; a new one has its reason.
    if reason.is_empty() && errand.due_on.is_some() {
        return Err(ErrandFault::Invalid("reason", "desk-due-reason-empty"));
    }
    if reason.chars().count() > LONGEST {
        return Err(ErrandFault::Invalid("reason", "desk-text-long-10000"));
    }
    let reason = Some(reason.to_owned()).filter(|words| !words.is_empty());
    let patch =
        Patch { due_on: Some(day.map(|d| d.to_string())), due_reason: Some(reason.clone()), ..Patch::default() };
    let advanced = store::advance(c, &errand, Some(act.version), patch, 1, act.now)?;
    let data = EventData::DueDateChanged(DueDateChanged { due_date: day, reason, legal_basis: None });
    portal_link::announce(c, &about(&errand), advanced.first, &data, act.now)?;
    let detail = json!({ "day": day.map_or_else(|| "none".to_owned(), |d| d.to_string()) });
    note(c, act, &errand, Happening::Due, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_when_it_ends_in_sweden() {
        let end = |day: &str| end_of(day.parse().unwrap()).unwrap().rfc3339();
        assert_eq!(end("2026-03-23"), "2026-03-23T22:59:59Z");
        assert_eq!(end("2026-06-23"), "2026-06-23T21:59:59Z");
        let now = "2026-03-22T23:30:00Z".parse().unwrap();
        assert!(day_ahead("2026-03-23", now).is_some(), "today in Sweden");
        for text in ["2026-03-22", "2036-03-23", "23/3", ""] {
            assert_eq!(day_ahead(text, now), None, "{text}");
        }
    }
}
