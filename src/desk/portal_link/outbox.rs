//! Events on their way to the portal. An errand's events go one after the other: the next only when the one before it
//! has been answered.

use super::documents::DocumentState;
use super::portal::UNREACHED;
use crate::contract::{CloudEvent, EventData, TYPE_PREFIX, sequence_text};
use crate::db::schema::{errand_documents, outgoing_events, paused_portals};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, ErrandId, FileId, MunicipalitySlug};
use crate::word_enum;
use diesel::prelude::*;

/// Which errand an event is about.
pub struct About<'a> {
    /// Whose.
    pub municipality: &'a MunicipalitySlug,
    /// Ours.
    pub errand: &'a ErrandId,
    /// The portal's.
    pub case: &'a CaseId,
}

/// An event was not written.
#[derive(Debug, thiserror::Error)]
pub enum NotAnnounced {
    /// Its body could not be made.
    #[error("an event's body could not be made")]
    Body(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for NotAnnounced {
    fn from(e: diesel::result::Error) -> Self {
        NotAnnounced::Db(e.into())
    }
}

word_enum! {
    /// Where an event is.
    State {
        /// Not answered yet.
        Waiting = "waiting",
        /// The portal has it.
        Accepted = "accepted",
        /// The portal will not have it; seen in the errand's journal and on the link's page.
        Rejected = "rejected",
        /// Rejected, and somebody has said why it stays so.
        Left = "left",
    }
}

/// Writes an event in the caller's transaction, with a sequence number that the errand's update has reserved. The body
/// is made here and sent byte for byte the same on every attempt.
pub fn announce(c: &mut Conn, about: &About<'_>, sequence: i64, data: &EventData, at: At) -> Result<(), NotAnnounced> {
    announce_with(c, about, sequence, data, &[], at)
}

/// The same for an event that names files of ours, by our ids. They are handed in first, and the portal's ids put in the
/// place of ours; from then on the body stands as it is.
pub fn announce_with(
    c: &mut Conn,
    about: &About<'_>,
    sequence: i64,
    data: &EventData,
    files: &[FileId],
    at: At,
) -> Result<(), NotAnnounced> {
    let id = uuid::Uuid::now_v7().to_string();
    let event = CloudEvent {
        timeprecision: None,
        specversion: "1.0".into(),
        id: id.clone(),
        source: format!("urn:kommunportal:system:castor:case:{}", about.errand),
        kind: format!("{TYPE_PREFIX}{}", data.name()),
        subject: about.case.to_string(),
        time: at,
        sequence: Some(sequence_text(sequence.unsigned_abs())),
        replay: false,
        datacontenttype: Some("application/json".into()),
        data: data.to_value()?,
    };
    diesel::insert_into(outgoing_events::table)
        .values((
            outgoing_events::id.eq(id),
            outgoing_events::municipality.eq(about.municipality),
            outgoing_events::errand_id.eq(about.errand),
            outgoing_events::sequence.eq(sequence),
            outgoing_events::kind.eq(data.name()),
            outgoing_events::body.eq(serde_json::to_string(&event)?),
            outgoing_events::state.eq(State::Waiting),
            outgoing_events::attempts.eq(0),
            outgoing_events::next_at.eq(at),
            outgoing_events::created_at.eq(at),
            outgoing_events::files.eq(Doc(files.to_vec())),
            outgoing_events::replay.eq(0),
        ))
        .execute(c)?;
    Ok(())
}

/// Gives up every lease. Only where the database belongs to one process (SQLite) and that process is starting: whoever
/// held them is gone. A repeat is known to the portal by its id.
pub fn free_leases(conn: &mut Conn) -> Result<usize, DbError> {
    let none: Option<At> = None;
    diesel::update(errand_documents::table).set(errand_documents::lease_until.eq(none)).execute(conn)?;
    Ok(diesel::update(outgoing_events::table).set(outgoing_events::lease_until.eq(none)).execute(conn)?)
}

/// An event that is ours to send for as long as the lease holds.
#[derive(Clone, Debug, Queryable)]
pub(super) struct Outgoing {
    pub id: String,
    pub municipality: MunicipalitySlug,
    pub errand: ErrandId,
    pub kind: String,
    pub body: String,
    pub attempts: i32,
    /// To be handed in first.
    pub files: Doc<Vec<FileId>>,
    /// The `webhook-id` when it is not the event's own.
    pub sent_as: Option<String>,
}

diesel::alias!(outgoing_events as earlier: Earlier);

/// Takes up to `limit` events that are due, each the first unanswered of its errand, for as long as `until`.
pub(super) fn claim(c: &mut Conn, limit: i64, now: At, until: At) -> Result<Vec<Outgoing>, DbError> {
    let paused: Vec<MunicipalitySlug> =
        paused_portals::table.filter(paused_portals::probe_at.gt(now)).select(paused_portals::municipality).load(c)?;
    let free = outgoing_events::lease_until.is_null().or(outgoing_events::lease_until.le(now).assume_not_null());
    let due: Vec<String> = outgoing_events::table
        .filter(outgoing_events::state.eq(State::Waiting))
        .filter(outgoing_events::next_at.le(now))
        .filter(free)
        .filter(outgoing_events::municipality.ne_all(paused))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            earlier
                .filter(earlier.field(outgoing_events::errand_id).eq(outgoing_events::errand_id))
                .filter(earlier.field(outgoing_events::replay).eq(outgoing_events::replay))
                .filter(earlier.field(outgoing_events::sequence).lt(outgoing_events::sequence))
                .filter(earlier.field(outgoing_events::state).eq(State::Waiting)),
        )))
        .order((outgoing_events::next_at, outgoing_events::id))
        .limit(limit)
        .select(outgoing_events::id)
        .load(c)?;
    let mut claimed = Vec::new();
    for id in due {
        // One at a time and only if it is still free: another process may have been faster.
        let free = outgoing_events::lease_until.is_null().or(outgoing_events::lease_until.le(now).assume_not_null());
        let ours: Vec<Outgoing> = diesel::update(
            outgoing_events::table.find(id).filter(outgoing_events::state.eq(State::Waiting)).filter(free),
        )
        .set((
            outgoing_events::lease_until.eq(Some(until)),
            outgoing_events::attempts.eq(outgoing_events::attempts + 1),
        ))
        .returning((
            outgoing_events::id,
            outgoing_events::municipality,
            outgoing_events::errand_id,
            outgoing_events::kind,
            outgoing_events::body,
            outgoing_events::attempts,
            outgoing_events::files,
            outgoing_events::sent_as,
        ))
        .get_results(c)?;
        claimed.extend(ours);
    }
    Ok(claimed)
}

/// Moves a lease. False when it is not the one that the event has any more.
pub(super) fn renew(c: &mut Conn, id: &str, held: At, next: At) -> Result<bool, DbError> {
    let mine = outgoing_events::table.find(id).filter(outgoing_events::lease_until.eq(Some(held)));
    Ok(diesel::update(mine).set(outgoing_events::lease_until.eq(Some(next))).execute(c)? == 1)
}

/// Ends a lease before its outcome is kept. False when somebody else has the event now: then nothing is kept.
pub(super) fn give_back(c: &mut Conn, id: &str, held: At) -> Result<bool, DbError> {
    let mine = outgoing_events::table.find(id).filter(outgoing_events::lease_until.eq(Some(held)));
    Ok(diesel::update(mine).set(outgoing_events::lease_until.eq(None::<At>)).execute(c)? == 1)
}

/// The files are at the portal: from now on the body is this one, and goes out as it is.
pub(super) fn seal(c: &mut Conn, id: &str, body: &str) -> Result<(), DbError> {
    diesel::update(outgoing_events::table.find(id))
        .set((outgoing_events::body.eq(body), outgoing_events::files.eq(Doc(Vec::<FileId>::new()))))
        .execute(c)?;
    Ok(())
}

/// Answered: the outcome is kept.
pub(super) fn finish(c: &mut Conn, id: &str, state: State, outcome: &str, now: At) -> Result<(), DbError> {
    diesel::update(outgoing_events::table.find(id))
        .set((
            outgoing_events::state.eq(state),
            outgoing_events::outcome.eq(Some(outcome)),
            outgoing_events::last_error.eq(None::<String>),
            outgoing_events::finished_at.eq(Some(now)),
        ))
        .execute(c)?;
    Ok(())
}

/// Not answered: again at `due`. `free` gives the attempt back, for faults that are not the event's.
pub(super) fn postpone(c: &mut Conn, id: &str, why: &str, due: At, free: bool) -> Result<(), DbError> {
    diesel::update(outgoing_events::table.find(id))
        .set((
            outgoing_events::last_error.eq(Some(why)),
            outgoing_events::next_at.eq(due),
            outgoing_events::attempts.eq(outgoing_events::attempts - i32::from(free)),
        ))
        .execute(c)?;
    Ok(())
}

/// No more to this portal until `probe`.
pub(super) fn pause(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    why: &str,
    now: At,
    probe: At,
) -> Result<(), DbError> {
    diesel::insert_into(paused_portals::table)
        .values((
            paused_portals::municipality.eq(municipality),
            paused_portals::since.eq(now),
            paused_portals::why.eq(why),
            paused_portals::probe_at.eq(probe),
        ))
        .on_conflict(paused_portals::municipality)
        .do_update()
        .set((paused_portals::why.eq(why), paused_portals::probe_at.eq(probe)))
        .each()
        .execute(c)?;
    Ok(())
}

/// The portal takes events again.
pub(super) fn resume(c: &mut Conn, municipality: &MunicipalitySlug, now: At) -> Result<(), DbError> {
    diesel::delete(paused_portals::table.find(municipality)).execute(c)?;
    answers(c, municipality, now)
}

/// The portal answers. What never reached it waited for nothing but this, however long its pause had become. A pause stays: a
/// file that is fetched by token says nothing of a secret that is wrong.
pub(super) fn answers(c: &mut Conn, municipality: &MunicipalitySlug, now: At) -> Result<(), DbError> {
    use {errand_documents as d, outgoing_events as e};
    let files = d::table.filter(d::state.eq(DocumentState::Waiting)).filter(d::next_at.gt(now));
    let files = files.filter(d::municipality.eq(municipality)).filter(d::last_error.eq(UNREACHED));
    diesel::update(files).set(d::next_at.eq(now)).execute(c)?;
    let events = e::table.filter(e::state.eq(State::Waiting)).filter(e::next_at.gt(now));
    let events = events.filter(e::municipality.eq(municipality)).filter(e::last_error.eq(UNREACHED));
    diesel::update(events).set(e::next_at.eq(now)).execute(c)?;
    Ok(())
}

/// How many events the portal has not answered yet, in all municipalities. For metrics.
pub fn waiting(c: &mut Conn) -> Result<i64, DbError> {
    Ok(outgoing_events::table.filter(outgoing_events::state.eq(State::Waiting)).count().get_result(c)?)
}

/// How many events of an errand the portal has not answered yet, and why the first one waits.
pub fn undelivered(c: &mut Conn, errand: &ErrandId) -> Result<(i64, Option<String>), DbError> {
    let waiting = outgoing_events::table
        .filter(outgoing_events::errand_id.eq(errand))
        .filter(outgoing_events::state.eq(State::Waiting));
    let count = waiting.count().get_result(c)?;
    let why: Option<Option<String>> =
        waiting.order(outgoing_events::sequence).select(outgoing_events::last_error).first(c).optional()?;
    Ok((count, why.flatten()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Reopened;
    use crate::desk::tests::{benches, orkelljunga};

    #[test]
    fn the_next_event_of_an_errand_waits_until_the_one_before_it_is_answered() {
        for bench in benches() {
            let (mut c, now, slug) = (bench.conn(), bench.now, orkelljunga());
            let (one, other, case) = (ErrandId::fresh(), ErrandId::fresh(), CaseId::fresh());
            let data = EventData::Reopened(Reopened { reason: None });
            for (errand, sequence) in [(&one, 2), (&one, 3), (&other, 2)] {
                announce(&mut c, &About { municipality: &slug, errand, case: &case }, sequence, &data, now).unwrap();
            }
            let lease = now.plus_seconds(60);
            let first = claim(&mut c, 10, now, lease).unwrap();
            assert_eq!(first.len(), 2);
            assert!(claim(&mut c, 10, now, lease).unwrap().is_empty());
            let sent = first.iter().find(|e| e.errand == one).unwrap();
            assert!(sent.body.contains("00000000000000000002"));
            assert!(!give_back(&mut c, &sent.id, lease.plus_seconds(1)).unwrap(), "another's lease");
            assert!(renew(&mut c, &sent.id, lease, lease.plus_seconds(1)).unwrap());
            assert!(!renew(&mut c, &sent.id, lease, lease.plus_seconds(2)).unwrap(), "it has moved");
            assert!(give_back(&mut c, &sent.id, lease.plus_seconds(1)).unwrap());
            finish(&mut c, &sent.id, State::Accepted, "applied", now).unwrap();
            let second = claim(&mut c, 10, now, lease).unwrap();
            assert_eq!(second.len(), 1);
            assert!(second[0].body.contains("00000000000000000003"));
            // Its process died: when the lease has run out it is anybody's, with the same body.
            let again = claim(&mut c, 10, lease.plus_seconds(1), lease.plus_seconds(60)).unwrap();
            assert!(again.iter().any(|e| e.body == second[0].body));
            pause(&mut c, &slug, "401", now, lease.plus_seconds(600)).unwrap();
            assert!(claim(&mut c, 10, lease.plus_seconds(300), lease.plus_seconds(400)).unwrap().is_empty());
            let paused = |c: &mut Conn| {
                let all = paused_portals::table.select(paused_portals::municipality);
                all.load::<MunicipalitySlug>(c).unwrap().len()
            };
            assert_eq!(paused(&mut c), 1);
            answers(&mut c, &slug, now).unwrap();
            assert_eq!(paused(&mut c), 1, "a fetched file says nothing of our secret");
            resume(&mut c, &slug, now).unwrap();
            assert_eq!(paused(&mut c), 0);
        }
    }
}
