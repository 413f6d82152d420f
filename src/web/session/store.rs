//! All SQL about sessions.

use super::IDLE;
use crate::db::schema::sessions;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, MunicipalitySlug};
use crate::web::Realm;
use diesel::prelude::*;

/// A whole row, to be written.
#[derive(Clone, Insertable)]
#[diesel(table_name = sessions)]
pub(super) struct Row {
    pub token_hash: String,
    pub realm: &'static str,
    pub municipality: MunicipalitySlug,
    pub principal: String,
    pub sealed: Vec<u8>,
    pub created_at: At,
    pub seen_at: At,
    pub expires_at: At,
    pub public_id: String,
    pub issuer: String,
    pub subject_lookup: String,
    pub sid_lookup: String,
    pub acr: String,
    pub level: i32,
    pub auth_at: Option<At>,
    pub method: String,
    pub agent: String,
    pub id_token_sealed: Option<Vec<u8>>,
}

/// What every request reads.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct Known {
    pub principal: String,
    pub sealed: Vec<u8>,
    pub created_at: At,
    pub seen_at: At,
    pub expires_at: At,
    pub public_id: String,
    pub issuer: String,
    pub acr: String,
    pub level: i32,
    pub auth_at: Option<At>,
}

pub(super) fn find(c: &mut Conn, hash: &str, realm: Realm, slug: &MunicipalitySlug) -> Result<Option<Known>, DbError> {
    Ok(sessions::table
        .find(hash)
        .filter(sessions::realm.eq(realm.as_str()))
        .filter(sessions::municipality.eq(slug))
        .select(Known::as_select())
        .first(c)
        .optional()?)
}

pub(super) fn touch(c: &mut Conn, hash: &str, now: At) -> Result<(), DbError> {
    diesel::update(sessions::table.find(hash)).set(sessions::seen_at.eq(now)).execute(c)?;
    Ok(())
}

pub(super) fn insert(c: &mut Conn, row: &Row) -> Result<(), DbError> {
    diesel::insert_into(sessions::table).values(row).execute(c)?;
    Ok(())
}

/// What changes when a session gets a new token.
pub(super) struct Renewed {
    pub token_hash: String,
    pub principal: String,
    pub sealed: Vec<u8>,
    pub seen_at: At,
}

/// The token is the row's key: with another one, the old opens nothing.
pub(super) fn renew(
    c: &mut Conn,
    realm: Realm,
    slug: &MunicipalitySlug,
    old: &str,
    new: &Renewed,
) -> Result<bool, DbError> {
    let row =
        sessions::table.find(old).filter(sessions::realm.eq(realm.as_str())).filter(sessions::municipality.eq(slug));
    let changed = diesel::update(row)
        .set((
            sessions::token_hash.eq(&new.token_hash),
            sessions::principal.eq(&new.principal),
            sessions::sealed.eq(&new.sealed),
            sessions::seen_at.eq(new.seen_at),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

/// The old row makes room for one with a new log-in behind it; its name, begin and end stay.
pub(super) fn prove_again(c: &mut Conn, old: &str, mut row: Row) -> Result<bool, DbError> {
    let kept: Option<(String, At, At)> = diesel::delete(
        sessions::table
            .find(old)
            .filter(sessions::realm.eq(row.realm))
            .filter(sessions::municipality.eq(&row.municipality)),
    )
    .returning((sessions::public_id, sessions::created_at, sessions::expires_at))
    .get_result(c)
    .optional()?;
    let Some((public_id, created_at, expires_at)) = kept else { return Ok(false) };
    (row.public_id, row.created_at, row.expires_at) = (public_id, created_at, expires_at);
    insert(c, &row)?;
    Ok(true)
}

pub(super) fn end(c: &mut Conn, hash: &str) -> Result<(), DbError> {
    diesel::delete(sessions::table.find(hash)).execute(c)?;
    Ok(())
}

pub(super) fn id_token_sealed(c: &mut Conn, hash: &str) -> Result<Option<Vec<u8>>, DbError> {
    let found: Option<Option<Vec<u8>>> =
        sessions::table.find(hash).select(sessions::id_token_sealed).first(c).optional()?;
    Ok(found.flatten())
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Listed {
    /// Its name.
    pub public_id: String,
    /// Whose.
    pub principal: String,
    /// When it began.
    pub created_at: At,
    /// When it was last used, to the minute.
    pub seen_at: At,
    /// With which e-legitimation, as the broker calls it.
    pub method: String,
    /// In which browser, coarsely; may be empty.
    pub agent: String,
}

/// The sessions that are not over, those last used first: of one person, or of everybody in the realm.
pub fn sessions_of(
    c: &mut Conn,
    realm: Realm,
    slug: &MunicipalitySlug,
    principal: Option<&str>,
    now: At,
) -> Result<Vec<Listed>, DbError> {
    let mut open = sessions::table
        .filter(sessions::realm.eq(realm.as_str()))
        .filter(sessions::municipality.eq(slug))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::seen_at.gt(now.plus_seconds(-IDLE)))
        .select(Listed::as_select())
        .into_boxed();
    if let Some(principal) = principal {
        open = open.filter(sessions::principal.eq(principal.to_owned()));
    }
    Ok(open.order(sessions::seen_at.desc()).limit(MOST_LISTED).load(c)?)
}

/// A list is for people.
const MOST_LISTED: i64 = 200;

/// Ends one session of somebody, by its name. False when she has no such session.
pub fn end_session_of(
    c: &mut Conn,
    realm: Realm,
    slug: &MunicipalitySlug,
    principal: &str,
    public_id: &str,
) -> Result<bool, DbError> {
    let one = sessions::table
        .filter(sessions::realm.eq(realm.as_str()))
        .filter(sessions::municipality.eq(slug))
        .filter(sessions::principal.eq(principal))
        .filter(sessions::public_id.eq(public_id));
    Ok(diesel::delete(one).execute(c)? > 0)
}

/// Ends every session of somebody but the one she is in.
pub fn end_other_sessions(
    c: &mut Conn,
    realm: Realm,
    slug: &MunicipalitySlug,
    principal: &str,
    kept: &str,
) -> Result<usize, DbError> {
    let others = sessions::table
        .filter(sessions::realm.eq(realm.as_str()))
        .filter(sessions::municipality.eq(slug))
        .filter(sessions::principal.eq(principal))
        .filter(sessions::public_id.ne(kept));
    Ok(diesel::delete(others).execute(c)?)
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

/// Ends the sessions that rest on a log-in which the broker has ended: by its session when that is told, else all of the
/// person's. Whose they were.
pub fn end_sessions_at_broker(
    c: &mut Conn,
    realm: Realm,
    slug: &MunicipalitySlug,
    subject: Option<&str>,
    sid: Option<&str>,
) -> Result<Vec<String>, DbError> {
    let rows = sessions::table.filter(sessions::realm.eq(realm.as_str())).filter(sessions::municipality.eq(slug));
    match (sid, subject) {
        (Some(sid), Some(subject)) => {
            Ok(diesel::delete(rows.filter(sessions::sid_lookup.eq(sid)).filter(sessions::subject_lookup.eq(subject)))
                .returning(sessions::principal)
                .get_results(c)?)
        }
        (Some(sid), None) => Ok(diesel::delete(rows.filter(sessions::sid_lookup.eq(sid)))
            .returning(sessions::principal)
            .get_results(c)?),
        (None, Some(subject)) => Ok(diesel::delete(rows.filter(sessions::subject_lookup.eq(subject)))
            .returning(sessions::principal)
            .get_results(c)?),
        (None, None) => Ok(Vec::new()),
    }
}

/// Removes sessions that are over.
pub fn sweep_sessions(c: &mut Conn, now: At) -> Result<usize, DbError> {
    let over = sessions::expires_at.le(now).or(sessions::seen_at.le(now.plus_seconds(-IDLE)));
    Ok(diesel::delete(sessions::table.filter(over)).execute(c)?)
}
