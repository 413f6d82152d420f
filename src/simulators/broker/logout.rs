//! Logging out at the broker (OpenID Connect RP-Initiated Logout 1.0), which then tells the client as well.

use super::Provider;
use super::faults::Lie;
use super::request::Parameters;
use crate::simulators::keys;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use std::sync::Arc;
use url::Url;

pub(super) async fn end_session(provider: web::Data<Provider>, http: HttpRequest, body: web::Bytes) -> HttpResponse {
    provider.control.delay().await;
    let parameters = Parameters::of(http.query_string(), &body);
    match read(&provider, &parameters) {
        Ok((client_id, sid, back)) => {
            let is_back = back.is_some();
            provider.control.note(json!({"event": "end_session", "client": client_id, "returned": is_back}));
            if let Some(sid) = sid {
                let told = provider.logged_in.of(&provider.issuer, |s| s.sid == sid);
                let provider: Arc<Provider> = provider.clone().into_inner();
                tokio::spawn(async move {
                    for session in told {
                        provider.tell_logged_out(&session, Lie::LogoutProper).await;
                    }
                });
            }
            match back {
                Some(location) => {
                    HttpResponse::SeeOther().insert_header((header::LOCATION, location.as_str())).finish()
                }
                None => provider.notice(&http, StatusCode::OK, "broker-logged-out", "broker-logged-out-text"),
            }
        }
        Err(why) => {
            provider.control.note(json!({"event": "end_session", "refused": why}));
            provider.notice(&http, StatusCode::BAD_REQUEST, "broker-logout-refused", "broker-logout-refused-text")
        }
    }
}

/// Client, session and way back of a log-out; anything doubtful is refused, so that nobody is sent where no client said.
#[expect(clippy::type_complexity, reason = "three parts that only the caller above takes apart")]
fn read(
    provider: &Provider,
    parameters: &Parameters,
) -> Result<(Option<String>, Option<String>, Option<Url>), &'static str> {
    let one = |name| parameters.one(name).map_err(|_| "a parameter is repeated");
    let hint = match one("id_token_hint")? {
        None => None,
        // An old token will do: it says who is meant, not that she is there.
        Some(hint) => {
            let jwks = provider.keys.jwks(provider.clock.now());
            let claims = keys::verified_claims(hint, &jwks).ok_or("id_token_hint is not ours")?;
            (claims.get("iss") == Some(&json!(provider.issuer))).then_some(()).ok_or("id_token_hint is not ours")?;
            Some(claims)
        }
    };
    let text = |name: &str| hint.as_ref().and_then(|claims| claims.get(name)).and_then(Value::as_str);
    let (named, audience) = (one("client_id")?, text("aud"));
    if named.is_some() && audience.is_some() && named != audience {
        return Err("id_token_hint is another client's");
    }
    let client = match named.or(audience) {
        None => None,
        Some(id) => Some(provider.clients.find(id).ok_or("the client is not known")?),
    };
    let client_id = client.as_ref().map(|c| c.client_id.clone());
    let back = match (one("post_logout_redirect_uri")?, &client) {
        (None, _) => None,
        (Some(_), None) => return Err("nobody says whose post_logout_redirect_uri it is"),
        (Some(uri), Some(client)) => {
            if !client.post_logout_redirect_uris.iter().any(|registered| registered == uri) {
                return Err("post_logout_redirect_uri is not registered");
            }
            let mut uri = Url::parse(uri).map_err(|_| "post_logout_redirect_uri cannot be read")?;
            if let Some(state) = one("state")? {
                uri.query_pairs_mut().append_pair("state", state);
            }
            Some(uri)
        }
    };
    Ok((client_id, text("sid").map(str::to_owned), back))
}
