//! All SQL of administration: who may administer.

use crate::db::schema::administrators;
use crate::db::{Conn, DbError, EachDsl};
use crate::municipalities::Municipalities;
use crate::vocabulary::MunicipalitySlug;
use diesel::prelude::*;
use serde::Deserialize;

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
    staff: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    org_affiliation: String,
    name: String,
    municipality: String,
    roles: Vec<String>,
    /// She works here no more.
    #[serde(default)]
    ended: bool,
}

/// Whoever has the role `systemforvaltare` in the list may administer her municipality; whoever stands there without it,
/// or has ended, may not any more. Those who are not in the list are left as they are.
pub fn seed(conn: &mut Conn, municipalities: &Municipalities, list: &str) -> Result<(), SeedFault> {
    use administrators as a;
    let list: List = serde_json::from_str(list)?;
    for person in &list.staff {
        let Some(municipality) = municipalities.find_by_code(&person.municipality) else { continue };
        if person.ended || !person.roles.iter().any(|r| r == "systemforvaltare") {
            diesel::delete(a::table.find((&municipality.slug, &person.org_affiliation))).execute(conn)?;
            continue;
        }
        diesel::insert_into(a::table)
            .values((
                a::municipality.eq(&municipality.slug),
                a::affiliation.eq(&person.org_affiliation),
                a::name.eq(&person.name),
            ))
            .on_conflict((a::municipality, a::affiliation))
            .do_update()
            .set(a::name.eq(&person.name))
            .each()
            .execute(conn)?;
    }
    Ok(())
}

/// Her name, when this affiliation may administer this municipality.
pub(super) fn name_of(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    affiliation: &str,
) -> Result<Option<String>, DbError> {
    use administrators as a;
    Ok(a::table.find((municipality, affiliation)).select(a::name).first(conn).optional()?)
}
