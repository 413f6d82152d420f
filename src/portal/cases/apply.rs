//! Applying a receiver's events. State (status, handler) is computed from everything that came, so that interleaving,
//! repetition and reordering make no difference; what is additive is keyed on its own id.

use super::fold::{Change, Standing, Step, in_order, standing};
use super::mapping::StatusMappings;
use super::model::*;
use super::{inbound_store, store};
use crate::contract::{
    Closed, CloudEvent, DecisionMade, EventData as Said, EventOutcome, EventResult, MessageSent, PortalStatus,
    ProblemCode, Registered, StatusChanged, UnitRef, sequence_number, sequence_text,
};
use crate::db::{Conn, DbError};
use crate::portal::notifications::{self, News};
use crate::settings::sha256_hex;
use crate::vocabulary::{At, CaseId, FileId, MessageId, MunicipalitySlug, TargetSlug};

/// How far ahead a sender's clock may be. Seconds.
const AHEAD: i64 = 300;
/// How long an event waits for its case: the answer to the delivery may be on its way. Seconds.
const PARKED: i64 = 900;

/// Who sends, as its signature proved.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Whose target.
    pub municipality: MunicipalitySlug,
    /// Which.
    pub target: TargetSlug,
    /// Address for problem types.
    pub base: String,
}

/// What an event came to.
struct Taken {
    fate: Fate,
    /// The table's status, for the status aspect.
    status: Option<PortalStatus>,
    /// The newest in the aspect, when this one is older.
    newest: Option<i64>,
}

impl Taken {
    fn applied() -> Self {
        Taken { fate: Fate::Applied, status: None, newest: None }
    }
    fn stale(newest: Option<i64>) -> Self {
        Taken { fate: Fate::Stale, status: None, newest }
    }
}

/// Applies one event, in a transaction of its own or of a batch; what became of it is its answer.
pub fn apply(
    conn: &mut Conn,
    sender: &Sender,
    mappings: &StatusMappings,
    event: &CloudEvent,
    now: At,
) -> Result<EventResult, DbError> {
    let refuse = |code: ProblemCode, detail: &str| {
        let mut result = answer(event, EventOutcome::Rejected, None);
        result.problem = Some(code.problem(&sender.base, Some(detail.to_owned())));
        Ok(result)
    };
    if event.time > now.plus_seconds(AHEAD) {
        return refuse(ProblemCode::TimeInFuture, "time");
    }
    if event.specversion != "1.0" || event.id.is_empty() || event.source.is_empty() || event.subject.is_empty() {
        return refuse(ProblemCode::SchemaViolation, "specversion, id, source, subject");
    }
    let sequence = match event.sequence.as_deref() {
        None => None,
        Some(text) => match sequence_number(text).and_then(|n| i64::try_from(n).ok()) {
            Some(n) => Some(n),
            None => return refuse(ProblemCode::SequenceMalformed, "sequence"),
        },
    };
    let said = match event.read() {
        Ok(said) if !is_not_shown_yet(&said) => said,
        _ => return refuse(ProblemCode::SchemaViolation, "type, data"),
    };
    let body = match serde_json::to_vec(event) {
        Ok(body) => body,
        Err(_) => return refuse(ProblemCode::SchemaViolation, "data"),
    };
    let sha256 = sha256_hex(&body);
    // The case first: a second event of it waits here, so that two never decide from the same state.
    let case = match event.subject.parse::<CaseId>() {
        Ok(id) => store::lock(conn, &sender.municipality, Some(&sender.target), &id)?,
        Err(_) => None,
    };
    let ready = case.filter(|c| c.external_case_id.is_some() || matches!(said, Said::Registered(_)));
    if let Some(case) = &ready
        && let Some(missing) = missing_document(conn, case, &said)?
    {
        return refuse(ProblemCode::NotFound, &format!("documentId {missing}"));
    }
    let new = inbound_store::NewInbound {
        municipality: &sender.municipality,
        target: &sender.target,
        event,
        kind: said.name(),
        aspect: aspect(&said),
        sequence,
        external_code: external_code(&said),
        sha256: &sha256,
        fate: if ready.is_some() { Fate::Applied } else { Fate::Parked },
    };
    let Some(seq) = inbound_store::add_inbound(conn, &new, now)? else {
        let known = inbound_store::inbound_sha256(conn, &sender.municipality, &event.source, &event.id)?;
        return if known.as_deref() == Some(sha256.as_str()) {
            Ok(answer(event, EventOutcome::Duplicate, None))
        } else {
            refuse(ProblemCode::EventIdReused, "id")
        };
    };
    let Some(case) = ready else { return Ok(answer(event, EventOutcome::Parked, None)) };
    let taken = take_effect(conn, mappings, &case, Row { seq, sequence, event, notify: !event.replay }, &said, now)?;
    inbound_store::set_fate(conn, seq, taken.fate, taken.status)?;
    if matches!(said, Said::Registered(_)) {
        rerun_parked(conn, mappings, &case.municipality, &case.id, now)?;
    }
    let outcome = match taken.fate {
        Fate::Applied => EventOutcome::Applied,
        Fate::Unmapped => EventOutcome::Unmapped,
        Fate::Parked | Fate::Dead => EventOutcome::Parked,
        Fate::Stale | Fate::Held => EventOutcome::Stale,
    };
    Ok(answer(event, outcome, taken.newest))
}

fn answer(event: &CloudEvent, outcome: EventOutcome, newest: Option<i64>) -> EventResult {
    let applied_sequence = newest.and_then(|n| u64::try_from(n).ok()).map(sequence_text);
    EventResult { warnings: vec![], id: event.id.clone(), outcome, applied_sequence, problem: None }
}

/// Applies what waited for a case to become known; how many.
pub fn rerun_parked(
    conn: &mut Conn,
    mappings: &StatusMappings,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    now: At,
) -> Result<usize, DbError> {
    let Some(case) = store::lock(conn, municipality, None, case)? else { return Ok(0) };
    let rows = inbound_store::waiting_for(conn, &case)?;
    for row in &rows {
        let Ok(said) = row.body.0.read() else { continue };
        let mark = Row { seq: row.seq, sequence: row.sequence, event: &row.body.0, notify: !row.replay };
        // Counted from here on, so that the aspect sees it.
        inbound_store::set_fate(conn, row.seq, Fate::Applied, None)?;
        let taken = take_effect(conn, mappings, &case, mark, &said, now)?;
        inbound_store::set_fate(conn, row.seq, taken.fate, taken.status)?;
    }
    Ok(rows.len())
}

/// Evaluates stored statuses again after the table got new rows; nobody is notified. How many got a status.
pub fn rerun_unmapped(
    conn: &mut Conn,
    mappings: &StatusMappings,
    municipality: Option<&MunicipalitySlug>,
    now: At,
) -> Result<usize, DbError> {
    let mut mapped = 0;
    for row in inbound_store::by_fate(conn, municipality, &[Fate::Unmapped], 1000)? {
        let (Ok(id), Ok(said)) = (row.case_id.parse::<CaseId>(), row.body.0.read()) else { continue };
        let Some(case) = store::lock(conn, &row.municipality, Some(&row.target), &id)? else { continue };
        let Some(code) = external_code(&said) else { continue };
        if mappings.find(&case.target, &case.case_type, code, row.time).is_none() {
            continue;
        }
        let mark = Row { seq: row.seq, sequence: row.sequence, event: &row.body.0, notify: false };
        let taken = take_effect(conn, mappings, &case, mark, &said, now)?;
        inbound_store::set_fate(conn, row.seq, taken.fate, taken.status)?;
        mapped += 1;
    }
    Ok(mapped)
}

/// Events that waited too long for their case go to staff; how many.
pub fn bury_parked(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    inbound_store::bury_parked(conn, now.plus_seconds(-PARKED))
}

/// An event that is being applied.
struct Row<'a> {
    seq: i64,
    sequence: Option<i64>,
    event: &'a CloudEvent,
    notify: bool,
}

impl Row<'_> {
    /// Names the event for ever, whenever it counts.
    fn key(&self) -> String {
        key(self.event)
    }
}

fn key(event: &CloudEvent) -> String {
    format!("{}#{}", event.source, event.id)
}

/// Told of by the contract, without a place on the case's page so far.
fn is_not_shown_yet(said: &Said) -> bool {
    !matches!(
        said,
        Said::Registered(_)
            | Said::StatusChanged(_)
            | Said::HandlerAssigned(_)
            | Said::MessageSent(_)
            | Said::DocumentPublished(_)
            | Said::DecisionMade(_)
            | Said::Closed(_)
            | Said::Reopened(_)
    )
}

fn aspect(said: &Said) -> &'static str {
    match said {
        Said::Registered(_) => "identity",
        Said::StatusChanged(_) | Said::Closed(_) | Said::Reopened(_) => "status",
        Said::HandlerAssigned(_) => "handler",
        _ => "additive",
    }
}

fn external_code(said: &Said) -> Option<&str> {
    match said {
        Said::StatusChanged(s) => Some(&s.external_code),
        Said::Closed(c) => c.external_code.as_deref(),
        _ => None,
    }
}

/// A file that the event names and that was not sent before it.
fn missing_document(conn: &mut Conn, case: &Case, said: &Said) -> Result<Option<String>, DbError> {
    let named: &[String] = match said {
        Said::MessageSent(m) => &m.document_ids,
        Said::DecisionMade(d) => &d.document_ids,
        Said::DocumentPublished(d) => std::slice::from_ref(&d.document_id),
        _ => &[],
    };
    if named.is_empty() {
        return Ok(None);
    }
    let there = store::documents(conn, &case.id)?;
    Ok(named.iter().find(|n| !there.iter().any(|d| d.id.as_str() == n.as_str())).cloned())
}

fn unit_text(unit: Option<&UnitRef>) -> Option<&str> {
    unit.map(|u| u.name.as_deref().unwrap_or(&u.code))
}

fn take_effect(
    conn: &mut Conn,
    mappings: &StatusMappings,
    case: &Case,
    row: Row<'_>,
    said: &Said,
    now: At,
) -> Result<Taken, DbError> {
    match said {
        Said::Registered(r) => registered(conn, case, &row, r, now),
        Said::StatusChanged(_) | Said::Closed(_) | Said::Reopened(_) => status(conn, mappings, case, &row, said, now),
        Said::HandlerAssigned(h) => {
            if let Some(newest) = newer(conn, case, "handler", row.seq)? {
                return Ok(Taken::stale(newest));
            }
            let shown = h.handler.as_ref().map(|h| match h.show_to_citizen {
                true => Handler { name: Some(h.name.clone()), email: h.email.clone(), phone: h.phone.clone() },
                false => Handler::default(),
            });
            store::set_handler(conn, &case.id, shown, unit_text(h.unit.as_ref()))?;
            Ok(Taken::applied())
        }
        Said::MessageSent(m) => message(conn, case, &row, m, now),
        Said::DecisionMade(d) => decision(conn, case, &row, d, now),
        Said::DocumentPublished(d) => {
            let Ok(id) = d.document_id.parse::<FileId>() else { return Ok(Taken::stale(None)) };
            store::show_documents(conn, &case.id, &[id], Some(&d.title))?;
            let data = EventData { text: Some(d.title.clone()), ..EventData::default() };
            tell(conn, case, &row, EventKind::Document, row.event.time, data, now)?;
            Ok(Taken::applied())
        }
        _ => Ok(Taken::stale(None)),
    }
}

/// The newest counter in the aspect when `seq` is not the newest there: `Some(None)` when that one has no counter.
fn newer(conn: &mut Conn, case: &Case, aspect: &str, seq: i64) -> Result<Option<Option<i64>>, DbError> {
    let rows = inbound_store::in_aspect(conn, &case.id, aspect)?;
    let keys: Vec<(i64, Option<i64>, At)> = rows.iter().map(|r| (r.seq, r.sequence, r.time)).collect();
    let last = in_order(&keys, |k| (k.1, k.2, k.0)).pop();
    Ok(last.filter(|l| l.0 != seq).map(|l| l.1))
}

fn registered(conn: &mut Conn, case: &Case, row: &Row<'_>, r: &Registered, now: At) -> Result<Taken, DbError> {
    if let Some(newest) = newer(conn, case, "identity", row.seq)? {
        return Ok(Taken::stale(newest));
    }
    store::set_identity(conn, &case.id, &r.external_case_id, r.diary_number.as_deref(), unit_text(r.unit.as_ref()))?;
    let data = EventData { text: r.diary_number.clone(), ..EventData::default() };
    let event = store::NewEvent {
        kind: EventKind::Registered,
        at: r.registered_at,
        sequence: None,
        // Once, however often the receiver says it: by the answer, by asking and by event.
        key: "registered",
        visible: true,
        data,
    };
    store::add_event(conn, &case.municipality, &case.id, event, now)?;
    store::touch(conn, &case.id, now)?;
    project(conn, case)?;
    Ok(Taken::applied())
}

fn status(
    conn: &mut Conn,
    mappings: &StatusMappings,
    case: &Case,
    row: &Row<'_>,
    said: &Said,
    now: At,
) -> Result<Taken, DbError> {
    let at = row.event.time;
    let mapped = external_code(said).and_then(|code| mappings.find(&case.target, &case.case_type, code, at));
    let (kind, portal, data, notify) = match said {
        Said::StatusChanged(StatusChanged { visible_text, .. }) => match mapped {
            // Kept and shown to staff; as it stays the newest of its aspect, an older one does not win later.
            None => {
                inbound_store::set_fate(conn, row.seq, Fate::Unmapped, None)?;
                return Ok(Taken { fate: Fate::Unmapped, status: None, newest: None });
            }
            Some(m) => {
                let data = EventData {
                    status: Some(m.portal_code),
                    label: m.label_override.clone(),
                    text: visible_text.clone(),
                    outcome: None,
                };
                (EventKind::Status, Some(m.portal_code), data, m.notify && m.visible)
            }
        },
        Said::Closed(Closed { outcome, visible_text, .. }) => {
            let portal = mapped.map(|m| m.portal_code).filter(|s| s.is_terminal()).unwrap_or(PortalStatus::Closed);
            let data = EventData {
                status: Some(portal),
                text: visible_text.clone(),
                outcome: Some(*outcome),
                ..EventData::default()
            };
            (EventKind::Closed, Some(portal), data, mapped.is_none_or(|m| m.notify))
        }
        _ => (
            EventKind::Reopened,
            None,
            EventData { status: Some(PortalStatus::InProgress), ..EventData::default() },
            true,
        ),
    };
    let newest = newer(conn, case, "status", row.seq)?;
    let late = if newest.is_some() { Fate::Stale } else { Fate::Applied };
    inbound_store::set_fate(conn, row.seq, late, portal)?;
    let event = store::NewEvent { kind, at, sequence: row.sequence, key: &row.key(), visible: false, data };
    store::add_event(conn, &case.municipality, &case.id, event, now)?;
    let before = case_status(conn, case)?;
    let after = project(conn, case)?;
    settle(conn, mappings, case, &after, row.notify, now)?;
    let counted = after.counted.contains(&row.seq);
    // An older event that decides all the same (a closing that came late) was applied, whatever came before it.
    let decided = counted && (newest.is_none() || before != Some(after.status));
    let fate = match (decided, counted) {
        (true, _) => Fate::Applied,
        (false, true) => Fate::Stale,
        (false, false) if newest.is_some() => Fate::Stale,
        (false, false) => Fate::Held,
    };
    if decided {
        store::touch(conn, &case.id, now)?;
    }
    if decided && notify && row.notify {
        notifications::notify(conn, &case.municipality, &case.id, &row.key(), News::Status, now)?;
    }
    Ok(Taken { fate, status: portal, newest: newest.flatten() })
}

fn case_status(conn: &mut Conn, case: &Case) -> Result<Option<PortalStatus>, DbError> {
    Ok(store::find(conn, &case.municipality, &case.id)?.map(|c| c.status))
}

/// Computes the case's status, next move and outcome from everything that came, and writes them.
pub(super) fn project(conn: &mut Conn, case: &Case) -> Result<Standing, DbError> {
    let registered = !inbound_store::in_aspect(conn, &case.id, "identity")?.is_empty();
    let steps: Vec<Step> = inbound_store::in_aspect(conn, &case.id, "status")?.iter().map(step).collect();
    let now = standing(registered, &steps, case.withdrawn_at);
    let outcome = match now.closed {
        Some((outcome, _)) => Some(outcome),
        None => store::decisions(conn, &case.id)?.first().map(|d| d.data.0.outcome),
    };
    let next_move = match now.status {
        s if s.is_terminal() => NextMove::Nobody,
        PortalStatus::Decided | PortalStatus::Enforced => NextMove::Nobody,
        // Until she has answered; the municipality says when it has what it needs.
        PortalStatus::SupplementNeeded if store::last_own_message(conn, &case.id)? <= now.since => NextMove::Resident,
        _ => NextMove::Municipality,
    };
    let closed_at = now.closed.map(|(_, at)| at).or(now.since.filter(|_| now.status.is_terminal()));
    store::project(conn, &case.id, &store::Projection { status: now.status, next_move, outcome, closed_at })?;
    Ok(now)
}

fn step(row: &InboundEvent) -> Step {
    let change = match (row.body.0.read().ok(), row.portal_status) {
        (Some(Said::Reopened(_)), _) => Change::Reopened,
        (Some(Said::Closed(c)), Some(portal)) => Change::Closed(portal, c.outcome, c.closed_at),
        (_, Some(portal)) => Change::To(portal),
        (_, None) => Change::Unmapped,
    };
    Step { row: row.seq, sequence: row.sequence, time: row.time, change, stale: row.outcome == Fate::Stale }
}

/// After the status was computed again: what counts now stands in the timeline, what met a terminal status does not. An
/// event that was held and counts now (the reopening came late) is told of like any other.
fn settle(
    conn: &mut Conn,
    mappings: &StatusMappings,
    case: &Case,
    after: &Standing,
    tell: bool,
    now: At,
) -> Result<(), DbError> {
    for row in inbound_store::in_aspect(conn, &case.id, "status")? {
        let mapping =
            row.external_code.as_deref().and_then(|code| mappings.find(&case.target, &case.case_type, code, row.time));
        let hidden = row.kind == "status_changed" && mapping.is_some_and(|m| !m.visible);
        let counts = after.counted.contains(&row.seq);
        store::show_event(conn, &case.id, &key(&row.body.0), counts && !hidden)?;
        if counts && row.outcome == Fate::Held {
            inbound_store::set_fate(conn, row.seq, Fate::Applied, None)?;
            if tell && !row.replay && !hidden && mapping.is_none_or(|m| m.notify) {
                notifications::notify(conn, &case.municipality, &case.id, &key(&row.body.0), News::Status, now)?;
            }
        } else if !counts && row.outcome == Fate::Applied {
            inbound_store::set_fate(conn, row.seq, Fate::Held, None)?;
        }
    }
    Ok(())
}

/// A visible row in the timeline, and news to her.
fn tell(
    conn: &mut Conn,
    case: &Case,
    row: &Row<'_>,
    kind: EventKind,
    at: At,
    data: EventData,
    now: At,
) -> Result<(), DbError> {
    let key = row.key();
    let event = store::NewEvent { kind, at, sequence: row.sequence, key: &key, visible: true, data };
    store::add_event(conn, &case.municipality, &case.id, event, now)?;
    store::touch(conn, &case.id, now)?;
    if row.notify {
        let news = match kind {
            EventKind::Message => News::Message,
            EventKind::Decision => News::Decision,
            EventKind::Document => News::Document,
            _ => News::Status,
        };
        notifications::notify(conn, &case.municipality, &case.id, &key, news, now)?;
    }
    Ok(())
}

fn file_ids(ids: &[String]) -> Vec<FileId> {
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

fn message(conn: &mut Conn, case: &Case, row: &Row<'_>, m: &MessageSent, now: At) -> Result<Taken, DbError> {
    let documents = file_ids(&m.document_ids);
    let message = store::NewMessage {
        direction: Direction::ToResident,
        external_id: &m.message_id,
        author: m.from.as_deref().unwrap_or_default(),
        text: &m.text,
        at: row.event.time,
        allow_reply: m.allow_reply,
        documents: documents.clone(),
    };
    if !store::add_message(conn, &case.municipality, &case.id, MessageId::fresh(), message)? {
        return Ok(Taken::stale(None));
    }
    store::show_documents(conn, &case.id, &documents, None)?;
    tell(conn, case, row, EventKind::Message, row.event.time, EventData::default(), now)?;
    Ok(Taken::applied())
}

fn decision(conn: &mut Conn, case: &Case, row: &Row<'_>, d: &DecisionMade, now: At) -> Result<Taken, DbError> {
    // A decision that can be appealed must say how (förvaltningslagen 33 §): without that it is held for staff until
    // the receiver sends a further version.
    if d.appeal.is_none() && case.appeal_regime != "none" {
        return Ok(Taken { fate: Fate::Unmapped, status: None, newest: None });
    }
    if !store::add_decision(conn, &case.municipality, &case.id, d)? {
        return Ok(Taken::stale(None));
    }
    store::show_documents(conn, &case.id, &file_ids(&d.document_ids), None)?;
    let data = EventData { outcome: Some(d.outcome), ..EventData::default() };
    tell(conn, case, row, EventKind::Decision, d.decided_at, data, now)?;
    project(conn, case)?;
    Ok(Taken::applied())
}
