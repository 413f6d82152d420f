//! All SQL of deliveries.

use super::parcel::Snapshot;
use super::schedule::OUTCOME_UNKNOWN;
use crate::contract::DeliveryKind;
use crate::db::schema::{deliveries, delivery_attempts};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, CaseId, DeliveryId, MunicipalitySlug, TargetSlug};
use crate::word_enum;
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use serde_json::Value;

word_enum! {
    /// Where a delivery stands.
    DeliveryState {
        /// Its receipt is not there yet.
        WaitingPrecondition = "waiting_precondition",
        /// Due.
        Pending = "pending",
        /// Being sent by somebody who has the lease.
        InProgress = "in_progress",
        /// Failed, to be tried again.
        RetryScheduled = "retry_scheduled",
        /// Taken by the receiver, not registered yet.
        Accepted = "accepted",
        /// The receiver has it under its own number.
        Registered = "registered",
        /// Given up until a person has looked at it.
        Dead = "dead",
        /// A person registered it by hand.
        ResolvedManually = "resolved_manually",
        /// Not to be sent, with a reason.
        Cancelled = "cancelled",
    }
}

/// Nothing more will happen by itself, and followers may go.
pub(super) const SETTLED: [DeliveryState; 3] =
    [DeliveryState::Registered, DeliveryState::ResolvedManually, DeliveryState::Cancelled];
/// May be claimed when due.
const CLAIMABLE: [DeliveryState; 3] = [DeliveryState::Pending, DeliveryState::RetryScheduled, DeliveryState::Accepted];

/// A delivery without what it carries.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub struct DeliveryRow {
    /// Also the idempotency key.
    pub id: DeliveryId,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// For which case.
    pub case_id: CaseId,
    /// To whom.
    pub target: TargetSlug,
    /// What.
    pub kind: DeliveryKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts that counted.
    pub attempts: i32,
    /// The last one may have arrived.
    pub unclear: bool,
    /// When it is due.
    pub next_at: At,
    /// Somebody has it until then.
    pub lease_until: Option<At>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When the municipality received it.
    pub received_at: At,
    /// When it was settled or given up.
    pub finished_at: Option<At>,
    /// Who settled it by hand.
    pub resolved_by: Option<String>,
    /// Why.
    pub resolved_why: Option<String>,
    /// Where it was first sent.
    pub config_snapshot: Option<Doc<Snapshot>>,
}

/// One call.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = delivery_attempts)]
pub struct Attempt {
    /// From 1.
    pub n: i32,
    /// When.
    pub started_at: At,
    /// Until when.
    pub ended_at: At,
    /// Its status.
    pub http_status: Option<i32>,
    /// `transient`, `configuration` or `permanent`.
    pub error_class: Option<String>,
    /// For staff.
    pub note: String,
}

pub(super) struct NewRow<'a> {
    pub id: DeliveryId,
    pub municipality: &'a MunicipalitySlug,
    pub case_id: CaseId,
    pub target: TargetSlug,
    pub kind: DeliveryKind,
    pub waits: bool,
    pub received_at: At,
    pub content: Vec<u8>,
}

pub(super) fn insert(conn: &mut Conn, row: &NewRow<'_>, now: At) -> Result<(), DbError> {
    use deliveries as d;
    diesel::insert_into(d::table)
        .values((
            d::id.eq(&row.id),
            d::municipality.eq(row.municipality),
            d::case_id.eq(&row.case_id),
            d::target.eq(&row.target),
            d::kind.eq(row.kind),
            d::state.eq(if row.waits { DeliveryState::WaitingPrecondition } else { DeliveryState::Pending }),
            d::content.eq(&row.content),
            d::attempts.eq(0),
            d::unclear.eq(false),
            d::next_at.eq(now),
            d::received_at.eq(row.received_at),
            d::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn release(conn: &mut Conn, case: &CaseId, now: At) -> Result<(), DbError> {
    use deliveries as d;
    diesel::update(d::table.filter(d::case_id.eq(case)).filter(d::state.eq(DeliveryState::WaitingPrecondition)))
        .set((d::state.eq(DeliveryState::Pending), d::next_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

pub(super) fn submission_content(conn: &mut Conn, case: &CaseId) -> Result<Option<Vec<u8>>, DbError> {
    use deliveries as d;
    Ok(d::table
        .filter(d::case_id.eq(case))
        .filter(d::kind.eq(DeliveryKind::Submission))
        .select(d::content)
        .first(conn)
        .optional()?)
}

pub(super) fn content_and_body(conn: &mut Conn, id: &DeliveryId) -> Result<(Vec<u8>, Option<Vec<u8>>), DbError> {
    use deliveries as d;
    Ok(d::table.find(id).select((d::content, d::body)).first(conn)?)
}

pub(super) fn keep_snapshot(conn: &mut Conn, id: &DeliveryId, snapshot: &Snapshot) -> Result<(), DbError> {
    use deliveries as d;
    diesel::update(d::table.find(id)).set(d::config_snapshot.eq(Doc(snapshot.clone()))).execute(conn)?;
    Ok(())
}

pub(super) fn progress(conn: &mut Conn, id: &DeliveryId) -> Result<Option<Value>, DbError> {
    use deliveries as d;
    let kept: Option<Doc<Value>> = d::table.find(id).select(d::progress).first(conn)?;
    Ok(kept.map(|doc| doc.0))
}

pub(super) fn keep_progress(conn: &mut Conn, id: &DeliveryId, progress: &Value) -> Result<(), DbError> {
    use deliveries as d;
    diesel::update(d::table.find(id)).set(d::progress.eq(Doc(progress.clone()))).execute(conn)?;
    Ok(())
}

/// False when there is a body already.
pub(super) fn keep_body(conn: &mut Conn, id: &DeliveryId, sealed: &[u8], sha256: &str) -> Result<bool, DbError> {
    use deliveries as d;
    let n = diesel::update(d::table.filter(d::id.eq(id)).filter(d::body.is_null()))
        .set((d::body.eq(sealed), d::body_sha256.eq(sha256)))
        .execute(conn)?;
    Ok(n == 1)
}

/// Targets that something is due for. From one target to the next along the index: a receiver that has been away leaves
/// many deliveries, and this is asked several times a second.
pub(super) fn due_targets(conn: &mut Conn, now: At) -> Result<Vec<(MunicipalitySlug, TargetSlug)>, DbError> {
    use deliveries as d;
    let mut due = Vec::new();
    let mut municipality: Option<MunicipalitySlug> = d::table.select(min(d::municipality)).first(conn)?;
    while let Some(m) = municipality {
        let mut target: Option<TargetSlug> =
            d::table.filter(d::municipality.eq(&m)).select(min(d::target)).first(conn)?;
        while let Some(t) = target {
            let own = d::table.filter(d::municipality.eq(&m)).filter(d::target.eq(&t));
            for state in CLAIMABLE {
                // In the order of the index, or another target's backlog would be gone through to find none of this one's.
                let there = own.filter(d::state.eq(state)).filter(d::next_at.le(now)).order(d::received_at);
                if there.select(d::id).first::<DeliveryId>(conn).optional()?.is_some() {
                    due.push((m.clone(), t.clone()));
                    break;
                }
            }
            let next = d::table.filter(d::municipality.eq(&m)).filter(d::target.gt(&t));
            target = next.select(min(d::target)).first(conn)?;
        }
        municipality = d::table.filter(d::municipality.gt(&m)).select(min(d::municipality)).first(conn)?;
    }
    Ok(due)
}

/// What a dead worker had begun may have arrived.
pub(super) fn expire_leases(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    free(conn, now, now)
}

/// As a lease that has run out, for every lease. Only where the database belongs to one process (SQLite) and that process
/// is starting: whoever held them is gone.
pub fn free_leases(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    free(conn, now.plus_days(1), now)
}

fn free(conn: &mut Conn, before: At, now: At) -> Result<usize, DbError> {
    use deliveries as d;
    let none: Option<At> = None;
    Ok(diesel::update(d::table.filter(d::state.eq(DeliveryState::InProgress)).filter(d::lease_until.lt(before)))
        .set((
            d::state.eq(DeliveryState::RetryScheduled),
            d::unclear.eq(true),
            d::next_at.eq(now),
            d::lease_until.eq(none),
            d::last_error.eq("the worker stopped in the middle"),
        ))
        .execute(conn)?)
}

/// A filter of `deliveries`: no earlier one of the same case is in the way. A macro, because its type is another one for each
/// database.
macro_rules! nothing_in_the_way {
    () => {{
        use $crate::db::schema::deliveries as d;
        let earlier = diesel::alias!(deliveries as earlier);
        let in_the_way = earlier
            .filter(earlier.field(d::case_id).eq(d::case_id))
            .filter(earlier.field(d::id).lt(d::id))
            .filter(earlier.field(d::state).ne_all(SETTLED));
        diesel::dsl::not(diesel::dsl::exists(in_the_way))
    }};
}
pub(super) use nothing_in_the_way;

/// Takes up to `limit` due deliveries of a target until `until`, the oldest first, never two of one case and never one
/// that an earlier of its case has not made way for. With the state that each had.
pub(super) fn claim(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    limit: i64,
    now: At,
    until: At,
) -> Result<Vec<(DeliveryRow, DeliveryState)>, DbError> {
    use deliveries as d;
    let mut found: Vec<(At, DeliveryId, DeliveryState)> = Vec::new();
    // State by state, each in the order of the index: all together would have to be sorted, however many wait.
    for state in CLAIMABLE {
        let due = d::table
            .filter(d::municipality.eq(municipality))
            .filter(d::target.eq(target))
            .filter(d::state.eq(state))
            .filter(d::next_at.le(now))
            .filter(nothing_in_the_way!())
            // As in the index and no further, or PostgreSQL, before it has statistics of a backlog, sorts all of it. What is equal
            // in this is of several cases, or kept in order by what is in the way.
            .order(d::received_at)
            .limit(limit)
            .select((d::received_at, d::id, d::state));
        found.extend(match conn {
            Conn::Postgres(c) => due.for_update().skip_locked().load(c)?,
            Conn::Sqlite(c) => due.load(c)?,
        });
    }
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let mut claimed = Vec::new();
    for (_, id, was) in found.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        diesel::update(d::table.find(&id))
            .set((d::state.eq(DeliveryState::InProgress), d::lease_until.eq(until)))
            .execute(conn)?;
        claimed.push((d::table.find(&id).select(DeliveryRow::as_select()).first(conn)?, was));
    }
    Ok(claimed)
}

/// Moves a lease. False when it is not the one that the delivery has any more.
pub(super) fn renew(conn: &mut Conn, id: &DeliveryId, held: At, next: At) -> Result<bool, DbError> {
    use deliveries as d;
    let mine = d::table.find(id).filter(d::state.eq(DeliveryState::InProgress)).filter(d::lease_until.eq(held));
    Ok(diesel::update(mine).set(d::lease_until.eq(next)).execute(conn)? == 1)
}

/// What a finished attempt leaves.
pub(super) struct Finish {
    pub state: DeliveryState,
    pub attempts: i32,
    pub unclear: bool,
    pub next_at: At,
    pub not_before: Option<At>,
    pub last_error: Option<String>,
    pub finished_at: Option<At>,
}

/// False when the lease ran out and somebody else has it: nothing is written then.
pub(super) fn finish(conn: &mut Conn, row: &DeliveryRow, f: &Finish) -> Result<bool, DbError> {
    use deliveries as d;
    let none: Option<At> = None;
    let mine = d::table
        .filter(d::id.eq(&row.id))
        .filter(d::state.eq(DeliveryState::InProgress))
        .filter(d::lease_until.eq(row.lease_until));
    let n = diesel::update(mine)
        .set((
            d::state.eq(f.state),
            d::attempts.eq(f.attempts),
            d::unclear.eq(f.unclear),
            d::next_at.eq(f.next_at),
            d::not_before.eq(f.not_before),
            d::last_error.eq(&f.last_error),
            d::finished_at.eq(f.finished_at),
            d::lease_until.eq(none),
        ))
        .execute(conn)?;
    Ok(n == 1)
}

pub(super) fn add_attempt(
    conn: &mut Conn,
    row: &DeliveryRow,
    started_at: At,
    ended_at: At,
    http_status: Option<u16>,
    error_class: Option<&str>,
    note: &str,
) -> Result<(), DbError> {
    use delivery_attempts as a;
    let last: Option<i32> = a::table.filter(a::delivery_id.eq(&row.id)).select(diesel::dsl::max(a::n)).first(conn)?;
    diesel::insert_into(a::table)
        .values((
            a::delivery_id.eq(&row.id),
            a::municipality.eq(&row.municipality),
            a::n.eq(last.unwrap_or(0) + 1),
            a::started_at.eq(started_at),
            a::ended_at.eq(ended_at),
            a::http_status.eq(http_status.map(i32::from)),
            a::error_class.eq(error_class),
            a::note.eq(note),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    Ok(())
}

/// Every call of a delivery, first to last.
pub fn attempts(conn: &mut Conn, id: &DeliveryId) -> Result<Vec<Attempt>, DbError> {
    use delivery_attempts as a;
    Ok(a::table.filter(a::delivery_id.eq(id)).order(a::n).select(Attempt::as_select()).load(conn)?)
}

/// By id within a municipality.
pub fn find(conn: &mut Conn, municipality: &MunicipalitySlug, id: &DeliveryId) -> Result<Option<DeliveryRow>, DbError> {
    use deliveries as d;
    Ok(d::table
        .filter(d::id.eq(id))
        .filter(d::municipality.eq(municipality))
        .select(DeliveryRow::as_select())
        .first(conn)
        .optional()?)
}

/// Deliveries in a state, of one target or of all, newest first. `before`: the last id of the page before.
pub fn by_state(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: Option<&TargetSlug>,
    state: DeliveryState,
    before: Option<&DeliveryId>,
    limit: i64,
) -> Result<Vec<DeliveryRow>, DbError> {
    use deliveries as d;
    let mut query = d::table
        .filter(d::municipality.eq(municipality))
        .filter(d::state.eq(state))
        .order(d::id.desc())
        .limit(limit)
        .select(DeliveryRow::as_select())
        .into_boxed();
    if let Some(target) = target {
        query = query.filter(d::target.eq(target));
    }
    if let Some(before) = before {
        query = query.filter(d::id.lt(before));
    }
    Ok(query.load(conn)?)
}

/// How many are on their way to their targets, in all municipalities. For metrics.
pub fn waiting(conn: &mut Conn) -> Result<i64, DbError> {
    const UNDER_WAY: [DeliveryState; 4] = [
        DeliveryState::WaitingPrecondition,
        DeliveryState::Pending,
        DeliveryState::InProgress,
        DeliveryState::RetryScheduled,
    ];
    use deliveries as d;
    Ok(d::table.filter(d::state.eq_any(UNDER_WAY)).count().get_result(conn)?)
}

/// How many there are in each state, of one target or of all.
pub fn counts_by_state(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: Option<&TargetSlug>,
) -> Result<Vec<(DeliveryState, i64)>, DbError> {
    use deliveries as d;
    let counted = d::table.filter(d::municipality.eq(municipality)).group_by(d::state).select((d::state, count_star()));
    Ok(match target {
        Some(target) => counted.filter(d::target.eq(target)).load(conn)?,
        None => counted.load(conn)?,
    })
}

/// From one of `from` to pending or settled, by a person or by an event. False when it had moved on.
pub(super) fn settle(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    id: &DeliveryId,
    from: &[DeliveryState],
    to: DeliveryState,
    by: Option<(&str, &str)>,
    now: At,
) -> Result<bool, DbError> {
    use deliveries as d;
    let row =
        d::table.filter(d::id.eq(id)).filter(d::municipality.eq(municipality)).filter(d::state.eq_any(from.to_vec()));
    let again = to == DeliveryState::Pending;
    let none: Option<At> = None;
    let n = diesel::update(row)
        .set((
            d::state.eq(to),
            d::next_at.eq(now),
            d::not_before.eq(none),
            d::lease_until.eq(none),
            d::finished_at.eq((!again).then_some(now)),
        ))
        .execute(conn)?;
    if n == 1 && again {
        diesel::update(d::table.find(id)).set(d::attempts.eq(0)).execute(conn)?;
        // She has looked, and found that it never arrived: else it would be as unknown as before.
        let unknown = d::last_error.like(format!("%{OUTCOME_UNKNOWN}"));
        diesel::update(d::table.find(id).filter(unknown)).set(d::unclear.eq(false)).execute(conn)?;
    }
    if let (1, Some((who, why))) = (n, by) {
        diesel::update(d::table.find(id)).set((d::resolved_by.eq(who), d::resolved_why.eq(why))).execute(conn)?;
    }
    Ok(n == 1)
}
