//! What a system needs to know of the portal's configuration, and asking for a token.

use super::answers::{Broken, Refused, respond};
use super::{keys, proof};
use crate::contract::{
    API_RELEASED, API_VERSION, AccessToken, ApiInfo, CaseType, CaseTypes, PortalStatus, ProblemCode, Scope, StatusCode,
    StatusCodes, TokenRefusal,
};
use crate::portal::App;
use crate::portal::cases::MappingRow;
use crate::settings::random_token;
use crate::web::Visit;
use actix_web::http::{StatusCode as Status, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

/// How the portal understands the system's status codes, and the statuses that there are.
pub(super) async fn status_codes(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::ConfigRead).await?;
    let row = |r: &MappingRow| StatusCode {
        external_code: r.external_code.clone(),
        case_type: r.case_type.clone(),
        portal_code: r.portal_code,
        label: r.label_override.clone(),
        notify: r.notify,
        visible: r.visible,
        valid_from: r.valid_from,
    };
    let status_codes = app.mappings.rows(&target).iter().map(row).collect();
    Ok(told(&StatusCodes { status_codes, portal_codes: PortalStatus::ALL.to_vec() }))
}

fn told(body: &impl serde::Serialize) -> HttpResponse {
    respond(Status::OK, "application/json", serde_json::to_string(body).unwrap_or_default())
}

/// The case types that the municipality's services name at this system.
pub(super) async fn case_types(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::ConfigRead).await?;
    let case_types = app
        .catalogue
        .offered(&visit.municipality.slug)
        .filter(|d| d.routing.target == target.as_str())
        .map(|d| CaseType {
            case_type: d.routing.case_type.clone(),
            unit: d.routing.unit.clone(),
            service: d.slug.to_string(),
            title: d.title.written().to_owned(),
        })
        .collect();
    Ok(told(&CaseTypes { case_types }))
}

/// What Digg's REST API-profil asks for (VER.06), open to anybody.
pub(super) async fn api_info(visit: Visit) -> HttpResponse {
    let can = ["events", "deliveries", "documents", "feed", "pull", "clientCredentials"];
    told(&ApiInfo {
        api_name: "kommunportal-integration".into(),
        api_version: API_VERSION.into(),
        api_released: API_RELEASED,
        api_documentation: format!("{}/integration/v1/openapi.json", visit.address()),
        api_status: "active".into(),
        capabilities: can.map(|name| (name.to_owned(), true)).into(),
    })
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
    let fault = |status: Status, error: &str| {
        let refusal = TokenRefusal { error: error.to_owned() };
        respond(status, "application/json", serde_json::to_string(&refusal).unwrap_or_default())
    };
    let Ok(web::Form(wish)) = wish else { return fault(Status::BAD_REQUEST, "invalid_request") };
    if wish.grant_type != "client_credentials" {
        return fault(Status::BAD_REQUEST, "unsupported_grant_type");
    }
    let Ok(token) = random_token() else { return fault(Status::SERVICE_UNAVAILABLE, "temporarily_unavailable") };
    let (slug, now, made) = (visit.municipality.slug.clone(), visit.ground.clock.now(), token.clone());
    let asked = wish.scope.clone();
    let granted = visit
        .ground
        .db
        .write(move |c| keys::grant(c, &slug, &wish.client_id, &wish.client_secret, &wish.scope, &made, now));
    match granted.await {
        Ok(Some(scopes)) if scopes.is_empty() && !asked.trim().is_empty() => {
            fault(Status::BAD_REQUEST, "invalid_scope")
        }
        Ok(Some(scopes)) => {
            let words: Vec<&str> = scopes.iter().map(|s| s.as_str()).collect();
            let mut response = told(&AccessToken {
                access_token: token,
                token_type: "Bearer".into(),
                expires_in: keys::TOKEN_SECONDS,
                scope: words.join(" "),
            });
            response.headers_mut().insert(header::PRAGMA, header::HeaderValue::from_static("no-cache"));
            response
        }
        Ok(None) => fault(Status::UNAUTHORIZED, "invalid_client"),
        Err(e) => {
            let refused = Broken::from(e).told(&visit);
            let is_passing = refused.0.code == ProblemCode::TemporarilyUnavailable.parts().0;
            let status = if is_passing { Status::SERVICE_UNAVAILABLE } else { Status::INTERNAL_SERVER_ERROR };
            fault(status, "server_error")
        }
    }
}
