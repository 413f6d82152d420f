//! All SQL of how much waits for a target and how much goes there: for staff.

use super::store::DeliveryState;
use crate::db::schema::deliveries;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, MunicipalitySlug, TargetSlug};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

/// Not with the target yet.
const UNDER_WAY: [DeliveryState; 4] = [
    DeliveryState::WaitingPrecondition,
    DeliveryState::Pending,
    DeliveryState::InProgress,
    DeliveryState::RetryScheduled,
];
/// What is counted; how many have been registered in all the years, nobody needs.
const COUNTED: [DeliveryState; 6] = [
    DeliveryState::WaitingPrecondition,
    DeliveryState::Pending,
    DeliveryState::InProgress,
    DeliveryState::RetryScheduled,
    DeliveryState::Accepted,
    DeliveryState::Dead,
];

/// How much waits for a target and how much goes there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Not with it yet.
    pub waiting: i64,
    /// With it, and not registered.
    pub accepted: i64,
    /// Given up, and settled by nobody.
    pub dead: i64,
    /// When the oldest of those that wait was received.
    pub oldest: Option<At>,
    /// Registered within the last hour.
    pub last_hour: i64,
    /// Registered within the last 24 hours.
    pub last_day: i64,
}

/// Of one target, now.
pub fn load(conn: &mut Conn, municipality: &MunicipalitySlug, target: &TargetSlug, now: At) -> Result<Load, DbError> {
    use deliveries as d;
    let own = d::table.filter(d::municipality.eq(municipality)).filter(d::target.eq(target));
    let counts: Vec<(DeliveryState, i64)> =
        own.filter(d::state.eq_any(COUNTED)).group_by(d::state).select((d::state, count_star())).load(conn)?;
    let mut load = Load::default();
    for (state, n) in counts {
        *match state {
            DeliveryState::Accepted => &mut load.accepted,
            DeliveryState::Dead => &mut load.dead,
            _ => &mut load.waiting,
        } += n;
    }
    // State by state: each is one look at an index.
    for state in UNDER_WAY {
        let first: Option<At> = own.filter(d::state.eq(state)).select(min(d::received_at)).first(conn)?;
        load.oldest = load.oldest.into_iter().chain(first).min();
    }
    let since = |conn: &mut Conn, seconds: i64| {
        own.filter(d::finished_at.ge(now.plus_seconds(-seconds)))
            .filter(d::state.eq(DeliveryState::Registered))
            .count()
            .get_result::<i64>(conn)
    };
    load.last_hour = since(conn, 3600)?;
    load.last_day = since(conn, 86_400)?;
    Ok(load)
}
