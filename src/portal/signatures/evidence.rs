//! A signature: what was signed, what proves it, and proving it again.

use super::signers::Person;
use super::store::{self, Row};
use crate::contract::SignatureStrength;
use crate::db::{Conn, DbError};
use crate::oidc::{Evidence, EvidenceFault, Pinned, SignatureClass};
use crate::settings::{KeyFault, Keys, sha256_hex};
use crate::vocabulary::{
    At, CaseId, MunicipalitySlug, PartyId, Reference, ServiceSlug, SignatureId, SignerId, SubmissionId, canonical_json,
};
use serde::{Deserialize, Serialize};

const SEALED_AS: &str = "signatures.evidence";
const CONTENT: &str = "submissions.content";

/// The bytes that are signed: a small text that names what was frozen and its hash, and holds nothing about anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToBeSigned {
    /// 1.
    pub v: u8,
    /// The municipality's organisation number.
    pub organisation_number: String,
    /// The e-service.
    pub service: ServiceSlug,
    /// Its version.
    pub definition_version: String,
    /// What was frozen.
    pub submission: SubmissionId,
    /// The case that it is or will be.
    pub reference: Reference,
    /// SHA-256 of the canonical text of what was frozen.
    pub sha256: String,
    /// For whom: an organisation's number. `None` for a person's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// When it was frozen.
    pub at: At,
}

impl ToBeSigned {
    /// As it is sent and kept: canonical JSON.
    pub fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        Ok(canonical_json(&serde_json::to_value(self)?).into_bytes())
    }
}

/// A signature that has come.
pub struct NewSignature<'a> {
    /// Whose resident.
    pub municipality: &'a MunicipalitySlug,
    /// On what.
    pub submission: &'a SubmissionId,
    /// The case that it became.
    pub case: &'a CaseId,
    /// Who, in the municipality.
    pub party: &'a PartyId,
    /// Who was asked; `None` for the one who sent it in.
    pub signer: Option<&'a SignerId>,
    /// Who, as the answer must name her.
    pub person: Person,
    /// What was signed.
    pub tbs_data: &'a [u8],
    /// What proves it.
    pub evidence: &'a Evidence,
}

/// Why a signature does not count. Nothing here tells whose it is.
#[derive(Debug, thiserror::Error)]
pub enum SignatureFault {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Sealing or opening.
    #[error("the evidence of a signature cannot be opened: {0}")]
    Key(#[from] KeyFault),
    /// What is kept cannot be read.
    #[error("the evidence of a signature cannot be read")]
    Unreadable,
    /// Evidence that is not what it was.
    #[error("the evidence of a signature is not what was kept")]
    Altered,
    /// What was sent in is not what was signed.
    #[error("what was sent in is not what was signed")]
    Content,
    /// It should be signed and is not.
    #[error("the signature is missing")]
    Missing,
    /// The evidence does not prove it.
    #[error("the evidence of a signature does not hold: {0}")]
    Evidence(#[from] EvidenceFault),
}

impl From<diesel::result::Error> for SignatureFault {
    fn from(e: diesel::result::Error) -> Self {
        SignatureFault::Db(e.into())
    }
}

/// As it lies under the seal.
#[derive(Serialize, Deserialize)]
struct Kept {
    person: Person,
    tbs_data: String,
    evidence: Evidence,
}

/// A signature that holds.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Who.
    pub person: Person,
    /// The one who was asked; `None` for the one who sent it in.
    pub signer: Option<SignerId>,
    /// When, by the broker's clock.
    pub at: At,
    /// Which e-legitimation, in the broker's words; may be empty.
    pub method: String,
    /// How strong.
    pub strength: SignatureStrength,
    /// Of the evidence, for the receipt.
    pub evidence_sha256: String,
}

fn strength(class: SignatureClass) -> SignatureStrength {
    match class {
        SignatureClass::Signature => SignatureStrength::Signature,
        SignatureClass::Approval => SignatureStrength::Approval,
        SignatureClass::Reauthentication => SignatureStrength::Reauthentication,
    }
}

/// Keeps a signature, in the transaction that rests on it, after proving it. False when this person has signed before.
pub fn keep(conn: &mut Conn, keys: &Keys, new: NewSignature<'_>, now: At) -> Result<bool, SignatureFault> {
    new.evidence.verify(new.tbs_data, &new.person.pinned)?;
    let tbs_data = String::from_utf8(new.tbs_data.to_vec()).map_err(|_| SignatureFault::Unreadable)?;
    let kept = Kept { person: new.person, tbs_data, evidence: new.evidence.clone() };
    let plain = serde_json::to_value(&kept).map_err(|_| SignatureFault::Unreadable)?;
    let plain = canonical_json(&plain);
    let row = Row {
        id: SignatureId::fresh(),
        municipality: new.municipality.clone(),
        submission_id: new.submission.clone(),
        case_id: new.case.clone(),
        party_id: new.party.clone(),
        signer_id: new.signer.cloned(),
        class: strength(kept.evidence.class),
        evidence_sha256: sha256_hex(plain.as_bytes()),
        evidence_sealed: keys.seal(SEALED_AS, plain.as_bytes())?,
        signed_at: kept.evidence.auth_time,
        received_at: now,
    };
    Ok(store::insert(conn, &row)?)
}

/// Every signature on a submission, the sender's first, each proved anew; nothing for one that is not signed. Any that
/// does not hold is a fault of the whole.
pub fn verified(conn: &mut Conn, keys: &Keys, submission: &SubmissionId) -> Result<Vec<Verified>, SignatureFault> {
    let rows = store::of_submission(conn, submission)?;
    let Some((sha256, Some(content))) = store::signed_content(conn, submission)? else {
        return if rows.is_empty() { Ok(Vec::new()) } else { Err(SignatureFault::Content) };
    };
    if sha256_hex(&keys.open(CONTENT, &content)?) != sha256 {
        return Err(SignatureFault::Content);
    }
    let mut all = Vec::new();
    for row in rows {
        all.push(prove(keys, submission, &sha256, row)?);
    }
    if !all.iter().any(|v| v.signer.is_none()) {
        return Err(SignatureFault::Missing);
    }
    all.sort_by_key(|v| (v.signer.is_some(), v.at));
    Ok(all)
}

fn prove(keys: &Keys, submission: &SubmissionId, sha256: &str, row: Row) -> Result<Verified, SignatureFault> {
    let plain = keys.open(SEALED_AS, &row.evidence_sealed)?;
    if sha256_hex(&plain) != row.evidence_sha256 {
        return Err(SignatureFault::Altered);
    }
    let kept: Kept = serde_json::from_slice(&plain).map_err(|_| SignatureFault::Unreadable)?;
    let named: ToBeSigned = serde_json::from_str(&kept.tbs_data).map_err(|_| SignatureFault::Unreadable)?;
    if named.submission != *submission || named.sha256 != sha256 {
        return Err(SignatureFault::Content);
    }
    kept.evidence.verify(kept.tbs_data.as_bytes(), &kept.person.pinned)?;
    Ok(Verified {
        person: kept.person,
        signer: row.signer_id,
        at: kept.evidence.auth_time,
        method: kept.evidence.method.unwrap_or_default(),
        strength: strength(kept.evidence.class),
        evidence_sha256: row.evidence_sha256,
    })
}

impl Person {
    /// Her identity as the contract writes it: a number, or a provisional identity.
    pub fn identity(&self) -> &str {
        match &self.pinned {
            Pinned::Number(number) => number.expose(),
            Pinned::Prid(text) | Pinned::Affiliation(text) => text,
        }
    }
}
