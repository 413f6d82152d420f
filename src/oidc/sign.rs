//! Signing: what is asked for, and how strong the answer can be (Signature Extension 1.1).

use super::asking::RequestObject;
use super::provider::Metadata;
use super::{BrokerConfig, ClientAuth, LoginFault};
use crate::settings::SignatureClass;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};
use std::fmt;

pub(super) const SCOPE_SIGN: &str = "https://id.oidc.se/scope/sign";
pub(super) const SCOPE_APPROVAL: &str = "https://id.oidc.se/scope/signApproval";
pub(super) const USER_SIGNATURE: &str = "https://id.oidc.se/claim/userSignature";
pub(super) const AUTHN_EVIDENCE: &str = "https://id.oidc.se/claim/authnEvidence";

/// What somebody is asked to sign. Prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct SignRequest {
    /// The bytes; under 2 kB, so that the request fits in an address where a broker takes no other.
    pub tbs_data: Vec<u8>,
    /// Shown at the broker, in plain text. Nothing that only the municipality may know.
    pub message_sv: String,
    /// The same in English.
    pub message_en: String,
}

impl fmt::Debug for SignRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignRequest(•••)")
    }
}

impl SignatureClass {
    /// Stable; for logs, settings and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Approval => "approval",
            Self::Reauthentication => "reauthentication",
        }
    }

    /// Whether the broker knows it as a scope of its own; the request must then be signed.
    pub(super) fn is_by_scope(self) -> bool {
        self != Self::Reauthentication
    }

    pub(super) fn about(self, wish: &super::SignRequest) -> Result<Signing<'_>, LoginFault> {
        let mut salt = [0u8; 32];
        SystemRandom::new().fill(&mut salt).map_err(|_| LoginFault::Internal)?;
        Ok(Signing { class: self, wish, salt })
    }
}

/// The strongest class that settings allow, the broker announces and we have a key for.
pub(super) fn class(config: &BrokerConfig, metadata: &Metadata) -> SignatureClass {
    let can_sign_requests =
        matches!(config.client_auth, ClientAuth::PrivateKeyJwt(_)) && metadata.takes_request_objects();
    let can =
        |class: SignatureClass, scope: &str| config.signing <= class && can_sign_requests && metadata.has_scope(scope);
    if can(SignatureClass::Signature, SCOPE_SIGN) {
        SignatureClass::Signature
    } else if can(SignatureClass::Approval, SCOPE_APPROVAL) {
        SignatureClass::Approval
    } else {
        SignatureClass::Reauthentication
    }
}

/// A signature about to be asked for.
pub(super) struct Signing<'a> {
    pub(super) class: SignatureClass,
    wish: &'a SignRequest,
    salt: [u8; 32],
}

impl Signing<'_> {
    /// In every class the ID token itself testifies what was signed.
    pub(super) fn nonce(&self) -> String {
        nonce(&self.salt, &self.wish.tbs_data)
    }

    pub(super) fn asked(&self, object: Option<RequestObject>) -> Asked {
        let (request_object, request_jwk) = object.map(|o| (o.jwt, o.jwk)).unzip();
        Asked {
            class: self.class,
            salt: URL_SAFE_NO_PAD.encode(self.salt),
            tbs_data_sha256: sha256_base64(&self.wish.tbs_data),
            request_object,
            request_jwk,
        }
    }

    pub(super) fn scope(&self) -> Option<&'static str> {
        match self.class {
            SignatureClass::Signature => Some(SCOPE_SIGN),
            SignatureClass::Approval => Some(SCOPE_APPROVAL),
            SignatureClass::Reauthentication => None,
        }
    }

    /// `signRequest`: what to sign, and what to show.
    pub(super) fn sign_request(&self, metadata: &Metadata) -> Value {
        let mut members = json!({ "sign_message": self.message(metadata) });
        if let (SignatureClass::Signature, Some(members)) = (self.class, members.as_object_mut()) {
            members.insert("tbs_data".into(), STANDARD.encode(&self.wish.tbs_data).into());
        }
        members
    }

    /// In the languages that the broker's pages have.
    pub(super) fn message(&self, metadata: &Metadata) -> Value {
        let (swedish, english) = (STANDARD.encode(&self.wish.message_sv), STANDARD.encode(&self.wish.message_en));
        let mut message = json!({ "message": swedish, "mime_type": "text/plain" });
        if let Some(members) = message.as_object_mut() {
            for (language, text) in [("sv", swedish), ("en", english)] {
                if metadata.speaks(language) {
                    members.insert(format!("message#{language}"), text.into());
                }
            }
        }
        message
    }
}

/// What was asked for, kept until the answer comes.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Asked {
    pub(super) class: SignatureClass,
    pub(super) salt: String,
    pub(super) tbs_data_sha256: String,
    pub(super) request_object: Option<String>,
    pub(super) request_jwk: Option<Value>,
}

/// base64url(SHA-256(salt ‖ SHA-256(bytes))): whoever knows the salt can tell which bytes a token is about, and nobody
/// else can.
pub(super) fn nonce(salt: &[u8], tbs_data: &[u8]) -> String {
    let both = [salt, digest(&SHA256, tbs_data).as_ref()].concat();
    URL_SAFE_NO_PAD.encode(digest(&SHA256, &both))
}

/// In base64url.
pub(super) fn sha256_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}
