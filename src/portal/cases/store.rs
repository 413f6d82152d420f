//! All SQL of cases.

use super::model::*;
use crate::contract::{DecisionMade, DeliveryKind, NextMove, Outcome, PortalStatus};
use crate::db::schema::{case_decisions, case_events, case_messages, cases};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, FileId, MessageId, MunicipalitySlug, PartyId, Reference, TargetSlug};
use diesel::prelude::*;

/// Statuses in which there is a decision already.
pub(super) const DECIDED: &[PortalStatus] = &[PortalStatus::Decided, PortalStatus::Appealed, PortalStatus::Enforced];
const TERMINAL: &[PortalStatus] =
    &[PortalStatus::Closed, PortalStatus::Withdrawn, PortalStatus::Transferred, PortalStatus::RejectedFormally];

/// Inserts unless the reference is taken; false when it was.
pub(super) fn insert(conn: &mut Conn, case: &NewCase, reference: &Reference) -> Result<bool, DbError> {
    use cases as c;
    let row = (
        c::id.eq(&case.id),
        c::municipality.eq(&case.municipality),
        c::reference.eq(reference),
        c::party_id.eq(&case.party_id),
        c::browser_hash.eq(&case.browser_hash),
        c::submission_id.eq(&case.submission_id),
        c::service.eq(&case.service),
        c::title.eq(&case.title),
        c::target.eq(&case.target),
        c::case_type.eq(&case.case_type),
        c::appeal_regime.eq(&case.appeal_regime),
        c::sensitivity.eq(&case.sensitivity),
        c::protected.eq(case.protected),
        c::status.eq(PortalStatus::Received),
        c::next_move.eq(NextMove::Municipality),
        c::unit.eq(&case.unit),
        c::email.eq(&case.email),
        c::phone.eq(&case.phone),
        c::channel.eq(&case.channel),
        c::language.eq(&case.language),
        c::received_at.eq(case.received_at),
        c::updated_at.eq(case.received_at),
        c::seen_at.eq(case.received_at),
    );
    let n = diesel::insert_into(c::table)
        .values(row)
        .on_conflict((c::municipality, c::reference))
        .do_nothing()
        .each()
        .execute(conn)?;
    Ok(n == 1)
}

/// The case with its row locked until the transaction ends; `None` when this municipality and target have no such case.
pub(super) fn lock(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: Option<&TargetSlug>,
    id: &CaseId,
) -> Result<Option<Case>, DbError> {
    use cases as c;
    // A plain read would not hold a second event of the case back on PostgreSQL.
    let found: Option<Case> = diesel::update(c::table.filter(c::id.eq(id)).filter(c::municipality.eq(municipality)))
        .set(c::updated_at.eq(c::updated_at))
        .returning(c::all_columns)
        .get_result(conn)
        .optional()?;
    Ok(found.filter(|case| target.is_none_or(|t| *t == case.target)))
}

/// By id within a municipality.
pub(super) fn find(conn: &mut Conn, municipality: &MunicipalitySlug, id: &CaseId) -> Result<Option<Case>, DbError> {
    use cases as c;
    Ok(c::table
        .filter(c::id.eq(id))
        .filter(c::municipality.eq(municipality))
        .select(Case::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn by_external_id(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    external: &str,
    offset: i64,
    limit: i64,
) -> Result<Vec<Case>, DbError> {
    use cases as c;
    Ok(c::table
        .filter(c::municipality.eq(municipality))
        .filter(c::target.eq(target))
        .filter(c::external_case_id.eq(external))
        .order(c::id)
        .offset(offset)
        .limit(limit)
        .select(Case::as_select())
        .load(conn)?)
}

/// By reference, whoever asks.
pub(super) fn find_by_reference(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    reference: &Reference,
) -> Result<Option<Case>, DbError> {
    use cases as c;
    Ok(c::table
        .filter(c::municipality.eq(municipality))
        .filter(c::reference.eq(reference))
        .select(Case::as_select())
        .first(conn)
        .optional()?)
}

/// A person's cases, newest first, from before the one at a moment.
pub(super) fn list(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    party: &PartyId,
    before: Option<(At, CaseId)>,
    limit: i64,
) -> Result<Vec<Case>, DbError> {
    use cases as c;
    let mut query = c::table
        .filter(c::municipality.eq(municipality))
        .filter(c::party_id.eq(party))
        .order((c::received_at.desc(), c::id.desc()))
        .limit(limit)
        .select(Case::as_select())
        .into_boxed();
    if let Some((at, id)) = before {
        query = query.filter(c::received_at.lt(at).or(c::received_at.eq(at).and(c::id.lt(id))));
    }
    Ok(query.load(conn)?)
}

/// What the events of a case came to.
pub(super) struct Projection {
    pub status: PortalStatus,
    pub next_move: NextMove,
    pub outcome: Option<Outcome>,
    pub closed_at: Option<At>,
    pub answer_by: Option<At>,
}

pub(super) fn project(conn: &mut Conn, id: &CaseId, p: &Projection) -> Result<(), DbError> {
    use cases as c;
    diesel::update(c::table.find(id))
        .set((
            c::status.eq(p.status),
            c::next_move.eq(p.next_move),
            c::outcome.eq(p.outcome),
            c::closed_at.eq(p.closed_at),
            c::answer_by.eq(p.answer_by),
        ))
        .execute(conn)?;
    Ok(())
}

/// Something that she can see has changed.
pub(super) fn touch(conn: &mut Conn, id: &CaseId, now: At) -> Result<(), DbError> {
    diesel::update(cases::table.find(id)).set(cases::updated_at.eq(now)).execute(conn)?;
    Ok(())
}

pub(super) fn set_identity(
    conn: &mut Conn,
    id: &CaseId,
    external_case_id: &str,
    diary_number: Option<&str>,
    unit: Option<&str>,
) -> Result<(), DbError> {
    use cases as c;
    diesel::update(c::table.find(id)).set(c::external_case_id.eq(external_case_id)).execute(conn)?;
    if let Some(number) = diary_number {
        diesel::update(c::table.find(id)).set(c::diary_number.eq(number)).execute(conn)?;
    }
    if let Some(unit) = unit {
        diesel::update(c::table.find(id)).set(c::unit.eq(unit)).execute(conn)?;
    }
    Ok(())
}

pub(super) fn set_handler(
    conn: &mut Conn,
    id: &CaseId,
    handler: Option<Handler>,
    unit: Option<&str>,
) -> Result<(), DbError> {
    use cases as c;
    diesel::update(c::table.find(id)).set(c::handler.eq(handler.map(Doc))).execute(conn)?;
    if let Some(unit) = unit {
        diesel::update(c::table.find(id)).set(c::unit.eq(unit)).execute(conn)?;
    }
    Ok(())
}

pub(super) fn set_due(conn: &mut Conn, id: &CaseId, due: Option<Due>) -> Result<(), DbError> {
    diesel::update(cases::table.find(id)).set(cases::due.eq(due.map(Doc))).execute(conn)?;
    Ok(())
}

/// She has looked; also at every message.
pub(super) fn mark_seen(conn: &mut Conn, id: &CaseId, now: At) -> Result<(), DbError> {
    use case_messages as m;
    diesel::update(cases::table.find(id)).set(cases::seen_at.eq(now)).execute(conn)?;
    diesel::update(
        m::table.filter(m::case_id.eq(id)).filter(m::direction.eq(Direction::ToResident)).filter(m::read_at.is_null()),
    )
    .set(m::read_at.eq(now))
    .execute(conn)?;
    Ok(())
}

/// True when it was open and undecided a moment ago and is withdrawn now.
pub(super) fn withdraw(conn: &mut Conn, id: &CaseId, now: At) -> Result<bool, DbError> {
    use cases as c;
    let closed: Vec<PortalStatus> = TERMINAL.iter().chain(DECIDED).copied().collect();
    let n = diesel::update(
        c::table.filter(c::id.eq(id)).filter(c::status.ne_all(closed)).filter(c::withdrawn_at.is_null()),
    )
    .set((
        c::status.eq(PortalStatus::Withdrawn),
        c::next_move.eq(NextMove::Nobody),
        c::withdrawn_at.eq(now),
        c::updated_at.eq(now),
    ))
    .execute(conn)?;
    Ok(n == 1)
}

/// A row of the timeline to write.
pub(super) struct NewEvent<'a> {
    pub kind: EventKind,
    pub at: At,
    pub sequence: Option<i64>,
    pub key: &'a str,
    pub visible: bool,
    pub data: EventData,
}

/// Inserts once for each key.
pub(super) fn add_event(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    event: NewEvent<'_>,
    now: At,
) -> Result<(), DbError> {
    use case_events as e;
    diesel::insert_into(e::table)
        .values((
            e::municipality.eq(municipality),
            e::case_id.eq(case),
            e::kind.eq(event.kind),
            e::at.eq(event.at),
            e::recorded_at.eq(now),
            e::sequence.eq(event.sequence),
            e::event_key.eq(event.key),
            e::visible.eq(event.visible),
            e::data.eq(Doc(event.data)),
        ))
        .on_conflict((e::case_id, e::event_key))
        .do_nothing()
        .each()
        .execute(conn)?;
    Ok(())
}

pub(super) fn show_event(conn: &mut Conn, case: &CaseId, key: &str, visible: bool) -> Result<(), DbError> {
    use case_events as e;
    diesel::update(e::table.filter(e::case_id.eq(case)).filter(e::event_key.eq(key)))
        .set(e::visible.eq(visible))
        .execute(conn)?;
    Ok(())
}

/// What the resident sees, newest first.
pub(super) fn timeline(conn: &mut Conn, case: &CaseId) -> Result<Vec<TimelineEvent>, DbError> {
    use case_events as e;
    let mut rows: Vec<TimelineEvent> = e::table
        .filter(e::case_id.eq(case))
        .filter(e::visible.eq(true))
        .order(e::seq)
        .select(TimelineEvent::as_select())
        .load(conn)?;
    // Here and not in SQL: the databases sort NULL at different ends.
    rows.sort_by_key(|r| std::cmp::Reverse((r.at, r.sequence, r.seq)));
    Ok(rows)
}

/// A message to write.
pub(super) struct NewMessage<'a> {
    pub direction: Direction,
    pub external_id: &'a str,
    pub author: &'a str,
    pub text: &'a str,
    pub at: At,
    pub allow_reply: bool,
    pub documents: Vec<FileId>,
    pub kind: DeliveryKind,
    pub about: Option<&'a str>,
    pub opening: Option<&'a str>,
    pub conversation: Option<&'a str>,
    pub day_only: bool,
}

/// False when the case has a message with this id from this side already.
pub(super) fn add_message(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    id: MessageId,
    message: NewMessage<'_>,
) -> Result<bool, DbError> {
    use case_messages as m;
    let n = diesel::insert_into(m::table)
        .values((
            m::id.eq(id),
            m::municipality.eq(municipality),
            m::case_id.eq(case),
            m::direction.eq(message.direction),
            m::external_id.eq(message.external_id),
            m::author.eq(message.author),
            m::text.eq(message.text),
            m::at.eq(message.at),
            m::allow_reply.eq(message.allow_reply),
            m::documents.eq(Doc(message.documents)),
            m::kind.eq(message.kind),
            m::about.eq(message.about),
            m::opening.eq(message.opening),
            m::conversation.eq(message.conversation),
            m::day_only.eq(message.day_only),
        ))
        .on_conflict((m::case_id, m::direction, m::external_id))
        .do_nothing()
        .each()
        .execute(conn)?;
    Ok(n == 1)
}

/// Takes a receiver's message out, for another event with the same id of it to take its place.
pub(super) fn remove_message(conn: &mut Conn, case: &CaseId, external_id: &str) -> Result<(), DbError> {
    use case_messages as m;
    let theirs = m::table.filter(m::case_id.eq(case)).filter(m::direction.eq(Direction::ToResident));
    diesel::delete(theirs.filter(m::external_id.eq(external_id))).execute(conn)?;
    Ok(())
}

/// What she answered with: the events that asked, of one request.
pub(super) fn answered(
    conn: &mut Conn,
    case: &CaseId,
    kind: DeliveryKind,
    about: &str,
) -> Result<Vec<Option<String>>, DbError> {
    use case_messages as m;
    let hers = m::table.filter(m::case_id.eq(case)).filter(m::direction.eq(Direction::FromResident));
    Ok(hers.filter(m::kind.eq(kind)).filter(m::about.eq(about)).select(m::opening).load(conn)?)
}

/// Oldest first.
pub(super) fn messages(conn: &mut Conn, case: &CaseId) -> Result<Vec<Message>, DbError> {
    use case_messages as m;
    Ok(m::table.filter(m::case_id.eq(case)).order((m::at, m::id)).select(Message::as_select()).load(conn)?)
}

/// The newest messages to a person over all her cases, with the case's reference and title.
pub(super) fn messages_for(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    party: &PartyId,
    limit: i64,
) -> Result<Vec<(Message, Reference, String)>, DbError> {
    use {case_messages as m, cases as c};
    Ok(m::table
        .inner_join(c::table.on(c::id.eq(m::case_id)))
        .filter(c::municipality.eq(municipality))
        .filter(c::party_id.eq(party))
        .order((m::at.desc(), m::id.desc()))
        .limit(limit)
        .select((Message::as_select(), c::reference, c::title))
        .load(conn)?)
}

/// When she last wrote.
pub(super) fn last_own_message(conn: &mut Conn, case: &CaseId) -> Result<Option<At>, DbError> {
    use case_messages as m;
    Ok(m::table
        .filter(m::case_id.eq(case))
        .filter(m::direction.eq(Direction::FromResident))
        .order(m::at.desc())
        .select(m::at)
        .first(conn)
        .optional()?)
}

/// Puts a version of a decision, in the place of what another event said of the same version.
pub(super) fn put_decision(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    decision: &DecisionMade,
) -> Result<(), DbError> {
    use case_decisions as d;
    diesel::insert_into(d::table)
        .values((
            d::municipality.eq(municipality),
            d::case_id.eq(case),
            d::decision_id.eq(&decision.decision_id),
            d::version.eq(i32::try_from(decision.version).unwrap_or(i32::MAX)),
            d::data.eq(Doc(decision.clone())),
            d::decided_at.eq(decision.decided_at),
        ))
        .on_conflict((d::case_id, d::decision_id, d::version))
        .do_update()
        .set((d::data.eq(Doc(decision.clone())), d::decided_at.eq(decision.decided_at)))
        .each()
        .execute(conn)?;
    Ok(())
}

/// When she took part of a decision, in all its versions, as the receiver says.
pub(super) fn set_served(conn: &mut Conn, case: &CaseId, decision: &str, at: Option<At>) -> Result<(), DbError> {
    use case_decisions as d;
    let row = d::table.filter(d::case_id.eq(case)).filter(d::decision_id.eq(decision));
    diesel::update(row).set(d::served_at.eq(at)).execute(conn)?;
    Ok(())
}

/// She says that she has taken part of this version. False when she had said so before.
pub(super) fn confirm_decision(
    conn: &mut Conn,
    case: &CaseId,
    decision: &str,
    version: i32,
    now: At,
) -> Result<bool, DbError> {
    use case_decisions as d;
    let row = d::table.find((case, decision, version)).filter(d::confirmed_at.is_null());
    Ok(diesel::update(row).set(d::confirmed_at.eq(now)).execute(conn)? == 1)
}

/// Each decision in its highest version, newest first.
pub(super) fn decisions(conn: &mut Conn, case: &CaseId) -> Result<Vec<Decision>, DbError> {
    use case_decisions as d;
    let rows: Vec<Decision> = d::table
        .filter(d::case_id.eq(case))
        .order((d::decision_id, d::version.desc()))
        .select(Decision::as_select())
        .load(conn)?;
    let mut highest: Vec<Decision> = Vec::new();
    for row in rows {
        if highest.last().is_none_or(|h| h.decision_id != row.decision_id) {
            highest.push(row);
        }
    }
    highest.sort_by_key(|d| std::cmp::Reverse(d.decided_at));
    Ok(highest)
}

/// The browser has a new token: the anonymous cases whose receipt page it may see follow.
pub(super) fn follow_browser(conn: &mut Conn, old: &str, new: &str) -> Result<(), DbError> {
    diesel::update(cases::table.filter(cases::browser_hash.eq(old)))
        .set(cases::browser_hash.eq(Some(new)))
        .execute(conn)?;
    Ok(())
}
