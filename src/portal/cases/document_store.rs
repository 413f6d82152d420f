//! All SQL of a case's documents.

use super::model::*;
use crate::db::schema::case_documents;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, FileId, MunicipalitySlug};
use diesel::prelude::*;

/// False when a document with this upload key, or a receipt, is there already.
pub(super) fn add_document(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    doc: &NewDocument,
    now: At,
) -> Result<bool, DbError> {
    use case_documents as d;
    let n = diesel::insert_into(d::table)
        .values((
            d::id.eq(&doc.id),
            d::municipality.eq(municipality),
            d::case_id.eq(case),
            d::kind.eq(doc.kind),
            d::title.eq(&doc.title),
            d::blob_key.eq(&doc.blob_key),
            d::file_name.eq(&doc.file_name),
            d::media_type.eq(&doc.media_type),
            d::size.eq(doc.size),
            d::sha256.eq(&doc.sha256),
            d::visible.eq(doc.visible),
            d::upload_key.eq(&doc.upload_key),
            d::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(n == 1)
}

/// Takes the receipt out; the key of its file.
pub(super) fn remove_receipt(conn: &mut Conn, case: &CaseId) -> Result<Option<String>, DbError> {
    use case_documents as d;
    let receipt = d::table.filter(d::case_id.eq(case)).filter(d::kind.eq(DocumentKind::Receipt));
    Ok(diesel::delete(receipt).returning(d::blob_key).get_result(conn).optional()?)
}

/// Every document of a case, oldest first.
pub(super) fn documents(conn: &mut Conn, case: &CaseId) -> Result<Vec<CaseDocument>, DbError> {
    use case_documents as d;
    Ok(d::table
        .filter(d::case_id.eq(case))
        .order((d::created_at, d::id))
        .select(CaseDocument::as_select())
        .load(conn)?)
}

pub(super) fn document_by_upload_key(
    conn: &mut Conn,
    case: &CaseId,
    key: &str,
) -> Result<Option<CaseDocument>, DbError> {
    use case_documents as d;
    Ok(d::table
        .filter(d::case_id.eq(case))
        .filter(d::upload_key.eq(key))
        .select(CaseDocument::as_select())
        .first(conn)
        .optional()?)
}

/// Shows a document to the resident or hides it; a title replaces the old one.
pub(super) fn show_document(
    conn: &mut Conn,
    case: &CaseId,
    id: &FileId,
    visible: bool,
    title: Option<&str>,
) -> Result<(), DbError> {
    use case_documents as d;
    let row = d::table.filter(d::case_id.eq(case)).filter(d::id.eq(id));
    diesel::update(row).set(d::visible.eq(visible)).execute(conn)?;
    if let Some(title) = title {
        diesel::update(row).set(d::title.eq(title)).execute(conn)?;
    }
    Ok(())
}
