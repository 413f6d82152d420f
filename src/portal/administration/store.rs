//! All SQL of administration: who may administer.

use crate::db::schema::{administrators, appointed, audit_log};
use crate::db::{Conn, DbError, EachDsl};
use crate::municipalities::Municipalities;
use crate::powers::{self, Person, Power};
use crate::vocabulary::{At, Clock, MunicipalitySlug};
use crate::web::{Realm, end_sessions_of};
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The list of staff could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum SeedFault {
    /// Not the list that was expected.
    #[error("the list of staff cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for SeedFault {
    fn from(e: diesel::result::Error) -> Self {
        SeedFault::Db(e.into())
    }
}

#[derive(Deserialize)]
struct List {
    staff: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    org_affiliation: String,
    name: String,
    municipality: String,
    roles: Vec<String>,
    /// She works here no more.
    #[serde(default)]
    ended: bool,
}

/// The roles of the administration; others in the list are the desk's.
pub(super) const ROLES: [&str; 3] = ["systemagare", "systemforvaltare", "informationsagare"];

/// Whoever has a role of the administration in the list gets it; whoever has ended has none any more. Those who are not in
/// the list are left as they are, and so are roles that somebody has given or taken by hand.
pub fn seed(conn: &mut Conn, municipalities: &Municipalities, list: &str) -> Result<(), SeedFault> {
    let list: List = serde_json::from_str(list)?;
    let now = Clock::system().now();
    for person in &list.staff {
        let Some(municipality) = municipalities.find_by_code(&person.municipality) else { continue };
        let (slug, affiliation) = (&municipality.slug, person.org_affiliation.as_str());
        if person.ended {
            powers::take_all_away(conn, slug, affiliation, now)?;
            end_sessions_of(conn, Realm::Administration, slug, affiliation)?;
        } else {
            let listed = person.roles.iter().filter(|role| ROLES.contains(&role.as_str()));
            let listed: Vec<Power> = listed.map(|role| Power { unit: String::new(), role: role.clone() }).collect();
            powers::set_from_list(conn, slug, affiliation, &listed, now)?;
        }
        let held = powers::held(conn, slug, affiliation)?;
        put(conn, slug, &Person { affiliation, name: &person.name }, &held)?;
    }
    Ok(())
}

/// Keeps the name of somebody who has a role; the table of the version before follows.
pub(super) fn put(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    who: &Person<'_>,
    held: &[Power],
) -> Result<(), DbError> {
    use administrators as a;
    if !held.is_empty() {
        diesel::insert_into(appointed::table)
            .values((
                appointed::municipality.eq(municipality),
                appointed::affiliation.eq(who.affiliation),
                appointed::name.eq(who.name),
            ))
            .on_conflict((appointed::municipality, appointed::affiliation))
            .do_update()
            .set(appointed::name.eq(who.name))
            .each()
            .execute(conn)?;
    }
    diesel::delete(a::table.find((municipality, who.affiliation))).execute(conn)?;
    if powers::has_any(held, &["systemforvaltare"], "") {
        diesel::insert_into(a::table)
            .values((a::municipality.eq(municipality), a::affiliation.eq(who.affiliation), a::name.eq(who.name)))
            .execute(conn)?;
    }
    Ok(())
}

/// Her name and roles, when this affiliation has any in this municipality.
pub(super) fn appointed(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    affiliation: &str,
) -> Result<Option<(String, Vec<Power>)>, DbError> {
    let held = powers::held(conn, municipality, affiliation)?;
    if held.is_empty() {
        return Ok(None);
    }
    let name = appointed::table.find((municipality, affiliation)).select(appointed::name).first(conn).optional()?;
    Ok(Some((name.unwrap_or_else(|| affiliation.to_owned()), held)))
}

/// The names of all who have or had a role, by affiliation.
pub(super) fn people(conn: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError> {
    let rows: Vec<(String, String)> = appointed::table
        .filter(appointed::municipality.eq(municipality))
        .select((appointed::affiliation, appointed::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// A line of the audit log.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub(super) struct Line {
    pub seq: i64,
    pub at: At,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

/// The log, newest first: all of it, or what is about one subject.
pub(super) fn log(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    subject: Option<&str>,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<Line>, DbError> {
    let mut lines =
        audit_log::table.filter(audit_log::municipality.eq(municipality)).select(Line::as_select()).into_boxed();
    if let Some(subject) = subject {
        lines = lines.filter(audit_log::subject.eq(subject.to_owned()));
    }
    if let Some(before) = before {
        lines = lines.filter(audit_log::seq.lt(before));
    }
    Ok(lines.order(audit_log::seq.desc()).limit(most).load(conn)?)
}
