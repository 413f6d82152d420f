//! The authorization endpoint: from a request to somebody, or nobody, having logged in.

use super::Provider;
use super::claims::{Claims, DEFAULT_LEVEL};
use super::codes::Grant;
use super::faults::Fault;
use super::people_page;
use super::request::{AuthorizationRequest, Parameters, Refusal};
use super::subject::{AUTHN_PROVIDER, Subject};
use crate::simulators::keys;
use actix_web::cookie::Cookie;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use url::Url;

/// Cookie with the person who logs in the next time, without a page. Kontrollrum sets it: same host, another port.
pub(in crate::simulators) const NEXT_PERSON: &str = "kp_next_person";

/// Which person the simulator's own form and control speak of; never part of what the client sent.
const OWN_FIELDS: &[&str] = &["person", "action", "acr", "error", "error_description"];

pub(super) async fn get(provider: web::Data<Provider>, http: HttpRequest) -> HttpResponse {
    provider.control.delay().await;
    answer(&provider, &http, Parameters::of(http.query_string(), b""), false)
}

/// A client may send its request as a form, and so does the page of people.
pub(super) async fn post(provider: web::Data<Provider>, http: HttpRequest, body: web::Bytes) -> HttpResponse {
    provider.control.delay().await;
    answer(&provider, &http, Parameters::of(http.query_string(), &body), true)
}

fn answer(provider: &Provider, http: &HttpRequest, parameters: Parameters, posted: bool) -> HttpResponse {
    let request = match AuthorizationRequest::read(provider, &parameters) {
        Ok(request) => request,
        Err(Refusal::Here(text)) => {
            provider.control.note(json!({"event": "authorize", "refused": text}));
            return provider.pages.notice(StatusCode::BAD_REQUEST, "Legitimeringen kan inte börja", text);
        }
        Err(Refusal::Back { redirect_uri, state, error, description }) => {
            provider.control.note(json!({"event": "authorize", "error": error, "description": description}));
            return back(
                provider,
                &redirect_uri,
                state.as_deref(),
                &[("error", error), ("error_description", description)],
                None,
            );
        }
    };
    let own = |name| if posted { parameters.one(name).unwrap_or(None) } else { None };
    let decided = own("action").is_some() || own("person").is_some();
    if !decided && let Some(answer) = fault_before_page(provider, &request) {
        return answer;
    }
    match own("action") {
        Some("cancel") => return refuse(provider, &request, "access_denied", "the person cancelled", None),
        Some("fail") => {
            let error = own("error").filter(|e| is_error_code(e)).unwrap_or("server_error");
            let description = own("error_description").unwrap_or("the person chose to simulate a fault");
            return refuse(provider, &request, error, description, None);
        }
        _ => {}
    }
    let now = provider.clock.now();
    let subject_of = |typed: &str| Subject::of(&provider.people, request.client.staff, typed, now);
    let page = |problem| people_page::show(provider, http, &request, carried(&parameters), own("person"), problem);
    if decided {
        let Some(typed) = own("person") else {
            return page(Some("Välj en person i listan eller skriv in en."));
        };
        return match subject_of(typed) {
            Some(subject) => log_in(provider, &request, &subject, own("acr")),
            None => page(Some(people_page::problem_with(&request))),
        };
    }
    let state = provider.control.state();
    let named = |cookie| http.cookie(cookie).and_then(|c| subject_of(c.value()));
    // Chosen in Kontrollrum a moment ago: this once and not the next time.
    if let Some(subject) = named(NEXT_PERSON) {
        let mut answer = log_in(provider, &request, &subject, None);
        let mut used = Cookie::build(NEXT_PERSON, "").path("/").finish();
        used.make_removal();
        if let Err(e) = answer.add_cookie(&used) {
            tracing::warn!(error = %e, "the choice of Kontrollrum could not be taken back");
        }
        return answer;
    }
    match named("kp_person").or_else(|| subject_of(state.person.as_deref()?)) {
        Some(subject) => log_in(provider, &request, &subject, None),
        None if request.without_page => refuse(provider, &request, "login_required", "nobody is logged in", None),
        None => page(None),
    }
}

fn carried(parameters: &Parameters) -> Vec<(&str, &str)> {
    parameters.without(OWN_FIELDS).collect()
}

fn is_error_code(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Faults that strike before anybody is asked anything.
fn fault_before_page(provider: &Provider, request: &AuthorizationRequest) -> Option<HttpResponse> {
    let mine = |f| {
        matches!(
            f,
            Fault::AccessDenied | Fault::ServerError | Fault::TemporarilyUnavailable | Fault::HugeErrorDescription
        )
    };
    let fault = provider.control.strike(mine)?;
    let (error, description) = match fault {
        Fault::AccessDenied => ("access_denied", "as told by control".to_owned()),
        Fault::TemporarilyUnavailable => ("temporarily_unavailable", "as told by control".to_owned()),
        Fault::HugeErrorDescription => ("access_denied", format!("<script>alert(1)</script>{}", "x".repeat(6000))),
        _ => ("server_error", "as told by control".to_owned()),
    };
    Some(refuse(provider, request, error, &description, Some(fault)))
}

fn refuse(
    provider: &Provider,
    request: &AuthorizationRequest,
    error: &str,
    description: &str,
    fault: Option<Fault>,
) -> HttpResponse {
    provider
        .control
        .note(json!({"event": "authorize", "client": request.client.client_id, "error": error, "fault": fault}));
    let answer = [("error", error), ("error_description", description)];
    back(provider, &request.redirect_uri, Some(&request.state), &answer, None)
}

/// Somebody has logged in: a code for the client, if level and person are what it demands.
fn log_in(
    provider: &Provider,
    request: &AuthorizationRequest,
    subject: &Subject,
    chosen: Option<&str>,
) -> HttpResponse {
    let told = provider.control.state().acr;
    let acr = told.as_deref().or(chosen).unwrap_or(DEFAULT_LEVEL);
    let levels = request.claims.essential_levels();
    // A level set by control is a lie to be found out by the client; one that was chosen is the truth.
    if told.is_none() && !levels.is_empty() && !levels.contains(&acr) {
        let description = "the log-in does not reach any of the levels asked for";
        return refuse(provider, request, "unmet_authentication_requirements", description, None);
    }
    if request.claims.pinned().is_some_and(|wanted| wanted != subject.identity) {
        return refuse(provider, request, "access_denied", "another person than the one asked for", None);
    }
    let (Ok(code), Ok(txn)) = (keys::random_token(), keys::random_token()) else {
        return refuse(provider, request, "server_error", "no random bytes", None);
    };
    let now = provider.clock.now();
    let mut claims = Claims::released(subject, &request.claims, &request.scopes);
    if let Some(provider_claim) = request.claims.asks_in_id_token(AUTHN_PROVIDER) {
        claims.id_token.insert(provider_claim.to_owned(), json!(format!("{}/eid/bankid", provider.issuer)));
    }
    let grant = Grant {
        client_id: request.client.client_id.clone(),
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        acr: acr.to_owned(),
        subject: provider.subject_of(&subject.identity),
        txn,
        auth_time: now,
        claims,
    };
    provider.issued.keep_code(&code, grant, now);
    let mine = |f| matches!(f, Fault::WrongResponseIss | Fault::NoResponseIss | Fault::WrongState);
    let fault = provider.control.strike(mine);
    provider.control.note(json!({
        "event": "authorize", "client": request.client.client_id, "acr": acr, "result": "code", "fault": fault,
    }));
    back(provider, &request.redirect_uri, Some(&request.state), &[("code", &code)], fault)
}

/// Sends the person back to the client. 303, so that a posted form is not posted on.
fn back(
    provider: &Provider,
    redirect_uri: &str,
    state: Option<&str>,
    answer: &[(&str, &str)],
    fault: Option<Fault>,
) -> HttpResponse {
    let Ok(mut location) = Url::parse(redirect_uri) else {
        let text = "Adressen att återvända till går inte att läsa.";
        return provider.pages.notice(StatusCode::BAD_REQUEST, "Legitimeringen kan inte avslutas", text);
    };
    {
        let mut query = location.query_pairs_mut();
        query.extend_pairs(answer);
        match (state, fault) {
            (Some(_), Some(Fault::WrongState)) => {
                query.append_pair("state", "another-state-than-the-one-sent");
            }
            (Some(state), _) => {
                query.append_pair("state", state);
            }
            (None, _) => {}
        }
        // RFC 9207.
        match fault {
            Some(Fault::NoResponseIss) => {}
            Some(Fault::WrongResponseIss) => {
                query.append_pair("iss", "http://another-broker.example");
            }
            _ => {
                query.append_pair("iss", &provider.issuer);
            }
        }
    }
    HttpResponse::SeeOther().insert_header((header::LOCATION, location.as_str())).finish()
}
