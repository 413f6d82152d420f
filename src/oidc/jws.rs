//! Compact JWS (RFC 7515) of our own: for the tokens that the crate does not read (signed userinfo, log-out tokens) and
//! for evidence that is checked again years later. Also the broker's keys, as they came.

use super::json::{self, JsonFault};
use super::{LoginFault, SigningAlgorithm};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::CoreJsonWebKeySet;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::{Map, Value};

/// Tokens of a log-in.
pub(super) const MAX_TOKEN: usize = 64 * 1024;
/// An ID token with a signature in it.
pub(super) const MAX_SIGNED_TOKEN: usize = 1024 * 1024;

/// The keys of one JWK set that may be used; never empty.
#[derive(Debug)]
pub(super) struct KeySet {
    /// As the crate reads them.
    pub(super) for_crate: CoreJsonWebKeySet,
    all: Vec<Map<String, Value>>,
}

impl KeySet {
    /// From the body of a `jwks_uri`.
    pub(super) fn read(body: &[u8], allowed: &[SigningAlgorithm]) -> Result<Self, LoginFault> {
        let mut members = json::object(body).map_err(|_| LoginFault::AnswerMalformed)?;
        let Some(Value::Array(keys)) = members.remove("keys") else { return Err(LoginFault::AnswerMalformed) };
        let all: Vec<Map<String, Value>> = keys
            .into_iter()
            .filter_map(|key| match key {
                Value::Object(key) if is_usable(&key, allowed) => Some(key),
                _ => None,
            })
            .collect();
        // Keys that the crate cannot read are left out by it.
        let for_crate: CoreJsonWebKeySet =
            serde_json::from_value(serde_json::json!({ "keys": all })).map_err(|_| LoginFault::AnswerMalformed)?;
        if for_crate.keys().is_empty() { Err(LoginFault::KeysUnfit) } else { Ok(Self { for_crate, all }) }
    }

    /// The one key that can have signed the token. Two that fit are none: which was meant is anybody's guess.
    pub(super) fn key_of(&self, token: &Compact) -> Result<&Map<String, Value>, LoginFault> {
        let named =
            |key: &Map<String, Value>| token.kid.as_deref().is_none_or(|kid| key.get("kid") == Some(&kid.into()));
        let mut fitting = self.all.iter().filter(|key| named(key) && fits(key, token.algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (None, _) => Err(LoginFault::KeyUnknown),
            (Some(_), Some(_)) => Err(LoginFault::KeyAmbiguous),
        }
    }
}

/// A public key for signatures by an allowed algorithm, of a length that is still safe.
fn is_usable(key: &Map<String, Value>, allowed: &[SigningAlgorithm]) -> bool {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    (!key.contains_key("use") || text("use") == Some("sig")) && allowed.iter().any(|alg| fits(key, *alg))
}

fn fits(key: &Map<String, Value>, alg: SigningAlgorithm) -> bool {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let is_kind = match alg {
        SigningAlgorithm::Es256 => text("kty") == Some("EC") && text("crv") == Some("P-256"),
        SigningAlgorithm::Es384 => text("kty") == Some("EC") && text("crv") == Some("P-384"),
        SigningAlgorithm::Rs256 | SigningAlgorithm::Rs384 | SigningAlgorithm::Rs512 => {
            text("kty") == Some("RSA") && text("n").is_some_and(has_2048_bits)
        }
    };
    is_kind && (!key.contains_key("alg") || text("alg") == Some(alg.as_str()))
}

fn has_2048_bits(modulus: &str) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(modulus).unwrap_or_default();
    let leading_zeros = bytes.iter().take_while(|b| **b == 0).count();
    bytes.len() - leading_zeros >= 256
}

/// A token taken apart; nothing in it is believed before [`verify`](Self::verify). Members `jwk`, `jku`, `x5u` and `x5c`
/// of the header are never looked at.
pub(super) struct Compact {
    pub(super) algorithm: SigningAlgorithm,
    pub(super) claims: Map<String, Value>,
    /// Whether the header says what kind of token it is.
    pub(super) has_typ: bool,
    kid: Option<String>,
    signing_input: String,
    signature: Vec<u8>,
}

impl Compact {
    /// Everything that can be refused by form alone, so that the rest sees one reading of the token only. `types` are
    /// the media types that `typ` may name; without `typ` the token is a plain JWT.
    pub(super) fn parse(
        raw: &str,
        allowed: &[SigningAlgorithm],
        types: &[&str],
        max: usize,
    ) -> Result<Self, LoginFault> {
        if raw.len() > max {
            return Err(LoginFault::IdTokenMalformed);
        }
        let parts: Vec<&str> = raw.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            // Five parts are an encrypted token, which we never registered for.
            return Err(if parts.len() == 5 { LoginFault::HeaderRefused } else { LoginFault::IdTokenMalformed });
        };
        let (signing_input, _) = raw.rsplit_once('.').ok_or(LoginFault::IdTokenMalformed)?;
        let header = read_part(header)?;
        let algorithm = check_header(&header, allowed, types)?;
        if signature.is_empty() {
            return Err(LoginFault::SignatureInvalid);
        }
        Ok(Self {
            algorithm,
            claims: read_part(payload)?,
            has_typ: header.contains_key("typ"),
            kid: header.get("kid").and_then(Value::as_str).map(str::to_owned),
            signing_input: signing_input.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).map_err(|_| LoginFault::IdTokenMalformed)?,
        })
    }

    /// Whether this key signed it.
    pub(super) fn verify(&self, key: &Map<String, Value>) -> Result<(), LoginFault> {
        let part = |name: &str| {
            let text = key.get(name).and_then(Value::as_str)?;
            URL_SAFE_NO_PAD.decode(text).ok()
        };
        if !fits(key, self.algorithm) {
            return Err(LoginFault::SignatureInvalid);
        }
        let (message, signature) = (self.signing_input.as_bytes(), self.signature.as_slice());
        let point = || Some([vec![4], part("x")?, part("y")?].concat());
        let rsa = |parameters| {
            let (n, e) = part("n").zip(part("e"))?;
            RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).ok()
        };
        let verified = match self.algorithm {
            SigningAlgorithm::Es256 => point()
                .and_then(|p| UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, p).verify(message, signature).ok()),
            SigningAlgorithm::Es384 => point()
                .and_then(|p| UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, p).verify(message, signature).ok()),
            SigningAlgorithm::Rs256 => rsa(&RSA_PKCS1_2048_8192_SHA256),
            SigningAlgorithm::Rs384 => rsa(&RSA_PKCS1_2048_8192_SHA384),
            SigningAlgorithm::Rs512 => rsa(&RSA_PKCS1_2048_8192_SHA512),
        };
        verified.ok_or(LoginFault::SignatureInvalid)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// `aud` names the client and nobody else; `azp`, where it is needed or there, too.
    pub(super) fn check_parties(&self, issuer: &str, client_id: &str) -> Result<(), LoginFault> {
        if self.text("iss") != Some(issuer) {
            return Err(LoginFault::IssuerMismatch);
        }
        let several = match self.claims.get("aud") {
            Some(Value::String(audience)) if audience == client_id => false,
            Some(Value::Array(all)) if !all.is_empty() && all.iter().all(|one| one.as_str() == Some(client_id)) => {
                all.len() > 1
            }
            _ => return Err(LoginFault::AudienceMismatch),
        };
        match self.claims.get("azp") {
            None if several => Err(LoginFault::AuthorizedPartyMismatch),
            None => Ok(()),
            Some(azp) if azp.as_str() == Some(client_id) => Ok(()),
            Some(_) => Err(LoginFault::AuthorizedPartyMismatch),
        }
    }

    /// A NumericDate (RFC 7519) between 1970 and 9999, in whole seconds.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<i64>, LoginFault> {
        let Some(value) = self.claims.get(name) else { return Ok(None) };
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
}

fn read_part(part: &str) -> Result<Map<String, Value>, LoginFault> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| LoginFault::IdTokenMalformed)?;
    json::object(&bytes).map_err(|fault| match fault {
        JsonFault::DuplicateMember => LoginFault::DuplicateMember,
        JsonFault::NotAnObject | JsonFault::TooDeep => LoginFault::IdTokenMalformed,
    })
}

fn check_header(
    header: &Map<String, Value>,
    allowed: &[SigningAlgorithm],
    types: &[&str],
) -> Result<SigningAlgorithm, LoginFault> {
    if ["crit", "cty", "enc", "zip"].iter().any(|name| header.contains_key(*name)) {
        return Err(LoginFault::HeaderRefused);
    }
    let typ_is_good = match header.get("typ") {
        None => true,
        Some(typ) => typ.as_str().is_some_and(|typ| types.iter().any(|good| typ.eq_ignore_ascii_case(good))),
    };
    if !typ_is_good || header.get("kid").is_some_and(|kid| !kid.is_string()) {
        return Err(LoginFault::HeaderRefused);
    }
    let named = header.get("alg").and_then(Value::as_str).and_then(|alg| alg.parse().ok());
    named.filter(|alg| allowed.contains(alg)).ok_or(LoginFault::AlgorithmRefused)
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
            let _ = Compact::parse(&raw, &ALLOWED, &["JWT"], MAX_TOKEN);
        }

        #[test]
        fn any_header_and_payload_are_taken_apart_or_refused(header in "(?s).{0,80}", payload in "(?s).{0,80}") {
            let _ = Compact::parse(&token(&header, &payload), &ALLOWED, &["JWT"], MAX_TOKEN);
        }

        #[test]
        fn any_numbers_as_times_are_read_or_refused(exp: i64, iat: f64, nbf: u64) {
            let payload = serde_json::json!({ "exp": exp, "iat": iat, "nbf": nbf }).to_string();
            let read = Compact::parse(&token(r#"{"alg":"ES256"}"#, &payload), &ALLOWED, &["JWT"], MAX_TOKEN).unwrap();
            for name in ["exp", "iat", "nbf"] {
                if let Ok(Some(seconds)) = read.seconds(name) {
                    proptest::prop_assert!((0..=253_402_300_799).contains(&seconds));
                }
            }
            proptest::prop_assert!(read.seconds("exp").is_ok_and(|s| s == Some(exp)) || !(0..=253_402_300_799).contains(&exp));
        }
    }
}
