//! All SQL of our places in the portals' feeds.

use crate::db::schema::portal_feeds;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, MunicipalitySlug};
use diesel::prelude::*;

/// What came of the last looks at a portal.
#[derive(Clone, Debug, Queryable)]
pub struct Feed {
    /// Everything up to here has been taken.
    pub position: i64,
    /// When it was looked at last.
    pub looked_at: At,
    /// Why that failed; none when it did not.
    pub last_error: Option<String>,
}

/// Of a municipality's portal; none before the first look.
pub fn feed_of(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<Option<Feed>, DbError> {
    Ok(portal_feeds::table
        .find(municipality)
        .select((portal_feeds::position, portal_feeds::looked_at, portal_feeds::last_error))
        .first(c)
        .optional()?)
}

pub(super) fn position(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<i64, DbError> {
    let at: Option<i64> = portal_feeds::table.find(municipality).select(portal_feeds::position).first(c).optional()?;
    Ok(at.unwrap_or_default())
}

/// Forwards only: two workers may have read the same page.
pub(super) fn move_to(c: &mut Conn, municipality: &MunicipalitySlug, to: i64, now: At) -> Result<(), DbError> {
    looked(c, municipality, None, now)?;
    diesel::update(portal_feeds::table.find(municipality).filter(portal_feeds::position.lt(to)))
        .set(portal_feeds::position.eq(to))
        .execute(c)?;
    Ok(())
}

pub(super) fn looked(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    fault: Option<&str>,
    now: At,
) -> Result<(), DbError> {
    diesel::insert_into(portal_feeds::table)
        .values((
            portal_feeds::municipality.eq(municipality),
            portal_feeds::position.eq(0),
            portal_feeds::looked_at.eq(now),
            portal_feeds::last_error.eq(fault),
        ))
        .on_conflict(portal_feeds::municipality)
        .do_update()
        .set((portal_feeds::looked_at.eq(now), portal_feeds::last_error.eq(fault)))
        .each()
        .execute(c)?;
    Ok(())
}
