//! Where an errand stands.

use super::assign::{about, note, open_and_live};
use super::store::{self, Errand, Patch};
use super::{Act, ErrandFault};
use crate::contract::{EventData, StatusChanged};
use crate::db::Conn;
use crate::desk::journal::Happening;
use crate::desk::portal_link;
use serde_json::json;

/// Characters in the words that go with a new status.
const LONGEST_WORDS: usize = 1000;

/// Sets a status by hand, with words to the resident if there are any.
pub fn change(c: &mut Conn, act: &Act<'_>, code: &str, words: &str) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    if !act.catalogue.statuses().iter().any(|s| s.code == code && s.choose) {
        return Err(ErrandFault::Invalid("status", "desk-status-unknown"));
    }
    let words = words.trim();
    if words.chars().count() > LONGEST_WORDS {
        return Err(ErrandFault::Invalid("words", "desk-text-long-1000"));
    }
    let patch = Patch { status: Some(code.to_owned()), ..Patch::default() };
    let advanced = store::advance(c, &errand, Some(act.version), patch, 1, act.now)?;
    let words = Some(words.to_owned()).filter(|w| !w.is_empty());
    tell(c, act, &errand, advanced.first, code, words)?;
    note(c, act, &errand, Happening::Status, json!({ "status": act.catalogue.label(code) }))
}

/// Tells the portal of a status that follows from something else.
pub fn tell_status(c: &mut Conn, act: &Act<'_>, errand: &Errand, sequence: i64, code: &str) -> Result<(), ErrandFault> {
    tell(c, act, errand, sequence, code, None)
}

pub(super) fn tell(
    c: &mut Conn,
    act: &Act<'_>,
    errand: &Errand,
    sequence: i64,
    code: &str,
    words: Option<String>,
) -> Result<(), ErrandFault> {
    let data = snapshot(errand, code, act.catalogue.label(code), words);
    Ok(portal_link::announce(c, &about(errand), sequence, &data, act.now)?)
}

/// The event that tells where an errand stands.
pub fn snapshot(errand: &Errand, code: &str, label: &str, words: Option<String>) -> EventData {
    EventData::StatusChanged(StatusChanged {
        external_case_id: Some(errand.id.to_string()),
        external_code: code.to_owned(),
        label: Some(label.to_owned()),
        visible_text: words,
    })
}
