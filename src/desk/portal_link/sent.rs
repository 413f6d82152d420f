//! All SQL of the files that go to residents.

use super::documents::next_serial;
use crate::db::schema::sent_files;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, ErrandId, FileId, MunicipalitySlug};
use diesel::prelude::*;

/// A file that a handler sends.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// For people; the file's name where nothing else is said.
    pub title: String,
    /// Safe name.
    pub file_name: String,
    /// By content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Hex.
    pub sha256: String,
    /// Its name in our store.
    pub blob_key: String,
}

/// A file that was sent, or is on its way.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sent_files)]
pub struct SentFile {
    /// Ours; the key of the upload.
    pub id: FileId,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// Of which errand.
    pub errand_id: ErrandId,
    /// `KS 2026/00001-2`.
    pub number: String,
    /// For people.
    pub title: String,
    /// Safe name.
    pub file_name: String,
    /// By content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Hex.
    pub sha256: String,
    /// Its name in our store.
    pub blob_key: String,
    /// What the portal calls it; none until it is there.
    pub portal_id: Option<String>,
    /// Who sent it.
    pub author: String,
    /// When.
    pub at: At,
    /// When it was taken back.
    pub withdrawn_at: Option<At>,
}

/// Notes files to be sent, numbered after what the errand has. An event that names them hands them in.
pub fn keep_files(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    errand: &ErrandId,
    diary_number: &str,
    files: &[NewFile],
    (author, at): (&str, At),
) -> Result<Vec<FileId>, DbError> {
    let mut kept = Vec::new();
    for (file, n) in files.iter().zip(next_serial(c, errand)?..) {
        let row = SentFile {
            id: FileId::fresh(),
            municipality: municipality.clone(),
            errand_id: errand.clone(),
            number: format!("{diary_number}-{n}"),
            title: file.title.clone(),
            file_name: file.file_name.clone(),
            media_type: file.media_type.clone(),
            size: file.size,
            sha256: file.sha256.clone(),
            blob_key: file.blob_key.clone(),
            portal_id: None,
            author: author.to_owned(),
            at,
            withdrawn_at: None,
        };
        diesel::insert_into(sent_files::table).values(&row).execute(c)?;
        kept.push(row.id);
    }
    Ok(kept)
}

/// The files sent in an errand, oldest first.
pub fn sent_of(c: &mut Conn, errand: &ErrandId) -> Result<Vec<SentFile>, DbError> {
    Ok(sent_files::table
        .filter(sent_files::errand_id.eq(errand))
        .order(sent_files::id)
        .select(SentFile::as_select())
        .load(c)?)
}

/// One of them.
pub fn sent_file(c: &mut Conn, errand: &ErrandId, id: &FileId) -> Result<Option<SentFile>, DbError> {
    Ok(sent_files::table
        .find(id)
        .filter(sent_files::errand_id.eq(errand))
        .select(SentFile::as_select())
        .first(c)
        .optional()?)
}

/// Taken back. False when it was already.
pub fn withdraw_file(c: &mut Conn, id: &FileId, now: At) -> Result<bool, DbError> {
    let there = sent_files::table.find(id).filter(sent_files::withdrawn_at.is_null());
    Ok(diesel::update(there).set(sent_files::withdrawn_at.eq(Some(now))).execute(c)? == 1)
}

/// The portal has it under this name.
pub(super) fn uploaded(c: &mut Conn, id: &FileId, portal_id: &str) -> Result<(), DbError> {
    diesel::update(sent_files::table.find(id)).set(sent_files::portal_id.eq(Some(portal_id))).execute(c)?;
    Ok(())
}

/// Those of `keys` that no file here is stored under.
pub(super) fn unnamed(c: &mut Conn, keys: &[String]) -> Result<Vec<String>, DbError> {
    use crate::db::schema::errand_documents;
    let mut known: Vec<String> =
        sent_files::table.filter(sent_files::blob_key.eq_any(keys)).select(sent_files::blob_key).load(c)?;
    let fetched: Vec<Option<String>> = errand_documents::table
        .filter(errand_documents::blob_key.eq_any(keys))
        .select(errand_documents::blob_key)
        .load(c)?;
    known.extend(fetched.into_iter().flatten());
    Ok(keys.iter().filter(|key| !known.contains(key)).cloned().collect())
}
