//! All SQL of deliveries that a receiver fetches by itself.

use super::store::{DeliveryRow, DeliveryState, SETTLED, nothing_in_the_way};
use crate::db::schema::deliveries;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, DeliveryId, MunicipalitySlug, TargetSlug};
use diesel::prelude::*;

/// Waits, and nothing is in its way.
const OPEN: [DeliveryState; 2] = [DeliveryState::Pending, DeliveryState::RetryScheduled];

/// Whether one delivery may be taken now.
pub(super) fn is_free(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    id: &DeliveryId,
    now: At,
) -> Result<bool, DbError> {
    use deliveries as d;
    let free: Option<DeliveryId> = d::table
        .filter(d::id.eq(id))
        .filter(d::municipality.eq(municipality))
        .filter(d::target.eq(target))
        .filter(d::state.eq_any(OPEN))
        .filter(d::next_at.le(now))
        .filter(nothing_in_the_way!())
        .select(d::id)
        .first(conn)
        .optional()?;
    Ok(free.is_some())
}

/// What a target may take now, the oldest first.
pub(super) fn available(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    now: At,
    offset: i64,
    limit: i64,
) -> Result<Vec<DeliveryRow>, DbError> {
    use deliveries as d;
    Ok(d::table
        .filter(d::municipality.eq(municipality))
        .filter(d::target.eq(target))
        .filter(d::state.eq_any(OPEN))
        .filter(d::next_at.le(now))
        .filter(nothing_in_the_way!())
        .order((d::received_at, d::id))
        .offset(offset)
        .limit(limit)
        .select(DeliveryRow::as_select())
        .load(conn)?)
}

/// Takes one delivery that was free until `until`; false when somebody else was quicker.
pub(super) fn take(conn: &mut Conn, id: &DeliveryId, until: At) -> Result<bool, DbError> {
    use deliveries as d;
    let mine = d::table.filter(d::id.eq(id)).filter(d::state.eq_any(OPEN));
    let lease = (d::state.eq(DeliveryState::InProgress), d::lease_until.eq(until));
    Ok(diesel::update(mine).set(lease).execute(conn)? == 1)
}

/// The row with its lock held until the transaction ends.
pub(super) fn lock(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    id: &DeliveryId,
) -> Result<Option<DeliveryRow>, DbError> {
    use deliveries as d;
    let own = d::table.filter(d::id.eq(id)).filter(d::municipality.eq(municipality)).filter(d::target.eq(target));
    if diesel::update(own).set(d::attempts.eq(d::attempts)).execute(conn)? == 0 {
        return Ok(None);
    }
    Ok(own.select(DeliveryRow::as_select()).first(conn).optional()?)
}

/// The receiver has it, and registers it later.
pub(super) fn accept(conn: &mut Conn, id: &DeliveryId, ask_at: At) -> Result<(), DbError> {
    use deliveries as d;
    let (no_time, no_error): (Option<At>, Option<&str>) = (None, None);
    diesel::update(d::table.find(id))
        .set((
            d::state.eq(DeliveryState::Accepted),
            d::next_at.eq(ask_at),
            d::not_before.eq(no_time),
            d::lease_until.eq(no_time),
            d::last_error.eq(no_error),
        ))
        .execute(conn)?;
    Ok(())
}

/// Moves a lease, as time would.
#[cfg(test)]
pub(in crate::portal) fn set_lease_for_test(conn: &mut Conn, id: &DeliveryId, until: At) -> Result<(), DbError> {
    diesel::update(deliveries::table.find(id)).set(deliveries::lease_until.eq(until)).execute(conn)?;
    Ok(())
}
