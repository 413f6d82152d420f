//! Who calls: the signature of a push, the bearer token of a question. The host decides whose targets are tried.

use super::answers::Refused;
use crate::contract::{ProblemCode, Secret, SignatureFault};
use crate::portal::delivery::target_of;
use crate::settings::{Target, sha256_hex};
use crate::vocabulary::TargetSlug;
use crate::web::Visit;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header;
use futures_util::StreamExt;

/// A push that somebody signed.
pub(super) struct Push {
    pub target: TargetSlug,
    pub webhook_id: String,
    pub body: Vec<u8>,
}

fn targets(visit: &Visit) -> Vec<(TargetSlug, Target)> {
    let settings = &visit.ground.settings;
    let names: std::collections::BTreeSet<&TargetSlug> =
        settings.targets.keys().chain(visit.municipality.targets.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let target = target_of(settings, &visit.ground.municipalities, &visit.municipality.slug, name)?;
            Some((name.clone(), target.clone()))
        })
        .collect()
}

fn text<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Reads the body and finds whose signature it bears.
pub(super) async fn signed(
    request: &HttpRequest,
    visit: &Visit,
    mut payload: Payload,
    limit: usize,
) -> Result<Push, Refused> {
    let mut body = Vec::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| Refused::new(ProblemCode::MalformedRequest, visit, None))?;
        if body.len() + part.len() > limit {
            return Err(Refused::new(ProblemCode::PayloadTooLarge, visit, None));
        }
        body.extend_from_slice(&part);
    }
    let headers = (text(request, "webhook-id"), text(request, "webhook-timestamp"), text(request, "webhook-signature"));
    let (Some(id), Some(timestamp), Some(signature)) = headers else {
        return Err(Refused::new(
            ProblemCode::SignatureInvalid,
            visit,
            "webhook-id, webhook-timestamp, webhook-signature",
        ));
    };
    let now = visit.ground.clock.now();
    for (name, target) in targets(visit) {
        let secrets = target.secret_in.iter().filter_map(|s| s.expose().parse::<Secret>().ok());
        for secret in secrets {
            match secret.verify(id, timestamp, signature, &body, now) {
                Ok(()) => return Ok(Push { target: name, webhook_id: id.to_owned(), body }),
                Err(SignatureFault::Timestamp) => {
                    return Err(Refused::new(ProblemCode::TimestampOutOfTolerance, visit, None));
                }
                Err(SignatureFault::Invalid) => {}
            }
        }
    }
    Err(Refused::new(ProblemCode::SignatureInvalid, visit, None))
}

/// The target whose token the request bears.
pub(super) fn bearer(request: &HttpRequest, visit: &Visit) -> Result<TargetSlug, Refused> {
    let given =
        text(request, header::AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default();
    // Digests are compared, so that time tells nothing about the token.
    let given = sha256_hex(given.trim().as_bytes());
    targets(visit)
        .into_iter()
        .find(|(_, target)| sha256_hex(target.token.expose().as_bytes()) == given)
        .map(|(name, _)| name)
        .ok_or_else(|| Refused::new(ProblemCode::TokenInvalid, visit, None))
}
