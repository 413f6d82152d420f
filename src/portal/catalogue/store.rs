//! All SQL of the catalogue: versions of services that were ever filled in.

use crate::db::schema::definitions;
use crate::db::{Conn, DbError, EachDsl};
use crate::forms::Definition;
use crate::vocabulary::{At, MunicipalitySlug, ServiceSlug};
use diesel::prelude::*;

/// Keeps the text of a version for ever; in the transaction that makes the first draft with it.
pub fn remember_definition(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    definition: &Definition,
    now: At,
) -> Result<(), DbError> {
    diesel::insert_into(definitions::table)
        .values((
            definitions::municipality.eq(municipality),
            definitions::service.eq(&definition.slug),
            definitions::version.eq(&definition.version),
            definitions::source.eq(&definition.source),
            definitions::first_used_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(())
}

pub(super) fn find_definition(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    service: &ServiceSlug,
    version: &str,
) -> Result<Option<String>, DbError> {
    Ok(definitions::table
        .filter(definitions::municipality.eq(municipality))
        .filter(definitions::service.eq(service))
        .filter(definitions::version.eq(version))
        .select(definitions::source)
        .first(conn)
        .optional()?)
}
