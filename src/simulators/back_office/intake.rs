//! The adapter's HTTP side: deliveries in, the question what became of them, notices.

use super::faults::Fault;
use super::register::{Refused, take_in};
use super::{Office, PATH};
use crate::contract::{Problem, ProblemCode, SignatureFault};
use crate::vocabulary::DeliveryId;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde_json::json;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope(PATH)
            .route("/v1/deliveries", web::post().to(deliver))
            .route("/v1/deliveries/{id}", web::get().to(find))
            .route("/v1/citizen-events", web::post().to(notice))
            .route("/v1/cases/{id}", web::get().to(case))
            .route("/v1/api-info", web::get().to(api_info))
            .route("/health/ready", web::get().to(HttpResponse::Ok)),
    );
}

fn text<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

fn is_on(office: &Office, wanted: Fault) -> bool {
    office.control.strike(|fault| fault == wanted).is_some()
}

/// An answer in the trace of its call.
fn answer(office: &Office, request: &HttpRequest, status: u16) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    let trace = text(request, "traceparent");
    if !trace.is_empty() && !is_on(office, Fault::NoTrace) {
        response.insert_header(("traceparent", trace));
    }
    response
}

fn problem(office: &Office, request: &HttpRequest, (code, detail): Refused) -> HttpResponse {
    let mut problem: Problem = code.problem("https://castor-lik.example", Some(detail.to_owned()));
    problem.instance = Some(request.path().to_owned());
    let mut response = answer(office, request, problem.status);
    if problem.retryable {
        response.insert_header((header::RETRY_AFTER, "1"));
    }
    response.insert_header((header::CONTENT_TYPE, "application/problem+json")).json(problem)
}

/// The signature of a push.
fn proved(office: &Office, request: &HttpRequest, body: &[u8]) -> Result<String, Refused> {
    let header = |name| text(request, name);
    let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let now = office.config.clock.now();
    let verdicts = office.config.secret_out.iter().map(|secret| secret.verify(id, time, signature, body, now));
    let verdicts: Vec<Result<(), SignatureFault>> = verdicts.collect();
    let is_late = verdicts.contains(&Err(SignatureFault::Timestamp));
    let is_good =
        verdicts.contains(&Ok(())) || is_on(office, Fault::AnySignature) || is_late && is_on(office, Fault::AnyClock);
    match (is_good && !id.is_empty(), is_late) {
        (true, _) => Ok(id.to_owned()),
        (false, true) => Err((ProblemCode::TimestampOutOfTolerance, "webhook-timestamp")),
        (false, false) => Err((ProblemCode::SignatureInvalid, "webhook-signature")),
    }
}

async fn deliver(request: HttpRequest, body: web::Bytes, office: web::Data<Office>) -> HttpResponse {
    office.control.delay().await;
    let here = |fault| {
        matches!(
            fault,
            Fault::Status401 | Fault::Status410 | Fault::Status422 | Fault::Status500 | Fault::RetryAfter | Fault::Html
        )
    };
    let refused = |code| problem(&office, &request, (code, "the back office was told to"));
    match office.control.strike(here) {
        Some(Fault::Status401) => return refused(ProblemCode::SignatureInvalid),
        Some(Fault::Status410) => return refused(ProblemCode::CasePurged),
        Some(Fault::Status422) => return refused(ProblemCode::SchemaViolation),
        Some(Fault::Status500) => return refused(ProblemCode::InternalError),
        Some(Fault::RetryAfter) => {
            return answer(&office, &request, 503).insert_header((header::RETRY_AFTER, "2")).finish();
        }
        Some(_) => return answer(&office, &request, 200).content_type("text/html").body("<h1>Välkommen</h1>"),
        None => {}
    }
    let taken = proved(&office, &request, &body).and_then(|id| take_in(&office, &id, &body));
    let taken = match taken {
        Ok(taken) => taken,
        Err(refused) => return problem(&office, &request, refused),
    };
    if is_on(&office, Fault::DropAfterCommit) {
        let broken = Err::<web::Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
        return HttpResponse::Ok().no_chunking(1000).streaming(futures_util::stream::iter([broken]));
    }
    let mut receipt = taken.receipt;
    if is_on(&office, Fault::WrongReceiptId) {
        receipt.delivery_id = DeliveryId::fresh();
    }
    let status = match (taken.is_new, receipt.external_case_id.is_some()) {
        (_, false) => 202,
        (true, true) => 201,
        (false, true) => 200,
    };
    answer(&office, &request, status).json(receipt)
}

fn has_token(office: &Office, request: &HttpRequest) -> bool {
    text(request, "authorization").strip_prefix("Bearer ") == Some(office.config.token.as_str())
}

async fn find(request: HttpRequest, id: web::Path<String>, office: web::Data<Office>) -> HttpResponse {
    office.control.delay().await;
    if !has_token(&office, &request) {
        return problem(&office, &request, (ProblemCode::TokenInvalid, "the bearer token"));
    }
    let id: Option<DeliveryId> = id.parse().ok();
    let found = id.and_then(|id| office.books().deliveries.get(&id).map(|entry| entry.receipt.clone()));
    match found.filter(|_| !is_on(&office, Fault::Forgetful)) {
        Some(receipt) => answer(&office, &request, 200).json(receipt),
        None => problem(&office, &request, (ProblemCode::NotFound, "no such delivery")),
    }
}

async fn case(request: HttpRequest, id: web::Path<String>, office: web::Data<Office>) -> HttpResponse {
    if !has_token(&office, &request) {
        return problem(&office, &request, (ProblemCode::TokenInvalid, "the bearer token"));
    }
    match super::register::received_at(&office, &id) {
        Some(at) => answer(&office, &request, 200).json(json!({ "externalCaseId": *id, "receivedAt": at })),
        None => problem(&office, &request, (ProblemCode::NotFound, "no such case")),
    }
}

/// Content travels as a delivery; a notice is only noted.
async fn notice(request: HttpRequest, body: web::Bytes, office: web::Data<Office>) -> HttpResponse {
    match proved(&office, &request, &body) {
        Ok(id) => {
            office.control.count("notices", id);
            answer(&office, &request, 204).finish()
        }
        Err(refused) => problem(&office, &request, refused),
    }
}

async fn api_info(request: HttpRequest, office: web::Data<Office>) -> HttpResponse {
    answer(&office, &request, 200).json(json!({
        "apiName": "castor-lik", "apiVersion": "1.0", "apiStatus": "active", "apiReleased": "2026-11-22",
        "schemaVersions": ["1.0"],
        "capabilities": {
            "idempotent": true, "reserve": false, "readCase": true, "inlineAttachments": false, "asyncAccept": true,
            "oauth2": false, "mtls": false,
        },
    }))
}
