//! Sending somebody to the broker.

use super::asking::{Asking, RequestObject};
use super::sign::{self, Asked};
use super::{LoginFault, Pinned, RelyingParty, SignRequest, SignatureClass, random_token};
use crate::vocabulary::At;
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

/// What one log-in, step-up or signature needs.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Whole, as registered with the broker.
    pub redirect_uri: &'a str,
    /// Exact `acr` values; see [`RelyingParty::accepted_acr`].
    pub accepted_acr: &'a [String],
    /// Citizen or staff.
    pub purpose: Purpose,
    /// The page's language (`sv`), for the broker's pages.
    pub language: &'a str,
    /// The one who must come back: at step-up and signing. The broker is told, and the answer of anybody else is
    /// [`LoginFault::OtherPerson`].
    pub pinned: Option<&'a Pinned>,
    /// What is to be signed; then somebody must be pinned, and the answer has evidence.
    pub sign: Option<&'a SignRequest>,
}

/// How long somebody may take at the broker, in seconds.
const LOG_IN_SECONDS: i64 = 600;
const SIGN_SECONDS: i64 = 1200;

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
    pub(super) pinned: Option<Pinned>,
    pub(super) asked: Option<Asked>,
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

    /// When the answer comes too late: ten minutes, and twenty for a signature.
    pub fn expires_at(&self) -> At {
        self.started_at.plus_seconds(if self.asked.is_some() { SIGN_SECONDS } else { LOG_IN_SECONDS })
    }

    /// Whether a signature was asked for.
    pub fn is_signature(&self) -> bool {
        self.asked.is_some()
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

    /// How strong a signature this broker gives, by its settings and by what it announces.
    pub async fn signature_class(&self) -> Result<SignatureClass, LoginFault> {
        Ok(sign::class(&self.config, &*self.provider.metadata().await?))
    }

    async fn make_request(&self, request: Request<'_>) -> Result<Begun, LoginFault> {
        let metadata = self.provider.metadata().await?;
        if !metadata.can_reach(request.accepted_acr) {
            return Err(LoginFault::LevelUnmet);
        }
        if request.sign.is_some() && request.pinned.is_none() {
            return Err(LoginFault::Internal);
        }
        let signing = request.sign.map(|wish| sign::class(&self.config, &metadata).about(wish)).transpose()?;
        let (state, verifier) = (random_token()?, random_token()?);
        let nonce = match &signing {
            Some(signing) => signing.nonce(),
            None => random_token()?,
        };
        let asking = Asking {
            config: &self.config,
            metadata: &metadata,
            request,
            state: &state,
            nonce: &nonce,
            verifier: &verifier,
            signing: signing.as_ref(),
        };
        let plain = asking.url()?;
        let must_be_signed = self.config.signed_requests || signing.as_ref().is_some_and(|s| s.class.is_by_scope());
        let object = match must_be_signed {
            true => Some(RequestObject::make(&plain, &self.config, self.clock.now())?),
            false => None,
        };
        let url = self.address(&metadata, plain, object.as_ref(), signing.is_some()).await?;
        let pending = Pending {
            state_digest: state_digest(&state),
            nonce,
            pkce_verifier: verifier,
            issuer: self.config.issuer.clone(),
            redirect_uri: request.redirect_uri.to_owned(),
            accepted_acr: request.accepted_acr.to_vec(),
            purpose: request.purpose,
            started_at: self.clock.now(),
            pinned: request.pinned.cloned(),
            asked: signing.map(|signing| signing.asked(object)),
        };
        Ok(Begun { url, state, pending })
    }
}
