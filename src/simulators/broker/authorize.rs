//! The authorization endpoint: from a request to somebody, or nobody, having logged in or signed.

use super::Provider;
use super::eids::Eid;
use super::faults::{Lie, Place};
use super::people_page::{self, Problem};
use super::request::{Asked, AuthorizationRequest, Parameters, Refusal};
use super::request_object;
use super::subject::Subject;
use crate::simulators::keys;
use actix_web::cookie::Cookie;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use url::Url;

/// Cookie with the person who logs in the next time, without a page. Kontrollrum sets it: same host, another port.
pub(in crate::simulators) const NEXT_PERSON: &str = "kp_next_person";

/// What the simulator's own form speaks of; never part of what the client sent.
const OWN_FIELDS: &[&str] =
    &["ticket", "person", "other_person", "action", "eid", "acr", "other_acr", "error", "error_description"];

/// What somebody decided on the page.
pub(super) struct Decision {
    action: Option<String>,
    pub(super) person: Option<String>,
    /// Somebody else than the one whom the client named, as a broker gone wrong would have it.
    other_person: Option<String>,
    pub(super) eid: Option<Eid>,
    level: Option<String>,
    /// A level that the client did not ask for, likewise.
    other_level: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Decision {
    fn of(form: &Parameters) -> Self {
        let own = |name| form.last(name).map(str::to_owned);
        Self {
            action: own("action"),
            person: own("person"),
            other_person: own("other_person"),
            eid: form.last("eid").and_then(Eid::named),
            level: own("acr"),
            other_level: own("other_acr"),
            error: own("error"),
            error_description: own("error_description"),
        }
    }

    fn none() -> Self {
        Self::of(&Parameters::default())
    }

    fn is_made(&self) -> bool {
        self.action.is_some() || self.person.is_some()
    }
}

pub(super) async fn get(provider: web::Data<Provider>, http: HttpRequest) -> HttpResponse {
    provider.control.delay().await;
    answer(&provider, &http, Parameters::of(http.query_string(), b""), false).await
}

/// A client may send its request as a form, and so does the page of people.
pub(super) async fn post(provider: web::Data<Provider>, http: HttpRequest, body: web::Bytes) -> HttpResponse {
    provider.control.delay().await;
    answer(&provider, &http, Parameters::of(http.query_string(), &body), true).await
}

async fn answer(provider: &Provider, http: &HttpRequest, all: Parameters, posted: bool) -> HttpResponse {
    let decision = if posted { Decision::of(&all) } else { Decision::none() };
    let asked = match all.last("ticket").filter(|_| posted) {
        Some(ticket) => provider.waiting.by_ticket(ticket, provider.clock.now()).ok_or(Refusal::Here("ticket")),
        None => request_object::asked(provider, all.without(OWN_FIELDS)).await,
    };
    let read = asked.and_then(|asked| AuthorizationRequest::read(provider, &asked).map(|request| (asked, request)));
    match read {
        Ok((asked, request)) => decide(provider, http, &asked, &request, &decision),
        Err(Refusal::Here(why)) => {
            provider.control.note(json!({"event": "authorize", "refused": why}));
            provider.notice(http, StatusCode::BAD_REQUEST, "broker-refused", &format!("broker-refused-{why}"))
        }
        Err(Refusal::Back { redirect_uri, state, error, description }) => {
            provider.control.note(json!({"event": "authorize", "error": error, "description": description}));
            let answer = [("error", error), ("error_description", description)];
            back(provider, &redirect_uri, state.as_deref(), &answer, None)
        }
    }
}

fn decide(
    provider: &Provider,
    http: &HttpRequest,
    asked: &Asked,
    request: &AuthorizationRequest,
    decision: &Decision,
) -> HttpResponse {
    if !decision.is_made()
        && let Some(lie) = provider.lie(&[Place::Refusal])
    {
        return refuse_as_told(provider, request, lie);
    }
    match decision.action.as_deref() {
        Some("cancel") => return refuse(provider, request, "access_denied", "the person cancelled", None),
        Some("fail") => {
            let error = decision.error.as_deref().filter(|e| is_error_code(e)).unwrap_or("server_error");
            let told = decision.error_description.as_deref();
            return refuse(provider, request, error, told.unwrap_or("the person chose to simulate a fault"), None);
        }
        _ => {}
    }
    let now = provider.clock.now();
    let subject_of = |typed: &str| Subject::of(&provider.people, request.client.staff, typed, now);
    let page = |problem| people_page::show(provider, http, asked, request, decision, problem);
    if decision.is_made() {
        let pinned = request.pinned(provider);
        let Some(typed) = decision.other_person.as_deref().or(decision.person.as_deref()).or(pinned) else {
            return page(Some(Problem::Nobody));
        };
        return match subject_of(typed) {
            Some(subject) => log_in(provider, request, &subject, decision),
            None => page(Some(Problem::NotAPerson)),
        };
    }
    let state = provider.control.state();
    let named = |cookie| http.cookie(cookie).and_then(|c| subject_of(c.value()));
    // Chosen in Kontrollrum a moment ago: this once and not the next time.
    if let Some(subject) = named(NEXT_PERSON) {
        let mut answer = log_in(provider, request, &subject, decision);
        let mut used = Cookie::build(NEXT_PERSON, "").path("/").finish();
        used.make_removal();
        if let Err(e) = answer.add_cookie(&used) {
            tracing::warn!(error = %e, "the choice of Kontrollrum could not be taken back");
        }
        return answer;
    }
    match named("kp_person").or_else(|| subject_of(state.person.as_deref()?)) {
        Some(subject) => log_in(provider, request, &subject, decision),
        None if request.without_page => refuse(provider, request, "login_required", "nobody is logged in", None),
        None => page(None),
    }
}

fn is_error_code(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Faults that strike before anybody is asked anything.
fn refuse_as_told(provider: &Provider, request: &AuthorizationRequest, lie: Lie) -> HttpResponse {
    let (error, description) = match lie {
        Lie::AccessDenied => ("access_denied", "as told by control".to_owned()),
        Lie::TemporarilyUnavailable => ("temporarily_unavailable", "as told by control".to_owned()),
        Lie::UnmetAuthenticationRequirements => ("unmet_authentication_requirements", "as told by control".to_owned()),
        Lie::LoginRequired => ("login_required", "as told by control".to_owned()),
        Lie::InvalidRequest => ("invalid_request", "as told by control".to_owned()),
        Lie::UnauthorizedClient => ("unauthorized_client", "as told by control".to_owned()),
        Lie::UnknownError => ("moon_is_full", "as told by control".to_owned()),
        Lie::HugeErrorDescription => ("access_denied", format!("<script>alert(1)</script>{}", "x".repeat(6000))),
        _ => ("server_error", "as told by control".to_owned()),
    };
    refuse(provider, request, error, &description, Some(lie))
}

fn refuse(
    provider: &Provider,
    request: &AuthorizationRequest,
    error: &str,
    description: &str,
    fault: Option<Lie>,
) -> HttpResponse {
    provider
        .control
        .note(json!({"event": "authorize", "client": request.client.client_id, "error": error, "fault": fault}));
    let answer = [("error", error), ("error_description", description)];
    back(provider, &request.redirect_uri, Some(&request.state), &answer, None)
}

/// Somebody has logged in or signed: a code for the client, if level and person are what it demands.
fn log_in(provider: &Provider, request: &AuthorizationRequest, subject: &Subject, decision: &Decision) -> HttpResponse {
    let by_client = request.eid.as_deref().and_then(Eid::named);
    let by_method = provider.style.method(&request.acr_values);
    let eid = match subject.eid {
        Eid::Foreign => Eid::Foreign,
        usual => {
            let chosen = decision.eid.or(by_client).or(by_method.map(|(eid, _)| eid));
            chosen.filter(|eid| *eid != Eid::Foreign).unwrap_or(usual)
        }
    };
    let told = provider.control.state().acr.or_else(|| decision.other_level.clone());
    let wanted = request.claims.essential_levels();
    let level = match (&told, &decision.level) {
        // A level set by control is a lie to be found out by the client; one that was chosen is the truth.
        (Some(told), _) => Some(told.as_str()),
        (None, Some(chosen)) if eid.levels().contains(&chosen.as_str()) => {
            Some(chosen.as_str()).filter(|level| wanted.is_empty() || wanted.contains(level))
        }
        (None, _) => eid.level_for(&wanted),
    };
    let Some(level) = level else {
        let description = "the log-in does not reach any of the levels asked for";
        return refuse(provider, request, "unmet_authentication_requirements", description, None);
    };
    let is_forced = decision.other_person.is_some();
    if !is_forced && request.pinned(provider).is_some_and(|wanted| wanted != subject.identity) {
        return refuse(provider, request, "access_denied", "another person than the one asked for", None);
    }
    let asked = by_method.filter(|(named, _)| *named == eid).map(|(_, value)| value);
    let acr = told.clone().or_else(|| provider.style.acr(level, eid, asked));
    let (Ok(grant), Ok(code)) = (provider.grant(request, subject, eid, acr), keys::random_token()) else {
        return refuse(provider, request, "server_error", "the answer could not be made", None);
    };
    provider.issued.keep_code(&code, grant, provider.clock.now());
    let fault = provider.lie(&[Place::Return]);
    provider.control.note(json!({
        "event": "authorize", "client": request.client.client_id, "acr": level, "result": "code", "fault": fault,
        "signs": request.signing.is_some(),
    }));
    let other = || {
        let others = request.client.redirect_uris.iter().filter(|uri| **uri != request.redirect_uri);
        let origin = |uri: &str| Url::parse(uri).ok().map(|uri| uri.origin());
        others.max_by_key(|uri| origin(uri) == origin(&request.redirect_uri)).unwrap_or(&request.redirect_uri)
    };
    let redirect_uri = if fault == Some(Lie::OtherCallback) { other() } else { &request.redirect_uri };
    let huge = "c".repeat(5000);
    let answer: &[(&str, &str)] = match fault {
        Some(Lie::NoCode) => &[],
        Some(Lie::DoubleCode) => &[("code", &code), ("code", &code)],
        Some(Lie::HugeCode) => &[("code", &huge)],
        Some(Lie::CodeAndError) => &[("code", &code), ("error", "access_denied")],
        _ => &[("code", &code)],
    };
    back(provider, redirect_uri, Some(&request.state), answer, fault)
}

/// Sends the person back to the client. 303, so that a posted form is not posted on.
fn back(
    provider: &Provider,
    redirect_uri: &str,
    state: Option<&str>,
    answer: &[(&str, &str)],
    fault: Option<Lie>,
) -> HttpResponse {
    let Ok(mut location) = Url::parse(redirect_uri) else {
        return HttpResponse::BadRequest().body("The address to return to cannot be read.");
    };
    {
        let mut query = location.query_pairs_mut();
        query.extend_pairs(answer);
        match (state, fault) {
            (Some(_), Some(Lie::WrongState)) => {
                query.append_pair("state", "another-state-than-the-one-sent");
            }
            (Some(state), _) => {
                query.append_pair("state", state);
            }
            (None, _) => {}
        }
        // RFC 9207.
        match fault {
            Some(Lie::NoResponseIss) => {}
            Some(Lie::WrongResponseIss) => {
                query.append_pair("iss", "http://another-broker.example");
            }
            _ => {
                query.append_pair("iss", &provider.issuer);
            }
        }
    }
    HttpResponse::SeeOther().insert_header((header::LOCATION, location.as_str())).finish()
}
