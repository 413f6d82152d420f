//! Refusals as problems, and what stands on every answer.

use crate::contract::{Problem, ProblemCode};
use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::intake::Fault;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};

/// A refusal told to the caller.
pub(super) fn problem(request: &HttpRequest, desk: &Desk, (code, detail): Fault) -> HttpResponse {
    // The portal serves what the link of every problem leads to.
    let base = desk.settings.portal.public_url.as_str();
    let mut problem: Problem = code.problem(base, Some(detail).filter(|d| !d.is_empty()));
    problem.instance = Some(request.path().to_owned());
    problem.trace_id =
        request.headers().get("traceparent").and_then(|v| v.to_str().ok()?.split('-').nth(1).map(str::to_owned));
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    if problem.retryable {
        let seconds = if code == ProblemCode::RequestInProgress { "2" } else { "30" };
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    response.insert_header((header::CONTENT_TYPE, "application/problem+json")).json(problem)
}

/// What a fault of the database is to the caller.
pub(super) fn broken(e: DbError) -> Fault {
    match e {
        DbError::Full | DbError::Unreachable => (ProblemCode::TemporarilyUnavailable, String::new()),
        e => {
            tracing::error!(error = %e, "a call of the portal failed");
            (ProblemCode::InternalError, String::new())
        }
    }
}

/// Gives the caller's trace back (W3C Trace Context). It is followed only when it comes by a proxy that the settings trust.
pub(super) async fn trace_back<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let trace = request.headers().get("traceparent").filter(|v| is_traceparent(v.as_bytes())).cloned();
    let mut response = next.call(request).await?;
    if let Some(trace) = trace {
        response.headers_mut().insert(HeaderName::from_static("traceparent"), trace);
    }
    Ok(response)
}

/// `00-` 32 hex `-` 16 hex `-` 2 hex.
fn is_traceparent(value: &[u8]) -> bool {
    let hex = |part: &[u8], n: usize| part.len() == n && part.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let parts: Vec<&[u8]> = value.split(|b| *b == b'-').collect();
    matches!(parts.as_slice(), [version, trace, span, flags]
        if hex(version, 2) && hex(trace, 32) && hex(span, 16) && hex(flags, 2))
}
