//! What happens when somebody has proved at the staff's broker who she is.

use super::{NotStaff, sign_in};
use crate::oidc::{Authenticated, Door, Pinned, Purpose, Unwelcome, Welcome, Who};
use crate::web::{AppError, Session, Visit};
use futures_util::future::BoxFuture;

/// Staff by affiliation; whoever is not in the table of the municipality whose address she came to is told whom to ask.
pub struct StaffDoor;

impl Door for StaffDoor {
    fn purpose(&self) -> Purpose {
        Purpose::Staff
    }

    fn home(&self) -> &'static str {
        "/inkorg"
    }

    fn places(&self) -> &'static [&'static str] {
        &["inkorg", "mina-arenden", "sok", "arenden", "behorigheter", "inloggningar", "koppling"]
    }

    fn pin(&self, session: &Session) -> Option<Pinned> {
        Some(Pinned::Affiliation(session.principal.clone()))
    }

    fn enter<'a>(&'a self, visit: &'a Visit, who: &'a Authenticated) -> BoxFuture<'a, Result<Welcome, Unwelcome>> {
        Box::pin(async move {
            let Who::Staff { affiliation, .. } = &who.who else {
                return Err(AppError::internal("a citizen at the staff's door").into());
            };
            let (municipality, wanted) = (visit.municipality.clone(), affiliation.clone());
            let session = visit.ground.db.read(move |c| sign_in(c, &municipality, &wanted)).await;
            match session {
                Ok(session) => {
                    tracing::info!(affiliation, acr = %who.acr, "a member of staff logged in");
                    let data = serde_json::to_value(session).map_err(AppError::from)?;
                    Ok(Welcome { principal: affiliation.clone(), data })
                }
                Err(NotStaff::Unknown) => Err(Unwelcome::Refused("not-staff")),
                Err(NotStaff::Db(e)) => Err(Unwelcome::Failed(e.into())),
            }
        })
    }
}
