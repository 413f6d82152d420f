//! The link as people see it: what waits and why, what was refused and what they do about it. And sending an errand's
//! events once more.

use super::documents::DocumentState;
use super::outbox::{NotAnnounced, State};
use crate::contract::CloudEvent;
use crate::db::schema::{errand_documents, errands, outgoing_events, paused_portals};
use crate::db::types::Doc;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, ErrandId, FileId, MunicipalitySlug};
use diesel::prelude::*;

/// Shown at most.
const LIMIT: i64 = 100;

/// Where a link stands.
#[derive(Clone, Debug)]
pub struct LinkState {
    /// Events that the portal has not answered.
    pub waiting: i64,
    /// When the first of them was made.
    pub oldest: Option<At>,
    /// Why the last of them that failed did.
    pub last_fault: Option<String>,
    /// Since when nothing is sent, and why.
    pub paused: Option<(At, String)>,
}

/// An event that the portal refused.
#[derive(Clone, Debug, Queryable)]
pub struct RefusedEvent {
    /// Its id.
    pub id: String,
    /// In which errand.
    pub errand: ErrandId,
    /// The errand's number.
    pub diary_number: String,
    /// The last part of its type.
    pub kind: String,
    /// The portal's code.
    pub why: Option<String>,
    /// When it was made.
    pub at: At,
}

/// A file that could not be fetched.
#[derive(Clone, Debug, Queryable)]
pub struct RefusedFile {
    /// Ours.
    pub id: FileId,
    /// In which errand.
    pub errand: ErrandId,
    /// Its number.
    pub number: String,
    /// Its name.
    pub file_name: String,
    /// Why not.
    pub why: Option<String>,
}

/// Of a municipality's portal.
pub fn link_state(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<LinkState, DbError> {
    let waiting = || {
        outgoing_events::table
            .filter(outgoing_events::municipality.eq(municipality))
            .filter(outgoing_events::state.eq(State::Waiting))
    };
    let count = waiting().count().get_result(c)?;
    let oldest =
        waiting().order(outgoing_events::created_at).select(outgoing_events::created_at).first(c).optional()?;
    let fault: Option<Option<String>> = waiting()
        .filter(outgoing_events::last_error.is_not_null())
        .order(outgoing_events::next_at.desc())
        .select(outgoing_events::last_error)
        .first(c)
        .optional()?;
    let paused = paused_portals::table
        .find(municipality)
        .select((paused_portals::since, paused_portals::why))
        .first(c)
        .optional()?;
    Ok(LinkState { waiting: count, oldest, last_fault: fault.flatten(), paused })
}

/// What it refused and nobody has dealt with, newest first.
pub fn refused_events(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<RefusedEvent>, DbError> {
    Ok(outgoing_events::table
        .inner_join(errands::table.on(errands::id.eq(outgoing_events::errand_id)))
        .filter(outgoing_events::municipality.eq(municipality))
        .filter(outgoing_events::state.eq(State::Rejected))
        .order(outgoing_events::id.desc())
        .limit(LIMIT)
        .select((
            outgoing_events::id,
            outgoing_events::errand_id,
            errands::diary_number,
            outgoing_events::kind,
            outgoing_events::outcome,
            outgoing_events::created_at,
        ))
        .load(c)?)
}

/// Files that will not be fetched any more, newest first.
pub fn refused_files(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<RefusedFile>, DbError> {
    Ok(errand_documents::table
        .filter(errand_documents::municipality.eq(municipality))
        .filter(errand_documents::state.eq(DocumentState::Refused))
        .order(errand_documents::id.desc())
        .limit(LIMIT)
        .select((
            errand_documents::id,
            errand_documents::errand_id,
            errand_documents::number,
            errand_documents::file_name,
            errand_documents::last_error,
        ))
        .load(c)?)
}

/// Sends a refused event once more, the same to the byte, under another `webhook-id`: to the one before, the portal would
/// only repeat its answer. False when it is not refused any more.
pub fn send_again(c: &mut Conn, municipality: &MunicipalitySlug, id: &str, now: At) -> Result<bool, DbError> {
    let refused = outgoing_events::table
        .find(id)
        .filter(outgoing_events::municipality.eq(municipality))
        .filter(outgoing_events::state.eq(State::Rejected));
    let sent = diesel::update(refused)
        .set((
            outgoing_events::state.eq(State::Waiting),
            outgoing_events::next_at.eq(now),
            outgoing_events::attempts.eq(0),
            outgoing_events::outcome.eq(None::<String>),
            outgoing_events::finished_at.eq(None::<At>),
            outgoing_events::sent_as.eq(Some(uuid::Uuid::now_v7().to_string())),
        ))
        .execute(c)?;
    Ok(sent == 1)
}

/// It stays refused. False when it is not refused any more.
pub fn leave(c: &mut Conn, municipality: &MunicipalitySlug, id: &str, reason: &str) -> Result<bool, DbError> {
    let refused = outgoing_events::table
        .find(id)
        .filter(outgoing_events::municipality.eq(municipality))
        .filter(outgoing_events::state.eq(State::Rejected));
    let set = (outgoing_events::state.eq(State::Left), outgoing_events::last_error.eq(Some(reason)));
    Ok(diesel::update(refused).set(set).execute(c)? == 1)
}

/// Fetches a refused file from the beginning. False when it is not refused any more.
pub fn fetch_again(c: &mut Conn, municipality: &MunicipalitySlug, id: &FileId, now: At) -> Result<bool, DbError> {
    let refused = errand_documents::table
        .find(id)
        .filter(errand_documents::municipality.eq(municipality))
        .filter(errand_documents::state.eq(DocumentState::Refused));
    let set = (
        errand_documents::state.eq(DocumentState::Waiting),
        errand_documents::attempts.eq(0),
        errand_documents::next_at.eq(now),
    );
    Ok(diesel::update(refused).set(set).execute(c)? == 1)
}

/// Sends every event of an errand that the portal has had once more, marked as a replay, so that it applies them and tells
/// nobody. They have ids of their own: the mark is a part of the body, and another body under a known id is refused.
/// Sequence and data are as they were, so nothing is applied twice. How many.
pub fn replay(c: &mut Conn, errand: &ErrandId, now: At) -> Result<i64, NotAnnounced> {
    let had: Vec<(i64, MunicipalitySlug, String, String)> = outgoing_events::table
        .filter(outgoing_events::errand_id.eq(errand))
        .filter(outgoing_events::replay.eq(0))
        .filter(outgoing_events::state.eq(State::Accepted))
        .order(outgoing_events::sequence)
        .select((
            outgoing_events::sequence,
            outgoing_events::municipality,
            outgoing_events::kind,
            outgoing_events::body,
        ))
        .load(c)?;
    let round: Option<i32> = outgoing_events::table
        .filter(outgoing_events::errand_id.eq(errand))
        .select(diesel::dsl::max(outgoing_events::replay))
        .first(c)?;
    let round = round.unwrap_or_default() + 1;
    let mut count = 0;
    for (sequence, municipality, kind, body) in had {
        let id = uuid::Uuid::now_v7().to_string();
        let event = CloudEvent { id: id.clone(), replay: true, ..serde_json::from_str(&body)? };
        diesel::insert_into(outgoing_events::table)
            .values((
                outgoing_events::id.eq(id),
                outgoing_events::municipality.eq(municipality),
                outgoing_events::errand_id.eq(errand),
                outgoing_events::sequence.eq(sequence),
                outgoing_events::kind.eq(kind),
                outgoing_events::body.eq(serde_json::to_string(&event)?),
                outgoing_events::state.eq(State::Waiting),
                outgoing_events::attempts.eq(0),
                outgoing_events::next_at.eq(now),
                outgoing_events::created_at.eq(now),
                outgoing_events::files.eq(Doc(Vec::<FileId>::new())),
                outgoing_events::replay.eq(round),
            ))
            .execute(c)?;
        count += 1;
    }
    Ok(count)
}
