//! How a delivery ends other than by its own attempts: by the receiver's event, or by a person.

use super::store::{self, DeliveryRow, DeliveryState};
use super::trail_store;
use crate::audit;
use crate::contract::{
    CloudEvent, DeliveryKind, DeliveryReceipt, EventData, HandlerAssigned, Registered, StatusChanged, TYPE_PREFIX,
};
use crate::db::{Conn, DbError};
use crate::portal::cases::{self, Sender, StatusMappings};
use crate::vocabulary::{At, DeliveryId, MunicipalitySlug, TargetSlug};

/// Applies a receipt to the case as the events that it amounts to.
pub(super) fn tell_case(
    conn: &mut Conn,
    mappings: &StatusMappings,
    row: &DeliveryRow,
    receipt: &DeliveryReceipt,
    base: &str,
    now: At,
) -> Result<(), DbError> {
    let Some(external_case_id) = receipt.external_case_id.clone() else { return Ok(()) };
    let at = receipt.registered_at.unwrap_or(now).min(now);
    let sequence = receipt.status.as_ref().map(|s| s.sequence.clone());
    let mut said = vec![(
        EventData::Registered(Registered {
            delivery_id: row.id.clone(),
            external_case_id: external_case_id.clone(),
            diary_number: receipt.diary_number.clone(),
            registered_at: at,
            unit: receipt.unit.clone(),
        }),
        None,
    )];
    if let Some(handler) = &receipt.handler {
        let handler = HandlerAssigned { handler: Some(handler.clone()), unit: receipt.unit.clone() };
        said.push((EventData::HandlerAssigned(handler), sequence.clone()));
    }
    if let Some(status) = &receipt.status {
        let status = StatusChanged {
            external_case_id: Some(external_case_id),
            external_code: status.external_code.clone(),
            label: None,
            visible_text: None,
        };
        said.push((EventData::StatusChanged(status), sequence));
    }
    let sender = Sender { municipality: row.municipality.clone(), target: row.target.clone(), base: base.to_owned() };
    for (data, sequence) in said {
        let Ok(value) = data.to_value() else { continue };
        let event = CloudEvent {
            timeprecision: None,
            specversion: "1.0".into(),
            id: data.name().into(),
            source: format!("urn:kommunportal:delivery:{}", row.id),
            kind: format!("{TYPE_PREFIX}{}", data.name()),
            subject: row.case_id.to_string(),
            time: at,
            sequence,
            replay: false,
            datacontenttype: None,
            data: value,
        };
        let result = cases::apply(conn, &sender, mappings, &event, now)?;
        tracing::debug!(delivery = %row.id, outcome = result.outcome.as_str(), "a receipt was applied");
    }
    Ok(())
}

/// The receiver said by event that a delivery is registered: nothing more has to be sent or asked.
pub fn note_registered(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    id: &DeliveryId,
    now: At,
) -> Result<bool, DbError> {
    // `InProgress`: the event overtook the answer to the attempt, or its worker was killed before it wrote that down.
    let open = [
        DeliveryState::InProgress,
        DeliveryState::Accepted,
        DeliveryState::RetryScheduled,
        DeliveryState::Pending,
        DeliveryState::Dead,
    ];
    match store::find(conn, municipality, id)?.filter(|row| row.target == *target) {
        Some(_) => store::settle(conn, municipality, id, &open, DeliveryState::Registered, None, now),
        None => Ok(false),
    }
}

/// True when the receiver's event names a delivery that is its own, for this case.
pub fn registered_elsewhere(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    id: &DeliveryId,
    case: &str,
) -> Result<bool, DbError> {
    let found = store::find(conn, municipality, id)?;
    Ok(found.is_some_and(|row| row.target == *target && row.case_id.as_str() == case))
}

/// Gives a dead delivery all its attempts again, under the same idempotency key. False when it is not dead any more.
pub fn retry_dead(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    id: &DeliveryId,
    who: &str,
    now: At,
) -> Result<bool, DbError> {
    let done = store::settle(conn, municipality, id, &[DeliveryState::Dead], DeliveryState::Pending, None, now)?;
    if done {
        audit::record(conn, municipality, now, who, "delivery.retry", id.as_str(), "")?;
    }
    Ok(done)
}

/// A person decides that a delivery is not to be sent, and why. What follows it may go; what follows a submission cannot,
/// for its case will not be known there, and is cancelled with it. False when it had moved on.
pub fn cancel(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    id: &DeliveryId,
    who: &str,
    why: &str,
    now: At,
) -> Result<bool, DbError> {
    let from = [
        DeliveryState::WaitingPrecondition,
        DeliveryState::Pending,
        DeliveryState::RetryScheduled,
        DeliveryState::Accepted,
        DeliveryState::Dead,
    ];
    let done = store::settle(conn, municipality, id, &from, DeliveryState::Cancelled, Some((who, why)), now)?;
    if done {
        audit::record(conn, municipality, now, who, "delivery.cancel", id.as_str(), why)?;
        if let Some(row) = store::find(conn, municipality, id)?
            && row.kind == DeliveryKind::Submission
        {
            for follower in trail_store::open_of_case(conn, &row.case_id, &from)? {
                store::settle(conn, municipality, &follower, &from, DeliveryState::Cancelled, Some((who, why)), now)?;
                audit::record(conn, municipality, now, who, "delivery.cancel", follower.as_str(), why)?;
            }
        }
    }
    Ok(done)
}

/// What a person did by hand.
#[derive(Clone, Debug)]
pub struct Resolution<'a> {
    /// The receiver's id of the errand.
    pub external_case_id: &'a str,
    /// Its diary number.
    pub diary_number: Option<&'a str>,
    /// Who.
    pub who: &'a str,
    /// Why.
    pub why: &'a str,
}

/// A person has registered it by hand: the case gets its numbers, what follows it may go. False when it had moved on.
pub fn resolve_manually(
    conn: &mut Conn,
    mappings: &StatusMappings,
    municipality: &MunicipalitySlug,
    id: &DeliveryId,
    resolution: &Resolution<'_>,
    now: At,
) -> Result<bool, DbError> {
    let from = [DeliveryState::Dead, DeliveryState::RetryScheduled, DeliveryState::Accepted];
    let by = Some((resolution.who, resolution.why));
    if !store::settle(conn, municipality, id, &from, DeliveryState::ResolvedManually, by, now)? {
        return Ok(false);
    }
    audit::record(conn, municipality, now, resolution.who, "delivery.resolve", id.as_str(), resolution.why)?;
    if let Some(row) = store::find(conn, municipality, id)?
        && row.kind == DeliveryKind::Submission
    {
        let receipt = DeliveryReceipt {
            document_numbers: Default::default(),
            warnings: vec![],
            delivery_id: row.id.clone(),
            state: crate::contract::ReceiptState::Registered,
            registered_at: Some(now),
            external_case_id: Some(resolution.external_case_id.to_owned()),
            diary_number: resolution.diary_number.map(str::to_owned),
            case_type: None,
            unit: None,
            handler: None,
            status: None,
        };
        tell_case(conn, mappings, &row, &receipt, "", now)?;
    }
    Ok(true)
}
