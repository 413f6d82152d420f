//! Whether a service can be used as whoever she is now.

use crate::forms::{Actor, Definition};
use crate::portal::identity::{AuthorityKind, Citizen, citizen_of};
use crate::web::{AppError, Visit};

/// Why a service cannot be used in a capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It is not for people like this: not for oneself, not for a company, …
    Party,
    /// Her own word, or a signature that needs another's, is not enough.
    NeedsRegister,
    /// It needs a Swedish number, and her foreign e-legitimation gives none.
    Foreign,
    /// Her power of attorney does not reach this service.
    Power,
}

/// As whom, and by what right: the two things that a service has opinions about.
pub(super) fn misfit(
    definition: &Definition,
    kind: Actor,
    authority: Option<&crate::portal::identity::Authority>,
) -> Option<Misfit> {
    if definition.level.is_anonymous() {
        return None;
    }
    if !definition.may_act.contains(&kind) {
        return Some(Misfit::Party);
    }
    let authority = authority?;
    match authority.kind {
        AuthorityKind::Guardian | AuthorityKind::SignatorySole => None,
        AuthorityKind::SignatoryJoint | AuthorityKind::Declared => {
            (!definition.acting.declared).then_some(Misfit::NeedsRegister)
        }
        AuthorityKind::MinaOmbud => {
            let reaches = definition.acting.powers.iter().any(|code| authority.powers.contains(code));
            (!reaches).then_some(Misfit::Power)
        }
    }
}

pub(super) fn misfit_of(definition: &Definition, citizen: &Citizen) -> Option<Misfit> {
    if is_too_foreign(definition, citizen) {
        return Some(Misfit::Foreign);
    }
    match &citizen.acting {
        None => misfit(definition, Actor::Oneself, None),
        Some(acting) => misfit(definition, acting.kind, Some(&acting.authority)),
    }
}

/// Whoever she acts for, it is she who has no number.
pub(super) fn is_too_foreign(definition: &Definition, citizen: &Citizen) -> bool {
    citizen.number().is_none() && !definition.accept_eidas && !definition.level.is_anonymous()
}

/// Whether she may use the service as whoever she is now.
pub fn fits(definition: &Definition, citizen: &Citizen) -> bool {
    misfit_of(definition, citizen).is_none()
}

/// Lets a page of a service go on, or leads to where she chooses for whom she acts.
pub fn demand(visit: &Visit, definition: &Definition) -> Result<(), AppError> {
    match citizen_of(visit) {
        Some(citizen) if !fits(definition, &citizen) => {
            Err(AppError::First(format!("/foretrad?tjanst={}", definition.slug)))
        }
        _ => Ok(()),
    }
}
