//! What a resident is asked for, and the files of an answer under way: as it is kept, and all SQL of it.

use crate::contract::SupplementItem;
use crate::db::schema::{answer_files, case_requests};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, FileId, MessageId, MunicipalitySlug, RequestId};
use crate::word_enum;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

word_enum! {
    /// What the municipality asks of a resident.
    RequestKind {
        /// More for the case (komplettering).
        Supplement = "supplement",
        /// What she says of what a decision will rest on (kommunicering).
        Hearing = "hearing",
    }
}

word_enum! {
    /// Where a request stands.
    RequestState {
        /// She has the next move.
        Open = "open",
        /// She has answered; the receiver has not said whether that is enough.
        Submitted = "submitted",
        /// It is enough.
        Accepted = "accepted",
        /// The time is out.
        Expired = "expired",
        /// It is not needed after all.
        Cancelled = "cancelled",
    }
}

/// What a request says, as the event that asks last says it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestData {
    /// What is needed and why.
    pub text: String,
    /// Wanted things, one by one.
    #[serde(default)]
    pub items: Vec<SupplementItem>,
    /// What happens without an answer.
    #[serde(default)]
    pub consequence: Option<String>,
    /// Files to read.
    #[serde(default)]
    pub documents: Vec<FileId>,
    /// What was said when it was resolved, or asked for again.
    #[serde(default)]
    pub answer: Option<String>,
}

/// What the municipality asks of a resident.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::case_requests)]
pub struct Request {
    /// The portal's id.
    pub id: RequestId,
    /// Which case.
    pub case_id: CaseId,
    /// What is asked.
    pub kind: RequestKind,
    /// The receiver's id of it.
    pub request_id: String,
    /// Where it stands.
    pub state: RequestState,
    /// The event that asks at present.
    pub opening: String,
    /// The rest.
    pub data: Doc<RequestData>,
    /// When that was.
    pub asked_at: At,
    /// Until when.
    pub due_at: Option<At>,
}

impl Request {
    /// She may answer: also when the time is out.
    pub fn may_be_answered(&self) -> bool {
        matches!(self.state, RequestState::Open | RequestState::Expired)
    }
}

/// A file of an answer that is not sent yet.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::db::schema::answer_files)]
pub struct AnswerFile {
    /// Its id, also when it has become a document.
    pub id: FileId,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// Which case.
    pub case_id: CaseId,
    /// The form that it belongs to, by the id of the message to be.
    pub form: MessageId,
    /// The wanted thing, `""` for none in particular.
    pub field: String,
    /// Where its bytes are.
    pub blob_key: String,
    /// Safe name.
    pub file_name: String,
    /// By content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Lower-case hex.
    pub sha256: String,
    /// When it came.
    pub created_at: At,
}

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
