//! What a resident has been asked.

use crate::contract::SupplementItem;
use crate::db::schema::errand_requests;
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, ErrandId, FileId, MunicipalitySlug};
use crate::word_enum;
use diesel::prelude::*;

word_enum! {
    /// What she has been asked for.
    RequestKind {
        /// To send more (komplettering, förvaltningslagen 20 §).
        Supplement = "supplement",
        /// To answer before a decision (kommunicering, 25 §).
        Hearing = "hearing",
    }
}

word_enum! {
    /// Where it stands.
    RequestState {
        /// She has the next move.
        Open = "open",
        /// She has answered; nobody has said yet whether it is enough.
        Answered = "answered",
        /// It is enough.
        Accepted = "accepted",
        /// The time ran out.
        Expired = "expired",
        /// It is not needed after all.
        Cancelled = "cancelled",
    }
}

/// A request.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = errand_requests)]
pub struct Request {
    /// Where.
    pub errand_id: ErrandId,
    /// Given with the form: the same form sent twice is one request.
    pub id: String,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// What she has been asked for.
    pub kind: RequestKind,
    /// From 1.
    pub version: i32,
    /// In words for the resident.
    pub text: String,
    /// What is wanted, one by one.
    pub items: Doc<Vec<SupplementItem>>,
    /// What she is to read before she answers.
    pub files: Doc<Vec<FileId>>,
    /// Until when, `YYYY-MM-DD`.
    pub due_on: Option<String>,
    /// What happens without an answer.
    pub consequence: String,
    /// Where it stands.
    pub state: RequestState,
    /// Who asks.
    pub author: String,
    /// When.
    pub at: At,
    /// When she last answered: when it reached the municipality.
    pub answered_at: Option<At>,
    /// When somebody said what became of it.
    pub resolved_at: Option<At>,
}

/// Writes a request unless it is there already; false when it was.
pub fn insert_request(c: &mut Conn, request: &Request) -> Result<bool, DbError> {
    let written =
        diesel::insert_into(errand_requests::table).values(request).on_conflict_do_nothing().each().execute(c)?;
    Ok(written == 1)
}

/// The requests of an errand, oldest first.
pub fn requests(c: &mut Conn, errand: &ErrandId) -> Result<Vec<Request>, DbError> {
    Ok(errand_requests::table
        .filter(errand_requests::errand_id.eq(errand))
        .order((errand_requests::at, errand_requests::id))
        .select(Request::as_select())
        .load(c)?)
}

/// One of them.
pub fn request(c: &mut Conn, errand: &ErrandId, id: &str) -> Result<Option<Request>, DbError> {
    Ok(errand_requests::table.find((errand, id)).select(Request::as_select()).first(c).optional()?)
}

/// She has answered. What somebody has ended already stays as it was.
pub fn answered(c: &mut Conn, errand: &ErrandId, id: &str, at: At) -> Result<bool, DbError> {
    let live = errand_requests::table
        .find((errand, id))
        .filter(errand_requests::state.eq_any([RequestState::Open, RequestState::Answered]));
    let set = (errand_requests::state.eq(RequestState::Answered), errand_requests::answered_at.eq(Some(at)));
    Ok(diesel::update(live).set(set).execute(c)? == 1)
}

/// It is over.
pub fn resolve(c: &mut Conn, errand: &ErrandId, id: &str, state: RequestState, now: At) -> Result<(), DbError> {
    diesel::update(errand_requests::table.find((errand, id)))
        .set((errand_requests::state.eq(state), errand_requests::resolved_at.eq(Some(now))))
        .execute(c)?;
    Ok(())
}

/// What came was not enough: it is asked for again, until another day.
pub fn restate(c: &mut Conn, errand: &ErrandId, id: &str, due_on: &str) -> Result<(), DbError> {
    diesel::update(errand_requests::table.find((errand, id)))
        .set((
            errand_requests::state.eq(RequestState::Open),
            errand_requests::due_on.eq(Some(due_on)),
            errand_requests::version.eq(errand_requests::version + 1),
        ))
        .execute(c)?;
    Ok(())
}
