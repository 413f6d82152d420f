//! All SQL of what a resident is asked for, and of the files of an answer under way.

use super::model::*;
use crate::db::schema::{answer_files, case_requests};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, FileId, MessageId, MunicipalitySlug, RequestId};
use diesel::prelude::*;

/// A request as it stands now.
pub(super) struct Standing {
    pub state: RequestState,
    pub opening: String,
    pub data: RequestData,
    pub asked_at: At,
    pub due_at: Option<At>,
}

pub(super) fn put(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    kind: RequestKind,
    request_id: &str,
    now: Standing,
) -> Result<(), DbError> {
    use case_requests as r;
    let Standing { state, opening, data, asked_at, due_at } = now;
    let changed = (
        r::state.eq(state),
        r::opening.eq(opening),
        r::data.eq(Doc(data)),
        r::asked_at.eq(asked_at),
        r::due_at.eq(due_at),
    );
    diesel::insert_into(r::table)
        .values((
            r::id.eq(RequestId::fresh()),
            r::municipality.eq(municipality),
            r::case_id.eq(case),
            r::kind.eq(kind),
            r::request_id.eq(request_id),
            changed.clone(),
        ))
        .on_conflict((r::case_id, r::kind, r::request_id))
        .do_update()
        .set(changed)
        .each()
        .execute(conn)?;
    Ok(())
}

/// Everything that she is asked for in a case, the newest first.
pub(super) fn of_case(conn: &mut Conn, case: &CaseId) -> Result<Vec<Request>, DbError> {
    use case_requests as r;
    let mut all: Vec<Request> =
        r::table.filter(r::case_id.eq(case)).select(Request::as_select()).order(r::request_id).load(conn)?;
    all.sort_by_key(|request| std::cmp::Reverse(request.asked_at));
    Ok(all)
}

pub(super) fn add_file(conn: &mut Conn, file: &AnswerFile) -> Result<(), DbError> {
    diesel::insert_into(answer_files::table).values(file).execute(conn)?;
    Ok(())
}

/// Files of an answer under way, in the order in which they came.
pub(super) fn files(conn: &mut Conn, case: &CaseId, form: &MessageId) -> Result<Vec<AnswerFile>, DbError> {
    use answer_files as f;
    Ok(f::table
        .filter(f::case_id.eq(case))
        .filter(f::form.eq(form))
        .order(f::id)
        .select(AnswerFile::as_select())
        .load(conn)?)
}

/// Takes one file out of an answer under way; the key of its blob.
pub(super) fn remove_file(
    conn: &mut Conn,
    case: &CaseId,
    form: &MessageId,
    id: &FileId,
) -> Result<Option<String>, DbError> {
    use answer_files as f;
    let row = f::table.filter(f::id.eq(id)).filter(f::case_id.eq(case)).filter(f::form.eq(form));
    Ok(diesel::delete(row).returning(f::blob_key).get_result(conn).optional()?)
}

/// They are documents of the case now.
pub(super) fn take_files(conn: &mut Conn, case: &CaseId, form: &MessageId) -> Result<(), DbError> {
    use answer_files as f;
    diesel::delete(f::table.filter(f::case_id.eq(case)).filter(f::form.eq(form))).execute(conn)?;
    Ok(())
}

/// Forgets files of answers that were never sent; how many. Their blobs are found by the sweep of orphans.
pub(super) fn forget_files(conn: &mut Conn, before: At) -> Result<usize, DbError> {
    use answer_files as f;
    Ok(diesel::delete(f::table.filter(f::created_at.lt(before))).execute(conn)?)
}
