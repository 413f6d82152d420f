//! Metadata and keys, as a client reads them (OpenID Connect Discovery 1.0; Profile 1.0 section on discovery).

use super::Provider;
use super::claims::{LEVELS, scopes};
use super::faults::Fault;
use super::subject::{
    AFFILIATION, AUTHN_PROVIDER, ORG_NAME, ORG_NUMBER, PERSONNUMMER, SAMORDNINGSNUMMER, SAMORDNINGSNUMMER_LEVEL,
};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

pub(super) async fn front(provider: web::Data<Provider>) -> HttpResponse {
    let text = "Den här tjänsten spelar e-legitimation. Börja i den e-tjänst som du vill logga in i.";
    provider.pages.notice(StatusCode::OK, "Testlegitimering", text)
}

pub(super) async fn metadata(provider: web::Data<Provider>) -> HttpResponse {
    provider.control.delay().await;
    let fault = provider.control.strike(|f| matches!(f, Fault::DiscoveryDown | Fault::WrongDiscoveryIssuer));
    provider.control.note(json!({"event": "discovery", "fault": fault}));
    let issuer = &provider.issuer;
    let shown_issuer = match fault {
        Some(Fault::DiscoveryDown) => return HttpResponse::ServiceUnavailable().body("closed for maintenance"),
        Some(_) => format!("{issuer}/"),
        None => issuer.clone(),
    };
    let levels: Vec<&str> = LEVELS.iter().map(|(level, _)| *level).collect();
    HttpResponse::Ok().json(json!({
        "issuer": shown_issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end_session"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": scopes(),
        "acr_values_supported": levels,
        "claims_supported": [
            "sub", "auth_time", "acr", "txn", "given_name", "family_name", "name", "birthdate", PERSONNUMMER,
            SAMORDNINGSNUMMER, SAMORDNINGSNUMMER_LEVEL, AFFILIATION, ORG_NAME, ORG_NUMBER, AUTHN_PROVIDER,
        ],
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "userinfo_signing_alg_values_supported": ["ES256"],
        "ui_locales_supported": ["sv"],
    }))
}

pub(super) async fn jwks(provider: web::Data<Provider>) -> HttpResponse {
    provider.control.delay().await;
    let fault = provider.control.strike(|f| matches!(f, Fault::JwksDown | Fault::EmptyJwks));
    provider.control.note(json!({"event": "jwks", "fault": fault}));
    match fault {
        Some(Fault::JwksDown) => HttpResponse::ServiceUnavailable().body("closed for maintenance"),
        Some(_) => HttpResponse::Ok().json(json!({"keys": []})),
        None => HttpResponse::Ok().json(provider.jwks()),
    }
}
