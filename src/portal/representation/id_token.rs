//! What Mina ombud wants to know about whoever asks: a small token about her, signed with the municipality's own RSA key.
//! It may not be another kind of key there, and it is used for nothing else.

use crate::vocabulary::{At, Personnummer, PersonnummerKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::json;

/// How long it is good for. Seconds.
const GOOD_FOR: i64 = 60;

/// The key.
pub(super) struct IdTokenKey {
    pair: RsaKeyPair,
    kid: Option<String>,
}

impl IdTokenKey {
    /// From PKCS#8 in PEM. The fault tells what is wanted, never what was given.
    pub(super) fn from_pem(pem: &str, kid: Option<String>) -> Result<Self, String> {
        let wanted = "powers_of_attorney.private_key must be an RSA key of 2048 bits or more, PKCS#8 in PEM";
        let body = pem
            .split_once("-----BEGIN PRIVATE KEY-----")
            .and_then(|(_, rest)| rest.split_once("-----END PRIVATE KEY-----"))
            .map(|(body, _)| body.split_ascii_whitespace().collect::<String>());
        let der = body.and_then(|body| STANDARD.decode(body).ok()).ok_or_else(|| wanted.to_owned())?;
        let pair = RsaKeyPair::from_pkcs8(&der).map_err(|_| wanted.to_owned())?;
        Ok(Self { pair, kid })
    }

    /// A fresh token about her.
    pub(super) fn token(&self, issuer: &str, audience: &str, who: &Personnummer, now: At) -> Result<String, ()> {
        // The names of the draft that the service was built on.
        let claim = match who.kind() {
            PersonnummerKind::Personnummer => "https://claims.oidc.se/1.0/personalNumber",
            PersonnummerKind::Samordningsnummer => "https://claims.oidc.se/1.0/coordinationNumber",
        };
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": self.kid });
        let claims = json!({
            "iss": issuer, "aud": audience, "iat": now.seconds(), "exp": now.plus_seconds(GOOD_FOR).seconds(),
            "jti": uuid::Uuid::now_v7().to_string(), "sub": uuid::Uuid::now_v7().to_string(), claim: who.expose(),
        });
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).map_err(|_| ())?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
