//! Log-ins under way, in the database: bound to a browser and used once.

use crate::db::schema::{login_transactions as tx, logout_tokens};
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::{At, MunicipalitySlug};
use diesel::prelude::*;

/// Log-ins under way in one browser.
const OPEN_PER_BROWSER: i64 = 10;

#[derive(Insertable)]
#[diesel(table_name = tx)]
pub(super) struct Transaction {
    pub state_hash: String,
    pub realm: &'static str,
    pub municipality: MunicipalitySlug,
    pub broker: String,
    pub browser_hash: String,
    pub sealed: Vec<u8>,
    pub created_at: At,
    pub expires_at: At,
}

/// Stores one. False when the browser has too many under way.
pub(super) fn insert(c: &mut Conn, new: &Transaction) -> Result<bool, DbError> {
    let open = tx::table
        .filter(tx::browser_hash.eq(&new.browser_hash))
        .filter(tx::consumed_at.is_null())
        .filter(tx::expires_at.gt(new.created_at))
        .count()
        .get_result::<i64>(c)?;
    if open >= OPEN_PER_BROWSER {
        return Ok(false);
    }
    diesel::insert_into(tx::table).values(new).execute(c)?;
    Ok(true)
}

/// Which one came back.
pub(super) struct Returned {
    pub state_hash: String,
    pub realm: &'static str,
    pub municipality: MunicipalitySlug,
    pub browser_hash: String,
}

/// Uses it up: the broker that it was begun with and its sealed content for the first who asks from the right browser,
/// nothing for everybody else.
pub(super) fn consume(c: &mut Conn, which: &Returned, now: At) -> Result<Option<(String, Vec<u8>)>, DbError> {
    let open = tx::table
        .find(&which.state_hash)
        .filter(tx::realm.eq(which.realm))
        .filter(tx::municipality.eq(&which.municipality))
        .filter(tx::browser_hash.eq(&which.browser_hash))
        .filter(tx::consumed_at.is_null())
        .filter(tx::expires_at.gt(now));
    let spent = diesel::update(open).set(tx::consumed_at.eq(Some(now))).returning((tx::broker, tx::sealed));
    Ok(spent.get_result(c).optional()?)
}

/// Remembers a log-out token until it would be refused anyway. False when it has been seen before.
pub(super) fn spend_logout_token(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    issuer: &str,
    jti: &str,
    expires_at: At,
) -> Result<bool, DbError> {
    let new = diesel::insert_into(logout_tokens::table)
        .values((
            logout_tokens::municipality.eq(municipality),
            logout_tokens::issuer.eq(issuer),
            logout_tokens::jti_hash.eq(jti),
            logout_tokens::expires_at.eq(expires_at),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(c)?;
    Ok(new > 0)
}

/// Removes those that are over.
pub fn sweep_transactions(c: &mut Conn, now: At) -> Result<usize, DbError> {
    diesel::delete(logout_tokens::table.filter(logout_tokens::expires_at.le(now))).execute(c)?;
    Ok(diesel::delete(tx::table.filter(tx::expires_at.le(now))).execute(c)?)
}
