//! Whether a receipt holds.

use super::{Receipt, ReceiptCode, Seal, blanked_sha256, seals_in, store};
use crate::db::{Conn, DbError};
use crate::municipalities::Municipality;
use crate::portal::signatures::{self, SignatureFault};
use crate::settings::{Keys, ReceiptKeys, SealFault};
use crate::vocabulary::MunicipalitySlug;

/// A file that somebody wants to have tested: its hash, and its bytes when they are few enough to hold a receipt.
pub(super) struct Tested {
    pub sha256: String,
    pub bytes: Option<Vec<u8>>,
}

/// What is to be said of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// The receipt holds.
    Holds(Box<Held>),
    /// The seal itself was altered.
    SealAltered,
    /// The seal is ours and the file around it is not.
    FileAltered(Box<Seal>),
    /// What the municipality keeps does not fit the seal any more: a signature that cannot be proved.
    NotProved(Box<Seal>),
    /// It is another municipality's receipt.
    Elsewhere,
    /// Nothing of ours.
    Unknown,
    /// The file was sent along with what the receipt is about.
    Attached(Box<Held>),
    /// It was not.
    NotAttached(Box<Held>),
}

/// A receipt that holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    pub seal: Seal,
    /// There is a later one: everybody has signed since.
    pub is_replaced: bool,
    /// The municipality still keeps what it is about.
    pub is_kept: bool,
}

/// By the code that stands on it.
pub(super) fn by_code(
    conn: &mut Conn,
    keys: &Keys,
    seals: &ReceiptKeys,
    municipality: &Municipality,
    code: &ReceiptCode,
) -> Result<Verdict, DbError> {
    let Some(receipt) = store::by_code(conn, &municipality.slug, code)? else { return Ok(Verdict::Unknown) };
    match Seal::open(seals, &receipt.jws) {
        Ok(seal) => kept(conn, keys, &municipality.slug, seal, Some(receipt)),
        Err(_) => Ok(Verdict::SealAltered),
    }
}

/// By a file: a receipt, a copy of its seal, or something that was sent along with what `code` is the receipt of.
pub(super) fn by_file(
    conn: &mut Conn,
    keys: &Keys,
    seals: &ReceiptKeys,
    municipality: &Municipality,
    tested: &Tested,
    code: Option<&ReceiptCode>,
) -> Result<Verdict, DbError> {
    let bytes = tested.bytes.as_deref().unwrap_or_default();
    let mut found: Vec<_> = seals_in(bytes).into_iter().map(|jws| (jws, Seal::open(seals, jws))).collect();
    // One of ours that fits before one that does not, and that before what is no seal of a receipt at all.
    found.sort_by_key(|(_, opened)| match opened {
        Ok(_) => 0,
        Err(SealFault::Altered | SealFault::UnknownKey) => 1,
        Err(SealFault::Form) => 2,
    });
    let opened = found.into_iter().next();
    match (opened, code) {
        (Some((jws, Ok(seal))), _) => {
            if seal.municipality != municipality.code {
                return Ok(Verdict::Elsewhere);
            }
            let is_seal_alone = bytes.trim_ascii().len() == jws.len();
            if !is_seal_alone && blanked_sha256(bytes, jws) != seal.pdf {
                return Ok(Verdict::FileAltered(Box::new(seal)));
            }
            let receipt = match seal.code() {
                Some(code) => store::by_code(conn, &municipality.slug, &code)?.filter(|r| r.jws == jws),
                None => None,
            };
            kept(conn, keys, &municipality.slug, seal, receipt)
        }
        (_, Some(code)) => Ok(match by_code(conn, keys, seals, municipality, code)? {
            Verdict::Holds(held) if held.seal.attachments.contains(&tested.sha256) => Verdict::Attached(held),
            Verdict::Holds(held) => Verdict::NotAttached(held),
            other => other,
        }),
        // Said to be a receipt of ours, and the seal does not fit.
        (Some((_, Err(SealFault::Altered | SealFault::UnknownKey))), None) => Ok(Verdict::SealAltered),
        _ => Ok(Verdict::Unknown),
    }
}

/// The seal is ours and unaltered; what it is about is looked at once more, where it is still kept.
fn kept(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    seal: Seal,
    receipt: Option<Receipt>,
) -> Result<Verdict, DbError> {
    let Some(receipt) = receipt else {
        return Ok(Verdict::Holds(Box::new(Held { seal, is_replaced: false, is_kept: false })));
    };
    let proved = match signatures::verified(conn, keys, &receipt.submission_id) {
        Ok(all) => seal.signatures.iter().all(|said| all.iter().any(|v| v.evidence_sha256 == said.evidence)),
        Err(SignatureFault::Db(e)) => return Err(e),
        Err(fault) => {
            tracing::error!(municipality = %municipality, case = %receipt.case_id, %fault, "a receipt's signatures do not hold");
            false
        }
    };
    if !proved {
        return Ok(Verdict::NotProved(Box::new(seal)));
    }
    let is_replaced = !receipt.complete && store::of_case(conn, &receipt.case_id)?.iter().any(|r| r.complete);
    Ok(Verdict::Holds(Box::new(Held { seal, is_replaced, is_kept: true })))
}
