//! A push of events: read, applied, answered; the answer is kept for a repeat.

use super::answers::Broken;
use super::proof::Push;
use super::store;
use crate::contract::{
    BATCH_LIMIT, CloudEvent, EventData, EventOutcome, EventResult, EventResults, Problem, ProblemCode,
};
use crate::db::{Conn, DbError};
use crate::portal::cases::{self, Sender, StatusMappings};
use crate::portal::delivery;
use crate::settings::sha256_hex;
use crate::vocabulary::{At, MunicipalitySlug};
use serde_json::Value;

/// Status and body of an answer.
pub(super) struct Answered {
    pub status: u16,
    pub body: String,
}

impl Answered {
    pub fn json(status: u16, body: &impl serde::Serialize) -> Self {
        Self { status, body: serde_json::to_string(body).unwrap_or_default() }
    }
}

type Outcome = Result<Answered, (ProblemCode, &'static str)>;

/// Does a signed write once: a repeat of it gets the stored answer. A refusal is not stored, since the same may succeed
/// later.
pub(super) fn once(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    push: &Push,
    now: At,
    work: impl FnOnce(&mut Conn) -> Result<Outcome, Broken>,
) -> Result<Outcome, Broken> {
    let sha256 = sha256_hex(&push.body);
    if let Some((known, status, body)) = store::answer(conn, municipality, &push.target, &push.webhook_id)? {
        if known == sha256 {
            return Ok(Ok(Answered { status: u16::try_from(status).unwrap_or(500), body }));
        }
        return Ok(Err((ProblemCode::IdempotencyKeyReused, "webhook-id")));
    }
    let done = work(conn)?;
    if let Ok(answered) = &done {
        let (id, body) = (&push.webhook_id, &answered.body);
        store::keep(conn, municipality, &push.target, id, &sha256, answered.status, body, now)?;
    }
    Ok(done)
}

/// Takes one push in one transaction.
pub(super) fn take(
    conn: &mut Conn,
    sender: &Sender,
    mappings: &StatusMappings,
    push: &Push,
    is_batch: bool,
    now: At,
) -> Result<Answered, Broken> {
    let sha256 = sha256_hex(&push.body);
    if let Some((known, status, body)) = store::answer(conn, &sender.municipality, &sender.target, &push.webhook_id)? {
        if known == sha256 {
            return Ok(Answered { status: u16::try_from(status).unwrap_or(500), body });
        }
        return problem(&ProblemCode::IdempotencyKeyReused.problem(&sender.base, Some("webhook-id".into())));
    }
    let events = match (serde_json::from_slice::<Value>(&push.body), is_batch) {
        (Ok(Value::Array(events)), true) if events.len() <= BATCH_LIMIT => events,
        (Ok(Value::Array(_)), true) => {
            return problem(&ProblemCode::PayloadTooLarge.problem(&sender.base, Some("at most 100 events".into())));
        }
        (Ok(event @ Value::Object(_)), false) => vec![event],
        _ => return problem(&ProblemCode::MalformedRequest.problem(&sender.base, None)),
    };
    let mut results = Vec::with_capacity(events.len());
    for event in events {
        results.push(one(conn, sender, mappings, event, now)?);
    }
    let answered = answer(results, is_batch)?;
    store::keep(
        conn,
        &sender.municipality,
        &sender.target,
        &push.webhook_id,
        &sha256,
        answered.status,
        &answered.body,
        now,
    )?;
    Ok(answered)
}

fn problem(problem: &Problem) -> Result<Answered, Broken> {
    let body = serde_json::to_string(problem).map_err(|_| Broken::Other)?;
    Ok(Answered { status: problem.status, body })
}

fn answer(results: Vec<EventResult>, is_batch: bool) -> Result<Answered, Broken> {
    // One event alone that is refused is a refused request; in a batch it is a refused item.
    if !is_batch
        && let Some(refused) = results.first().filter(|r| r.outcome == EventOutcome::Rejected)
        && let Some(why) = &refused.problem
    {
        return problem(why);
    }
    let all_known = results.iter().all(|r| r.outcome == EventOutcome::Duplicate);
    let body = serde_json::to_string(&EventResults { results }).map_err(|_| Broken::Other)?;
    Ok(Answered { status: if all_known { 200 } else { 202 }, body })
}

fn one(
    conn: &mut Conn,
    sender: &Sender,
    mappings: &StatusMappings,
    event: Value,
    now: At,
) -> Result<EventResult, DbError> {
    let refused = |id: String, code: ProblemCode, detail: &str| EventResult {
        warnings: vec![],
        id,
        outcome: EventOutcome::Rejected,
        applied_sequence: None,
        problem: Some(code.problem(&sender.base, Some(detail.to_owned()))),
    };
    let id = event.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Ok(event) = serde_json::from_value::<CloudEvent>(event) else {
        return Ok(refused(id, ProblemCode::SchemaViolation, "not a CloudEvent"));
    };
    let registered = match event.read() {
        Ok(EventData::Registered(r)) => Some(r.delivery_id),
        _ => None,
    };
    if let Some(delivery) = &registered
        && !delivery::registered_elsewhere(conn, &sender.municipality, &sender.target, delivery, &event.subject)?
    {
        return Ok(refused(id, ProblemCode::NotFound, "deliveryId"));
    }
    let result = cases::apply(conn, sender, mappings, &event, now)?;
    if let Some(delivery) = registered
        && result.outcome != EventOutcome::Rejected
    {
        delivery::note_registered(conn, &sender.municipality, &sender.target, &delivery, now)?;
    }
    metrics::counter!("case_events_total", "outcome" => result.outcome.as_str()).increment(1);
    Ok(result)
}
