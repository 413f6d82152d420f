//! Ending a session, by the person or by her broker, and keeping it.

use super::record::record_of_session;
use super::{LogIn, brokers};
use crate::audit;
use crate::db::{Conn, DbError};
use crate::oidc::{RawIdToken, transactions};
use crate::settings::{random_token, sha256_hex};
use crate::web::{
    AppError, Path, PostedForm, Realm, Session, Visit, end_session, end_sessions_at_broker, id_token_of, see_other,
    sid_lookup, subject_lookup,
};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

/// Here first, whatever the broker does; then, where it has an address for that, at the broker.
pub(super) async fn log_out(form: PostedForm, log_in: web::Data<LogIn>) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let mut place = "/utloggad".to_owned();
    let mut cookie = None;
    if let Some(session) = &visit.session {
        let at_broker = id_token_of(&visit.ground, session).await.unwrap_or_else(|e| {
            tracing::warn!(error = %e, "the broker is not told of a log-out");
            None
        });
        cookie = Some(end_session(&visit.ground, session).await?);
        record_of_session(visit, "logout", "").await?;
        if let Some(id_token) = at_broker
            && let Some(there) = end_at_broker(visit, &log_in, session, id_token).await
        {
            place = there;
        }
    }
    let mut response = see_other(&place);
    if let Some(cookie) = cookie {
        response.add_cookie(&cookie).map_err(AppError::internal)?;
    }
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), clear);
    Ok(response)
}

/// Where the broker ends its own session, and sends her back to our page. The `state` is for the broker only: nothing is
/// done when she comes back.
async fn end_at_broker(visit: &Visit, log_in: &LogIn, session: &Session, id_token: String) -> Option<String> {
    let party = brokers(log_in, visit).ok()?.iter().find(|b| b.issuer() == session.issuer)?;
    let back = format!("{}/utloggad", visit.address());
    let state = random_token().ok()?;
    party.end_session_url(&RawIdToken::new(id_token), &back, &state).await.map(String::from)
}

pub(super) async fn logged_out(visit: Visit, log_in: web::Data<LogIn>) -> Result<HttpResponse, AppError> {
    let staff = visit.ground.realm != Realm::Portal;
    let context = json!({ "reason": "self", "retur": log_in.door.home(), "staff": staff });
    visit.page("portal/utloggad.html", "", context)
}

/// Asked by the page's own script when somebody wants to stay: reading the session has moved its clock. Says how long it
/// lasts now.
pub(super) async fn renew(form: PostedForm) -> HttpResponse {
    match &form.visit.session {
        Some(session) => {
            let (expires_in, is_last) = session.left(form.visit.ground.clock.now());
            HttpResponse::Ok().json(json!({ "expires_in": expires_in, "last": is_last }))
        }
        None => HttpResponse::Unauthorized().content_type("text/plain").body("utloggad"),
    }
}

#[derive(Deserialize)]
pub(super) struct Told {
    logout_token: String,
}

/// The broker says that somebody has logged out there (OpenID Connect Back-Channel Logout 1.0). No browser asks this, so
/// there is no form token: the message carries a signature, and counts once.
pub(super) async fn from_broker(
    visit: Visit,
    log_in: web::Data<LogIn>,
    broker: Path<String>,
    told: Option<web::Form<Told>>,
) -> Result<HttpResponse, AppError> {
    let party = brokers(&log_in, &visit)?.iter().find(|b| b.slug() == broker.0).ok_or(AppError::NotFound)?;
    let told = told.ok_or(AppError::Invalid("invalid"))?;
    let token = party.verify_logout_token(&told.logout_token).await.map_err(|_| AppError::Invalid("invalid"))?;
    let ground = &visit.ground;
    let (realm, slug, now) = (ground.realm, visit.municipality.slug.clone(), ground.clock.now());
    let subject = token.sub.as_deref().map(|sub| subject_lookup(&ground.keys, &token.issuer, sub));
    let sid = token.sid.as_deref().map(|sid| sid_lookup(&ground.keys, &token.issuer, sid));
    // The administration, on the portal's database, is told by a message of its own.
    let jti = sha256_hex(format!("{}:{}", realm.as_str(), token.jti).as_bytes());
    let work = move |c: &mut Conn| {
        if !transactions::spend_logout_token(c, &slug, &token.issuer, &jti, token.expires_at)? {
            return Ok(None);
        }
        let whose = end_sessions_at_broker(c, realm, &slug, subject.as_deref(), sid.as_deref())?;
        for principal in &whose {
            let detail = format!("issuer={}", token.issuer);
            audit::record(c, &slug, now, "system:broker", "logout.broker", principal, &detail)?;
        }
        Ok::<_, DbError>(Some(whose.len()))
    };
    match ground.db.write(work).await? {
        Some(ended) => {
            metrics::counter!("sessions_ended_by_broker_total").increment(ended as u64);
            Ok(HttpResponse::Ok().finish())
        }
        None => Err(AppError::Invalid("invalid")),
    }
}
