//! Guards of the pages: whoever is a parameter of a handler has been looked up for this request.

use super::{Member, find};
use crate::web::{AppError, Visit};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

/// Any member of staff who is logged in.
pub struct Staff {
    /// The request around it.
    pub visit: Visit,
    /// As the database knows her now.
    pub member: Member,
}

/// A member of staff who works errands.
pub struct Handler {
    /// The request around it.
    pub visit: Visit,
    /// As the database knows her now.
    pub member: Member,
}

pub(super) async fn staff(visit: Visit, is_get: bool) -> Result<Staff, AppError> {
    let Some(session) = visit.session.clone() else {
        // After a form, the way back is the start page: its own address answers no GET.
        return Err(AppError::LogIn(if is_get { visit.path_and_query } else { "/inkorg".to_owned() }));
    };
    let slug = visit.municipality.slug.clone();
    let member = visit.ground.db.read(move |c| find(c, &slug, &session.principal)).await?;
    let member = member.filter(Member::works_here).ok_or(AppError::Forbidden("not-staff"))?;
    Ok(Staff { visit, member })
}

impl FromRequest for Staff {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_get = *request.method() == Method::GET;
        let visit = Visit::from_request(request, payload);
        Box::pin(async move { staff(visit.await?, is_get).await })
    }
}

impl FromRequest for Handler {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let staff = Staff::from_request(request, payload);
        Box::pin(async move {
            let Staff { visit, member } = staff.await?;
            if member.works_errands() { Ok(Handler { visit, member }) } else { Err(AppError::Forbidden("no-errands")) }
        })
    }
}
