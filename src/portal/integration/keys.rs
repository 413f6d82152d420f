//! Keys that receiving systems are given in administration, beside those of the settings: tokens that read, secrets that
//! sign what they send, and clients that ask for short-lived tokens (OAuth 2.0 client credentials, RFC 6749 4.4). Each may
//! live twice, so that one can be changed for the next without a gap.

use super::keys_store;
use crate::audit;
use crate::contract::{Scope, Secret};
use crate::db::{Conn, DbError};
use crate::settings::{KeyFault, Keys, random_bytes, random_token, sha256_hex};
use crate::vocabulary::{At, MunicipalitySlug, TargetSlug};
use crate::word_enum;

/// Keys of one kind that may be alive at once.
pub const LIVE_AT_ONCE: usize = 2;
/// How long an access token lasts. Seconds.
pub(super) const TOKEN_SECONDS: i64 = 600;
const SEALED_AS: &str = "receiver_keys.sealed";

word_enum! {
    /// What a key is for.
    KeyKind {
        /// Bearer token of questions.
        Token = "token",
        /// Signs what the system sends to the portal.
        SecretIn = "secret_in",
        /// Client id and secret for short-lived tokens.
        Client = "client",
    }
}

pub use keys_store::ReceiverKey;

/// A key that was just made: shown once, and never again.
#[derive(Debug)]
pub struct Issued {
    /// Its id; of a client also the `client_id`.
    pub id: String,
    /// The key itself.
    pub text: String,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum IssueFault {
    /// Two are alive: one must be revoked first.
    #[error("two keys of this kind are alive already")]
    TwoAlive,
    /// Sealing, or no random bytes.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for IssueFault {
    fn from(e: diesel::result::Error) -> Self {
        IssueFault::Db(e.into())
    }
}

/// Makes a key for a system. `who`: the member of staff, for the audit log.
pub fn issue(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    kind: KeyKind,
    who: &str,
    now: At,
) -> Result<Issued, IssueFault> {
    let alive = keys_store::list(conn, municipality)?;
    let alive = alive.iter().filter(|k| k.target == *target && k.kind == kind && k.is_alive(now));
    if alive.count() >= LIVE_AT_ONCE {
        return Err(IssueFault::TwoAlive);
    }
    let (text, sealed) = match kind {
        KeyKind::Token | KeyKind::Client => (random_token()?, None),
        KeyKind::SecretIn => {
            let text = Secret::text(random_bytes()?);
            let sealed = keys.seal(SEALED_AS, text.as_bytes())?;
            (text, Some(sealed))
        }
    };
    let scopes: Vec<&str> = match kind {
        KeyKind::Token => Scope::READING.iter().map(|s| s.as_str()).collect(),
        KeyKind::SecretIn => Vec::new(),
        KeyKind::Client => Scope::ALL.iter().map(|s| s.as_str()).collect(),
    };
    let digest = sha256_hex(text.as_bytes());
    let id = keys_store::insert(conn, municipality, target, kind, &digest, sealed, &scopes.join(" "), who, now)?;
    audit::record(conn, municipality, now, who, "integration.key.issue", &id, &format!("{target} {}", kind.as_str()))?;
    Ok(Issued { id, text })
}

/// Ends a key at once. False when it was not alive.
pub fn revoke(conn: &mut Conn, municipality: &MunicipalitySlug, id: &str, who: &str, now: At) -> Result<bool, DbError> {
    let done = keys_store::revoke(conn, municipality, id, who, now)?;
    if done {
        audit::record(conn, municipality, now, who, "integration.key.revoke", id, "")?;
    }
    Ok(done)
}

/// Every key of a municipality's systems, the newest first, also those that are over.
pub fn list(conn: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<ReceiverKey>, DbError> {
    keys_store::list(conn, municipality)
}

/// Secrets that sign what systems send, of this municipality.
pub(super) fn secrets_in(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    now: At,
) -> Result<Vec<(TargetSlug, String, Secret)>, DbError> {
    let sealed = keys_store::secrets(conn, municipality, now)?;
    Ok(sealed
        .into_iter()
        .filter_map(|(id, target, sealed)| {
            let text = String::from_utf8(keys.open(SEALED_AS, &sealed?).ok()?).ok()?;
            Some((target, id, text.parse().ok()?))
        })
        .collect())
}

/// Whose token this is and what it gives: a static one, or one that a client was given.
pub(super) fn of_token(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    digest: &str,
    now: At,
) -> Result<Option<(TargetSlug, String, Vec<Scope>)>, DbError> {
    let found = match keys_store::token(conn, municipality, digest, now)? {
        Some(found) => Some(found),
        None => keys_store::access_token(conn, municipality, digest, now)?,
    };
    Ok(found.map(|(target, id, scopes)| (target, id, read_scopes(&scopes))))
}

fn read_scopes(text: &str) -> Vec<Scope> {
    text.split_ascii_whitespace().filter_map(|s| s.parse().ok()).collect()
}

/// A short-lived token for a client, with the scopes that it asks for of those it has (all when it asks for none).
/// `None`: no such client, or not its secret.
pub(super) fn grant(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    client_id: &str,
    secret: &str,
    asked: &str,
    token: &str,
    now: At,
) -> Result<Option<Vec<Scope>>, DbError> {
    let digest = sha256_hex(secret.as_bytes());
    let Some((target, has)) = keys_store::client(conn, municipality, client_id, &digest, now)? else { return Ok(None) };
    let has = read_scopes(&has);
    let given: Vec<Scope> = match asked.trim() {
        "" => has,
        asked => read_scopes(asked).into_iter().filter(|s| has.contains(s)).collect(),
    };
    let words: Vec<&str> = given.iter().map(|s| s.as_str()).collect();
    let until = now.plus_seconds(TOKEN_SECONDS);
    let digest = sha256_hex(token.as_bytes());
    keys_store::keep_access_token(conn, municipality, &target, client_id, &digest, &words.join(" "), now, until)?;
    Ok(Some(given))
}
