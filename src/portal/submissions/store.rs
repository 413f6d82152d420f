//! All SQL of drafts and submissions.

use super::draft::{Draft, DraftCard, Owner};
use crate::db::schema::{drafts, parked_forms, submissions};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::forms::{Answers, Definition, Section};
use crate::vocabulary::{At, CaseId, DraftId, MunicipalitySlug, PartyId, ServiceSlug, SubmissionId};
use diesel::prelude::*;

/// A draft to make, at its first answer.
pub(super) struct NewDraft<'a> {
    pub id: &'a DraftId,
    pub municipality: &'a MunicipalitySlug,
    pub definition: &'a Definition,
    pub title: &'a str,
    pub owner: &'a Owner,
    pub step: &'a str,
    pub now: At,
    pub delete_at: At,
}

/// Makes the draft unless it is there already (its form was sent twice).
pub(super) fn insert_draft(conn: &mut Conn, new: &NewDraft<'_>) -> Result<(), DbError> {
    let (party, browser) = new.owner.columns();
    diesel::insert_into(drafts::table)
        .values((
            drafts::id.eq(new.id),
            drafts::municipality.eq(new.municipality),
            drafts::service.eq(&new.definition.slug),
            drafts::definition_version.eq(&new.definition.version),
            drafts::title.eq(new.title),
            drafts::party_id.eq(party),
            drafts::browser_hash.eq(browser),
            drafts::stage.eq("draft"),
            drafts::answers.eq(Doc(Answers::default())),
            drafts::prefill_sealed.eq(Vec::<u8>::new()),
            drafts::step.eq(new.step),
            drafts::created_at.eq(new.now),
            drafts::updated_at.eq(new.now),
            drafts::delete_at.eq(new.delete_at),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(())
}

type Row = (DraftId, ServiceSlug, String, Doc<Answers>, At, At);

fn draft((id, service, definition_version, answers, updated_at, delete_at): Row) -> Draft {
    Draft { id, service, definition_version, answers: answers.0, updated_at, delete_at }
}

type Columns =
    (drafts::id, drafts::service, drafts::definition_version, drafts::answers, drafts::updated_at, drafts::delete_at);
const COLUMNS: Columns =
    (drafts::id, drafts::service, drafts::definition_version, drafts::answers, drafts::updated_at, drafts::delete_at);

/// The one rule of whose drafts these are: this municipality's, not sent, and this owner's. A macro, as the type of such a
/// query cannot be named.
macro_rules! open_draft {
    ($municipality:expr, $owner:expr, $id:expr) => {{
        let (party, browser) = $owner.columns();
        drafts::table
            .find($id)
            .filter(drafts::municipality.eq($municipality))
            .filter(drafts::stage.eq("draft"))
            .filter(drafts::party_id.eq(party).or(drafts::browser_hash.eq(browser)))
    }};
}

/// An open draft of this owner; anybody else's is not there.
pub(super) fn find(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    owner: &Owner,
    id: &DraftId,
) -> Result<Option<Draft>, DbError> {
    let row = open_draft!(municipality, owner, id).select(COLUMNS).first::<Row>(conn).optional()?;
    Ok(row.map(draft))
}

/// As [`find`], and from here to the end of the transaction nobody else changes it: the update takes the row first, so
/// that two tabs that save different steps do not undo each other.
pub(super) fn take(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    owner: &Owner,
    id: &DraftId,
    now: At,
    delete_at: At,
) -> Result<Option<Draft>, DbError> {
    let open = open_draft!(municipality, owner, id);
    let row = diesel::update(open)
        .set((drafts::updated_at.eq(now), drafts::delete_at.eq(delete_at)))
        .returning(COLUMNS)
        .get_result::<Row>(conn)
        .optional()?;
    Ok(row.map(draft))
}

/// Keeps what is answered now and what it rests on.
pub(super) fn save(
    conn: &mut Conn,
    id: &DraftId,
    answers: &Answers,
    prefill: &[u8],
    step: &str,
) -> Result<(), DbError> {
    diesel::update(drafts::table.find(id))
        .set((drafts::answers.eq(Doc(answers.clone())), drafts::prefill_sealed.eq(prefill), drafts::step.eq(step)))
        .execute(conn)?;
    Ok(())
}

/// The draft's one way out: true for the first who sends it, false for everybody after.
pub(super) fn mark_submitted(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    owner: &Owner,
    id: &DraftId,
    now: At,
) -> Result<Option<Draft>, DbError> {
    let open = open_draft!(municipality, owner, id);
    let row = diesel::update(open)
        .set((drafts::stage.eq("submitted"), drafts::updated_at.eq(now)))
        .returning(COLUMNS)
        .get_result::<Row>(conn)
        .optional()?;
    Ok(row.map(draft))
}

/// Open drafts of these owners, newest first.
pub fn drafts_of(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    owners: &[Owner],
) -> Result<Vec<DraftCard>, DbError> {
    let (parties, browsers): (Vec<_>, Vec<_>) = owners.iter().map(Owner::columns).unzip();
    let (parties, browsers): (Vec<PartyId>, Vec<String>) =
        (parties.into_iter().flatten().collect(), browsers.into_iter().flatten().collect());
    let rows: Vec<(DraftId, ServiceSlug, String, String, At, At)> = drafts::table
        .filter(drafts::municipality.eq(municipality))
        .filter(drafts::stage.eq("draft"))
        .filter(drafts::party_id.eq_any(parties).or(drafts::browser_hash.eq_any(browsers)))
        .order(drafts::updated_at.desc())
        .limit(50)
        .select((drafts::id, drafts::service, drafts::title, drafts::step, drafts::updated_at, drafts::delete_at))
        .load(conn)?;
    let card = |(id, service, title, step, updated_at, delete_at)| DraftCard {
        id,
        service,
        title,
        step,
        updated_at,
        delete_at,
    };
    Ok(rows.into_iter().map(card).collect())
}

/// Deletes an open draft of these owners. False when there is none.
pub fn remove_draft(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    owner: &Owner,
    id: &DraftId,
) -> Result<bool, DbError> {
    let open = open_draft!(municipality, owner, id);
    Ok(diesel::delete(open).execute(conn)? == 1)
}

/// Open drafts whose day has come; at most `limit`.
pub(super) fn old_drafts(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<DraftId>, DbError> {
    Ok(drafts::table
        .filter(drafts::stage.eq("draft"))
        .filter(drafts::delete_at.le(now))
        .order(drafts::delete_at)
        .limit(limit)
        .select(drafts::id)
        .load(conn)?)
}

/// Deletes one of them, unless something was answered meanwhile.
pub(super) fn delete_old_draft(conn: &mut Conn, id: &DraftId, now: At) -> Result<bool, DbError> {
    let old = drafts::table.find(id).filter(drafts::stage.eq("draft")).filter(drafts::delete_at.le(now));
    Ok(diesel::delete(old).execute(conn)? == 1)
}

pub(super) fn follow_browser(conn: &mut Conn, old: &str, new: &str) -> Result<(), DbError> {
    diesel::update(drafts::table.filter(drafts::browser_hash.eq(old)))
        .set(drafts::browser_hash.eq(Some(new)))
        .execute(conn)?;
    diesel::update(parked_forms::table.filter(parked_forms::browser_hash.eq(old)))
        .set(parked_forms::browser_hash.eq(new))
        .execute(conn)?;
    crate::portal::cases::follow_browser(conn, old, new)
}

/// What was sent in, frozen.
#[derive(Insertable)]
#[diesel(table_name = submissions)]
pub(super) struct NewSubmission {
    pub id: SubmissionId,
    pub municipality: MunicipalitySlug,
    pub draft_id: DraftId,
    pub case_id: CaseId,
    pub service: ServiceSlug,
    pub definition_version: String,
    pub party_id: Option<PartyId>,
    pub answers: String,
    pub review: String,
    pub parties_sealed: Vec<u8>,
    pub sha256: String,
    pub received_at: At,
    pub content_sealed: Option<Vec<u8>>,
}

pub(super) fn insert_submission(conn: &mut Conn, new: NewSubmission) -> Result<(), DbError> {
    diesel::insert_into(submissions::table).values(new).execute(conn)?;
    Ok(())
}

/// What the receipt shows.
#[derive(Queryable)]
pub(super) struct Frozen {
    pub case_id: CaseId,
    pub service: ServiceSlug,
    pub definition_version: String,
    pub review: String,
    pub sha256: String,
    pub received_at: At,
}

type FrozenColumns = (
    submissions::case_id,
    submissions::service,
    submissions::definition_version,
    submissions::review,
    submissions::sha256,
    submissions::received_at,
);
const FROZEN: FrozenColumns = (
    submissions::case_id,
    submissions::service,
    submissions::definition_version,
    submissions::review,
    submissions::sha256,
    submissions::received_at,
);

pub(super) fn frozen(conn: &mut Conn, id: &SubmissionId) -> Result<Option<Frozen>, DbError> {
    Ok(submissions::table.find(id).select(FROZEN).first(conn).optional()?)
}

/// What was sent in, in the resident's words as they were frozen; nothing when there is no such submission.
pub fn sent_in(conn: &mut Conn, id: &SubmissionId) -> Result<Vec<Section>, DbError> {
    let review: Option<String> = submissions::table.find(id).select(submissions::review).first(conn).optional()?;
    let as_db_error = |e| DbError::Diesel(diesel::result::Error::DeserializationError(Box::new(e)));
    review.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(as_db_error))
}

/// The case that a draft became, for whoever made it.
pub(super) fn case_of_draft(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    owner: &Owner,
    draft: &DraftId,
) -> Result<Option<CaseId>, DbError> {
    let (party, browser) = owner.columns();
    let is_hers = drafts::table
        .find(draft)
        .filter(drafts::municipality.eq(municipality))
        .filter(drafts::party_id.eq(party).or(drafts::browser_hash.eq(browser)))
        .select(drafts::id)
        .first::<DraftId>(conn)
        .optional()?;
    if is_hers.is_none() {
        return Ok(None);
    }
    Ok(submissions::table
        .filter(submissions::draft_id.eq(draft))
        .select(submissions::case_id)
        .first(conn)
        .optional()?)
}

/// A form that came after its session had ended.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = parked_forms)]
pub(super) struct ParkedForm {
    pub browser_hash: String,
    pub path: String,
    pub municipality: MunicipalitySlug,
    pub sealed: Vec<u8>,
    pub expires_at: At,
}

/// Keeps it in place of an earlier one for the same address.
pub(super) fn park(conn: &mut Conn, form: &ParkedForm) -> Result<(), DbError> {
    diesel::insert_into(parked_forms::table)
        .values(form)
        .on_conflict((parked_forms::browser_hash, parked_forms::path))
        .do_update()
        .set(form)
        .each()
        .execute(conn)?;
    Ok(())
}

pub(super) fn is_parked(conn: &mut Conn, browser: &str, path: &str, now: At) -> Result<bool, DbError> {
    let there = parked_forms::table.find((browser, path)).filter(parked_forms::expires_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(there)).get_result(conn)?)
}

/// Takes it out: the first who asks has it.
pub(super) fn unpark(
    conn: &mut Conn,
    browser: &str,
    path: &str,
    municipality: &MunicipalitySlug,
    now: At,
) -> Result<Option<Vec<u8>>, DbError> {
    let there = parked_forms::table
        .find((browser, path))
        .filter(parked_forms::municipality.eq(municipality))
        .filter(parked_forms::expires_at.gt(now));
    Ok(diesel::delete(there).returning(parked_forms::sealed).get_result(conn).optional()?)
}

pub(super) fn sweep_parked(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    Ok(diesel::delete(parked_forms::table.filter(parked_forms::expires_at.le(now))).execute(conn)?)
}

/// What an intruder could write.
#[cfg(test)]
pub(super) fn put_content_for_test(conn: &mut Conn, id: &SubmissionId, sealed: &[u8]) -> Result<(), DbError> {
    diesel::update(submissions::table.find(id)).set(submissions::content_sealed.eq(Some(sealed))).execute(conn)?;
    Ok(())
}
