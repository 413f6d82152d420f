//! Log-in and log-out over HTTP, the same paths for every realm: `/logga-in`, `/auth/aterkomst/{broker}`, `/logga-ut`,
//! `/utloggad`, `/.well-known/jwks.json`. What somebody becomes when she has proved who she is, is the realm's.

use super::transactions::{self, LIFETIME, Returned, Transaction};
use super::{
    Authenticated, CallbackQuery, LoginFault, Pending, Purpose, RelyingParty, Request, safe_return_path, state_digest,
};
use crate::settings::{random_token, sha256_hex};
use crate::vocabulary::MunicipalitySlug;
use crate::web::{
    AppError, NewSession, Path, PostedForm, Realm, Visit, end_session, see_other, start_session, visitor_address,
};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The level that log-in asks for; a service that needs more asks again.
const LEVEL: u8 = 3;
const SEALED_AS: &str = "login_transactions.sealed";

/// Somebody may come in.
pub struct Welcome {
    /// Party id or affiliation.
    pub principal: String,
    /// What the realm keeps in the session; `name` is shown on every page.
    pub data: Value,
}

/// Somebody has proved who she is but may not come in. Names texts: `error-<name>-title`, `-text`, `-way-on`.
pub enum Unwelcome {
    /// Says why, and whom to ask.
    Refused(&'static str),
    /// Something broke.
    Failed(AppError),
}

impl From<AppError> for Unwelcome {
    fn from(e: AppError) -> Self {
        Unwelcome::Failed(e)
    }
}

/// What a realm makes of somebody who has proved who she is.
pub trait Door: Send + Sync + 'static {
    /// Citizens by number, staff by affiliation.
    fn purpose(&self) -> Purpose;
    /// Where she lands when she asked for nothing else.
    fn home(&self) -> &'static str;
    /// Lets her in or not.
    fn enter<'a>(&'a self, visit: &'a Visit, who: &'a Authenticated) -> BoxFuture<'a, Result<Welcome, Unwelcome>>;
    /// The browser has a new token: what it owned without log-in follows.
    fn browser_renewed<'a>(&'a self, visit: &'a Visit, new_hash: String) -> BoxFuture<'a, Result<(), AppError>> {
        let _ = (visit, new_hash);
        Box::pin(async { Ok(()) })
    }
}

/// Each municipality's brokers, and the door behind them.
pub struct LogIn {
    /// By municipality; the first is the one a bare `/logga-in` leads to when there is only one.
    pub brokers: BTreeMap<MunicipalitySlug, Vec<Arc<RelyingParty>>>,
    /// The realm's.
    pub door: Arc<dyn Door>,
}

#[derive(Serialize, Deserialize)]
struct UnderWay {
    pending: Pending,
    return_to: String,
}

/// The routes of log-in; the application has `web::Data<LogIn>`.
pub fn log_in_routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/logga-in", web::get().to(choose))
        .route("/logga-in/{broker}", web::get().to(begin))
        .route("/auth/aterkomst/{broker}", web::get().to(come_back))
        .route("/logga-ut", web::post().to(log_out))
        .route("/utloggad", web::get().to(logged_out))
        .route("/session", web::post().to(renew))
        .route("/.well-known/jwks.json", web::get().to(jwks));
}

#[derive(Deserialize)]
struct Wish {
    retur: Option<String>,
}

fn brokers<'a>(log_in: &'a LogIn, visit: &Visit) -> Result<&'a [Arc<RelyingParty>], AppError> {
    match log_in.brokers.get(&visit.municipality.slug) {
        Some(list) if !list.is_empty() => Ok(list),
        _ => Err(AppError::Unavailable("no-log-in")),
    }
}

async fn choose(
    request: HttpRequest,
    visit: Visit,
    log_in: web::Data<LogIn>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    match brokers(&log_in, &visit)? {
        [only] => start(&request, &visit, &log_in, only, wish.into_inner().retur).await,
        several => {
            let back = wish.into_inner().retur.and_then(|w| safe_return_path(&w)).unwrap_or_default();
            let links: Vec<Value> = several
                .iter()
                .map(|b| {
                    let query =
                        url::form_urlencoded::Serializer::new(String::new()).append_pair("retur", &back).finish();
                    json!({ "title": b.title(visit.voice.lang()), "text": "", "href": format!("/logga-in/{}?{query}", b.slug()) })
                })
                .collect();
            visit.page(
                "portal/logga-in.html",
                "",
                json!({ "brokers": links, "problem": "", "service": "", "retur": back }),
            )
        }
    }
}

async fn begin(
    request: HttpRequest,
    visit: Visit,
    log_in: web::Data<LogIn>,
    broker: Path<String>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    let chosen = brokers(&log_in, &visit)?.iter().find(|b| b.slug() == broker.0).ok_or(AppError::NotFound)?;
    start(&request, &visit, &log_in, chosen, wish.into_inner().retur).await
}

async fn start(
    request: &HttpRequest,
    visit: &Visit,
    log_in: &LogIn,
    broker: &RelyingParty,
    wish: Option<String>,
) -> Result<HttpResponse, AppError> {
    let ground = &visit.ground;
    if visitor_address(request, ground).is_some_and(|address| !ground.login_limit.allows(address)) {
        return Err(AppError::TooMany);
    }
    let return_to = wish.and_then(|w| safe_return_path(&w)).unwrap_or_else(|| log_in.door.home().to_owned());
    let redirect_uri = format!("{}/auth/aterkomst/{}", visit.address(), broker.slug());
    let begun = broker
        .begin(Request {
            redirect_uri: &redirect_uri,
            accepted_acr: &broker.accepted_acr(LEVEL),
            purpose: log_in.door.purpose(),
            language: visit.voice.lang().tag(),
            pinned: None,
            sign: None,
        })
        .await;
    let begun = match begun {
        Ok(begun) => begun,
        Err(fault) => return fault_page(visit, fault, &return_to),
    };
    let name = ground.transaction_cookie();
    let known = request.cookie(&name).map(|c| c.value().to_owned()).filter(|v| v.len() == 43);
    let browser = known.map_or_else(random_token, Ok)?;
    let sealed = serde_json::to_vec(&UnderWay { pending: begun.pending, return_to })?;
    let now = ground.clock.now();
    let transaction = Transaction {
        state_hash: state_digest(&begun.state),
        realm: ground.realm.as_str(),
        municipality: visit.municipality.slug.clone(),
        broker: broker.slug().to_owned(),
        browser_hash: sha256_hex(browser.as_bytes()),
        sealed: ground.keys.seal(SEALED_AS, &sealed)?,
        created_at: now,
        expires_at: now.plus_seconds(LIFETIME),
    };
    if !ground.db.write(move |c| transactions::insert(c, &transaction)).await? {
        return Err(AppError::TooMany);
    }
    let mut response = see_other(begun.url.as_str());
    response.add_cookie(&ground.make_cookie(name, browser)).map_err(AppError::internal)?;
    Ok(response)
}

async fn come_back(
    request: HttpRequest,
    visit: Visit,
    log_in: web::Data<LogIn>,
    broker: Path<String>,
) -> Result<HttpResponse, AppError> {
    match finish(&request, &visit, &log_in, &broker.0).await {
        Ok(response) => Ok(response),
        Err(Stopped::Fault(fault, wish)) => {
            metrics::counter!("logins_total", "outcome" => fault.as_str()).increment(1);
            fault_page(&visit, fault, wish.as_deref().unwrap_or_else(|| log_in.door.home()))
        }
        Err(Stopped::Unwelcome(name)) => {
            metrics::counter!("logins_total", "outcome" => name).increment(1);
            Err(AppError::Forbidden(name))
        }
        Err(Stopped::Error(e)) => Err(e),
    }
}

enum Stopped {
    /// Why, and where the person was going when that is known.
    Fault(LoginFault, Option<String>),
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

async fn finish(request: &HttpRequest, visit: &Visit, log_in: &LogIn, broker: &str) -> Result<HttpResponse, Stopped> {
    let ground = &visit.ground;
    let query = CallbackQuery::parse(request.query_string())?;
    let name = ground.transaction_cookie();
    // Without the cookie of the browser that began it there is no log-in: log-in CSRF ends here.
    let browser = request.cookie(&name).ok_or(LoginFault::TransactionUnknown)?;
    let which = Returned {
        state_hash: state_digest(query.state()),
        realm: ground.realm.as_str(),
        municipality: visit.municipality.slug.clone(),
        broker: broker.to_owned(),
        browser_hash: sha256_hex(browser.value().as_bytes()),
    };
    let now = ground.clock.now();
    let sealed = ground.db.write(move |c| transactions::consume(c, &which, now)).await.map_err(AppError::from)?;
    let sealed = ground.keys.open(SEALED_AS, &sealed.ok_or(LoginFault::TransactionUnknown)?).map_err(AppError::from)?;
    let under_way: UnderWay = serde_json::from_slice(&sealed).map_err(AppError::from)?;
    let party = brokers(log_in, visit)?.iter().find(|b| b.slug() == broker).ok_or(LoginFault::TransactionUnknown)?;
    let who = match party.finish(&under_way.pending, query).await {
        Ok(who) => who,
        Err(fault) => return Err(Stopped::Fault(fault, Some(under_way.return_to))),
    };
    let welcome = log_in.door.enter(visit, &who).await.map_err(|e| match e {
        Unwelcome::Refused(name) => Stopped::Unwelcome(name),
        Unwelcome::Failed(e) => Stopped::Error(e),
    })?;
    if let Some(old) = &visit.session {
        end_session(ground, old).await?;
    }
    let new = NewSession { principal: &welcome.principal, data: &welcome.data };
    let cookie = start_session(ground, &visit.municipality, new).await?;
    log_in.door.browser_renewed(visit, Visit::browser_hash_of(cookie.value())).await?;
    metrics::counter!("logins_total", "outcome" => "ok").increment(1);
    let mut response = see_other(&under_way.return_to);
    response.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(response)
}

/// `retur` is where the person was going: trying again leads there.
fn fault_page(visit: &Visit, fault: LoginFault, retur: &str) -> Result<HttpResponse, AppError> {
    let message = fault.message();
    let text = |part: &str| visit.text(&format!("login-{}-{part}", message.as_str()));
    let status = StatusCode::from_u16(message.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("retur", retur).finish();
    let context = json!({
        "status": status.as_u16(),
        "kind": "log-in",
        "heading": text("title"),
        "text": text("text"),
        "way_on": text("way-on"),
        "ways": [{ "label": visit.text("login-again"), "href": format!("/logga-in?{query}") }],
        "request_id": visit.request_id,
    });
    visit.page_with_status(status, "portal/error.html", "", context)
}

async fn log_out(form: PostedForm) -> Result<HttpResponse, AppError> {
    let mut response = see_other("/utloggad");
    if let Some(session) = &form.visit.session {
        let cookie = end_session(&form.visit.ground, session).await?;
        response.add_cookie(&cookie).map_err(AppError::internal)?;
    }
    let clear = actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(actix_web::http::header::HeaderName::from_static("clear-site-data"), clear);
    Ok(response)
}

async fn logged_out(visit: Visit, log_in: web::Data<LogIn>) -> Result<HttpResponse, AppError> {
    let staff = visit.ground.realm != Realm::Portal;
    let context = json!({ "reason": "self", "retur": log_in.door.home(), "staff": staff });
    visit.page("portal/utloggad.html", "", context)
}

/// Asked by the page's own script when somebody wants to stay: reading the session has moved its clock.
async fn renew(form: PostedForm) -> HttpResponse {
    match form.visit.session {
        Some(_) => HttpResponse::NoContent().finish(),
        None => HttpResponse::Unauthorized().content_type("text/plain").body("utloggad"),
    }
}

async fn jwks(log_in: web::Data<LogIn>) -> HttpResponse {
    let mut keys = Vec::<Value>::new();
    for party in log_in.brokers.values().flatten() {
        let document = party.jwks_document();
        for key in document.get("keys").and_then(Value::as_array).into_iter().flatten() {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
    }
    HttpResponse::Ok().insert_header(("cache-control", "public, max-age=3600")).json(json!({ "keys": keys }))
}
