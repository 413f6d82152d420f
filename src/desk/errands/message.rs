//! Writing to the resident.

use super::assign::{about, note};
use super::store::{self, Direction, Message, Patch};
use super::{Act, ErrandFault, open};
use crate::contract::{EventData, MessageSent};
use crate::db::Conn;
use crate::desk::journal::Happening;
use crate::desk::portal_link::{self, NewFile};
use crate::vocabulary::MessageId;
use serde_json::json;

/// Characters in a message.
pub const LONGEST: usize = 10_000;
/// What the contract calls it.
const KIND: &str = "information";

/// What a handler wrote.
pub struct Draft<'a> {
    /// Given with the form: the same form sent twice is one message.
    pub id: &'a MessageId,
    /// Plain text.
    pub text: &'a str,
    /// The thread that it answers in; a thread of its own when there is none.
    pub thread: Option<&'a str>,
    /// Files that go with it.
    pub files: &'a [NewFile],
}

/// Sends a message; also in a closed errand. It adds and takes nothing away, so it is not refused because somebody else has
/// done something meanwhile.
pub fn write(c: &mut Conn, act: &Act<'_>, draft: &Draft<'_>) -> Result<(), ErrandFault> {
    let errand = open(c, act.by, act.errand, act.now)?;
    let text = draft.text.trim();
    if text.is_empty() {
        return Err(ErrandFault::Invalid("text", "desk-message-empty"));
    }
    if text.chars().count() > LONGEST {
        return Err(ErrandFault::Invalid("text", "desk-text-long-10000"));
    }
    let thread = match draft.thread.filter(|thread| !thread.is_empty()) {
        Some(thread) => store::conversation_of(c, &errand.id, thread)?,
        None => None,
    };
    let message = Message {
        errand_id: errand.id.clone(),
        direction: Direction::ToResident,
        id: draft.id.to_string(),
        municipality: errand.municipality.clone(),
        kind: KIND.to_owned(),
        author: act.by.name.clone(),
        text: text.to_owned(),
        allow_reply: errand.closed_at.is_none(),
        at: act.now,
        conversation_id: thread.unwrap_or_else(|| draft.id.to_string()),
        about: None,
        delivery_id: None,
    };
    if !store::insert_message(c, &message)? {
        return Ok(());
    }
    let hers = errand.handler.as_deref() == Some(act.by.affiliation.as_str());
    let patch = Patch { attention: hers.then_some(None), ..Patch::default() };
    let advanced = store::advance(c, &errand, None, patch, 1, act.now)?;
    let by = (act.by.name.as_str(), act.now);
    let files = portal_link::keep_files(c, &errand.municipality, &errand.id, &errand.diary_number, draft.files, by)?;
    for file in draft.files {
        note(c, act, &errand, Happening::DocumentSent, json!({ "name": file.title }))?;
    }
    let data = EventData::MessageSent(MessageSent {
        conversation_id: Some(message.conversation_id),
        message_id: message.id,
        classification: KIND.to_owned(),
        text: message.text,
        document_ids: files.iter().map(ToString::to_string).collect(),
        allow_reply: message.allow_reply,
        from: Some(act.by.name.clone()),
    });
    portal_link::announce_with(c, &about(&errand), advanced.first, &data, &files, act.now)?;
    note(c, act, &errand, Happening::MessageOut, json!({ "kind": KIND }))
}
