//! UserInfo, always signed (Profile 1.0).

use super::Provider;
use super::faults::Fault;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

pub(super) async fn userinfo(provider: web::Data<Provider>, http: HttpRequest) -> HttpResponse {
    provider.control.delay().await;
    let fault = provider.control.strike(Fault::in_userinfo);
    let token = http
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let access = token.and_then(|token| provider.issued.access(token, provider.clock.now()));
    provider.control.note(json!({"event": "userinfo", "known": access.is_some(), "fault": fault}));
    if fault == Some(Fault::UserinfoDown) {
        return HttpResponse::ServiceUnavailable().body("closed for maintenance");
    }
    let Some(access) = access else {
        return HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#))
            .finish();
    };
    let mut claims = access.claims;
    let subject = if fault == Some(Fault::SubMismatch) { "somebody-else" } else { &access.subject };
    claims.insert("sub".into(), json!(subject));
    if fault == Some(Fault::UnsignedUserinfo) {
        return HttpResponse::Ok().json(claims);
    }
    claims.insert("iss".into(), json!(provider.issuer));
    claims.insert("aud".into(), json!(access.client_id));
    match provider.keys().current.sign(&Value::Object(claims)) {
        Ok(jwt) => HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/jwt")).body(jwt),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
