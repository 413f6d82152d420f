//! All SQL of the queue.

use super::Job;
use crate::db::schema::jobs;
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, MunicipalitySlug};
use diesel::prelude::*;
use serde_json::Value;

/// Something to do.
#[derive(Debug)]
pub struct NewJob<'a> {
    /// For whom.
    pub municipality: &'a MunicipalitySlug,
    /// Which handler of the worker does it.
    pub kind: &'static str,
    /// With the same text for the same kind it is there once, however often it is enqueued.
    pub dedupe: Option<String>,
    /// What the handler needs; ids rather than personal data.
    pub payload: Value,
    /// Not before.
    pub due: At,
}

/// A job that was given up.
#[derive(Debug, serde::Serialize)]
pub struct DeadJob {
    /// Its number.
    pub seq: i64,
    /// Its kind.
    pub kind: String,
    /// Why.
    pub last_error: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was enqueued.
    pub created_at: At,
}

/// Enqueues in the caller's transaction.
pub fn enqueue(conn: &mut Conn, job: NewJob<'_>, now: At) -> Result<(), DbError> {
    diesel::insert_into(jobs::table)
        .values((
            jobs::municipality.eq(job.municipality),
            jobs::kind.eq(job.kind),
            jobs::dedupe.eq(job.dedupe),
            jobs::payload.eq(Doc(job.payload)),
            jobs::state.eq("waiting"),
            jobs::due_at.eq(job.due),
            jobs::attempts.eq(0),
            jobs::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(())
}

/// Takes up to `limit` due jobs of `kinds` for as long as `until`; nobody else has them meanwhile.
pub(super) fn claim(
    conn: &mut Conn,
    kinds: &[&'static str],
    limit: i64,
    now: At,
    until: At,
) -> Result<Vec<Job>, DbError> {
    let due = jobs::table
        .filter(jobs::state.eq("waiting"))
        .filter(jobs::due_at.le(now))
        .filter(jobs::lease_until.is_null().or(jobs::lease_until.le(now)))
        .filter(jobs::kind.eq_any(kinds.to_vec()))
        .order((jobs::due_at, jobs::seq))
        .limit(limit)
        .select(jobs::seq);
    let seqs: Vec<i64> = match conn {
        Conn::Postgres(c) => due.for_update().skip_locked().load(c)?,
        Conn::Sqlite(c) => due.load(c)?,
    };
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (i64, MunicipalitySlug, String, Doc<Value>, i32);
    let rows: Vec<Row> = diesel::update(jobs::table.filter(jobs::seq.eq_any(seqs)))
        .set((jobs::lease_until.eq(Some(until)), jobs::attempts.eq(jobs::attempts + 1)))
        .returning((jobs::seq, jobs::municipality, jobs::kind, jobs::payload, jobs::attempts))
        .get_results(conn)?;
    let mut claimed: Vec<Job> = rows
        .into_iter()
        .map(|(seq, municipality, kind, payload, attempts)| Job {
            seq,
            municipality,
            kind,
            payload: payload.0,
            attempts,
        })
        .collect();
    claimed.sort_by_key(|job| job.seq);
    Ok(claimed)
}

/// Gives up every lease. Only where the database belongs to one process (SQLite) and that process is starting: whoever
/// held them is gone, and nobody has to wait for them to run out.
pub fn free_leases(conn: &mut Conn) -> Result<usize, DbError> {
    let none: Option<At> = None;
    Ok(diesel::update(jobs::table.filter(jobs::lease_until.is_not_null()))
        .set(jobs::lease_until.eq(none))
        .execute(conn)?)
}

/// Moves a lease. False when it is not the one that the job has any more.
pub(super) fn renew(conn: &mut Conn, seq: i64, held: At, next: At) -> Result<bool, DbError> {
    let mine = jobs::table.find(seq).filter(jobs::lease_until.eq(Some(held)));
    Ok(diesel::update(mine).set(jobs::lease_until.eq(Some(next))).execute(conn)? == 1)
}

/// Done: the row goes, unless somebody else has it now. What must happen once for ever keeps a ledger of its own.
pub(super) fn finish(conn: &mut Conn, seq: i64, held: At) -> Result<(), DbError> {
    diesel::delete(jobs::table.find(seq).filter(jobs::lease_until.eq(Some(held)))).execute(conn)?;
    Ok(())
}

/// Again at `due`, or never when `due` is `None`, unless somebody else has it now.
pub(super) fn fail(conn: &mut Conn, seq: i64, held: At, why: &str, due: Option<At>) -> Result<(), DbError> {
    let state = if due.is_some() { "waiting" } else { "dead" };
    let job = jobs::table.find(seq).filter(jobs::lease_until.eq(Some(held)));
    let none: Option<At> = None;
    match due {
        Some(due) => diesel::update(job)
            .set((jobs::state.eq(state), jobs::lease_until.eq(none), jobs::last_error.eq(why), jobs::due_at.eq(due)))
            .execute(conn)?,
        None => diesel::update(job)
            .set((jobs::state.eq(state), jobs::lease_until.eq(none), jobs::last_error.eq(why)))
            .execute(conn)?,
    };
    Ok(())
}

/// Jobs that were given up, newest first.
pub fn dead(conn: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<DeadJob>, DbError> {
    let rows: Vec<(i64, String, Option<String>, i32, At)> = jobs::table
        .filter(jobs::municipality.eq(municipality))
        .filter(jobs::state.eq("dead"))
        .order(jobs::seq.desc())
        .limit(200)
        .select((jobs::seq, jobs::kind, jobs::last_error, jobs::attempts, jobs::created_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(seq, kind, last_error, attempts, created_at)| DeadJob {
            seq,
            kind,
            last_error: last_error.unwrap_or_default(),
            attempts,
            created_at,
        })
        .collect())
}

/// Gives a dead job all its attempts again. False when it is not dead any more.
pub fn retry_dead(conn: &mut Conn, municipality: &MunicipalitySlug, seq: i64, now: At) -> Result<bool, DbError> {
    let job = jobs::table.find(seq).filter(jobs::municipality.eq(municipality)).filter(jobs::state.eq("dead"));
    let changed = diesel::update(job)
        .set((jobs::state.eq("waiting"), jobs::attempts.eq(0), jobs::due_at.eq(now)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// How many jobs of one kind wait. For metrics.
pub fn waiting(conn: &mut Conn, kind: &str) -> Result<i64, DbError> {
    Ok(jobs::table.filter(jobs::state.eq("waiting")).filter(jobs::kind.eq(kind)).count().get_result(conn)?)
}

/// For metrics: waiting, dead, and when the oldest waiting one was due.
pub fn depth(conn: &mut Conn) -> Result<(i64, i64, Option<At>), DbError> {
    let count =
        |conn: &mut Conn, state: &str| jobs::table.filter(jobs::state.eq(state.to_owned())).count().get_result(conn);
    let oldest = jobs::table.filter(jobs::state.eq("waiting")).select(diesel::dsl::min(jobs::due_at)).first(conn)?;
    Ok((count(conn, "waiting")?, count(conn, "dead")?, oldest))
}
