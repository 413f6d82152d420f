//! What a citizen is: a *party* of one municipality, known by her number, which lies sealed. Also how she wants to be
//! reached, and what happens when she has proved who she is.

mod acting;
mod door;
mod store;
mod switch;

pub use acting::{Acting, Authority, AuthorityKind, AuthoritySource, PrincipalAddress, PrincipalNumber};
pub use door::PortalDoor;
#[cfg(test)]
pub(in crate::portal) use store::{KnownBy, find_or_create};
pub use store::{Reach, mark_email_refused, name_of, number_of, reach_of, set_reach, sweep_subjects};
pub use switch::switch;

use crate::oidc::{Persistence, Pinned, USUAL_LEVEL};
use crate::vocabulary::{At, PartyId, Personnummer};
use crate::web::{AppError, Visit};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};

/// What somebody from another country is known by (eIDAS).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// Provisional identity, `NO:…`.
    pub prid: String,
    /// How long it names the same person.
    pub persistence: Persistence,
}

/// Who is logged in, as kept in the sealed session.
#[derive(Clone, Serialize, Deserialize)]
pub struct Citizen {
    /// Whose everything here is: her own party in this municipality, or that of the capacity she acts in.
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
    /// Of a foreign e-legitimation: what it calls her. Without a Swedish number bound to it that is what she is known by.
    #[serde(default)]
    pub foreign: Option<Foreign>,
    /// For whom she acts; `None`: for herself.
    #[serde(default)]
    pub acting: Option<Acting>,
}

impl Citizen {
    /// Her own number, for whomever she acts; `None` for a foreign e-legitimation that is bound to none.
    pub fn number(&self) -> Option<Personnummer> {
        Personnummer::from_canonical(&self.number).ok()
    }

    /// Who she must be when she signs: herself, for whomever she acts. By the number where there is one, since that is what
    /// a signature must bear: with a foreign e-legitimation that only has a number bound to it she cannot sign.
    pub fn pinned(&self) -> Option<Pinned> {
        self.number().map(Pinned::Number).or_else(|| self.foreign.as_ref().map(|f| Pinned::Prid(f.prid.clone())))
    }

    /// True when nobody can know her again at the next log-in: nothing is tied to her for good, and she must be reached by
    /// what she says herself.
    pub fn is_fleeting(&self) -> bool {
        let is_passing = self.foreign.as_ref().is_some_and(|foreign| foreign.persistence == Persistence::C);
        is_passing && self.number().is_none()
    }
}

impl std::fmt::Debug for Citizen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Citizen({})", self.party)
    }
}

/// Who is logged in, if anybody. Somebody whose right to act for another has ended by its day must log in anew, which
/// makes her herself again.
pub fn citizen_of(visit: &Visit) -> Option<Citizen> {
    let now = visit.ground.clock.now();
    let is_over = |acting: &Acting| acting.authority.valid_until.is_some_and(|until| until <= now);
    visit.session_as::<Citizen>().filter(|citizen| !citizen.acting.as_ref().is_some_and(is_over))
}

/// Nothing when the log-in reaches this level of assurance; otherwise the way to one that does, and back.
pub fn require_level(visit: &Visit, level: u8, back: &str) -> Result<(), AppError> {
    match &visit.session {
        None => Err(AppError::LogIn(back.to_owned())),
        Some(session) if session.level < level => Err(AppError::StepUp(back.to_owned())),
        Some(_) => Ok(()),
    }
}

/// Nothing when she proved who she is a short while ago; otherwise the way to do it again, and back: before she changes
/// where notices go, for instance, on a device that others can reach.
pub fn require_fresh(visit: &Visit, back: &str) -> Result<(), AppError> {
    let Some(session) = &visit.session else { return Err(AppError::LogIn(back.to_owned())) };
    let minutes = i64::from(visit.ground.settings.limits.reauthentication_minutes);
    let is_fresh = visit.ground.clock.now() <= session.auth_at.plus_seconds(minutes * 60);
    if is_fresh { Ok(()) } else { Err(AppError::StepUp(back.to_owned())) }
}

/// A page for citizens only: without a session a GET leads to log-in and back here; with a log-in too weak for what is
/// shown about her, to a stronger one.
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
            let back = if is_get { visit.path_and_query.as_str() } else { "/mina-sidor" };
            require_level(&visit, USUAL_LEVEL, back)?;
            match citizen_of(&visit) {
                Some(citizen) => Ok(LoggedIn { visit, citizen }),
                None => Err(AppError::LogIn(back.to_owned())),
            }
        })
    }
}
