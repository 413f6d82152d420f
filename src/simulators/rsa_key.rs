//! An RSA key of a simulator. `ring` signs with it but cannot make one, so `rsa` does, from ring's random bytes; that
//! takes seconds and is for a thread of its own.

use super::StartError;
use super::keys::{b64, keep};
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{self, KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use rsa::pkcs8::EncodePrivateKey;
use rsa::rand_core::{CryptoRng, Error, RngCore};
use serde_json::{Value, json};
use std::path::Path;

/// The shortest that may be used (Swedish OpenID Connect Profile 1.0).
const BITS: usize = 2048;

/// An RSA key that signs.
pub(super) struct RsaKey {
    pair: RsaKeyPair,
    kid: String,
}

impl RsaKey {
    /// The key in this file, if there is one that can be used.
    pub(super) fn found(path: &Path) -> Option<Self> {
        Self::from_pkcs8(&std::fs::read(path).ok()?).ok()
    }

    /// A new key, kept in this file. Slow.
    pub(super) fn made(path: &Path) -> Result<Self, StartError> {
        let key = rsa::RsaPrivateKey::new(&mut Random, BITS).map_err(|_| StartError::Key)?;
        let bytes = key.to_pkcs8_der().map_err(|_| StartError::Key)?;
        keep(path, bytes.as_bytes())?;
        Self::from_pkcs8(bytes.as_bytes())
    }

    fn from_pkcs8(bytes: &[u8]) -> Result<Self, StartError> {
        let pair = RsaKeyPair::from_pkcs8(bytes).map_err(|_| StartError::Key)?;
        let (n, e) = numbers(&pair);
        // RFC 7638.
        let members = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
        let kid = b64(digest::digest(&digest::SHA256, members.as_bytes()).as_ref());
        Ok(Self { pair, kid })
    }

    /// What the world may see of it.
    pub(super) fn jwk(&self) -> Value {
        let (n, e) = numbers(&self.pair);
        json!({"kty": "RSA", "n": n, "e": e, "kid": self.kid, "use": "sig", "alg": "RS256"})
    }

    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// RS256.
    pub(super) fn signature(&self, input: &str) -> Result<Vec<u8>, StartError> {
        self.signed(&signature::RSA_PKCS1_SHA256, input)
    }

    /// PS256.
    pub(super) fn pss_signature(&self, input: &str) -> Result<Vec<u8>, StartError> {
        self.signed(&signature::RSA_PSS_SHA256, input)
    }

    fn signed(&self, padding: &'static dyn signature::RsaEncoding, input: &str) -> Result<Vec<u8>, StartError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let made = self.pair.sign(padding, &SystemRandom::new(), input.as_bytes(), &mut signature);
        made.map(|()| signature).map_err(|_| StartError::Key)
    }
}

fn numbers(pair: &RsaKeyPair) -> (String, String) {
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    (b64(&public.n), b64(&public.e))
}

/// ring's random bytes, as `rsa` wants to be given them.
struct Random;

impl CryptoRng for Random {}

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        rsa::rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rsa::rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        // The trait has no way to say no, and a thread of its own can wait.
        while SystemRandom::new().fill(bytes).is_err() {
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}
