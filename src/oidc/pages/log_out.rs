//! Ending a session, and keeping it.

use super::LogIn;
use super::record::record_of_session;
use crate::web::{AppError, PostedForm, Realm, Visit, end_session, see_other};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use serde_json::json;

pub(super) async fn log_out(form: PostedForm) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let mut response = see_other("/utloggad");
    if let Some(session) = &visit.session {
        let cookie = end_session(&visit.ground, session).await?;
        record_of_session(visit, "logout", "").await?;
        response.add_cookie(&cookie).map_err(AppError::internal)?;
    }
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), clear);
    Ok(response)
}

pub(super) async fn logged_out(visit: Visit, log_in: web::Data<LogIn>) -> Result<HttpResponse, AppError> {
    let staff = visit.ground.realm != Realm::Portal;
    let context = json!({ "reason": "self", "retur": log_in.door.home(), "staff": staff });
    visit.page("portal/utloggad.html", "", context)
}

/// Asked by the page's own script when somebody wants to stay: reading the session has moved its clock.
pub(super) async fn renew(form: PostedForm) -> HttpResponse {
    match form.visit.session {
        Some(_) => HttpResponse::NoContent().finish(),
        None => HttpResponse::Unauthorized().content_type("text/plain").body("utloggad"),
    }
}
