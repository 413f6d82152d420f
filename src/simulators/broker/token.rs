//! The token endpoint: a code becomes an ID token, once, for the client that it was made for.

use super::clients::Refused;
use super::codes::{ACCESS_SECONDS, Grant};
use super::faults::{IN_TOKENS, Lie, Place};
use super::request::Parameters;
use super::sessions::LoggedIn;
use super::wire::Endpoint;
use super::{Provider, bent_claims, envelope};
use crate::simulators::StartError;
use crate::simulators::keys;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use ring::digest;
use serde_json::{Value, json};

pub(super) async fn token(provider: web::Data<Provider>, http: HttpRequest, body: web::Bytes) -> HttpResponse {
    provider.control.delay().await;
    if let Some(answer) = provider.wire_fault(Endpoint::Token).await {
        return answer;
    }
    let parameters = Parameters::of("", &body);
    let outcome = match provider.lie(&[Place::TokenRefusal]) {
        Some(Lie::InvalidClient) => Err(("invalid_client", "as told by control")),
        Some(_) => Err(("invalid_grant", "as told by control")),
        None => exchange(&provider, &http, &parameters).await,
    };
    match outcome {
        Ok((client, fault, answer)) => {
            provider.control.note(json!({"event": "token", "client": client, "result": "tokens", "fault": fault}));
            HttpResponse::Ok()
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .content_type("application/json")
                .body(answer)
        }
        Err((error, description)) => {
            provider.control.note(json!({"event": "token", "error": error, "description": description}));
            let mut answer = match error {
                "invalid_client" => HttpResponse::Unauthorized(),
                "server_error" => HttpResponse::InternalServerError(),
                _ => HttpResponse::BadRequest(),
            };
            if error == "invalid_client" {
                answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"token\""));
            }
            answer.json(json!({"error": error, "error_description": description}))
        }
    }
}

async fn exchange(
    provider: &Provider,
    http: &HttpRequest,
    parameters: &Parameters,
) -> Result<(String, Option<Lie>, String), Refused> {
    let one = |name| parameters.one(name).map_err(|_| ("invalid_request", "a parameter is repeated"));
    let client = provider.client_of(http, parameters, &["/token"]).await?;
    if one("grant_type")? != Some("authorization_code") {
        return Err(("unsupported_grant_type", "only authorization_code"));
    }
    let code = one("code")?.ok_or(("invalid_request", "code is missing"))?;
    let verifier = one("code_verifier")?.ok_or(("invalid_request", "code_verifier is missing"))?;
    let redirect_uri = one("redirect_uri")?.ok_or(("invalid_request", "redirect_uri is missing"))?;
    let now = provider.clock.now();
    let mut grant = provider
        .issued
        .take_code(code, &client.client_id, now)
        .ok_or(("invalid_grant", "the code is unknown, too old or used"))?;
    if grant.redirect_uri != redirect_uri {
        return Err(("invalid_grant", "redirect_uri is not the one of the request"));
    }
    let length_fits = (43..=128).contains(&verifier.len());
    let challenge = keys::b64(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref());
    if !length_fits || challenge != grant.code_challenge {
        return Err(("invalid_grant", "code_verifier does not fit"));
    }
    if provider.control.state().fault.is_some_and(|fault| fault.is_met_in_userinfo()) {
        bent_claims::leave_to_userinfo(provider, &mut grant);
    }
    let fault = provider.lie(IN_TOKENS);
    if let Some(lie) = fault {
        bent_claims::bend_person(provider, &mut grant, lie);
    }
    let broken = |_: StartError| ("server_error", "the token could not be made");
    let access_token = keys::random_token().map_err(broken)?;
    provider.issued.keep_access(&access_token, code, &grant, now);
    let claims = id_token_claims(provider, &client.client_id, &grant, &access_token, fault).map_err(broken)?;
    let id_token = envelope::sealed(provider, &client, &claims, fault).map_err(broken)?;
    Ok((client.client_id, fault, answer(&grant, &access_token, &id_token, fault)))
}

fn answer(grant: &Grant, access_token: &str, id_token: &str, fault: Option<Lie>) -> String {
    let mut answer = json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS, "id_token": id_token,
        "scope": grant.scopes.join(" "),
    });
    if let Some(answer) = answer.as_object_mut() {
        match fault {
            Some(Lie::NoIdToken) => drop(answer.remove("id_token")),
            Some(Lie::EmptyIdToken) => drop(answer.insert("id_token".into(), json!(""))),
            Some(Lie::IdTokenNotJwt) => drop(answer.insert("id_token".into(), json!("hello"))),
            Some(Lie::NoAccessToken) => drop(answer.remove("access_token")),
            Some(Lie::NotBearer) => drop(answer.insert("token_type".into(), json!("mac"))),
            _ => {}
        }
    }
    let text = answer.to_string();
    if fault == Some(Lie::DuplicateAnswerMembers) { text.replacen('{', r#"{"token_type":"Bearer","#, 1) } else { text }
}

fn id_token_claims(
    provider: &Provider,
    client_id: &str,
    grant: &Grant,
    access_token: &str,
    fault: Option<Lie>,
) -> Result<Value, StartError> {
    let now = provider.clock.now().seconds();
    let access_digest = digest::digest(&digest::SHA256, access_token.as_bytes());
    let mut claims = grant.claims.id_token.clone();
    let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    say("iss", json!(provider.issuer));
    say("sub", json!(grant.subject));
    say("aud", json!(client_id));
    say("iat", json!(now));
    say("exp", json!(now + provider.style.id_token_seconds()));
    say("auth_time", json!(grant.auth_time.seconds()));
    if let Some(acr) = &grant.acr {
        say("acr", json!(acr));
    }
    say("txn", json!(grant.txn));
    say("at_hash", json!(keys::b64(access_digest.as_ref().get(..16).unwrap_or_default())));
    if let Some(nonce) = &grant.nonce {
        say("nonce", json!(nonce));
    }
    // Whoever signs is not logged in (Signature Extension 1.1).
    if !grant.is_signing {
        let sid = keys::random_token()?;
        say("sid", json!(sid));
        provider.logged_in.remember(LoggedIn {
            issuer: provider.issuer.clone(),
            client_id: client_id.to_owned(),
            redirect_uri: grant.redirect_uri.clone(),
            subject: grant.subject.clone(),
            sid,
        });
    }
    if let Some(lie) = fault {
        bent_claims::bend_claims(provider, &mut claims, grant, lie);
    }
    Ok(Value::Object(claims))
}
