//! What a citizen is: a *party* of one municipality, known by her number, which lies sealed. Also how she wants to be
//! reached, and what happens when she has proved who she is.

mod door;
mod store;

pub use door::PortalDoor;
pub use store::{Reach, mark_email_refused, name_of, number_of, reach_of, set_reach};

use crate::vocabulary::{At, PartyId, Personnummer};
use crate::web::{AppError, Visit};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};

/// Who is logged in, as kept in the sealed session.
#[derive(Clone, Serialize, Deserialize)]
pub struct Citizen {
    /// Her party in this municipality.
    pub party: PartyId,
    /// For the header of every page.
    pub name: String,
    /// Twelve digits. Sealed with the session; see [`number`](Self::number).
    number: String,
    /// The `acr` that the broker vouched for.
    pub acr: String,
    /// What authenticated her, in the broker's words.
    pub method: String,
    /// When she proved who she is.
    pub auth_at: At,
}

impl Citizen {
    /// Her number.
    pub fn number(&self) -> Result<Personnummer, AppError> {
        Personnummer::from_canonical(&self.number).map_err(AppError::internal)
    }
}

impl std::fmt::Debug for Citizen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Citizen({})", self.party)
    }
}

/// Who is logged in, if anybody.
pub fn citizen_of(visit: &Visit) -> Option<Citizen> {
    visit.session_as()
}

/// A page for citizens only: without a session a GET leads to log-in and back here.
pub struct LoggedIn {
    /// The request.
    pub visit: Visit,
    /// Who.
    pub citizen: Citizen,
}

impl FromRequest for LoggedIn {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_get = *request.method() == Method::GET;
        let visit = Visit::from_request(request, payload);
        Box::pin(async move {
            let visit = visit.await?;
            match citizen_of(&visit) {
                Some(citizen) => Ok(LoggedIn { visit, citizen }),
                None if is_get => Err(AppError::LogIn(visit.path_and_query)),
                None => Err(AppError::LogIn("/mina-sidor".to_owned())),
            }
        })
    }
}
