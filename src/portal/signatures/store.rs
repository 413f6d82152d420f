//! All SQL of signatures and signers.

use super::SignerState;
use crate::contract::SignatureStrength;
use crate::db::schema::{signatures, signers, submissions};
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, PartyId, SignatureId, SignerId, SubmissionId};
use diesel::prelude::*;

/// A signature as it is kept.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = signatures)]
pub(super) struct Row {
    pub id: SignatureId,
    pub municipality: MunicipalitySlug,
    pub submission_id: SubmissionId,
    pub case_id: CaseId,
    pub party_id: PartyId,
    pub signer_id: Option<SignerId>,
    pub class: SignatureStrength,
    pub evidence_sha256: String,
    pub evidence_sealed: Vec<u8>,
    pub signed_at: At,
    pub received_at: At,
}

/// False when this person has signed this already.
pub(super) fn insert(conn: &mut Conn, row: &Row) -> Result<bool, DbError> {
    let inserted = diesel::insert_into(signatures::table).values(row).on_conflict_do_nothing().each().execute(conn)?;
    Ok(inserted == 1)
}

pub(super) fn of_submission(conn: &mut Conn, submission: &SubmissionId) -> Result<Vec<Row>, DbError> {
    Ok(signatures::table.filter(signatures::submission_id.eq(submission)).select(Row::as_select()).load(conn)?)
}

/// The hash of a submission, and the sealed text that it is of where it was to be signed.
type SignedContent = (String, Option<Vec<u8>>);

/// What a submission's signatures stand for.
pub(super) fn signed_content(conn: &mut Conn, submission: &SubmissionId) -> Result<Option<SignedContent>, DbError> {
    Ok(submissions::table
        .find(submission)
        .select((submissions::sha256, submissions::content_sealed))
        .first(conn)
        .optional()?)
}

/// Somebody asked, as it is kept.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = signers)]
pub(super) struct SignerRow {
    pub id: SignerId,
    pub municipality: MunicipalitySlug,
    pub submission_id: SubmissionId,
    pub case_id: CaseId,
    pub number_lookup: Option<String>,
    pub person_sealed: Option<Vec<u8>>,
    pub email: Option<String>,
    pub language: String,
    pub state: SignerState,
    pub answer_by: At,
    pub answered_at: Option<At>,
    pub created_at: At,
}

pub(super) fn insert_signer(conn: &mut Conn, row: &SignerRow) -> Result<(), DbError> {
    diesel::insert_into(signers::table).values(row).execute(conn)?;
    Ok(())
}

pub(super) fn signers_of(conn: &mut Conn, case: &CaseId) -> Result<Vec<SignerRow>, DbError> {
    Ok(signers::table.filter(signers::case_id.eq(case)).order(signers::id).select(SignerRow::as_select()).load(conn)?)
}

pub(super) fn find_signer(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    id: &SignerId,
) -> Result<Option<SignerRow>, DbError> {
    Ok(signers::table
        .find(id)
        .filter(signers::municipality.eq(municipality))
        .select(SignerRow::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn waiting_for(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    lookup: &str,
) -> Result<Vec<SignerRow>, DbError> {
    Ok(signers::table
        .filter(signers::municipality.eq(municipality))
        .filter(signers::number_lookup.eq(lookup))
        .filter(signers::state.eq(SignerState::Waiting))
        .order(signers::id)
        .limit(50)
        .select(SignerRow::as_select())
        .load(conn)?)
}

pub(super) fn answer(conn: &mut Conn, id: &SignerId, state: SignerState, now: At) -> Result<bool, DbError> {
    let waiting = signers::table.find(id).filter(signers::state.eq(SignerState::Waiting));
    Ok(diesel::update(waiting).set((signers::state.eq(state), signers::answered_at.eq(Some(now)))).execute(conn)? == 1)
}

pub(super) fn withdraw(conn: &mut Conn, case: &CaseId, now: At) -> Result<bool, DbError> {
    let waiting = signers::table.filter(signers::case_id.eq(case)).filter(signers::state.eq(SignerState::Waiting));
    let set = (signers::state.eq(SignerState::Withdrawn), signers::answered_at.eq(Some(now)));
    Ok(diesel::update(waiting).set(set).execute(conn)? > 0)
}

pub(super) fn overdue(
    conn: &mut Conn,
    now: At,
    limit: i64,
) -> Result<Vec<(MunicipalitySlug, SignerId, CaseId)>, DbError> {
    Ok(signers::table
        .filter(signers::state.eq(SignerState::Waiting))
        .filter(signers::answer_by.le(now))
        .order(signers::answer_by)
        .limit(limit)
        .select((signers::municipality, signers::id, signers::case_id))
        .load(conn)?)
}
