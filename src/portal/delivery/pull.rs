//! The same deliveries for a receiver that cannot be called: it asks what there is, takes one for a while, fetches it, and
//! says what became of it. What it says feeds the same states as an answer to a push.

use super::receiver::{ASK_AFTER, Answer};
use super::schedule::{Next, next};
use super::store::{self, DeliveryRow, DeliveryState, Finish, SETTLED};
use super::{DeliveryFault, content, pull_store, resolve, target_store};
use crate::contract::{DeliveryKind, DeliveryReceipt, ReceiptState};
use crate::db::{Conn, DbError};
use crate::portal::cases::{self, StatusMappings};
use crate::settings::{Keys, random_bytes};
use crate::vocabulary::{At, DeliveryId, MunicipalitySlug, TargetSlug};

/// Whose, and to whom: proved by token or signature.
#[derive(Clone, Debug)]
pub struct Puller {
    /// Whose resident.
    pub municipality: MunicipalitySlug,
    /// Which system.
    pub target: TargetSlug,
    /// The portal's address for this municipality.
    pub address: String,
}

/// What the system may take now, the oldest first, and whether there is more.
pub fn available(
    conn: &mut Conn,
    who: &Puller,
    offset: i64,
    limit: i64,
    now: At,
) -> Result<(Vec<DeliveryRow>, bool), DbError> {
    let mut rows = pull_store::available(conn, &who.municipality, &who.target, now, offset, limit + 1)?;
    let has_more = i64::try_from(rows.len()).is_ok_and(|n| n > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((rows, has_more))
}

/// What came of the wish to take a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lease {
    /// It is the caller's until then; after that anybody's again.
    Until(At),
    /// Somebody else has it, or one before it in its case is not done.
    Taken,
    /// There is no such delivery for this system, or it is settled.
    Unknown,
}

/// Takes one delivery and builds its body.
pub fn lease(
    conn: &mut Conn,
    keys: &Keys,
    who: &Puller,
    id: &DeliveryId,
    seconds: u32,
    now: At,
) -> Result<Lease, DeliveryFault> {
    let Some(row) = pull_store::lock(conn, &who.municipality, &who.target, id)? else { return Ok(Lease::Unknown) };
    if SETTLED.contains(&row.state) || matches!(row.state, DeliveryState::WaitingPrecondition | DeliveryState::Dead) {
        return Ok(Lease::Unknown);
    }
    // A lease that has run out counts from that moment, also before the worker has seen it.
    if row.state == DeliveryState::InProgress && row.lease_until.is_some_and(|until| until <= now) {
        store::expire_leases(conn, now)?;
    }
    if !pull_store::is_free(conn, &who.municipality, &who.target, id, now)? {
        return Ok(Lease::Taken);
    }
    if let Err(fault) = content::sealed_body(conn, keys, &who.municipality, id, &who.address) {
        return match fault {
            DeliveryFault::Signature(_) => {
                tracing::error!(delivery = %id, case = %row.case_id, error = %fault, "a delivery was stopped");
                give_up(conn, &row, fault.to_string(), now)?;
                Ok(Lease::Unknown)
            }
            fault => Err(fault),
        };
    }
    let until = now.plus_seconds(i64::from(seconds));
    Ok(if pull_store::take(conn, id, until)? { Lease::Until(until) } else { Lease::Taken })
}

fn give_up(conn: &mut Conn, row: &DeliveryRow, why: String, now: At) -> Result<(), DbError> {
    let open = [DeliveryState::Pending, DeliveryState::RetryScheduled];
    store::add_attempt(conn, row, now, now, None, Some("permanent"), &why)?;
    store::settle(conn, &row.municipality, &row.id, &open, DeliveryState::Dead, None, now)?;
    Ok(())
}

/// The body of a delivery that is the system's to read: one that was built, or one that it may take now.
pub fn body(
    conn: &mut Conn,
    keys: &Keys,
    who: &Puller,
    id: &DeliveryId,
    now: At,
) -> Result<Option<Vec<u8>>, DeliveryFault> {
    if store::find(conn, &who.municipality, id)?.is_none_or(|row| row.target != who.target) {
        return Ok(None);
    }
    if let (Some(body), _) = content::body_of(conn, keys, id)? {
        return Ok(Some(body));
    }
    if !pull_store::is_free(conn, &who.municipality, &who.target, id, now)? {
        return Ok(None);
    }
    content::sealed_body(conn, keys, &who.municipality, id, &who.address).map(Some)
}

/// What came of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Written down.
    New,
    /// Known already, the same.
    Same,
    /// The delivery has another errand.
    Conflict,
    /// Registered, but under no name.
    Nameless,
    /// There is no such delivery for this system.
    Unknown,
}

/// The system says that it has a delivery. True whoever has the lease by now: what is registered is registered.
pub fn receipt(
    conn: &mut Conn,
    mappings: &StatusMappings,
    who: &Puller,
    receipt: &DeliveryReceipt,
    now: At,
) -> Result<Taken, DbError> {
    let id = &receipt.delivery_id;
    let Some(row) = pull_store::lock(conn, &who.municipality, &who.target, id)? else { return Ok(Taken::Unknown) };
    let known = cases::find(conn, &who.municipality, &row.case_id)?.and_then(|case| case.external_case_id);
    let is_registered = receipt.state == ReceiptState::Registered;
    if is_registered && receipt.external_case_id.is_none() {
        return Ok(Taken::Nameless);
    }
    if is_registered && known.is_some() && known != receipt.external_case_id {
        return Ok(Taken::Conflict);
    }
    match row.state {
        DeliveryState::WaitingPrecondition => return Ok(Taken::Unknown),
        DeliveryState::Cancelled => return Ok(Taken::Conflict),
        DeliveryState::Registered | DeliveryState::ResolvedManually => {
            // Its event was here first: what the receipt says besides, of status and handler, is still true.
            if is_registered && row.kind == DeliveryKind::Submission {
                resolve::tell_case(conn, mappings, &row, receipt, &who.address, now)?;
            }
            return Ok(Taken::Same);
        }
        DeliveryState::Accepted if !is_registered => return Ok(Taken::Same),
        _ => {}
    }
    store::add_attempt(conn, &row, now, now, None, None, receipt.state.as_str())?;
    target_store::target_answers(conn, &who.municipality, &who.target, false, now)?;
    if !is_registered {
        pull_store::accept(conn, id, now.plus_seconds(ASK_AFTER))?;
        return Ok(Taken::New);
    }
    store::settle(conn, &who.municipality, id, &[row.state], DeliveryState::Registered, None, now)?;
    if row.kind == DeliveryKind::Submission {
        resolve::tell_case(conn, mappings, &row, receipt, &who.address, now)?;
    }
    Ok(Taken::New)
}

/// The system could not take a delivery. `false`: it has no lease on it any more. `code`: its own, for staff.
pub fn failure(
    conn: &mut Conn,
    who: &Puller,
    id: &DeliveryId,
    code: &str,
    again: bool,
    schedule: &[u32],
    now: At,
) -> Result<Option<bool>, DbError> {
    let Some(row) = pull_store::lock(conn, &who.municipality, &who.target, id)? else { return Ok(None) };
    if row.state != DeliveryState::InProgress || row.lease_until.is_none_or(|until| until <= now) {
        return Ok(Some(false));
    }
    let note: String = code.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).take(60).collect();
    let (class, answer) = if again {
        let answer = Answer::Transient { status: None, retry_after: None, unclear: false, note: note.clone() };
        ("transient", answer)
    } else {
        ("permanent", Answer::Unfit { note: note.clone() })
    };
    let [jitter] = random_bytes::<1>().unwrap_or([128]);
    let spent = row.attempts + 1;
    let ended = |state, next_at, not_before, why, finished_at| Finish {
        state,
        attempts: spent,
        unclear: false,
        next_at,
        not_before,
        last_error: Some(why),
        finished_at,
    };
    let finish = match next(answer, spent, schedule, now, jitter) {
        Next::Retry { at, not_before, why, .. } => ended(DeliveryState::RetryScheduled, at, not_before, why, None),
        Next::Dead { why } => ended(DeliveryState::Dead, now, None, why, Some(now)),
        // Neither registered, accepted nor paused comes of a failure.
        Next::Registered(_) | Next::Accepted { .. } | Next::Paused { .. } => return Ok(Some(false)),
    };
    store::add_attempt(conn, &row, now, now, None, Some(class), &note)?;
    store::finish(conn, &row, &finish).map(Some)
}
