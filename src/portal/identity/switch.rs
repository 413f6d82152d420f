//! Changing for whom one acts: the session is renewed, as at log-in, and what the browser owns without log-in follows.

use super::Citizen;
use crate::portal::App;
use crate::web::{AppError, Visit, replace_session};
use actix_web::cookie::Cookie;

/// Puts `citizen` in the place of whoever the session was about, under a new token; its cookie. The old token is dead.
pub async fn switch(app: &App, visit: &Visit, citizen: &Citizen) -> Result<Cookie<'static>, AppError> {
    let session = visit.session.as_ref().ok_or_else(|| AppError::LogIn(visit.path_and_query.clone()))?;
    // The session is hers, whomever she acts for: her list of sessions, and what ends them, goes by her own party.
    let principal = citizen.person().to_string();
    let cookie = replace_session(&visit.ground, &visit.municipality, session, &principal, citizen).await?;
    crate::portal::submissions::follow_browser(app, visit, Visit::browser_hash_of(cookie.value())).await?;
    Ok(cookie)
}
