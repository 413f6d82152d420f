use crate::db::schema::audit_log;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, MunicipalitySlug};
use diesel::prelude::*;

/// Writes one line, in the transaction of what it tells of. `actor` is `party:<id>`, `staff:<affiliation>` or
/// `system:<target>`; at the desk, where only staff act, the affiliation alone.
pub fn record(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    at: At,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &str,
) -> Result<(), DbError> {
    use audit_log as a;
    diesel::insert_into(a::table)
        .values((
            a::municipality.eq(municipality),
            a::at.eq(at),
            a::actor.eq(actor),
            a::action.eq(action),
            a::subject.eq(subject),
            a::detail.eq(detail),
        ))
        .execute(conn)?;
    Ok(())
}
