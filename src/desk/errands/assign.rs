//! Who has an errand, and which unit.

use super::case_types::code;
use super::store::{self, Errand, Patch};
use super::{Act, ErrandFault, open};
use crate::audit;
use crate::contract::{EventData, HandlerAssigned, HandlerRef, UnitRef};
use crate::db::Conn;
use crate::desk::journal::{self, Happening};
use crate::desk::portal_link;
use crate::desk::staff::{self, Member};
use serde_json::json;

/// She takes it herself.
pub fn take(c: &mut Conn, act: &Act<'_>) -> Result<(), ErrandFault> {
    assign(c, act, &act.by.affiliation)
}

/// Somebody of the unit gets it. What nobody has, anyone may take; to give it to another, or to take it from one, is for
/// whoever has it and for managers.
pub fn assign(c: &mut Conn, act: &Act<'_>, to: &str) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    let hers = errand.handler.as_deref() == Some(act.by.affiliation.as_str());
    let is_manager = act.by.leads(&errand.unit);
    let takes_free = errand.handler.is_none() && to == act.by.affiliation;
    if errand.handler.as_deref() == Some(to) {
        return Ok(());
    }
    if !(takes_free || hers || is_manager) {
        return Err(ErrandFault::NotAllowed("desk-assign-not-yours"));
    }
    let new = staff::find(c, &act.by.municipality, to)?
        .filter(|m| m.works_in(&errand.unit))
        .ok_or(ErrandFault::Invalid("handler", "desk-assign-unknown"))?;
    let was_new = errand.status == code::REGISTERED;
    let patch = Patch {
        handler: Some(Some(new.affiliation.clone())),
        status: was_new.then(|| code::ASSIGNED.to_owned()),
        attention: Some(None),
        ..Patch::default()
    };
    let advanced = store::advance(c, &errand, Some(act.version), patch, 1 + i64::from(was_new), act.now)?;
    tell_handler(c, act, &errand, advanced.first, Some(&new), &errand.unit)?;
    if was_new {
        super::status::tell(c, act, &errand, advanced.first + 1, code::ASSIGNED, None)?;
    }
    note(c, act, &errand, Happening::Taken, json!({ "name": new.name }))
}

/// Nobody has it any more.
pub fn give_back(c: &mut Conn, act: &Act<'_>) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    if errand.handler.is_none() {
        return Ok(());
    }
    if errand.handler.as_deref() != Some(act.by.affiliation.as_str()) && !act.by.leads(&errand.unit) {
        return Err(ErrandFault::NotAllowed("desk-assign-not-yours"));
    }
    let patch = Patch { handler: Some(None), ..Patch::default() };
    let advanced = store::advance(c, &errand, Some(act.version), patch, 1, act.now)?;
    tell_handler(c, act, &errand, advanced.first, None, &errand.unit)?;
    note(c, act, &errand, Happening::Returned, json!({}))
}

/// To the case type where it belongs, and with that to its unit; nobody has it there yet. The diary number stays.
pub fn move_to(c: &mut Conn, act: &Act<'_>, case_type: &str) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    let invalid = ErrandFault::Invalid("case_type", "desk-move-unknown");
    let Some(case_type) = act.catalogue.find(case_type) else { return Err(invalid) };
    let Some(unit) = staff::unit(c, &act.by.municipality, &case_type.unit)? else { return Err(invalid) };
    let leaves = unit.code != errand.unit;
    let patch = Patch {
        case_type: Some(case_type.code.clone()),
        unit: Some(unit.code.clone()),
        handler: leaves.then_some(None),
        attention: leaves.then_some(Some(super::Attention::New)),
        ..Patch::default()
    };
    let advanced = store::advance(c, &errand, Some(act.version), patch, i64::from(leaves), act.now)?;
    if leaves {
        tell_handler(c, act, &errand, advanced.first, None, &unit.code)?;
    }
    note(c, act, &errand, Happening::Moved, json!({ "type": case_type.name, "unit": unit.name }))
}

pub(super) fn open_and_live(c: &mut Conn, act: &Act<'_>) -> Result<Errand, ErrandFault> {
    let errand = open(c, act.by, act.errand, act.now)?;
    if errand.closed_at.is_some() { Err(ErrandFault::NotAllowed("desk-errand-closed")) } else { Ok(errand) }
}

fn tell_handler(
    c: &mut Conn,
    act: &Act<'_>,
    errand: &Errand,
    sequence: i64,
    handler: Option<&Member>,
    unit: &str,
) -> Result<(), ErrandFault> {
    let unit = staff::unit(c, &act.by.municipality, unit)?;
    // Where secrecy is strict the resident is told that somebody has it, not who.
    let named = unit.as_ref().is_some_and(|u| !u.strict);
    let handler = handler.map(|m| HandlerRef {
        id: m.affiliation.clone(),
        name: m.name.clone(),
        email: Some(m.email.clone()),
        phone: None,
        show_to_citizen: named,
    });
    let unit = unit.map(|u| UnitRef { code: u.code, name: Some(u.name) });
    let data = EventData::HandlerAssigned(HandlerAssigned { handler, unit });
    Ok(portal_link::announce(c, &about(errand), sequence, &data, act.now)?)
}

pub(super) fn about(errand: &Errand) -> portal_link::About<'_> {
    portal_link::About { municipality: &errand.municipality, errand: &errand.id, case: &errand.case_id }
}

pub(super) fn note(
    c: &mut Conn,
    act: &Act<'_>,
    errand: &Errand,
    kind: Happening,
    detail: serde_json::Value,
) -> Result<(), ErrandFault> {
    journal::note(c, &errand.municipality, &errand.id, act.now, &act.by.name, kind, detail)?;
    let action = format!("errand.{}", kind.as_str());
    audit::record(c, &errand.municipality, act.now, &act.by.affiliation, &action, errand.id.as_str(), "")?;
    Ok(())
}
