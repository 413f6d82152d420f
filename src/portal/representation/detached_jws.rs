//! A signature that lies beside the JSON object it is made over (`_sig` of Mina ombud): a detached JWS (RFC 7515 appendix
//! F) over the object's canonical form (RFC 8785) without the signature itself.

use crate::vocabulary::canonical_json;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The member that holds the signature.
const MEMBER: &str = "_sig";

#[derive(Deserialize)]
struct Signature {
    protected: String,
    signature: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
    b64: Option<Value>,
}

/// Whether one of the published keys signed the object as it stands. Whatever is odd about it is a no.
pub(super) fn is_signed(object: &Map<String, Value>, jwks: &Value) -> bool {
    verified(object, jwks).is_some()
}

fn verified(object: &Map<String, Value>, jwks: &Value) -> Option<()> {
    let mut payload = object.clone();
    let signature: Signature = serde_json::from_value(payload.remove(MEMBER)?).ok()?;
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&signature.protected).ok()?).ok()?;
    if header.crit.is_some() || header.b64.is_some() {
        return None;
    }
    let payload = canonical_json(&Value::Object(payload));
    let input = format!("{}.{}", signature.protected, URL_SAFE_NO_PAD.encode(payload));
    let made = URL_SAFE_NO_PAD.decode(&signature.signature).ok()?;
    let keys = jwks.get("keys")?.as_array()?;
    let named = |key: &&Value| match &header.kid {
        Some(kid) => text(key, "kid") == Some(kid),
        None => keys.len() == 1,
    };
    let fits = |key: &&Value| {
        text(key, "use").is_none_or(|u| u == "sig") && text(key, "alg").is_none_or(|alg| alg == header.alg)
    };
    let mut found = keys.iter().filter(named).filter(fits);
    let (key, None) = (found.next()?, found.next()) else { return None };
    match (header.alg.as_str(), text(key, "kty")?) {
        ("ES256", "EC") if text(key, "crv") == Some("P-256") => {
            let point = [&[4u8][..], &bytes(key, "x")?, &bytes(key, "y")?].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(input.as_bytes(), &made).ok()
        }
        (alg, "RSA") => {
            let alg = match alg {
                "RS256" => &RSA_PKCS1_2048_8192_SHA256,
                "RS384" => &RSA_PKCS1_2048_8192_SHA384,
                "RS512" => &RSA_PKCS1_2048_8192_SHA512,
                _ => return None,
            };
            let key = RsaPublicKeyComponents { n: bytes(key, "n")?, e: bytes(key, "e")? };
            key.verify(alg, input.as_bytes(), &made).ok()
        }
        _ => None,
    }
}

fn text<'a>(key: &'a Value, name: &str) -> Option<&'a str> {
    key.get(name)?.as_str()
}

fn bytes(key: &Value, name: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text(key, name)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::json;

    struct Signer(EcdsaKeyPair);

    impl Signer {
        fn new() -> Self {
            let random = SystemRandom::new();
            let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
            Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random).unwrap())
        }
        fn jwks(&self, kid: &str) -> Value {
            let point = self.0.public_key().as_ref();
            let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
            json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": kid, "x": part(1..33), "y": part(33..65)}]})
        }
        fn signed(&self, mut object: Value, header: Value) -> Map<String, Value> {
            let protected = URL_SAFE_NO_PAD.encode(header.to_string());
            let input = format!("{protected}.{}", URL_SAFE_NO_PAD.encode(canonical_json(&object)));
            let made = self.0.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
            object[MEMBER] = json!({"protected": protected, "signature": URL_SAFE_NO_PAD.encode(made)});
            object.as_object().unwrap().clone()
        }
    }

    fn context() -> Value {
        json!({"tredjeman": "2120009911", "behorigheter": [{"kod": "bidrag", "typ": "aktiv"}]})
    }

    #[test]
    fn an_object_is_believed_as_it_was_signed_and_in_no_other_way() {
        let (signer, other) = (Signer::new(), Signer::new());
        let header = json!({"alg": "ES256", "kid": "a"});
        let signed = signer.signed(context(), header.clone());
        assert!(is_signed(&signed, &signer.jwks("a")));
        assert!(!is_signed(&signed, &signer.jwks("b")), "a key of another name");
        assert!(!is_signed(&signed, &other.jwks("a")), "another key of the same name");
        assert!(!is_signed(&signed, &json!({"keys": []})));
        let mut changed = signed.clone();
        changed.insert("tredjeman".into(), json!("2120009929"));
        assert!(!is_signed(&changed, &signer.jwks("a")));
        assert!(!is_signed(context().as_object().unwrap(), &signer.jwks("a")), "no signature at all");
        for odd in [
            json!({"alg": "none", "kid": "a"}),
            json!({"alg": "HS256", "kid": "a"}),
            json!({"alg": "ES256", "kid": "a", "crit": ["b64"], "b64": false}),
        ] {
            assert!(!is_signed(&signer.signed(context(), odd.clone()), &signer.jwks("a")), "{odd}");
        }
    }
}
