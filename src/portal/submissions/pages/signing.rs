//! To the broker to sign, and back.

use super::Opened;
use crate::oidc::{
    Authenticated, Errand, Identity, LogIn, LoginFault, MessageId, Pinned, SendOff, Unwelcome, Who, send_off,
};
use crate::portal::App;
use crate::portal::identity::citizen_of;
use crate::portal::submissions::sign::{self, Begun, Returned, SignFault};
use crate::portal::submissions::submit::Sent;
use crate::texts::Voice;
use crate::vocabulary::{Lang, SigningId};
use crate::web::{AppError, Visit};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What comes back with the signature: which, and where she goes.
#[derive(Serialize, Deserialize)]
struct Subject {
    signing: SigningId,
    /// When it is done.
    on: String,
    /// When nothing was signed.
    back: String,
}

/// Where she goes from the broker.
pub(super) struct Ways {
    pub on: String,
    pub back: String,
}

/// Sends her to the broker to sign.
pub(super) async fn go(
    request: &HttpRequest,
    visit: &Visit,
    app: &App,
    log_in: &LogIn,
    begun: Begun,
    level: u8,
    ways: Ways,
) -> Result<HttpResponse, AppError> {
    let citizen = citizen_of(visit).ok_or_else(|| AppError::LogIn(ways.back.clone()))?;
    let texts = app.ground.renderer.texts();
    let english = texts.find("en").unwrap_or(Lang::SWEDISH);
    let Begun { id, tbs_data, named } = begun;
    let wish = named.request(tbs_data, &texts.voice(Lang::SWEDISH), &texts.voice(english));
    let subject = Subject { signing: id, on: ways.on.clone(), back: ways.back };
    let off = SendOff {
        errand: Errand::Sign(serde_json::to_value(subject)?),
        level,
        return_to: ways.on,
        pinned: citizen.pinned(),
        sign: Some(wish),
        broker: None,
    };
    send_off(request, visit, log_in, off).await
}

/// The level that a service is signed at.
pub(super) fn level(opened: &Opened) -> u8 {
    opened.definition.level.number()
}

/// She is back with a signature: it is sent in, or noted beside the others'.
pub async fn signed(app: &App, visit: &Visit, who: &Authenticated, subject: Value) -> Result<String, Unwelcome> {
    let over = || Unwelcome::Interrupted(LoginFault::TransactionUnknown);
    let subject: Subject = serde_json::from_value(subject).map_err(|e| Unwelcome::Failed(e.into()))?;
    let citizen = citizen_of(visit).ok_or_else(over)?;
    let pinned = citizen.pinned().ok_or_else(over)?;
    let is_she = match (&pinned, &who.who) {
        (Pinned::Number(number), Who::Citizen { identity, .. }) => identity.number() == Some(number),
        (Pinned::Prid(prid), Who::Citizen { identity: Identity::Foreign { prid: came, .. }, .. }) => prid == came,
        _ => false,
    };
    let Some(evidence) = who.evidence.clone().filter(|_| is_she) else {
        return Err(Unwelcome::Interrupted(LoginFault::OtherPerson));
    };
    let returned = Returned {
        catalogue: app.catalogue.clone(),
        keys: app.ground.keys.clone(),
        settings: app.ground.settings.clone(),
        municipality: visit.municipality.clone(),
        address: visit.address(),
        lang: visit.voice.lang(),
        now: app.ground.clock.now(),
        id: subject.signing,
        citizen,
        pinned,
        evidence,
    };
    match app.ground.db.write(move |c| sign::finish(c, &returned)).await {
        Ok(Sent::Now | Sent::Before) => Ok(subject.on),
        Ok(Sent::Nowhere) | Err(SignFault::Over) => Err(over()),
        Err(SignFault::Signature(fault)) => {
            tracing::error!(%fault, "a signature that came does not hold");
            Err(Unwelcome::Interrupted(LoginFault::UserSignatureInvalid))
        }
        Err(SignFault::Submit(e)) => Err(Unwelcome::Failed(e.into())),
    }
}

/// Nothing was signed: back to what she wanted to sign, which says why.
pub fn interrupted(subject: &Value, fault: LoginFault) -> Option<String> {
    let subject: Subject = serde_json::from_value(subject.clone()).ok()?;
    let word = match fault.message() {
        MessageId::Cancelled => MessageId::SignCancelled,
        other => other,
    };
    Some(format!("{}?underskrift={}", subject.back, word.as_str()))
}

/// What the page that she comes back to says of it.
pub(super) fn told(word: Option<&str>, voice: &Voice) -> Option<Value> {
    let word = MessageId::ALL.iter().map(|m| m.as_str()).find(|known| Some(*known) == word)?;
    let name = word.strip_prefix("sign-").unwrap_or(word);
    Some(json!({
        "heading": voice.text(&format!("sign-stopped-{name}-title")),
        "text": voice.text(&format!("sign-stopped-{name}-text")),
        "way_on": voice.text(&format!("sign-stopped-{name}-way-on")),
    }))
}
