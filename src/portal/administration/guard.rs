//! Who is let in, and the guard of every page.

use super::store;
use crate::oidc::{Authenticated, Door, Pinned, Purpose, Unwelcome, Welcome, Who};
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
        &["leveranser", "handelser", "jobb", "mottagare", "behorigheter", "inloggningar"]
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
            let name =
                visit.ground.db.read(move |c| store::name_of(c, &slug, &wanted)).await.map_err(AppError::from)?;
            let Some(name) = name else { return Err(Unwelcome::Refused("not-administrator")) };
            tracing::info!(affiliation, "an administrator logged in");
            Ok(Welcome { principal: affiliation.clone(), data: json!({ "name": name }) })
        })
    }
}

/// An administrator of this municipality, looked up for this request: a right that is taken away is gone at once.
pub struct Administrator {
    /// The request around it.
    pub visit: Visit,
    /// `staff:heek01@2120009911`, for the audit log.
    pub actor: String,
}

impl FromRequest for Administrator {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_get = *request.method() == Method::GET;
        let visit = Visit::from_request(request, payload);
        Box::pin(async move {
            let visit = visit.await?;
            let Some(session) = visit.session.clone() else {
                return Err(AppError::LogIn(if is_get { visit.path_and_query } else { "/".to_owned() }));
            };
            let (slug, who) = (visit.municipality.slug.clone(), session.principal.clone());
            let known = visit.ground.db.read(move |c| store::name_of(c, &slug, &who)).await?;
            known.ok_or(AppError::Forbidden("not-administrator"))?;
            Ok(Administrator { visit, actor: format!("staff:{}", session.principal) })
        })
    }
}
