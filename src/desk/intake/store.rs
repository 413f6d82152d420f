//! All SQL of notices.

use crate::db::schema::received_notices;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, ErrandId, MunicipalitySlug};
use diesel::prelude::*;

/// A notice that came.
#[derive(Insertable)]
#[diesel(table_name = received_notices)]
pub(super) struct Notice {
    pub municipality: MunicipalitySlug,
    pub source: String,
    pub id: String,
    pub kind: String,
    pub errand_id: Option<ErrandId>,
    pub body_sha256: String,
    pub received_at: At,
}

/// Notes it. `None`: it is new. Otherwise the digest of the one that was first.
pub(super) fn first_time(c: &mut Conn, notice: &Notice) -> Result<Option<String>, DbError> {
    let written =
        diesel::insert_into(received_notices::table).values(notice).on_conflict_do_nothing().each().execute(c)?;
    if written == 1 {
        return Ok(None);
    }
    let known = received_notices::table
        .find((&notice.municipality, &notice.source, &notice.id))
        .select(received_notices::body_sha256)
        .first(c)?;
    Ok(Some(known))
}
