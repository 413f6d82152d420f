//! What is to be delivered: enqueued in the transaction of what it is about, built into a body once.

use super::parcel::Around;
use super::{feed, store};
use crate::contract::{DeliveredMessage, Delivery, DeliveryKind, Document, Party, Signature, SupplementAnswer};
use crate::db::{Conn, DbError};
use crate::files::BlobError;
use crate::portal::cases::{self, Case, CaseDocument, DocumentKind};
use crate::portal::signatures::{self, SignatureFault, Verified};
use crate::settings::{KeyFault, Keys, sha256_hex};
use crate::vocabulary::{At, CaseId, DeliveryId, FileId, MessageId, MunicipalitySlug, TargetSlug};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const CONTENT: &str = "deliveries.content";
const BODY: &str = "deliveries.body";
/// Of all files that go along within a body, bytes.
const SMALL_IN_ALL: i64 = 1 << 20;

/// Why a delivery was not enqueued, built or found.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryFault {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Sealing or opening.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// Something stored cannot be read.
    #[error("stored content cannot be read")]
    Unreadable,
    /// The case was never handed over, so nothing can follow.
    #[error("the case has no submission to follow up")]
    NoSubmission,
    /// The receipt is not there yet.
    #[error("the receipt is not there yet")]
    NoReceipt,
    /// A signature on it cannot be proved: a person must look.
    #[error(transparent)]
    Signature(SignatureFault),
    /// A file that goes along cannot be read.
    #[error("a file cannot be read: {0}")]
    File(BlobError),
}

impl From<diesel::result::Error> for DeliveryFault {
    fn from(e: diesel::result::Error) -> Self {
        DeliveryFault::Db(e.into())
    }
}

impl From<SignatureFault> for DeliveryFault {
    fn from(e: SignatureFault) -> Self {
        match e {
            SignatureFault::Db(e) => DeliveryFault::Db(e),
            other => DeliveryFault::Signature(other),
        }
    }
}

/// What goes along as files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attached {
    /// Ids of `case_documents`.
    pub files: Vec<FileId>,
    /// The case's receipt too; the delivery waits until [`release`] says that it is there.
    pub receipt: bool,
}

/// Something to deliver. The body comes without documents; they are put in when it is built.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// To whom.
    pub target: TargetSlug,
    /// `documents` empty; `case.external_case_id` is put in for follow-ups.
    pub body: Delivery,
    /// Files.
    pub attached: Attached,
}

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    body: Delivery,
    attached: Attached,
}

/// Enqueues in the caller's transaction.
pub fn enqueue(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    new: NewDelivery,
    now: At,
) -> Result<(), DeliveryFault> {
    let NewDelivery { target, body, attached } = new;
    let row = store::NewRow {
        id: body.delivery_id.clone(),
        municipality,
        case_id: body.case.id.clone(),
        target,
        kind: body.kind,
        waits: attached.receipt,
        received_at: body.received_at,
        content: keys
            .seal(CONTENT, &serde_json::to_vec(&Content { body, attached }).map_err(|_| DeliveryFault::Unreadable)?)?,
    };
    Ok(store::insert(conn, &row, now)?)
}

/// The receipt of a case is there: what waited for it may go.
pub fn release(conn: &mut Conn, case: &CaseId, now: At) -> Result<(), DbError> {
    store::release(conn, case, now)
}

/// What the resident does later in a case.
#[derive(Clone, Debug)]
pub struct FollowUp<'a> {
    /// Message, supplement, withdrawal, …
    pub kind: DeliveryKind,
    /// The portal's id of it.
    pub message_id: &'a MessageId,
    /// What she wrote.
    pub text: &'a str,
    /// The message or request that it answers.
    pub in_reply_to: Option<String>,
    /// Ids of `case_documents`.
    pub files: Vec<FileId>,
    /// Who did it, when the case is somebody's that she acts for: not always who sent the case in.
    pub by: Option<Party>,
    /// What it answers, when that is more than a message.
    pub answers: Answers,
}

/// What a follow-up answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Answers {
    /// Nothing in particular.
    #[default]
    Nothing,
    /// A request for more, thing by thing.
    Supplement(SupplementAnswer),
    /// A hearing, by the receiver's id.
    Hearing(String),
    /// A decision, by the receiver's id.
    Decision(String),
}

/// Enqueues a follow-up with the parties and routing of the case's submission. It goes when that is registered, and is
/// received now, whenever that is.
pub fn follow_up(
    conn: &mut Conn,
    keys: &Keys,
    case: &Case,
    what: FollowUp<'_>,
    now: At,
) -> Result<DeliveryId, DeliveryFault> {
    let sealed = store::submission_content(conn, &case.id)?.ok_or(DeliveryFault::NoSubmission)?;
    let Content { mut body, .. } = opened(keys, &sealed)?;
    let id = DeliveryId::fresh();
    body.delivery_id = id.clone();
    body.kind = what.kind;
    body.received_at = now;
    body.received_date = now.day().to_string();
    body.answers.clear();
    body.values.clear();
    body.locations.clear();
    match what.answers {
        Answers::Nothing => {}
        Answers::Supplement(answer) => body.supplement = Some(answer),
        Answers::Hearing(id) => body.hearing_id = Some(id),
        Answers::Decision(id) => body.decision_id = Some(id),
    }
    if let Some(by) = what.by {
        put_representative(&mut body.parties, by);
    }
    body.message = Some(DeliveredMessage {
        message_id: what.message_id.to_string(),
        text: what.text.to_owned(),
        in_reply_to: what.in_reply_to,
    });
    let attached = Attached { files: what.files, receipt: false };
    let (kind, about) = (body.kind, what_it_answers(&body));
    enqueue(conn, keys, &case.municipality, NewDelivery { target: case.target.clone(), body, attached }, now)?;
    feed::note_delivery(conn, case, kind, &id, about.as_deref(), now)?;
    Ok(id)
}

fn what_it_answers(body: &Delivery) -> Option<String> {
    let supplement = body.supplement.as_ref().and_then(|s| s.supplement_id.clone());
    let reply = || body.message.as_ref().and_then(|m| m.in_reply_to.clone());
    supplement.or_else(|| body.hearing_id.clone()).or_else(|| body.decision_id.clone()).or_else(reply)
}

/// In the place of the one before. What was found about her protection stays with the same person; of another nobody has
/// looked yet.
fn put_representative(parties: &mut Vec<Party>, by: Party) {
    match parties.iter_mut().find(|p| p.role == by.role) {
        Some(before) if before.identifier == by.identifier => {
            (before.authentication, before.mandate) = (by.authentication, by.mandate);
        }
        Some(before) => *before = Party { protection_unchecked: true, ..by },
        None => parties.push(Party { protection_unchecked: true, ..by }),
    }
}

fn opened(keys: &Keys, sealed: &[u8]) -> Result<Content, DeliveryFault> {
    serde_json::from_slice(&keys.open(CONTENT, sealed)?).map_err(|_| DeliveryFault::Unreadable)
}

/// The body to send: the stored one, or built now and stored. `address` is the portal's for this municipality.
pub(in crate::portal) fn sealed_body(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    id: &DeliveryId,
    address: &str,
) -> Result<Vec<u8>, DeliveryFault> {
    sealed_body_with(conn, keys, municipality, id, address, &SmallFiles::new())
}

/// As [`sealed_body`], with files that go along within it.
pub(super) fn sealed_body_with(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    id: &DeliveryId,
    address: &str,
    inline: &SmallFiles,
) -> Result<Vec<u8>, DeliveryFault> {
    let (content, body) = store::content_and_body(conn, id)?;
    if let Some(sealed) = body {
        return Ok(keys.open(BODY, &sealed)?);
    }
    let Content { mut body, attached } = opened(keys, &content)?;
    let case = cases::find(conn, municipality, &body.case.id)?.ok_or(DeliveryFault::Unreadable)?;
    let documents = cases::documents(conn, &case.id)?;
    let wanted =
        |d: &&CaseDocument| (attached.receipt && d.kind == DocumentKind::Receipt) || attached.files.contains(&d.id);
    let along = |d: &CaseDocument| Document { content: inline.get(&d.id).cloned(), ..named(d, id, address) };
    body.documents = documents.iter().filter(wanted).map(along).collect();
    if attached.receipt && !documents.iter().any(|d| d.kind == DocumentKind::Receipt) {
        return Err(DeliveryFault::NoReceipt);
    }
    if body.kind != DeliveryKind::Submission {
        body.case.external_case_id = case.external_case_id;
    } else {
        let receipt = documents.iter().find(|d| d.kind == DocumentKind::Receipt).map(|d| d.id.to_string());
        let signed = signatures::verified(conn, keys, &case.submission_id)?;
        body.signatures = signed.into_iter().map(|v| signature(v, receipt.clone())).collect();
        body.missing_signatures = signatures::missing(conn, keys, &case.id)?;
    }
    let bytes = serde_json::to_vec(&body).map_err(|_| DeliveryFault::Unreadable)?;
    if store::keep_body(conn, id, &keys.seal(BODY, &bytes)?, &sha256_hex(&bytes))? {
        return Ok(bytes);
    }
    // Somebody else built it meanwhile: theirs is the one that is sent.
    let (_, body) = store::content_and_body(conn, id)?;
    Ok(keys.open(BODY, &body.ok_or(DeliveryFault::Unreadable)?)?)
}

/// Files in base64, by their ids.
pub(super) type SmallFiles = BTreeMap<FileId, String>;

/// The files of a delivery that is to be sealed, when they are small in all; else none, and they are fetched by reference.
pub(super) async fn small_files(keys: &Keys, around: &Around) -> Result<SmallFiles, DeliveryFault> {
    let (keys, id, case) = (keys.clone(), around.delivery.clone(), around.case.clone());
    let read = around.db.read(move |c| {
        let (content, body) = store::content_and_body(c, &id)?;
        if body.is_some() {
            return Ok(Vec::new());
        }
        let attached = opened(&keys, &content)?.attached;
        let mut all = cases::documents(c, &case)?;
        all.retain(|d| (attached.receipt && d.kind == DocumentKind::Receipt) || attached.files.contains(&d.id));
        Ok::<_, DeliveryFault>(all)
    });
    let documents = read.await?;
    let mut files = SmallFiles::new();
    if documents.iter().map(|d| d.size).sum::<i64>() > SMALL_IN_ALL {
        return Ok(files);
    }
    for document in &documents {
        let bytes = around.bytes(document).await.map_err(DeliveryFault::File)?;
        files.insert(document.id.clone(), STANDARD.encode(bytes));
    }
    Ok(files)
}

fn signature(v: Verified, document_id: Option<String>) -> Signature {
    Signature {
        by: v.person.identity().to_owned(),
        name: v.person.name,
        at: v.at,
        method: v.method,
        class: v.strength,
        document_id,
    }
}

fn named(d: &CaseDocument, id: &DeliveryId, address: &str) -> Document {
    let receipt = d.kind == DocumentKind::Receipt;
    Document {
        document_id: d.id.to_string(),
        kind: if receipt { "submission_pdf" } else { "attachment" }.to_owned(),
        file_name: d.file_name.clone(),
        media_type: d.media_type.clone(),
        size: u64::try_from(d.size).unwrap_or_default(),
        sha256: d.sha256.clone(),
        scan: if receipt { "clean" } else { "unscanned" }.to_owned(),
        href: format!("{address}/integration/v1/deliveries/{id}/documents/{}/content", d.id),
        content: None,
    }
}

/// The body and the documents that a delivery names, for its target: the body as sent, when it was built.
pub(crate) fn body_of(
    conn: &mut Conn,
    keys: &Keys,
    id: &DeliveryId,
) -> Result<(Option<Vec<u8>>, Attached), DeliveryFault> {
    let (content, body) = store::content_and_body(conn, id)?;
    let body = body.map(|sealed| keys.open(BODY, &sealed)).transpose()?;
    Ok((body, opened(keys, &content)?.attached))
}
