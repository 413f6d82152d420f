//! Thin notices of the portal. What was said or sent comes as a delivery; only two of them make the desk do something.

use super::store;
use crate::contract::{CloudEvent, EventOutcome, EventResult, NoticeKind, ProblemCode, TYPE_PREFIX, Warning};
use crate::db::Conn;
use crate::desk::errands::{self, Errand, ErrandFault};
use crate::desk::journal::{self, Happening};
use crate::desk::{decisions, portal_link};
use crate::settings::sha256_hex;
use crate::vocabulary::{At, DecisionId, MunicipalitySlug};
use serde_json::json;

/// How far ahead of ours the portal's clock may be. Seconds.
const AHEAD: i64 = 300;

/// Takes a notice in the caller's unit of work, once. `base` is our own address, for problems.
pub fn take(
    c: &mut Conn,
    allowed: &[MunicipalitySlug],
    event: &CloudEvent,
    base: &str,
    now: At,
) -> Result<EventResult, ErrandFault> {
    let result = |outcome| EventResult {
        id: event.id.clone(),
        outcome,
        applied_sequence: None,
        problem: None,
        warnings: Vec::new(),
    };
    let rejected = |code: ProblemCode, detail: &str| EventResult {
        problem: Some(code.problem(base, Some(detail.to_owned()))),
        ..result(EventOutcome::Rejected)
    };
    if event.id.is_empty() || event.source.is_empty() || event.specversion != "1.0" {
        return Ok(rejected(ProblemCode::SchemaViolation, "id, source and specversion 1.0"));
    }
    if event.time > now.plus_seconds(AHEAD) {
        return Ok(rejected(ProblemCode::TimeInFuture, "time"));
    }
    let body = serde_json::to_vec(event).map_err(portal_link::NotAnnounced::from)?;
    let Some(errand) = errand_of(c, allowed, &event.subject)? else {
        return Ok(rejected(ProblemCode::NotFound, "subject: no such case here"));
    };
    let name = event.kind.strip_prefix(TYPE_PREFIX).unwrap_or(&event.kind);
    let row = store::Notice {
        municipality: errand.municipality.clone(),
        source: event.source.clone(),
        id: event.id.clone(),
        kind: name.to_owned(),
        errand_id: Some(errand.id.clone()),
        body_sha256: sha256_hex(&body),
        received_at: now,
    };
    match store::first_time(c, &row)? {
        None => {}
        Some(known) if known == row.body_sha256 => return Ok(result(EventOutcome::Duplicate)),
        Some(_) => return Ok(rejected(ProblemCode::EventIdReused, "id")),
    }
    match name.parse::<NoticeKind>() {
        Ok(NoticeKind::DecisionRead) => decision_read(c, &errand, event, now)?,
        Ok(NoticeKind::ReplayRequested) => {
            let count = portal_link::replay(c, &errand.id, now)?;
            let detail = json!({ "count": count });
            journal::note(c, &errand.municipality, &errand.id, now, "", Happening::Replayed, detail)?;
        }
        // Their content is on its way as a delivery, which calls for attention by itself.
        Ok(
            NoticeKind::SupplementSubmitted
            | NoticeKind::CitizenMessageSent
            | NoticeKind::HearingReplied
            | NoticeKind::WithdrawalRequested
            | NoticeKind::DecisionRequested
            | NoticeKind::AppealSubmitted,
        ) => {}
        Err(_) => {
            let warning = Warning { code: "type_unknown".to_owned(), document_id: None, detail: None };
            return Ok(EventResult { warnings: vec![warning], ..result(EventOutcome::Applied) });
        }
    }
    Ok(result(EventOutcome::Applied))
}

/// By our id of the case, or by the portal's.
fn errand_of(c: &mut Conn, allowed: &[MunicipalitySlug], subject: &str) -> Result<Option<Errand>, ErrandFault> {
    for slug in allowed {
        let ours = match subject.parse() {
            Ok(id) => errands::find(c, slug, &id)?,
            Err(_) => None,
        };
        let found = match (ours, subject.parse()) {
            (Some(errand), _) => Some(errand),
            (None, Ok(case)) => errands::find_by_case(c, slug, &case)?,
            (None, Err(_)) => None,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// She has confirmed that she has the decision. When is what the notice says of it, otherwise its own time.
fn decision_read(c: &mut Conn, errand: &Errand, event: &CloudEvent, now: At) -> Result<(), ErrandFault> {
    let text = |name: &str| event.data.get(name).and_then(|v| v.as_str());
    let Some(decision) = text("decisionId").and_then(|id| id.parse::<DecisionId>().ok()) else { return Ok(()) };
    let at = text("at").and_then(|at| at.parse::<At>().ok()).unwrap_or(event.time);
    Ok(decisions::confirmed(c, errand, &decision, at, now)?)
}
