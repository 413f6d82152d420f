//! All SQL about parties.

use crate::db::schema::{broker_subjects, parties, party_settings};
use crate::db::{Conn, DbError, EachDsl};
use crate::settings::{KeyFault, Keys};
use crate::vocabulary::{At, MunicipalitySlug, PartyId, Personnummer, PhoneNumber};
use diesel::prelude::*;

const SEALED_AS: &str = "parties.number";

/// What an account is found by.
pub(in crate::portal) enum KnownBy {
    /// A Swedish number; also the samordningsnummer that she had before it.
    Number { number: Personnummer, previous: Option<Personnummer> },
    /// A foreign identity; with `this_time` not empty, of this log-in alone.
    Prid { prid: String, this_time: String },
}

impl KnownBy {
    /// What is hashed; a prid has letters, so that it is never a number.
    fn key(&self) -> String {
        match self {
            KnownBy::Number { number, .. } => number.expose().to_owned(),
            KnownBy::Prid { prid, this_time } if this_time.is_empty() => prid.clone(),
            KnownBy::Prid { prid, this_time } => format!("{prid} {this_time}"),
        }
    }

    fn plain(&self) -> &str {
        match self {
            KnownBy::Number { number, .. } => number.expose(),
            KnownBy::Prid { prid, .. } => prid,
        }
    }
}

fn lookup(keys: &Keys, municipality: &MunicipalitySlug, key: &str) -> String {
    keys.lookup(&format!("parties:{municipality}"), key)
}

/// The party with this key, made at first sight. Two log-ins at once give one party.
pub(in crate::portal) fn find_or_create(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    known_by: &KnownBy,
    name: &str,
    now: At,
) -> Result<PartyId, DbError> {
    let key = lookup(keys, municipality, &known_by.key());
    let sealed = keys.seal(SEALED_AS, known_by.plain().as_bytes()).map_err(as_db_error)?;
    if let KnownBy::Number { previous: Some(previous), .. } = known_by {
        let before = lookup(keys, municipality, previous.expose());
        take_new_number(conn, municipality, &before, (&key, &sealed))?;
    }
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

/// How a broker named somebody at a log-in.
pub(super) struct Seen {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) number: Personnummer,
    /// The number that she had before, when the broker tells.
    pub(super) previous: Option<Personnummer>,
}

/// A name that has not been used for so long may stand for somebody else.
const SUBJECT_DAYS: i64 = 400;

/// Whether the broker's name for her stands for the number that it stood for before; a new name is taken on trust, and one
/// may follow from the earlier number to hers.
pub(super) fn recognise(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    seen: &Seen,
    now: At,
) -> Result<bool, DbError> {
    let subject = keys.lookup(&format!("subjects:{municipality}"), &format!("{} {}", seen.issuer, seen.subject));
    let number = lookup(keys, municipality, seen.number.expose());
    let new = (
        broker_subjects::municipality.eq(municipality),
        broker_subjects::subject_lookup.eq(&subject),
        broker_subjects::number_lookup.eq(&number),
        broker_subjects::seen_at.eq(now),
    );
    diesel::insert_into(broker_subjects::table).values(new).on_conflict_do_nothing().each().execute(conn)?;
    let row = broker_subjects::table
        .filter(broker_subjects::municipality.eq(municipality))
        .filter(broker_subjects::subject_lookup.eq(&subject));
    let known: String = row.select(broker_subjects::number_lookup).first(conn)?;
    let earlier = seen.previous.as_ref().map(|previous| lookup(keys, municipality, previous.expose()));
    if known != number && earlier != Some(known) {
        return Ok(false);
    }
    let values = (broker_subjects::number_lookup.eq(&number), broker_subjects::seen_at.eq(now));
    diesel::update(row).set(values).execute(conn)?;
    Ok(true)
}

/// Forgets names that nobody has logged in by for long.
pub fn sweep_subjects(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    let old = broker_subjects::table.filter(broker_subjects::seen_at.lt(now.plus_days(-SUBJECT_DAYS)));
    Ok(diesel::delete(old).execute(conn)?)
}

/// Who had a samordningsnummer and is now folkbokförd keeps what she has: the account takes the new number, unless there
/// is one by that number already.
fn take_new_number(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    before: &str,
    (key, sealed): (&str, &[u8]),
) -> Result<(), DbError> {
    let of = |lookup: &str| {
        let lookup = lookup.to_owned();
        parties::table.filter(parties::municipality.eq(municipality)).filter(parties::number_lookup.eq(lookup))
    };
    if diesel::select(diesel::dsl::exists(of(key))).get_result(conn)? {
        return Ok(());
    }
    diesel::update(of(before))
        .set((parties::number_lookup.eq(key), parties::number_sealed.eq(sealed)))
        .execute(conn)?;
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::testing::{databases, keys, morning, municipality};

    #[test]
    fn a_brokers_name_for_somebody_stands_for_one_number_and_follows_her_to_the_next() {
        let number = |text: &str| Personnummer::from_canonical(text).unwrap();
        let (first, second, third) = (number("198502862397"), number("199001012385"), number("199008252398"));
        for db in databases() {
            let mut conn = db.conn();
            let mut comes = |issuer: &str, now: &Personnummer, previous: Option<&Personnummer>, at: At| {
                let seen = Seen {
                    issuer: issuer.into(),
                    subject: "f3c1b9e2".into(),
                    number: now.clone(),
                    previous: previous.cloned(),
                };
                recognise(&mut conn, &keys(), &municipality(), &seen, at).unwrap()
            };
            let now = morning();
            assert!(comes("https://a.example", &first, None, now));
            assert!(comes("https://a.example", &first, None, now), "she comes back");
            assert!(!comes("https://a.example", &second, None, now), "another number under her name");
            assert!(!comes("https://a.example", &second, Some(&third), now), "linked to somebody else's");
            assert!(comes("https://a.example", &first, None, now), "nothing has changed for her");
            assert!(comes("https://a.example", &second, Some(&first), now), "her new number follows from the old one");
            assert!(!comes("https://a.example", &first, None, now), "and has taken its place");
            assert!(comes("https://b.example", &third, None, now), "another broker's name is another name");
            assert_eq!(sweep_subjects(&mut conn, now.plus_days(SUBJECT_DAYS)).unwrap(), 0);
            assert_eq!(sweep_subjects(&mut conn, now.plus_days(SUBJECT_DAYS + 1)).unwrap(), 2);
        }
    }

    fn number(text: &str) -> Personnummer {
        Personnummer::from_canonical(text).unwrap()
    }

    fn account(conn: &mut Conn, known_by: &KnownBy) -> PartyId {
        find_or_create(conn, &keys(), &municipality(), known_by, "Tora", morning()).unwrap()
    }

    #[test]
    fn an_account_is_a_number_or_a_lasting_foreign_identity_and_what_does_not_last_is_new_each_time() {
        std::thread::spawn(|| {
            for database in databases() {
                let conn = &mut database.conn();
                let prid =
                    |this_time: &str| KnownBy::Prid { prid: "NO:05068907693".into(), this_time: this_time.into() };
                let by_number = KnownBy::Number { number: number("199001012385"), previous: None };
                assert_eq!(account(conn, &by_number), account(conn, &by_number));
                let lasting = account(conn, &prid(""));
                assert_eq!(lasting, account(conn, &prid("")));
                assert_ne!(lasting, account(conn, &by_number));
                let (once, again) = (account(conn, &prid("a")), account(conn, &prid("b")));
                assert!(once != again && once != lasting);
            }
        })
        .join()
        .unwrap();
    }

    #[test]
    fn who_is_given_a_personnummer_keeps_what_she_had_with_her_samordningsnummer() {
        std::thread::spawn(|| {
            for database in databases() {
                let conn = &mut database.conn();
                let before = KnownBy::Number { number: number("198502862397"), previous: None };
                let now = KnownBy::Number { number: number("199001012385"), previous: Some(number("198502862397")) };
                let old = account(conn, &before);
                assert_eq!(account(conn, &now), old);
                assert_eq!(number_of(conn, &keys(), &old).unwrap(), number("199001012385"));
                // Somebody who has an account by the new number already keeps that one.
                let other = account(conn, &before);
                assert_ne!(other, old);
                assert_eq!(account(conn, &now), old);
            }
        })
        .join()
        .unwrap();
    }
}
