//! All SQL of the register's cache. Sealed answers only; a fault of its own is a miss, not an error.

use super::lookup::{Cache, Vault};
use crate::db::schema::registry_cache as cache;
use crate::db::{Conn, Db, DbError, EachDsl};
use crate::settings::{Keys, sha256_hex};
use crate::vocabulary::{At, Personnummer};
use diesel::prelude::*;

/// The database that every process shares.
pub struct DbCache(pub Db);

/// The installation's keys, as this slice asks for them.
pub struct KeyVault(pub Keys);

fn text_key(number_lookup: &[u8]) -> String {
    String::from_utf8_lossy(number_lookup).into_owned()
}

impl Cache for DbCache {
    async fn get(&self, municipality: &str, number_lookup: &[u8]) -> Option<Vec<u8>> {
        let (municipality, key) = (municipality.to_owned(), text_key(number_lookup));
        let found = self.0.read(move |c| {
            let row = cache::table.find((municipality, key)).select(cache::sealed).first(c).optional();
            row.map_err(DbError::from)
        });
        found.await.inspect_err(|e| tracing::warn!(error = %e, "the register's cache could not be read")).ok().flatten()
    }

    async fn put(&self, municipality: &str, number_lookup: &[u8], sealed: Vec<u8>, fetched_at: At, expires_at: At) {
        let (municipality, key) = (municipality.to_owned(), text_key(number_lookup));
        let put = self.0.write(move |c| {
            let values =
                (cache::sealed.eq(&sealed), cache::fetched_at.eq(fetched_at), cache::expires_at.eq(expires_at));
            diesel::insert_into(cache::table)
                .values((cache::municipality.eq(&municipality), cache::number_lookup.eq(&key), values))
                .on_conflict((cache::municipality, cache::number_lookup))
                .do_update()
                .set(values)
                .each()
                .execute(c)
                .map_err(DbError::from)
        });
        if let Err(e) = put.await {
            tracing::warn!(error = %e, "the register's cache could not be written");
        }
    }
}

impl Vault for KeyVault {
    fn number_lookup(&self, municipality: &str, number: &Personnummer) -> Vec<u8> {
        self.0.lookup(&format!("registry_cache:{municipality}"), number.expose()).into_bytes()
    }

    fn seal(&self, plain: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        self.0.seal(&place(bound_to), plain).ok()
    }

    fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        self.0.open(&place(bound_to), sealed).ok()
    }
}

fn place(bound_to: &[u8]) -> String {
    format!("registry_cache:{}", sha256_hex(bound_to))
}

/// Removes answers that are over.
pub fn sweep_registry_cache(c: &mut Conn, now: At) -> Result<usize, DbError> {
    Ok(diesel::delete(cache::table.filter(cache::expires_at.le(now))).execute(c)?)
}
