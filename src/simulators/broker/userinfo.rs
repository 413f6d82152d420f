//! UserInfo: signed (Profile 1.0), or JSON at the brokers that do not follow it.

use super::Provider;
use super::faults::{Lie, Place};
use super::wire::Endpoint;
use crate::simulators::StartError;
use crate::simulators::keys::SigningKey;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

pub(super) async fn userinfo(provider: web::Data<Provider>, http: HttpRequest) -> HttpResponse {
    provider.control.delay().await;
    if let Some(answer) = provider.wire_fault(Endpoint::UserInfo).await {
        return answer;
    }
    let fault = provider.lie(&[Place::UserInfo]);
    let token = http
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let access = token.and_then(|token| provider.issued.access(token, provider.clock.now()));
    provider.control.note(json!({"event": "userinfo", "known": access.is_some(), "fault": fault}));
    let Some(access) = access else {
        return HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#))
            .finish();
    };
    let mut claims = access.claims;
    claims.insert("sub".into(), json!(access.subject));
    let mut say = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    let [personnummer, _] = provider.style.number_claims();
    match fault {
        Some(Lie::SubMismatch) => say("sub", json!("somebody-else")),
        Some(Lie::UserinfoOtherNumber) => say(personnummer, json!("199001012385")),
        _ => {}
    }
    if fault == Some(Lie::UnsignedUserinfo) || !provider.style.signs_userinfo() {
        return HttpResponse::Ok().json(claims);
    }
    let issuer = if fault == Some(Lie::UserinfoOtherIss) { "https://another-broker.example" } else { &provider.issuer };
    let audience = if fault == Some(Lie::UserinfoOtherAud) { "another-client" } else { &access.client_id };
    claims.insert("iss".into(), json!(issuer));
    claims.insert("aud".into(), json!(audience));
    match signed(&provider, &access.client_id, &Value::Object(claims), fault) {
        Ok(jwt) => HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/jwt")).body(jwt),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn signed(provider: &Provider, client_id: &str, claims: &Value, fault: Option<Lie>) -> Result<String, StartError> {
    if fault == Some(Lie::UserinfoOtherKey) {
        return SigningKey::passing()?.sign_as(provider.keys.current().kid(), claims);
    }
    let alg = provider.clients.find(client_id).map(|c| c.id_token_signed_response_alg).unwrap_or_default();
    provider.keys.sign(alg, "JWT", claims)
}
