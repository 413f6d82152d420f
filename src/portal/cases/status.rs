//! The status of a case, computed from everything that was said of it.

use super::apply::{Row, Taken, external_code, key};
use super::effects::{newer, put_event, tell_of};
use super::fold::{Change, Standing, Step, in_order, standing};
use super::mapping::StatusMappings;
use super::model::*;
use super::request_store::RequestState;
use super::{inbound_store, request_store, store};
use crate::contract::{Closed, EventData as Said, NextMove, PortalStatus, StatusChanged, Transferred};
use crate::db::{Conn, DbError};
use crate::portal::notifications::News;
use crate::vocabulary::At;

/// A status, a closing, a reopening or a transfer has come.
pub(super) fn status(
    conn: &mut Conn,
    mappings: &StatusMappings,
    case: &Case,
    row: &Row<'_>,
    said: &Said,
    now: At,
) -> Result<Taken, DbError> {
    let at = row.event.time;
    let mapped = external_code(said).and_then(|code| mappings.find(&case.target, &case.case_type, code, at));
    let (kind, portal, data) = match said {
        Said::StatusChanged(StatusChanged { visible_text, .. }) => match mapped {
            // Kept and shown to staff; as it stays the newest of its aspect, an older one does not win later.
            None => return Ok(Taken { fate: Fate::Unmapped, ..Taken::applied() }),
            Some(m) => {
                let data = EventData {
                    status: Some(m.portal_code),
                    label: m.label_override.clone(),
                    text: visible_text.clone(),
                    ..EventData::default()
                };
                (EventKind::Status, Some(m.portal_code), data)
            }
        },
        Said::Closed(Closed { outcome, visible_text, .. }) => {
            let portal = mapped.map(|m| m.portal_code).filter(|s| s.is_terminal()).unwrap_or(PortalStatus::Closed);
            let data = EventData {
                status: Some(portal),
                text: visible_text.clone(),
                outcome: Some(*outcome),
                ..EventData::default()
            };
            (EventKind::Closed, Some(portal), data)
        }
        Said::Transferred(Transferred { to_unit, to_authority, reason }) => {
            let unit = to_unit.as_ref().map(|u| u.name.clone().unwrap_or_else(|| u.code.clone()));
            let data = EventData {
                status: Some(PortalStatus::Transferred),
                about: to_authority.clone().or(unit),
                text: reason.clone(),
                ..EventData::default()
            };
            (EventKind::Transferred, Some(PortalStatus::Transferred), data)
        }
        _ => {
            let data = EventData { status: Some(PortalStatus::InProgress), ..EventData::default() };
            (EventKind::Reopened, None, data)
        }
    };
    let newest = newer(conn, case, "status", row.seq)?;
    let late = if newest.is_some() { Fate::Stale } else { Fate::Applied };
    inbound_store::set_fate(conn, row.seq, late, portal)?;
    put_event(conn, case, row.event, row.sequence, (kind, at, data), false, now)?;
    let before = store::find(conn, &case.municipality, &case.id)?.map(|c| c.status);
    let after = project(conn, case)?;
    settle(conn, mappings, case, &after, now)?;
    let counted = after.counted.contains(&row.seq);
    // An older event that decides all the same (a closing that came late) was applied, whatever came before it.
    let decided = counted && (newest.is_none() || before != Some(after.status));
    let fate = match (decided, counted) {
        (true, _) => Fate::Applied,
        (false, true) => Fate::Stale,
        (false, false) if newest.is_some() => Fate::Stale,
        (false, false) => Fate::Held,
    };
    if decided {
        store::touch(conn, &case.id, now)?;
    }
    let is_unexpected = portal.is_some() && decided && before.is_some_and(|b| !b.allows(after.status));
    let warning = is_unexpected.then_some("transition-unexpected");
    Ok(Taken { fate, status: portal, newest: newest.flatten(), warning })
}

/// Computes the case's status, next move and outcome from everything that came, and writes them.
pub(super) fn project(conn: &mut Conn, case: &Case) -> Result<Standing, DbError> {
    let registered = !inbound_store::in_aspect(conn, &case.id, "identity")?.is_empty();
    let steps: Vec<Step> = inbound_store::in_aspect(conn, &case.id, "status")?.iter().map(step).collect();
    let now = standing(registered, &steps, case.withdrawn_at);
    let decisions = store::decisions(conn, &case.id)?;
    let outcome = match now.closed {
        Some((outcome, _)) => Some(outcome),
        None => standing_decision(&decisions).map(|d| d.data.0.outcome),
    };
    let is_decided = matches!(now.status, PortalStatus::Decided | PortalStatus::Enforced);
    let mut open = request_store::of_case(conn, &case.id)?;
    // What was asked before a decision is asked no more.
    open.retain(|r| r.state == RequestState::Open && (!is_decided || now.since.is_some_and(|at| r.asked_at > at)));
    let next_move = match now.status {
        PortalStatus::Withdrawn | PortalStatus::Transferred => NextMove::Nobody,
        _ if decisions.iter().any(Decision::awaits_confirmation) => NextMove::Resident,
        s if s.is_terminal() => NextMove::Nobody,
        _ if !open.is_empty() => NextMove::Resident,
        PortalStatus::Decided | PortalStatus::Enforced => NextMove::Nobody,
        // Until she has answered; the municipality says when it has what it needs.
        PortalStatus::SupplementNeeded if store::last_own_message(conn, &case.id)? <= now.since => NextMove::Resident,
        _ => NextMove::Municipality,
    };
    let closed_at = now.closed.map(|(_, at)| at).or(now.since.filter(|_| now.status.is_terminal()));
    let answer_by = open.iter().filter_map(|r| r.due_at).min().filter(|_| !now.status.is_terminal());
    let projection = store::Projection { status: now.status, next_move, outcome, closed_at, answer_by };
    store::project(conn, &case.id, &projection)?;
    Ok(now)
}

/// The newest decision that no other has taken the place of.
pub(super) fn standing_decision(decisions: &[Decision]) -> Option<&Decision> {
    let is_replaced =
        |d: &Decision| decisions.iter().any(|other| other.data.0.replaces_decision_id.as_ref() == Some(&d.decision_id));
    decisions.iter().find(|d| !is_replaced(d)).or(decisions.first())
}

fn step(row: &InboundEvent) -> Step {
    let change = match (row.body.0.read().ok(), row.portal_status) {
        (Some(Said::Reopened(_)), _) => Change::Reopened,
        (Some(Said::Closed(c)), Some(portal)) => Change::Closed(portal, c.outcome, c.closed_at),
        (_, Some(portal)) => Change::To(portal),
        (_, None) => Change::Unmapped,
    };
    Step { row: row.seq, sequence: row.sequence, time: row.time, change, stale: row.outcome == Fate::Stale }
}

/// After the status was computed again: what counts now stands in the timeline, what met a terminal status does not, and
/// she is told of the last that counts and is to be told of.
fn settle(conn: &mut Conn, mappings: &StatusMappings, case: &Case, after: &Standing, now: At) -> Result<(), DbError> {
    let rows = inbound_store::in_aspect(conn, &case.id, "status")?;
    let mut worth = Vec::new();
    for row in &rows {
        let mapping =
            row.external_code.as_deref().and_then(|code| mappings.find(&case.target, &case.case_type, code, row.time));
        let hidden = row.kind == "status_changed" && mapping.is_some_and(|m| !m.visible);
        let counts = after.counted.contains(&row.seq);
        store::show_event(conn, &case.id, &key(&row.body.0), counts && !hidden)?;
        if counts && row.outcome == Fate::Held {
            inbound_store::set_fate(conn, row.seq, Fate::Applied, None)?;
        } else if !counts && row.outcome == Fate::Applied {
            inbound_store::set_fate(conn, row.seq, Fate::Held, None)?;
        }
        if counts && !hidden && mapping.is_none_or(|m| m.notify) {
            worth.push((row, row.sequence, row.time));
        }
    }
    let last = in_order(&worth, |(row, sequence, time)| (*sequence, *time, row.seq)).pop();
    tell_of(conn, case, rows.iter(), last.map(|(row, ..)| (row, News::Status)), now)
}
