//! To another authority: here it is over.

use super::assign::{about, note, open_and_live};
use super::case_types::code;
use super::message::LONGEST;
use super::store::{self, Patch};
use super::{Act, ErrandFault};
use crate::contract::{EventData, Transferred};
use crate::db::Conn;
use crate::desk::journal::Happening;
use crate::desk::portal_link;
use serde_json::json;

/// Characters in the name of an authority.
const LONGEST_NAME: usize = 200;

/// Hands an errand over. Within the municipality it is moved instead, and goes on.
pub fn transfer(c: &mut Conn, act: &Act<'_>, authority: &str, reason: &str) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    let (authority, reason) = (authority.trim(), reason.trim());
    let faults = [
        authority.is_empty().then_some(("authority", "desk-transfer-empty")),
        (authority.chars().count() > LONGEST_NAME).then_some(("authority", "desk-text-long-200")),
        reason.is_empty().then_some(("reason", "desk-transfer-reason-empty")),
        (reason.chars().count() > LONGEST).then_some(("reason", "desk-text-long-10000")),
    ];
    let faults: Vec<_> = faults.into_iter().flatten().collect();
    if !faults.is_empty() {
        return Err(ErrandFault::Incomplete(faults));
    }
    let patch = Patch {
        status: Some(code::TRANSFERRED.to_owned()),
        closed_at: Some(Some(act.now)),
        attention: Some(None),
        ..Patch::default()
    };
    let advanced = store::advance(c, &errand, Some(act.version), patch, 1, act.now)?;
    let data = EventData::Transferred(Transferred {
        to_unit: None,
        to_authority: Some(authority.to_owned()),
        reason: Some(reason.to_owned()),
    });
    portal_link::announce(c, &about(&errand), advanced.first, &data, act.now)?;
    note(c, act, &errand, Happening::Transferred, json!({ "authority": authority, "reason": reason }))
}
