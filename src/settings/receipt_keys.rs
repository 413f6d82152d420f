//! The keys that receipts are sealed with: ES256 (RFC 7518 3.4), compact JWS (RFC 7515). The first private key seals; every
//! key, also one whose private half is gone, still checks what it once sealed.

use super::{KeyFault, KeySettings};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use serde_json::{Value, json};
use std::fmt;

/// What the header of a seal says that it is.
const TYPE: &str = "receipt+jwt";
/// SubjectPublicKeyInfo of a P-256 key up to its 65 bytes (RFC 5480).
const SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// Seals, and checks seals.
pub struct ReceiptKeys {
    sealing: EcdsaKeyPair,
    sealing_kid: String,
    public: Vec<PublicKey>,
}

struct PublicKey {
    kid: String,
    /// Uncompressed: 0x04, x, y.
    point: Vec<u8>,
}

/// What is wrong with a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// It is no seal of this kind.
    #[error("this is no seal")]
    Form,
    /// It names a key that is not ours.
    #[error("the key is not known")]
    UnknownKey,
    /// It was altered.
    #[error("the signature does not fit")]
    Altered,
}

impl fmt::Debug for ReceiptKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiptKeys({})", self.sealing_kid)
    }
}

impl PublicKey {
    fn new(point: &[u8]) -> Self {
        let (x, y) = coordinates(point);
        // RFC 7638: the thumbprint names the key, so that the name never outlives it.
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Self { kid: URL_SAFE_NO_PAD.encode(digest(&SHA256, members.as_bytes())), point: point.to_vec() }
    }
}

fn coordinates(point: &[u8]) -> (String, String) {
    let part = |range| URL_SAFE_NO_PAD.encode(point.get(range).unwrap_or_default());
    (part(1..33), part(33..65))
}

/// The DER of every block of this kind in a text.
fn blocks(label: &str, text: &str) -> Vec<Option<Vec<u8>>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let found = text.split(begin.as_str()).skip(1).map(|rest| {
        let body: String = rest.split_once(end.as_str())?.0.split_ascii_whitespace().collect();
        STANDARD.decode(body).ok()
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() { vec![None] } else { found }
}

impl ReceiptKeys {
    /// From the settings; `None` when there is no `keys.receipt`.
    pub(super) fn read(settings: &KeySettings) -> Result<Option<Self>, KeyFault> {
        let mut sealing = None;
        let mut public = Vec::<PublicKey>::new();
        let mut add = |key: PublicKey| {
            if !public.iter().any(|known| known.kid == key.kid) {
                public.push(key);
            }
        };
        for text in &settings.receipt {
            for der in blocks("PRIVATE KEY", text.expose()) {
                let der = der.ok_or(KeyFault::NoPrivateKey("receipt"))?;
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &SystemRandom::new());
                let pair = pair.map_err(|_| KeyFault::NoPrivateKey("receipt"))?;
                let key = PublicKey::new(pair.public_key().as_ref());
                let kid = key.kid.clone();
                add(key);
                sealing.get_or_insert((pair, kid));
            }
        }
        for text in &settings.receipt_retired {
            for der in blocks("PUBLIC KEY", text) {
                let point = der.as_deref().and_then(|der| der.strip_prefix(&SPKI)).filter(|p| p.len() == 65);
                add(PublicKey::new(point.ok_or(KeyFault::NoPublicKey("receipt_retired"))?));
            }
        }
        Ok(sealing.map(|(sealing, sealing_kid)| Self { sealing, sealing_kid, public }))
    }

    /// Seals claims: a compact JWS.
    pub fn seal(&self, claims: &str) -> Result<String, KeyFault> {
        let header = json!({ "alg": "ES256", "kid": self.sealing_kid, "typ": TYPE }).to_string();
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.sealing.sign(&SystemRandom::new(), input.as_bytes()).map_err(|_| KeyFault::NoRandom)?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// What was sealed, if it is our seal and nothing was altered.
    pub fn open(&self, jws: &str) -> Result<Vec<u8>, SealFault> {
        let (input, signature) = jws.rsplit_once('.').ok_or(SealFault::Form)?;
        let (header, claims) = input.split_once('.').ok_or(SealFault::Form)?;
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| SealFault::Form)?;
        let header: Value = serde_json::from_slice(&header).map_err(|_| SealFault::Form)?;
        let says = |name: &str| header.get(name).and_then(Value::as_str);
        if says("alg") != Some("ES256") || says("typ") != Some(TYPE) || header.get("crit").is_some() {
            return Err(SealFault::Form);
        }
        let key = self.public.iter().find(|key| says("kid") == Some(&key.kid)).ok_or(SealFault::UnknownKey)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| SealFault::Altered)?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &key.point)
            .verify(input.as_bytes(), &signature)
            .map_err(|_| SealFault::Altered)?;
        URL_SAFE_NO_PAD.decode(claims).map_err(|_| SealFault::Altered)
    }

    /// Every public key, the one in use first, as a JWK Set (RFC 7517).
    pub fn published(&self) -> Value {
        let keys = self.public.iter().map(|key| {
            let (x, y) = coordinates(&key.point);
            json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": key.kid, "use": "sig", "alg": "ES256" })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    /// One public key in PEM, as openssl reads it.
    pub fn pem(&self, kid: &str) -> Option<String> {
        let key = self.public.iter().find(|key| key.kid == kid)?;
        Some(pem("PUBLIC KEY", &[&SPKI[..], &key.point].concat()))
    }

    /// A new private key in PEM, for a first start that makes its own.
    pub fn generate() -> Result<String, KeyFault> {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Ok(pem("PRIVATE KEY", der.map_err(|_| KeyFault::NoRandom)?.as_ref()))
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in body.as_bytes().chunks(64) {
        text.extend(line.iter().map(|b| char::from(*b)));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::SecretText;

    fn keys(private: &[&str], retired: &[String]) -> ReceiptKeys {
        let receipt = private.iter().map(|p| SecretText::new(*p)).collect();
        let settings = KeySettings { receipt, receipt_retired: retired.to_vec(), ..KeySettings::default() };
        ReceiptKeys::read(&settings).unwrap().unwrap()
    }

    #[test]
    fn a_seal_of_an_old_key_still_checks_after_two_changes_of_key_and_after_the_private_half_is_gone() {
        let (first, second) = (ReceiptKeys::generate().unwrap(), ReceiptKeys::generate().unwrap());
        let old = keys(&[&first], &[]);
        let sealed = old.seal(r#"{"reference":"EK-2026-7F3K9QX6"}"#).unwrap();
        let both = keys(&[&second, &first], &[]);
        assert_eq!(both.open(&sealed).unwrap(), br#"{"reference":"EK-2026-7F3K9QX6"}"#);
        assert_ne!(both.seal("{}").unwrap().split('.').next(), sealed.split('.').next());
        let public = old.pem(&old.sealing_kid).unwrap();
        let retired = keys(&[&second], &[public]);
        assert!(retired.open(&sealed).is_ok());
        assert_eq!(retired.published()["keys"].as_array().unwrap().len(), 2);
        assert_eq!(keys(&[&second], &[]).open(&sealed), Err(SealFault::UnknownKey));
    }

    #[test]
    fn every_altered_character_of_a_seal_is_found() {
        let keys = keys(&[&ReceiptKeys::generate().unwrap()], &[]);
        let sealed = keys.seal(r#"{"a":1}"#).unwrap();
        for place in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            assert!(keys.open(std::str::from_utf8(&altered).unwrap()).is_err(), "at {place}");
        }
        assert_eq!(keys.open("kvitto"), Err(SealFault::Form));
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"receipt+jwt"}"#);
        assert_eq!(keys.open(&format!("{none}.e30.")), Err(SealFault::Form));
    }

    #[test]
    fn something_else_than_a_key_is_told_with_its_name() {
        let of = |settings: &KeySettings| ReceiptKeys::read(settings).err().map(|e| e.to_string()).unwrap_or_default();
        let private = KeySettings { receipt: vec![SecretText::new("hemligt")], ..KeySettings::default() };
        assert!(of(&private).contains("keys.receipt "));
        let public = KeySettings { receipt_retired: vec!["publikt".into()], ..KeySettings::default() };
        assert!(of(&public).contains("keys.receipt_retired "));
    }
}
