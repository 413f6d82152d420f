//! The receiver's side of the contract over HTTP, under `/integration`.

mod answers;
mod proof;

use super::{Fault, Intake, Received, notices};
use crate::contract::{
    BATCH, CloudEvent, DeliveryReceipt, EVENTS_BODY_LIMIT, EventOutcome, EventResults, ONE, ProblemCode,
};
use crate::db::DbError;
use crate::desk::{Desk, errands, received};
use crate::vocabulary::DeliveryId;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, middleware, web};
use answers::{broken, problem, trace_back};
use proof::{bearer, media_type, signed, text};
use serde_json::{Value, json};

/// Bytes of a delivery.
const BODY_LIMIT: usize = 1 << 20;

/// `/integration/v1/…` and `/integration/health/ready`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/integration")
            .wrap(middleware::from_fn(trace_back))
            .route("/v1/deliveries", web::post().to(deliver))
            .route("/v1/deliveries/{id}", web::get().to(receipt))
            .route("/v1/citizen-events", web::post().to(citizen_events))
            .route("/v1/cases/{id}", web::get().to(read_case))
            .route("/v1/case-types", web::get().to(case_types))
            .route("/v1/api-info", web::get().to(api_info))
            .route("/health/ready", web::get().to(ready)),
    );
}

async fn deliver(request: HttpRequest, desk: web::Data<Desk>, payload: web::Payload) -> HttpResponse {
    match take_in(&request, &desk, payload).await {
        Ok(Received::New(receipt)) => {
            metrics::counter!("desk_deliveries_total", "outcome" => "registered").increment(1);
            HttpResponse::Created().json(receipt)
        }
        Ok(Received::Repeat(receipt)) => {
            metrics::counter!("desk_deliveries_total", "outcome" => "repeated").increment(1);
            HttpResponse::Ok().json(receipt)
        }
        Err(fault) => {
            metrics::counter!("desk_deliveries_total", "outcome" => fault.0.parts().0).increment(1);
            problem(&request, &desk, fault)
        }
    }
}

async fn take_in(request: &HttpRequest, desk: &Desk, payload: web::Payload) -> Result<Received, Fault> {
    if media_type(request) != "application/json" {
        return Err((ProblemCode::UnsupportedMediaType, "application/json".into()));
    }
    let push = signed(request, desk, payload, BODY_LIMIT).await?;
    // The same id may stand in `Idempotency-Key` (a quoted string there); another one would be a mistake.
    let key = text(request, "idempotency-key").trim_matches('"');
    if !key.is_empty() && key != push.webhook_id {
        return Err((ProblemCode::SchemaViolation, "Idempotency-Key and webhook-id differ".into()));
    }
    Intake::of(desk).register(&push.body, &push.webhook_id, &push.allowed).await
}

async fn receipt(request: HttpRequest, desk: web::Data<Desk>, id: web::Path<String>) -> HttpResponse {
    match find(&request, &desk, &id).await {
        Ok(receipt) => HttpResponse::Ok().json(receipt),
        Err(fault) => problem(&request, &desk, fault),
    }
}

async fn find(request: &HttpRequest, desk: &Desk, id: &str) -> Result<DeliveryReceipt, Fault> {
    let allowed = bearer(request, desk)?;
    let unknown = || (ProblemCode::NotFound, String::new());
    let id: DeliveryId = id.parse().map_err(|_| unknown())?;
    let found = desk.db.read(move |c| received::receipt_of(c, &allowed, &id)).await.map_err(broken)?;
    found.ok_or_else(unknown)
}

/// Notices of the portal: one, or several in a batch. Each is taken once, by `source` and `id`.
async fn citizen_events(request: HttpRequest, desk: web::Data<Desk>, payload: web::Payload) -> HttpResponse {
    match noted(&request, &desk, payload).await {
        Ok(results) => {
            let known = results.results.iter().all(|r| r.outcome == EventOutcome::Duplicate);
            let status = if known { StatusCode::OK } else { StatusCode::ACCEPTED };
            HttpResponse::build(status).json(results)
        }
        Err(fault) => problem(&request, &desk, fault),
    }
}

async fn noted(request: &HttpRequest, desk: &Desk, payload: web::Payload) -> Result<EventResults, Fault> {
    let kind = media_type(request);
    if kind != ONE && kind != BATCH {
        return Err((ProblemCode::UnsupportedMediaType, format!("{ONE} or {BATCH}")));
    }
    let push = signed(request, desk, payload, EVENTS_BODY_LIMIT).await?;
    let value: Value =
        serde_json::from_slice(&push.body).map_err(|_| (ProblemCode::MalformedRequest, "JSON".to_owned()))?;
    let (is_batch, all) = match value {
        Value::Array(all) if kind == BATCH => (true, all),
        one @ Value::Object(_) if kind == ONE => (false, vec![one]),
        _ => return Err((ProblemCode::MalformedRequest, "one event, or a list of them as a batch".into())),
    };
    if all.len() > crate::contract::BATCH_LIMIT {
        return Err((ProblemCode::PayloadTooLarge, "at most 100 events".into()));
    }
    let mut events = Vec::new();
    for (n, event) in all.into_iter().enumerate() {
        let read: CloudEvent = serde_json::from_value(event)
            .map_err(|_| (ProblemCode::SchemaViolation, format!("event {n}: not a CloudEvent of the contract")))?;
        events.push(read);
    }
    let (base, now) = (desk.settings.portal.public_url.to_string(), desk.clock.now());
    let taken = desk.db.write(move |c| {
        let mut results = Vec::new();
        for event in &events {
            results.push(notices::take(c, &push.allowed, event, &base, now)?);
        }
        Ok::<_, errands::ErrandFault>(EventResults { results })
    });
    let taken = taken.await.map_err(super::registering)?;
    // One notice alone that is refused is a refused call; in a batch it is a refused item.
    let alone = taken.results.first().filter(|r| !is_batch && r.outcome == EventOutcome::Rejected);
    if let Some(problem) = alone.and_then(|r| r.problem.as_ref()) {
        let code = [ProblemCode::EventIdReused, ProblemCode::TimeInFuture, ProblemCode::SchemaViolation];
        let code = code.into_iter().find(|c| c.parts().0 == problem.code).unwrap_or(ProblemCode::NotFound);
        return Err((code, problem.detail.clone().unwrap_or_default()));
    }
    Ok(taken)
}

/// Where an errand stands, for a portal that has missed something. The id is ours.
async fn read_case(request: HttpRequest, desk: web::Data<Desk>, id: web::Path<String>) -> HttpResponse {
    match snapshot(&request, &desk, &id).await {
        Ok((etag, _)) if text(&request, "if-none-match").contains(&etag) => {
            HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish()
        }
        Ok((etag, body)) => HttpResponse::Ok().insert_header((header::ETAG, etag)).json(body),
        Err(fault) => problem(&request, &desk, fault),
    }
}

async fn snapshot(request: &HttpRequest, desk: &Desk, id: &str) -> Result<(String, Value), Fault> {
    let allowed = bearer(request, desk)?;
    let unknown = || (ProblemCode::NotFound, String::new());
    let id = id.parse().map_err(|_| unknown())?;
    let catalogue = desk.catalogue.clone();
    let found = desk.db.read(move |c| {
        for slug in &allowed {
            if let Some(errand) = errands::find(c, slug, &id)? {
                let etag = format!("\"{}-{}\"", errand.version, errand.sequence);
                return Ok(Some((etag, errands::case_snapshot(c, &catalogue, &errand)?)));
            }
        }
        Ok::<_, DbError>(None)
    });
    found.await.map_err(broken)?.ok_or_else(unknown)
}

async fn case_types(request: HttpRequest, desk: web::Data<Desk>) -> HttpResponse {
    if let Err(fault) = bearer(&request, &desk) {
        return problem(&request, &desk, fault);
    }
    let types: Vec<Value> = desk
        .catalogue
        .types()
        .iter()
        .map(|t| json!({ "code": t.code, "name": t.name, "unit": t.unit, "appealRegime": t.appeal, "outcomes": t.outcomes }))
        .collect();
    HttpResponse::Ok().json(json!({ "caseTypes": types, "fallback": desk.catalogue.fallback().code }))
}

async fn api_info() -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "apiName": "kommunportal-deliveries",
        "apiVersion": "1.0",
        "apiStatus": "active",
        "apiReleased": "2026-11-21",
        "schemaVersions": ["1.0"],
        "capabilities": {
            "idempotent": true, "reserve": false, "readCase": true, "inlineAttachments": false,
            "asyncAccept": false, "oauth2": false, "mtls": false, "citizenEvents": true, "caseTypes": true,
        },
    }))
}

/// Ready when the database answers; a portal that does not is no reason to take the desk out of rotation.
async fn ready(desk: web::Data<Desk>) -> HttpResponse {
    // On a writing thread: it answers only when the writer is alive, and PostgreSQL lets no reader look for migrations.
    let answered =
        desk.db.write(|c| crate::db::pending(c, crate::db::Application::Desk).map_err(|_| DbError::Unreachable));
    match answered.await {
        Ok(0) => HttpResponse::Ok().json(json!({ "status": "ready" })),
        Ok(_) => HttpResponse::ServiceUnavailable().json(json!({ "status": "migrations are pending" })),
        Err(_) => HttpResponse::ServiceUnavailable().json(json!({ "status": "the database does not answer" })),
    }
}
