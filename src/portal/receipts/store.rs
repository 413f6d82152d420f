//! All SQL of receipts.

use super::ReceiptCode;
use crate::db::schema::receipts;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, SubmissionId};
use diesel::prelude::*;

/// A receipt that was made.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = receipts)]
pub struct Receipt {
    /// As stored.
    pub code: String,
    /// Whose.
    pub case_id: CaseId,
    /// Of what.
    pub submission_id: SubmissionId,
    /// Nobody's signature was waited for.
    pub complete: bool,
    /// The seal.
    pub jws: String,
    /// Of the file as it was handed out.
    pub pdf_sha256: String,
    /// When.
    pub sealed_at: At,
}

/// A receipt to keep.
#[derive(Clone, Debug)]
pub struct NewReceipt {
    /// As printed.
    pub code: ReceiptCode,
    /// Of what.
    pub submission: SubmissionId,
    /// Nobody's signature is waited for.
    pub complete: bool,
    /// The seal.
    pub jws: String,
    /// Of the file.
    pub pdf_sha256: String,
}

/// Keeps it. False when the case has such a receipt already.
pub fn add(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    new: &NewReceipt,
    now: At,
) -> Result<bool, DbError> {
    let inserted = diesel::insert_into(receipts::table)
        .values((
            receipts::municipality.eq(municipality),
            receipts::code.eq(new.code.as_str()),
            receipts::case_id.eq(case),
            receipts::submission_id.eq(&new.submission),
            receipts::complete.eq(new.complete),
            receipts::jws.eq(&new.jws),
            receipts::pdf_sha256.eq(&new.pdf_sha256),
            receipts::sealed_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(inserted == 1)
}

/// The receipts of a case, the newest first.
pub fn of_case(conn: &mut Conn, case: &CaseId) -> Result<Vec<Receipt>, DbError> {
    Ok(receipts::table
        .filter(receipts::case_id.eq(case))
        .order(receipts::sealed_at.desc())
        .select(Receipt::as_select())
        .load(conn)?)
}

/// The one with this code in this municipality.
pub(super) fn by_code(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    code: &ReceiptCode,
) -> Result<Option<Receipt>, DbError> {
    Ok(receipts::table.find((municipality, code.as_str())).select(Receipt::as_select()).first(conn).optional()?)
}
