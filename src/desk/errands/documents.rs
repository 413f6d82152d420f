//! Documents to the resident: sent by themselves, and taken back.

use super::assign::{about, note};
use super::store::{self, Patch};
use super::{Act, ErrandFault, open};
use crate::contract::{DocumentPublished, DocumentWithdrawn, EventData};
use crate::db::Conn;
use crate::desk::journal::Happening;
use crate::desk::portal_link::{self, NewFile};
use crate::vocabulary::FileId;
use serde_json::json;

/// Characters of a title.
const LONGEST_TITLE: usize = 200;
/// Characters of a reason.
const LONGEST_REASON: usize = 1000;

/// Sends files, each an event of its own; also in a closed errand. Files that stood in the same form are sent once: the
/// form's version does not fit a second time.
pub fn send_documents(c: &mut Conn, act: &Act<'_>, title: &str, files: &[NewFile]) -> Result<(), ErrandFault> {
    let errand = open(c, act.by, act.errand, act.now)?;
    let title = title.trim();
    if title.chars().count() > LONGEST_TITLE {
        return Err(ErrandFault::Invalid("title", "desk-text-long-200"));
    }
    if files.is_empty() {
        return Err(ErrandFault::Invalid("files", "desk-files-none"));
    }
    let many = files.len() > 1;
    let named: Vec<NewFile> = files
        .iter()
        .map(|file| {
            let own = match (title.is_empty(), many) {
                (true, _) => file.title.clone(),
                (false, true) => format!("{title}: {}", file.title),
                (false, false) => title.to_owned(),
            };
            NewFile { title: own.chars().take(LONGEST_TITLE).collect(), ..file.clone() }
        })
        .collect();
    let events = i64::try_from(named.len()).unwrap_or_default();
    let advanced = store::advance(c, &errand, Some(act.version), Patch::default(), events, act.now)?;
    let by = (act.by.name.as_str(), act.now);
    let ids = portal_link::keep_files(c, &errand.municipality, &errand.id, &errand.diary_number, &named, by)?;
    for ((id, file), sequence) in ids.iter().zip(&named).zip(advanced.first..) {
        let data = EventData::DocumentPublished(DocumentPublished {
            document_id: id.to_string(),
            title: file.title.clone(),
            direction: Some("outgoing".to_owned()),
            published_at: Some(act.now),
        });
        portal_link::announce_with(c, &about(&errand), sequence, &data, std::slice::from_ref(id), act.now)?;
        note(c, act, &errand, Happening::DocumentSent, json!({ "name": file.title }))?;
    }
    Ok(())
}

/// Takes a file back that was the wrong one. It stays here, marked; the resident no longer sees it.
pub fn withdraw_document(c: &mut Conn, act: &Act<'_>, id: &FileId, reason: &str) -> Result<(), ErrandFault> {
    let errand = open(c, act.by, act.errand, act.now)?;
    let file = portal_link::sent_file(c, &errand.id, id)?.ok_or(ErrandFault::NotFound)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(ErrandFault::Invalid("reason", "desk-withdraw-empty"));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(ErrandFault::Invalid("reason", "desk-text-long-1000"));
    }
    if !portal_link::withdraw_file(c, id, act.now)? {
        return Ok(());
    }
    let advanced = store::advance(c, &errand, None, Patch::default(), 1, act.now)?;
    let data = EventData::DocumentWithdrawn(DocumentWithdrawn {
        document_id: id.to_string(),
        reason: Some(reason.to_owned()),
    });
    portal_link::announce_with(c, &about(&errand), advanced.first, &data, std::slice::from_ref(id), act.now)?;
    note(c, act, &errand, Happening::DocumentWithdrawn, json!({ "name": file.title, "reason": reason }))
}
