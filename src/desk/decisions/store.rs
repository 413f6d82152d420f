//! All SQL of decisions.

use crate::contract::{Appeal, LegalBasis, Outcome};
use crate::db::schema::errand_decisions;
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, DecisionId, ErrandId, MunicipalitySlug};
use diesel::prelude::*;

/// A decision.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = errand_decisions)]
pub struct Decision {
    /// In which errand.
    pub errand_id: ErrandId,
    /// Given with the form: the same form sent twice is one decision.
    pub id: DecisionId,
    /// From 1.
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
}

/// Writes a decision unless it is there already; false when it was.
pub(super) fn insert(c: &mut Conn, decision: &Decision) -> Result<bool, DbError> {
    let written =
        diesel::insert_into(errand_decisions::table).values(decision).on_conflict_do_nothing().each().execute(c)?;
    Ok(written == 1)
}

/// The decisions of an errand, oldest first.
pub fn of_errand(c: &mut Conn, errand: &ErrandId) -> Result<Vec<Decision>, DbError> {
    Ok(errand_decisions::table
        .filter(errand_decisions::errand_id.eq(errand))
        .order((errand_decisions::decided_at, errand_decisions::id))
        .select(Decision::as_select())
        .load(c)?)
}

/// True when there is a decision in the errand.
pub fn exists(c: &mut Conn, errand: &ErrandId) -> Result<bool, DbError> {
    let count: i64 = errand_decisions::table.filter(errand_decisions::errand_id.eq(errand)).count().get_result(c)?;
    Ok(count > 0)
}
