//! Who calls: the signature of a push, the bearer token of a question.

use crate::contract::{ProblemCode, SignatureFault};
use crate::desk::Desk;
use crate::desk::intake::Fault;
use crate::vocabulary::MunicipalitySlug;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;

/// A body that somebody signed.
pub(super) struct Signed {
    pub webhook_id: String,
    pub body: Vec<u8>,
    /// For whom the signer may speak.
    pub allowed: Vec<MunicipalitySlug>,
}

pub(super) fn text<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// The media type without its parameters.
pub(super) fn media_type(request: &HttpRequest) -> String {
    text(request, "content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads a body and finds whose signature it bears, before anybody looks at it: a stranger learns nothing of what would
/// be wrong with it.
pub(super) async fn signed(
    request: &HttpRequest,
    desk: &Desk,
    mut payload: web::Payload,
    limit: usize,
) -> Result<Signed, Fault> {
    let webhook_id = text(request, "webhook-id");
    if webhook_id.is_empty() {
        return Err((ProblemCode::IdempotencyKeyMissing, "webhook-id".into()));
    }
    let mut body = Vec::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| (ProblemCode::MalformedRequest, "the body broke off".to_owned()))?;
        if body.len() + part.len() > limit {
            return Err((ProblemCode::PayloadTooLarge, format!("at most {limit} bytes")));
        }
        body.extend_from_slice(&part);
    }
    let (timestamp, signature) = (text(request, "webhook-timestamp"), text(request, "webhook-signature"));
    let now = desk.clock.now();
    let allowed =
        desk.senders.signed_by(webhook_id, timestamp, signature, &body, now).map_err(|fault| match fault {
            SignatureFault::Invalid => (ProblemCode::SignatureInvalid, String::new()),
            SignatureFault::Timestamp => (ProblemCode::TimestampOutOfTolerance, String::new()),
        })?;
    Ok(Signed { webhook_id: webhook_id.to_owned(), body, allowed })
}

/// The municipalities that whoever asks may ask about.
pub(super) fn bearer(request: &HttpRequest, desk: &Desk) -> Result<Vec<MunicipalitySlug>, Fault> {
    let token = text(request, header::AUTHORIZATION.as_str()).strip_prefix("Bearer ");
    let allowed = token.map(|token| desk.senders.with_token(token)).unwrap_or_default();
    if allowed.is_empty() { Err((ProblemCode::TokenInvalid, String::new())) } else { Ok(allowed) }
}
