//! Who may ask the broker, and how a client proves that it is itself: `client_secret_basic` (RFC 6749 2.3.1) or
//! `private_key_jwt` (OpenID Connect Core 9) where it asks itself, a signed request object where a browser brings the
//! request.

use super::super::StartError;
use super::super::keys;
use super::key_ring::SigningAlg;
use super::request::Parameters;
use crate::vocabulary::At;
use crate::web::Loopback;
use actix_web::HttpRequest;
use actix_web::http::header;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use url::Url;

/// An error of RFC 6749 5.2.
pub(super) type Refused = (&'static str, &'static str);

/// A client as registered. At least one of secret and key address must be there for it to get tokens.
#[derive(Clone)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// The name that the person sees.
    pub client_name: String,
    /// The names that she sees instead where it has others at single addresses: of one that stands for several.
    pub names_at: Vec<(String, String)>,
    /// For `client_secret_basic`.
    pub client_secret: Option<String>,
    /// For `private_key_jwt` and signed requests: where the client publishes its keys.
    pub jwks_uri: Option<String>,
    /// Where a log-in may return, compared character for character.
    pub redirect_uris: Vec<String>,
    /// Where a log-out may return, compared likewise.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where log-outs are told (OpenID Connect Back-Channel Logout 1.0). One for each municipality: the one of the same
    /// origin as the log-in's redirect address is called.
    pub backchannel_logout_uris: Vec<String>,
    /// What its ID tokens and UserInfo are signed with.
    pub id_token_signed_response_alg: SigningAlg,
    /// Whether it may ask people to sign (Signature Extension 1.1).
    pub may_sign: bool,
    /// Whether staff log in here (by `orgAffiliation`) and not citizens.
    pub staff: bool,
}

impl Client {
    /// What it is called where a person comes from who is to return to this address.
    pub(super) fn name_at(&self, redirect_uri: &str) -> &str {
        let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin());
        let from = origin(redirect_uri);
        let own = self.names_at.iter().find(|(address, _)| from.is_some() && origin(address) == from);
        own.map_or(&self.client_name, |(_, name)| name)
    }
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
            .dns_resolver(Arc::new(Loopback))
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

    /// The client that sends this form to an endpoint; `audiences` are what an assertion may be meant for.
    pub(super) async fn authenticated(
        &self,
        http: &HttpRequest,
        form: &Parameters,
        audiences: &[&str],
        now: At,
    ) -> Result<Client, Refused> {
        let refused = ("invalid_client", "the client did not prove that it is itself");
        let one = |name| form.one(name).map_err(|_| ("invalid_request", "a parameter is repeated"));
        let basic = http.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let client = match (basic, one("client_assertion")?) {
            (Some(basic), None) => self.by_secret(basic),
            (None, Some(assertion)) => {
                if one("client_assertion_type")? != Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
                    return Err(refused);
                }
                self.by_assertion(assertion, audiences, now).await
            }
            // RFC 6749 2.3: one method per request.
            _ => None,
        };
        let client = client.ok_or(refused)?;
        match one("client_id")? {
            Some(id) if id != client.client_id => Err(("invalid_client", "client_id is another client's")),
            _ => Ok(client),
        }
    }

    /// The client of an `Authorization: Basic` header, if the secret is right.
    fn by_secret(&self, authorization: &str) -> Option<Client> {
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
    async fn by_assertion(&self, assertion: &str, audiences: &[&str], now: At) -> Option<Client> {
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
    pub(super) async fn verified(&self, client: &Client, jws: &str) -> Option<Value> {
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

    /// Sends a form, for its status only.
    pub(super) async fn post(&self, address: &str, form: &[(&str, &str)]) -> Option<u16> {
        let answer = self.http.post(address).form(form).send().await;
        answer.ok().map(|answer| answer.status().as_u16())
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
