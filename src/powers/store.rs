//! All SQL about roles.

use super::Power;
use crate::audit;
use crate::db::schema::{role_grants as grants, role_hands as hands, role_requests as requests};
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, MunicipalitySlug};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// A question that nobody answers is over after so many days.
pub const ANSWER_DAYS: i64 = 14;

/// Why nothing was granted.
#[derive(Debug, thiserror::Error)]
pub enum GrantFault {
    /// Nobody asks for herself.
    #[error("nobody asks for herself")]
    Own,
    /// She has it.
    #[error("she has that role already")]
    Held,
    /// Somebody has asked already.
    #[error("that is asked already")]
    Asked,
    /// Whoever asked, or would get it, does not answer.
    #[error("whoever asked, or would get it, does not answer")]
    SamePerson,
    /// Answered by somebody else, or expired.
    #[error("the question is not open any more")]
    Gone,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for GrantFault {
    fn from(e: diesel::result::Error) -> Self {
        GrantFault::Db(e.into())
    }
}

/// Somebody who has powers or is to have them.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The whole affiliation.
    pub affiliation: &'a str,
    /// For people.
    pub name: &'a str,
}

/// A question that waits for its answer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = requests)]
pub struct Wish {
    /// Its id.
    pub id: String,
    /// For whom.
    pub affiliation: String,
    /// Her name.
    pub name: String,
    /// In which unit; empty for the whole municipality.
    pub unit: String,
    /// Which role.
    pub role: String,
    /// The reason that was given.
    pub why: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: At,
    /// When it is over.
    pub expires_at: At,
}

/// What somebody may do now.
pub fn held(c: &mut Conn, municipality: &MunicipalitySlug, affiliation: &str) -> Result<Vec<Power>, DbError> {
    let rows: Vec<(String, String)> = grants::table
        .filter(grants::municipality.eq(municipality))
        .filter(grants::affiliation.eq(affiliation))
        .order((grants::unit, grants::role))
        .select((grants::unit, grants::role))
        .load(c)?;
    Ok(rows.into_iter().map(|(unit, role)| Power { unit, role }).collect())
}

/// What everybody may do now, by affiliation.
pub fn held_by_all(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, Vec<Power>>, DbError> {
    let rows: Vec<(String, String, String)> = grants::table
        .filter(grants::municipality.eq(municipality))
        .order((grants::unit, grants::role))
        .select((grants::affiliation, grants::unit, grants::role))
        .load(c)?;
    let mut all = BTreeMap::<String, Vec<Power>>::new();
    for (affiliation, unit, role) in rows {
        all.entry(affiliation).or_default().push(Power { unit, role });
    }
    Ok(all)
}

fn give(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    affiliation: &str,
    power: &Power,
    by: &str,
    now: At,
) -> Result<(), DbError> {
    diesel::insert_into(grants::table)
        .values((
            grants::municipality.eq(municipality),
            grants::affiliation.eq(affiliation),
            grants::unit.eq(&power.unit),
            grants::role.eq(&power.role),
            grants::granted_by.eq(by),
            grants::granted_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(c)?;
    Ok(())
}

fn by_hand(c: &mut Conn, municipality: &MunicipalitySlug, affiliation: &str) -> Result<(), DbError> {
    diesel::insert_into(hands::table)
        .values((hands::municipality.eq(municipality), hands::affiliation.eq(affiliation)))
        .on_conflict_do_nothing()
        .each()
        .execute(c)?;
    Ok(())
}

/// What the list of staff says of somebody, in place of what it said before. False, and nothing is changed, when her roles
/// have been changed by hand.
pub fn set_from_list(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    affiliation: &str,
    powers: &[Power],
    now: At,
) -> Result<bool, DbError> {
    let is_by_hand: i64 = hands::table.find((municipality, affiliation)).count().get_result(c)?;
    if is_by_hand > 0 {
        return Ok(false);
    }
    delete_all(c, municipality, affiliation)?;
    for power in powers {
        give(c, municipality, affiliation, power, "", now)?;
    }
    Ok(true)
}

fn delete_all(c: &mut Conn, municipality: &MunicipalitySlug, affiliation: &str) -> Result<(), DbError> {
    let hers = grants::table.filter(grants::municipality.eq(municipality)).filter(grants::affiliation.eq(affiliation));
    diesel::delete(hers).execute(c)?;
    Ok(())
}

/// Somebody works here no more: whatever she had is gone, and what was asked for her is refused.
pub fn take_all_away(c: &mut Conn, municipality: &MunicipalitySlug, affiliation: &str, now: At) -> Result<(), DbError> {
    delete_all(c, municipality, affiliation)?;
    let open = requests::table
        .filter(requests::municipality.eq(municipality))
        .filter(requests::affiliation.eq(affiliation))
        .filter(requests::state.eq("open"));
    diesel::update(open).set((requests::state.eq("refused"), requests::answered_at.eq(Some(now)))).execute(c)?;
    Ok(())
}

/// A question to be put.
pub struct NewWish<'a> {
    /// Where.
    pub municipality: &'a MunicipalitySlug,
    /// For whom.
    pub who: Person<'a>,
    /// What.
    pub power: &'a Power,
    /// The reason.
    pub why: &'a str,
    /// Who asks.
    pub asked_by: &'a str,
    /// The same, as the audit log writes it.
    pub actor: &'a str,
    /// When.
    pub now: At,
}

/// One asks. That she may is for the caller to have seen.
pub fn ask(c: &mut Conn, new: &NewWish<'_>) -> Result<(), GrantFault> {
    if new.asked_by == new.who.affiliation {
        return Err(GrantFault::Own);
    }
    if held(c, new.municipality, new.who.affiliation)?.contains(new.power) {
        return Err(GrantFault::Held);
    }
    let same: i64 = requests::table
        .filter(requests::municipality.eq(new.municipality))
        .filter(requests::state.eq("open"))
        .filter(requests::expires_at.gt(new.now))
        .filter(requests::affiliation.eq(new.who.affiliation))
        .filter(requests::unit.eq(&new.power.unit))
        .filter(requests::role.eq(&new.power.role))
        .count()
        .get_result(c)?;
    if same > 0 {
        return Err(GrantFault::Asked);
    }
    diesel::insert_into(requests::table)
        .values((
            requests::id.eq(uuid::Uuid::now_v7().to_string()),
            requests::municipality.eq(new.municipality),
            requests::affiliation.eq(new.who.affiliation),
            requests::name.eq(new.who.name),
            requests::unit.eq(&new.power.unit),
            requests::role.eq(&new.power.role),
            requests::why.eq(new.why),
            requests::asked_by.eq(new.asked_by),
            requests::asked_at.eq(new.now),
            requests::expires_at.eq(new.now.plus_days(ANSWER_DAYS)),
            requests::state.eq("open"),
        ))
        .execute(c)?;
    tell(c, new.municipality, new.now, new.actor, "role.asked", new.who.affiliation, new.power)?;
    Ok(())
}

fn tell(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    now: At,
    actor: &str,
    action: &str,
    affiliation: &str,
    power: &Power,
) -> Result<(), DbError> {
    let detail = format!("role={} unit={}", power.role, power.unit);
    audit::record(c, municipality, now, actor, action, affiliation, &detail)
}

/// One question that waits, if it still does.
pub fn open_wish(c: &mut Conn, municipality: &MunicipalitySlug, id: &str, now: At) -> Result<Option<Wish>, DbError> {
    Ok(requests::table
        .find(id)
        .filter(requests::municipality.eq(municipality))
        .filter(requests::state.eq("open"))
        .filter(requests::expires_at.gt(now))
        .select(Wish::as_select())
        .first(c)
        .optional()?)
}

/// Every question that waits, oldest first.
pub fn open_wishes(c: &mut Conn, municipality: &MunicipalitySlug, now: At) -> Result<Vec<Wish>, DbError> {
    Ok(requests::table
        .filter(requests::municipality.eq(municipality))
        .filter(requests::state.eq("open"))
        .filter(requests::expires_at.gt(now))
        .order(requests::asked_at)
        .select(Wish::as_select())
        .load(c)?)
}

/// Another answers. That she may is for the caller to have seen; that she is another is seen here. The first answer counts.
pub fn answer(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    wish: &Wish,
    (by, actor): (&str, &str),
    is_yes: bool,
    now: At,
) -> Result<(), GrantFault> {
    if by == wish.asked_by || by == wish.affiliation {
        return Err(GrantFault::SamePerson);
    }
    let open = requests::table
        .find(&wish.id)
        .filter(requests::municipality.eq(municipality))
        .filter(requests::state.eq("open"))
        .filter(requests::expires_at.gt(now));
    let answered = diesel::update(open)
        .set((
            requests::state.eq(if is_yes { "granted" } else { "refused" }),
            requests::answered_by.eq(Some(by)),
            requests::answered_at.eq(Some(now)),
        ))
        .execute(c)?;
    if answered == 0 {
        return Err(GrantFault::Gone);
    }
    let power = Power { unit: wish.unit.clone(), role: wish.role.clone() };
    if is_yes {
        give(c, municipality, &wish.affiliation, &power, by, now)?;
        by_hand(c, municipality, &wish.affiliation)?;
    }
    let action = if is_yes { "role.granted" } else { "role.refused" };
    tell(c, municipality, now, actor, action, &wish.affiliation, &power)?;
    Ok(())
}

/// Takes one away, at once. False when she did not have it.
pub fn take_away(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    affiliation: &str,
    power: &Power,
    actor: &str,
    now: At,
) -> Result<bool, DbError> {
    let one = grants::table.find((municipality, affiliation, &power.unit, &power.role));
    if diesel::delete(one).execute(c)? == 0 {
        return Ok(false);
    }
    by_hand(c, municipality, affiliation)?;
    tell(c, municipality, now, actor, "role.taken", affiliation, power)?;
    Ok(true)
}

/// Closes the questions that nobody answered in time.
pub fn expire(c: &mut Conn, now: At) -> Result<usize, DbError> {
    let over: Vec<(MunicipalitySlug, String, String, String)> =
        diesel::update(requests::table.filter(requests::state.eq("open")).filter(requests::expires_at.le(now)))
            .set((requests::state.eq("expired"), requests::answered_at.eq(Some(now))))
            .returning((requests::municipality, requests::affiliation, requests::unit, requests::role))
            .get_results(c)?;
    for (municipality, affiliation, unit, role) in &over {
        let power = Power { unit: unit.clone(), role: role.clone() };
        tell(c, municipality, now, "system:clock", "role.expired", affiliation, &power)?;
    }
    Ok(over.len())
}
