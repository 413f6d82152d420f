//! Who works here: units with their diaries, staff with their roles, and the guards of the handlers' pages.
//!
//! A member of staff is known by the whole affiliation that her log-in gives; the part before `@` is unique only within
//! its organisation. She is read again on every request, so that a role that is taken away is gone at once.

mod door;
mod guard;
mod seed;
mod staffing;
mod store;

pub use door::StaffDoor;
pub use guard::{Handler, Staff};
pub use seed::{SeedFault, seed};
pub use staffing::DeskStaffing;
pub use store::{colleagues, find, names_of, unit, units_of};

use crate::db::{Conn, DbError};
use crate::municipalities::Municipality;
use crate::powers::Power;
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
        /// Owns the system: says yes or no to who runs it; no errands by that role.
        Systemagare = "systemagare",
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
    /// Codes of the units that she has a role in.
    pub units: Vec<String>,
    /// Every role that she has anywhere.
    pub roles: Vec<Role>,
    /// Which role where.
    pub held: Vec<Power>,
}

impl Role {
    /// Held in one unit at a time; the others are for the whole municipality.
    fn is_per_unit(self) -> bool {
        matches!(self, Role::Handler | Role::Manager | Role::Informationsagare)
    }
}

impl Member {
    /// False when she has ended: then only her name is left.
    pub fn works_here(&self) -> bool {
        !self.roles.is_empty()
    }

    /// True when she works errands at all.
    pub fn works_errands(&self) -> bool {
        self.units.iter().any(|unit| self.works_in(unit))
    }

    /// True when she works errands of this unit.
    pub fn works_in(&self, unit: &str) -> bool {
        self.has(Role::Handler, unit) || self.has(Role::Manager, unit)
    }

    /// True when she is the manager of this unit: assigns, and takes an errand from whoever has it.
    pub fn leads(&self, unit: &str) -> bool {
        self.has(Role::Manager, unit)
    }

    fn has(&self, role: Role, unit: &str) -> bool {
        self.held.iter().any(|p| p.role == role.as_str() && p.unit == unit)
    }

    /// With these powers and no others.
    fn with(mut self, held: Vec<Power>) -> Self {
        self.units = held.iter().map(|p| p.unit.clone()).filter(|u| !u.is_empty()).collect();
        self.units.sort();
        self.units.dedup();
        let known = Role::ALL.iter().filter(|role| held.iter().any(|p| p.role == role.as_str()));
        self.roles = known.copied().collect();
        self.held = held;
        self
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
