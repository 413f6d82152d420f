//! The ID token: what must hold before anybody is believed (OpenID Connect Core 3.1.3.7 and the Profile's bounds).

use super::jws::{Compact, KeySet};
use super::levels::ASSUMED;
use super::who::{RawIdToken, identifier};
use super::{BrokerConfig, LoginFault, Pending, SigningAlgorithm};
use crate::vocabulary::At;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier};
use openidconnect::{ClaimsVerificationError, ClientId, IssuerUrl, Nonce, SignatureVerificationError};
use serde_json::{Map, Value};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// How far the broker's clock may be from ours.
const SKEW_SECONDS: i64 = 60;
/// How old a token may be when it reaches us, straight from the token endpoint.
const MAX_AGE_SECONDS: i64 = 600;

/// A token taken apart, nothing of it believed yet.
pub(super) struct Unverified {
    raw: RawIdToken,
    token: Compact,
    times: Times,
}

struct Times {
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    auth_time: Option<i64>,
}

/// A token that has passed the whole checklist but for who it names.
pub(super) struct Verified<'a> {
    pub(super) raw: &'a RawIdToken,
    pub(super) token: &'a Compact,
    pub(super) key: &'a Map<String, Value>,
    pub(super) subject: String,
    pub(super) session_id: Option<String>,
    pub(super) acr: String,
    pub(super) level: u8,
    pub(super) is_foreign: bool,
    pub(super) method: Option<String>,
    pub(super) txn: Option<String>,
    pub(super) auth_time: At,
}

impl Unverified {
    /// Refuses by form alone.
    pub(super) fn parse(raw: &str, allowed: &[SigningAlgorithm], max: usize) -> Result<Self, LoginFault> {
        let token = Compact::parse(raw, allowed, &["JWT"], max)?;
        let times = Times {
            exp: token.seconds("exp")?.ok_or(LoginFault::IdTokenMalformed)?,
            iat: token.seconds("iat")?.ok_or(LoginFault::IdTokenMalformed)?,
            nbf: token.seconds("nbf")?,
            auth_time: token.seconds("auth_time")?,
        };
        Ok(Self { raw: RawIdToken::new(raw.to_owned()), token, times })
    }

    /// The whole checklist. [`LoginFault::KeyUnknown`] and [`LoginFault::KeyAmbiguous`] may pass with newer keys; the
    /// other faults are final.
    pub(super) fn verify<'a>(
        &'a self,
        keys: &'a KeySet,
        pending: &Pending,
        config: &BrokerConfig,
        access_token: &str,
        now: At,
    ) -> Result<Verified<'a>, LoginFault> {
        self.verify_with_crate(keys, pending, config, now)?;
        let key = keys.key_of(&self.token)?;
        self.token.check_parties(&config.issuer, &config.client_id)?;
        self.check_times(pending, config, now)?;
        self.check_access_token(access_token)?;
        let claims = &self.token.claims;
        let method = identifier(claims, &config.claims.authn_provider);
        let (acr, level, is_foreign) = self.check_acr(pending, config, method.as_deref())?;
        let sent_to = config.authn_provider.as_ref();
        if sent_to.zip(method.as_ref()).is_some_and(|(wanted, used)| wanted != used) {
            return Err(LoginFault::MethodMismatch);
        }
        Ok(Verified {
            raw: &self.raw,
            token: &self.token,
            key,
            subject: identifier(claims, "sub").ok_or(LoginFault::IdTokenMalformed)?,
            session_id: identifier(claims, "sid"),
            acr,
            level,
            is_foreign,
            method,
            txn: identifier(claims, "txn"),
            auth_time: At::from_seconds(self.times.auth_time.ok_or(LoginFault::AuthTimeOutOfBounds)?),
        })
    }

    /// Issuer, audience, algorithm, key, signature, expiry, nonce.
    fn verify_with_crate(
        &self,
        keys: &KeySet,
        pending: &Pending,
        config: &BrokerConfig,
        now: At,
    ) -> Result<(), LoginFault> {
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|_| LoginFault::Internal)?;
        let token = CoreIdToken::from_str(self.raw.expose()).map_err(|_| LoginFault::IdTokenMalformed)?;
        // The crate has no leeway for `exp`, so its clock goes that much behind.
        let behind = u64::try_from(now.plus_seconds(-SKEW_SECONDS).micros()).map_err(|_| LoginFault::Internal)?;
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(config.client_id.clone()),
            issuer,
            keys.for_crate.clone(),
        )
        .set_allowed_algs(config.allowed_algs.iter().map(|alg| alg.for_crate()))
        .set_time_fn(move || (SystemTime::UNIX_EPOCH + Duration::from_micros(behind)).into());
        token.claims(&verifier, &Nonce::new(pending.nonce.clone())).map(|_| ()).map_err(|error| match error {
            ClaimsVerificationError::Expired(_) => LoginFault::Expired,
            ClaimsVerificationError::InvalidAudience(_) => LoginFault::AudienceMismatch,
            ClaimsVerificationError::InvalidIssuer(_) => LoginFault::IssuerMismatch,
            ClaimsVerificationError::InvalidNonce(_) => LoginFault::NonceMismatch,
            ClaimsVerificationError::Unsupported(_) => LoginFault::HeaderRefused,
            ClaimsVerificationError::SignatureVerification(why) => match why {
                SignatureVerificationError::NoMatchingKey => LoginFault::KeyUnknown,
                SignatureVerificationError::AmbiguousKeyId(_) => LoginFault::KeyAmbiguous,
                SignatureVerificationError::DisallowedAlg(_)
                | SignatureVerificationError::UnsupportedAlg(_)
                | SignatureVerificationError::NoSignature => LoginFault::AlgorithmRefused,
                _ => LoginFault::SignatureInvalid,
            },
            _ => LoginFault::IdTokenMalformed,
        })
    }

    fn check_times(&self, pending: &Pending, config: &BrokerConfig, now: At) -> Result<(), LoginFault> {
        let now = now.seconds();
        let Times { exp, iat, nbf, auth_time } = self.times;
        if exp <= now - SKEW_SECONDS {
            return Err(LoginFault::Expired);
        }
        if exp < iat || exp - iat > config.max_token_lifetime_s {
            return Err(LoginFault::LifetimeTooLong);
        }
        if iat > now + SKEW_SECONDS || iat < now - MAX_AGE_SECONDS {
            return Err(LoginFault::IssuedAtOutOfBounds);
        }
        if nbf.is_some_and(|nbf| nbf > now + SKEW_SECONDS) {
            return Err(LoginFault::NotYetValid);
        }
        // `prompt=login` was sent: an authentication from before this log-in is somebody else's at a shared computer.
        let earliest = pending.started_at.seconds() - SKEW_SECONDS;
        match auth_time {
            Some(at) if (earliest..=now + SKEW_SECONDS).contains(&at) => Ok(()),
            _ => Err(LoginFault::AuthTimeOutOfBounds),
        }
    }

    /// OpenID Connect Core 3.1.3.6.
    fn check_access_token(&self, access_token: &str) -> Result<(), LoginFault> {
        let Some(at_hash) = self.token.claims.get("at_hash") else { return Ok(()) };
        let digest = ring::digest::digest(self.token.algorithm.digest(), access_token.as_bytes());
        let bytes = digest.as_ref();
        let left = bytes.get(..bytes.len() / 2).unwrap_or_default();
        if at_hash.as_str() == Some(URL_SAFE_NO_PAD.encode(left).as_str()) {
            Ok(())
        } else {
            Err(LoginFault::AccessTokenHashMismatch)
        }
    }

    /// The value itself, its level, and whether it is a foreign one. A token without `acr` counts only where settings
    /// assume a level for this broker, and then it must say how the person proved who she is.
    fn check_acr(
        &self,
        pending: &Pending,
        config: &BrokerConfig,
        method: Option<&str>,
    ) -> Result<(String, u8, bool), LoginFault> {
        let has_method = method.is_some_and(|method| {
            config.assumed_methods.is_empty() || config.assumed_methods.iter().any(|good| good == method)
        });
        let accepts = |acr: &str| pending.accepted_acr.iter().any(|accepted| accepted == acr);
        match self.token.claims.get("acr") {
            None | Some(Value::Null) => match config.assumed_level {
                Some(level) if accepts(ASSUMED) && has_method => Ok((ASSUMED.to_owned(), level, false)),
                _ => Err(LoginFault::AcrMissing),
            },
            Some(acr) => {
                let acr = acr.as_str().filter(|acr| *acr != ASSUMED && accepts(acr)).ok_or(LoginFault::AcrRefused)?;
                let (level, is_foreign) = config.levels.reached(acr).ok_or(LoginFault::AcrRefused)?;
                Ok((acr.to_owned(), level, is_foreign))
            }
        }
    }
}
