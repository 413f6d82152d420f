//! What the resident's own side does with a case: opening it, reading it, writing in it, taking it back.

use super::model::*;
use super::{apply, inbound_store, store};
use crate::db::{Conn, DbError};
use crate::settings::{KeyFault, random_bytes};
use crate::vocabulary::{At, CaseId, FileId, MessageId, MunicipalitySlug, PartyId, Reference, TargetSlug};

/// A case that was opened.
#[derive(Clone, Debug)]
pub struct OpenedCase {
    /// As given.
    pub id: CaseId,
    /// What the resident is given.
    pub reference: Reference,
}

/// Why a case was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The machine gives no random bytes.
    #[error(transparent)]
    Random(#[from] KeyFault),
    /// Every drawn reference was taken, which 35 bits make all but impossible.
    #[error("no free reference was drawn")]
    NoReference,
}

impl From<diesel::result::Error> for OpenFault {
    fn from(e: diesel::result::Error) -> Self {
        OpenFault::Db(e.into())
    }
}

/// Opens a case with a fresh reference and its first event, in the transaction of the submission.
pub fn open(conn: &mut Conn, new: &NewCase) -> Result<OpenedCase, OpenFault> {
    let year = new.received_at.in_sweden().year();
    for _ in 0..8 {
        match open_as(conn, new, &Reference::new(year, random_bytes()?)) {
            Err(OpenFault::NoReference) => {}
            opened => return opened,
        }
    }
    Err(OpenFault::NoReference)
}

/// A reference that no case has, for what is signed before its case is opened.
pub fn draw_reference(conn: &mut Conn, municipality: &MunicipalitySlug, now: At) -> Result<Reference, OpenFault> {
    for _ in 0..8 {
        let reference = Reference::new(now.in_sweden().year(), random_bytes()?);
        if store::find_by_reference(conn, municipality, &reference)?.is_none() {
            return Ok(reference);
        }
    }
    Err(OpenFault::NoReference)
}

/// As [`open`], with a reference that was drawn before; a fault when another case has taken it since.
pub fn open_as(conn: &mut Conn, new: &NewCase, reference: &Reference) -> Result<OpenedCase, OpenFault> {
    if !store::insert(conn, new, reference)? {
        return Err(OpenFault::NoReference);
    }
    let event = store::NewEvent {
        kind: EventKind::Received,
        at: new.received_at,
        sequence: None,
        key: "received",
        visible: true,
        data: EventData::default(),
    };
    store::add_event(conn, &new.municipality, &new.id, event, new.received_at)?;
    Ok(OpenedCase { id: new.id.clone(), reference: reference.clone() })
}

/// Her cases, newest first. `before`: the last one of the page before.
pub fn list_for(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    party: &PartyId,
    before: Option<(At, CaseId)>,
    limit: i64,
) -> Result<Vec<Case>, DbError> {
    store::list(conn, municipality, party, before, limit)
}

/// Her case; somebody else's is `None`, as one that does not exist.
pub fn find_for_owner(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    party: &PartyId,
    reference: &Reference,
) -> Result<Option<Case>, DbError> {
    Ok(store::find_by_reference(conn, municipality, reference)?.filter(|case| case.party_id.as_ref() == Some(party)))
}

/// By id, for machines and workers that have proved their right some other way.
pub fn find(conn: &mut Conn, municipality: &MunicipalitySlug, id: &CaseId) -> Result<Option<Case>, DbError> {
    store::find(conn, municipality, id)
}

/// By id, with its row held until the transaction ends.
pub fn find_locked(conn: &mut Conn, municipality: &MunicipalitySlug, id: &CaseId) -> Result<Option<Case>, DbError> {
    store::lock(conn, municipality, None, id)
}

/// The cases of a receiver that bear its own id, oldest first.
pub fn by_external_id(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    external: &str,
    offset: i64,
    limit: i64,
) -> Result<Vec<Case>, DbError> {
    store::by_external_id(conn, municipality, target, external, offset, limit)
}

/// What happened that she may see, newest first.
pub fn timeline(conn: &mut Conn, case: &CaseId) -> Result<Vec<TimelineEvent>, DbError> {
    store::timeline(conn, case)
}

/// Messages either way, oldest first.
pub fn messages(conn: &mut Conn, case: &CaseId) -> Result<Vec<Message>, DbError> {
    store::messages(conn, case)
}

/// The newest messages over all her cases, each with the case's reference and title.
pub fn messages_for(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    party: &PartyId,
    limit: i64,
) -> Result<Vec<(Message, Reference, String)>, DbError> {
    store::messages_for(conn, municipality, party, limit)
}

/// Each decision in its highest version, newest first.
pub fn decisions(conn: &mut Conn, case: &CaseId) -> Result<Vec<Decision>, DbError> {
    store::decisions(conn, case)
}

/// Every document, also those that she does not see; oldest first.
pub fn documents(conn: &mut Conn, case: &CaseId) -> Result<Vec<CaseDocument>, DbError> {
    store::documents(conn, case)
}

/// One document that she may fetch.
pub fn visible_document(conn: &mut Conn, case: &CaseId, id: &FileId) -> Result<Option<CaseDocument>, DbError> {
    Ok(store::documents(conn, case)?.into_iter().find(|d| d.visible && d.id == *id))
}

/// Adds a document; false when the case has its receipt, or one with this upload key, already.
pub fn add_document(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    document: &NewDocument,
    now: At,
) -> Result<bool, DbError> {
    store::add_document(conn, municipality, case, document, now)
}

/// Puts the receipt of a case in the place of an earlier one; the key of that one's file, which nobody names any more.
pub fn put_receipt(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    document: &NewDocument,
    now: At,
) -> Result<Option<String>, DbError> {
    let replaced = store::remove_receipt(conn, case)?;
    store::add_document(conn, municipality, case, document, now)?;
    Ok(replaced)
}

/// The document that an upload with this key made.
pub fn document_by_upload_key(conn: &mut Conn, case: &CaseId, key: &str) -> Result<Option<CaseDocument>, DbError> {
    store::document_by_upload_key(conn, case, key)
}

/// She has looked at the case and its messages.
pub fn mark_seen(conn: &mut Conn, case: &CaseId, now: At) -> Result<(), DbError> {
    store::mark_seen(conn, case, now)
}

/// What came of a message from the resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is in the case.
    Now,
    /// It was there already: its form was sent twice.
    Before,
    /// The case is over and takes none.
    Over,
}

/// Writes a message from her, with files that were added before. `id` was made with its form, so that a form sent twice
/// is one message. Only after [`Written::Now`] the caller hands it to the receiver, with
/// [`follow_up`](crate::portal::delivery::follow_up).
pub fn add_message_from_resident(
    conn: &mut Conn,
    case: &Case,
    id: &MessageId,
    text: &str,
    documents: Vec<FileId>,
    now: At,
) -> Result<Written, DbError> {
    let Some(case) = store::lock(conn, &case.municipality, None, &case.id)?.filter(Case::takes_messages) else {
        return Ok(Written::Over);
    };
    let message = store::NewMessage {
        direction: Direction::FromResident,
        external_id: id.as_str(),
        author: "",
        text,
        at: now,
        allow_reply: false,
        documents,
    };
    if !store::add_message(conn, &case.municipality, &case.id, id.clone(), message)? {
        return Ok(Written::Before);
    }
    let event = store::NewEvent {
        kind: EventKind::OwnMessage,
        at: now,
        sequence: None,
        key: id.as_str(),
        visible: true,
        data: EventData::default(),
    };
    store::add_event(conn, &case.municipality, &case.id, event, now)?;
    apply::project(conn, &case)?;
    Ok(Written::Now)
}

/// She takes her case back. False: it is over or decided, or she has done so already.
/// The caller hands the withdrawal to the receiver with [`follow_up`](crate::portal::delivery::follow_up).
pub fn withdraw(conn: &mut Conn, case: &Case, now: At) -> Result<bool, DbError> {
    if !store::withdraw(conn, &case.id, now)? {
        return Ok(false);
    }
    let event = store::NewEvent {
        kind: EventKind::Withdrawn,
        at: now,
        sequence: None,
        key: "withdrawn",
        visible: true,
        data: EventData::default(),
    };
    store::add_event(conn, &case.municipality, &case.id, event, now)?;
    Ok(true)
}

/// The highest counter that the receiver has sent for the case.
pub fn last_sequence(conn: &mut Conn, case: &CaseId) -> Result<Option<i64>, DbError> {
    inbound_store::last_sequence(conn, case)
}

/// Events that staff should look at: of these fates, oldest first.
pub fn events_of_fate(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    fates: &[Fate],
    limit: i64,
) -> Result<Vec<InboundEvent>, DbError> {
    inbound_store::by_fate(conn, Some(municipality), fates, limit)
}

/// The browser has a new token after log-in: what it owned without log-in follows.
pub fn follow_browser(conn: &mut Conn, old: &str, new: &str) -> Result<(), DbError> {
    store::follow_browser(conn, old, new)
}
