//! Which roles the administration has, and who gives them.

use super::{guard, store};
use crate::db::{Conn, DbError};
use crate::powers::{Officer, Person, Power, RoleRule, Staffing};
use crate::vocabulary::MunicipalitySlug;
use crate::web::{AppError, Visit};
use futures_util::future::LocalBoxFuture;
use std::collections::BTreeMap;

/// The administration's roles: whoever runs the system asks, whoever owns it answers.
pub struct AdministrationStaffing;

const fn rule(role: &'static str) -> RoleRule {
    RoleRule { role, per_unit: false, asked_by: &["systemforvaltare", "systemagare"], answered_by: &["systemagare"] }
}

const RULES: &[RoleRule] = &[rule("systemforvaltare"), rule("informationsagare"), rule("systemagare")];

impl Staffing for AdministrationStaffing {
    fn officer(&self, visit: Visit, is_get: bool) -> LocalBoxFuture<'static, Result<Officer, AppError>> {
        Box::pin(guard::appointed(visit, is_get))
    }

    fn templates(&self) -> &'static str {
        "administration"
    }

    fn rules(&self) -> &'static [RoleRule] {
        RULES
    }

    fn ends_sessions(&self) -> &'static [&'static str] {
        &["systemforvaltare"]
    }

    fn units(&self, _: &mut Conn, _: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError> {
        Ok(BTreeMap::new())
    }

    fn people(&self, c: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError> {
        store::people(c, municipality)
    }

    fn changed(
        &self,
        c: &mut Conn,
        municipality: &MunicipalitySlug,
        who: &Person<'_>,
        held: &[Power],
    ) -> Result<(), DbError> {
        store::put(c, municipality, who, held)
    }
}
