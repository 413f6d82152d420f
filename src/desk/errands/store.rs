//! All SQL of errands but for the lists of the inbox.

use super::{Attention, ErrandFault};
use crate::contract::Outcome;
use crate::db::schema::{errand_messages, errand_openings, errand_words, errands};
use crate::db::{Conn, DbError, EachDsl};
use crate::insert_all;
use crate::vocabulary::{At, CaseId, DeliveryId, ErrandId, MunicipalitySlug, Reference};
use crate::word_enum;
use diesel::prelude::*;

mod requests;
pub use requests::{Request, RequestKind, RequestState};
pub(super) use requests::{answered, insert_request, request, requests, resolve, restate};

/// An errand.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = errands)]
pub struct Errand {
    /// Ours; what the portal knows as the external id.
    pub id: ErrandId,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// The portal's case: `subject` of every event.
    pub case_id: CaseId,
    /// The delivery that it was registered from.
    pub delivery_id: DeliveryId,
    /// What the resident was given.
    pub reference: Reference,
    /// `KS 2026/00001`.
    pub diary_number: String,
    /// The same for searching.
    pub diary_key: String,
    /// Code.
    pub case_type: String,
    /// Code of the unit that has it.
    pub unit: String,
    /// May stand in a list.
    pub title: String,
    /// The name for lists; none for an anonymous sender and for protected identity.
    pub applicant: Option<String>,
    /// Somebody in it has protected identity, or nobody could say.
    pub protected: bool,
    /// Neutral notices.
    pub sensitive: bool,
    /// Code.
    pub status: String,
    /// Affiliation of whoever has it.
    pub handler: Option<String>,
    /// Why to look at it.
    pub attention: Option<Attention>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it reached the municipality (förvaltningslagen 22 §): the portal's, never ours.
    pub received_at: At,
    /// When it came here.
    pub registered_at: At,
    /// Last change.
    pub updated_at: At,
    /// None while open.
    pub closed_at: Option<At>,
    /// Held against the form that a handler opened.
    pub version: i32,
    /// The last event's number.
    pub sequence: i64,
    /// When a decision is to be expected, `YYYY-MM-DD`.
    pub due_on: Option<String>,
    /// Why then, in words for the resident.
    pub due_reason: Option<String>,
}

/// What a change sets; what is left out stays.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = errands)]
pub struct Patch {
    /// Code.
    pub status: Option<String>,
    /// Affiliation, or nobody.
    pub handler: Option<Option<String>>,
    /// Unit's code.
    pub unit: Option<String>,
    /// Code.
    pub case_type: Option<String>,
    /// Why to look at it, or nothing.
    pub attention: Option<Option<Attention>>,
    /// How it ended, or open again.
    pub outcome: Option<Option<Outcome>>,
    /// When it ended, or open again.
    pub closed_at: Option<Option<At>>,
    /// The day that a decision is to be expected, or none.
    pub due_on: Option<Option<String>>,
    /// Why.
    pub due_reason: Option<Option<String>>,
}

/// What an update gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Advanced {
    /// The new version.
    pub version: i32,
    /// The first of the sequence numbers that it reserved.
    pub first: i64,
}

pub(super) fn insert(c: &mut Conn, errand: &Errand) -> Result<(), DbError> {
    diesel::insert_into(errands::table).values(errand).execute(c)?;
    Ok(())
}

/// An errand of this municipality.
pub fn find(c: &mut Conn, municipality: &MunicipalitySlug, id: &ErrandId) -> Result<Option<Errand>, DbError> {
    Ok(errands::table
        .find(id)
        .filter(errands::municipality.eq(municipality))
        .select(Errand::as_select())
        .first(c)
        .optional()?)
}

/// The errand of a portal's case.
pub fn find_by_case(c: &mut Conn, municipality: &MunicipalitySlug, case: &CaseId) -> Result<Option<Errand>, DbError> {
    Ok(errands::table
        .filter(errands::municipality.eq(municipality))
        .filter(errands::case_id.eq(case))
        .select(Errand::as_select())
        .first(c)
        .optional()?)
}

/// Changes an errand and reserves `events` sequence numbers. With `expected`, only if it is still in that version: a
/// conditional update, because READ COMMITTED loses one of two changes that read first.
pub fn advance(
    c: &mut Conn,
    errand: &Errand,
    expected: Option<i32>,
    patch: Patch,
    events: i64,
    now: At,
) -> Result<Advanced, ErrandFault> {
    let version = expected.unwrap_or_default();
    let stands = errands::version.eq(version).or(expected.is_none().into_sql::<diesel::sql_types::Bool>());
    let rows: Vec<(i32, i64)> = diesel::update(errands::table.find(&errand.id).filter(stands))
        .set((
            patch,
            errands::version.eq(errands::version + 1),
            errands::sequence.eq(errands::sequence + events),
            errands::updated_at.eq(now),
        ))
        .returning((errands::version, errands::sequence))
        .get_results(c)?;
    let (version, last) = rows.into_iter().next().ok_or(ErrandFault::Changed)?;
    Ok(Advanced { version, first: last - events + 1 })
}

/// Clears what called for attention; no new version, because nothing in the errand changes by being read.
pub(super) fn seen(c: &mut Conn, errand: &ErrandId) -> Result<(), DbError> {
    let none: Option<Attention> = None;
    diesel::update(errands::table.find(errand)).set(errands::attention.eq(none)).execute(c)?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = errand_words, treat_none_as_default_value = false)]
struct Word<'a> {
    municipality: &'a MunicipalitySlug,
    word: String,
    errand_id: &'a ErrandId,
}

pub(super) fn insert_words(c: &mut Conn, errand: &Errand, words: Vec<String>) -> Result<(), DbError> {
    let rows: Vec<Word<'_>> = words
        .into_iter()
        .map(|word| Word { municipality: &errand.municipality, word, errand_id: &errand.id })
        .collect();
    insert_all!(c, errand_words::table, rows)?;
    Ok(())
}

word_enum! {
    /// Which way a message goes.
    Direction {
        /// From a handler.
        ToResident = "to_resident",
        /// From the resident.
        FromResident = "from_resident",
    }
}

/// A message.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = errand_messages)]
pub struct Message {
    /// Where.
    pub errand_id: ErrandId,
    /// Which way.
    pub direction: Direction,
    /// The sender's own id of it.
    pub id: String,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// `information`, or the kind of delivery that it came in.
    pub kind: String,
    /// Name; empty for the resident.
    pub author: String,
    /// Plain text.
    pub text: String,
    /// False: she cannot answer it.
    pub allow_reply: bool,
    /// When.
    pub at: At,
    /// The thread: the id of its first message. Empty in what was written before there were threads.
    pub conversation_id: String,
    /// The request, hearing or decision that it is about.
    pub about: Option<String>,
    /// The delivery that it came in: its files are found by that.
    pub delivery_id: Option<String>,
}

/// Writes a message unless it is there already; false when it was.
pub(super) fn insert_message(c: &mut Conn, message: &Message) -> Result<bool, DbError> {
    let written =
        diesel::insert_into(errand_messages::table).values(message).on_conflict_do_nothing().each().execute(c)?;
    Ok(written == 1)
}

/// The thread that a message of an errand is in.
pub(super) fn conversation_of(c: &mut Conn, errand: &ErrandId, message: &str) -> Result<Option<String>, DbError> {
    let found: Option<String> = errand_messages::table
        .filter(errand_messages::errand_id.eq(errand))
        .filter(errand_messages::id.eq(message).or(errand_messages::conversation_id.eq(message)))
        .order(errand_messages::at)
        .select(errand_messages::conversation_id)
        .first(c)
        .optional()?;
    Ok(found.map(|thread| if thread.is_empty() { message.to_owned() } else { thread }))
}

pub(super) fn messages(c: &mut Conn, errand: &ErrandId) -> Result<Vec<Message>, DbError> {
    Ok(errand_messages::table
        .filter(errand_messages::errand_id.eq(errand))
        .order((errand_messages::at, errand_messages::id))
        .select(Message::as_select())
        .load(c)?)
}

/// Until when she may read an errand with protected identity.
pub(super) fn opening(c: &mut Conn, errand: &ErrandId, affiliation: &str) -> Result<Option<At>, DbError> {
    Ok(errand_openings::table
        .filter(errand_openings::errand_id.eq(errand))
        .filter(errand_openings::affiliation.eq(affiliation))
        .select(errand_openings::until)
        .first(c)
        .optional()?)
}

pub(super) fn put_opening(c: &mut Conn, errand: &Errand, affiliation: &str, until: At) -> Result<(), DbError> {
    diesel::insert_into(errand_openings::table)
        .values((
            errand_openings::errand_id.eq(&errand.id),
            errand_openings::affiliation.eq(affiliation),
            errand_openings::municipality.eq(&errand.municipality),
            errand_openings::until.eq(until),
        ))
        .on_conflict((errand_openings::errand_id, errand_openings::affiliation))
        .do_update()
        .set(errand_openings::until.eq(until))
        .each()
        .execute(c)?;
    Ok(())
}
