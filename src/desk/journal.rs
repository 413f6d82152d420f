//! What happened in an errand, append-only. A line is a kind and its values; the words are made when it
//! is shown, in the reader's language.

use crate::db::schema::errand_journal;
use crate::db::types::Doc;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, ErrandId, MunicipalitySlug};
use crate::word_enum;
use diesel::prelude::*;
use serde_json::Value;

word_enum! {
    /// What happened. Each has a text `desk-journal-<kind>`.
    Happening {
        /// It came and got its number.
        Registered = "registered",
        /// Registered under the type for what nobody knows where to put.
        Fallback = "fallback",
        /// Somebody has it.
        Taken = "taken",
        /// Nobody has it any more.
        Returned = "returned",
        /// Another unit or case type.
        Moved = "moved",
        /// Another status.
        Status = "status",
        /// A message to the resident.
        MessageOut = "message-out",
        /// A message from the resident.
        MessageIn = "message-in",
        /// Her answer to a request for more.
        Supplement = "supplement",
        /// She takes it back.
        Withdrawal = "withdrawal",
        /// A decision.
        Decision = "decision",
        /// Over.
        Closed = "closed",
        /// Open again.
        Reopened = "reopened",
        /// More is asked for.
        SupplementAsked = "supplement-asked",
        /// What became of it.
        SupplementResolved = "supplement-resolved",
        /// She may answer before a decision.
        HearingAsked = "hearing-asked",
        /// When a decision is to be expected.
        Due = "due",
        /// A file to the resident.
        DocumentSent = "document-sent",
        /// It was taken back.
        DocumentWithdrawn = "document-withdrawn",
        /// Another authority has it.
        Transferred = "transferred",
        /// A decision was put right or changed.
        Corrected = "corrected",
        /// She has taken part of a decision.
        Served = "served",
        /// An appeal came by another way than the portal.
        AppealNoted = "appeal-noted",
        /// An appeal was examined: in time or not, and where it went.
        AppealExamined = "appeal-examined",
        /// The portal asked for the events once more.
        Replayed = "replayed",
        /// A file could not be fetched and will not be.
        DocumentRefused = "document-refused",
        /// The portal refused what we told it.
        EventRejected = "event-rejected",
    }
}

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: At,
    /// Name of whoever did it; empty for the resident and for the system.
    pub actor: String,
    /// What.
    pub kind: Happening,
    /// Values for the text.
    pub detail: Value,
}

/// Writes a line in the caller's transaction.
pub fn note(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    errand: &ErrandId,
    at: At,
    actor: &str,
    kind: Happening,
    detail: Value,
) -> Result<(), DbError> {
    diesel::insert_into(errand_journal::table)
        .values((
            errand_journal::municipality.eq(municipality),
            errand_journal::errand_id.eq(errand),
            errand_journal::at.eq(at),
            errand_journal::actor.eq(actor),
            errand_journal::kind.eq(kind),
            errand_journal::detail.eq(Doc(detail)),
        ))
        .execute(c)?;
    Ok(())
}

/// Every line of an errand, newest first.
pub fn lines(c: &mut Conn, errand: &ErrandId) -> Result<Vec<Line>, DbError> {
    let rows: Vec<(At, String, Happening, Doc<Value>)> = errand_journal::table
        .filter(errand_journal::errand_id.eq(errand))
        .order(errand_journal::seq.desc())
        .select((errand_journal::at, errand_journal::actor, errand_journal::kind, errand_journal::detail))
        .load(c)?;
    Ok(rows.into_iter().map(|(at, actor, kind, detail)| Line { at, actor, kind, detail: detail.0 }).collect())
}
