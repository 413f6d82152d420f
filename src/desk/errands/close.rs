//! The end of an errand, and opening it again.

use super::assign::{about, note, open_and_live};
use super::case_types::code;
use super::message::LONGEST;
use super::store::{self, Patch};
use super::{Act, AppealRegime, ErrandFault, open};
use crate::contract::{Closed, EventData, Outcome, Reopened};
use crate::db::Conn;
use crate::desk::journal::Happening;
use crate::desk::portal_link;
use serde_json::json;

/// How an errand ends.
pub struct Closing<'a> {
    /// One of the case type's.
    pub outcome: Outcome,
    /// Words to the resident.
    pub words: &'a str,
    /// There is a decision in it.
    pub is_decided: bool,
}

/// Ends an errand. What may be appealed ends so only after a decision (förvaltningslagen 31–33 §§).
pub fn close(c: &mut Conn, act: &Act<'_>, closing: &Closing<'_>) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    let case_type = act.catalogue.of(&errand.case_type);
    if !case_type.outcomes.contains(&closing.outcome) {
        return Err(ErrandFault::Invalid("outcome", "desk-outcome-unknown"));
    }
    let on_the_merits = !matches!(closing.outcome, Outcome::Answered | Outcome::WrittenOff);
    if on_the_merits && case_type.appeal != AppealRegime::None && !closing.is_decided {
        return Err(ErrandFault::NotAllowed("desk-close-undecided"));
    }
    let words = closing.words.trim();
    if words.is_empty() {
        return Err(ErrandFault::Invalid("words", "desk-close-empty"));
    }
    if words.chars().count() > LONGEST {
        return Err(ErrandFault::Invalid("words", "desk-text-long-10000"));
    }
    // A case that its owner took back is over for her already, and stays so until it is reopened.
    let is_withdrawn = errand.status == code::WITHDRAWN;
    let patch = Patch {
        status: (!is_withdrawn).then(|| code::CLOSED.to_owned()),
        outcome: Some(Some(closing.outcome)),
        closed_at: Some(Some(act.now)),
        attention: Some(None),
        ..Patch::default()
    };
    let advanced = store::advance(c, &errand, Some(act.version), patch, i64::from(!is_withdrawn), act.now)?;
    if !is_withdrawn {
        let data = EventData::Closed(Closed {
            archive_by: None,
            outcome: closing.outcome,
            closed_at: act.now,
            external_code: Some(code::CLOSED.to_owned()),
            visible_text: Some(words.to_owned()),
        });
        portal_link::announce(c, &about(&errand), advanced.first, &data, act.now)?;
    }
    note(c, act, &errand, Happening::Closed, json!({ "outcome": closing.outcome, "words": words }))
}

/// Opens an errand again, closed or taken back, and tells why.
pub fn reopen(c: &mut Conn, act: &Act<'_>, reason: &str) -> Result<(), ErrandFault> {
    let errand = open(c, act.by, act.errand, act.now)?;
    if errand.closed_at.is_none() && errand.status != code::WITHDRAWN {
        return Err(ErrandFault::Changed);
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(ErrandFault::Invalid("reason", "desk-reopen-empty"));
    }
    let patch = Patch {
        status: Some(code::IN_PROGRESS.to_owned()),
        outcome: Some(None),
        closed_at: Some(None),
        ..Patch::default()
    };
    let advanced = store::advance(c, &errand, Some(act.version), patch, 1, act.now)?;
    let data = EventData::Reopened(Reopened { reason: Some(reason.to_owned()) });
    portal_link::announce(c, &about(&errand), advanced.first, &data, act.now)?;
    note(c, act, &errand, Happening::Reopened, json!({ "reason": reason }))
}
