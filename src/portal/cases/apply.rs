//! Applying a receiver's events. State (status, handler) is computed from everything that came, so that interleaving,
//! repetition and reordering make no difference; what is additive is keyed on its own id.

use super::effects::take_effect;
use super::mapping::StatusMappings;
use super::model::*;
use super::{document_store, inbound_store, store};
use crate::contract::{
    CloudEvent, EventData as Said, EventOutcome, EventResult, PortalStatus, ProblemCode, Warning, sequence_number,
    sequence_text,
};
use crate::db::{Conn, DbError};
use crate::settings::sha256_hex;
use crate::vocabulary::{At, CaseId, MunicipalitySlug, TargetSlug};
use serde_json::Value;

/// How far ahead a sender's clock may be. Seconds.
const AHEAD: i64 = 300;
/// How long an event waits for its case: the answer to the delivery may be on its way. Seconds.
const PARKED: i64 = 900;
/// Bytes of a name that a receiver gives: an index holds it on every database.
const LONGEST_NAME: usize = 255;
/// Bytes of a `source`.
const LONGEST_SOURCE: usize = 1000;

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
pub(super) struct Taken {
    pub fate: Fate,
    /// The table's status, for the status aspect.
    pub status: Option<PortalStatus>,
    /// The newest in the aspect, when this one is older.
    pub newest: Option<i64>,
    /// What a person should know of it.
    pub warning: Option<&'static str>,
}

impl Taken {
    pub fn applied() -> Self {
        Taken { fate: Fate::Applied, status: None, newest: None, warning: None }
    }
    pub fn stale(newest: Option<i64>) -> Self {
        Taken { fate: Fate::Stale, newest, ..Taken::applied() }
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
        Ok(said) if names_fit(event, &said) => said,
        _ => return refuse(ProblemCode::SchemaViolation, "type, data"),
    };
    let body = match serde_json::to_vec(event) {
        Ok(body) => body,
        Err(_) => return refuse(ProblemCode::SchemaViolation, "data"),
    };
    let sha256 = sha256_hex(&body);
    // The case first: a second event of it waits here, so that two never decide from the same state.
    let case = match event.subject.parse::<CaseId>() {
        Ok(id) => store::lock(conn, &sender.municipality, None, &id)?,
        Err(_) => None,
    };
    if case.as_ref().is_some_and(|case| case.target != sender.target) {
        // Another system's: not to be told apart from one that is not there for good.
        return refuse(ProblemCode::NotFound, "subject");
    }
    let ready = case.clone().filter(|c| c.external_case_id.is_some() || matches!(said, Said::Registered(_)));
    if let Some(case) = &ready
        && let Some(missing) = missing_document(conn, case, &said)?
    {
        return refuse(ProblemCode::NotFound, &format!("documentId {missing}"));
    }
    let gap = match &case {
        Some(case) => sequence.filter(|_| !event.replay).zip(inbound_store::last_sequence(conn, &case.id)?),
        None => None,
    };
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
    let is_gap = gap.is_some_and(|(this, last)| this > last.saturating_add(1));
    if is_gap {
        metrics::counter!("case_event_gaps_total").increment(1);
    }
    let gap = is_gap.then_some("sequence-gap");
    let Some(case) = ready else { return Ok(warned(answer(event, EventOutcome::Parked, None), gap)) };
    let taken = take_effect(conn, mappings, &case, &Row { seq, sequence, event }, &said, now)?;
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
    Ok(warned(warned(answer(event, outcome, taken.newest), taken.warning), gap))
}

fn warned(mut result: EventResult, code: Option<&'static str>) -> EventResult {
    result.warnings.extend(code.map(|code| Warning { code: code.to_owned(), document_id: None, detail: None }));
    result
}

/// The names in it fit where they are kept, and no text holds what a database cannot (U+0000).
fn names_fit(event: &CloudEvent, said: &Said) -> bool {
    let named = match said {
        Said::MessageSent(m) => m.message_id.as_str(),
        Said::SupplementRequested(s) => &s.supplement_id,
        Said::SupplementResolved(s) => &s.supplement_id,
        Said::HearingRequested(h) => &h.hearing_id,
        Said::DecisionMade(d) => &d.decision_id,
        Said::DecisionServed(d) => &d.decision_id,
        Said::AppealReceived(d) => &d.decision_id,
        Said::Registered(r) => &r.external_case_id,
        _ => "-",
    };
    let short = |name: &str| (1..=LONGEST_NAME).contains(&name.len());
    let texts = [&event.id, &event.source, &event.subject];
    short(named)
        && short(&event.id)
        && event.source.len() <= LONGEST_SOURCE
        && !texts.iter().any(|t| t.contains('\0'))
        && !has_nul(&event.data)
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(all) => all.iter().any(has_nul),
        Value::Object(all) => all.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
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
        let mark = Row { seq: row.seq, sequence: row.sequence, event: &row.body.0 };
        // Counted from here on, so that the aspect sees it.
        inbound_store::set_fate(conn, row.seq, Fate::Applied, None)?;
        let taken = take_effect(conn, mappings, &case, &mark, &said, now)?;
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
        inbound_store::silence(conn, row.seq)?;
        let mark = Row { seq: row.seq, sequence: row.sequence, event: &row.body.0 };
        let taken = take_effect(conn, mappings, &case, &mark, &said, now)?;
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
pub(super) struct Row<'a> {
    pub seq: i64,
    pub sequence: Option<i64>,
    pub event: &'a CloudEvent,
}

/// Names an event for ever, whenever it counts.
pub(super) fn key(event: &CloudEvent) -> String {
    format!("{}#{}", event.source, event.id)
}

/// Of when it happened only the day is known.
pub(super) fn is_day_only(event: &CloudEvent) -> bool {
    event.timeprecision.as_deref() == Some("day")
}

fn aspect(said: &Said) -> &'static str {
    match said {
        Said::Registered(_) => "identity",
        Said::StatusChanged(_) | Said::Closed(_) | Said::Reopened(_) | Said::Transferred(_) => "status",
        Said::HandlerAssigned(_) => "handler",
        Said::DueDateChanged(_) => "due",
        _ => "additive",
    }
}

/// The receiver's own status code in it.
pub(super) fn external_code(said: &Said) -> Option<&str> {
    match said {
        Said::StatusChanged(s) => Some(&s.external_code),
        Said::Closed(c) => c.external_code.as_deref(),
        _ => None,
    }
}

/// A file that the event names and that was not sent before it. What is taken back need not be here.
fn missing_document(conn: &mut Conn, case: &Case, said: &Said) -> Result<Option<String>, DbError> {
    let named: Vec<&String> = match said {
        Said::MessageSent(m) => m.document_ids.iter().collect(),
        Said::HearingRequested(h) => h.document_ids.iter().collect(),
        Said::DecisionMade(d) => {
            let instructions = d.appeal.iter().filter_map(|a| a.instruction_document_id.as_ref());
            d.document_ids.iter().chain(instructions).collect()
        }
        Said::DocumentPublished(d) => vec![&d.document_id],
        _ => vec![],
    };
    if named.is_empty() {
        return Ok(None);
    }
    let there = document_store::documents(conn, &case.id)?;
    Ok(named.into_iter().find(|n| !there.iter().any(|d| d.id.as_str() == n.as_str())).cloned())
}
