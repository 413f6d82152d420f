//! All SQL of looking at what has come from receivers.

use super::inspect::{EventWish, UnmappedCode};
use super::model::*;
use crate::db::schema::{case_events, inbound_events};
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, TargetSlug};
use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;

/// Codes shown at most: whoever has more has no table at all.
const MOST_CODES: i64 = 200;

pub(super) fn page(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    wish: &EventWish,
    limit: i64,
) -> Result<Vec<InboundEvent>, DbError> {
    use inbound_events as i;
    let mut query = i::table
        .filter(i::municipality.eq(municipality))
        .order(i::seq.desc())
        .limit(limit)
        .select(InboundEvent::as_select())
        .into_boxed();
    if let Some(fate) = wish.fate {
        query = query.filter(i::outcome.eq(fate));
    }
    if let Some(case) = &wish.case {
        query = query.filter(i::case_id.eq(case.clone()));
    }
    if let Some(target) = &wish.target {
        query = query.filter(i::target.eq(target.clone()));
    }
    if let Some(from) = wish.from {
        query = query.filter(i::received_at.ge(from));
    }
    if let Some(until) = wish.until {
        query = query.filter(i::received_at.lt(until));
    }
    if let Some(before) = wish.before {
        query = query.filter(i::seq.lt(before));
    }
    Ok(query.load(conn)?)
}

pub(super) fn by_seq(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    seq: i64,
) -> Result<Option<InboundEvent>, DbError> {
    use inbound_events as i;
    let own = i::table.filter(i::seq.eq(seq)).filter(i::municipality.eq(municipality));
    Ok(own.select(InboundEvent::as_select()).first(conn).optional()?)
}

pub(super) fn counts(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    fates: &[Fate],
) -> Result<Vec<(Fate, i64)>, DbError> {
    use inbound_events as i;
    Ok(i::table
        .filter(i::municipality.eq(municipality))
        .filter(i::outcome.eq_any(fates.to_vec()))
        .group_by(i::outcome)
        .select((i::outcome, count_star()))
        .load(conn)?)
}

pub(super) fn unmapped(conn: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<UnmappedCode>, DbError> {
    use inbound_events as i;
    type Grouped = (TargetSlug, String, Option<String>, i64, Option<i64>, Option<At>);
    let rows: Vec<Grouped> = i::table
        .filter(i::municipality.eq(municipality))
        .filter(i::outcome.eq(Fate::Unmapped))
        .group_by((i::target, i::kind, i::external_code))
        .order(count_star().desc())
        .limit(MOST_CODES)
        .select((i::target, i::kind, i::external_code, count_star(), min(i::seq), max(i::received_at)))
        .load(conn)?;
    let read = |(target, kind, code, count, first, last_at): Grouped| {
        Some(UnmappedCode { target, kind, code, count, first: first?, last_at: last_at? })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Events of a case from its own receiver that are not waiting, by arrival.
pub(super) fn heard(conn: &mut Conn, case: &Case) -> Result<Vec<InboundEvent>, DbError> {
    use inbound_events as i;
    Ok(i::table
        .filter(i::case_id.eq(case.id.as_str()))
        .filter(i::municipality.eq(&case.municipality))
        .filter(i::target.eq(&case.target))
        .filter(i::outcome.ne_all([Fate::Parked, Fate::Dead]))
        .order(i::seq)
        .select(InboundEvent::as_select())
        .load(conn)?)
}

pub(super) fn timeline_row(conn: &mut Conn, case: &CaseId, key: &str) -> Result<Option<(EventKind, bool)>, DbError> {
    use case_events as e;
    let row = e::table.filter(e::case_id.eq(case)).filter(e::event_key.eq(key));
    Ok(row.select((e::kind, e::visible)).first(conn).optional()?)
}
