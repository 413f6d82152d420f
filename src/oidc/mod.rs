//! The relying party: log-in with e-legitimation through an OpenID Connect broker, code flow with PKCE only.
//!
//! [`RelyingParty::begin`] makes the address that the browser is sent to and a [`Pending`] that the caller seals and
//! keeps under [`state_digest`]; [`CallbackQuery::parse`] reads what comes back; the caller looks up, binds to the
//! browser and consumes the transaction; [`RelyingParty::finish`] trades the code for a verified [`Authenticated`].
//! Sessions, cookies, pages and who may do what are the caller's. Every refusal is a [`LoginFault`] with a stable code
//! and exactly one message for the person.
//!
//! Follows The Swedish OpenID Connect Profile 1.0, OpenID Connect Core 1.0, RFC 7523, RFC 7636, RFC 9207 and RFC 9700.
//! The `openidconnect` crate makes the request address and verifies signature, issuer, audience, nonce and expiry; what it
//! leaves unchecked (`azp`, `iat`, `nbf`, lifetime, `acr`, `auth_time`, `at_hash`, duplicate members) is in `id_token`.
//! Signing is a log-in of its own: somebody is [`Pinned`], a [`SignRequest`] is sent, and the answer carries
//! [`Evidence`] that can be checked again without the broker.

mod algorithm;
mod asking;
mod begin;
mod callback;
mod client_auth;
mod client_key;
mod config;
mod evidence;
mod fault;
mod finish;
mod from_settings;
mod id_token;
mod identity;
mod json;
mod jws;
mod levels;
mod logout;
mod metadata;
mod numbers;
mod outbound;
mod pages;
mod pinned;
mod provider;
mod return_path;
mod sign;
mod style;
#[cfg(test)]
mod tests;
mod transactions;
mod userinfo;
mod who;

pub use crate::settings::{
    AcrMode, AssertionAudience, Guard, NumberClaim, NumberFormat, NumberKind, SignatureClass, Userinfo,
};
pub use algorithm::{SigningAlgorithm, UnknownAlgorithm};
pub use begin::{Begun, Pending, Purpose, Request, state_digest};
pub use callback::CallbackQuery;
pub use client_key::{ClientKey, InvalidClientKey};
pub use config::{BrokerConfig, ClaimNames, ClientAuth, InvalidBroker};
pub use evidence::{Evidence, EvidenceFault};
pub use fault::{LoginFault, MessageId};
pub use from_settings::relying_parties;
pub use identity::{CoordinationLevel, Identity, Persistence};
pub use levels::Levels;
pub use logout::LogoutToken;
pub use metadata::BrokerWarning;
pub use openidconnect::ClientSecret;
pub use pages::{Door, Errand, LogIn, SendOff, USUAL_LEVEL, Unwelcome, Welcome, log_in_routes, send_off};
pub use pinned::Pinned;
pub use return_path::safe_return_path;
pub use sign::SignRequest;
pub use transactions::sweep_transactions;
pub use who::{Authenticated, RawIdToken, Who};

use crate::vocabulary::{Clock, Lang};
use ring::rand::{SecureRandom, SystemRandom};

/// One broker that people can log in through, with its cached metadata and keys. Shared by all requests.
#[derive(Debug)]
pub struct RelyingParty {
    config: BrokerConfig,
    clock: Clock,
    provider: provider::Provider,
}

impl RelyingParty {
    /// Checks the settings; asks the broker nothing until someone logs in, so a dead broker never stops a start.
    pub fn new(config: BrokerConfig, clock: Clock) -> Result<Self, InvalidBroker> {
        config.check()?;
        let provider = provider::Provider::new(&config, clock.clone())?;
        Ok(Self { config, clock, provider })
    }

    /// The broker's name in addresses: `/logga-in/{slug}`, `/auth/aterkomst/{slug}`.
    pub fn slug(&self) -> &str {
        &self.config.slug
    }

    /// The issuer as settings spell it.
    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// What people are shown when they can choose between brokers; the slug when settings give it no title.
    pub fn title(&self, lang: Lang) -> &str {
        let titles = &self.config.titles;
        titles.get(&lang).or_else(|| titles.get(&Lang::SWEDISH)).map_or(self.slug(), String::as_str)
    }

    /// The JWK Set for `/.well-known/jwks.json`; without keys when the client has a secret instead.
    pub fn jwks_document(&self) -> serde_json::Value {
        let signing = match &self.config.client_auth {
            ClientAuth::PrivateKeyJwt(key) => Some(key),
            ClientAuth::SecretBasic(_) => None,
        };
        let keys: Vec<_> = signing.into_iter().chain(&self.config.other_keys).map(ClientKey::public_jwk).collect();
        serde_json::json!({ "keys": keys })
    }

    /// Asks the broker for its metadata and keys and tells what deviates from the Profile without stopping log-in.
    /// For the administration's view of a broker.
    pub async fn check_broker(&self) -> Result<Vec<BrokerWarning>, LoginFault> {
        let metadata = self.provider.metadata().await?;
        self.provider.keys().await?;
        Ok(metadata.warnings(&self.config))
    }
}

/// 256 random bits as 43 characters of base64url.
fn random_token() -> Result<String, LoginFault> {
    use base64::Engine as _;
    let mut bytes = [0u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| LoginFault::Internal)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}
