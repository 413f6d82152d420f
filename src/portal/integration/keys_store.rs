//! All SQL of the keys of receiving systems.

use super::keys::KeyKind;
use crate::db::schema::{access_tokens, receiver_keys};
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, DeliveryId, MunicipalitySlug, TargetSlug};
use diesel::prelude::*;

/// A key without what it opens.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = receiver_keys)]
pub struct ReceiverKey {
    /// Names it; of a client also the `client_id`.
    pub id: String,
    /// Whose.
    pub target: TargetSlug,
    /// What it is for.
    pub kind: KeyKind,
    /// Words divided by spaces.
    pub scopes: String,
    /// When it was made.
    pub created_at: At,
    /// By whom.
    pub created_by: String,
    /// Until when; `None`: until it is revoked.
    pub expires_at: Option<At>,
    /// When it was ended.
    pub revoked_at: Option<At>,
    /// By whom.
    pub revoked_by: Option<String>,
    /// When it was last used, to the hour.
    pub used_at: Option<At>,
}

impl ReceiverKey {
    /// It opens something.
    pub fn is_alive(&self, now: At) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|until| until > now)
    }
}

#[expect(clippy::too_many_arguments, reason = "one row, written in one place")]
pub(super) fn insert(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    kind: KeyKind,
    digest: &str,
    sealed: Option<Vec<u8>>,
    scopes: &str,
    who: &str,
    now: At,
) -> Result<String, DbError> {
    use receiver_keys as k;
    let id = DeliveryId::fresh().to_string();
    diesel::insert_into(k::table)
        .values((
            k::id.eq(&id),
            k::municipality.eq(municipality),
            k::target.eq(target),
            k::kind.eq(kind),
            k::digest.eq(digest),
            k::sealed.eq(sealed),
            k::scopes.eq(scopes),
            k::created_at.eq(now),
            k::created_by.eq(who),
        ))
        .execute(conn)?;
    Ok(id)
}

pub(super) fn revoke(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    id: &str,
    who: &str,
    now: At,
) -> Result<bool, DbError> {
    use {access_tokens as a, receiver_keys as k};
    let alive = k::table.filter(k::id.eq(id)).filter(k::municipality.eq(municipality)).filter(k::revoked_at.is_null());
    let done = diesel::update(alive).set((k::revoked_at.eq(now), k::revoked_by.eq(who))).execute(conn)? == 1;
    if done {
        // What a client was given ends with it.
        diesel::delete(a::table.filter(a::key_id.eq(id))).execute(conn)?;
    }
    Ok(done)
}

pub(super) fn list(conn: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<ReceiverKey>, DbError> {
    use receiver_keys as k;
    Ok(k::table
        .filter(k::municipality.eq(municipality))
        .order(k::id.desc())
        .select(ReceiverKey::as_select())
        .load(conn)?)
}

type SealedSecret = (String, TargetSlug, Option<Vec<u8>>);

pub(super) fn secrets(conn: &mut Conn, municipality: &MunicipalitySlug, now: At) -> Result<Vec<SealedSecret>, DbError> {
    use receiver_keys as k;
    Ok(k::table
        .filter(k::municipality.eq(municipality))
        .filter(k::kind.eq(KeyKind::SecretIn))
        .filter(k::revoked_at.is_null())
        .filter(k::expires_at.is_null().or(k::expires_at.gt(now)))
        .select((k::id, k::target, k::sealed))
        .load(conn)?)
}

type Holder = (TargetSlug, String, String);

pub(super) fn token(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    digest: &str,
    now: At,
) -> Result<Option<Holder>, DbError> {
    use receiver_keys as k;
    Ok(k::table
        .filter(k::municipality.eq(municipality))
        .filter(k::digest.eq(digest))
        .filter(k::kind.eq(KeyKind::Token))
        .filter(k::revoked_at.is_null())
        .filter(k::expires_at.is_null().or(k::expires_at.gt(now)))
        .select((k::target, k::id, k::scopes))
        .first(conn)
        .optional()?)
}

pub(super) fn access_token(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    digest: &str,
    now: At,
) -> Result<Option<Holder>, DbError> {
    use access_tokens as a;
    Ok(a::table
        .filter(a::digest.eq(digest))
        .filter(a::municipality.eq(municipality))
        .filter(a::expires_at.gt(now))
        .select((a::target, a::key_id, a::scopes))
        .first(conn)
        .optional()?)
}

pub(super) fn client(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    id: &str,
    digest: &str,
    now: At,
) -> Result<Option<(TargetSlug, String)>, DbError> {
    use receiver_keys as k;
    Ok(k::table
        .filter(k::id.eq(id))
        .filter(k::municipality.eq(municipality))
        .filter(k::digest.eq(digest))
        .filter(k::kind.eq(KeyKind::Client))
        .filter(k::revoked_at.is_null())
        .filter(k::expires_at.is_null().or(k::expires_at.gt(now)))
        .select((k::target, k::scopes))
        .first(conn)
        .optional()?)
}

/// Keeps a token, and forgets those that are over.
#[expect(clippy::too_many_arguments, reason = "one row, written in one place")]
pub(super) fn keep_access_token(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    target: &TargetSlug,
    key: &str,
    digest: &str,
    scopes: &str,
    now: At,
    until: At,
) -> Result<(), DbError> {
    use access_tokens as a;
    diesel::delete(a::table.filter(a::expires_at.le(now))).execute(conn)?;
    diesel::insert_into(a::table)
        .values((
            a::digest.eq(digest),
            a::municipality.eq(municipality),
            a::target.eq(target),
            a::key_id.eq(key),
            a::scopes.eq(scopes),
            a::expires_at.eq(until),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that a key was used, once an hour: who reads most reads every few seconds.
pub(super) fn note_used(conn: &mut Conn, id: &str, now: At) -> Result<(), DbError> {
    use receiver_keys as k;
    let long_ago = k::used_at.is_null().or(k::used_at.lt(now.plus_seconds(-3600)));
    diesel::update(k::table.filter(k::id.eq(id)).filter(long_ago)).set(k::used_at.eq(now)).execute(conn)?;
    Ok(())
}
