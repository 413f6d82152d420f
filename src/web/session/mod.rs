//! Sessions: a random token in a cookie, everything else in the database under its hash. Idle 30 minutes, whole 8 hours.

mod agent;
mod store;

pub use agent::agent_of;
pub use store::{
    Listed, end_other_sessions, end_session_of, end_sessions_at_broker, end_sessions_of, sessions_of, sweep_sessions,
};

use super::{AppError, Ground, Realm};
use crate::municipalities::Municipality;
use crate::settings::{Keys, random_bytes, random_token, sha256_hex};
use crate::vocabulary::At;
use actix_web::cookie::Cookie;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::Row;

/// Without a request for so long, a session is over. Seconds.
pub const IDLE: i64 = 30 * 60;
/// However busy, a session is over. Seconds.
pub const ABSOLUTE: i64 = 8 * 3600;
/// `seen_at` is written at most so often. Seconds.
const SEEN_STEP: i64 = 60;
/// A token that may have a row; one of an anonymous browser begins otherwise and is never looked up.
pub(super) const PREFIX: &str = "s.";
const SEALED_AS: &str = "sessions.sealed";
const ID_TOKEN_SEALED_AS: &str = "sessions.id_token";

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub struct Session {
    /// A party id on the portal, an affiliation at desk and administration.
    pub principal: String,
    /// What the realm keeps about her, sealed in the database.
    pub data: Value,
    /// Names this token of the session; the token itself is only in the browser.
    pub token_hash: String,
    /// Names the session in lists and logs, and stays when its token is renewed.
    pub public_id: String,
    /// The broker that vouched for her.
    pub issuer: String,
    /// How strongly, in the broker's word.
    pub acr: String,
    /// The highest level of assurance (2, 3, 4) that this `acr` reaches at that broker; 0 for none.
    pub level: u8,
    /// When she last proved who she is.
    pub auth_at: At,
    /// When it is over whatever happens.
    pub expires_at: At,
}

/// The log-in behind a session: what the broker said, and from which browser.
#[derive(Clone, Copy, Debug)]
pub struct Login<'a> {
    /// The broker.
    pub issuer: &'a str,
    /// The broker's name for the person; kept as a keyed hash.
    pub subject: &'a str,
    /// The broker's name for its session; kept as a keyed hash.
    pub session_id: Option<&'a str>,
    /// How strongly she proved who she is.
    pub acr: &'a str,
    /// The level of assurance that `acr` reaches there.
    pub level: u8,
    /// When she did.
    pub auth_at: At,
    /// With what, as the broker calls it.
    pub method: &'a str,
    /// Browser and system, coarse: see [`agent_of`].
    pub agent: &'a str,
    /// As received, for log-out at the broker; kept sealed.
    pub id_token: Option<&'a str>,
}

impl Default for Login<'_> {
    /// One that reaches no level and is never fresh.
    fn default() -> Self {
        let (issuer, subject, acr, method, agent) = Default::default();
        Self { issuer, subject, session_id: None, acr, level: 0, auth_at: At::EPOCH, method, agent, id_token: None }
    }
}

/// A session to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a, T> {
    /// Party id or affiliation.
    pub principal: &'a str,
    /// What the realm keeps.
    pub data: &'a T,
    /// What it rests on.
    pub login: Login<'a>,
}

impl Session {
    /// Seconds until it is over if nothing more is asked, and whether asking would not help: its whole time is nearly out.
    pub fn left(&self, now: At) -> (i64, bool) {
        let whole = (self.expires_at.seconds() - now.seconds()).max(0);
        (whole.min(IDLE), whole <= IDLE)
    }

    /// The realm's own data.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_value(self.data.clone()).ok()
    }
}

/// The keyed hash by which a session is found when the broker ends the log-in of a person.
pub fn subject_lookup(keys: &Keys, issuer: &str, subject: &str) -> String {
    keys.lookup(&format!("sessions.subject:{issuer}"), subject)
}

/// The keyed hash by which a session is found when the broker ends a session of its own.
pub fn sid_lookup(keys: &Keys, issuer: &str, sid: &str) -> String {
    keys.lookup(&format!("sessions.sid:{issuer}"), sid)
}

pub(super) async fn load(
    ground: &Ground,
    municipality: &Municipality,
    token: &str,
) -> Result<Option<Session>, AppError> {
    let (hash, now, realm, slug) =
        (sha256_hex(token.as_bytes()), ground.clock.now(), ground.realm, municipality.slug.clone());
    let key = hash.clone();
    let Some(row) = ground.db.read(move |c| store::find(c, &key, realm, &slug)).await? else { return Ok(None) };
    if now >= row.expires_at || now >= row.seen_at.plus_seconds(IDLE) {
        return Ok(None);
    }
    if now >= row.seen_at.plus_seconds(SEEN_STEP) {
        let key = hash.clone();
        // Best effort: a request is not refused because the clock of its session could not be moved.
        if let Err(e) = ground.db.write(move |c| store::touch(c, &key, now)).await {
            tracing::warn!(error = %e, "a session could not be marked as seen");
        }
    }
    let data = serde_json::from_slice(&ground.keys.open(SEALED_AS, &row.sealed)?)?;
    Ok(Some(Session {
        principal: row.principal,
        data,
        token_hash: hash,
        public_id: row.public_id,
        issuer: row.issuer,
        acr: row.acr,
        level: u8::try_from(row.level).unwrap_or_default(),
        auth_at: row.auth_at.unwrap_or(row.created_at),
        expires_at: row.expires_at,
    }))
}

fn row<T: Serialize>(
    ground: &Ground,
    municipality: &Municipality,
    new: &NewSession<'_, T>,
) -> Result<(Row, Cookie<'static>), AppError> {
    let token = format!("{PREFIX}{}", random_token()?);
    let (keys, now, login) = (&ground.keys, ground.clock.now(), new.login);
    let id_token = login.id_token.map(|t| keys.seal(ID_TOKEN_SEALED_AS, t.as_bytes())).transpose()?;
    let row = Row {
        token_hash: sha256_hex(token.as_bytes()),
        realm: ground.realm.as_str(),
        municipality: municipality.slug.clone(),
        principal: new.principal.to_owned(),
        sealed: keys.seal(SEALED_AS, &serde_json::to_vec(new.data)?)?,
        created_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(ABSOLUTE),
        public_id: random_bytes::<16>()?.iter().map(|b| format!("{b:02x}")).collect(),
        issuer: login.issuer.to_owned(),
        subject_lookup: subject_lookup(keys, login.issuer, login.subject),
        sid_lookup: login.session_id.map(|sid| sid_lookup(keys, login.issuer, sid)).unwrap_or_default(),
        acr: login.acr.to_owned(),
        level: i32::from(login.level),
        auth_at: Some(login.auth_at),
        method: login.method.to_owned(),
        agent: login.agent.to_owned(),
        id_token_sealed: id_token,
    };
    Ok((row, ground.make_cookie(ground.session_cookie(), token)))
}

/// Begins a session under a new token (never one that the browser had before) and gives its cookie.
pub async fn start_session<T: Serialize>(
    ground: &Ground,
    municipality: &Municipality,
    new: NewSession<'_, T>,
) -> Result<Cookie<'static>, AppError> {
    let (row, cookie) = row(ground, municipality, &new)?;
    ground.db.write(move |c| store::insert(c, &row)).await?;
    Ok(cookie)
}

/// The same log-in with other power: new data under a new token, the old one gone in the same transaction. Issuer, level,
/// time of log-in and the end stay as they were. A session that has been ended meanwhile cannot be replaced.
pub async fn replace_session<T: Serialize>(
    ground: &Ground,
    municipality: &Municipality,
    old: &Session,
    principal: &str,
    data: &T,
) -> Result<Cookie<'static>, AppError> {
    let token = format!("{PREFIX}{}", random_token()?);
    let new = store::Renewed {
        token_hash: sha256_hex(token.as_bytes()),
        principal: principal.to_owned(),
        sealed: ground.keys.seal(SEALED_AS, &serde_json::to_vec(data)?)?,
        seen_at: ground.clock.now(),
    };
    let (realm, slug, hash) = (ground.realm, municipality.slug.clone(), old.token_hash.clone());
    if !ground.db.write(move |c| store::renew(c, realm, &slug, &hash, &new)).await? {
        return Err(AppError::LogIn("/".to_owned()));
    }
    Ok(ground.make_cookie(ground.session_cookie(), token))
}

/// The same session after the same person has proved anew who she is: a new token, the new log-in behind it, and the end
/// where it was. The old token is gone in the same transaction.
pub async fn prove_again<T: Serialize>(
    ground: &Ground,
    municipality: &Municipality,
    old: &Session,
    new: NewSession<'_, T>,
) -> Result<Cookie<'static>, AppError> {
    let (row, cookie) = row(ground, municipality, &new)?;
    let hash = old.token_hash.clone();
    if !ground.db.write(move |c| store::prove_again(c, &hash, row.clone())).await? {
        return Err(AppError::LogIn("/".to_owned()));
    }
    Ok(cookie)
}

/// Ends one session, and gives the cookie that clears the browser's.
pub async fn end_session(ground: &Ground, session: &Session) -> Result<Cookie<'static>, AppError> {
    let hash = session.token_hash.clone();
    ground.db.write(move |c| store::end(c, &hash)).await?;
    let mut cookie = ground.make_cookie(ground.session_cookie(), String::new());
    cookie.make_removal();
    Ok(cookie)
}

/// The ID token behind a session, for log-out at the broker; to be asked for before the session is ended.
pub async fn id_token_of(ground: &Ground, session: &Session) -> Result<Option<String>, AppError> {
    let hash = session.token_hash.clone();
    let Some(sealed) = ground.db.read(move |c| store::id_token_sealed(c, &hash)).await? else { return Ok(None) };
    let plain = ground.keys.open(ID_TOKEN_SEALED_AS, &sealed)?;
    String::from_utf8(plain).map(Some).map_err(AppError::internal)
}

impl Realm {
    /// Somebody of this realm in the audit log: at the desk, where only staff act, the affiliation alone.
    pub fn actor(self, principal: &str) -> String {
        match self {
            Realm::Portal => format!("party:{principal}"),
            Realm::Administration => format!("staff:{principal}"),
            Realm::Desk => principal.to_owned(),
        }
    }
}
