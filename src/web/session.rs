//! Sessions: a random token in a cookie, everything else in the database under its hash. Idle 30 minutes, whole 8 hours.

use super::{AppError, Ground, Realm};
use crate::db::schema::sessions;
use crate::db::{Conn, DbError};
use crate::municipalities::Municipality;
use crate::settings::{random_token, sha256_hex};
use crate::vocabulary::{At, MunicipalitySlug};
use actix_web::cookie::Cookie;
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Without a request for so long, a session is over. Seconds.
pub const IDLE: i64 = 30 * 60;
/// However busy, a session is over. Seconds.
pub const ABSOLUTE: i64 = 8 * 3600;
/// `seen_at` is written at most so often. Seconds.
const SEEN_STEP: i64 = 60;
/// A token that may have a row; one of an anonymous browser begins otherwise and is never looked up.
pub(super) const PREFIX: &str = "s.";
const SEALED_AS: &str = "sessions.sealed";

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub struct Session {
    /// A party id on the portal, an affiliation at desk and administration.
    pub principal: String,
    /// What the realm keeps about her, sealed in the database.
    pub data: Value,
    /// Names this session; the token itself is only in the browser.
    pub token_hash: String,
    /// When it is over whatever happens.
    pub expires_at: At,
}

/// A session to begin.
pub struct NewSession<'a, T> {
    /// Party id or affiliation.
    pub principal: &'a str,
    /// What the realm keeps.
    pub data: &'a T,
}

impl Session {
    /// The realm's own data.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_value(self.data.clone()).ok()
    }
}

type Row = (String, Vec<u8>, At, At);

pub(super) async fn load(
    ground: &Ground,
    municipality: &Municipality,
    token: &str,
) -> Result<Option<Session>, AppError> {
    let (hash, now, realm, slug) =
        (sha256_hex(token.as_bytes()), ground.clock.now(), ground.realm, municipality.slug.clone());
    let key = hash.clone();
    let row = ground.db.read(move |c| find(c, &key, realm, &slug)).await?;
    let Some((principal, sealed, seen_at, expires_at)) = row else { return Ok(None) };
    if now >= expires_at || now >= seen_at.plus_seconds(IDLE) {
        return Ok(None);
    }
    if now >= seen_at.plus_seconds(SEEN_STEP) {
        let key = hash.clone();
        // Best effort: a request is not refused because the clock of its session could not be moved.
        if let Err(e) = ground.db.write(move |c| touch(c, &key, now)).await {
            tracing::warn!(error = %e, "a session could not be marked as seen");
        }
    }
    let data = serde_json::from_slice(&ground.keys.open(SEALED_AS, &sealed)?)?;
    Ok(Some(Session { principal, data, token_hash: hash, expires_at }))
}

fn find(c: &mut Conn, hash: &str, realm: Realm, slug: &MunicipalitySlug) -> Result<Option<Row>, DbError> {
    Ok(sessions::table
        .find(hash)
        .filter(sessions::realm.eq(realm.as_str()))
        .filter(sessions::municipality.eq(slug))
        .select((sessions::principal, sessions::sealed, sessions::seen_at, sessions::expires_at))
        .first(c)
        .optional()?)
}

fn touch(c: &mut Conn, hash: &str, now: At) -> Result<(), DbError> {
    diesel::update(sessions::table.find(hash)).set(sessions::seen_at.eq(now)).execute(c)?;
    Ok(())
}

/// Begins a session under a new token (never one that the browser had before) and gives its cookie.
pub async fn start_session<T: Serialize>(
    ground: &Ground,
    municipality: &Municipality,
    new: NewSession<'_, T>,
) -> Result<Cookie<'static>, AppError> {
    let token = format!("{PREFIX}{}", random_token()?);
    let sealed = ground.keys.seal(SEALED_AS, &serde_json::to_vec(new.data)?)?;
    let now = ground.clock.now();
    let (hash, realm, slug, principal) =
        (sha256_hex(token.as_bytes()), ground.realm, municipality.slug.clone(), new.principal.to_owned());
    ground
        .db
        .write(move |c| {
            diesel::insert_into(sessions::table)
                .values((
                    sessions::token_hash.eq(&hash),
                    sessions::realm.eq(realm.as_str()),
                    sessions::municipality.eq(&slug),
                    sessions::principal.eq(&principal),
                    sessions::sealed.eq(&sealed),
                    sessions::created_at.eq(now),
                    sessions::seen_at.eq(now),
                    sessions::expires_at.eq(now.plus_seconds(ABSOLUTE)),
                ))
                .execute(c)
                .map_err(DbError::from)
        })
        .await?;
    Ok(ground.make_cookie(ground.session_cookie(), token))
}

/// Ends one session, and gives the cookie that clears the browser's.
pub async fn end_session(ground: &Ground, session: &Session) -> Result<Cookie<'static>, AppError> {
    let hash = session.token_hash.clone();
    ground.db.write(move |c| diesel::delete(sessions::table.find(&hash)).execute(c).map_err(DbError::from)).await?;
    let mut cookie = ground.make_cookie(ground.session_cookie(), String::new());
    cookie.make_removal();
    Ok(cookie)
}

/// Ends every session of somebody in one realm: lost device, changed power.
pub fn end_sessions_of(c: &mut Conn, realm: Realm, slug: &MunicipalitySlug, principal: &str) -> Result<usize, DbError> {
    Ok(diesel::delete(
        sessions::table
            .filter(sessions::realm.eq(realm.as_str()))
            .filter(sessions::municipality.eq(slug))
            .filter(sessions::principal.eq(principal)),
    )
    .execute(c)?)
}

/// Removes sessions that are over.
pub fn sweep_sessions(c: &mut Conn, now: At) -> Result<usize, DbError> {
    let over = sessions::expires_at.le(now).or(sessions::seen_at.le(now.plus_seconds(-IDLE)));
    Ok(diesel::delete(sessions::table.filter(over)).execute(c)?)
}
