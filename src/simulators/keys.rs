//! Keys that the simulators make for themselves at first start and keep in their data folder, and the little JOSE that
//! they need: ES256 compact JWS (RFC 7515, RFC 7518 3.4) and its JWK (RFC 7517).

use super::StartError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use ring::{digest, hmac};
use serde_json::{Value, json};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Unpadded base64url.
pub(super) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// 256 random bits as base64url.
pub(super) fn random_token() -> Result<String, StartError> {
    let mut bytes = [0u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| StartError::Key)?;
    Ok(b64(&bytes))
}

/// Reads a secret file, or makes it with what `make` gives, readable by its owner only and safe against a crash halfway.
pub(super) fn kept<E>(path: &Path, make: impl FnOnce() -> Result<Vec<u8>, E>) -> Result<Vec<u8>, StartError>
where
    StartError: From<E>,
{
    match std::fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let bytes = make()?;
            keep(path, &bytes)?;
            Ok(bytes)
        }
        Err(source) => Err(StartError::Storage { path: path.to_owned(), source }),
    }
}

fn keep(path: &Path, bytes: &[u8]) -> Result<(), StartError> {
    let written = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let unfinished = path.with_extension("new");
        let _ = std::fs::remove_file(&unfinished);
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)
    };
    written().map_err(|source| StartError::Storage { path: path.to_owned(), source })
}

/// A kept HMAC key.
pub(super) fn kept_hmac(path: &Path) -> Result<hmac::Key, StartError> {
    let bytes = kept(path, || {
        let mut bytes = vec![0u8; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| StartError::Key)?;
        Ok::<_, StartError>(bytes)
    })?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

/// A P-256 key that signs.
pub(super) struct SigningKey {
    pair: EcdsaKeyPair,
    kid: String,
}

impl SigningKey {
    /// The key in this file, made if the file is not there.
    pub(super) fn kept(path: &Path) -> Result<Self, StartError> {
        Self::from_pkcs8(&kept(path, new_pkcs8)?)
    }

    /// A new key that takes the file's place.
    pub(super) fn replaced(path: &Path) -> Result<Self, StartError> {
        let bytes = new_pkcs8()?;
        keep(path, &bytes)?;
        Self::from_pkcs8(&bytes)
    }

    fn from_pkcs8(bytes: &[u8]) -> Result<Self, StartError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes, &SystemRandom::new())
            .map_err(|_| StartError::Key)?;
        // RFC 7638: the thumbprint names the key, so that the name never outlives it.
        let (x, y) = coordinates(&pair);
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = b64(digest::digest(&digest::SHA256, members.as_bytes()).as_ref());
        Ok(Self { pair, kid })
    }

    /// What the world may see of it.
    pub(super) fn jwk(&self) -> Value {
        let (x, y) = coordinates(&self.pair);
        json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.kid, "use": "sig", "alg": "ES256"})
    }

    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// `claims` as a compact JWS with this key's `kid`.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, StartError> {
        self.sign_as(&self.kid, claims)
    }

    /// The same under another key's name.
    pub(super) fn sign_as(&self, kid: &str, claims: &Value) -> Result<String, StartError> {
        self.sign_with(&json!({"alg": "ES256", "kid": kid, "typ": "JWT"}), claims)
    }

    /// The same under a whole other header.
    pub(super) fn sign_with(&self, header: &Value, claims: &Value) -> Result<String, StartError> {
        let input = signing_input(header, claims);
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).map_err(|_| StartError::Key)?;
        Ok(format!("{input}.{}", b64(signature.as_ref())))
    }
}

fn new_pkcs8() -> Result<Vec<u8>, StartError> {
    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map(|document| document.as_ref().to_vec())
        .map_err(|_| StartError::Key)
}

fn coordinates(pair: &EcdsaKeyPair) -> (String, String) {
    let point = pair.public_key().as_ref();
    (b64(point.get(1..33).unwrap_or_default()), b64(point.get(33..65).unwrap_or_default()))
}

/// Header and payload, ready to be signed.
pub(super) fn signing_input(header: &Value, claims: &Value) -> String {
    format!("{}.{}", b64(header.to_string().as_bytes()), b64(claims.to_string().as_bytes()))
}

/// The claims of a compact JWS, signature unchecked: to find out whose it says it is.
pub(super) fn unverified_claims(jws: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jws.split('.').nth(1)?).ok()?).ok()
}

/// The `kid` that a compact JWS names.
pub(super) fn named_kid(jws: &str) -> Option<String> {
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jws.split('.').next()?).ok()?).ok()?;
    header.get("kid")?.as_str().map(str::to_owned)
}

/// The claims of a compact JWS whose ES256 signature one of the JWK set's keys made. The key is found by `kid`; without
/// `kid` the set must hold one key only.
pub(super) fn verified_claims(jws: &str, jwks: &Value) -> Option<Value> {
    let (input, signature) = jws.rsplit_once('.')?;
    let (header, payload) = input.split_once('.')?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    if header.get("alg")?.as_str()? != "ES256" || header.get("crit").is_some() {
        return None;
    }
    let keys = jwks.get("keys")?.as_array()?;
    let key = match header.get("kid") {
        Some(kid) => keys.iter().find(|k| k.get("kid") == Some(kid))?,
        None => keys.first().filter(|_| keys.len() == 1)?,
    };
    if key.get("kty")?.as_str()? != "EC" || key.get("crv")?.as_str()? != "P-256" {
        return None;
    }
    let mut point = vec![4u8];
    for coordinate in ["x", "y"] {
        point.extend(URL_SAFE_NO_PAD.decode(key.get(coordinate)?.as_str()?).ok()?);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(input.as_bytes(), &signature).ok()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
