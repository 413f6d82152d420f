//! What each event means to a case. Whatever is shown is computed from all events about the same thing, so that it makes no
//! difference in which order they came, or how often.

use super::apply::{Row, Taken, is_day_only, key};
use super::asked;
use super::fold::in_order;
use super::mapping::StatusMappings;
use super::model::*;
use super::request_store::RequestKind;
use super::status::{project, status};
use super::{document_store, inbound_store, store};
use crate::contract::{
    AppealReceived, CloudEvent, DecisionMade, DecisionServed, DeliveryKind, DueDateChanged, EventData as Said,
    HandlerAssigned, MessageSent, Registered, UnitRef,
};
use crate::db::{Conn, DbError};
use crate::portal::notifications::{self, News};
use crate::vocabulary::{At, FileId, MessageId};

pub(super) fn take_effect(
    conn: &mut Conn,
    mappings: &StatusMappings,
    case: &Case,
    row: &Row<'_>,
    said: &Said,
    now: At,
) -> Result<Taken, DbError> {
    match said {
        Said::Registered(r) => registered(conn, case, row, r, now),
        Said::StatusChanged(_) | Said::Closed(_) | Said::Reopened(_) | Said::Transferred(_) => {
            status(conn, mappings, case, row, said, now)
        }
        Said::HandlerAssigned(h) => handler(conn, case, row, h),
        Said::DueDateChanged(d) => due(conn, case, row, d, now),
        Said::MessageSent(m) => message(conn, case, row, m, now),
        Said::SupplementRequested(s) => asked::heard(conn, case, RequestKind::Supplement, &s.supplement_id, row, now),
        Said::SupplementResolved(s) => asked::heard(conn, case, RequestKind::Supplement, &s.supplement_id, row, now),
        Said::HearingRequested(h) => asked::heard(conn, case, RequestKind::Hearing, &h.hearing_id, row, now),
        Said::DocumentPublished(d) => document(conn, case, row, &d.document_id, now),
        Said::DocumentWithdrawn(d) => document(conn, case, row, &d.document_id, now),
        Said::DecisionMade(d) => decision(conn, case, row, d, now),
        Said::DecisionServed(DecisionServed { decision_id, at, .. }) => {
            serve(conn, case, decision_id)?;
            write(conn, case, row, EventKind::Served, *at, EventData::default(), now)?;
            project(conn, case)?;
            Ok(Taken::applied())
        }
        Said::AppealReceived(AppealReceived { at, .. }) => {
            write(conn, case, row, EventKind::Appealed, *at, EventData::default(), now)?;
            Ok(Taken::applied())
        }
    }
}

/// Events of these kinds that `about` picks, in the sender's order.
pub(super) fn heard<T>(
    conn: &mut Conn,
    case: &Case,
    kinds: &[&str],
    about: impl Fn(Said) -> Option<T>,
) -> Result<Vec<(InboundEvent, T)>, DbError> {
    let rows = inbound_store::of_kinds(conn, &case.id, kinds)?;
    let order: Vec<(Option<i64>, At, i64)> = rows.iter().map(|r| (r.sequence, r.time, r.seq)).collect();
    let mut rows: Vec<Option<(InboundEvent, T)>> =
        rows.into_iter().map(|r| r.body.0.read().ok().and_then(&about).map(|said| (r, said))).collect();
    let places: Vec<usize> = (0..order.len()).collect();
    let sorted = in_order(&places, |p| order.get(*p).copied().unwrap_or((None, At::EPOCH, 0)));
    Ok(sorted.into_iter().filter_map(|p| rows.get_mut(p).and_then(Option::take)).collect())
}

/// Of events that overtake one another she is told of one. A letter about another of them that has not gone does not go.
pub(super) fn tell_of<'a>(
    conn: &mut Conn,
    case: &Case,
    group: impl Iterator<Item = &'a InboundEvent>,
    chosen: Option<(&'a InboundEvent, News)>,
    now: At,
) -> Result<(), DbError> {
    for other in group.filter(|other| chosen.is_none_or(|(c, _)| c.seq != other.seq)) {
        notifications::forget(conn, &case.municipality, &case.id, &key(&other.body.0))?;
    }
    match chosen {
        Some((event, news)) if !event.replay => {
            notifications::notify(conn, &case.municipality, &case.id, &key(&event.body.0), news, now)
        }
        _ => Ok(()),
    }
}

/// A visible row in the timeline: she has something new to see.
fn write(
    conn: &mut Conn,
    case: &Case,
    row: &Row<'_>,
    kind: EventKind,
    at: At,
    data: EventData,
    now: At,
) -> Result<(), DbError> {
    put_event(conn, case, row.event, row.sequence, (kind, at, data), true, now)?;
    store::touch(conn, &case.id, now)
}

/// A row of the timeline for an event, written once; shown or not.
pub(super) fn put_event(
    conn: &mut Conn,
    case: &Case,
    event: &CloudEvent,
    sequence: Option<i64>,
    (kind, at, data): (EventKind, At, EventData),
    visible: bool,
    now: At,
) -> Result<(), DbError> {
    let key = key(event);
    let data = EventData { day_only: is_day_only(event) && at == event.time, ..data };
    let new = store::NewEvent { kind, at, sequence, key: &key, visible, data };
    store::add_event(conn, &case.municipality, &case.id, new, now)?;
    store::show_event(conn, &case.id, &key, visible)
}

/// The newest counter in the aspect when `seq` is not the newest there: `Some(None)` when that one has no counter.
pub(super) fn newer(conn: &mut Conn, case: &Case, aspect: &str, seq: i64) -> Result<Option<Option<i64>>, DbError> {
    let rows = inbound_store::in_aspect(conn, &case.id, aspect)?;
    let keys: Vec<(i64, Option<i64>, At)> = rows.iter().map(|r| (r.seq, r.sequence, r.time)).collect();
    let last = in_order(&keys, |k| (k.1, k.2, k.0)).pop();
    Ok(last.filter(|l| l.0 != seq).map(|l| l.1))
}

fn unit_text(unit: Option<&UnitRef>) -> Option<&str> {
    unit.map(|u| u.name.as_deref().unwrap_or(&u.code))
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

fn handler(conn: &mut Conn, case: &Case, row: &Row<'_>, h: &HandlerAssigned) -> Result<Taken, DbError> {
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

/// When a decision is to be expected. She is told of a delay (förvaltningslagen 11 §): a later day than the one before it,
/// or none any more.
fn due(conn: &mut Conn, case: &Case, row: &Row<'_>, d: &DueDateChanged, now: At) -> Result<Taken, DbError> {
    let data = EventData { day: d.due_date, text: d.reason.clone(), ..EventData::default() };
    put_event(conn, case, row.event, row.sequence, (EventKind::DueDate, row.event.time, data), true, now)?;
    let all = heard(conn, case, &["due_date_changed"], |said| match said {
        Said::DueDateChanged(d) => Some(d),
        _ => None,
    })?;
    let before = all.len().checked_sub(2).and_then(|n| all.get(n)).and_then(|(_, d)| d.due_date);
    let delay = all.last().filter(|(_, d)| before.is_some_and(|day| d.due_date.is_none_or(|new| new > day)));
    tell_of(conn, case, all.iter().map(|(r, _)| r), delay.map(|(r, _)| (r, News::Delay)), now)?;
    match all.last() {
        Some((newest, _)) if newest.seq != row.seq => Ok(Taken::stale(newest.sequence)),
        _ => {
            store::set_due(conn, &case.id, d.due_date.map(|day| Due { day, reason: d.reason.clone() }))?;
            store::touch(conn, &case.id, now)?;
            Ok(Taken::applied())
        }
    }
}

pub(super) fn file_ids(ids: &[String]) -> Vec<FileId> {
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

/// A message is there once for each id of the sender's: as the first event in its order says it.
fn message(conn: &mut Conn, case: &Case, row: &Row<'_>, m: &MessageSent, now: At) -> Result<Taken, DbError> {
    let all = heard(conn, case, &["message_sent"], |said| match said {
        Said::MessageSent(one) if one.message_id == m.message_id => Some(one),
        _ => None,
    })?;
    let Some((first, _)) = all.first() else { return Ok(Taken::stale(None)) };
    let is_first = first.seq == row.seq;
    let event = (EventKind::Message, row.event.time, EventData::default());
    put_event(conn, case, row.event, row.sequence, event, is_first, now)?;
    if !is_first {
        return Ok(Taken::stale(None));
    }
    for (other, _) in all.iter().skip(1) {
        store::show_event(conn, &case.id, &key(&other.body.0), false)?;
        store::remove_message(conn, &case.id, &m.message_id)?;
    }
    let message = store::NewMessage {
        direction: Direction::ToResident,
        external_id: &m.message_id,
        author: m.from.as_deref().unwrap_or_default(),
        text: &m.text,
        at: row.event.time,
        allow_reply: m.allow_reply,
        documents: file_ids(&m.document_ids),
        kind: DeliveryKind::Message,
        about: None,
        opening: None,
        conversation: m.conversation_id.as_deref(),
        day_only: is_day_only(row.event),
    };
    store::add_message(conn, &case.municipality, &case.id, MessageId::fresh(), message)?;
    let named: Vec<FileId> = all.iter().flat_map(|(_, one)| file_ids(&one.document_ids)).collect();
    show(conn, case, &named)?;
    tell_of(conn, case, all.iter().map(|(r, _)| r), Some((first, News::Message)), now)?;
    store::touch(conn, &case.id, now)?;
    Ok(Taken::applied())
}

/// Shows the documents that something names and nothing has taken back since, and hides the others.
pub(super) fn show(conn: &mut Conn, case: &Case, ids: &[FileId]) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    const NAMING: &[&str] =
        &["message_sent", "hearing_requested", "decision_made", "document_published", "document_withdrawn"];
    let all = heard(conn, case, NAMING, Some)?;
    for id in ids {
        let is_it = |name: &String| name == id.as_str();
        let (mut named, mut withdrawn, mut title) = (false, false, None);
        let mut messages: Vec<&str> = Vec::new();
        for (_, said) in &all {
            match said {
                Said::DocumentPublished(d) if is_it(&d.document_id) => {
                    (named, withdrawn, title) = (true, false, Some(d.title.as_str()));
                }
                Said::DocumentWithdrawn(d) if is_it(&d.document_id) => withdrawn = true,
                Said::MessageSent(m) if !messages.contains(&m.message_id.as_str()) => {
                    messages.push(&m.message_id);
                    named |= m.document_ids.iter().any(is_it);
                }
                Said::HearingRequested(h) => named |= h.document_ids.iter().any(is_it),
                Said::DecisionMade(d) if is_complete(case, d) => named |= decision_files(d).iter().any(|f| f == id),
                _ => {}
            }
        }
        document_store::show_document(conn, &case.id, id, named && !withdrawn, title)?;
    }
    Ok(())
}

/// A document is given or taken back: what was said last in the sender's order holds.
fn document(conn: &mut Conn, case: &Case, row: &Row<'_>, id: &str, now: At) -> Result<Taken, DbError> {
    let all = heard(conn, case, &["document_published", "document_withdrawn"], |said| match said {
        Said::DocumentPublished(d) if d.document_id == id => Some((EventKind::Document, d.title)),
        Said::DocumentWithdrawn(d) if d.document_id == id => {
            Some((EventKind::DocumentWithdrawn, d.reason.unwrap_or_default()))
        }
        _ => None,
    })?;
    let Some((_, (kind, text))) = all.iter().find(|(r, _)| r.seq == row.seq) else { return Ok(Taken::stale(None)) };
    let text = Some(text.clone()).filter(|text| !text.is_empty());
    let data = EventData { text, about: Some(id.to_owned()), ..EventData::default() };
    write(conn, case, row, *kind, row.event.time, data, now)?;
    if let Ok(id) = id.parse::<FileId>() {
        show(conn, case, &[id])?;
    }
    let given = all.last().filter(|(_, (kind, _))| *kind == EventKind::Document);
    tell_of(conn, case, all.iter().map(|(r, _)| r), given.map(|(r, _)| (r, News::Document)), now)?;
    Ok(Taken::applied())
}

/// A decision that can be appealed must say how (förvaltningslagen 33 §).
fn is_complete(case: &Case, d: &DecisionMade) -> bool {
    d.appeal.is_some() || case.appeal_regime == "none"
}

fn decision_files(d: &DecisionMade) -> Vec<FileId> {
    let instructions = d.appeal.as_ref().and_then(|a| a.instruction_document_id.as_ref());
    file_ids(&d.document_ids).into_iter().chain(instructions.and_then(|id| id.parse().ok())).collect()
}

fn decision(conn: &mut Conn, case: &Case, row: &Row<'_>, d: &DecisionMade, now: At) -> Result<Taken, DbError> {
    // Held for staff until the receiver sends a further version.
    if !is_complete(case, d) {
        return Ok(Taken { fate: Fate::Unmapped, warning: Some("appeal-block-missing"), ..Taken::applied() });
    }
    let all = heard(conn, case, &["decision_made"], |said| match said {
        Said::DecisionMade(one) if one.decision_id == d.decision_id && is_complete(case, &one) => Some(one),
        _ => None,
    })?;
    let first_of = |version: u32| all.iter().find(|(_, one)| one.version == version);
    let is_first = first_of(d.version).is_some_and(|(r, _)| r.seq == row.seq);
    let data = EventData { outcome: Some(d.outcome), ..EventData::default() };
    put_event(conn, case, row.event, row.sequence, (EventKind::Decision, d.decided_at, data), is_first, now)?;
    if !is_first {
        return Ok(Taken::stale(None));
    }
    for (other, _) in all.iter().filter(|(r, one)| one.version == d.version && r.seq != row.seq) {
        store::show_event(conn, &case.id, &key(&other.body.0), false)?;
    }
    store::put_decision(conn, &case.municipality, &case.id, d)?;
    serve(conn, case, &d.decision_id)?;
    let named: Vec<FileId> = all.iter().flat_map(|(_, one)| decision_files(one)).collect();
    show(conn, case, &named)?;
    let newest = all.iter().map(|(_, one)| one.version).max().and_then(first_of);
    tell_of(conn, case, all.iter().map(|(r, _)| r), newest.map(|(r, _)| (r, News::Decision)), now)?;
    store::touch(conn, &case.id, now)?;
    project(conn, case)?;
    Ok(Taken::applied())
}

/// When she took part of a decision, as the receiver said last.
fn serve(conn: &mut Conn, case: &Case, decision: &str) -> Result<(), DbError> {
    let all = heard(conn, case, &["decision_served"], |said| match said {
        Said::DecisionServed(d) if d.decision_id == decision => Some(d.at),
        _ => None,
    })?;
    store::set_served(conn, &case.id, decision, all.last().map(|(_, at)| *at))
}
