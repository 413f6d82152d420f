//! Trading the code for a person.

use super::callback::{Answer, harmless};
use super::id_token::Unverified;
use super::json::{self, JsonFault};
use super::provider::Metadata;
use super::{Authenticated, CallbackQuery, ClientAuth, LoginFault, Pending, RelyingParty, state_digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use serde_json::{Map, Value};
use std::sync::Arc;

/// How long a person may take at the broker.
const TRANSACTION_SECONDS: i64 = 600;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl RelyingParty {
    /// Judges the answer to a log-in. The caller has consumed the transaction and held it against the browser's cookie.
    /// Sends the code at most once.
    pub async fn finish(&self, pending: &Pending, query: CallbackQuery) -> Result<Authenticated, LoginFault> {
        let finished = self.judge(pending, &query).await;
        finished.inspect_err(|fault| fault.log(self.slug()))
    }

    async fn judge(&self, pending: &Pending, query: &CallbackQuery) -> Result<Authenticated, LoginFault> {
        if pending.issuer != self.config.issuer {
            return Err(LoginFault::OtherBroker);
        }
        if pending.state_digest != state_digest(query.state()) {
            return Err(LoginFault::StateMismatch);
        }
        if self.clock.now() > pending.started_at.plus_seconds(TRANSACTION_SECONDS) {
            return Err(LoginFault::TransactionExpired);
        }
        let metadata = self.provider.metadata().await?;
        match &query.iss {
            Some(iss) if *iss != pending.issuer => return Err(LoginFault::CallbackIssuer),
            None if metadata.authorization_response_iss_parameter_supported => return Err(LoginFault::CallbackIssuer),
            _ => {}
        }
        let code = match &query.answer {
            Answer::Code(code) => code,
            Answer::Error(fault) => return Err(*fault),
        };
        let tokens = self.request_tokens(&metadata, pending, code).await?;
        self.verify(&tokens, pending).await
    }

    async fn request_tokens(&self, metadata: &Metadata, pending: &Pending, code: &str) -> Result<Tokens, LoginFault> {
        let config = &self.config;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", pending.redirect_uri.as_str()),
            ("code_verifier", pending.pkce_verifier.as_str()),
        ];
        let assertion;
        let authorization = match &config.client_auth {
            ClientAuth::SecretBasic(secret) => Some(basic(&config.client_id, secret.secret())?),
            ClientAuth::PrivateKeyJwt(key) => {
                assertion = key.assertion(&config.client_id, &config.issuer, self.clock.now())?;
                form.push(("client_id", &config.client_id));
                form.push(("client_assertion_type", JWT_BEARER));
                form.push(("client_assertion", &assertion));
                None
            }
        };
        let answer = self.provider.post_token(metadata, &form, authorization).await?;
        if answer.status != 200 {
            return Err(refusal(&answer.body));
        }
        if !answer.is_json {
            return Err(LoginFault::AnswerMalformed);
        }
        Tokens::read(&answer.body)
    }

    /// A key that is not known may be new: the keys are then asked for once more.
    async fn verify(&self, tokens: &Tokens, pending: &Pending) -> Result<Authenticated, LoginFault> {
        let token = Unverified::parse(&tokens.id_token, &self.config.allowed_algs)?;
        let keys = self.provider.keys().await?;
        let check = |keys: &Arc<_>| token.verify(keys, pending, &self.config, &tokens.access_token, self.clock.now());
        match check(&keys) {
            Err(fault @ (LoginFault::KeyUnknown | LoginFault::KeyAmbiguous)) => {
                match self.provider.keys_beyond(&keys).await? {
                    Some(newer) => check(&newer),
                    None => Err(fault),
                }
            }
            verdict => verdict,
        }
    }
}

/// What we use of the token endpoint's answer. A refresh token, should one come, is dropped.
struct Tokens {
    access_token: String,
    id_token: String,
}

impl Tokens {
    fn read(body: &[u8]) -> Result<Self, LoginFault> {
        let mut members = json::object(body).map_err(|fault| match fault {
            JsonFault::DuplicateMember => LoginFault::DuplicateMember,
            JsonFault::NotAnObject | JsonFault::TooDeep => LoginFault::AnswerMalformed,
        })?;
        let token_type = take(&mut members, "token_type").ok_or(LoginFault::TokenMalformed)?;
        if !token_type.eq_ignore_ascii_case("Bearer") {
            return Err(LoginFault::TokenMalformed);
        }
        Ok(Self {
            access_token: take(&mut members, "access_token").ok_or(LoginFault::TokenMalformed)?,
            id_token: take(&mut members, "id_token").ok_or(LoginFault::TokenMalformed)?,
        })
    }
}

fn take(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    match members.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// RFC 6749 5.2.
fn refusal(body: &[u8]) -> LoginFault {
    let error = json::object(body).ok().and_then(|mut members| take(&mut members, "error")).unwrap_or_default();
    tracing::warn!(error = harmless(&error), "the token endpoint refused");
    match error.as_str() {
        "invalid_grant" => LoginFault::CodeRefused,
        "invalid_client" | "unauthorized_client" => LoginFault::ClientRefused,
        _ => LoginFault::TokenRefused,
    }
}

/// `client_secret_basic`: both parts are form-encoded first (RFC 6749 2.3.1).
fn basic(client_id: &str, secret: &str) -> Result<HeaderValue, LoginFault> {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let credentials = STANDARD.encode(format!("{}:{}", encode(client_id), encode(secret)));
    let mut value = HeaderValue::try_from(format!("Basic {credentials}")).map_err(|_| LoginFault::Internal)?;
    value.set_sensitive(true);
    Ok(value)
}
