//! Which roles the desk has, and who gives them.

use super::{Member, guard, store};
use crate::db::{Conn, DbError};
use crate::powers::{Officer, Person, Power, RoleRule, Staffing};
use crate::vocabulary::MunicipalitySlug;
use crate::web::{AppError, Visit};
use futures_util::future::LocalBoxFuture;
use std::collections::BTreeMap;

/// The desk's roles. Whoever leads a unit asks for those who work there; whoever owns its information answers.
pub struct DeskStaffing;

const RULES: &[RoleRule] = &[
    RoleRule {
        role: "handler",
        per_unit: true,
        asked_by: &["manager", "systemforvaltare"],
        answered_by: &["manager", "informationsagare", "systemagare"],
    },
    RoleRule {
        role: "manager",
        per_unit: true,
        asked_by: &["manager", "systemforvaltare"],
        answered_by: &["informationsagare", "systemagare"],
    },
    RoleRule {
        role: "informationsagare",
        per_unit: true,
        asked_by: &["systemforvaltare"],
        answered_by: &["systemagare"],
    },
    RoleRule {
        role: "systemforvaltare",
        per_unit: false,
        asked_by: &["systemforvaltare", "systemagare"],
        answered_by: &["systemagare"],
    },
    RoleRule {
        role: "systemagare",
        per_unit: false,
        asked_by: &["systemforvaltare", "systemagare"],
        answered_by: &["systemagare"],
    },
];

impl Staffing for DeskStaffing {
    fn officer(&self, visit: Visit, is_get: bool) -> LocalBoxFuture<'static, Result<Officer, AppError>> {
        Box::pin(async move {
            let guard::Staff { visit, member } = guard::staff(visit, is_get).await?;
            Ok(Officer { visit, affiliation: member.affiliation, held: member.held })
        })
    }

    fn templates(&self) -> &'static str {
        "desk"
    }

    fn rules(&self) -> &'static [RoleRule] {
        RULES
    }

    fn ends_sessions(&self) -> &'static [&'static str] {
        &["systemforvaltare"]
    }

    fn units(&self, c: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError> {
        Ok(store::units_of(c, municipality)?.into_iter().map(|u| (u.code, u.name)).collect())
    }

    fn people(&self, c: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError> {
        store::everybody(c, municipality)
    }

    /// Whoever is new has a row of her own from now on.
    fn changed(
        &self,
        c: &mut Conn,
        municipality: &MunicipalitySlug,
        who: &Person<'_>,
        held: &[Power],
    ) -> Result<(), DbError> {
        let known = store::find(c, municipality, who.affiliation)?;
        let member = known.unwrap_or_else(|| Member {
            municipality: municipality.clone(),
            affiliation: who.affiliation.to_owned(),
            name: who.name.to_owned(),
            title: String::new(),
            email: String::new(),
            units: Vec::new(),
            roles: Vec::new(),
            held: Vec::new(),
        });
        store::put_member(c, &member.with(held.to_vec()))
    }
}
