//! Who is let in, and the guard of every page.

use super::store;
use crate::oidc::{Authenticated, Door, Pinned, Purpose, Unwelcome, Welcome, Who};
use crate::powers::Officer;
use crate::web::{AppError, Session, Visit};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{BoxFuture, LocalBoxFuture};
use serde_json::json;

/// Staff by affiliation, when the table of the municipality whose address was asked for has them.
pub struct AdministrationDoor;

impl Door for AdministrationDoor {
    fn purpose(&self) -> Purpose {
        Purpose::Staff
    }

    fn home(&self) -> &'static str {
        "/"
    }

    fn places(&self) -> &'static [&'static str] {
        &["leveranser", "handelser", "statusar", "anslutningar", "jobb", "behorigheter", "inloggningar", "logg"]
    }

    fn pin(&self, session: &Session) -> Option<Pinned> {
        Some(Pinned::Affiliation(session.principal.clone()))
    }

    fn enter<'a>(&'a self, visit: &'a Visit, who: &'a Authenticated) -> BoxFuture<'a, Result<Welcome, Unwelcome>> {
        Box::pin(async move {
            let Who::Staff { affiliation, .. } = &who.who else {
                return Err(AppError::internal("a citizen at the administration's door").into());
            };
            let (slug, wanted) = (visit.municipality.slug.clone(), affiliation.clone());
            let found = visit.ground.db.read(move |c| store::appointed(c, &slug, &wanted)).await;
            let Some((name, held)) = found.map_err(AppError::from)? else {
                return Err(Unwelcome::Refused("not-administrator"));
            };
            tracing::info!(affiliation, "an administrator logged in");
            let roles: Vec<&str> = held.iter().map(|p| p.role.as_str()).collect();
            Ok(Welcome { principal: affiliation.clone(), data: json!({ "name": name, "roles": roles }) })
        })
    }
}

/// Somebody with a role in the administration of this municipality, looked up for this request: a role that is taken away is
/// gone at once.
pub(super) async fn appointed(visit: Visit, is_get: bool) -> Result<Officer, AppError> {
    let Some(session) = visit.session.clone() else {
        return Err(AppError::LogIn(if is_get { visit.path_and_query } else { "/".to_owned() }));
    };
    let (slug, who) = (visit.municipality.slug.clone(), session.principal.clone());
    let known = visit.ground.db.read(move |c| store::appointed(c, &slug, &who)).await?;
    let (_, held) = known.ok_or(AppError::Forbidden("not-administrator"))?;
    Ok(Officer { visit, affiliation: session.principal, held })
}

/// A systemförvaltare: runs queues, receivers and sessions.
pub struct Administrator {
    /// The request around it.
    pub visit: Visit,
    /// `staff:heek01@2120009911`, for the audit log.
    pub actor: String,
}

/// An informationsägare: sees what was done with the information.
pub struct InformationOwner {
    /// The request around it.
    pub visit: Visit,
}

async fn with_role(
    request: HttpRequest,
    visit: LocalBoxFuture<'static, Result<Visit, AppError>>,
    role: &'static str,
) -> Result<Officer, AppError> {
    let officer = appointed(visit.await?, *request.method() == Method::GET).await?;
    if officer.has_any(&[role], "") { Ok(officer) } else { Err(AppError::Forbidden("other-role")) }
}

impl FromRequest for Administrator {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (visit, request) = (Visit::from_request(request, payload), request.clone());
        Box::pin(async move {
            let officer = with_role(request, visit, "systemforvaltare").await?;
            Ok(Administrator { visit: officer.visit, actor: format!("staff:{}", officer.affiliation) })
        })
    }
}

impl FromRequest for InformationOwner {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (visit, request) = (Visit::from_request(request, payload), request.clone());
        Box::pin(
            async move { Ok(InformationOwner { visit: with_role(request, visit, "informationsagare").await?.visit }) },
        )
    }
}
