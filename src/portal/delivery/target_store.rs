//! All SQL of how the targets are, and of the day's balance.

use super::line::NO_CONNECTION;
use super::schedule::CIRCUIT;
use super::store::{DeliveryRow, DeliveryState};
use crate::audit;
use crate::contract::DeliveryKind;
use crate::db::schema::{cases, deliveries, target_states};
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, Day, MunicipalitySlug, SWEDEN, TargetSlug};
use crate::word_enum;
use diesel::dsl::count_star;
use diesel::prelude::*;

word_enum! {
    /// Why nothing is sent to a target.
    Pause {
        /// Our settings or its address are wrong: one delivery is tried now and then.
        Configuration = "configuration",
        /// It does not answer: it is asked now and then.
        Unreachable = "unreachable",
        /// It said that it wants nothing more (410): until a person resumes.
        Gone = "gone",
        /// A person stopped it: until a person resumes.
        ByHand = "by_hand",
    }
}

impl Pause {
    /// Nobody asks by itself.
    pub fn needs_a_person(self) -> bool {
        matches!(self, Pause::Gone | Pause::ByHand)
    }
}

/// How a target is.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = target_states)]
pub struct TargetState {
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// Which.
    pub target: TargetSlug,
    /// In a row.
    pub failures: i32,
    /// `None`: it is sent to.
    pub paused: Option<Pause>,
    /// Since when.
    pub since: At,
    /// For staff.
    pub why: String,
    /// When it is asked again.
    pub probe_at: At,
}

/// Targets that have failed or are paused.
pub fn target_states(conn: &mut Conn, municipality: Option<&MunicipalitySlug>) -> Result<Vec<TargetState>, DbError> {
    use target_states as t;
    let mut query = t::table.order((t::municipality, t::target)).select(TargetState::as_select()).into_boxed();
    if let Some(slug) = municipality {
        query = query.filter(t::municipality.eq(slug));
    }
    Ok(query.load(conn)?)
}

/// Targets that nothing is sent to.
pub(super) fn paused(conn: &mut Conn) -> Result<Vec<(MunicipalitySlug, TargetSlug)>, DbError> {
    use target_states as t;
    Ok(t::table.filter(t::paused.is_not_null()).select((t::municipality, t::target)).load(conn)?)
}

/// Notes a failure and pauses the target when it is one of configuration, or one too many.
pub(super) fn target_failed(
    conn: &mut Conn,
    row: &DeliveryRow,
    pause: Option<Pause>,
    why: &str,
    now: At,
    probe_at: At,
) -> Result<(), DbError> {
    use target_states as t;
    let failures: i32 = diesel::insert_into(t::table)
        .values((
            t::municipality.eq(&row.municipality),
            t::target.eq(&row.target),
            t::failures.eq(1),
            t::since.eq(now),
            t::why.eq(why),
            t::probe_at.eq(probe_at),
        ))
        .on_conflict((t::municipality, t::target))
        .do_update()
        .set(t::failures.eq(t::failures + 1))
        .returning(t::failures)
        .each()
        .get_result(conn)?;
    let paused = match pause {
        Some(pause) => pause,
        None if failures >= CIRCUIT => Pause::Unreachable,
        None => return Ok(()),
    };
    let open = t::table
        .filter(t::municipality.eq(&row.municipality))
        .filter(t::target.eq(&row.target))
        .filter(t::paused.is_null());
    diesel::update(open)
        .set((t::paused.eq(paused), t::since.eq(now), t::why.eq(why), t::probe_at.eq(probe_at)))
        .execute(conn)?;
    Ok(())
}

/// It answered: the count begins anew, and with `resume` all that waits for it is due at once, but for a Retry-After that
/// still runs.
pub(super) fn target_answers(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    resume: bool,
    now: At,
) -> Result<(), DbError> {
    use {deliveries as d, target_states as t};
    let row = t::table.filter(t::municipality.eq(municipality)).filter(t::target.eq(target));
    let had_failed = diesel::update(row.filter(t::failures.gt(0))).set(t::failures.eq(0)).execute(conn)? == 1;
    let waiting = d::table
        .filter(d::municipality.eq(municipality))
        .filter(d::target.eq(target))
        .filter(d::state.eq(DeliveryState::RetryScheduled));
    // What never reached it waited for nothing but this. What it answered with a fault keeps its time, or one delivery that
    // it cannot take would spend its attempts at the pace of the others.
    if had_failed && !resume {
        let unreached = waiting.filter(d::last_error.eq(NO_CONNECTION)).filter(d::next_at.gt(now));
        diesel::update(unreached).set(d::next_at.eq(now)).execute(conn)?;
    }
    if resume {
        let none: Option<Pause> = None;
        diesel::update(row).set(t::paused.eq(none)).execute(conn)?;
        diesel::update(waiting.filter(d::not_before.is_null().or(d::not_before.le(now))))
            .set(d::next_at.eq(now))
            .execute(conn)?;
    }
    Ok(())
}

/// Asks again at `at`. For staff: now.
pub fn probe_now(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    at: At,
) -> Result<bool, DbError> {
    use target_states as t;
    let row =
        t::table.filter(t::municipality.eq(municipality)).filter(t::target.eq(target)).filter(t::paused.is_not_null());
    Ok(diesel::update(row).set(t::probe_at.eq(at)).execute(conn)? == 1)
}

/// A person stops a target, or lets it be sent to again at once. False when it is so already. Audited.
pub fn set_paused(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    stop: bool,
    who: &str,
    why: &str,
    now: At,
) -> Result<bool, DbError> {
    use target_states as t;
    let own = t::table.filter(t::municipality.eq(municipality)).filter(t::target.eq(target));
    if stop {
        diesel::insert_into(t::table)
            .values((
                t::municipality.eq(municipality),
                t::target.eq(target),
                t::failures.eq(0),
                t::since.eq(now),
                t::why.eq(why),
                t::probe_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .each()
            .execute(conn)?;
        let open = own.filter(t::paused.is_null().or(t::paused.ne(Pause::ByHand)));
        let set = (t::paused.eq(Some(Pause::ByHand)), t::since.eq(now), t::why.eq(why));
        if diesel::update(open).set(set).execute(conn)? == 0 {
            return Ok(false);
        }
    } else {
        if own.filter(t::paused.is_not_null()).select(t::why).first::<String>(conn).optional()?.is_none() {
            return Ok(false);
        }
        target_answers(conn, municipality, target, true, now)?;
    }
    let action = if stop { "target.pause" } else { "target.resume" };
    audit::record(conn, municipality, now, who, action, target.as_str(), why)?;
    Ok(true)
}

/// What became of everything that was received on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Balance {
    /// Received.
    pub submitted: i64,
    /// Registered by the receiver.
    pub registered: i64,
    /// Registered by hand or cancelled with a reason.
    pub by_hand: i64,
    /// Waiting, being sent or accepted.
    pub under_way: i64,
    /// Given up.
    pub dead: i64,
    /// Without any delivery: never, or something is badly wrong.
    pub missing: i64,
}

impl Balance {
    /// Nothing is missing.
    pub fn is_even(&self) -> bool {
        self.missing == 0 && self.submitted == self.registered + self.by_hand + self.under_way + self.dead
    }
}

/// The balance of a day in Sweden, from one statement, so that nothing moves between two counts.
pub fn balance(conn: &mut Conn, municipality: &MunicipalitySlug, day: Day) -> Result<Balance, DbError> {
    use {cases as c, deliveries as d};
    let start =
        |day: Day| day.to_zoned(SWEDEN.clone()).map_or(At::EPOCH, |z| At::from_seconds(z.timestamp().as_second()));
    let (from, to) = (start(day), start(day.tomorrow().unwrap_or(day)));
    let rows: Vec<(Option<DeliveryState>, i64)> = c::table
        .left_join(d::table.on(d::case_id.eq(c::id).and(d::kind.eq(DeliveryKind::Submission))))
        .filter(c::municipality.eq(municipality))
        .filter(c::received_at.ge(from))
        .filter(c::received_at.lt(to))
        .group_by(d::state)
        .select((d::state.nullable(), count_star()))
        .load(conn)?;
    let mut sum = Balance::default();
    for (state, n) in rows {
        sum.submitted += n;
        *match state {
            None => &mut sum.missing,
            Some(DeliveryState::Registered) => &mut sum.registered,
            Some(DeliveryState::ResolvedManually | DeliveryState::Cancelled) => &mut sum.by_hand,
            Some(DeliveryState::Dead) => &mut sum.dead,
            Some(_) => &mut sum.under_way,
        } += n;
    }
    Ok(sum)
}
