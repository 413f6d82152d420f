//! Mina ombud: `POST /mina-ombud/token`, `POST /mina-ombud/sok/behorigheter` and
//! `GET /mina-ombud/tredjeman/{orgnr}/jwks`, as Bolagsverket describes them.

use super::{Mandates, Power};
use crate::simulators::keys::{self, SigningKey};
use crate::vocabulary::canonical_json;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Seconds.
const TOKEN_GOOD_FOR: u32 = 300;

/// One way for the service to fail, or to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// Closed.
    Down,
    /// Signed by another key under the same name.
    WrongSignature,
    /// Changed after it was signed.
    Altered,
    /// About somebody else than was asked about.
    OtherHolder,
    /// About another municipality.
    OtherThirdParty,
    /// An hour old.
    Old,
    /// Nobody has given anybody anything any more.
    NoPowers,
}

#[derive(Deserialize)]
struct Question {
    tredjeman: String,
    fullmaktshavare: Holder,
    #[serde(default)]
    behorigheter: Vec<String>,
}

#[derive(Deserialize)]
struct Holder {
    id: String,
    typ: String,
}

#[derive(Deserialize)]
struct TokenQuestion {
    grant_type: String,
    scope: String,
}

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/token", web::post().to(token))
        .route("/sok/behorigheter", web::post().to(search))
        .route("/tredjeman/{number}/jwks", web::get().to(jwks));
}

fn header_of<'a>(http: &'a HttpRequest, name: &str) -> Option<&'a str> {
    http.headers().get(name).and_then(|v| v.to_str().ok())
}

async fn token(all: web::Data<Mandates>, http: HttpRequest, asked: web::Form<TokenQuestion>) -> HttpResponse {
    let (id, secret) = &all.config.client;
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    if header_of(&http, "authorization") != Some(&basic) {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" }));
    }
    if asked.grant_type != "client_credentials" || asked.scope != "user:self" {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_request" }));
    }
    HttpResponse::Ok().json(json!({
        "access_token": all.access_token, "token_type": "Bearer", "expires_in": TOKEN_GOOD_FOR,
    }))
}

async fn jwks(all: web::Data<Mandates>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "keys": [all.key.jwk()] }))
}

/// What is wrong with the call itself, as the real service says it.
fn refused(all: &Mandates, http: &HttpRequest, asked: &Question) -> Option<HttpResponse> {
    if header_of(http, header::AUTHORIZATION.as_str()) != Some(&format!("Bearer {}", all.access_token)) {
        return Some(HttpResponse::Unauthorized().finish());
    }
    let service = header_of(http, "x-service-name").unwrap_or_default();
    let fine = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if service.is_empty() || !service.bytes().all(fine) || header_of(http, "x-request-id").is_none() {
        return Some(HttpResponse::BadRequest().finish());
    }
    // Whose key signs it is between the municipality and Bolagsverket; whom it is about must be whom is asked about.
    let token = header_of(http, "x-id-token").map(|token| keys::unverified_claims(token).unwrap_or_default());
    let about = |claims: &Value| {
        let names = ["personalNumber", "coordinationNumber"].map(|n| format!("https://claims.oidc.se/1.0/{n}"));
        names.iter().any(|name| claims.get(name).and_then(Value::as_str) == Some(asked.fullmaktshavare.id.as_str()))
    };
    if token.is_some_and(|claims| !about(&claims)) {
        return Some(HttpResponse::Forbidden().finish());
    }
    None
}

async fn search(all: web::Data<Mandates>, http: HttpRequest, asked: web::Json<Question>) -> HttpResponse {
    all.powers.delay().await;
    let fault = all.powers.strike(|_| true);
    all.powers.note(json!({ "event": "behorigheter", "fault": fault, "codes": asked.behorigheter }));
    if fault == Some(Fault::Down) {
        return HttpResponse::ServiceUnavailable().finish();
    }
    if let Some(refused) = refused(&all, &http, &asked) {
        return refused;
    }
    let hers = all.all.powers.iter().filter(|p| p.holder == asked.fullmaktshavare.id && fault != Some(Fault::NoPowers));
    let found: Option<Vec<Value>> = hers
        .filter(|p| p.permissions.iter().any(|one| asked.behorigheter.contains(&one.code)))
        .map(|power| context(&all, power, &asked, fault))
        .collect();
    let Some(found) = found else { return HttpResponse::InternalServerError().finish() };
    let page = json!({ "size": 100, "number": 0, "totalElements": found.len(), "totalPages": 1 });
    HttpResponse::Ok().json(json!({ "kontext": found, "page": page }))
}

fn context(all: &Mandates, power: &Power, asked: &Question, fault: Option<Fault>) -> Option<Value> {
    let age = if fault == Some(Fault::Old) { 3600 } else { 0 };
    let holder = if fault == Some(Fault::OtherHolder) { "199001012385" } else { asked.fullmaktshavare.id.as_str() };
    let third = if fault == Some(Fault::OtherThirdParty) { "2021005448" } else { asked.tredjeman.as_str() };
    let permissions = power.permissions.iter().filter(|p| asked.behorigheter.contains(&p.code));
    let mut context = json!({
        "tredjeman": third,
        "fullmaktsgivare": { "id": power.giver, "typ": "orgnr", "namn": power.name },
        "fullmaktsgivarroll": "ORGANISATION",
        "fullmaktshavare": [{ "id": holder, "typ": asked.fullmaktshavare.typ, "namn": "Ombudet" }],
        "behorigheter": permissions
            .map(|p| json!({ "kod": p.code, "typ": p.kind, "fullmakt": power.power }))
            .collect::<Vec<_>>(),
        "tidpunkt": all.clock.now().plus_seconds(-age).rfc3339(),
    });
    let signature =
        signature(if fault == Some(Fault::WrongSignature) { &all.false_key } else { &all.key }, all, &context)?;
    let own = context.as_object_mut()?;
    own.insert("_sig".into(), signature);
    if fault == Some(Fault::Altered) {
        own.insert("fullmaktsgivare".into(), json!({ "id": "5599999991", "typ": "orgnr", "namn": "Någon annan AB" }));
    }
    Some(context)
}

/// Detached: the payload is the canonical form of the object that it lies in.
fn signature(key: &SigningKey, all: &Mandates, object: &Value) -> Option<Value> {
    let header = json!({ "alg": "ES256", "kid": all.key.kid() });
    let (protected, signature) = key.sign_detached(&header, &canonical_json(object)).ok()?;
    Some(json!({ "protected": protected, "signature": signature }))
}
