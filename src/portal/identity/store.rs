//! All SQL about parties.

use crate::db::schema::{parties, party_settings};
use crate::db::{Conn, DbError, EachDsl};
use crate::settings::{KeyFault, Keys};
use crate::vocabulary::{At, MunicipalitySlug, PartyId, Personnummer, PhoneNumber};
use diesel::prelude::*;

const SEALED_AS: &str = "parties.number";

fn lookup(keys: &Keys, municipality: &MunicipalitySlug, number: &Personnummer) -> String {
    keys.lookup(&format!("parties:{municipality}"), number.expose())
}

/// The party with this number, made at first sight. Two log-ins at once give one party.
pub(super) fn find_or_create(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    number: &Personnummer,
    name: &str,
    now: At,
) -> Result<PartyId, DbError> {
    let key = lookup(keys, municipality, number);
    let sealed = keys.seal(SEALED_AS, number.expose().as_bytes()).map_err(as_db_error)?;
    diesel::insert_into(parties::table)
        .values((
            parties::id.eq(PartyId::fresh()),
            parties::municipality.eq(municipality),
            parties::number_lookup.eq(&key),
            parties::number_sealed.eq(sealed),
            parties::name.eq(name),
            parties::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    let id: PartyId = parties::table
        .filter(parties::municipality.eq(municipality))
        .filter(parties::number_lookup.eq(&key))
        .select(parties::id)
        .first(conn)?;
    if !name.is_empty() {
        diesel::update(parties::table.find(&id)).set(parties::name.eq(name)).execute(conn)?;
    }
    Ok(id)
}

fn as_db_error(e: KeyFault) -> DbError {
    DbError::Diesel(diesel::result::Error::SerializationError(Box::new(e)))
}

/// Her number, opened.
pub fn number_of(conn: &mut Conn, keys: &Keys, party: &PartyId) -> Result<Personnummer, DbError> {
    let sealed: Vec<u8> = parties::table.find(party).select(parties::number_sealed).first(conn)?;
    let plain = keys.open(SEALED_AS, &sealed).map_err(as_db_error)?;
    let text = String::from_utf8_lossy(&plain);
    Personnummer::from_canonical(&text)
        .map_err(|e| DbError::Diesel(diesel::result::Error::DeserializationError(Box::new(e))))
}

/// Her name as last heard.
pub fn name_of(conn: &mut Conn, party: &PartyId) -> Result<String, DbError> {
    Ok(parties::table.find(party).select(parties::name).first(conn)?)
}

/// How she wants to be reached. Her own words, never from a register.
#[derive(Clone, Debug, Default, PartialEq, Queryable)]
pub struct Reach {
    /// Where receipts and notices go.
    pub email: Option<String>,
    /// For the handler's questions.
    pub phone: Option<String>,
    /// `mina-sidor` or `brev`.
    pub channel: String,
    /// When her address was refused for good; cleared when she gives another.
    pub email_refused_at: Option<At>,
    /// When she last changed it.
    pub updated_at: Option<At>,
}

impl Reach {
    /// Her telephone number as people write it; empty when she gave none.
    pub fn phone_shown(&self) -> String {
        let phone = self.phone.as_deref().unwrap_or_default();
        phone.parse::<PhoneNumber>().map_or_else(|_| phone.to_owned(), |p| p.shown())
    }
}

/// What she has told, if anything.
pub fn reach_of(conn: &mut Conn, party: &PartyId) -> Result<Option<Reach>, DbError> {
    Ok(party_settings::table
        .find(party)
        .select((
            party_settings::email,
            party_settings::phone,
            party_settings::channel,
            party_settings::email_refused_at,
            party_settings::updated_at.nullable(),
        ))
        .first(conn)
        .optional()?)
}

/// Keeps what she told. A new address is given the benefit of the doubt.
pub fn set_reach(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    party: &PartyId,
    reach: &Reach,
    now: At,
) -> Result<(), DbError> {
    let before = reach_of(conn, party)?;
    let refused = before.filter(|b| b.email == reach.email).and_then(|b| b.email_refused_at);
    let values = (
        party_settings::email.eq(&reach.email),
        party_settings::phone.eq(&reach.phone),
        party_settings::channel.eq(&reach.channel),
        party_settings::email_refused_at.eq(refused),
        party_settings::updated_at.eq(now),
    );
    diesel::insert_into(party_settings::table)
        .values((party_settings::party_id.eq(party), party_settings::municipality.eq(municipality), values))
        .on_conflict(party_settings::party_id)
        .do_update()
        .set(values)
        .each()
        .execute(conn)?;
    Ok(())
}

/// A mail server has refused her address for good: Mina sidor tells her.
pub fn mark_email_refused(conn: &mut Conn, party: &PartyId, email: &str, now: At) -> Result<(), DbError> {
    diesel::update(party_settings::table.find(party).filter(party_settings::email.eq(email)))
        .set(party_settings::email_refused_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}
