//! Trading the code for a person.

use super::callback::{Answer, harmless};
use super::id_token::Unverified;
use super::json::{self, JsonFault};
use super::jws::{MAX_SIGNED_TOKEN, MAX_TOKEN};
use super::outbound::{MAX_BODY, MAX_SIGNED_BODY};
use super::provider::Metadata;
use super::sign::{SCOPE_APPROVAL, SCOPE_SIGN};
use super::{Authenticated, CallbackQuery, Evidence, LoginFault, Pending, RelyingParty, SignatureClass, state_digest};
use serde_json::{Map, Value};

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
        if self.clock.now() > pending.expires_at() {
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
        self.verify(&metadata, &tokens, pending).await
    }

    async fn request_tokens(&self, metadata: &Metadata, pending: &Pending, code: &str) -> Result<Tokens, LoginFault> {
        let mut form: Vec<(String, String)> = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", pending.redirect_uri.as_str()),
            ("code_verifier", pending.pkce_verifier.as_str()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let authorization = self.prove_ourselves(metadata, &mut form)?;
        let max_body = if pending.is_signature() { MAX_SIGNED_BODY } else { MAX_BODY };
        let answer = self.provider.post(metadata.token_endpoint.url(), &form, authorization, max_body).await?;
        if answer.status != 200 {
            return Err(refusal(&answer.body));
        }
        if !answer.is_json {
            return Err(LoginFault::AnswerMalformed);
        }
        Tokens::read(&answer.body)
    }

    /// A key that is not known may be new: the keys are then asked for once more.
    async fn verify(
        &self,
        metadata: &Metadata,
        tokens: &Tokens,
        pending: &Pending,
    ) -> Result<Authenticated, LoginFault> {
        let max = if pending.is_signature() { MAX_SIGNED_TOKEN } else { MAX_TOKEN };
        let token = Unverified::parse(&tokens.id_token, &self.config.allowed_algs, max)?;
        let now = self.clock.now();
        let keys = self.provider.keys().await?;
        let newer;
        let verified = match token.verify(&keys, pending, &self.config, &tokens.access_token, now) {
            Err(fault @ (LoginFault::KeyUnknown | LoginFault::KeyAmbiguous)) => {
                newer = self.provider.keys_beyond(&keys).await?.ok_or(fault)?;
                token.verify(&newer, pending, &self.config, &tokens.access_token, now)?
            }
            verdict => verdict?,
        };
        let userinfo = (!pending.is_signature()).then_some((metadata, tokens.access_token.as_str()));
        let who = self.who(&verified.token.claims, pending.purpose, verified.is_foreign, userinfo).await?;
        if pending.pinned.as_ref().is_some_and(|pinned| !pinned.is(&who)) {
            return Err(LoginFault::OtherPerson);
        }
        let evidence = match pending.asked.as_ref().zip(pending.pinned.as_ref()) {
            Some((asked, pinned)) => {
                tokens.check_scope(asked.class)?;
                Some(Evidence::gather(asked, pinned, &verified, &self.config, now)?)
            }
            None => None,
        };
        Ok(Authenticated {
            who,
            acr: verified.acr,
            level: verified.level,
            auth_time: verified.auth_time,
            txn: verified.txn,
            method: verified.method,
            issuer: self.config.issuer.clone(),
            subject: verified.subject,
            session_id: verified.session_id,
            id_token: verified.raw.clone(),
            evidence,
        })
    }
}

/// What we use of the token endpoint's answer. A refresh token, should one come, is dropped.
struct Tokens {
    access_token: String,
    id_token: String,
    scope: Option<String>,
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
            scope: take(&mut members, "scope"),
        })
    }

    /// RFC 6749 5.1: where the broker says which scopes it granted, signing must be among them.
    fn check_scope(&self, class: SignatureClass) -> Result<(), LoginFault> {
        let asked = match class {
            SignatureClass::Signature => SCOPE_SIGN,
            SignatureClass::Approval => SCOPE_APPROVAL,
            SignatureClass::Reauthentication => return Ok(()),
        };
        match &self.scope {
            Some(granted) if !granted.split(' ').any(|scope| scope == asked) => Err(LoginFault::ScopeReduced),
            _ => Ok(()),
        }
    }
}

fn take(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    match members.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// RFC 6749 5.2, RFC 9126 2.3.
pub(super) fn refusal(body: &[u8]) -> LoginFault {
    let error = json::object(body).ok().and_then(|mut members| take(&mut members, "error")).unwrap_or_default();
    tracing::warn!(error = harmless(&error), "the broker refused what we sent");
    match error.as_str() {
        "invalid_grant" => LoginFault::CodeRefused,
        "invalid_client" | "unauthorized_client" => LoginFault::ClientRefused,
        _ => LoginFault::TokenRefused,
    }
}
