//! What the templates see.

use super::masked::Member;
use crate::contract::EventData;
use crate::portal::cases::{Fate, InboundEvent, MappingRow};
use crate::portal::delivery::{self, Attempt, Balance, DeliveryRow, DeliveryState, Load, TargetState};
use crate::portal::integration::ReceiverKey;
use crate::settings::{Target, TargetKind};
use crate::vocabulary::{At, Day, TargetSlug};
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

/// A person can still do something about it.
pub(super) fn is_open(state: DeliveryState) -> bool {
    !matches!(
        state,
        DeliveryState::Registered
            | DeliveryState::ResolvedManually
            | DeliveryState::Cancelled
            | DeliveryState::WaitingPrecondition
    )
}

pub(super) fn delivery(visit: &Visit, row: &DeliveryRow) -> Value {
    json!({
        "id": row.id,
        "href": format!("/leveranser/{}", row.id),
        "case_id": row.case_id,
        "target": named(visit, &row.target),
        "kind": visit.text(&format!("admin-kind-{}", row.kind.as_str().replace('_', "-"))),
        "state": state(visit, row.state),
        "state_kind": kind_of(row.state),
        "attempts": row.attempts,
        "unclear": row.unclear,
        "why": row.last_error.as_deref().map(|note| said(visit, note)),
        "received": when(visit, row.received_at),
        "next": when(visit, row.next_at),
        "finished": row.finished_at.map(|at| when(visit, at)),
        "resolved_by": row.resolved_by,
        "resolved_why": row.resolved_why,
        "waits_for_receipt": row.state == DeliveryState::WaitingPrecondition,
        "can_retry": row.state == DeliveryState::Dead,
        "can_resolve": matches!(row.state, DeliveryState::Dead | DeliveryState::RetryScheduled | DeliveryState::Accepted),
        // While it is being sent nobody knows yet.
        "can_cancel": row.state == DeliveryState::WaitingPrecondition
            || (is_open(row.state) && row.state != DeliveryState::InProgress),
        "sent_to": row.config_snapshot.as_ref().and_then(|s| s.0.url.clone()),
    })
}

pub(super) fn target(visit: &Visit, t: &TargetState) -> Value {
    let text = t.paused.map(|p| visit.text(&format!("admin-paused-{}", p.as_str())));
    json!({
        "slug": t.target,
        "name": named(visit, &t.target),
        "can_probe": t.paused.is_some_and(|p| !p.needs_a_person()),
        "paused": text,
        "failures": t.failures,
        "since": when(visit, t.since),
        "why": said(visit, &t.why),
        "probe": when(visit, t.probe_at),
    })
}

/// A delivery's attempt.
pub(super) fn attempt(visit: &Visit, a: &Attempt) -> Value {
    // An attempt that went well is noted with the state that the receiver told.
    let told = a.note.parse::<DeliveryState>().map_or_else(|_| said(visit, &a.note), |s| state(visit, s));
    json!({
        "n": a.n, "at": when(visit, a.started_at), "status": a.http_status, "note": told,
        "class": a.error_class.as_deref().map(|class| visit.text(&format!("admin-class-{class}"))),
    })
}

/// What is noted of a call that went wrong, in the visitor's words where we wrote it ourselves.
fn said(visit: &Visit, note: &str) -> String {
    let key = match note {
        "no connection" => "no-connection",
        "no answer in time" => "no-answer",
        "the connection broke" => "connection-broke",
        "the certificate is not accepted" => "certificate",
        "the worker stopped in the middle" => "worker-stopped",
        "the answer cannot be read" => "unreadable-answer",
        "no access token is given" => "no-token",
        other => return other.to_owned(),
    };
    visit.text(&format!("admin-said-{key}"))
}

/// A system as people call it; by its word when it is not in the settings any more.
pub(super) fn named(visit: &Visit, slug: &TargetSlug) -> String {
    let ground = &visit.ground;
    delivery::target_of(&ground.settings, &ground.municipalities, &visit.municipality.slug, slug)
        .map_or_else(|| slug.to_string(), |target| target.display_name(slug))
}

/// What an event is about; its own word when it is none of ours.
pub(super) fn event_kind(visit: &Visit, kind: &str) -> String {
    if EventData::NAMES.contains(&kind) {
        visit.text(&format!("event-kind-{}", kind.replace('_', "-")))
    } else {
        kind.to_owned()
    }
}

/// How long ago, in the largest whole unit.
fn age(visit: &Visit, since: At) -> String {
    let seconds = (visit.ground.clock.now().seconds() - since.seconds()).max(0);
    let (key, count) = match seconds {
        0..60 => ("admin-age-moment", 0),
        60..3600 => ("admin-age-minutes", seconds / 60),
        3600..172_800 => ("admin-age-hours", seconds / 3600),
        _ => ("admin-age-days", seconds / 86_400),
    };
    visit.voice.about(key, "count", count)
}

pub(super) fn kind_of_target(visit: &Visit, kind: TargetKind) -> String {
    visit.text(&format!("admin-target-kind-{}", kind.as_str()))
}

/// A receiving system with what waits and what goes.
pub(super) fn receiver(
    visit: &Visit,
    slug: &TargetSlug,
    settings: &Target,
    state: Option<&TargetState>,
    load: &Load,
    wrong: bool,
) -> Value {
    let is_polled = settings.kind == TargetKind::Polled;
    let paused = state.and_then(|s| s.paused);
    json!({
        "slug": slug,
        "name": settings.display_name(slug),
        "kind": kind_of_target(visit, settings.kind),
        "state": visit.text(match (paused.is_some(), is_polled) {
            (true, _) => "admin-target-stopped",
            (false, true) => "admin-target-fetches",
            (false, false) => "admin-target-sends",
        }),
        "state_kind": if paused.is_some() { "danger" } else { "success" },
        "paused": state.filter(|s| s.paused.is_some()).map(|s| target(visit, s)),
        "failures": state.map_or(0, |s| s.failures),
        "waiting": load.waiting,
        "accepted": load.accepted,
        "dead": load.dead,
        "oldest": load.oldest.map(|at| age(visit, at)),
        "last_hour": load.last_hour,
        "last_day": load.last_day,
        "can_pause": !is_polled && paused.is_none_or(|p| !p.needs_a_person()),
        "can_probe": paused.is_some_and(|p| !p.needs_a_person()),
        "can_resume": paused.is_some(),
        "wrong": wrong,
    })
}

/// The members of a body, masked ones with no value.
pub(super) fn members(members: &[Member]) -> Vec<Value> {
    members.iter().map(|m| json!({ "path": m.path, "value": m.value })).collect()
}

pub(super) fn fate(visit: &Visit, fate: Fate) -> String {
    visit.text(&format!("admin-fate-{}", fate.as_str()))
}

pub(super) fn event(visit: &Visit, e: &InboundEvent, reference: Option<&String>) -> Value {
    let kind = match e.outcome {
        Fate::Applied => "success",
        Fate::Stale | Fate::Held => "neutral",
        Fate::Parked => "progress",
        Fate::Unmapped | Fate::Dead => "action",
    };
    json!({
        "href": format!("/handelser/{}", e.seq),
        "case_id": e.case_id,
        "reference": reference,
        "target": named(visit, &e.target),
        "kind": event_kind(visit, &e.kind),
        "code": e.external_code,
        "fate": fate(visit, e.outcome),
        "fate_kind": kind,
        "time": when(visit, e.time),
        "received": when(visit, e.received_at),
    })
}

/// What an event says of itself: name and value.
pub(super) fn envelope(visit: &Visit, e: &InboundEvent) -> Vec<Value> {
    let body = &e.body.0;
    let all = [
        ("type", body.kind.clone()),
        ("source", body.source.clone()),
        ("id", body.id.clone()),
        ("subject", body.subject.clone()),
        ("time", format!("{} ({})", body.time.rfc3339(), when(visit, e.time))),
        ("sequence", body.sequence.clone().unwrap_or_default()),
        ("replay", if e.replay { "true".to_owned() } else { String::new() }),
        ("sha256", e.body_sha256.clone()),
    ];
    let filled = all.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// A row of the table of statuses.
pub(super) fn mapping(visit: &Visit, row: &MappingRow) -> Value {
    json!({
        "code": row.external_code,
        "status": visit.text(&format!("status-{}", row.portal_code.as_str().replace('_', "-"))),
        "case_type": row.case_type,
        "label": row.label_override,
        "notify": row.notify,
        "visible": row.visible,
        "from": row.valid_from.map(|day| visit.voice.day(day)),
    })
}

/// A key that was issued here; never the key itself.
pub(super) fn key(visit: &Visit, key: &ReceiverKey) -> Value {
    json!({
        "id": key.id,
        "kind": visit.text(&format!("admin-key-{}", key.kind.as_str().replace('_', "-"))),
        "created": when(visit, key.created_at),
        "by": key.created_by.strip_prefix("staff:").unwrap_or(&key.created_by),
        "expires": key.expires_at.map(|at| when(visit, at)),
        "revoked": key.revoked_at.map(|at| when(visit, at)),
        "revoked_by": key.revoked_by.as_deref().map(|who| who.strip_prefix("staff:").unwrap_or(who)),
        "used": key.used_at.map(|at| when(visit, at)),
    })
}

pub(super) fn balance(visit: &Visit, day: Day, b: Balance) -> Value {
    json!({ "day": visit.voice.day(day), "sum": b, "even": b.is_even() })
}
