//! What a receipt's seal says.

use super::ReceiptCode;
use crate::contract::SignatureStrength;
use crate::settings::{KeyFault, ReceiptKeys, SealFault};
use crate::vocabulary::{At, Reference, ServiceSlug, canonical_json};
use serde::{Deserialize, Serialize};

/// The claims of the JWS. Names nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seal {
    /// 1.
    pub v: u8,
    /// As it is printed on the receipt.
    pub code: String,
    /// The case's.
    pub reference: Reference,
    /// Kommunkod.
    pub municipality: String,
    /// Its name.
    pub municipality_name: String,
    /// The e-service's slug.
    pub service: ServiceSlug,
    /// Its title.
    pub title: String,
    /// The version that was filled in.
    pub definition_version: String,
    /// SHA-256 of what was sent in.
    pub submission: String,
    /// When the municipality received it.
    pub received_at: At,
    /// When this was sealed.
    pub sealed_at: At,
    /// Nobody's signature is waited for.
    pub complete: bool,
    /// SHA-256 of each file that was sent along.
    pub attachments: Vec<String>,
    /// How it was signed.
    pub signatures: Vec<SealedSignature>,
    /// SHA-256 of the PDF, with as many zeros where this seal stands.
    pub pdf: String,
}

/// A signature in the seal: nothing of whose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SealedSignature {
    /// How strong.
    pub class: SignatureStrength,
    /// When.
    pub at: At,
    /// SHA-256 of the evidence that the municipality keeps.
    pub evidence: String,
}

impl Seal {
    /// The seal as text.
    pub fn made_with(&self, keys: &ReceiptKeys) -> Result<String, KeyFault> {
        // Only texts, numbers and lists, which JSON always holds.
        let claims = serde_json::to_value(self).map_err(|_| KeyFault::Unopenable)?;
        keys.seal(&canonical_json(&claims))
    }

    /// What the text says, if it is our seal.
    pub fn open(keys: &ReceiptKeys, jws: &str) -> Result<Self, SealFault> {
        serde_json::from_slice(&keys.open(jws)?).map_err(|_| SealFault::Form)
    }

    /// The code, read.
    pub fn code(&self) -> Option<ReceiptCode> {
        self.code.parse().ok()
    }
}
