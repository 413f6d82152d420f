//! The ID token's header, key and signature: as they should be, and in every way that they should not.

use super::Provider;
use super::clients::Client;
use super::faults::Lie;
use super::key_ring::SigningAlg;
use crate::simulators::StartError;
use crate::simulators::keys::{self, SigningKey, b64, signing_input};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// The claims as the client gets them.
pub(super) fn sealed(
    provider: &Provider,
    client: &Client,
    claims: &Value,
    fault: Option<Lie>,
) -> Result<String, StartError> {
    let honest = || provider.keys.sign(client.id_token_signed_response_alg, "JWT", claims);
    let Some(lie) = fault else { return honest() };
    let key = provider.keys.current();
    let now = provider.clock.now();
    let none = |alg: &str| format!("{}.", signing_input(&json!({"alg": alg}), claims));
    // A client that lets the header choose the algorithm would take the public key for the secret.
    let mac = |secret: &[u8]| {
        let input = signing_input(&json!({"alg": "HS256", "kid": key.kid(), "typ": "JWT"}), claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
        format!("{input}.{}", b64(tag.as_ref()))
    };
    let own_header = |more: Value| {
        let mut header = json!({"alg": "ES256", "kid": key.kid()});
        if let (Some(header), Value::Object(more)) = (header.as_object_mut(), more) {
            header.extend(more);
        }
        header
    };
    // A key of an attacker's, who says in the header where it can be found.
    let strange = |pointer: &dyn Fn(&SigningKey) -> Value| {
        let stranger = SigningKey::passing()?;
        stranger.sign_with(&own_header(pointer(&stranger)), claims)
    };
    // A key of the moment, published in a way of its own.
    let planted = |publish: &dyn Fn(&SigningKey) -> Vec<Value>| {
        let passing = SigningKey::passing()?;
        for jwk in publish(&passing) {
            provider.keys.plant(jwk, now);
        }
        passing.sign(claims)
    };
    Ok(match lie {
        Lie::RotateKeys => {
            provider.keys.rotate()?;
            provider.keys.sign(SigningAlg::Es256, "JWT", claims)?
        }
        Lie::AlgNone => none("none"),
        Lie::AlgNoneCapital => none("None"),
        Lie::AlgNoneMixed => none("nOnE"),
        Lie::EmptySignature => format!("{}.", signing_input(&own_header(json!({})), claims)),
        Lie::Hs256 => mac(key.jwk().to_string().as_bytes()),
        Lie::Hs256Pem => mac(pem(&key).as_bytes()),
        Lie::Hs256Secret => mac(client.client_secret.as_deref().unwrap_or_default().as_bytes()),
        // ring has no P-521; whoever allows the algorithm would say that the signature is wrong, not that it is refused.
        Lie::Es512 => {
            let input = signing_input(&own_header(json!({"alg": "ES512"})), claims);
            format!("{input}.{}", b64(&[7; 132]))
        }
        // With the RSA key, when it is there: the algorithm is refused before any key is looked at.
        Lie::Ps256 => {
            let rsa = provider.keys.rsa();
            let kid = rsa.as_ref().map_or(key.kid(), |rsa| rsa.kid());
            let input = signing_input(&json!({"alg": "PS256", "kid": kid, "typ": "JWT"}), claims);
            let signature = rsa.as_ref().map_or_else(|| Ok(vec![7; 256]), |rsa| rsa.pss_signature(&input))?;
            format!("{input}.{}", b64(&signature))
        }
        Lie::KeyAlgDiffers => planted(&|key| vec![with(key.jwk(), "alg", "ES384")])?,
        Lie::WrongCurve => {
            let (jwk, token) = over_p384(claims)?;
            provider.keys.plant(jwk, now);
            token
        }
        Lie::HeaderJwk => strange(&|key| json!({"jwk": key.jwk()}))?,
        Lie::HeaderJku => strange(&|_| json!({"jku": format!("{}/jwks", provider.issuer)}))?,
        Lie::HeaderX5u => strange(&|_| json!({"x5u": "http://127.0.0.1:1/key.pem"}))?,
        Lie::HeaderX5c => strange(&|key| json!({"x5c": [STANDARD.encode(spki(key))]}))?,
        Lie::CritHeader => key.sign_with(&own_header(json!({"crit": ["exp"]})), claims)?,
        Lie::WrongTyp => key.sign_with(&own_header(json!({"typ": "logout+jwt"})), claims)?,
        Lie::TypAtJwt => key.sign_with(&own_header(json!({"typ": "at+jwt"})), claims)?,
        Lie::CtyJwt => key.sign_with(&own_header(json!({"cty": "JWT"})), claims)?,
        Lie::Encrypted => {
            let header = json!({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": "yours"});
            format!(
                "{}.{}.{}.{}.{}",
                b64(header.to_string().as_bytes()),
                b64(&[1; 256]),
                b64(&[2; 12]),
                b64(&[3; 400]),
                b64(&[4; 16])
            )
        }
        Lie::UnknownKid => key.sign_as(&keys::random_token()?, claims)?,
        Lie::NoKid => key.sign_with(&json!({"alg": "ES256"}), claims)?,
        Lie::NoKidManyKeys => {
            planted(&|other| vec![other.jwk()])?;
            key.sign_with(&json!({"alg": "ES256"}), claims)?
        }
        Lie::DuplicateKid => {
            let twin = SigningKey::passing()?;
            planted(&|key| vec![key.jwk(), with(twin.jwk(), "kid", key.kid())])?
        }
        Lie::BadSignature => {
            let other = key.sign(&json!({"another": "payload"}))?;
            let signature = other.rsplit_once('.').map_or("", |(_, signature)| signature);
            format!("{}.{signature}", signing_input(&own_header(json!({"typ": "JWT"})), claims))
        }
        Lie::AlteredPayload => {
            let token = key.sign(claims)?;
            let (input, signature) = token.rsplit_once('.').unwrap_or_default();
            let header = input.split('.').next().unwrap_or_default();
            let altered = with(claims.clone(), "sub", "somebody-else");
            format!("{header}.{}.{signature}", b64(altered.to_string().as_bytes()))
        }
        Lie::DerSignature => {
            let input = signing_input(&own_header(json!({"typ": "JWT"})), claims);
            format!("{input}.{}", b64(&der(&key.signature(&input)?)))
        }
        Lie::PaddedBase64 => format!("{}==", key.sign(claims)?),
        Lie::DuplicateMembers => {
            let header = own_header(json!({"typ": "JWT"})).to_string();
            let claims = claims.to_string().replacen('{', r#"{"sub":"somebody-else","#, 1);
            key.seal(&format!("{}.{}", b64(header.as_bytes()), b64(claims.as_bytes())))?
        }
        _ => honest()?,
    })
}

fn with(mut value: Value, name: &str, text: &str) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), json!(text));
    }
    value
}

/// SubjectPublicKeyInfo of a P-256 key (RFC 5480): always the same beginning.
fn spki(key: &SigningKey) -> Vec<u8> {
    const HEAD: &[u8] = &[
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    [HEAD, key.point()].concat()
}

fn pem(key: &SigningKey) -> String {
    let encoded = STANDARD.encode(spki(key));
    let (first, rest) = encoded.split_at(encoded.len().min(64));
    format!("-----BEGIN PUBLIC KEY-----\n{first}\n{rest}\n-----END PUBLIC KEY-----\n")
}

/// The two numbers of a signature as ASN.1 has them.
fn der(fixed: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let mut bytes: Vec<u8> = bytes.iter().copied().skip_while(|b| *b == 0).collect();
        if bytes.first().is_none_or(|b| b & 0x80 != 0) {
            bytes.insert(0, 0);
        }
        [vec![0x02, bytes.len() as u8], bytes].concat()
    };
    let (r, s) = fixed.split_at(fixed.len() / 2);
    let both = [number(r), number(s)].concat();
    [vec![0x30, both.len() as u8], both].concat()
}

/// A key over P-384, and a token by it that says ES256.
fn over_p384(claims: &Value) -> Result<(Value, String), StartError> {
    let random = SystemRandom::new();
    let curve = &ECDSA_P384_SHA384_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(curve, &random).map_err(|_| StartError::Key)?;
    let pair = EcdsaKeyPair::from_pkcs8(curve, document.as_ref(), &random).map_err(|_| StartError::Key)?;
    let point = pair.public_key().as_ref();
    let kid = keys::random_token()?;
    let jwk = json!({
        "kty": "EC", "crv": "P-384", "kid": kid, "use": "sig",
        "x": b64(point.get(1..49).unwrap_or_default()), "y": b64(point.get(49..97).unwrap_or_default()),
    });
    let input = signing_input(&json!({"alg": "ES256", "kid": kid, "typ": "JWT"}), claims);
    let signature = pair.sign(&random, input.as_bytes()).map_err(|_| StartError::Key)?;
    Ok((jwk, format!("{input}.{}", b64(signature.as_ref()))))
}
