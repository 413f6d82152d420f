//! Log-in and log-out over HTTP, the same paths for every realm: `/logga-in`, `/legitimera`, `/auth/aterkomst/{broker}`,
//! `/auth/utloggning/{broker}`, `/logga-ut`, `/utloggad`, `/.well-known/jwks.json`. What somebody becomes when she has proved who she is, is the realm's.

mod come_back;
mod door;
mod log_out;
mod record;
mod send_off;

pub use door::{Door, USUAL_LEVEL, Unwelcome, Welcome};
pub use send_off::{Errand, SendOff, send_off};

use super::{LoginFault, RelyingParty};
use crate::vocabulary::MunicipalitySlug;
use crate::web::{AddressLimit, AppError, BrowserLimit, Path, Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Each municipality's brokers, and the door behind them.
pub struct LogIn {
    /// By municipality; the first is the one a bare `/logga-in` leads to when there is only one.
    pub brokers: BTreeMap<MunicipalitySlug, Vec<Arc<RelyingParty>>>,
    /// The realm's.
    pub door: Arc<dyn Door>,
    /// Returns from a broker, by address.
    returns: AddressLimit,
    /// Log-ins begun and returned from, by browser.
    browsers: BrowserLimit,
}

impl LogIn {
    /// With so many log-ins a minute from one address or browser.
    pub fn new(
        brokers: BTreeMap<MunicipalitySlug, Vec<Arc<RelyingParty>>>,
        door: Arc<dyn Door>,
        per_minute: u32,
    ) -> Self {
        // Whoever begins also returns.
        let both = per_minute.saturating_mul(2);
        Self { brokers, door, returns: AddressLimit::per_minute(both), browsers: BrowserLimit::per_minute(both) }
    }

    /// Forgets addresses and browsers that have been quiet; to be called now and then.
    pub fn sweep(&self) {
        self.returns.sweep();
        self.browsers.sweep();
    }
}

/// The routes of log-in; the application has `web::Data<LogIn>`.
pub fn log_in_routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/logga-in", web::get().to(choose))
        .route("/logga-in/{broker}", web::get().to(begin))
        .route("/legitimera", web::get().to(ask_again))
        .route("/legitimera/{broker}", web::get().to(step_up))
        .route("/auth/aterkomst/{broker}", web::get().to(come_back::come_back))
        .route("/auth/utloggning/{broker}", web::post().to(log_out::from_broker))
        .route("/logga-ut", web::post().to(log_out::log_out))
        .route("/utloggad", web::get().to(log_out::logged_out))
        .route("/session", web::post().to(log_out::renew))
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

fn with_return(path: &str, back: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("retur", back).finish();
    format!("{path}?{query}")
}

/// One link for each broker.
fn links(visit: &Visit, all: &[Arc<RelyingParty>], path: &str, back: &str) -> Vec<Value> {
    let link = |b: &Arc<RelyingParty>| {
        let href = with_return(&format!("{path}/{}", b.slug()), back);
        json!({ "title": b.title(visit.voice.lang()), "text": "", "href": href })
    };
    all.iter().map(link).collect()
}

async fn choose(
    request: HttpRequest,
    visit: Visit,
    log_in: web::Data<LogIn>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    let back = log_in.way_back(wish.retur.as_deref());
    match brokers(&log_in, &visit)? {
        [only] => start(&request, &visit, &log_in, Errand::LogIn, only.slug(), back).await,
        several => {
            let links = links(&visit, several, "/logga-in", &back);
            let context = json!({ "brokers": links, "problem": "", "service": "", "retur": back });
            visit.page("portal/logga-in.html", "", context)
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
    let back = log_in.way_back(wish.retur.as_deref());
    start(&request, &visit, &log_in, Errand::LogIn, &broker.0, back).await
}

/// What is asked for is never in the address: it is the level of the page that she is going to.
async fn start(
    request: &HttpRequest,
    visit: &Visit,
    log_in: &LogIn,
    errand: Errand,
    broker: &str,
    return_to: String,
) -> Result<HttpResponse, AppError> {
    let level = log_in.door.level(visit, &return_to);
    let off = SendOff { errand, level, return_to, pinned: None, sign: None, broker: Some(broker) };
    send_off(request, visit, log_in, off).await
}

/// Why a page asks once more who she is; her own press leads to the broker.
async fn ask_again(visit: Visit, log_in: web::Data<LogIn>, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let back = log_in.way_back(wish.retur.as_deref());
    let Some(session) = &visit.session else { return Err(AppError::LogIn(back)) };
    let level = log_in.door.level(&visit, &back);
    let context = json!({
        "brokers": links(&visit, brokers(&log_in, &visit)?, "/legitimera", &back),
        "level": level,
        "too_low": session.level < level,
        "minutes": visit.ground.settings.limits.reauthentication_minutes,
    });
    visit.page("portal/legitimera.html", "", context)
}

async fn step_up(
    request: HttpRequest,
    visit: Visit,
    log_in: web::Data<LogIn>,
    broker: Path<String>,
    wish: web::Query<Wish>,
) -> Result<HttpResponse, AppError> {
    let back = log_in.way_back(wish.retur.as_deref());
    start(&request, &visit, &log_in, Errand::StepUp, &broker.0, back).await
}

/// What somebody sees when nobody was proved to be anybody: a page that says what happened and leads on, or for a
/// signature the page where what was to be signed is kept. `back` is where she was going.
fn stopped(
    visit: &Visit,
    log_in: &LogIn,
    errand: &Errand,
    fault: LoginFault,
    back: &str,
) -> Result<HttpResponse, AppError> {
    if let Errand::Sign(subject) = errand {
        return Ok(see_other(&log_in.door.sign_interrupted(subject, fault)));
    }
    let message = fault.message();
    let name = message.as_str();
    let is_step_up = matches!(errand, Errand::StepUp) && visit.session.is_some();
    let (title, text, again) = if is_step_up {
        (format!("step-up-{name}-title"), "step-up-stopped".to_owned(), with_return("/legitimera", back))
    } else {
        (format!("login-{name}-title"), format!("login-{name}-text"), with_return("/logga-in", back))
    };
    let status = StatusCode::from_u16(message.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    let context = json!({
        "status": status.as_u16(),
        "kind": "log-in",
        "heading": visit.text(&title),
        "text": visit.text(&text),
        "way_on": visit.text(&format!("login-{name}-way-on")),
        "ways": [{ "label": visit.text("login-again"), "href": again }],
        "request_id": visit.request_id,
    });
    visit.page_with_status(status, "portal/error.html", "", context)
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
