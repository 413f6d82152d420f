//! Routes and handlers.

use super::answers::{Broken, Refused, respond};
use super::{documents, proof, push};
use crate::contract::{BATCH, EVENTS_BODY_LIMIT, ONE, ProblemCode, sequence_text};
use crate::db::DbError;
use crate::portal::App;
use crate::portal::cases::{self, Sender};
use crate::portal::delivery;
use crate::vocabulary::{CaseId, DeliveryId};
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

/// `/integration/v1/…`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/integration/v1")
            .route("/case-events", web::post().to(case_events))
            .route("/deliveries/{id}", web::get().to(read_delivery))
            .route("/deliveries/{id}/documents/{document}/content", web::get().to(documents::content))
            .route("/cases/{id}", web::get().to(read_case))
            .route("/cases/{id}/documents", web::post().to(documents::upload))
            .route("/api-info", web::get().to(api_info)),
    );
}

async fn case_events(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != ONE && kind != BATCH {
        return Err(Refused::new(ProblemCode::UnsupportedMediaType, &visit, None));
    }
    let push = proof::signed(&request, &visit, payload.into_inner(), EVENTS_BODY_LIMIT).await?;
    let sender =
        Sender { municipality: visit.municipality.slug.clone(), target: push.target.clone(), base: visit.address() };
    let (mappings, now) = (app.mappings.clone(), visit.ground.clock.now());
    let taken = visit.ground.db.write(move |c| push::take(c, &sender, &mappings, &push, kind == BATCH, now)).await;
    let answered = taken.map_err(|e: Broken| e.told(&visit))?;
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media_type = if status.is_success() { "application/json" } else { "application/problem+json" };
    Ok(respond(status, media_type, answered.body))
}

fn not_found(visit: &Visit) -> Refused {
    Refused::new(ProblemCode::NotFound, visit, None)
}

async fn read_delivery(request: HttpRequest, visit: Visit, id: web::Path<String>) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit)?;
    let id: DeliveryId = id.parse().map_err(|_| not_found(&visit))?;
    let (slug, keys) = (visit.municipality.slug.clone(), visit.ground.keys.clone());
    let body = visit.ground.db.read(move |c| -> Result<Option<Vec<u8>>, Broken> {
        let own = delivery::find(c, &slug, &id)?.is_some_and(|row| row.target == target);
        Ok(if own { delivery::body_of(c, &keys, &id)?.0 } else { None })
    });
    let body = body.await.map_err(|e| e.told(&visit))?.ok_or_else(|| not_found(&visit))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

async fn read_case(request: HttpRequest, visit: Visit, id: web::Path<String>) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit)?;
    let id: CaseId = id.parse().map_err(|_| not_found(&visit))?;
    let slug = visit.municipality.slug.clone();
    let found = visit.ground.db.read(move |c| {
        let case = cases::find(c, &slug, &id)?.filter(|case| case.target == target);
        let last = cases::last_sequence(c, &id)?;
        Ok::<_, DbError>(case.map(|case| (case, last)))
    });
    let found = found.await.map_err(|e| Broken::from(e).told(&visit))?;
    let (case, last) = found.ok_or_else(|| not_found(&visit))?;
    let body = json!({
        "caseId": case.id,
        "reference": case.reference,
        "externalCaseId": case.external_case_id,
        "diaryNumber": case.diary_number,
        "status": case.status,
        "nextMove": case.next_move,
        "outcome": case.outcome,
        "receivedAt": case.received_at,
        "updatedAt": case.updated_at,
        "lastSequence": last.and_then(|n| u64::try_from(n).ok()).map(sequence_text),
    });
    Ok(respond(StatusCode::OK, "application/json", body.to_string()))
}

/// What Digg's REST API-profil asks for (VER.06), open to anybody; `apiDocumentation` is left out while there is no document
/// to point to.
async fn api_info() -> HttpResponse {
    let body = json!({
        "apiName": "Kommunportal integration",
        "apiVersion": "1.0.0",
        "apiReleased": "2026-11-21",
        "apiStatus": "active",
        "capabilities": { "events": true, "deliveries": true, "documents": true, "feed": false },
    });
    respond(StatusCode::OK, "application/json", body.to_string())
}
