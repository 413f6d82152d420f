//! Who may ask the broker, and how a client proves at the token endpoint that it is itself: `client_secret_basic`
//! (RFC 6749 2.3.1) or `private_key_jwt` (OpenID Connect Core 9).

use super::super::StartError;
use super::super::keys;
use crate::vocabulary::At;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

/// A client as registered. At least one of secret and key address must be there for it to get tokens.
#[derive(Clone)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// The name that the person sees.
    pub client_name: String,
    /// For `client_secret_basic`.
    pub client_secret: Option<String>,
    /// For `private_key_jwt`: where the client publishes its keys. The only address that the broker ever calls.
    pub jwks_uri: Option<String>,
    /// Where a log-in may return, compared character for character.
    pub redirect_uris: Vec<String>,
    /// Where a log-out may return, compared likewise.
    pub post_logout_redirect_uris: Vec<String>,
    /// Whether staff log in here (by `orgAffiliation`) and not citizens.
    pub staff: bool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("client_id", &self.client_id)
            .field("jwks_uri", &self.jwks_uri)
            .field("redirect_uris", &self.redirect_uris)
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}

/// The longest time an assertion may live (its `jti` is remembered that long).
const LONGEST_ASSERTION: i64 = 300;
/// What two clocks may differ.
const SKEW: i64 = 60;

pub(super) struct Clients {
    registered: RwLock<Vec<Client>>,
    /// Published keys by client, as last fetched.
    jwks: Mutex<HashMap<String, Value>>,
    /// Assertions seen, by client and `jti`, until they expire.
    seen: Mutex<HashMap<(String, String), i64>>,
    http: reqwest::Client,
}

impl Clients {
    pub(super) fn new(clients: Vec<Client>) -> Result<Self, StartError> {
        // reqwest asks for a TLS provider even where every address is plain http to loopback. Whoever came first is kept.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(5))
            .build()
            .map_err(|e| StartError::Part(format!("HTTP client: {e}")))?;
        Ok(Self { registered: RwLock::new(clients), jwks: Mutex::default(), seen: Mutex::default(), http })
    }

    pub(super) fn register(&self, client: Client) {
        self.jwks.lock().unwrap_or_else(PoisonError::into_inner).remove(&client.client_id);
        let mut registered = self.registered.write().unwrap_or_else(PoisonError::into_inner);
        registered.retain(|c| c.client_id != client.client_id);
        registered.push(client);
    }

    pub(super) fn find(&self, client_id: &str) -> Option<Client> {
        let registered = self.registered.read().unwrap_or_else(PoisonError::into_inner);
        registered.iter().find(|c| c.client_id == client_id).cloned()
    }

    /// The client of an `Authorization: Basic` header, if the secret is right.
    pub(super) fn by_secret(&self, authorization: &str) -> Option<Client> {
        let (scheme, credentials) = authorization.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let credentials = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
        let (id, secret) = credentials.split_once(':')?;
        let client = self.find(&form_decoded(id))?;
        // Digests are compared, so that the time it takes says nothing about the secret.
        let of = |text: &str| digest::digest(&digest::SHA256, text.as_bytes());
        let matches = of(client.client_secret.as_deref()?).as_ref() == of(&form_decoded(secret)).as_ref();
        matches.then_some(client)
    }

    /// The client of a `client_assertion`, if its key signed it, it is meant for one of `audiences`, and it is new.
    pub(super) async fn by_assertion(&self, assertion: &str, audiences: [&str; 2], now: At) -> Option<Client> {
        let named = keys::unverified_claims(assertion)?;
        let client = self.find(named.get("iss")?.as_str()?)?;
        let claims = self.verified(&client, assertion).await?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let audience_fits = match claims.get("aud")? {
            Value::String(one) => audiences.contains(&one.as_str()),
            Value::Array(many) => many.iter().filter_map(Value::as_str).any(|a| audiences.contains(&a)),
            _ => false,
        };
        let (jti, expires, now) = (text("jti").filter(|j| !j.is_empty())?, claims.get("exp")?.as_i64()?, now.seconds());
        let issued_ahead = claims.get("iat").and_then(Value::as_i64).is_some_and(|iat| iat > now + SKEW);
        let timely = expires > now - SKEW && expires <= now + LONGEST_ASSERTION + SKEW && !issued_ahead;
        if text("iss") != Some(&client.client_id) || text("sub") != Some(&client.client_id) || !audience_fits || !timely
        {
            return None;
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, until| *until > now);
        let is_new = seen.insert((client.client_id.clone(), jti.to_owned()), expires + SKEW).is_none();
        is_new.then_some(client)
    }

    /// The claims of what a client signed, with its published keys: those in memory, or fresh ones for a new `kid`.
    async fn verified(&self, client: &Client, jws: &str) -> Option<Value> {
        let known = self.jwks.lock().unwrap_or_else(PoisonError::into_inner).get(&client.client_id).cloned();
        let kid = keys::named_kid(jws);
        let has_kid = |jwks: &Value| {
            let keys = jwks.get("keys").and_then(Value::as_array);
            keys.is_some_and(|keys| keys.iter().any(|k| k.get("kid").and_then(Value::as_str) == kid.as_deref()))
        };
        if let Some(claims) = known.filter(has_kid).and_then(|jwks| keys::verified_claims(jws, &jwks)) {
            return Some(claims);
        }
        let jwks = self.fetch(client.jwks_uri.as_deref()?).await?;
        let claims = keys::verified_claims(jws, &jwks);
        self.jwks.lock().unwrap_or_else(PoisonError::into_inner).insert(client.client_id.clone(), jwks);
        claims
    }

    async fn fetch(&self, jwks_uri: &str) -> Option<Value> {
        let mut answer = self.http.get(jwks_uri).send().await.ok()?.error_for_status().ok()?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.ok()? {
            body.extend_from_slice(&chunk);
            if body.len() > 64 * 1024 {
                return None;
            }
        }
        serde_json::from_slice(&body).ok()
    }
}

/// Id and secret are form-encoded inside the Basic header (RFC 6749 2.3.1).
fn form_decoded(text: &str) -> String {
    let pair = format!("v={text}");
    url::form_urlencoded::parse(pair.as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
}
