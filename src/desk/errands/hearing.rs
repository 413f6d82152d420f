//! Letting the resident answer before a decision (kommunicering, förvaltningslagen 25 §).

use super::assign::{about, note, open_and_live};
use super::due::{day_ahead, end_of};
use super::message::LONGEST;
use super::store::{self, Patch, Request, RequestKind, RequestState};
use super::{Act, ErrandFault};
use crate::contract::{EventData, HearingRequested};
use crate::db::Conn;
use crate::db::types::Doc;
use crate::desk::journal::Happening;
use crate::desk::portal_link::{self, NewFile};
use crate::vocabulary::MessageId;
use serde_json::json;

/// What a handler shows and asks.
pub struct HearingDraft<'a> {
    /// Given with the form: the same form sent twice is one hearing.
    pub id: &'a MessageId,
    /// What a decision will rest on, and what she may answer.
    pub text: &'a str,
    /// `YYYY-MM-DD`.
    pub due: &'a str,
    /// What she is to read.
    pub files: &'a [NewFile],
}

/// Asks her. The status stays: the authority still has the next move when the day has passed.
pub fn request_hearing(c: &mut Conn, act: &Act<'_>, draft: &HearingDraft<'_>) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    if store::request(c, &errand.id, draft.id.as_str())?.is_some() {
        return Ok(());
    }
    let text = draft.text.trim();
    let day = day_ahead(draft.due, act.now);
    let faults = [
        text.is_empty().then_some(("text", "desk-hearing-empty")),
        (text.chars().count() > LONGEST).then_some(("text", "desk-text-long-10000")),
        day.is_none().then_some(("due", "desk-due-invalid")),
    ];
    let (Some(day), None) = (day, faults.iter().flatten().next()) else {
        return Err(ErrandFault::Incomplete(faults.into_iter().flatten().collect()));
    };
    let advanced = store::advance(c, &errand, Some(act.version), Patch::default(), 1, act.now)?;
    let by = (act.by.name.as_str(), act.now);
    let files = portal_link::keep_files(c, &errand.municipality, &errand.id, &errand.diary_number, draft.files, by)?;
    let request = Request {
        errand_id: errand.id.clone(),
        id: draft.id.to_string(),
        municipality: errand.municipality.clone(),
        kind: RequestKind::Hearing,
        version: 1,
        text: text.to_owned(),
        items: Doc(Vec::new()),
        files: Doc(files.clone()),
        due_on: Some(day.to_string()),
        consequence: String::new(),
        state: RequestState::Open,
        author: act.by.name.clone(),
        at: act.now,
        answered_at: None,
        resolved_at: None,
    };
    store::insert_request(c, &request)?;
    let data = EventData::HearingRequested(HearingRequested {
        hearing_id: request.id,
        version: 1,
        text: request.text,
        document_ids: files.iter().map(ToString::to_string).collect(),
        due_at: end_of(day),
    });
    portal_link::announce_with(c, &about(&errand), advanced.first, &data, &files, act.now)?;
    note(c, act, &errand, Happening::HearingAsked, json!({ "day": day.to_string() }))
}
