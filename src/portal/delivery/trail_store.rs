//! Where what a resident sent is: received here, registered there. For her own page: no state of a queue, no fault.

use super::store::DeliveryState;
use crate::contract::DeliveryKind;
use crate::db::schema::{deliveries, target_states};
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, CaseId, DeliveryId, MunicipalitySlug, TargetSlug};
use diesel::prelude::*;

/// After so long she is told that the receiver is slow. Seconds.
const LATE: i64 = 3600;

/// One thing that she sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Handed {
    /// What.
    pub kind: DeliveryKind,
    /// When it reached the municipality.
    pub received_at: At,
    /// When whoever handles it had it; `None`: on its way.
    pub registered_at: Option<At>,
    /// It has been on its way for long, or its receiver does not answer.
    pub is_late: bool,
}

/// All that she sent in a case, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trail {
    /// What was handed over or is to be.
    pub handed: Vec<Handed>,
}

/// The trail of a case. What is not to be sent any more is not in it.
pub fn trail(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    case: &CaseId,
    target: &TargetSlug,
    now: At,
) -> Result<Trail, DbError> {
    use {deliveries as d, target_states as t};
    let paused: Option<Option<String>> =
        t::table.find((municipality, target)).select(t::paused).first(conn).optional()?;
    let is_paused = paused.flatten().is_some();
    let rows: Vec<(DeliveryKind, DeliveryState, At, Option<At>)> = d::table
        .filter(d::case_id.eq(case))
        .filter(d::state.ne(DeliveryState::Cancelled))
        .order(d::id)
        .select((d::kind, d::state, d::received_at, d::finished_at))
        .load(conn)?;
    let handed = rows.into_iter().map(|(kind, state, received_at, finished_at)| {
        let is_there = matches!(state, DeliveryState::Registered | DeliveryState::ResolvedManually);
        // What waits for its own receipt, or for signatures, is not late.
        let is_waiting = !is_there && state != DeliveryState::WaitingPrecondition;
        let is_late = is_waiting && (is_paused || received_at.plus_seconds(LATE) < now);
        Handed { kind, received_at, registered_at: finished_at.filter(|_| is_there), is_late }
    });
    Ok(Trail { handed: handed.collect() })
}

/// The deliveries of a case that are in one of these states, in order.
pub(super) fn open_of_case(
    conn: &mut Conn,
    case: &CaseId,
    states: &[DeliveryState],
) -> Result<Vec<DeliveryId>, DbError> {
    use deliveries as d;
    let open = d::table.filter(d::case_id.eq(case)).filter(d::state.eq_any(states.to_vec()));
    Ok(open.order(d::id).select(d::id).load(conn)?)
}
