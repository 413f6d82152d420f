//! Sending a browser to the broker, and remembering why.

use super::{LogIn, brokers};
use crate::oidc::transactions::{self, Transaction};
use crate::oidc::{
    LoginFault, Pending, Pinned, Purpose, RelyingParty, Request, SignRequest, safe_return_path, state_digest,
};
use crate::settings::{random_token, sha256_hex};
use crate::web::{AppError, Visit, see_other, visitor_address};
use actix_web::cookie::time::Duration;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) const SEALED_AS: &str = "login_transactions.sealed";
/// The browser keeps the cookie as long as the slowest errand, a signature, may take. Seconds.
const COOKIE_LIFETIME: i64 = 1200;

/// Why somebody is sent to the broker. Kept sealed in the transaction: an answer to one kind is never taken for another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// To begin a session.
    LogIn,
    /// To prove in a session who she is, anew or more strongly.
    StepUp,
    /// To sign something in a session; the value is given back to [`Door::signed`](super::Door::signed).
    Sign(Value),
}

/// How somebody is sent to the broker.
pub struct SendOff<'a> {
    /// Why.
    pub errand: Errand,
    /// The level of assurance to ask for.
    pub level: u8,
    /// Where she goes afterwards; already one of our own paths.
    pub return_to: String,
    /// The only person whose answer is taken; the broker is told. Otherwise, but at log-in, whoever's session it is.
    pub pinned: Option<Pinned>,
    /// What is to be signed, for [`Errand::Sign`].
    pub sign: Option<SignRequest>,
    /// Through which broker; otherwise the session's own, else the first.
    pub broker: Option<&'a str>,
}

/// What is known of somebody who is at the broker.
#[derive(Serialize, Deserialize)]
pub(super) struct UnderWay {
    pub pending: Pending,
    pub errand: Errand,
    /// `public_id` of the session that it was begun in; a step-up or a signature counts there only.
    pub session: Option<String>,
    pub return_to: String,
}

impl LogIn {
    /// The path to come back to: one of this realm's own pages, or its home.
    pub(super) fn way_back(&self, wish: Option<&str>) -> String {
        let is_ours = |path: &String| {
            let first = path.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
            first.is_empty() || self.door.places().contains(&first)
        };
        wish.and_then(safe_return_path).filter(is_ours).unwrap_or_else(|| self.door.home().to_owned())
    }
}

fn choose<'a>(log_in: &'a LogIn, visit: &Visit, wanted: Option<&str>) -> Result<&'a RelyingParty, AppError> {
    let all = brokers(log_in, visit)?;
    let found = match (wanted, &visit.session) {
        (Some(slug), _) => all.iter().find(|b| b.slug() == slug),
        (None, Some(session)) => all.iter().find(|b| b.issuer() == session.issuer).or_else(|| all.first()),
        (None, None) => all.first(),
    };
    found.map(AsRef::as_ref).ok_or(AppError::NotFound)
}

/// 303 to the broker, with a transaction of one use that is bound to this browser, this municipality and, for anything but
/// log-in, to this session. A broker that cannot be reached is told on a page.
pub async fn send_off(
    request: &HttpRequest,
    visit: &Visit,
    log_in: &LogIn,
    off: SendOff<'_>,
) -> Result<HttpResponse, AppError> {
    let ground = &visit.ground;
    let name = ground.transaction_cookie();
    let known = request.cookie(&name).map(|c| c.value().to_owned()).filter(|v| v.len() == 43);
    let has_asked_too_often = visitor_address(request, ground).is_some_and(|a| !ground.login_limit.allows(a))
        || known.as_ref().is_some_and(|browser| !log_in.browsers.allows(browser));
    if has_asked_too_often {
        return Err(AppError::TooMany);
    }
    let (session, pinned) = match (&off.errand, &visit.session) {
        (Errand::LogIn, _) => (None, off.pinned),
        (_, Some(session)) => {
            let pinned = off.pinned.or_else(|| log_in.door.pin(session));
            (Some(session.public_id.clone()), Some(pinned.ok_or_else(|| AppError::internal("nobody to be pinned"))?))
        }
        (_, None) => return Err(AppError::LogIn(off.return_to)),
    };
    let broker = choose(log_in, visit, off.broker)?;
    let redirect_uri = format!("{}/auth/aterkomst/{}", visit.address(), broker.slug());
    let mut accepted_acr = broker.accepted_acr(off.level);
    if log_in.door.purpose() == Purpose::Citizen {
        // Where settings take foreign e-legitimation at all; what it is good for is each service's to say.
        accepted_acr.extend(broker.accepted_foreign_acr(off.level));
    }
    let begun = broker
        .begin(Request {
            redirect_uri: &redirect_uri,
            accepted_acr: &accepted_acr,
            purpose: log_in.door.purpose(),
            language: visit.voice.lang().tag(),
            pinned: pinned.as_ref(),
            sign: off.sign.as_ref(),
        })
        .await;
    let begun = match begun {
        Ok(begun) => begun,
        Err(fault) => return super::stopped(visit, log_in, &off.errand, fault, &off.return_to),
    };
    let browser = known.map_or_else(random_token, Ok)?;
    let expires_at = begun.pending.expires_at();
    let under_way = UnderWay { pending: begun.pending, errand: off.errand, session, return_to: off.return_to };
    let now = ground.clock.now();
    let transaction = Transaction {
        state_hash: state_digest(&begun.state),
        realm: ground.realm.as_str(),
        municipality: visit.municipality.slug.clone(),
        broker: broker.slug().to_owned(),
        browser_hash: sha256_hex(browser.as_bytes()),
        sealed: ground.keys.seal(SEALED_AS, &serde_json::to_vec(&under_way)?)?,
        created_at: now,
        expires_at,
    };
    if !ground.db.write(move |c| transactions::insert(c, &transaction)).await? {
        return Err(AppError::TooMany);
    }
    let mut response = see_other(begun.url.as_str());
    let mut cookie = ground.make_cookie(name, browser);
    cookie.set_max_age(Duration::seconds(COOKIE_LIFETIME));
    response.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(response)
}

impl UnderWay {
    /// A step-up and a signature belong to the session that they were begun in.
    pub(super) fn fits(&self, visit: &Visit) -> Result<(), LoginFault> {
        match (&self.session, &visit.session) {
            (None, _) => Ok(()),
            (Some(begun_in), Some(session)) if *begun_in == session.public_id => Ok(()),
            _ => Err(LoginFault::TransactionUnknown),
        }
    }
}
