//! What has come from receivers, for those who run the system: looking at it, and hearing it anew.

use super::apply::{Row, key, rerun_parked};
use super::effects::take_effect;
use super::mapping::StatusMappings;
use super::model::*;
use super::{inbound_store, inspect_store, store};
use crate::db::{Conn, DbError};
use crate::portal::notifications;
use crate::vocabulary::{At, CaseId, MunicipalitySlug, Reference, TargetSlug};

/// Which events are looked for; what is `None` makes no difference.
#[derive(Clone, Debug, Default)]
pub struct EventWish {
    /// What became of them.
    pub fate: Option<Fate>,
    /// The case that they name, known or not.
    pub case: Option<String>,
    /// Who sent them.
    pub target: Option<TargetSlug>,
    /// Received from here.
    pub from: Option<At>,
    /// Received before this.
    pub until: Option<At>,
    /// The last number of the page before.
    pub before: Option<i64>,
}

/// A code that has no row in the table, or a kind of event that was held for staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmappedCode {
    /// Who sent it.
    pub target: TargetSlug,
    /// In which kind of event.
    pub kind: String,
    /// The receiver's code, where the event has one.
    pub code: Option<String>,
    /// How many wait.
    pub count: i64,
    /// Number of the event that came first.
    pub first: i64,
    /// When the last one came.
    pub last_at: At,
}

/// Events as wished, newest first.
pub fn events(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    wish: &EventWish,
    limit: i64,
) -> Result<Vec<InboundEvent>, DbError> {
    inspect_store::page(conn, municipality, wish, limit)
}

/// One event, by its number here.
pub fn event(conn: &mut Conn, municipality: &MunicipalitySlug, seq: i64) -> Result<Option<InboundEvent>, DbError> {
    inspect_store::by_seq(conn, municipality, seq)
}

/// How many events there are of each of these fates.
pub fn count_events(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    fates: &[Fate],
) -> Result<Vec<(Fate, i64)>, DbError> {
    inspect_store::counts(conn, municipality, fates)
}

/// What waits for a row in the table, or for a person, the most frequent first.
pub fn unmapped_codes(conn: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<UnmappedCode>, DbError> {
    inspect_store::unmapped(conn, municipality)
}

/// What an event has put in the timeline of its case, and whether the resident sees it.
pub fn written_by(conn: &mut Conn, case: &CaseId, event: &InboundEvent) -> Result<Option<(EventKind, bool)>, DbError> {
    inspect_store::timeline_row(conn, case, &key(&event.body.0))
}

/// By what the resident was given, whoever asks: for staff.
pub fn by_reference(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    reference: &Reference,
) -> Result<Option<Case>, DbError> {
    store::find_by_reference(conn, municipality, reference)
}

/// Applies what waited for a case, when the case has become known as its receiver's; how many. `None`: it has not.
pub fn run_waiting(
    conn: &mut Conn,
    mappings: &StatusMappings,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    now: At,
) -> Result<Option<usize>, DbError> {
    let known = store::find(conn, municipality, case)?.is_some_and(|case| case.external_case_id.is_some());
    Ok(if known { Some(rerun_parked(conn, mappings, municipality, case, now)?) } else { None })
}

/// Hears all stored events of a case once more in the order in which they came, with the table of today: what is shown is
/// computed anew from them. Nobody is told of anything, and nothing becomes unread. How many; `None`: no such case.
pub fn replay(
    conn: &mut Conn,
    mappings: &StatusMappings,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    now: At,
) -> Result<Option<usize>, DbError> {
    let Some(case) = store::lock(conn, municipality, None, case)? else { return Ok(None) };
    let rows = inspect_store::heard(conn, &case)?;
    // What she has not been told yet she is still to be told: on the way through, one event overtakes another.
    let letters = notifications::unsent(conn, &case.id)?;
    for row in &rows {
        inbound_store::silence(conn, row.seq)?;
        // As if it had not come, so that each meets what had come before it the first time.
        inbound_store::set_fate(conn, row.seq, Fate::Parked, None)?;
    }
    let mut heard = 0;
    for row in &rows {
        let Ok(said) = row.body.0.read() else {
            inbound_store::set_fate(conn, row.seq, row.outcome, None)?;
            continue;
        };
        inbound_store::set_fate(conn, row.seq, Fate::Applied, None)?;
        let mark = Row { seq: row.seq, sequence: row.sequence, event: &row.body.0 };
        let taken = take_effect(conn, mappings, &case, &mark, &said, now)?;
        inbound_store::set_fate(conn, row.seq, taken.fate, taken.status)?;
        heard += 1;
    }
    notifications::put_back(conn, municipality, &case.id, &letters)?;
    store::touch(conn, &case.id, case.updated_at)?;
    Ok(Some(heard))
}
