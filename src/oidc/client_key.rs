//! The key that we sign client assertions and requests with.

use super::{LoginFault, random_token};
use crate::vocabulary::At;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

/// How long a client assertion is good for.
const ASSERTION_SECONDS: i64 = 60;

/// An EC P-256 key and its key id. Prints the id only.
#[derive(Clone)]
pub struct ClientKey {
    pair: Arc<EcdsaKeyPair>,
    kid: String,
}

/// Not an EC P-256 private key in PKCS#8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client key must be an EC P-256 private key in PKCS#8 (PEM or DER)")]
pub struct InvalidClientKey;

impl ClientKey {
    /// From PKCS#8 in DER. Without `kid` the id is the key's RFC 7638 thumbprint.
    pub fn from_pkcs8(der: &[u8], kid: Option<&str>) -> Result<Self, InvalidClientKey> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new())
            .map_err(|_| InvalidClientKey)?;
        let mut key = Self { pair: Arc::new(pair), kid: String::new() };
        key.kid = match kid {
            Some(kid) => kid.to_owned(),
            None => key.thumbprint(),
        };
        Ok(key)
    }

    /// From PKCS#8 in PEM (`-----BEGIN PRIVATE KEY-----`), as a secret file holds it.
    pub fn from_pem(pem: &str, kid: Option<&str>) -> Result<Self, InvalidClientKey> {
        let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----").ok_or(InvalidClientKey)?;
        let (body, _) = rest.split_once("-----END PRIVATE KEY-----").ok_or(InvalidClientKey)?;
        let body: String = body.split_ascii_whitespace().collect();
        Self::from_pkcs8(&STANDARD.decode(body).map_err(|_| InvalidClientKey)?, kid)
    }

    /// A new private key in PEM, for a first start that makes its own. `None` when the machine gives no random bytes.
    pub fn generate_pem() -> Option<String> {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).ok()?;
        let text = STANDARD.encode(der.as_ref());
        let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
        for line in text.as_bytes().chunks(64) {
            pem.extend(line.iter().map(|b| char::from(*b)));
            pem.push('\n');
        }
        pem.push_str("-----END PRIVATE KEY-----\n");
        Some(pem)
    }

    /// The key id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    fn coordinates(&self) -> (String, String) {
        // Uncompressed point: 0x04, x, y.
        let point = self.pair.public_key().as_ref();
        let part = |range| URL_SAFE_NO_PAD.encode(point.get(range).unwrap_or_default());
        (part(1..33), part(33..65))
    }

    fn thumbprint(&self) -> String {
        let (x, y) = self.coordinates();
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, canonical.as_bytes()))
    }

    pub(super) fn public_jwk(&self) -> Value {
        let (x, y) = self.coordinates();
        json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.kid, "use": "sig", "alg": "ES256" })
    }

    /// A fresh JWT for one request, for one reader.
    pub fn assertion(&self, client_id: &str, audience: &str, now: At) -> Result<String, LoginFault> {
        let claims = json!({
            "iss": client_id, "sub": client_id, "aud": audience, "jti": random_token()?,
            "iat": now.seconds(), "exp": now.plus_seconds(ASSERTION_SECONDS).seconds(),
        });
        self.sign_jwt(&claims)
    }

    /// Signed by this key, and naming it.
    pub(super) fn sign_jwt(&self, claims: &Value) -> Result<String, LoginFault> {
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": self.kid });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).map_err(|_| LoginFault::Internal)?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientKey({})", self.kid)
    }
}
