//! What stands around every answer: an id for the request, one line in the log, and the headers that keep browsers safe.

use super::visit::RequestId;
use crate::telemetry;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use std::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;

/// No inline script or style, nothing from elsewhere, in nobody's frame. `form-action` has no list: browsers hold it
/// against redirects too, and every log-in form ends at the broker.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "geolocation=(self), camera=(), microphone=(), payment=()"),
    ("x-frame-options", "DENY"),
];

/// Outermost.
pub async fn protect<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let id = uuid::Uuid::now_v7().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    // HEAD is GET without its body (RFC 9110 9.3.2); the connection knows what was asked and leaves the body out.
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let https = request.app_data::<actix_web::web::Data<super::Ground>>().is_some_and(|g| g.is_https());
    // The path only: a callback's query holds code and state.
    let span = tracing::info_span!(
        "request", request.id = %id, method = %request.method(), path = request.path(),
        otel.kind = Empty, otel.name = Empty, http.route = Empty, http.response.status_code = Empty,
    );
    if let Some(ground) = request.app_data::<actix_web::web::Data<super::Ground>>()
        && super::visit::from_trusted_proxy(request.request(), ground)
        && let Some(caller) = request.headers().get("traceparent").and_then(|v| v.to_str().ok())
    {
        telemetry::continue_trace(&span, caller);
    }
    let started = Instant::now();
    let mut response = next.call(request).instrument(span.clone()).await?;
    let duration = started.elapsed();
    let (status, route) = (response.status(), response.request().match_pattern().unwrap_or_else(|| "unmatched".into()));
    span.in_scope(|| {
        tracing::info!(status = status.as_u16(), duration_ms = duration.as_secs_f64() * 1e3, "answered");
    });
    // After the line in the log, which has them in words of its own.
    span.record("otel.kind", "server").record("otel.name", route.as_str()).record("http.route", route.as_str());
    span.record("http.response.status_code", status.as_u16());
    metrics::counter!("http_requests_total", "route" => route.clone(), "status" => status.as_u16().to_string())
        .increment(1);
    metrics::histogram!("http_request_seconds", "route" => route).record(duration.as_secs_f64());

    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if https {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}
