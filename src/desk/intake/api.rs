//! The receiver's side of the contract over HTTP, under `/integration`.

use super::check::{self, Checked};
use super::{Received, Refused, receive};
use crate::contract::{Problem, ProblemCode, SignatureFault};
use crate::db::DbError;
use crate::desk::errands::ErrandFault;
use crate::desk::{Desk, received};
use crate::settings::sha256_hex;
use crate::vocabulary::DeliveryId;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use serde_json::json;

/// Bytes of a delivery.
const BODY_LIMIT: usize = 1 << 20;

/// `/integration/v1/…` and `/integration/health/ready`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/integration/v1/deliveries", web::post().to(deliver))
        .route("/integration/v1/deliveries/{id}", web::get().to(receipt))
        .route("/integration/v1/api-info", web::get().to(api_info))
        .route("/integration/health/ready", web::get().to(ready));
}

/// A refusal: code and words for the portal's staff.
struct Fault(ProblemCode, String);

impl From<check::Fault> for Fault {
    fn from((code, detail): check::Fault) -> Self {
        Fault(code, detail)
    }
}

impl From<DbError> for Fault {
    fn from(e: DbError) -> Self {
        match e {
            DbError::Full | DbError::Unreachable => Fault(ProblemCode::TemporarilyUnavailable, String::new()),
            e => {
                tracing::error!(error = %e, "a delivery could not be registered");
                Fault(ProblemCode::InternalError, String::new())
            }
        }
    }
}

impl From<Refused> for Fault {
    fn from(e: Refused) -> Self {
        match e {
            Refused::KeyReused => Fault(ProblemCode::IdempotencyKeyReused, "the body differs from the first".into()),
            Refused::RegisteredAlready => Fault(ProblemCode::SchemaViolation, e.to_string()),
            Refused::CaseUnknown => Fault(ProblemCode::RequestInProgress, e.to_string()),
            Refused::Errand(ErrandFault::Db(e)) => e.into(),
            Refused::Errand(e) => {
                tracing::error!(error = %e, "a delivery could not be registered");
                Fault(ProblemCode::InternalError, String::new())
            }
        }
    }
}

fn problem(request: &HttpRequest, desk: &Desk, Fault(code, detail): Fault) -> HttpResponse {
    let base = desk.settings.desk.public_url.as_str();
    let mut problem: Problem = code.problem(base, Some(detail).filter(|d| !d.is_empty()));
    problem.instance = Some(request.path().to_owned());
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    if problem.retryable {
        let seconds = if code == ProblemCode::RequestInProgress { "2" } else { "30" };
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    response.insert_header((header::CONTENT_TYPE, "application/problem+json")).json(problem)
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
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = text("content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/json" {
        return Err(Fault(ProblemCode::UnsupportedMediaType, "application/json".into()));
    }
    let webhook_id = text("webhook-id");
    if webhook_id.is_empty() {
        return Err(Fault(ProblemCode::IdempotencyKeyMissing, "webhook-id".into()));
    }
    let body = read(payload).await?;
    let now = desk.clock.now();
    // Before the body is looked at: a stranger learns nothing of what would be wrong with it.
    let allowed = desk
        .senders
        .signed_by(webhook_id, text("webhook-timestamp"), text("webhook-signature"), &body, now)
        .map_err(|fault| match fault {
            SignatureFault::Invalid => Fault(ProblemCode::SignatureInvalid, String::new()),
            SignatureFault::Timestamp => Fault(ProblemCode::TimestampOutOfTolerance, String::new()),
        })?;
    // The same id may stand in `Idempotency-Key` (a quoted string there); another one would be a mistake.
    let key = text("idempotency-key").trim_matches('"');
    if !key.is_empty() && key != webhook_id {
        return Err(Fault(ProblemCode::SchemaViolation, "Idempotency-Key and webhook-id differ".into()));
    }
    let Checked { delivery, municipality } =
        check::check(&body, webhook_id, &allowed, &desk.municipalities, &desk.settings.portal.public_url, now)?;
    let sha256 = sha256_hex(&body);
    let sealed = received::seal(&desk.keys, &body).map_err(|e| {
        tracing::error!(error = %e, "a delivery could not be sealed");
        Fault(ProblemCode::InternalError, String::new())
    })?;
    let (catalogue, slug) = (desk.catalogue.clone(), municipality.slug.clone());
    let received =
        desk.db.write_grouped(move |c| receive(c, &catalogue, &slug, &delivery, (&sealed, &sha256), now)).await?;
    Ok(received)
}

async fn read(mut payload: web::Payload) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| Fault(ProblemCode::MalformedRequest, "the body broke off".into()))?;
        if body.len() + part.len() > BODY_LIMIT {
            return Err(Fault(ProblemCode::PayloadTooLarge, format!("at most {BODY_LIMIT} bytes")));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

async fn receipt(request: HttpRequest, desk: web::Data<Desk>, id: web::Path<String>) -> HttpResponse {
    match find(&request, &desk, &id).await {
        Ok(receipt) => HttpResponse::Ok().json(receipt),
        Err(fault) => problem(&request, &desk, fault),
    }
}

async fn find(request: &HttpRequest, desk: &Desk, id: &str) -> Result<crate::contract::DeliveryReceipt, Fault> {
    let token = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.strip_prefix("Bearer "));
    let allowed = token.map(|t| desk.senders.with_token(t)).unwrap_or_default();
    if allowed.is_empty() {
        return Err(Fault(ProblemCode::TokenInvalid, String::new()));
    }
    let unknown = || Fault(ProblemCode::NotFound, String::new());
    let id: DeliveryId = id.parse().map_err(|_| unknown())?;
    let found = desk.db.read(move |c| received::receipt_of(c, &allowed, &id)).await?;
    found.ok_or_else(unknown)
}

async fn api_info() -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "apiName": "kommunportal-deliveries",
        "apiVersion": "1.0",
        "apiStatus": "active",
        "apiReleased": "2026-11-21",
        "schemaVersions": ["1.0"],
        "capabilities": {
            "idempotent": true, "reserve": false, "readCase": false, "inlineAttachments": false,
            "asyncAccept": false, "oauth2": false, "mtls": false,
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
