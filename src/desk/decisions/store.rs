//! All SQL of decisions and appeals.

use super::Ground;
use crate::contract::{Appeal, LegalBasis, Outcome, Service};
use crate::db::schema::{errand_appeals, errand_decisions};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, DecisionId, ErrandId, FileId, MunicipalitySlug};
use diesel::prelude::*;

/// A decision.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = errand_decisions)]
pub struct Decision {
    /// In which errand.
    pub errand_id: ErrandId,
    /// Given with the form: the same form sent twice is one decision.
    pub id: DecisionId,
    /// From 1; a higher one takes the place of a lower.
    pub version: i32,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// How it ended.
    pub outcome: Outcome,
    /// What was decided.
    pub text: String,
    /// Why.
    pub reasons: String,
    /// On what law.
    pub legal_basis: Doc<Vec<LegalBasis>>,
    /// How it is appealed.
    pub appeal: Doc<Option<Appeal>>,
    /// Name and title.
    pub decided_by: String,
    /// When.
    pub decided_at: At,
    /// Files that belong to it.
    pub files: Doc<Vec<FileId>>,
    /// How the party is to take part of it.
    pub service: Doc<Option<Service>>,
    /// Why there is another version.
    pub ground: Option<Ground>,
    /// When the party had taken part of it.
    pub served_at: Option<At>,
    /// `portal`, `letter`, `simplified`, …
    pub served_how: Option<String>,
}

/// Writes a decision unless it is there already; false when it was.
pub(super) fn insert(c: &mut Conn, decision: &Decision) -> Result<bool, DbError> {
    let written =
        diesel::insert_into(errand_decisions::table).values(decision).on_conflict_do_nothing().each().execute(c)?;
    Ok(written == 1)
}

/// The decisions of an errand with all their versions, oldest first.
pub fn of_errand(c: &mut Conn, errand: &ErrandId) -> Result<Vec<Decision>, DbError> {
    Ok(errand_decisions::table
        .filter(errand_decisions::errand_id.eq(errand))
        .order((errand_decisions::decided_at, errand_decisions::id, errand_decisions::version))
        .select(Decision::as_select())
        .load(c)?)
}

/// The version of a decision that holds.
pub fn latest(c: &mut Conn, errand: &ErrandId, id: &DecisionId) -> Result<Option<Decision>, DbError> {
    Ok(errand_decisions::table
        .filter(errand_decisions::errand_id.eq(errand))
        .filter(errand_decisions::id.eq(id))
        .order(errand_decisions::version.desc())
        .select(Decision::as_select())
        .first(c)
        .optional()?)
}

/// True when there is a decision in the errand.
pub fn exists(c: &mut Conn, errand: &ErrandId) -> Result<bool, DbError> {
    let count: i64 = errand_decisions::table.filter(errand_decisions::errand_id.eq(errand)).count().get_result(c)?;
    Ok(count > 0)
}

/// The party has taken part of this version. False when that was noted before.
pub(super) fn served(c: &mut Conn, decision: &Decision, at: At, how: &str) -> Result<bool, DbError> {
    let not_yet = errand_decisions::table
        .find((&decision.errand_id, &decision.id, decision.version))
        .filter(errand_decisions::served_at.is_null());
    let set = (errand_decisions::served_at.eq(Some(at)), errand_decisions::served_how.eq(Some(how)));
    Ok(diesel::update(not_yet).set(set).execute(c)? == 1)
}

/// An appeal, by whatever way it came.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = errand_appeals)]
pub struct AppealRow {
    /// In which errand.
    pub errand_id: ErrandId,
    /// The delivery's id, or the form's.
    pub id: String,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// Against which decision.
    pub decision_id: String,
    /// `portal`, `letter`, `e-mail`, …
    pub method: String,
    /// When it reached the municipality.
    pub received_at: At,
    /// In time, as the authority has found; none while it has not looked.
    pub timely: Option<bool>,
    /// The day that it went to the court, `YYYY-MM-DD`.
    pub forwarded_on: Option<String>,
    /// Who noted it; empty for the resident.
    pub author: String,
}

/// Writes an appeal unless it is there already; false when it was.
pub(super) fn insert_appeal(c: &mut Conn, appeal: &AppealRow) -> Result<bool, DbError> {
    let written =
        diesel::insert_into(errand_appeals::table).values(appeal).on_conflict_do_nothing().each().execute(c)?;
    Ok(written == 1)
}

/// The appeals in an errand, oldest first.
pub fn appeals(c: &mut Conn, errand: &ErrandId) -> Result<Vec<AppealRow>, DbError> {
    Ok(errand_appeals::table
        .filter(errand_appeals::errand_id.eq(errand))
        .order((errand_appeals::received_at, errand_appeals::id))
        .select(AppealRow::as_select())
        .load(c)?)
}

/// What the authority found.
pub(super) fn examined(
    c: &mut Conn,
    errand: &ErrandId,
    id: &str,
    timely: bool,
    forwarded_on: Option<&str>,
) -> Result<bool, DbError> {
    let set = (errand_appeals::timely.eq(Some(timely)), errand_appeals::forwarded_on.eq(forwarded_on));
    Ok(diesel::update(errand_appeals::table.find((errand, id))).set(set).execute(c)? == 1)
}
