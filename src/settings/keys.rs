//! The installation's own keys at work: sealing what must not lie open in the database, finding it again, and form
//! tokens. AES-256-GCM, HMAC-SHA256 and random bytes by ring.

use super::{KeySettings, ReceiptKeys, SecretText};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};
use std::sync::Arc;

/// What is wrong with the keys, or with something sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// A key is missing from the settings.
    #[error("keys.{0} is not set. Hint: 32 random bytes in base64, for example from: openssl rand -base64 32")]
    Missing(&'static str),
    /// A key is not 32 bytes in base64.
    #[error("keys.{0} is not 32 bytes in base64")]
    Form(&'static str),
    /// No key to sign with.
    #[error(
        "keys.{0} is not an EC P-256 private key in PKCS#8 (PEM). Hint: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    )]
    NoPrivateKey(&'static str),
    /// No key to check with.
    #[error("keys.{0} is not an EC P-256 public key (PEM). Hint: openssl pkey -in key.pem -pubout")]
    NoPublicKey(&'static str),
    /// Nothing that we have opens it.
    #[error("sealed with a key that is not in the settings, or altered")]
    Unopenable,
    /// The machine gives no random bytes.
    #[error("no random bytes")]
    NoRandom,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    seal: Vec<(u8, LessSafeKey)>,
    lookup: hmac::Key,
    forms: hmac::Key,
    receipt: Option<ReceiptKeys>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(•••)")
    }
}

fn bytes(name: &'static str, text: &SecretText) -> Result<Vec<u8>, KeyFault> {
    let bytes = STANDARD.decode(text.expose()).map_err(|_| KeyFault::Form(name))?;
    if bytes.len() == 32 { Ok(bytes) } else { Err(KeyFault::Form(name)) }
}

impl Keys {
    /// From the settings; every key must be there.
    pub fn new(settings: &KeySettings) -> Result<Self, KeyFault> {
        let seal = settings
            .seal
            .iter()
            .map(|text| {
                let raw = bytes("seal", text)?;
                // The first byte of its digest tells which key sealed, so that one of several is tried first.
                let mark = digest::digest(&digest::SHA256, &raw).as_ref().first().copied().unwrap_or_default();
                let key = UnboundKey::new(&AES_256_GCM, &raw).map_err(|_| KeyFault::Form("seal"))?;
                Ok((mark, LessSafeKey::new(key)))
            })
            .collect::<Result<Vec<_>, KeyFault>>()?;
        if seal.is_empty() {
            return Err(KeyFault::Missing("seal"));
        }
        let mac = |name: &'static str, text: &Option<SecretText>| {
            let raw = bytes(name, text.as_ref().ok_or(KeyFault::Missing(name))?)?;
            Ok(hmac::Key::new(hmac::HMAC_SHA256, &raw))
        };
        Ok(Self(Arc::new(Inner {
            seal,
            lookup: mac("lookup", &settings.lookup)?,
            forms: mac("forms", &settings.forms)?,
            receipt: ReceiptKeys::read(settings)?,
        })))
    }

    /// What receipts are sealed with. Only the portal needs them.
    pub fn receipts(&self) -> Result<&ReceiptKeys, KeyFault> {
        self.0.receipt.as_ref().ok_or(KeyFault::NoPrivateKey("receipt"))
    }

    /// Seals `plain` so that only this installation opens it, and only in `context` (table and column): a sealed value
    /// moved to another place does not open.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let (mark, key) = self.0.seal.first().ok_or(KeyFault::Missing("seal"))?;
        let nonce: [u8; NONCE_LEN] = random_bytes()?;
        let mut sealed = plain.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context.as_bytes()), &mut sealed)
            .map_err(|_| KeyFault::Unopenable)?;
        Ok([&[*mark][..], &nonce, &sealed].concat())
    }

    /// Opens what [`seal`](Self::seal) made in the same context.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let (mark, rest) = sealed.split_first().ok_or(KeyFault::Unopenable)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(KeyFault::Unopenable)?;
        for (_, key) in self.0.seal.iter().filter(|(m, _)| m == mark) {
            let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyFault::Unopenable)?;
            let mut buffer = body.to_vec();
            if let Ok(plain) = key.open_in_place(nonce, Aad::from(context.as_bytes()), &mut buffer) {
                return Ok(plain.to_vec());
            }
        }
        Err(KeyFault::Unopenable)
    }

    /// A fixed text for finding `value` within `context` (municipality and kind) without knowing it: hex HMAC.
    pub fn lookup(&self, context: &str, value: &str) -> String {
        let tag = hmac::sign(&self.0.lookup, [context.as_bytes(), b"\0", value.as_bytes()].concat().as_slice());
        hex(tag.as_ref())
    }

    /// The form token of a browser or session token, hidden under a fresh mask so that compression tells nothing about
    /// it (BREACH).
    pub fn form_token(&self, cookie: &str) -> Result<String, KeyFault> {
        let mask: [u8; 32] = random_bytes()?;
        let tag = hmac::sign(&self.0.forms, cookie.as_bytes());
        let masked: Vec<u8> = tag.as_ref().iter().zip(&mask).map(|(t, m)| t ^ m).collect();
        Ok(URL_SAFE_NO_PAD.encode([&mask[..], &masked].concat()))
    }

    /// True when `token` was made for `cookie`. Constant time.
    pub fn form_token_fits(&self, cookie: &str, token: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Some((mask, masked)) = bytes.split_at_checked(32) else { return false };
        let tag: Vec<u8> = masked.iter().zip(mask).map(|(t, m)| t ^ m).collect();
        hmac::verify(&self.0.forms, cookie.as_bytes(), &tag).is_ok()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Random bytes from the operating system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], KeyFault> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| KeyFault::NoRandom)?;
    Ok(bytes)
}

/// 256 random bits, URL-safe: session and state tokens.
pub fn random_token() -> Result<String, KeyFault> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretText {
        SecretText::new(STANDARD.encode([byte; 32]))
    }
    fn keys(seal: &[u8]) -> Keys {
        let seal = seal.iter().map(|b| key(*b)).collect();
        Keys::new(&KeySettings { seal, lookup: Some(key(9)), forms: Some(key(8)), ..KeySettings::default() }).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only_and_after_a_change_of_key() {
        let old = keys(&[1]);
        let sealed = old.seal("parties.number", b"199001012385").unwrap();
        assert!(!sealed.windows(4).any(|w| w == b"1990"));
        assert_eq!(old.open("parties.number", &sealed).unwrap(), b"199001012385");
        assert_eq!(old.open("drafts.prefill", &sealed), Err(KeyFault::Unopenable));
        assert_eq!(keys(&[2, 1]).open("parties.number", &sealed).unwrap(), b"199001012385");
        assert_eq!(keys(&[2]).open("parties.number", &sealed), Err(KeyFault::Unopenable));
    }

    #[test]
    fn a_form_token_fits_its_browser_only_and_looks_new_every_time() {
        let keys = keys(&[1]);
        let (one, two) = (keys.form_token("a").unwrap(), keys.form_token("a").unwrap());
        assert_ne!(one, two);
        assert!(keys.form_token_fits("a", &one) && keys.form_token_fits("a", &two));
        assert!(!keys.form_token_fits("b", &one) && !keys.form_token_fits("a", "") && !keys.form_token_fits("a", "x"));
    }
}
