//! What the resident's own side does with a case: opening it, reading it, writing in it, taking it back.

use super::model::*;
use super::request_store::{AnswerFile, Request, RequestKind};
use super::{asked, document_store, inbound_store, request_store, status, store};
use crate::contract::DeliveryKind;
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
    document_store::documents(conn, case)
}

/// One document that she may fetch.
pub fn visible_document(conn: &mut Conn, case: &CaseId, id: &FileId) -> Result<Option<CaseDocument>, DbError> {
    Ok(document_store::documents(conn, case)?.into_iter().find(|d| d.visible && d.id == *id))
}

/// Adds a document; false when the case has its receipt, or one with this upload key, already.
pub fn add_document(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    document: &NewDocument,
    now: At,
) -> Result<bool, DbError> {
    document_store::add_document(conn, municipality, case, document, now)
}

/// Puts the receipt of a case in the place of an earlier one; the key of that one's file, which nobody names any more.
pub fn put_receipt(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    document: &NewDocument,
    now: At,
) -> Result<Option<String>, DbError> {
    let replaced = document_store::remove_receipt(conn, case)?;
    document_store::add_document(conn, municipality, case, document, now)?;
    Ok(replaced)
}

/// The document that an upload with this key made.
pub fn document_by_upload_key(conn: &mut Conn, case: &CaseId, key: &str) -> Result<Option<CaseDocument>, DbError> {
    document_store::document_by_upload_key(conn, case, key)
}

/// She has looked at the case and its messages.
pub fn mark_seen(conn: &mut Conn, case: &CaseId, now: At) -> Result<(), DbError> {
    store::mark_seen(conn, case, now)
}

/// What she is asked for, the newest first.
pub fn requests(conn: &mut Conn, case: &CaseId) -> Result<Vec<Request>, DbError> {
    request_store::of_case(conn, case)
}

/// The decision that holds, where one has been taken.
pub fn standing_decision(decisions: &[Decision]) -> Option<&Decision> {
    status::standing_decision(decisions)
}

/// Something that the resident writes in her case.
#[derive(Clone, Copy, Debug)]
pub struct FromResident<'a> {
    /// Made with the form, so that a form sent twice is one message.
    pub id: &'a MessageId,
    /// A message, or what it is besides.
    pub kind: DeliveryKind,
    /// What she wrote.
    pub text: &'a str,
    /// The form whose files go along.
    pub files: Option<&'a MessageId>,
    /// The request, decision or message that it answers, by the receiver's id.
    pub about: Option<&'a str>,
    /// Of an answer: the event that asked, as she saw it.
    pub opening: Option<&'a str>,
    /// The thread.
    pub conversation: Option<&'a str>,
}

/// What came of something that the resident wrote.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// It is in the case, with these files.
    Now(Vec<AnswerFile>),
    /// It was there already: its form was sent twice.
    Before,
    /// The case is over and takes none.
    Over,
}

/// Writes something of hers into the case, with the files of its form. Only after [`Written::Now`] the caller hands it to
/// the receiver, with [`follow_up`](crate::portal::delivery::follow_up). An appeal is taken also when the case is over.
pub fn write_from_resident(conn: &mut Conn, case: &Case, what: FromResident<'_>, now: At) -> Result<Written, DbError> {
    let is_appeal = what.kind == DeliveryKind::Appeal;
    let locked = store::lock(conn, &case.municipality, None, &case.id)?;
    let Some(case) = locked.filter(|case| is_appeal || case.takes_messages()) else { return Ok(Written::Over) };
    let files = match what.files {
        Some(form) => request_store::files(conn, &case.id, form)?,
        None => Vec::new(),
    };
    let message = store::NewMessage {
        direction: Direction::FromResident,
        external_id: what.id.as_str(),
        author: "",
        text: what.text,
        at: now,
        allow_reply: false,
        documents: files.iter().map(|f| f.id.clone()).collect(),
        kind: what.kind,
        about: what.about,
        opening: what.opening,
        conversation: what.conversation,
        day_only: false,
    };
    if !store::add_message(conn, &case.municipality, &case.id, what.id.clone(), message)? {
        return Ok(Written::Before);
    }
    for file in &files {
        document_store::add_document(conn, &case.municipality, &case.id, &document_of(file), now)?;
    }
    if let Some(form) = what.files {
        request_store::take_files(conn, &case.id, form)?;
    }
    let (kind, asked) = match what.kind {
        DeliveryKind::Supplement => (EventKind::OwnSupplement, Some(RequestKind::Supplement)),
        DeliveryKind::HearingReply => (EventKind::OwnHearingReply, Some(RequestKind::Hearing)),
        DeliveryKind::DecisionRequest => (EventKind::OwnDecisionRequest, None),
        DeliveryKind::Appeal => (EventKind::OwnAppeal, None),
        DeliveryKind::Submission | DeliveryKind::Message | DeliveryKind::Withdrawal => (EventKind::OwnMessage, None),
    };
    add_own(conn, &case, kind, what.id.as_str(), now)?;
    match asked.zip(what.about) {
        Some((kind, id)) => asked::settle(conn, &case, kind, id, now)?,
        None => drop(status::project(conn, &case)?),
    }
    Ok(Written::Now(files))
}

fn document_of(file: &AnswerFile) -> NewDocument {
    NewDocument {
        id: file.id.clone(),
        kind: DocumentKind::Attachment,
        title: file.file_name.clone(),
        blob_key: file.blob_key.clone(),
        file_name: file.file_name.clone(),
        media_type: file.media_type.clone(),
        size: file.size,
        sha256: file.sha256.clone(),
        visible: true,
        upload_key: None,
    }
}

fn add_own(conn: &mut Conn, case: &Case, kind: EventKind, key: &str, now: At) -> Result<(), DbError> {
    let data = EventData::default();
    let event = store::NewEvent { kind, at: now, sequence: None, key, visible: true, data };
    store::add_event(conn, &case.municipality, &case.id, event, now)
}

/// She says that she has taken part of a decision, in the version that she was shown. False when she had said so before,
/// or there is no such version.
pub fn confirm_decision(conn: &mut Conn, case: &Case, decision: &str, version: i32, now: At) -> Result<bool, DbError> {
    let Some(case) = store::lock(conn, &case.municipality, None, &case.id)? else { return Ok(false) };
    if !store::confirm_decision(conn, &case.id, decision, version, now)? {
        return Ok(false);
    }
    add_own(conn, &case, EventKind::OwnConfirmation, &format!("confirmed:{version}:{decision}"), now)?;
    status::project(conn, &case)?;
    Ok(true)
}

/// Keeps a file of an answer that is not sent yet.
pub fn add_answer_file(conn: &mut Conn, file: &AnswerFile) -> Result<(), DbError> {
    request_store::add_file(conn, file)
}

/// Files of an answer that is not sent yet.
pub fn answer_files(conn: &mut Conn, case: &CaseId, form: &MessageId) -> Result<Vec<AnswerFile>, DbError> {
    request_store::files(conn, case, form)
}

/// Takes one of them away; the key of its blob.
pub fn remove_answer_file(
    conn: &mut Conn,
    case: &CaseId,
    form: &MessageId,
    id: &FileId,
) -> Result<Option<String>, DbError> {
    request_store::remove_file(conn, case, form, id)
}

/// Forgets files of answers that were not sent within a day; their blobs go with the other orphans.
pub fn forget_unsent_files(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    request_store::forget_files(conn, now.plus_days(-1))
}

/// She takes her case back. False: it is over or decided, or she has done so already.
/// The caller hands the withdrawal to the receiver with [`follow_up`](crate::portal::delivery::follow_up).
pub fn withdraw(conn: &mut Conn, case: &Case, now: At) -> Result<bool, DbError> {
    if !store::withdraw(conn, &case.id, now)? {
        return Ok(false);
    }
    add_own(conn, case, EventKind::Withdrawn, "withdrawn", now)?;
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
