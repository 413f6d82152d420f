//! All SQL of what receivers have sent: every event as it came, and what became of it.

use super::model::*;
use crate::contract::PortalStatus;
use crate::db::schema::inbound_events;
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, TargetSlug};
use diesel::prelude::*;

/// An event to keep.
pub(super) struct NewInbound<'a> {
    pub municipality: &'a MunicipalitySlug,
    pub target: &'a TargetSlug,
    pub event: &'a crate::contract::CloudEvent,
    pub kind: &'a str,
    pub aspect: &'a str,
    pub sequence: Option<i64>,
    pub external_code: Option<&'a str>,
    pub sha256: &'a str,
    pub fate: Fate,
}

/// Its number, or `None` when one with the same source and id is there.
pub(super) fn add_inbound(conn: &mut Conn, new: &NewInbound<'_>, now: At) -> Result<Option<i64>, DbError> {
    use inbound_events as i;
    Ok(diesel::insert_into(i::table)
        .values((
            i::municipality.eq(new.municipality),
            i::source.eq(&new.event.source),
            i::event_id.eq(&new.event.id),
            i::target.eq(new.target),
            i::case_id.eq(&new.event.subject),
            i::kind.eq(new.kind),
            i::aspect.eq(new.aspect),
            i::sequence.eq(new.sequence),
            i::time.eq(new.event.time),
            i::replay.eq(new.event.replay),
            i::body.eq(Doc(new.event.clone())),
            i::body_sha256.eq(new.sha256),
            i::outcome.eq(new.fate),
            i::external_code.eq(new.external_code),
            i::received_at.eq(now),
        ))
        .on_conflict((i::municipality, i::source, i::event_id))
        .do_nothing()
        .returning(i::seq)
        .each()
        .get_result(conn)
        .optional()?)
}

/// The hash of the event with this source and id.
pub(super) fn inbound_sha256(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    source: &str,
    id: &str,
) -> Result<Option<String>, DbError> {
    use inbound_events as i;
    Ok(i::table
        .filter(i::municipality.eq(municipality))
        .filter(i::source.eq(source))
        .filter(i::event_id.eq(id))
        .select(i::body_sha256)
        .first(conn)
        .optional()?)
}

pub(super) fn set_fate(conn: &mut Conn, seq: i64, fate: Fate, status: Option<PortalStatus>) -> Result<(), DbError> {
    use inbound_events as i;
    diesel::update(i::table.find(seq)).set(i::outcome.eq(fate)).execute(conn)?;
    if let Some(status) = status {
        diesel::update(i::table.find(seq)).set(i::portal_status.eq(status)).execute(conn)?;
    }
    Ok(())
}

/// Events of a case in one aspect that are not waiting, by arrival.
pub(super) fn in_aspect(conn: &mut Conn, case: &CaseId, aspect: &str) -> Result<Vec<InboundEvent>, DbError> {
    use inbound_events as i;
    Ok(i::table
        .filter(i::case_id.eq(case.as_str()))
        .filter(i::aspect.eq(aspect))
        .filter(i::outcome.ne_all([Fate::Parked, Fate::Dead]))
        .order(i::seq)
        .select(InboundEvent::as_select())
        .load(conn)?)
}

/// Events of a case of these kinds that are not waiting, by arrival.
pub(super) fn of_kinds(conn: &mut Conn, case: &CaseId, kinds: &[&str]) -> Result<Vec<InboundEvent>, DbError> {
    use inbound_events as i;
    Ok(i::table
        .filter(i::case_id.eq(case.as_str()))
        .filter(i::kind.eq_any(kinds.to_vec()))
        .filter(i::outcome.ne_all([Fate::Parked, Fate::Dead]))
        .order(i::seq)
        .select(InboundEvent::as_select())
        .load(conn)?)
}

/// The event is heard, and nobody is told of it.
pub(super) fn silence(conn: &mut Conn, seq: i64) -> Result<(), DbError> {
    use inbound_events as i;
    diesel::update(i::table.find(seq)).set(i::replay.eq(true)).execute(conn)?;
    Ok(())
}

/// Events that wait for a case to become known, by arrival.
pub(super) fn waiting_for(conn: &mut Conn, case: &Case) -> Result<Vec<InboundEvent>, DbError> {
    use inbound_events as i;
    Ok(i::table
        .filter(i::case_id.eq(case.id.as_str()))
        .filter(i::municipality.eq(&case.municipality))
        .filter(i::target.eq(&case.target))
        .filter(i::outcome.eq_any([Fate::Parked, Fate::Dead]))
        .order(i::seq)
        .select(InboundEvent::as_select())
        .load(conn)?)
}

/// Parked events older than `before` become dead; how many.
pub(super) fn bury_parked(conn: &mut Conn, before: At) -> Result<usize, DbError> {
    use inbound_events as i;
    Ok(diesel::update(i::table.filter(i::outcome.eq(Fate::Parked)).filter(i::received_at.lt(before)))
        .set(i::outcome.eq(Fate::Dead))
        .execute(conn)?)
}

/// Events of a fate, oldest first.
pub(super) fn by_fate(
    conn: &mut Conn,
    municipality: Option<&MunicipalitySlug>,
    fates: &[Fate],
    limit: i64,
) -> Result<Vec<InboundEvent>, DbError> {
    use inbound_events as i;
    let mut query = i::table
        .filter(i::outcome.eq_any(fates.to_vec()))
        .order(i::seq)
        .limit(limit)
        .select(InboundEvent::as_select())
        .into_boxed();
    if let Some(slug) = municipality {
        query = query.filter(i::municipality.eq(slug));
    }
    Ok(query.load(conn)?)
}

/// The highest counter that came for a case.
pub(super) fn last_sequence(conn: &mut Conn, case: &CaseId) -> Result<Option<i64>, DbError> {
    use inbound_events as i;
    let own = i::table.filter(i::case_id.eq(case.as_str()));
    Ok(own.select(diesel::dsl::max(i::sequence)).first(conn)?)
}
