//! Sending somebody to the broker.

use super::{ClaimNames, LoginFault, RelyingParty, random_token};
use crate::vocabulary::At;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet};
use openidconnect::{
    ClientId, CsrfToken, IssuerUrl, LanguageTag, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::fmt;
use url::Url;

/// Who is to be told apart: it decides which claims are asked for and which identity is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// By personnummer or samordningsnummer.
    Citizen,
    /// By affiliation to an organisation; no personnummer is asked for.
    Staff,
}

/// What one log-in needs.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Whole, as registered with the broker.
    pub redirect_uri: &'a str,
    /// Exact `acr` values; see [`accepted_acr`](super::accepted_acr).
    pub accepted_acr: &'a [&'a str],
    /// Citizen or staff.
    pub purpose: Purpose,
    /// The page's language (`sv`), for the broker's pages.
    pub language: &'a str,
}

/// A log-in under way: what [`RelyingParty::finish`] holds the answer against. Secret; the caller seals it and keeps it
/// under [`state_digest`], bound to the browser, for one use.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Pending {
    pub(super) state_digest: String,
    pub(super) nonce: String,
    pub(super) pkce_verifier: String,
    pub(super) issuer: String,
    pub(super) redirect_uri: String,
    pub(super) accepted_acr: Vec<String>,
    pub(super) purpose: Purpose,
    pub(super) started_at: At,
}

impl Pending {
    /// Citizen or staff.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When the person was sent off.
    pub fn started_at(&self) -> At {
        self.started_at
    }

    /// The broker it was begun with.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where the broker was told to answer.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("issuer", &self.issuer)
            .field("purpose", &self.purpose)
            .field("started_at", &self.started_at)
            .finish_non_exhaustive()
    }
}

/// What [`RelyingParty::begin`] gives.
pub struct Begun {
    /// Where to send the browser (303).
    pub url: Url,
    /// The `state` in that address; never stored, only its [digest](state_digest).
    pub state: String,
    /// To be sealed and stored.
    pub pending: Pending,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").field("pending", &self.pending).finish_non_exhaustive()
    }
}

/// SHA-256 of a `state` in base64url: the key under which a [`Pending`] is stored.
pub fn state_digest(state: &str) -> String {
    use base64::Engine as _;
    let digest = ring::digest::digest(&ring::digest::SHA256, state.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest)
}

impl RelyingParty {
    /// The address to send the browser to, with `state`, `nonce` and PKCE of 256 bits each. Asks the broker for its
    /// metadata when they are not known or a day old.
    pub async fn begin(&self, request: Request<'_>) -> Result<Begun, LoginFault> {
        let begun = self.make_request(request).await;
        begun.inspect_err(|fault| fault.log(self.slug()))
    }

    async fn make_request(&self, request: Request<'_>) -> Result<Begun, LoginFault> {
        let metadata = self.provider.metadata().await?;
        if !metadata.can_reach(request.accepted_acr) {
            return Err(LoginFault::LevelUnmet);
        }
        let (state, nonce, verifier) = (random_token()?, random_token()?, random_token()?);
        let redirect = RedirectUrl::new(request.redirect_uri.to_owned()).map_err(|_| LoginFault::Internal)?;
        let issuer = IssuerUrl::new(self.config.issuer.clone()).map_err(|_| LoginFault::Internal)?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let claims = claims_parameter(request.purpose, request.accepted_acr, &self.config.claims);
        let client =
            CoreClient::new(ClientId::new(self.config.client_id.clone()), issuer, CoreJsonWebKeySet::new(vec![]))
                .set_auth_uri(metadata.authorization_endpoint.clone());
        let (sent_state, sent_nonce) = (CsrfToken::new(state.clone()), Nonce::new(nonce.clone()));
        let (url, _, _) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || sent_state, move || sent_nonce)
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Borrowed(&redirect))
            .add_prompt(CoreAuthPrompt::Login)
            .add_ui_locale(LanguageTag::new(request.language.to_owned()))
            .add_extra_param("claims", claims.to_string())
            .url();
        let pending = Pending {
            state_digest: state_digest(&state),
            nonce,
            pkce_verifier: verifier,
            issuer: self.config.issuer.clone(),
            redirect_uri: request.redirect_uri.to_owned(),
            accepted_acr: request.accepted_acr.iter().map(|acr| (*acr).to_owned()).collect(),
            purpose: request.purpose,
            started_at: self.clock.now(),
        };
        Ok(Begun { url, state, pending })
    }
}

/// OpenID Connect Core 5.5. The names are asked for in the ID token, so that no call to userinfo is needed.
fn claims_parameter(purpose: Purpose, accepted_acr: &[&str], names: &ClaimNames) -> Value {
    let mut asked = Map::new();
    asked.insert("acr".into(), json!({ "essential": true, "values": accepted_acr }));
    let mut ask = |name: &str, essential: bool| {
        asked.insert(name.to_owned(), if essential { json!({ "essential": true }) } else { Value::Null });
    };
    match purpose {
        Purpose::Citizen => {
            ask(&names.personal_identity_number, true);
            ask(&names.coordination_number, true);
            ask("given_name", false);
            ask("family_name", false);
        }
        Purpose::Staff => {
            ask(&names.org_affiliation, true);
            ask(&names.org_name, false);
            ask(&names.org_number, false);
        }
    }
    for name in ["name", "txn", names.authn_provider.as_str()] {
        ask(name, false);
    }
    json!({ "id_token": asked })
}
