//! Filling the tables of units and staff from a list.

use super::{Member, Role, Unit, store};
use crate::db::{Conn, DbError};
use crate::municipalities::Municipalities;
use crate::powers::{self, Power};
use crate::vocabulary::Clock;
use crate::web::{Realm, end_sessions_of};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The list could not be taken in; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum SeedFault {
    /// Not the list that was expected.
    #[error("the list of staff cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A person or unit of a municipality that is not served here.
    #[error("the list of staff names the municipality {0}, which is not served here")]
    UnknownMunicipality(String),
    /// A person without her unit, or with a role that is not ours.
    #[error("{affiliation}: {fault}")]
    Person {
        /// Who.
        affiliation: String,
        /// What is wrong.
        fault: String,
    },
    /// A unit whose diary belongs to no nämnd of its municipality.
    #[error("the unit {unit} has the diary {diary}, which its municipality does not have")]
    Unit {
        /// Which.
        unit: String,
        /// Its diary.
        diary: String,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

#[derive(Deserialize)]
struct List {
    municipalities: Vec<Place>,
    units: BTreeMap<String, Vec<UnitEntry>>,
    staff: Vec<Person>,
}

#[derive(Deserialize)]
struct Place {
    code: String,
    diaries: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct UnitEntry {
    code: String,
    name: String,
    diary: String,
    secrecy: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    org_affiliation: String,
    name: String,
    title: String,
    email: String,
    municipality: String,
    units: Vec<String>,
    roles: Vec<String>,
    /// She works here no more.
    #[serde(default)]
    ended: bool,
}

/// Puts the units and staff of `list` (JSON) into the database, in place of what is known of the same ones. Whoever has ended
/// keeps her name, for what she has done, and nothing else: no log-in, no errands. Others stay, and so do roles that somebody
/// has given or taken by hand: the list is for the first set-up and for leaving.
pub fn seed(c: &mut Conn, municipalities: &Municipalities, list: &str) -> Result<(), SeedFault> {
    let list: List = serde_json::from_str(list)?;
    let now = Clock::system().now();
    let slug_of = |code: &str| {
        municipalities
            .find_by_code(code)
            .map(|m| m.slug.clone())
            .ok_or_else(|| SeedFault::UnknownMunicipality(code.to_owned()))
    };
    for (code, units) in &list.units {
        let slug = slug_of(code)?;
        let boards = list.municipalities.iter().find(|m| m.code == *code).map(|m| &m.diaries);
        for unit in units {
            let board = boards
                .and_then(|b| b.get(&unit.diary))
                .cloned()
                .ok_or_else(|| SeedFault::Unit { unit: unit.code.clone(), diary: unit.diary.clone() })?;
            let unit = Unit {
                code: unit.code.clone(),
                name: unit.name.clone(),
                diary: unit.diary.clone(),
                board,
                // Anything but the known word for open is kept closed.
                strict: unit.secrecy != "normal",
            };
            store::put_unit(c, &slug, &unit)?;
        }
    }
    for person in list.staff {
        let fault = |fault: String| SeedFault::Person { affiliation: person.org_affiliation.clone(), fault };
        let known = list.units.get(&person.municipality).map(Vec::as_slice).unwrap_or_default();
        if let Some(unit) = person.units.iter().find(|u| !known.iter().any(|k| k.code == **u)) {
            return Err(fault(format!("the unit {unit} is not in the list")));
        }
        let roles = person.roles.iter().map(|r| r.parse()).collect::<Result<Vec<Role>, String>>().map_err(fault)?;
        let (municipality, affiliation) = (slug_of(&person.municipality)?, person.org_affiliation);
        if person.ended {
            powers::take_all_away(c, &municipality, &affiliation, now)?;
            end_sessions_of(c, Realm::Desk, &municipality, &affiliation)?;
        } else {
            let listed = roles.iter().flat_map(|role| {
                let whole = vec![String::new()];
                let places = if role.is_per_unit() { person.units.clone() } else { whole };
                places.into_iter().map(|unit| Power { unit, role: role.as_str().to_owned() })
            });
            let listed: Vec<Power> = listed.collect();
            if !powers::set_from_list(c, &municipality, &affiliation, &listed, now)? {
                tracing::info!(affiliation, "the list leaves roles that were given or taken by hand");
            }
        }
        let held = powers::held(c, &municipality, &affiliation)?;
        let member = Member {
            municipality,
            affiliation,
            name: person.name,
            title: person.title,
            email: person.email,
            units: Vec::new(),
            roles: Vec::new(),
            held: Vec::new(),
        };
        store::put_member(c, &member.with(held))?;
    }
    Ok(())
}
