//! An errand as the portal may read it, and who has it.

use super::Catalogue;
use super::store::Errand;
use crate::contract::{HandlerRef, ReceiptStatus, UnitRef, sequence_text};
use crate::db::{Conn, DbError};
use crate::desk::staff;
use serde_json::{Value, json};

/// Unit and handler. Where secrecy is strict the resident is told that somebody has it, not who.
pub(super) fn who_has(c: &mut Conn, errand: &Errand) -> Result<(Option<UnitRef>, Option<HandlerRef>), DbError> {
    let unit = staff::unit(c, &errand.municipality, &errand.unit)?;
    let is_strict = unit.as_ref().is_none_or(|u| u.strict);
    let handler = match &errand.handler {
        Some(affiliation) => staff::find(c, &errand.municipality, affiliation)?.map(|m| HandlerRef {
            id: m.affiliation,
            name: m.name,
            email: Some(m.email),
            phone: None,
            show_to_citizen: !is_strict,
        }),
        None => None,
    };
    Ok((unit.map(|u| UnitRef { code: u.code, name: Some(u.name) }), handler))
}

/// Where it stands now. The status bears the errand's last sequence: whatever comes later is newer than this.
pub fn case_snapshot(c: &mut Conn, catalogue: &Catalogue, errand: &Errand) -> Result<Value, DbError> {
    let (unit, handler) = who_has(c, errand)?;
    let sequence = sequence_text(errand.sequence.unsigned_abs());
    Ok(json!({
        "caseId": errand.case_id,
        "externalCaseId": errand.id,
        "reference": errand.reference,
        "diaryNumber": errand.diary_number,
        "caseType": errand.case_type,
        "unit": unit,
        "handler": handler,
        "status": ReceiptStatus { external_code: errand.status.clone(), sequence: sequence.clone() },
        "label": catalogue.label(&errand.status),
        "dueDate": errand.due_on,
        "outcome": errand.outcome,
        "closed": errand.closed_at.is_some(),
        "closedAt": errand.closed_at,
        "receivedAt": errand.received_at,
        "updatedAt": errand.updated_at,
        "lastSequence": sequence,
    }))
}
