//! `POST /integration/v1/case-events`, as strict as the portal and as ill-behaved as it is told to be.

use super::{cut, problem, signed, text};
use crate::conform::ledger::{Answered, Ledger, Plan, Seen, Stage};
use crate::contract::*;
use crate::vocabulary::CaseId;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use std::time::Instant;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/case-events", web::post().to(take));
}

async fn take(request: HttpRequest, body: web::Bytes, stage: web::Data<Stage>) -> HttpResponse {
    let kind = text(&request, "content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != ONE && kind != BATCH {
        return problem(ProblemCode::UnsupportedMediaType, "Content-Type");
    }
    if body.len() > EVENTS_BODY_LIMIT {
        return problem(ProblemCode::PayloadTooLarge, "at most 256 kB");
    }
    let webhook_id = match signed(&stage, &request, &body) {
        Ok(id) => id,
        Err(refused) => return refused,
    };
    let values = match (serde_json::from_slice::<Value>(&body), kind == BATCH) {
        (Ok(Value::Array(values)), true) if (1..=BATCH_LIMIT).contains(&values.len()) => values,
        (Ok(value @ Value::Object(_)), false) => vec![value],
        _ => return problem(ProblemCode::MalformedRequest, "one event, or an array of at most 100"),
    };
    let mut events = Vec::new();
    for value in values {
        let text = value.to_string();
        match read(value, &stage) {
            Ok(event) => events.push((event, text)),
            Err((code, detail)) => {
                stage.write(|ledger| ledger.refused.push(detail.clone()));
                return problem(code, &detail);
            }
        }
    }
    stage.write(|ledger| answer(ledger, &webhook_id, events, kind == BATCH))
}

/// What the portal refuses an event for.
fn read(value: Value, stage: &Stage) -> Result<CloudEvent, (ProblemCode, String)> {
    let wrong = |detail: String| (ProblemCode::SchemaViolation, detail);
    let event: CloudEvent =
        serde_json::from_value(value).map_err(|e| wrong(format!("not a CloudEvent of this contract: {e}")))?;
    event.read().map_err(|e| wrong(e.to_string()))?;
    if event.specversion != "1.0" || event.id.is_empty() || event.source.is_empty() {
        return Err(wrong("specversion, id or source".into()));
    }
    if event.time > stage.clock.now().plus_seconds(TOLERANCE_SECONDS) {
        return Err((ProblemCode::TimeInFuture, "time".into()));
    }
    if event.sequence.as_deref().is_some_and(|s| sequence_number(s).is_none()) {
        return Err((ProblemCode::SequenceMalformed, "sequence".into()));
    }
    Ok(event)
}

pub(super) fn answer(
    ledger: &mut Ledger,
    webhook_id: &str,
    events: Vec<(CloudEvent, String)>,
    is_batch: bool,
) -> HttpResponse {
    let case: Option<CaseId> = events.first().and_then(|(event, _)| event.subject.parse().ok());
    let shut = case.as_ref().and_then(|case| ledger.shut.get(case)).copied();
    // What is planned is meant for a change of status: a back office may have other things to tell in between.
    let is_meant = events.first().is_some_and(|(event, _)| event.kind.ends_with(".status_changed"));
    let plan = match shut {
        Some(status) => Some(Plan::Status(status)),
        None => case.as_ref().filter(|_| is_meant).and_then(|case| ledger.next_plan(case)),
    };
    let keep = |ledger: &mut Ledger, answer: Answered| {
        for (event, raw) in &events {
            let seen = Seen {
                at: Instant::now(),
                webhook_id: webhook_id.to_owned(),
                event: event.clone(),
                raw: raw.clone(),
                answer,
            };
            ledger.events.push(seen);
        }
    };
    match plan {
        Some(Plan::Status(status)) => {
            keep(ledger, Answered::Status(status));
            match status {
                401 => problem(ProblemCode::SignatureInvalid, "the kit plays a portal that has lost the secret"),
                _ => problem(ProblemCode::InternalError, "the kit plays a portal that is broken"),
            }
        }
        Some(Plan::TooMany(seconds)) => {
            keep(ledger, Answered::Status(429));
            let mut response = problem(ProblemCode::RateLimited, "the kit plays a portal that has too much to do");
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
            response
        }
        Some(Plan::Refuse) => {
            keep(ledger, Answered::Status(422));
            problem(ProblemCode::SchemaViolation, "the kit plays a portal that does not take this event")
        }
        Some(Plan::Lose) => {
            keep(ledger, Answered::Lost);
            cut()
        }
        Some(Plan::Say(outcome)) => results(ledger, webhook_id, events, is_batch, Some(outcome)),
        None => results(ledger, webhook_id, events, is_batch, None),
    }
}

fn results(
    ledger: &mut Ledger,
    webhook_id: &str,
    events: Vec<(CloudEvent, String)>,
    is_batch: bool,
    mut said: Option<EventOutcome>,
) -> HttpResponse {
    let mut results = Vec::new();
    for (event, raw) in events {
        let mut problem_of = None;
        let known = ledger.events.iter().rev().find(|seen| {
            seen.event.source == event.source
                && seen.event.id == event.id
                && matches!(seen.answer, Answered::Taken(_) | Answered::Lost)
        });
        let outcome = match known {
            Some(known) if known.raw == raw => EventOutcome::Duplicate,
            Some(_) => {
                problem_of = Some(ProblemCode::EventIdReused.problem("https://kommunportal.example", None));
                EventOutcome::Rejected
            }
            None => said.take().unwrap_or(EventOutcome::Applied),
        };
        results.push(EventResult {
            id: event.id.clone(),
            outcome,
            applied_sequence: None,
            problem: problem_of,
            warnings: vec![],
        });
        let answer = Answered::Taken(outcome);
        ledger.events.push(Seen { at: Instant::now(), webhook_id: webhook_id.to_owned(), event, raw, answer });
    }
    if let Some(refused) = results.iter().find(|r| r.outcome == EventOutcome::Rejected).filter(|_| !is_batch) {
        return match &refused.problem {
            Some(_) => problem(ProblemCode::EventIdReused, "the id has been used with other content"),
            None => problem(ProblemCode::SchemaViolation, "rejected"),
        };
    }
    let is_all_known = results.iter().all(|r| r.outcome == EventOutcome::Duplicate);
    let status = if is_all_known { StatusCode::OK } else { StatusCode::ACCEPTED };
    HttpResponse::build(status).json(serde_json::to_value(EventResults { results }).unwrap_or(Value::Null))
}
