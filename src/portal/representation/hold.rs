//! Whether a right that was found when she chose is still there.

use super::company_register::Standing;
use super::find::{self, Principal};
use crate::portal::App;
use crate::portal::identity::{Acting, Authority, AuthorityKind, Citizen, PrincipalNumber};
use crate::vocabulary::{At, MunicipalitySlug};

/// So long the word of a register of organisations is good. Seconds.
const GOOD_FOR: i64 = 15 * 60;

/// Why she may not act any more, or not now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The register says that the right is no more.
    Ended,
    /// The register does not answer, and without its word nobody acts.
    Silent,
}

/// Looks the right up again, unless a register of organisations gave its word a little ago; custody is always asked for.
/// The authority as it stands now, `None` when she acts for herself. Before sending in, and before signing.
pub async fn still_holds(
    app: &App,
    municipality: &MunicipalitySlug,
    citizen: &Citizen,
) -> Result<Option<Authority>, Lost> {
    let Some(acting) = &citizen.acting else { return Ok(None) };
    let number = acting.number().map_err(|_| Lost::Ended)?;
    let now = app.ground.clock.now();
    let before = &acting.authority;
    if before.valid_until.is_some_and(|until| until <= now) {
        return Err(Lost::Ended);
    }
    if before.kind != AuthorityKind::Guardian && is_fresh(before, now) {
        return Ok(Some(before.clone()));
    }
    let same = |all: Vec<Principal>, is_silent: bool| {
        let found = all.into_iter().find(|p| p.number == number && p.authority.kind == before.kind);
        match found {
            Some(principal) => Ok(Some(principal.authority)),
            None if is_silent => Err(Lost::Silent),
            None => Err(Lost::Ended),
        }
    };
    match before.kind {
        AuthorityKind::Guardian => {
            let children = find::children(app, municipality, citizen).await;
            same(children.offered, children.is_silent)
        }
        AuthorityKind::SignatorySole | AuthorityKind::SignatoryJoint | AuthorityKind::MinaOmbud => {
            let found = find::organisations(app, municipality, citizen).await;
            same(found.offered, found.is_silent)
        }
        AuthorityKind::Declared => declared_still_holds(app, municipality, acting, &number).await,
    }
}

fn is_fresh(authority: &Authority, now: At) -> bool {
    authority.verified_at <= now && now < authority.verified_at.plus_seconds(GOOD_FOR)
}

/// Her own word stands as long as no register says that the organisation is gone.
async fn declared_still_holds(
    app: &App,
    municipality: &MunicipalitySlug,
    acting: &Acting,
    number: &PrincipalNumber,
) -> Result<Option<Authority>, Lost> {
    if let (Some(register), PrincipalNumber::Organisation(number)) = (app.mandates.of(municipality).companies, number)
        && let Ok(Some(organisation)) = register.organisation(number).await
        && organisation.standing == Standing::Gone
    {
        return Err(Lost::Ended);
    }
    Ok(Some(acting.authority.clone()))
}
