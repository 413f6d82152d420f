//! Logging out at the broker (OpenID Connect RP-Initiated Logout 1.0). The broker keeps no session of its own, so there is
//! nothing to end; what is tried here is the way back.

use super::Provider;
use super::request::Parameters;
use crate::simulators::keys;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use url::Url;

pub(super) async fn end_session(provider: web::Data<Provider>, http: HttpRequest, body: web::Bytes) -> HttpResponse {
    provider.control.delay().await;
    let parameters = Parameters::of(http.query_string(), &body);
    let one = |name| parameters.one(name).unwrap_or(None);
    let hinted = one("id_token_hint").and_then(|hint| keys::verified_claims(hint, &provider.jwks()));
    let audience = hinted.as_ref().and_then(|claims| claims.get("aud")).and_then(Value::as_str);
    let client_id = one("client_id").or(audience);
    let client =
        client_id.filter(|id| audience.is_none_or(|audience| audience == *id)).and_then(|id| provider.clients.find(id));
    let registered = |uri: &&str| {
        client.as_ref().is_some_and(|c| c.post_logout_redirect_uris.iter().any(|registered| registered == uri))
    };
    let back = one("post_logout_redirect_uri").filter(registered).and_then(|uri| Url::parse(uri).ok());
    provider.control.note(json!({"event": "end_session", "client": client_id, "returned": back.is_some()}));
    match back {
        Some(mut location) => {
            if let Some(state) = one("state") {
                location.query_pairs_mut().append_pair("state", state);
            }
            HttpResponse::SeeOther().insert_header((header::LOCATION, location.as_str())).finish()
        }
        None => provider.pages.notice(StatusCode::OK, "Du är utloggad", "Du kan stänga fönstret."),
    }
}
