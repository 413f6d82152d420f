//! Requests that do not stand in the query: signed by the client (RFC 9101) and pushed beforehand (RFC 9126).

use super::Provider;
use super::clients::Client;
use super::request::{Asked, Parameters, Refusal, addressee};
use super::wire::Endpoint;
use crate::simulators::keys;
use crate::vocabulary::At;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use ring::digest;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a pushed request waits for its person.
const PUSHED_SECONDS: i64 = 60;
/// How long a person may look at the page.
const SHOWN_SECONDS: i64 = 20 * 60;
/// Requests that wait at the same time.
const MOST: usize = 10_000;
const SKEW: i64 = 60;
const URN: &str = "urn:ietf:params:oauth:request_uri:";
/// Members of a request object that are about itself.
const ABOUT_ITSELF: &[&str] = &["iss", "aud", "exp", "iat", "nbf", "jti", "sub"];

/// Requests kept until somebody comes for them, by digest of what names them.
#[derive(Default)]
pub(super) struct Waiting(Mutex<HashMap<Vec<u8>, (Asked, At)>>);

impl Waiting {
    fn kept(&self, now: At) -> MutexGuard<'_, HashMap<Vec<u8>, (Asked, At)>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (_, until)| now < *until);
        kept
    }

    fn keep(&self, name: &str, asked: Asked, now: At, seconds: i64) {
        let mut kept = self.kept(now);
        if kept.len() < MOST {
            kept.insert(digest_of(name), (asked, now.plus_seconds(seconds)));
        }
    }

    /// The ticket under which the page finds this request again, when its form is sent.
    pub(super) fn shown(&self, asked: &Asked, now: At) -> Option<String> {
        let ticket = keys::random_token().ok()?;
        self.keep(&ticket, asked.clone(), now, SHOWN_SECONDS);
        Some(ticket)
    }

    /// The request of a ticket. A page may be sent twice: whoever goes back in her browser chooses again.
    pub(super) fn by_ticket(&self, ticket: &str, now: At) -> Option<Asked> {
        self.kept(now).get(&digest_of(ticket)).map(|(asked, _)| asked.clone())
    }

    /// A pushed request, once.
    fn take(&self, request_uri: &str, now: At) -> Option<Asked> {
        self.kept(now).remove(&digest_of(request_uri)).map(|(asked, _)| asked)
    }
}

fn digest_of(name: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, name.as_bytes()).as_ref().to_vec()
}

/// The request that these parameters are or name.
pub(super) async fn asked(provider: &Provider, parameters: Parameters) -> Result<Asked, Refusal> {
    let one = |name| parameters.one(name).map_err(|_| Refusal::Here("repeated"));
    if let Some(request_uri) = one("request_uri")? {
        let client_id = one("client_id")?;
        if !parameters.are_only(&["client_id", "request_uri"]) {
            return Err(Refusal::Here("pushed"));
        }
        let pushed = provider.waiting.take(request_uri, provider.clock.now());
        let pushed = pushed.filter(|asked| asked.parameters.one("client_id").unwrap_or(None) == client_id);
        return pushed.ok_or(Refusal::Here("pushed"));
    }
    let Some(object) = one("request")?.map(str::to_owned) else {
        return Ok(Asked { parameters, is_sealed: false });
    };
    let (client, redirect_uri) = match addressee(provider, &parameters) {
        Ok((client, redirect_uri)) => (client, Some(redirect_uri)),
        // The address may stand in the object alone.
        Err(Refusal::Here("redirect")) => {
            let client = one("client_id")?.and_then(|id| provider.clients.find(id)).ok_or(Refusal::Here("client"))?;
            (client, None)
        }
        Err(refusal) => return Err(refusal),
    };
    let state = one("state")?.map(str::to_owned);
    opened(provider, &client, &parameters, &object).await.map_err(|description| match redirect_uri {
        Some(redirect_uri) => Refusal::Back { redirect_uri, state, error: "invalid_request_object", description },
        None => Refusal::Here("object"),
    })
}

/// What a request object says, when the client signed it for us and the parameters beside it agree.
async fn opened(provider: &Provider, client: &Client, outer: &Parameters, object: &str) -> Result<Asked, &'static str> {
    let header = keys::header(object).ok_or("not a signed token")?;
    let typ = header.get("typ").map(|typ| typ.as_str().unwrap_or_default().to_ascii_lowercase());
    if typ.is_some_and(|typ| !matches!(typ.as_str(), "jwt" | "oauth-authz-req+jwt")) {
        return Err("typ is of another kind of token");
    }
    let claims =
        provider.clients.verified(client, object).await.ok_or("not signed by a key that the client publishes")?;
    let Value::Object(mut members) = claims else { return Err("not an object") };
    if members.get("iss").and_then(Value::as_str) != Some(&client.client_id) {
        return Err("iss is not the client");
    }
    let us = [provider.issuer.clone(), format!("{}/authorize", provider.issuer)];
    let is_us = |aud: &Value| aud.as_str().is_some_and(|aud| us.iter().any(|u| u == aud));
    let for_us = match members.get("aud") {
        Some(Value::Array(many)) => many.iter().any(is_us),
        Some(one) => is_us(one),
        None => false,
    };
    if !for_us {
        return Err("aud is not this broker");
    }
    let now = provider.clock.now().seconds();
    let time = |name: &str| members.get(name).map(Value::as_i64);
    if time("exp").is_some_and(|exp| exp.is_none_or(|exp| exp <= now - SKEW)) {
        return Err("exp has passed");
    }
    if ["nbf", "iat"].iter().any(|name| time(name).is_some_and(|at| at.is_none_or(|at| at > now + SKEW))) {
        return Err("not valid yet");
    }
    if members.contains_key("request") || members.contains_key("request_uri") {
        return Err("a request object holds no other");
    }
    members.retain(|name, _| !ABOUT_ITSELF.contains(&name.as_str()));
    let inner = Parameters::of_members(&members);
    // OpenID Connect Core 6.1: these three stand outside too, and say the same.
    for name in ["client_id", "response_type", "scope"] {
        let (outer, inner) = (outer.one(name).unwrap_or(None), inner.one(name).unwrap_or(None));
        if outer.is_none() || outer != inner {
            return Err("client_id, response_type and scope must be the same outside and inside");
        }
    }
    // RFC 9101 5: nothing else outside counts.
    Ok(Asked { parameters: inner, is_sealed: true })
}

/// The endpoint at which a client leaves its request beforehand.
pub(super) async fn push(provider: web::Data<Provider>, http: HttpRequest, body: web::Bytes) -> HttpResponse {
    provider.control.delay().await;
    if let Some(answer) = provider.wire_fault(Endpoint::Pushed).await {
        return answer;
    }
    let form = Parameters::of("", &body);
    match pushed(&provider, &http, form).await {
        Ok((client_id, name)) => {
            provider.control.note(json!({"event": "par", "client": client_id, "result": "kept"}));
            HttpResponse::Created()
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .json(json!({"request_uri": name, "expires_in": PUSHED_SECONDS}))
        }
        Err((error, description)) => {
            provider.control.note(json!({"event": "par", "error": error, "description": description}));
            let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            HttpResponse::build(status).json(json!({"error": error, "error_description": description}))
        }
    }
}

async fn pushed(
    provider: &Provider,
    http: &HttpRequest,
    form: Parameters,
) -> Result<(String, String), (&'static str, &'static str)> {
    let now = provider.clock.now();
    let client = provider.client_of(http, &form, &["/token", "/par"]).await?;
    if form.one("request_uri").unwrap_or(None).is_some() {
        return Err(("invalid_request", "request_uri cannot be pushed"));
    }
    if form.one("client_id").unwrap_or(None) != Some(&client.client_id) {
        return Err(("invalid_request", "client_id is missing"));
    }
    let refused = |refusal| match refusal {
        Refusal::Here(_) => ("invalid_request", "client_id or redirect_uri is not registered"),
        Refusal::Back { error, description, .. } => (error, description),
    };
    let parameters = form.without(&["client_assertion", "client_assertion_type", "client_secret"]);
    let asked = asked(provider, parameters).await.map_err(refused)?;
    super::request::AuthorizationRequest::read(provider, &asked).map_err(refused)?;
    let name = keys::random_token().map_err(|_| ("server_error", "no random bytes"))?;
    let name = format!("{URN}{name}");
    provider.waiting.keep(&name, asked, now, PUSHED_SECONDS);
    Ok((client.client_id, name))
}
