//! All SQL of the integration API: pushes with the answers they were given.

use crate::db::schema::inbound_pushes;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, MunicipalitySlug, TargetSlug};
use diesel::prelude::*;

/// What a push was answered: hash of its body, status, answer.
pub(super) fn answer(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    webhook_id: &str,
) -> Result<Option<(String, i32, String)>, DbError> {
    use inbound_pushes as p;
    Ok(p::table
        .find((municipality, target, webhook_id))
        .select((p::body_sha256, p::status, p::response))
        .first(conn)
        .optional()?)
}

#[expect(clippy::too_many_arguments, reason = "one row, written in one place")]
pub(super) fn keep(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    webhook_id: &str,
    sha256: &str,
    status: u16,
    response: &str,
    now: At,
) -> Result<(), DbError> {
    use inbound_pushes as p;
    diesel::insert_into(p::table)
        .values((
            p::municipality.eq(municipality),
            p::target.eq(target),
            p::webhook_id.eq(webhook_id),
            p::body_sha256.eq(sha256),
            p::status.eq(i32::from(status)),
            p::response.eq(response),
            p::received_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(())
}
