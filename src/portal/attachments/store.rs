//! All SQL of attachments.

use crate::db::schema::{answer_files, attachments, case_documents};
use crate::db::{Conn, DbError};
use crate::files::BlobKey;
use crate::forms::FileAnswer;
use crate::portal::cases::{self, DocumentKind, NewDocument};
use crate::vocabulary::{At, CaseId, DraftId, FileId, MunicipalitySlug, SubmissionId};
use diesel::prelude::*;

pub(super) fn insert(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    draft: &DraftId,
    field: &str,
    file: &FileAnswer,
    blob_key: &str,
    now: At,
) -> Result<(), DbError> {
    diesel::insert_into(attachments::table)
        .values((
            attachments::id.eq(&file.file_id),
            attachments::municipality.eq(municipality),
            attachments::draft_id.eq(draft),
            attachments::field.eq(field),
            attachments::blob_key.eq(blob_key),
            attachments::file_name.eq(&file.name),
            attachments::media_type.eq(&file.media_type),
            attachments::size.eq(i64::try_from(file.size).unwrap_or(i64::MAX)),
            attachments::sha256.eq(&file.sha256),
            attachments::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Bytes of all files of a draft.
pub(super) fn bytes_of_draft(conn: &mut Conn, draft: &DraftId) -> Result<u64, DbError> {
    let sizes: Vec<i64> =
        attachments::table.filter(attachments::draft_id.eq(draft)).select(attachments::size).load(conn)?;
    Ok(sizes.into_iter().map(i64::unsigned_abs).sum())
}

fn keys(texts: Vec<String>) -> Vec<BlobKey> {
    texts.into_iter().filter_map(|text| text.parse().ok()).collect()
}

/// Forgets one file that has not been sent in; the blobs to delete.
pub(super) fn forget(conn: &mut Conn, id: &FileId) -> Result<Vec<BlobKey>, DbError> {
    let unsent = attachments::table.find(id.as_str()).filter(attachments::submission_id.is_null());
    Ok(keys(diesel::delete(unsent).returning(attachments::blob_key).get_results(conn)?))
}

/// Forgets every file of a deleted draft; the blobs to delete after the commit.
pub fn forget_draft(conn: &mut Conn, draft: &DraftId) -> Result<Vec<BlobKey>, DbError> {
    let unsent =
        attachments::table.filter(attachments::draft_id.eq(draft)).filter(attachments::submission_id.is_null());
    Ok(keys(diesel::delete(unsent).returning(attachments::blob_key).get_results(conn)?))
}

/// What was sent in keeps its files for ever, and the case shows those that the frozen answers name.
pub fn freeze(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    draft: &DraftId,
    submission: &SubmissionId,
    case: &CaseId,
    files: &[FileAnswer],
    now: At,
) -> Result<(), DbError> {
    let named: Vec<&str> = files.iter().map(|f| f.file_id.as_str()).collect();
    let ours = attachments::table.filter(attachments::draft_id.eq(draft)).filter(attachments::id.eq_any(named));
    type Row = (FileId, String, String, String, i64, String);
    let rows: Vec<Row> = diesel::update(ours)
        .set(attachments::submission_id.eq(Some(submission)))
        .returning((
            attachments::id,
            attachments::blob_key,
            attachments::file_name,
            attachments::media_type,
            attachments::size,
            attachments::sha256,
        ))
        .get_results(conn)?;
    for (id, blob_key, file_name, media_type, size, sha256) in rows {
        let document = NewDocument {
            id,
            kind: DocumentKind::Attachment,
            title: file_name.clone(),
            blob_key,
            file_name,
            media_type,
            size,
            sha256,
            visible: true,
            upload_key: None,
        };
        cases::add_document(conn, municipality, case, &document, now)?;
    }
    Ok(())
}

/// Which of these keys some row names.
pub(super) fn known(conn: &mut Conn, asked: &[BlobKey]) -> Result<Vec<String>, DbError> {
    let texts: Vec<&str> = asked.iter().map(BlobKey::as_str).collect();
    let mut known: Vec<String> = attachments::table
        .filter(attachments::blob_key.eq_any(texts.clone()))
        .select(attachments::blob_key)
        .load(conn)?;
    known.extend(
        answer_files::table
            .filter(answer_files::blob_key.eq_any(texts.clone()))
            .select(answer_files::blob_key)
            .load::<String>(conn)?,
    );
    known.extend(
        case_documents::table
            .filter(case_documents::blob_key.eq_any(texts))
            .select(case_documents::blob_key)
            .load::<String>(conn)?,
    );
    Ok(known)
}
