//! Keys that the simulators make for themselves at first start and keep in their data folder, and the little JOSE that
//! they need: compact JWS (RFC 7515) made with ES256 and verified with ES256 or RS256 (RFC 7518), and JWK (RFC 7517).

use super::StartError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
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

pub(super) fn keep(path: &Path, bytes: &[u8]) -> Result<(), StartError> {
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
    /// A key of the moment, kept nowhere.
    pub(super) fn passing() -> Result<Self, StartError> {
        Self::from_pkcs8(&new_pkcs8()?)
    }

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

    /// A signature that lies beside `payload`: the protected header and the signature (RFC 7515 appendix F).
    pub(super) fn sign_detached(&self, header: &Value, payload: &str) -> Result<(String, String), StartError> {
        let protected = b64(header.to_string().as_bytes());
        let input = format!("{protected}.{}", b64(payload.as_bytes()));
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).map_err(|_| StartError::Key)?;
        Ok((protected, b64(signature.as_ref())))
    }

    /// The same under a whole other header.
    pub(super) fn sign_with(&self, header: &Value, claims: &Value) -> Result<String, StartError> {
        self.seal(&signing_input(header, claims))
    }

    /// Header and payload as they stand, with a signature after them.
    pub(super) fn seal(&self, input: &str) -> Result<String, StartError> {
        Ok(format!("{input}.{}", b64(&self.signature(input)?)))
    }

    /// `r` and `s`, 32 bytes each.
    pub(super) fn signature(&self, input: &str) -> Result<Vec<u8>, StartError> {
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).map_err(|_| StartError::Key)?;
        Ok(signature.as_ref().to_vec())
    }

    /// The public point, uncompressed.
    pub(super) fn point(&self) -> &[u8] {
        self.pair.public_key().as_ref()
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
    header(jws)?.get("kid")?.as_str().map(str::to_owned)
}

/// The header of a compact JWS.
pub(super) fn header(jws: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jws.split('.').next()?).ok()?).ok()
}

/// The claims of a compact JWS whose ES256 or RS256 signature one of the JWK set's keys made. The key is found by `kid`;
/// without `kid` the set must hold one key only.
pub(super) fn verified_claims(jws: &str, jwks: &Value) -> Option<Value> {
    let (input, signature) = jws.rsplit_once('.')?;
    let (_, payload) = input.split_once('.')?;
    let header = header(jws)?;
    if header.get("crit").is_some() {
        return None;
    }
    let keys = jwks.get("keys")?.as_array()?;
    let key = match header.get("kid") {
        Some(kid) => keys.iter().find(|k| k.get("kid") == Some(kid))?,
        None => keys.first().filter(|_| keys.len() == 1)?,
    };
    let alg = header.get("alg")?.as_str()?;
    if key.get("alg").is_some_and(|named| named != alg) {
        return None;
    }
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let part = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    match alg {
        "ES256" if text("kty") == Some("EC") && text("crv") == Some("P-256") => {
            let point = [vec![4u8], part("x")?, part("y")?].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(input.as_bytes(), &signature).ok()?;
        }
        "RS256" if text("kty") == Some("RSA") => {
            let key = RsaPublicKeyComponents { n: part("n")?, e: part("e")? };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature).ok()?;
        }
        _ => return None,
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
