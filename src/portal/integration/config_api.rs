//! What a system needs to know of the portal's configuration, and asking for a token.

use super::answers::{Broken, Refused, respond};
use super::{keys, proof};
use crate::contract::{PortalStatus, ProblemCode, Scope};
use crate::portal::App;
use crate::settings::random_token;
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// How the portal understands the system's status codes, and the statuses that there are.
pub(super) async fn status_codes(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::ConfigRead).await?;
    let rows: Vec<Value> = app
        .mappings
        .rows(&target)
        .iter()
        .map(|r| {
            json!({
                "externalCode": r.external_code, "caseType": r.case_type, "portalCode": r.portal_code,
                "label": r.label_override, "notify": r.notify, "visible": r.visible, "validFrom": r.valid_from,
            })
        })
        .collect();
    let body = json!({ "statusCodes": rows, "portalCodes": PortalStatus::ALL });
    Ok(respond(StatusCode::OK, "application/json", body.to_string()))
}

/// The case types that the municipality's services name at this system.
pub(super) async fn case_types(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::ConfigRead).await?;
    let rows: Vec<Value> = app
        .catalogue
        .offered(&visit.municipality.slug)
        .filter(|d| d.routing.target == target.as_str())
        .map(|d| {
            let title = d.title.written();
            json!({ "caseType": d.routing.case_type, "unit": d.routing.unit, "service": d.slug, "title": title })
        })
        .collect();
    Ok(respond(StatusCode::OK, "application/json", json!({ "caseTypes": rows }).to_string()))
}

/// What Digg's REST API-profil asks for (VER.06), open to anybody.
pub(super) async fn api_info(visit: Visit) -> HttpResponse {
    let body = json!({
        "apiName": "kommunportal-integration",
        "apiVersion": "1.0.0",
        "apiReleased": "2026-11-22",
        "apiDocumentation": format!("{}/integration/v1/openapi.json", visit.address()),
        "apiStatus": "active",
        "capabilities": {
            "events": true, "deliveries": true, "documents": true, "feed": true, "pull": true, "clientCredentials": true,
        },
    });
    respond(StatusCode::OK, "application/json", body.to_string())
}

#[derive(Deserialize)]
pub(super) struct TokenWish {
    grant_type: String,
    client_id: String,
    client_secret: String,
    #[serde(default)]
    scope: String,
}

/// A short-lived token (RFC 6749 4.4, client authentication in the body: the profile forbids Basic). Errors are those of
/// RFC 6749 5.2, as every client library knows them.
pub(super) async fn token(visit: Visit, wish: Result<web::Form<TokenWish>, actix_web::Error>) -> HttpResponse {
    let fault =
        |status: StatusCode, error: &str| respond(status, "application/json", json!({ "error": error }).to_string());
    let Ok(web::Form(wish)) = wish else { return fault(StatusCode::BAD_REQUEST, "invalid_request") };
    if wish.grant_type != "client_credentials" {
        return fault(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let Ok(token) = random_token() else { return fault(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable") };
    let (slug, now, made) = (visit.municipality.slug.clone(), visit.ground.clock.now(), token.clone());
    let asked = wish.scope.clone();
    let granted = visit
        .ground
        .db
        .write(move |c| keys::grant(c, &slug, &wish.client_id, &wish.client_secret, &wish.scope, &made, now));
    match granted.await {
        Ok(Some(scopes)) if scopes.is_empty() && !asked.trim().is_empty() => {
            fault(StatusCode::BAD_REQUEST, "invalid_scope")
        }
        Ok(Some(scopes)) => {
            let words: Vec<&str> = scopes.iter().map(|s| s.as_str()).collect();
            let body = json!({
                "access_token": token, "token_type": "Bearer", "expires_in": keys::TOKEN_SECONDS, "scope": words.join(" "),
            });
            let mut response = respond(StatusCode::OK, "application/json", body.to_string());
            response.headers_mut().insert(header::PRAGMA, header::HeaderValue::from_static("no-cache"));
            response
        }
        Ok(None) => fault(StatusCode::UNAUTHORIZED, "invalid_client"),
        Err(e) => {
            let refused = Broken::from(e).told(&visit);
            let is_passing = refused.0.code == ProblemCode::TemporarilyUnavailable.parts().0;
            let status = if is_passing { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
            fault(status, "server_error")
        }
    }
}
