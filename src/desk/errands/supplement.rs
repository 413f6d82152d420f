//! Asking for more (komplettering, förvaltningslagen 20 §), and what became of it.

use super::assign::{about, note, open_and_live};
use super::case_types::code;
use super::due::{day_ahead, end_of};
use super::message::LONGEST;
use super::store::{self, Patch, Request, RequestKind, RequestState};
use super::{Act, ErrandFault};
use crate::contract::{EventData, SupplementItem, SupplementRequested, SupplementResolved, SupplementState};
use crate::db::Conn;
use crate::db::types::Doc;
use crate::desk::journal::Happening;
use crate::desk::portal_link;
use crate::vocabulary::MessageId;
use serde_json::json;

/// Wanted things in one request.
const MOST_ITEMS: usize = 20;
/// Characters of one.
const LONGEST_ITEM: usize = 200;

/// What a handler asks for.
pub struct SupplementDraft<'a> {
    /// Given with the form: the same form sent twice is one request.
    pub id: &'a MessageId,
    /// What is needed and why.
    pub text: &'a str,
    /// What must come, one a line.
    pub required: &'a str,
    /// What is good to have, one a line.
    pub optional: &'a str,
    /// `YYYY-MM-DD`.
    pub due: &'a str,
    /// What happens without an answer.
    pub consequence: &'a str,
}

/// Asks for more. The resident gets the next move, and the errand waits for her.
pub fn request_supplement(c: &mut Conn, act: &Act<'_>, draft: &SupplementDraft<'_>) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    if store::request(c, &errand.id, draft.id.as_str())?.is_some() {
        return Ok(());
    }
    let (text, consequence) = (draft.text.trim(), draft.consequence.trim());
    let items = items(draft);
    let day = day_ahead(draft.due, act.now);
    let faults = [
        text.is_empty().then_some(("text", "desk-supplement-empty")),
        (text.chars().count() > LONGEST).then_some(("text", "desk-text-long-10000")),
        items.is_none().then_some(("required", "desk-supplement-items-long")),
        day.is_none().then_some(("due", "desk-due-invalid")),
        (consequence.chars().count() > LONGEST).then_some(("consequence", "desk-text-long-10000")),
    ];
    let (Some(items), Some(day), None) = (items, day, faults.iter().flatten().next()) else {
        return Err(ErrandFault::Incomplete(faults.into_iter().flatten().collect()));
    };
    let request = Request {
        errand_id: errand.id.clone(),
        id: draft.id.to_string(),
        municipality: errand.municipality.clone(),
        kind: RequestKind::Supplement,
        version: 1,
        text: text.to_owned(),
        items: Doc(items),
        files: Doc(Vec::new()),
        due_on: Some(day.to_string()),
        consequence: consequence.to_owned(),
        state: RequestState::Open,
        author: act.by.name.clone(),
        at: act.now,
        answered_at: None,
        resolved_at: None,
    };
    store::insert_request(c, &request)?;
    let patch = Patch { status: Some(code::SUPPLEMENT_NEEDED.to_owned()), attention: Some(None), ..Patch::default() };
    let advanced = store::advance(c, &errand, Some(act.version), patch, 2, act.now)?;
    let data = EventData::SupplementRequested(SupplementRequested {
        supplement_id: request.id,
        version: 1,
        text: request.text,
        items: request.items.0,
        due_at: end_of(day),
        consequence: Some(request.consequence).filter(|words| !words.is_empty()),
    });
    portal_link::announce(c, &about(&errand), advanced.first, &data, act.now)?;
    super::status::tell(c, act, &errand, advanced.first + 1, code::SUPPLEMENT_NEEDED, None)?;
    note(c, act, &errand, Happening::SupplementAsked, json!({ "day": day.to_string() }))
}

/// The wanted things, numbered in the order written. `None`: too many or too long.
fn items(draft: &SupplementDraft<'_>) -> Option<Vec<SupplementItem>> {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let required = lines(draft.required).into_iter().map(|label| (label, true));
    let all: Vec<_> = required.chain(lines(draft.optional).into_iter().map(|label| (label, false))).collect();
    let fits = all.len() <= MOST_ITEMS && all.iter().all(|(label, _)| label.chars().count() <= LONGEST_ITEM);
    let numbered = all.into_iter().zip(1..).map(|((label, required), n): (_, i32)| SupplementItem {
        item_id: format!("i{n}"),
        label,
        document_type: None,
        required,
    });
    fits.then(|| numbered.collect())
}

/// What became of a request, in a handler's words.
pub struct Resolution<'a> {
    /// Which.
    pub id: &'a str,
    /// What became of it.
    pub state: SupplementState,
    /// To the resident; needed when it is not enough.
    pub text: &'a str,
    /// When it is not enough: until when, `YYYY-MM-DD`.
    pub due: &'a str,
}

/// Says what became of a request. When nothing more is awaited the errand is worked on again.
pub fn resolve_supplement(c: &mut Conn, act: &Act<'_>, said: &Resolution<'_>) -> Result<(), ErrandFault> {
    let errand = open_and_live(c, act)?;
    let requests = store::requests(c, &errand.id)?;
    let is_live = |r: &&Request| {
        r.kind == RequestKind::Supplement && matches!(r.state, RequestState::Open | RequestState::Answered)
    };
    let Some(request) = requests.iter().filter(is_live).find(|r| r.id == said.id) else {
        return Err(ErrandFault::Changed);
    };
    let text = said.text.trim();
    if text.chars().count() > LONGEST {
        return Err(ErrandFault::Invalid("text", "desk-text-long-10000"));
    }
    let is_insufficient = said.state == SupplementState::Insufficient;
    let day = day_ahead(said.due, act.now).filter(|_| is_insufficient);
    if is_insufficient {
        let faults = [
            text.is_empty().then_some(("text", "desk-supplement-missing-empty")),
            day.is_none().then_some(("due", "desk-due-invalid")),
        ];
        let faults: Vec<_> = faults.into_iter().flatten().collect();
        if !faults.is_empty() {
            return Err(ErrandFault::Incomplete(faults));
        }
    }
    let waits_for_another = requests.iter().filter(is_live).any(|r| r.id != said.id && r.state == RequestState::Open);
    let status = match (is_insufficient || waits_for_another, errand.status.as_str()) {
        (true, code::SUPPLEMENT_NEEDED) => None,
        (true, _) => Some(code::SUPPLEMENT_NEEDED),
        (false, code::SUPPLEMENT_NEEDED | code::SUPPLEMENT_RECEIVED) => Some(code::IN_PROGRESS),
        (false, _) => None,
    };
    match (said.state, day) {
        (SupplementState::Insufficient, day) => {
            let day = day.map(|d| d.to_string()).unwrap_or_default();
            store::restate(c, &errand.id, &request.id, &day)?;
        }
        (SupplementState::Accepted, _) => store::resolve(c, &errand.id, &request.id, RequestState::Accepted, act.now)?,
        (SupplementState::Expired, _) => store::resolve(c, &errand.id, &request.id, RequestState::Expired, act.now)?,
        (SupplementState::Cancelled, _) => {
            store::resolve(c, &errand.id, &request.id, RequestState::Cancelled, act.now)?;
        }
    }
    let patch = Patch { status: status.map(str::to_owned), attention: Some(None), ..Patch::default() };
    let events = 1 + i64::from(status.is_some());
    let advanced = store::advance(c, &errand, Some(act.version), patch, events, act.now)?;
    let data = EventData::SupplementResolved(SupplementResolved {
        supplement_id: request.id.clone(),
        state: said.state,
        text: Some(text.to_owned()).filter(|words| !words.is_empty()),
        due_at: day.and_then(end_of),
    });
    portal_link::announce(c, &about(&errand), advanced.first, &data, act.now)?;
    if let Some(code) = status {
        super::status::tell(c, act, &errand, advanced.first + 1, code, None)?;
    }
    note(c, act, &errand, Happening::SupplementResolved, json!({ "state": said.state }))
}
