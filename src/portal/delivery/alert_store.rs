//! All SQL of alerts: what is wrong now, and what somebody has been told of.

use super::store::DeliveryState;
use crate::db::schema::{deliveries, delivery_alerts, target_states};
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, DeliveryId, MunicipalitySlug, TargetSlug};
use crate::word_enum;
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

word_enum! {
    /// What somebody is told of.
    AlertKind {
        /// Deliveries to a target wait too long.
        Late = "late",
        /// Nothing is sent to a target.
        Paused = "paused",
        /// A delivery was given up.
        Dead = "dead",
        /// A delivery was taken and is not registered.
        Unregistered = "unregistered",
    }
}

/// On its way, and not yet with the receiver.
const UNDER_WAY: [DeliveryState; 3] =
    [DeliveryState::Pending, DeliveryState::InProgress, DeliveryState::RetryScheduled];
/// Told of in one go at most; the rest at the next look.
const MOST: i64 = 500;

/// What has been told: of which subject, since when, and whether it has been told once more.
pub(super) type Raised = (String, At, Option<At>);

pub(super) fn raised(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    kind: AlertKind,
) -> Result<Vec<Raised>, DbError> {
    use delivery_alerts as a;
    Ok(a::table
        .filter(a::municipality.eq(municipality))
        .filter(a::kind.eq(kind))
        .select((a::subject, a::raised_at, a::escalated_at))
        .load(conn)?)
}

/// True when nobody had been told before.
pub(super) fn raise(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    kind: AlertKind,
    subject: &str,
    now: At,
) -> Result<bool, DbError> {
    use delivery_alerts as a;
    let row = (a::municipality.eq(municipality), a::kind.eq(kind), a::subject.eq(subject), a::raised_at.eq(now));
    Ok(diesel::insert_into(a::table).values(row).on_conflict_do_nothing().each().execute(conn)? == 1)
}

/// True when it had not been told twice.
pub(super) fn escalate(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    kind: AlertKind,
    subject: &str,
    now: At,
) -> Result<bool, DbError> {
    use delivery_alerts as a;
    let row = a::table.find((municipality, kind, subject)).filter(a::escalated_at.is_null());
    Ok(diesel::update(row).set(a::escalated_at.eq(now)).execute(conn)? == 1)
}

/// It is over: if it comes again, it is told again.
pub(super) fn over(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    kind: AlertKind,
    subject: &str,
) -> Result<(), DbError> {
    use delivery_alerts as a;
    diesel::delete(a::table.find((municipality, kind, subject))).execute(conn)?;
    Ok(())
}

/// Targets with deliveries that were received before `before` and are not with them, and how many.
pub(super) fn late(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    before: At,
) -> Result<Vec<(TargetSlug, i64)>, DbError> {
    use deliveries as d;
    let late = d::table
        .filter(d::municipality.eq(municipality))
        .filter(d::state.eq_any(UNDER_WAY))
        .filter(d::received_at.lt(before))
        .group_by(d::target)
        .order(d::target);
    Ok(late.select((d::target, count_star())).load(conn)?)
}

/// Targets that nothing is sent to.
pub(super) fn paused(conn: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<TargetSlug>, DbError> {
    use target_states as t;
    let paused = t::table.filter(t::municipality.eq(municipality)).filter(t::paused.is_not_null());
    Ok(paused.order(t::target).select(t::target).load(conn)?)
}

/// Deliveries that nobody has been told of: given up, or asked about in vain when it was time.
pub(super) fn untold(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    kind: AlertKind,
) -> Result<Vec<(DeliveryId, TargetSlug)>, DbError> {
    use {deliveries as d, delivery_alerts as a};
    let told = a::table
        .filter(a::municipality.eq(municipality))
        .filter(a::kind.eq(kind))
        .filter(a::subject.eq(d::id))
        .select(a::subject);
    let query = d::table
        .filter(d::municipality.eq(municipality))
        .filter(diesel::dsl::not(diesel::dsl::exists(told)))
        .order(d::id)
        .limit(MOST)
        .select((d::id, d::target))
        .into_boxed();
    let query = match kind {
        AlertKind::Unregistered => {
            query.filter(d::state.eq(DeliveryState::Accepted)).filter(d::last_error.is_not_null())
        }
        _ => query.filter(d::state.eq(DeliveryState::Dead)),
    };
    Ok(query.load(conn)?)
}

/// Those told of that are not so any more.
pub(super) fn settled(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    kind: AlertKind,
) -> Result<Vec<String>, DbError> {
    use {deliveries as d, delivery_alerts as a};
    let state = if kind == AlertKind::Unregistered { DeliveryState::Accepted } else { DeliveryState::Dead };
    let still = d::table.filter(d::id.eq(a::subject)).filter(d::state.eq(state)).select(d::id);
    let gone = a::table
        .filter(a::municipality.eq(municipality))
        .filter(a::kind.eq(kind))
        .filter(diesel::dsl::not(diesel::dsl::exists(still)));
    Ok(gone.select(a::subject).load(conn)?)
}

/// When the oldest delivery that is not with its receiver was received, in all municipalities: seconds since 1970, 0 when
/// there is none. For metrics.
pub fn oldest(conn: &mut Conn) -> Result<i64, DbError> {
    use deliveries as d;
    // State by state: each is one look at an index.
    let mut oldest: Option<At> = None;
    for state in UNDER_WAY {
        let first: Option<At> = d::table.filter(d::state.eq(state)).select(min(d::received_at)).first(conn)?;
        oldest = oldest.into_iter().chain(first).min();
    }
    Ok(oldest.map_or(0, At::seconds))
}

/// How many have been given up and nobody has settled, in all municipalities. For metrics.
pub fn dead(conn: &mut Conn) -> Result<i64, DbError> {
    use deliveries as d;
    Ok(d::table.filter(d::state.eq(DeliveryState::Dead)).count().get_result(conn)?)
}

/// How many targets nothing is sent to, in all municipalities. For metrics.
pub fn targets_paused(conn: &mut Conn) -> Result<i64, DbError> {
    use target_states as t;
    Ok(t::table.filter(t::paused.is_not_null()).count().get_result(conn)?)
}
