//! Who of the staff may do what, and how that comes about: one asks, another answers (four eyes), anybody who may ask takes
//! away at once. The desk and the administration of the portal each have their own roles, people and database, and say here
//! by [`RoleRule`]s who asks and who answers; a citizen has no place in any of it.

mod pages;
mod store;

pub use pages::routes;
pub use store::{
    ANSWER_DAYS, GrantFault, NewWish, Person, Wish, answer, ask, expire, held, held_by_all, open_wish, open_wishes,
    set_from_list, take_all_away, take_away,
};

use crate::db::{Conn, DbError};
use crate::vocabulary::MunicipalitySlug;
use crate::web::{AppError, Visit};
use futures_util::future::LocalBoxFuture;
use std::collections::BTreeMap;

/// One role, in one unit or (with an empty `unit`) in the whole municipality.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Power {
    /// Code of the unit.
    pub unit: String,
    /// The role's word.
    pub role: String,
}

/// How one role is given.
pub struct RoleRule {
    /// Its word; its name is the text `role-<word>`.
    pub role: &'static str,
    /// Held in one unit at a time, or in the whole municipality.
    pub per_unit: bool,
    /// Roles whose holders ask for it. One that is held in a unit counts in that unit.
    pub asked_by: &'static [&'static str],
    /// Roles whose holders say yes or no.
    pub answered_by: &'static [&'static str],
}

/// Somebody of the staff, as she is now.
pub struct Officer {
    /// The request around her.
    pub visit: Visit,
    /// Who.
    pub affiliation: String,
    /// What she may do.
    pub held: Vec<Power>,
}

impl Officer {
    /// True when she has one of these roles in this unit or in the whole municipality.
    pub fn has_any(&self, roles: &[&str], unit: &str) -> bool {
        has_any(&self.held, roles, unit)
    }
}

/// See [`Officer::has_any`].
pub fn has_any(held: &[Power], roles: &[&str], unit: &str) -> bool {
    held.iter().any(|p| roles.contains(&p.role.as_str()) && (p.unit.is_empty() || p.unit == unit))
}

/// What one application says of its staff.
pub trait Staffing: Send + Sync + 'static {
    /// Who asks for a page, looked up for this request; nobody without a session of this realm.
    fn officer(&self, visit: Visit, is_get: bool) -> LocalBoxFuture<'static, Result<Officer, AppError>>;
    /// Folder of the templates `powers.html` and `logins.html`.
    fn templates(&self) -> &'static str;
    /// Every role that can be given.
    fn rules(&self) -> &'static [RoleRule];
    /// The roles whose holders see and end everybody's sessions.
    fn ends_sessions(&self) -> &'static [&'static str];
    /// Names of the units by code.
    fn units(&self, c: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError>;
    /// Names of the people who are known, by affiliation.
    fn people(&self, c: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError>;
    /// Somebody's powers have changed: what else the application keeps of her follows, in the same transaction.
    fn changed(
        &self,
        c: &mut Conn,
        municipality: &MunicipalitySlug,
        who: &Person<'_>,
        held: &[Power],
    ) -> Result<(), DbError>;
}

/// The rule of a role.
fn rule<'a>(rules: &'a [RoleRule], role: &str) -> Option<&'a RoleRule> {
    rules.iter().find(|r| r.role == role)
}
