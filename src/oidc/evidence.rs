//! What is kept of a signature, and checking it again without asking anybody.

use super::id_token::Verified;
use super::jws::{Compact, MAX_SIGNED_TOKEN};
use super::numbers::find;
use super::sign::{AUTHN_EVIDENCE, Asked, USER_SIGNATURE, nonce, sha256_base64};
use super::{BrokerConfig, LoginFault, NumberClaim, NumberKind, Pinned, RawIdToken, SignatureClass, SigningAlgorithm};
use crate::vocabulary::At;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use std::fmt;

/// The longest signature that is taken, in bytes.
const MAX_SIGNATURE: usize = 512 * 1024;

/// What proves a signature: enough to [check it again](Self::verify) years later, when broker, keys and settings are
/// others. Holds personal data: to be stored under seal. Prints none of it.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// What stands behind it.
    pub class: SignatureClass,
    /// The broker.
    pub issuer: String,
    /// Ours at the broker.
    pub client_id: String,
    /// Our request as sent, signed by us; absent when the class is re-authentication and requests are not signed.
    pub request_object: Option<String>,
    /// The public key that we signed it with.
    pub request_jwk: Option<Value>,
    /// The broker's answer as received.
    pub id_token: RawIdToken,
    /// The public key that verified it.
    pub jwk: Value,
    /// With the hash of the bytes it makes the answer's nonce. Base64url.
    pub nonce_salt: String,
    /// Hash of the bytes that were to be signed. Base64url.
    pub tbs_data_sha256: String,
    /// The signature itself, in Base64, in a form that the specification leaves to the e-legitimation.
    pub user_signature: Option<String>,
    /// What the e-legitimation gives beside it, in Base64.
    pub authn_evidence: Option<String>,
    /// Where the signer's identity stands in the answer.
    pub signer_claim: NumberClaim,
    /// Which e-legitimation was used, as the broker calls it.
    pub method: Option<String>,
    /// The broker's transaction id.
    pub txn: Option<String>,
    /// The level of assurance, as the broker names it.
    pub acr: String,
    /// When the person signed, by the broker's clock.
    pub auth_time: At,
    /// When it reached us.
    pub received_at: At,
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("class", &self.class)
            .field("issuer", &self.issuer)
            .field("acr", &self.acr)
            .field("auth_time", &self.auth_time)
            .finish_non_exhaustive()
    }
}

/// Why evidence does not prove what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceFault {
    /// A part cannot be read.
    #[error("a part of the evidence cannot be read")]
    Malformed,
    /// The answer was not signed by the kept key.
    #[error("the answer's signature does not fit the kept key")]
    Token,
    /// Another broker's or another client's answer.
    #[error("the answer is another broker's or for another client")]
    Parties,
    /// The answer is about other bytes.
    #[error("the answer is not about these bytes")]
    Nonce,
    /// Somebody else signed.
    #[error("somebody else signed")]
    Signer,
    /// Our request was about other bytes, or is not ours.
    #[error("our request is not about these bytes")]
    Request,
    /// There is no signature where the class says so, or another than in the answer.
    #[error("the signature is missing or another")]
    UserSignature,
}

impl EvidenceFault {
    /// Stable; for logs and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Token => "token",
            Self::Parties => "parties",
            Self::Nonce => "nonce",
            Self::Signer => "signer",
            Self::Request => "request",
            Self::UserSignature => "user_signature",
        }
    }
}

impl Evidence {
    /// From an answer that has passed every check of a log-in.
    pub(super) fn gather(
        asked: &Asked,
        pinned: &Pinned,
        answer: &Verified<'_>,
        config: &BrokerConfig,
        now: At,
    ) -> Result<Self, LoginFault> {
        let claims = &answer.token.claims;
        let user_signature = base64_claim(claims, USER_SIGNATURE)?;
        if asked.class == SignatureClass::Signature && user_signature.is_none() {
            return Err(LoginFault::UserSignatureInvalid);
        }
        Ok(Self {
            class: asked.class,
            issuer: config.issuer.clone(),
            client_id: config.client_id.clone(),
            request_object: asked.request_object.clone(),
            request_jwk: asked.request_jwk.clone(),
            id_token: answer.raw.clone(),
            jwk: Value::Object(answer.key.clone()),
            nonce_salt: asked.salt.clone(),
            tbs_data_sha256: asked.tbs_data_sha256.clone(),
            user_signature,
            authn_evidence: base64_claim(claims, AUTHN_EVIDENCE)?,
            signer_claim: pinned.place(config, claims, now)?,
            method: answer.method.clone(),
            txn: answer.txn.clone(),
            acr: answer.acr.clone(),
            auth_time: answer.auth_time,
            received_at: now,
        })
    }

    /// Checks again, years later and without asking anybody, that this person signed these bytes: the answer's signature
    /// with the kept key, issuer, audience, the nonce that names the bytes, who it was; the bytes in our own request, and
    /// that request's signature. What `user_signature` says is for the e-legitimation's own tools. Times are not held
    /// against the clock: the answer was judged when it came.
    pub fn verify(&self, tbs_data: &[u8], signer: &Pinned) -> Result<(), EvidenceFault> {
        let token = read(self.id_token.expose(), &self.jwk)?;
        token.check_parties(&self.issuer, &self.client_id).map_err(|_| EvidenceFault::Parties)?;
        let salt = URL_SAFE_NO_PAD.decode(&self.nonce_salt).map_err(|_| EvidenceFault::Malformed)?;
        let expected = nonce(&salt, tbs_data);
        if self.tbs_data_sha256 != sha256_base64(tbs_data) || token.text("nonce") != Some(expected.as_str()) {
            return Err(EvidenceFault::Nonce);
        }
        if !signer.stands_in(&self.signer_claim, &token.claims, self.auth_time) {
            return Err(EvidenceFault::Signer);
        }
        match self.class {
            SignatureClass::Signature
                if self.user_signature.is_none() || token.text(USER_SIGNATURE) != self.user_signature.as_deref() =>
            {
                return Err(EvidenceFault::UserSignature);
            }
            _ => {}
        }
        self.verify_request(tbs_data, &expected)
    }

    fn verify_request(&self, tbs_data: &[u8], nonce: &str) -> Result<(), EvidenceFault> {
        let (Some(raw), Some(jwk)) = (&self.request_object, &self.request_jwk) else {
            return if self.class.is_by_scope() { Err(EvidenceFault::Request) } else { Ok(()) };
        };
        let request = read(raw, jwk).map_err(|_| EvidenceFault::Request)?;
        let named = request.claims.get("https://id.oidc.se/param/signRequest").and_then(|r| r.get("tbs_data"));
        let says = match (self.class, named.and_then(Value::as_str)) {
            (SignatureClass::Signature, data) => data.is_some_and(|d| STANDARD.decode(d).is_ok_and(|d| d == tbs_data)),
            (_, None) => true,
            (_, Some(_)) => false,
        };
        let ours = request.text("iss") == Some(self.client_id.as_str())
            && request.text("aud") == Some(self.issuer.as_str())
            && request.text("nonce") == Some(nonce);
        if says && ours { Ok(()) } else { Err(EvidenceFault::Request) }
    }
}

fn read(raw: &str, jwk: &Value) -> Result<Compact, EvidenceFault> {
    let key = jwk.as_object().ok_or(EvidenceFault::Malformed)?;
    let token = Compact::parse(raw, &SigningAlgorithm::ALL, &["JWT"], MAX_SIGNED_TOKEN);
    let token = token.map_err(|_| EvidenceFault::Malformed)?;
    token.verify(key).map_err(|_| EvidenceFault::Token)?;
    Ok(token)
}

/// Base64 of 1 byte to half a megabyte, as it came; absent is absent, anything else is refused.
fn base64_claim(claims: &Map<String, Value>, name: &str) -> Result<Option<String>, LoginFault> {
    let Some(value) = find(claims, name) else { return Ok(None) };
    let text = value.as_str().ok_or(LoginFault::UserSignatureInvalid)?;
    match STANDARD.decode(text) {
        Ok(bytes) if (1..=MAX_SIGNATURE).contains(&bytes.len()) => Ok(Some(text.to_owned())),
        _ => Err(LoginFault::UserSignatureInvalid),
    }
}

impl Pinned {
    /// Where in the answer this person's identity stands.
    fn place(&self, config: &BrokerConfig, claims: &Map<String, Value>, now: At) -> Result<NumberClaim, LoginFault> {
        let named = |claim: String| NumberClaim::new(claim, NumberKind::ByValue);
        match self {
            Pinned::Number(_) => super::numbers::number(&config.numbers, claims, now).map(|(_, place)| place.clone()),
            Pinned::Prid(_) => Ok(named(format!("{}prid", super::identity::SWEDEN_CONNECT))),
            Pinned::Affiliation(_) => Ok(named(config.claims.org_affiliation.clone())),
        }
    }

    fn stands_in(&self, place: &NumberClaim, claims: &Map<String, Value>, at: At) -> bool {
        let text = || find(claims, &place.claim).and_then(Value::as_str);
        match self {
            Pinned::Number(number) => place.read(claims, at).is_ok_and(|read| read.as_ref() == Some(number)),
            Pinned::Prid(prid) => text().is_some_and(|text| text.eq_ignore_ascii_case(prid)),
            Pinned::Affiliation(affiliation) => text() == Some(affiliation),
        }
    }
}
