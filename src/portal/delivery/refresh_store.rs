//! All SQL of asking for quiet cases.

use crate::db::schema::{case_questions, cases};
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, TargetSlug};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// Open cases of a target that have been quiet since `before` and have not been asked for since, with the receiver's ids of
/// them; the quietest first.
pub(super) fn quiet_cases(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    before: At,
    limit: i64,
) -> Result<Vec<(CaseId, String)>, DbError> {
    use {case_questions as q, cases as c};
    let asked = q::table.filter(q::case_id.eq(c::id)).filter(q::asked_at.gt(before)).select(q::case_id);
    Ok(c::table
        .filter(c::municipality.eq(municipality))
        .filter(c::target.eq(target))
        .filter(c::closed_at.is_null())
        .filter(c::external_case_id.is_not_null())
        .filter(c::updated_at.lt(before))
        .filter(not(exists(asked)))
        .order(c::updated_at)
        .limit(limit)
        .select((c::id, c::external_case_id.assume_not_null()))
        .load(conn)?)
}

pub(super) fn note_question(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    now: At,
) -> Result<(), DbError> {
    use case_questions as q;
    diesel::insert_into(q::table)
        .values((q::case_id.eq(case), q::municipality.eq(municipality), q::asked_at.eq(now)))
        .on_conflict(q::case_id)
        .do_update()
        .set(q::asked_at.eq(now))
        .each()
        .execute(conn)?;
    Ok(())
}
