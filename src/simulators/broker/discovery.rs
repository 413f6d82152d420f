//! Metadata and keys, as a client reads them (OpenID Connect Discovery 1.0; Profile 1.0 section on discovery).

use super::claims::scopes;
use super::faults::{Lie, Place};
use super::subject::{
    AFFILIATION, AUTHN_PROVIDER, ORG_NAME, ORG_NUMBER, PREVIOUS_SAMORDNINGSNUMMER, SAMORDNINGSNUMMER_LEVEL,
};
use super::wire::Endpoint;
use super::{Provider, foreign, sign};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

pub(super) async fn front(provider: web::Data<Provider>, http: HttpRequest) -> HttpResponse {
    provider.notice(&http, StatusCode::OK, "broker-front", "broker-front-text")
}

pub(super) async fn metadata(provider: web::Data<Provider>) -> HttpResponse {
    provider.control.delay().await;
    if let Some(answer) = provider.wire_fault(Endpoint::Discovery).await {
        return answer;
    }
    let fault = provider.lie(&[Place::Discovery]);
    provider.control.note(json!({"event": "discovery", "fault": fault}));
    let mut metadata = honest(&provider);
    if let Some(metadata) = metadata.as_object_mut() {
        let mut say = |name: &str, value: String| drop(metadata.insert(name.to_owned(), json!(value)));
        match fault {
            Some(Lie::WrongDiscoveryIssuer) => say("issuer", format!("{}/", provider.issuer)),
            Some(Lie::HttpEndpoints) => say("token_endpoint", "http://192.0.2.1/token".into()),
            Some(Lie::OtherHostEndpoints) => {
                say("token_endpoint", "https://evil.example/token".into());
                say("jwks_uri", "https://evil.example/jwks".into());
            }
            _ => {}
        }
    }
    HttpResponse::Ok().json(metadata)
}

fn honest(provider: &Provider) -> Value {
    let (issuer, style) = (&provider.issuer, provider.style);
    let algorithms = provider.keys.offered();
    let mut claims = vec!["sub", "auth_time", "acr", "txn", "sid", "given_name", "family_name", "name", "birthdate"];
    claims.extend(style.number_claims());
    claims.dedup();
    if style.reads_claims() {
        claims.extend([SAMORDNINGSNUMMER_LEVEL, PREVIOUS_SAMORDNINGSNUMMER, AFFILIATION, ORG_NAME, ORG_NUMBER]);
        claims.extend([AUTHN_PROVIDER, sign::USER_SIGNATURE, sign::AUTHN_EVIDENCE]);
        claims.extend([foreign::PRID, foreign::PERSISTENCE, foreign::EIDAS_IDENTIFIER, foreign::EIDAS_COUNTRY]);
        claims.extend([foreign::MAPPED_PERSONNUMMER, foreign::MAPPED_SAMORDNINGSNUMMER, foreign::BINDING]);
    }
    let mut metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end_session"),
        "pushed_authorization_request_endpoint": format!("{issuer}/par"),
        "require_pushed_authorization_requests": false,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": scopes(style),
        "acr_values_supported": style.acr_values(),
        "claims_supported": claims,
        "claims_parameter_supported": style.reads_claims(),
        "request_parameter_supported": true,
        "request_uri_parameter_supported": false,
        "request_object_signing_alg_values_supported": ["ES256", "RS256"],
        "authorization_response_iss_parameter_supported": true,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256"],
        "id_token_signing_alg_values_supported": algorithms,
        "ui_locales_supported": ["sv", "en"],
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": false,
    });
    if let Some(metadata) = metadata.as_object_mut() {
        let mut say = |name: &str, value: Value| drop(metadata.insert(name.to_owned(), value));
        if style.signs_userinfo() {
            say("userinfo_signing_alg_values_supported", json!(algorithms));
        }
        if style.reads_claims() {
            say("https://id.oidc.se/disco/userMessageSupported", json!(true));
            say("https://id.oidc.se/disco/userMessageSupportedMimeTypes", json!(["text/plain"]));
            say("https://id.oidc.se/disco/authnProviderSupported", json!(true));
            say("https://id.oidc.se/disco/originalClientIdSupported", json!(false));
            say("https://id.oidc.se/disco/originalClientTokenSupported", json!(false));
        }
    }
    metadata
}

pub(super) async fn jwks(provider: web::Data<Provider>) -> HttpResponse {
    provider.control.delay().await;
    if let Some(answer) = provider.wire_fault(Endpoint::Jwks).await {
        return answer;
    }
    let fault = provider.lie(&[Place::Keys]);
    provider.control.note(json!({"event": "jwks", "fault": fault}));
    match fault {
        Some(Lie::OctJwks) => HttpResponse::Ok().json(json!({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "o"}]})),
        Some(_) => HttpResponse::Ok().json(json!({"keys": []})),
        None => HttpResponse::Ok().json(provider.keys.jwks(provider.clock.now())),
    }
}
