//! All SQL of the files that deliveries name.

use crate::contract;
use crate::db::schema::errand_documents;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, DeliveryId, ErrandId, FileId, MunicipalitySlug};
use crate::{insert_all, word_enum};
use diesel::prelude::*;
use std::collections::BTreeMap;

word_enum! {
    /// Where a file is.
    DocumentState {
        /// To be fetched.
        Waiting = "waiting",
        /// Here, whole and checked.
        Stored = "stored",
        /// The portal does not have it, or has another than it said.
        Refused = "refused",
    }
}

/// A file of an errand.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = errand_documents)]
pub struct Document {
    /// Ours.
    pub id: FileId,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// Of which errand.
    pub errand_id: ErrandId,
    /// The delivery that named it.
    pub delivery_id: DeliveryId,
    /// `KS 2026/00001-1`.
    pub number: String,
    /// `submission_pdf` or `attachment`.
    pub kind: String,
    /// Safe name.
    pub file_name: String,
    /// By content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Hex.
    pub sha256: String,
    /// `clean`, `unscanned` or `infected`.
    pub scan: String,
    /// Where the portal has it.
    pub href: String,
    /// Where it is now.
    pub state: DocumentState,
    /// Its name in our store.
    pub blob_key: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it is not here.
    pub last_error: Option<String>,
    /// Which wanted thing it answers.
    pub item_id: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = errand_documents, treat_none_as_default_value = false)]
struct NewDocument<'a> {
    id: FileId,
    municipality: &'a MunicipalitySlug,
    errand_id: &'a ErrandId,
    delivery_id: &'a DeliveryId,
    document_id: &'a str,
    number: String,
    kind: &'a str,
    file_name: &'a str,
    media_type: &'a str,
    size: i64,
    sha256: &'a str,
    scan: &'a str,
    href: &'a str,
    state: DocumentState,
    attempts: i32,
    next_at: At,
    item_id: Option<&'a str>,
}

/// Notes the files of a delivery, to be fetched from now on. They are numbered after what the errand has; the numbers by
/// the portal's ids.
pub fn note_documents(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    errand: &ErrandId,
    diary_number: &str,
    delivery: &contract::Delivery,
    now: At,
) -> Result<BTreeMap<String, String>, DbError> {
    let answers = delivery.supplement.as_ref().map(|s| s.items.as_slice()).unwrap_or_default();
    let item_of =
        |id: &str| answers.iter().find(|a| a.document_ids.iter().any(|d| d == id)).map(|a| a.item_id.as_str());
    let rows: Vec<NewDocument<'_>> = delivery
        .documents
        .iter()
        .zip(next_serial(c, errand)?..)
        .map(|(d, n)| NewDocument {
            id: FileId::fresh(),
            municipality,
            errand_id: errand,
            delivery_id: &delivery.delivery_id,
            document_id: &d.document_id,
            number: format!("{diary_number}-{n}"),
            kind: &d.kind,
            file_name: &d.file_name,
            media_type: &d.media_type,
            size: i64::try_from(d.size).unwrap_or(i64::MAX),
            sha256: &d.sha256,
            scan: &d.scan,
            href: &d.href,
            state: DocumentState::Waiting,
            attempts: 0,
            next_at: now,
            item_id: item_of(&d.document_id),
        })
        .collect();
    let numbers = rows.iter().map(|row| (row.document_id.to_owned(), row.number.clone())).collect();
    insert_all!(c, errand_documents::table, rows)?;
    Ok(numbers)
}

/// The next number within an errand: files that came and files that were sent are in one series.
pub(super) fn next_serial(c: &mut Conn, errand: &ErrandId) -> Result<i64, DbError> {
    use crate::db::schema::sent_files;
    let came: i64 = errand_documents::table.filter(errand_documents::errand_id.eq(errand)).count().get_result(c)?;
    let sent: i64 = sent_files::table.filter(sent_files::errand_id.eq(errand)).count().get_result(c)?;
    Ok(came + sent + 1)
}

/// The files of an errand, in the order they came.
pub fn of_errand(c: &mut Conn, errand: &ErrandId) -> Result<Vec<Document>, DbError> {
    Ok(errand_documents::table
        .filter(errand_documents::errand_id.eq(errand))
        .order(errand_documents::id)
        .select(Document::as_select())
        .load(c)?)
}

/// One file of an errand.
pub fn find(c: &mut Conn, errand: &ErrandId, id: &FileId) -> Result<Option<Document>, DbError> {
    Ok(errand_documents::table
        .find(id)
        .filter(errand_documents::errand_id.eq(errand))
        .select(Document::as_select())
        .first(c)
        .optional()?)
}

/// Takes up to `limit` files that are to be fetched, for as long as `until`.
pub(super) fn claim(c: &mut Conn, limit: i64, now: At, until: At) -> Result<Vec<Document>, DbError> {
    let free = || errand_documents::lease_until.is_null().or(errand_documents::lease_until.le(now).assume_not_null());
    let due: Vec<FileId> = errand_documents::table
        .filter(errand_documents::state.eq(DocumentState::Waiting))
        .filter(errand_documents::next_at.le(now))
        .filter(free())
        .order((errand_documents::next_at, errand_documents::id))
        .limit(limit)
        .select(errand_documents::id)
        .load(c)?;
    let mut claimed = Vec::new();
    for id in due {
        let still =
            errand_documents::table.find(&id).filter(errand_documents::state.eq(DocumentState::Waiting)).filter(free());
        let taken = diesel::update(still)
            .set((
                errand_documents::lease_until.eq(Some(until)),
                errand_documents::attempts.eq(errand_documents::attempts + 1),
            ))
            .execute(c)?;
        if taken == 1 {
            claimed.push(errand_documents::table.find(&id).select(Document::as_select()).first(c)?);
        }
    }
    Ok(claimed)
}

/// Moves a lease. False when it is not the one that the file has any more.
pub(super) fn renew(c: &mut Conn, id: &FileId, held: At, next: At) -> Result<bool, DbError> {
    let mine = errand_documents::table.find(id).filter(errand_documents::lease_until.eq(Some(held)));
    Ok(diesel::update(mine).set(errand_documents::lease_until.eq(Some(next))).execute(c)? == 1)
}

/// Ends a lease before what came of it is kept. False when somebody else has the file now: then nothing is kept.
pub(super) fn give_back(c: &mut Conn, id: &FileId, held: At) -> Result<bool, DbError> {
    let mine = errand_documents::table.find(id).filter(errand_documents::lease_until.eq(Some(held)));
    Ok(diesel::update(mine).set(errand_documents::lease_until.eq(None::<At>)).execute(c)? == 1)
}

pub(super) fn stored(c: &mut Conn, id: &FileId, blob_key: &str) -> Result<(), DbError> {
    diesel::update(errand_documents::table.find(id))
        .set((
            errand_documents::state.eq(DocumentState::Stored),
            errand_documents::blob_key.eq(Some(blob_key)),
            errand_documents::last_error.eq(None::<String>),
        ))
        .execute(c)?;
    Ok(())
}

pub(super) fn refused(c: &mut Conn, id: &FileId, why: &str) -> Result<(), DbError> {
    diesel::update(errand_documents::table.find(id))
        .set((errand_documents::state.eq(DocumentState::Refused), errand_documents::last_error.eq(Some(why))))
        .execute(c)?;
    Ok(())
}

pub(super) fn later(c: &mut Conn, id: &FileId, why: &str, due: At) -> Result<(), DbError> {
    diesel::update(errand_documents::table.find(id))
        .set((errand_documents::next_at.eq(due), errand_documents::last_error.eq(Some(why))))
        .execute(c)?;
    Ok(())
}
