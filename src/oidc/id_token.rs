//! The ID token: what must hold before anybody is believed (OpenID Connect Core 3.1.3.7 and the Profile's bounds).

use super::json::{self, JsonFault};
use super::who::{RawIdToken, identifier};
use super::{Authenticated, BrokerConfig, LoginFault, Pending, SigningAlgorithm, Who};
use crate::vocabulary::At;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet};
use openidconnect::{ClaimsVerificationError, ClientId, IssuerUrl, Nonce, SignatureVerificationError};
use serde_json::{Map, Value};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

const MAX_TOKEN: usize = 64 * 1024;
/// How far the broker's clock may be from ours.
const SKEW_SECONDS: i64 = 60;
/// How old a token may be when it reaches us, straight from the token endpoint.
const MAX_AGE_SECONDS: i64 = 600;

/// A token taken apart, nothing of it believed yet.
pub(super) struct Unverified {
    raw: String,
    algorithm: SigningAlgorithm,
    claims: Map<String, Value>,
    times: Times,
}

struct Times {
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    auth_time: Option<i64>,
}

impl Unverified {
    /// Everything that can be refused by form alone, so that the rest sees one reading of the token only. Members `jwk`,
    /// `jku`, `x5u` and `x5c` of the header are never looked at.
    pub(super) fn parse(raw: &str, allowed: &[SigningAlgorithm]) -> Result<Self, LoginFault> {
        if raw.len() > MAX_TOKEN {
            return Err(LoginFault::IdTokenMalformed);
        }
        let parts: Vec<&str> = raw.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            // Five parts are an encrypted token, which we never registered for.
            return Err(if parts.len() == 5 { LoginFault::HeaderRefused } else { LoginFault::IdTokenMalformed });
        };
        let header = read_part(header)?;
        let algorithm = check_header(&header, allowed)?;
        if signature.is_empty() {
            return Err(LoginFault::SignatureInvalid);
        }
        URL_SAFE_NO_PAD.decode(signature).map_err(|_| LoginFault::IdTokenMalformed)?;
        let claims = read_part(payload)?;
        let times = Times {
            exp: seconds(&claims, "exp")?.ok_or(LoginFault::IdTokenMalformed)?,
            iat: seconds(&claims, "iat")?.ok_or(LoginFault::IdTokenMalformed)?,
            nbf: seconds(&claims, "nbf")?,
            auth_time: seconds(&claims, "auth_time")?,
        };
        Ok(Self { raw: raw.to_owned(), algorithm, claims, times })
    }

    /// The whole checklist. [`LoginFault::KeyUnknown`] and [`LoginFault::KeyAmbiguous`] may pass with newer keys; the
    /// other faults are final.
    pub(super) fn verify(
        &self,
        keys: &CoreJsonWebKeySet,
        pending: &Pending,
        config: &BrokerConfig,
        access_token: &str,
        now: At,
    ) -> Result<Authenticated, LoginFault> {
        self.verify_with_crate(keys, pending, config, now)?;
        self.check_parties(config)?;
        self.check_times(pending, config, now)?;
        self.check_access_token(access_token)?;
        let acr = self.check_acr(pending)?;
        let subject = identifier(&self.claims, "sub").ok_or(LoginFault::IdTokenMalformed)?;
        let who = Who::from_claims(&self.claims, pending.purpose, config, now)?;
        let auth_time = self.times.auth_time.ok_or(LoginFault::AuthTimeOutOfBounds)?;
        Ok(Authenticated {
            who,
            acr,
            auth_time: At::from_seconds(auth_time),
            txn: identifier(&self.claims, "txn"),
            method: identifier(&self.claims, &config.claims.authn_provider),
            issuer: config.issuer.clone(),
            subject,
            session_id: identifier(&self.claims, "sid"),
            id_token: RawIdToken::new(self.raw.clone()),
        })
    }

    /// Issuer, audience, algorithm, key, signature, expiry, nonce.
    fn verify_with_crate(
        &self,
        keys: &CoreJsonWebKeySet,
        pending: &Pending,
        config: &BrokerConfig,
        now: At,
    ) -> Result<(), LoginFault> {
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|_| LoginFault::Internal)?;
        let token = CoreIdToken::from_str(&self.raw).map_err(|_| LoginFault::IdTokenMalformed)?;
        // The crate has no leeway for `exp`, so its clock goes that much behind.
        let behind = u64::try_from(now.plus_seconds(-SKEW_SECONDS).micros()).map_err(|_| LoginFault::Internal)?;
        let verifier =
            CoreIdTokenVerifier::new_public_client(ClientId::new(config.client_id.clone()), issuer, keys.clone())
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

    fn check_parties(&self, config: &BrokerConfig) -> Result<(), LoginFault> {
        if self.text("iss") != Some(config.issuer.as_str()) {
            return Err(LoginFault::IssuerMismatch);
        }
        let several = matches!(self.claims.get("aud"), Some(Value::Array(audiences)) if audiences.len() > 1);
        let us = config.client_id.as_str();
        match self.claims.get("azp") {
            None if several => Err(LoginFault::AuthorizedPartyMismatch),
            None => Ok(()),
            Some(azp) if azp.as_str() == Some(us) => Ok(()),
            Some(_) => Err(LoginFault::AuthorizedPartyMismatch),
        }
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
        let Some(at_hash) = self.claims.get("at_hash") else { return Ok(()) };
        let digest = ring::digest::digest(self.algorithm.digest(), access_token.as_bytes());
        let bytes = digest.as_ref();
        let left = bytes.get(..bytes.len() / 2).unwrap_or_default();
        if at_hash.as_str() == Some(URL_SAFE_NO_PAD.encode(left).as_str()) {
            Ok(())
        } else {
            Err(LoginFault::AccessTokenHashMismatch)
        }
    }

    fn check_acr(&self, pending: &Pending) -> Result<String, LoginFault> {
        match self.claims.get("acr") {
            None | Some(Value::Null) => Err(LoginFault::AcrMissing),
            Some(acr) => {
                let accepted = pending.accepted_acr.iter().find(|accepted| acr.as_str() == Some(accepted.as_str()));
                accepted.cloned().ok_or(LoginFault::AcrRefused)
            }
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }
}

fn read_part(part: &str) -> Result<Map<String, Value>, LoginFault> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| LoginFault::IdTokenMalformed)?;
    json::object(&bytes).map_err(|fault| match fault {
        JsonFault::DuplicateMember => LoginFault::DuplicateMember,
        JsonFault::NotAnObject | JsonFault::TooDeep => LoginFault::IdTokenMalformed,
    })
}

fn check_header(header: &Map<String, Value>, allowed: &[SigningAlgorithm]) -> Result<SigningAlgorithm, LoginFault> {
    if ["crit", "cty", "enc", "zip"].iter().any(|name| header.contains_key(*name)) {
        return Err(LoginFault::HeaderRefused);
    }
    let typ_is_good = match header.get("typ") {
        None => true,
        Some(typ) => typ.as_str().is_some_and(|typ| typ.eq_ignore_ascii_case("JWT")),
    };
    if !typ_is_good || header.get("kid").is_some_and(|kid| !kid.is_string()) {
        return Err(LoginFault::HeaderRefused);
    }
    let named = header.get("alg").and_then(Value::as_str).and_then(|alg| alg.parse().ok());
    named.filter(|alg| allowed.contains(alg)).ok_or(LoginFault::AlgorithmRefused)
}

/// A NumericDate (RFC 7519) between 1970 and 9999, in whole seconds.
fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, LoginFault> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let whole = match (value.as_i64(), value.as_f64()) {
        (Some(whole), _) => Some(whole),
        #[expect(clippy::cast_possible_truncation, reason = "cut to whole seconds, in range by the guard")]
        (None, Some(fraction)) if (0.0..1e12).contains(&fraction) => Some(fraction as i64),
        _ => None,
    };
    match whole {
        Some(whole) if (0..=253_402_300_799).contains(&whole) => Ok(Some(whole)),
        _ => Err(LoginFault::IdTokenMalformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: [SigningAlgorithm; 2] = [SigningAlgorithm::Es256, SigningAlgorithm::Rs256];

    fn token(header: &str, payload: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_apart_or_refused(raw in "(?s).{0,200}") {
            let _ = Unverified::parse(&raw, &ALLOWED);
        }

        #[test]
        fn any_header_and_payload_are_taken_apart_or_refused(header in "(?s).{0,80}", payload in "(?s).{0,80}") {
            let _ = Unverified::parse(&token(&header, &payload), &ALLOWED);
        }

        #[test]
        fn any_numbers_as_times_are_read_or_refused(exp: i64, iat: f64, nbf: u64) {
            let payload = serde_json::json!({ "exp": exp, "iat": iat, "nbf": nbf }).to_string();
            if let Ok(read) = Unverified::parse(&token(r#"{"alg":"ES256"}"#, &payload), &ALLOWED) {
                proptest::prop_assert_eq!(read.times.exp, exp);
            }
        }
    }
}
