//! All SQL of the notices to receivers.

use crate::contract::NoticeKind;
use crate::db::schema::{cases, feed_heads, notices};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::portal::cases::Case;
use crate::vocabulary::{At, CaseId, DeliveryId, MunicipalitySlug, TargetSlug};
use diesel::dsl::max;
use diesel::prelude::*;
use serde_json::Value;

/// Places given at once.
const AT_ONCE: i64 = 500;

/// A notice with its place.
#[derive(Queryable)]
pub(super) struct Placed {
    pub id: String,
    pub case_id: CaseId,
    pub kind: NoticeKind,
    pub data: Doc<Value>,
    pub time: At,
    pub position: i64,
    pub subject: String,
    pub sequence: i64,
}

pub(super) fn insert(conn: &mut Conn, case: &Case, kind: NoticeKind, data: Value, now: At) -> Result<(), DbError> {
    use notices as n;
    diesel::insert_into(n::table)
        .values((
            // Of the same kind as a delivery's: made here, ordered by time, opaque to whoever reads it.
            n::id.eq(DeliveryId::fresh().to_string()),
            n::municipality.eq(&case.municipality),
            n::target.eq(&case.target),
            n::case_id.eq(&case.id),
            n::kind.eq(kind),
            n::data.eq(Doc(data)),
            n::time.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Holds the head of a target's feed until the transaction ends.
pub(super) fn lock_head(conn: &mut Conn, municipality: &MunicipalitySlug, target: &TargetSlug) -> Result<(), DbError> {
    use feed_heads as h;
    diesel::insert_into(h::table)
        .values((h::municipality.eq(municipality), h::target.eq(target), h::position.eq(0), h::acknowledged.eq(0)))
        .on_conflict((h::municipality, h::target))
        .do_update()
        .set(h::position.eq(h::position))
        .each()
        .execute(conn)?;
    Ok(())
}

pub(super) fn is_behind(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
) -> Result<bool, DbError> {
    use notices as n;
    let new = n::table
        .filter(n::municipality.eq(municipality))
        .filter(n::target.eq(target))
        .filter(n::position.is_null())
        .select(n::id);
    Ok(new.first::<String>(conn).optional()?.is_some())
}

/// Under [`lock_head`]. On PostgreSQL the rows are read after the lock was taken, in a statement of its own: it sees all
/// that was committed before, and what is committed later comes after.
pub(super) fn place(conn: &mut Conn, municipality: &MunicipalitySlug, target: &TargetSlug) -> Result<bool, DbError> {
    use {feed_heads as h, notices as n};
    let new: Vec<(String, CaseId)> = n::table
        .filter(n::municipality.eq(municipality))
        .filter(n::target.eq(target))
        .filter(n::position.is_null())
        .order((n::time, n::id))
        .limit(AT_ONCE)
        .select((n::id, n::case_id))
        .load(conn)?;
    if new.is_empty() {
        return Ok(false);
    }
    let head = h::table.filter(h::municipality.eq(municipality)).filter(h::target.eq(target));
    let mut position: i64 = head.select(h::position).first(conn)?;
    for (id, case) in &new {
        position += 1;
        let before: Option<i64> = n::table.filter(n::case_id.eq(case)).select(max(n::sequence)).first(conn)?;
        let external: Option<Option<String>> =
            cases::table.find(case).select(cases::external_case_id).first(conn).optional()?;
        diesel::update(n::table.find(id))
            .set((
                n::position.eq(position),
                n::sequence.eq(before.unwrap_or(0) + 1),
                n::subject.eq(external.flatten().unwrap_or_else(|| case.to_string())),
            ))
            .execute(conn)?;
    }
    diesel::update(head).set(h::position.eq(position)).execute(conn)?;
    Ok(true)
}

pub(super) fn after(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    offset: i64,
    limit: i64,
) -> Result<Vec<Placed>, DbError> {
    use notices as n;
    Ok(n::table
        .filter(n::municipality.eq(municipality))
        .filter(n::target.eq(target))
        .filter(n::position.gt(offset))
        .order(n::position)
        .limit(limit)
        .select((
            n::id,
            n::case_id,
            n::kind,
            n::data,
            n::time,
            n::position.assume_not_null(),
            n::subject.assume_not_null(),
            n::sequence.assume_not_null(),
        ))
        .load(conn)?)
}

pub(super) fn acknowledged(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
) -> Result<i64, DbError> {
    let known: Option<i64> =
        feed_heads::table.find((municipality, target)).select(feed_heads::acknowledged).first(conn).optional()?;
    Ok(known.unwrap_or(0))
}

/// Under [`lock_head`].
pub(super) fn acknowledge(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    up_to: i64,
) -> Result<i64, DbError> {
    use feed_heads as h;
    let row = h::table.find((municipality, target));
    let (end, before): (i64, i64) = row.select((h::position, h::acknowledged)).first(conn)?;
    let cursor = up_to.min(end).max(before);
    diesel::update(row).set(h::acknowledged.eq(cursor)).execute(conn)?;
    Ok(cursor)
}

pub(super) fn untold(conn: &mut Conn) -> Result<Vec<(MunicipalitySlug, TargetSlug, i64)>, DbError> {
    use {feed_heads as h, notices as n};
    let mut all: Vec<(MunicipalitySlug, TargetSlug, i64)> = h::table
        .filter(h::acknowledged.lt(h::position))
        .select((h::municipality, h::target, h::acknowledged))
        .load(conn)?;
    let new: Vec<(MunicipalitySlug, TargetSlug)> =
        n::table.filter(n::position.is_null()).select((n::municipality, n::target)).distinct().load(conn)?;
    for (municipality, target) in new {
        if !all.iter().any(|(m, t, _)| *m == municipality && *t == target) {
            let read = acknowledged(conn, &municipality, &target)?;
            all.push((municipality, target, read));
        }
    }
    Ok(all)
}

/// The turn to push until `until`; false when somebody has it.
pub(super) fn take_turn(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    now: At,
    until: At,
) -> Result<bool, DbError> {
    use feed_heads as h;
    lock_head(conn, municipality, target)?;
    let free = h::table
        .filter(h::municipality.eq(municipality))
        .filter(h::target.eq(target))
        .filter(h::turn_until.is_null().or(h::turn_until.le(now)));
    Ok(diesel::update(free).set(h::turn_until.eq(until)).execute(conn)? == 1)
}

pub(super) fn give_turn_back(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
) -> Result<(), DbError> {
    use feed_heads as h;
    let nobody: Option<At> = None;
    diesel::update(h::table.find((municipality, target))).set(h::turn_until.eq(nobody)).execute(conn)?;
    Ok(())
}
