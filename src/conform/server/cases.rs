//! Cases as the portal tells of them, and the status that is set without events.

use super::{bearer, events, problem, signed, text};
use crate::conform::ledger::{Ledger, Stage};
use crate::contract::*;
use crate::settings::sha256_hex;
use crate::vocabulary::CaseId;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/cases", web::get().to(list))
        .route("/cases/{id}", web::get().to(read))
        .route("/cases/{id}/status", web::put().to(put_status));
}

/// What the kit knows of a case: what it handed over, and what it has been told.
fn standing(ledger: &Ledger, id: &CaseId) -> Option<CaseStanding> {
    let first = ledger.deliveries.values().find(|h| h.delivery.case.id == *id)?;
    let receipt = first.receipts.last();
    let told: Vec<&CloudEvent> = ledger.about(id, 0).map(|seen| &seen.event).collect();
    Some(CaseStanding {
        case_id: id.clone(),
        reference: first.delivery.case.reference.clone(),
        external_case_id: receipt.and_then(|r| r.external_case_id.clone()),
        diary_number: receipt.and_then(|r| r.diary_number.clone()),
        status: if receipt.is_some() { PortalStatus::Registered } else { PortalStatus::Received },
        next_move: NextMove::Municipality,
        outcome: None,
        received_at: first.delivery.received_at,
        updated_at: told.last().map_or(first.delivery.received_at, |event| event.time),
        last_sequence: told.iter().filter_map(|event| event.sequence.clone()).max(),
    })
}

fn etag(case: &CaseStanding) -> String {
    let written = serde_json::to_vec(case).unwrap_or_default();
    format!("\"{}\"", &sha256_hex(&written)[..32])
}

async fn read(request: HttpRequest, id: web::Path<CaseId>, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = bearer(&stage, &request) {
        return refused;
    }
    match stage.read(|ledger| standing(ledger, &id)) {
        Some(case) => HttpResponse::Ok().insert_header((header::ETAG, etag(&case))).json(case),
        None => problem(ProblemCode::NotFound, "no such case"),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    external_case_id: Option<String>,
}

async fn list(request: HttpRequest, asked: web::Query<Asked>, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = bearer(&stage, &request) {
        return refused;
    }
    let Some(wanted) = asked.external_case_id.as_ref().filter(|id| !id.is_empty()) else {
        return problem(ProblemCode::SchemaViolation, "externalCaseId: missing");
    };
    let cases: Vec<CaseStanding> = stage.read(|ledger| {
        let first = ledger.deliveries.values().filter(|h| h.delivery.kind == DeliveryKind::Submission);
        let all = first.filter_map(|h| standing(ledger, &h.delivery.case.id));
        all.filter(|case| case.external_case_id.as_ref() == Some(wanted)).collect()
    });
    let next_offset = i64::try_from(cases.len()).unwrap_or(0);
    HttpResponse::Ok().json(CasePage { cases, page: Page { offset: 0, limit: 20, next_offset, has_more: false } })
}

/// The event is made here, one step after the last that is known, and judged as any other.
async fn put_status(
    request: HttpRequest,
    id: web::Path<CaseId>,
    body: web::Bytes,
    stage: web::Data<Stage>,
) -> HttpResponse {
    let webhook_id = match signed(&stage, &request, &body) {
        Ok(id) => id,
        Err(refused) => return refused,
    };
    let new: NewStatus = match serde_json::from_slice(&body) {
        Ok(new) => new,
        Err(e) => return problem(ProblemCode::SchemaViolation, &format!("not a status: {e}")),
    };
    let tag = text(&request, "if-match");
    if tag.is_empty() {
        return problem(ProblemCode::PreconditionRequired, "If-Match");
    }
    let now = stage.clock.now();
    stage.write(|ledger| {
        let Some(case) = standing(ledger, &id) else { return problem(ProblemCode::NotFound, "no such case") };
        let is_known = ledger.about(&id, 0).any(|seen| seen.event.id == webhook_id);
        if !is_known && tag != "*" && tag != etag(&case) {
            return problem(ProblemCode::PreconditionFailed, "If-Match");
        }
        let last = case.last_sequence.as_deref().and_then(sequence_number).unwrap_or(0);
        let event = CloudEvent {
            specversion: "1.0".into(),
            id: webhook_id.clone(),
            source: format!("urn:kommunportal:target:kit:case:{}", *id),
            kind: format!("{TYPE_PREFIX}status_changed"),
            subject: id.to_string(),
            time: new.time.unwrap_or(now),
            timeprecision: None,
            sequence: Some(sequence_text(last + 1)),
            replay: false,
            datacontenttype: None,
            data: json!({ "externalCode": new.external_code, "label": new.label, "visibleText": new.visible_text }),
        };
        // The content that was sent: the sequence is the kit's own, and the same status again is no other.
        let raw = String::from_utf8_lossy(&body).into_owned();
        events::answer(ledger, &webhook_id, vec![(event, raw)], false)
    })
}
