//! A browser comes back from the broker: what it was sent for is done, or told why not.

use super::record::{Told, record};
use super::send_off::{Errand, SEALED_AS, UnderWay};
use super::{LogIn, Unwelcome, brokers, stopped};
use crate::oidc::transactions::{self, Returned};
use crate::oidc::{Authenticated, CallbackQuery, LoginFault, state_digest};
use crate::settings::sha256_hex;
use crate::web::{
    AppError, Login, NewSession, Path, Session, Visit, agent_of, end_session, prove_again, see_other, start_session,
    visitor_address,
};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

enum Stopped {
    /// Why, and what she was sent for when that is known.
    Fault(LoginFault, Option<Box<UnderWay>>),
    /// The realm does not let her in.
    Unwelcome(&'static str),
    Error(AppError),
}

impl From<LoginFault> for Stopped {
    fn from(fault: LoginFault) -> Self {
        Stopped::Fault(fault, None)
    }
}
impl<E: Into<AppError>> From<E> for Stopped {
    fn from(e: E) -> Self {
        Stopped::Error(e.into())
    }
}
impl From<Unwelcome> for Stopped {
    fn from(e: Unwelcome) -> Self {
        match e {
            Unwelcome::Refused(name) => Stopped::Unwelcome(name),
            Unwelcome::Interrupted(fault) => Stopped::Fault(fault, None),
            Unwelcome::Failed(e) => Stopped::Error(e),
        }
    }
}

pub(super) async fn come_back(
    request: HttpRequest,
    visit: Visit,
    log_in: web::Data<LogIn>,
    broker: Path<String>,
) -> Result<HttpResponse, AppError> {
    if visitor_address(&request, &visit.ground).is_some_and(|address| !log_in.returns.allows(address)) {
        return Err(AppError::TooMany);
    }
    let outcome = finish(&request, &visit, &log_in, &broker.0).await;
    let (word, answer) = match outcome {
        Ok(response) => ("ok", Ok(response)),
        // Back button, reload, a second press: whoever is logged in all the same is not told of a fault.
        Err(Stopped::Fault(LoginFault::TransactionUnknown, None)) if visit.session.is_some() => {
            ("again", Ok(see_other(log_in.door.home())))
        }
        Err(Stopped::Fault(fault, None)) => {
            (fault.as_str(), stopped(&visit, &log_in, &Errand::LogIn, fault, log_in.door.home()))
        }
        Err(Stopped::Fault(fault, Some(under_way))) => {
            record(
                &visit,
                &under_way.errand,
                Told::Refused { why: fault.as_str(), issuer: under_way.pending.issuer() },
            )
            .await?;
            (fault.as_str(), stopped(&visit, &log_in, &under_way.errand, fault, &under_way.return_to))
        }
        Err(Stopped::Unwelcome(name)) => (name, Err(AppError::Forbidden(name))),
        Err(Stopped::Error(e)) => ("failed", Err(e)),
    };
    metrics::counter!("logins_total", "outcome" => word).increment(1);
    answer
}

async fn finish(request: &HttpRequest, visit: &Visit, log_in: &LogIn, broker: &str) -> Result<HttpResponse, Stopped> {
    let ground = &visit.ground;
    let query = CallbackQuery::parse(request.query_string())?;
    // Without the cookie of the browser that began it there is no log-in: log-in CSRF ends here.
    let browser = request.cookie(&ground.transaction_cookie()).ok_or(LoginFault::TransactionUnknown)?;
    if !log_in.browsers.allows(browser.value()) {
        return Err(AppError::TooMany.into());
    }
    let which = Returned {
        state_hash: state_digest(query.state()),
        realm: ground.realm.as_str(),
        municipality: visit.municipality.slug.clone(),
        browser_hash: sha256_hex(browser.value().as_bytes()),
    };
    let now = ground.clock.now();
    let consumed = ground.db.write(move |c| transactions::consume(c, &which, now)).await.map_err(AppError::from)?;
    let (begun_with, sealed) = consumed.ok_or(LoginFault::TransactionUnknown)?;
    let sealed = ground.keys.open(SEALED_AS, &sealed).map_err(AppError::from)?;
    let under_way: UnderWay = serde_json::from_slice(&sealed).map_err(AppError::from)?;
    let judged = if begun_with == broker {
        judge(visit, log_in, &under_way, query, broker).await
    } else {
        Err(LoginFault::OtherBroker)
    };
    let who = match judged {
        Ok(who) => who,
        Err(fault) => return Err(Stopped::Fault(fault, Some(Box::new(under_way)))),
    };
    match (&under_way.errand, &visit.session) {
        (Errand::LogIn, before) => {
            let cookie = enter(request, visit, log_in, &who, before.as_ref()).await?;
            renewed(visit, log_in, cookie, &under_way.return_to).await
        }
        (Errand::StepUp, Some(session)) => {
            let cookie = step_up(request, visit, log_in, &who, session).await?;
            renewed(visit, log_in, cookie, &under_way.return_to).await
        }
        (Errand::Sign(subject), Some(session)) => {
            let place = match log_in.door.signed(visit, &who, subject.clone()).await {
                Ok(place) => place,
                Err(Unwelcome::Interrupted(fault)) => return Err(Stopped::Fault(fault, Some(Box::new(under_way)))),
                Err(e) => return Err(e.into()),
            };
            let told = Told::Proved { principal: &session.principal, who: &who, agent: "" };
            record(visit, &under_way.errand, told).await?;
            Ok(see_other(&place))
        }
        // Cannot be: `fits` has seen the session.
        (_, None) => Err(LoginFault::TransactionUnknown.into()),
    }
}

/// Who answered, if it is an answer to what was asked, in the session that asked, by the person who was asked.
async fn judge(
    visit: &Visit,
    log_in: &LogIn,
    under_way: &UnderWay,
    query: CallbackQuery,
    broker: &str,
) -> Result<Authenticated, LoginFault> {
    under_way.fits(visit)?;
    let all = brokers(log_in, visit).map_err(|_| LoginFault::TransactionUnknown)?;
    let party = all.iter().find(|b| b.slug() == broker).ok_or(LoginFault::TransactionUnknown)?;
    // The person is pinned in what is pending: another one has failed here.
    let who = party.finish(&under_way.pending, query).await?;
    match (&under_way.errand, &who.evidence) {
        (Errand::Sign(_), None) | (Errand::LogIn | Errand::StepUp, Some(_)) => Err(LoginFault::PurposeMismatch),
        _ => Ok(who),
    }
}

fn agent(request: &HttpRequest) -> String {
    let header = request.headers().get(header::USER_AGENT);
    agent_of(header.and_then(|v| v.to_str().ok()).unwrap_or_default())
}

fn new_session<'a>(
    principal: &'a str,
    data: &'a Value,
    who: &'a Authenticated,
    agent: &'a str,
) -> NewSession<'a, Value> {
    NewSession {
        principal,
        data,
        login: Login {
            issuer: &who.issuer,
            subject: &who.subject,
            session_id: who.session_id.as_deref(),
            acr: &who.acr,
            level: who.level,
            auth_at: who.auth_time,
            method: who.method.as_deref().unwrap_or_default(),
            agent,
            id_token: Some(who.id_token.expose()),
        },
    }
}

async fn enter(
    request: &HttpRequest,
    visit: &Visit,
    log_in: &LogIn,
    who: &Authenticated,
    before: Option<&Session>,
) -> Result<actix_web::cookie::Cookie<'static>, Stopped> {
    let welcome = match log_in.door.enter(visit, who).await {
        Ok(welcome) => welcome,
        Err(e) => {
            if let Unwelcome::Refused(why) = e {
                record(visit, &Errand::LogIn, Told::Refused { why, issuer: &who.issuer }).await?;
            }
            return Err(e.into());
        }
    };
    if let Some(old) = before {
        end_session(&visit.ground, old).await?;
    }
    let agent = agent(request);
    let new = new_session(&welcome.principal, &welcome.data, who, &agent);
    let cookie = start_session(&visit.ground, &visit.municipality, new).await?;
    record(visit, &Errand::LogIn, Told::Proved { principal: &welcome.principal, who, agent: &agent }).await?;
    Ok(cookie)
}

async fn step_up(
    request: &HttpRequest,
    visit: &Visit,
    log_in: &LogIn,
    who: &Authenticated,
    session: &Session,
) -> Result<actix_web::cookie::Cookie<'static>, Stopped> {
    let welcome = log_in.door.enter(visit, who).await?;
    let data = log_in.door.carry_over(&session.data, welcome.data);
    let agent = agent(request);
    let new = new_session(&session.principal, &data, who, &agent);
    let cookie = prove_again(&visit.ground, &visit.municipality, session, new).await?;
    record(visit, &Errand::StepUp, Told::Proved { principal: &session.principal, who, agent: &agent }).await?;
    Ok(cookie)
}

async fn renewed(
    visit: &Visit,
    log_in: &LogIn,
    cookie: actix_web::cookie::Cookie<'static>,
    place: &str,
) -> Result<HttpResponse, Stopped> {
    log_in.door.browser_renewed(visit, Visit::browser_hash_of(cookie.value())).await?;
    let mut response = see_other(place);
    response.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(response)
}
