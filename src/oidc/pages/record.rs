//! Log-ins, step-ups, signatures and log-outs in the audit log: who, through which broker, how strongly, or why not.

use super::Errand;
use crate::audit;
use crate::oidc::Authenticated;
use crate::web::{AppError, Visit};

/// What happened at the broker.
pub(super) enum Told<'a> {
    /// Somebody proved who she is.
    Proved { principal: &'a str, who: &'a Authenticated, agent: &'a str },
    /// Nobody did. `why` is a stable code.
    Refused { why: &'a str, issuer: &'a str },
}

fn action(errand: &Errand, is_proved: bool) -> &'static str {
    match (errand, is_proved) {
        (Errand::LogIn, true) => "login",
        (Errand::LogIn, false) => "login.refused",
        (Errand::StepUp, true) => "step_up",
        (Errand::StepUp, false) => "step_up.refused",
        (Errand::Sign(_), true) => "sign",
        (Errand::Sign(_), false) => "sign.refused",
    }
}

/// Writes the line. Of somebody who was refused only the session is known, if there is one.
pub(super) async fn record(visit: &Visit, errand: &Errand, told: Told<'_>) -> Result<(), AppError> {
    let realm = visit.ground.realm;
    let (actor, subject, detail) = match told {
        Told::Proved { principal, who, agent } => {
            let txn = who.txn.as_deref().unwrap_or("-");
            let detail = format!("issuer={} acr={} txn={txn} agent={agent}", who.issuer, who.acr);
            (realm.actor(principal), principal.to_owned(), detail)
        }
        Told::Refused { why, issuer } => {
            let principal = visit.session.as_ref().map(|s| s.principal.clone());
            let actor = principal.as_deref().map_or_else(|| "nobody".to_owned(), |p| realm.actor(p));
            (actor, principal.unwrap_or_else(|| "-".to_owned()), format!("issuer={issuer} reason={why}"))
        }
    };
    write(visit, &actor, action(errand, matches!(told, Told::Proved { .. })), &subject, &detail).await
}

/// A line about the session of this visit.
pub(super) async fn record_of_session(visit: &Visit, action: &'static str, detail: &str) -> Result<(), AppError> {
    let Some(session) = &visit.session else { return Ok(()) };
    let actor = visit.ground.realm.actor(&session.principal);
    write(visit, &actor, action, &session.principal, detail).await
}

async fn write(visit: &Visit, actor: &str, action: &'static str, subject: &str, detail: &str) -> Result<(), AppError> {
    let (slug, now) = (visit.municipality.slug.clone(), visit.ground.clock.now());
    let (actor, subject, detail) = (actor.to_owned(), subject.to_owned(), detail.to_owned());
    let write = move |c: &mut crate::db::Conn| audit::record(c, &slug, now, &actor, action, &subject, &detail);
    Ok(visit.ground.db.write(write).await?)
}
