//! Who calls: the signature of a push, the bearer token of a question. The host decides whose targets are tried; keys of the
//! settings come first, then those that were issued in administration.

use super::answers::{Broken, Refused};
use super::calls::Allowance;
use super::{keys, keys_store};
use crate::contract::{ProblemCode, Scope, Secret, SignatureFault};
use crate::db::DbError;
use crate::portal::App;
use crate::portal::delivery::target_of;
use crate::settings::{Target, sha256_hex};
use crate::vocabulary::TargetSlug;
use crate::web::Visit;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;

/// A push that somebody signed.
pub(super) struct Push {
    pub target: TargetSlug,
    pub webhook_id: String,
    pub body: Vec<u8>,
}

/// As the audit log names a system.
pub(super) fn actor(target: &TargetSlug) -> String {
    format!("system:{target}")
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

async fn read(mut payload: Payload, limit: usize, visit: &Visit) -> Result<Vec<u8>, Refused> {
    let mut body = Vec::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| Refused::new(ProblemCode::MalformedRequest, visit, None))?;
        if body.len() + part.len() > limit {
            return Err(Refused::new(ProblemCode::PayloadTooLarge, visit, None));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// Reads the body and finds whose signature it bears.
pub(super) async fn signed(
    request: &HttpRequest,
    visit: &Visit,
    app: &App,
    payload: Payload,
    limit: usize,
) -> Result<Push, Refused> {
    let body = read(payload, limit, visit).await?;
    let headers = (text(request, "webhook-id"), text(request, "webhook-timestamp"), text(request, "webhook-signature"));
    let (Some(id), Some(timestamp), Some(signature)) = headers else {
        return Err(Refused::new(
            ProblemCode::SignatureInvalid,
            visit,
            "webhook-id, webhook-timestamp, webhook-signature",
        ));
    };
    let now = visit.ground.clock.now();
    let fits = |secret: &Secret| secret.verify(id, timestamp, signature, &body, now);
    let late = || Refused::new(ProblemCode::TimestampOutOfTolerance, visit, None);
    let mut signer = None;
    for (name, target) in targets(visit) {
        for secret in target.secret_in.iter().filter_map(|s| s.expose().parse::<Secret>().ok()) {
            match fits(&secret) {
                Ok(()) => signer = Some((name.clone(), None)),
                Err(SignatureFault::Timestamp) => return Err(late()),
                Err(SignatureFault::Invalid) => {}
            }
        }
    }
    if signer.is_none() {
        let (slug, keyring) = (visit.municipality.slug.clone(), visit.ground.keys.clone());
        let issued = visit.ground.db.read(move |c| keys::secrets_in(c, &keyring, &slug, now));
        for (target, key, secret) in issued.await.map_err(|e| Broken::from(e).told(visit))? {
            match fits(&secret) {
                Ok(()) => signer = Some((target, Some(key))),
                Err(SignatureFault::Timestamp) => return Err(late()),
                Err(SignatureFault::Invalid) => {}
            }
        }
    }
    let (target, key) = signer.ok_or_else(|| Refused::new(ProblemCode::SignatureInvalid, visit, None))?;
    admit(request, visit, app, &target, key).await?;
    Ok(Push { target, webhook_id: id.to_owned(), body })
}

/// The target whose token the request bears, when that token gives `scope`.
pub(super) async fn bearer(
    request: &HttpRequest,
    visit: &Visit,
    app: &App,
    scope: Scope,
) -> Result<TargetSlug, Refused> {
    let given =
        text(request, header::AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default();
    let refused = || Refused::new(ProblemCode::TokenInvalid, visit, None);
    if given.trim().is_empty() {
        return Err(refused());
    }
    // Digests are compared, so that time tells nothing about the token.
    let given = sha256_hex(given.trim().as_bytes());
    let of_settings =
        targets(visit).into_iter().find(|(_, target)| sha256_hex(target.token.expose().as_bytes()) == given);
    let (target, key, scopes) = match of_settings {
        Some((name, _)) => (name, None, Scope::READING.to_vec()),
        None => {
            let (slug, now) = (visit.municipality.slug.clone(), visit.ground.clock.now());
            let issued = visit.ground.db.read(move |c| keys::of_token(c, &slug, &given, now));
            let issued = issued.await.map_err(|e| Broken::from(e).told(visit))?;
            let (target, key, scopes) = issued.ok_or_else(refused)?;
            (target, Some(key), scopes)
        }
    };
    if !scopes.contains(&scope) {
        return Err(Refused::new(ProblemCode::ScopeMissing, visit, scope.as_str()));
    }
    admit(request, visit, app, &target, key).await?;
    Ok(target)
}

/// Counts the call, and notes that an issued key was used.
async fn admit(
    request: &HttpRequest,
    visit: &Visit,
    app: &App,
    target: &TargetSlug,
    key: Option<String>,
) -> Result<(), Refused> {
    let allowance = app.integration_limit.take(&visit.municipality.slug, target);
    let is_over = allowance.left.is_none();
    request.extensions_mut().insert::<Allowance>(allowance);
    if is_over {
        return Err(Refused::new(ProblemCode::RateLimited, visit, None));
    }
    if let Some(key) = key {
        let now = visit.ground.clock.now();
        let noted = visit.ground.db.write(move |c| keys_store::note_used(c, &key, now));
        noted.await.map_err(|e: DbError| Broken::from(e).told(visit))?;
    }
    Ok(())
}
