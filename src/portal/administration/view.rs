//! What the templates see.

use crate::portal::cases::InboundEvent;
use crate::portal::delivery::{Balance, DeliveryRow, DeliveryState, TargetState};
use crate::vocabulary::{At, Day};
use crate::web::Visit;
use serde_json::{Value, json};

pub(super) fn when(visit: &Visit, at: At) -> String {
    visit.voice.date_time(at)
}

/// The text key of a state: `admin-state-retry-scheduled`.
pub(super) fn state(visit: &Visit, state: DeliveryState) -> String {
    visit.text(&format!("admin-state-{}", state.as_str().replace('_', "-")))
}

fn kind_of(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Dead => "danger",
        DeliveryState::Registered | DeliveryState::ResolvedManually => "success",
        DeliveryState::RetryScheduled => "action",
        _ => "progress",
    }
}

pub(super) fn delivery(visit: &Visit, row: &DeliveryRow) -> Value {
    json!({
        "id": row.id,
        "href": format!("/leveranser/{}", row.id),
        "case_id": row.case_id,
        "target": row.target,
        "kind": visit.text(&format!("admin-kind-{}", row.kind.as_str().replace('_', "-"))),
        "state": state(visit, row.state),
        "state_kind": kind_of(row.state),
        "attempts": row.attempts,
        "unclear": row.unclear,
        "why": row.last_error,
        "received": when(visit, row.received_at),
        "next": when(visit, row.next_at),
        "finished": row.finished_at.map(|at| when(visit, at)),
        "resolved_by": row.resolved_by,
        "resolved_why": row.resolved_why,
        "waits_for_receipt": row.state == DeliveryState::WaitingPrecondition,
        "can_retry": row.state == DeliveryState::Dead,
        "can_resolve": matches!(row.state, DeliveryState::Dead | DeliveryState::RetryScheduled | DeliveryState::Accepted),
    })
}

pub(super) fn target(visit: &Visit, t: &TargetState) -> Value {
    let text = t.paused.map(|p| visit.text(&format!("admin-paused-{}", p.as_str())));
    json!({
        "slug": t.target,
        "paused": text,
        "failures": t.failures,
        "since": when(visit, t.since),
        "why": t.why,
        "probe": when(visit, t.probe_at),
    })
}

pub(super) fn event(visit: &Visit, e: &InboundEvent) -> Value {
    json!({
        "case_id": e.case_id,
        "target": e.target,
        "kind": e.kind,
        "code": e.external_code,
        "fate": visit.text(&format!("admin-fate-{}", e.outcome.as_str())),
        "time": when(visit, e.time),
        "received": when(visit, e.received_at),
    })
}

pub(super) fn balance(visit: &Visit, day: Day, b: Balance) -> Value {
    json!({ "day": visit.voice.day(day), "sum": b, "even": b.is_even() })
}
