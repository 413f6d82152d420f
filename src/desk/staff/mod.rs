//! Who works here: units with their diaries, staff with their roles, and the guards of the handlers' pages.
//!
//! A member of staff is known by the whole affiliation that her log-in gives; the part before `@` is unique only within
//! its organisation. She is read again on every request, so that a role that is taken away is gone at once.

mod door;
mod guard;
mod seed;
mod store;

pub use door::StaffDoor;
pub use guard::{Handler, Staff};
pub use seed::{SeedFault, seed};
pub use store::{colleagues, find, names_of, unit, units_of};

use crate::db::{Conn, DbError};
use crate::municipalities::Municipality;
use crate::vocabulary::MunicipalitySlug;
use crate::word_enum;
use serde::{Deserialize, Serialize};

word_enum! {
    /// What a member of staff may do.
    Role {
        /// Works errands of her units.
        Handler = "handler",
        /// Enhetschef: the same, and assigns.
        Manager = "manager",
        /// Administration and integrations; no errands by that role.
        Systemforvaltare = "systemforvaltare",
        /// Owns the information of her units: disposal, reading log, access; no errands by that role.
        Informationsagare = "informationsagare",
    }
}

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Where.
    pub municipality: MunicipalitySlug,
    /// `mali01@2120009911`.
    pub affiliation: String,
    /// Display name.
    pub name: String,
    /// In Swedish.
    pub title: String,
    /// For notices and, where the case type says so, for the resident.
    pub email: String,
    /// Codes.
    pub units: Vec<String>,
    /// May be several.
    pub roles: Vec<Role>,
}

impl Member {
    /// False when she has ended: then only her name is left.
    pub fn works_here(&self) -> bool {
        !self.roles.is_empty()
    }

    /// True when she works errands at all.
    pub fn works_errands(&self) -> bool {
        !self.units.is_empty() && self.roles.iter().any(|r| matches!(r, Role::Handler | Role::Manager))
    }

    /// True when she works errands of this unit.
    pub fn works_in(&self, unit: &str) -> bool {
        self.works_errands() && self.units.iter().any(|u| u == unit)
    }
}

/// A unit of the organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// `FORSKOLA`.
    pub code: String,
    /// For people.
    pub name: String,
    /// Code of the diary that its errands are numbered in: `BUN`.
    pub diary: String,
    /// The nämnd that the diary is: `Barn- och utbildningsnämnden`.
    pub board: String,
    /// Social services, pupils' health: own handlers only, neutral notices.
    pub strict: bool,
}

/// What a session at the desk keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffSession {
    /// Display name, for the head of the page.
    pub name: String,
    /// Her units' names, divided by commas, for the head of the page.
    pub unit_names: String,
    /// Roles at log-in; the guards read them anew.
    pub roles: Vec<Role>,
}

/// The log-in was right, but nobody here has that affiliation.
#[derive(Debug, thiserror::Error)]
pub enum NotStaff {
    /// Unknown, or of another municipality: the same answer.
    #[error("no member of staff has this affiliation here")]
    Unknown,
    /// The database could not say.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The session of whoever logged in with `affiliation` at this municipality's address. The staff of another municipality
/// never get one here, whatever their log-in says.
pub fn sign_in(c: &mut Conn, municipality: &Municipality, affiliation: &str) -> Result<StaffSession, NotStaff> {
    let organisation = affiliation.rsplit_once('@').map(|(_, organisation)| organisation);
    if organisation != Some(municipality.organisation_number.as_str()) {
        return Err(NotStaff::Unknown);
    }
    let member = find(c, &municipality.slug, affiliation)?.filter(Member::works_here).ok_or(NotStaff::Unknown)?;
    let units = units_of(c, &municipality.slug)?;
    let names: Vec<String> = units.into_iter().filter(|u| member.units.contains(&u.code)).map(|u| u.name).collect();
    Ok(StaffSession { name: member.name, unit_names: names.join(", "), roles: member.roles })
}
