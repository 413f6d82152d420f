//! All SQL of capacities and of the rights behind them.

use super::find::Principal;
use crate::db::schema::{authorities, parties};
use crate::db::{Conn, DbError, EachDsl};
use crate::forms::Actor;
use crate::portal::identity::{Authority, AuthorityKind, AuthoritySource, PrincipalNumber};
use crate::settings::{KeyFault, Keys};
use crate::vocabulary::{At, CaseId, MunicipalitySlug, Organisationsnummer, PartyId};
use crate::word_enum;
use diesel::prelude::*;

const SEALED_AS: &str = "parties.number";
/// How many capacities of hers are offered again.
const MOST: i64 = 20;

word_enum! {
    /// When a right was looked up.
    Moment {
        /// When she chose for whom to act.
        Chosen = "chosen",
        /// When she sent something in.
        Submitted = "submitted",
        /// When she signed.
        Signed = "signed",
    }
}

/// The party of a capacity, made at first use. Whoever signs for an organisation alone shares its party with the others
/// who do; every other capacity is one person's.
pub(super) fn find_or_create(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    actor: &PartyId,
    principal: &Principal,
    now: At,
) -> Result<PartyId, DbError> {
    let number = principal.number.expose();
    let own = match principal.authority.kind {
        AuthorityKind::SignatorySole => None,
        _ => Some(actor),
    };
    let what = match own {
        None => format!("organisation:{number}"),
        Some(actor) => format!("{}:{actor}:{number}", principal.authority.kind.as_str()),
    };
    let key = keys.lookup(&format!("capacities:{municipality}"), &what);
    let sealed = keys.seal(SEALED_AS, number.as_bytes()).map_err(as_db_error)?;
    diesel::insert_into(parties::table)
        .values((
            parties::id.eq(PartyId::fresh()),
            parties::municipality.eq(municipality),
            parties::number_lookup.eq(&key),
            parties::number_sealed.eq(sealed),
            parties::name.eq(&principal.name),
            parties::created_at.eq(now),
            parties::kind.eq(principal.kind.word()),
            parties::actor_party.eq(own),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(conn)?;
    let id: PartyId = parties::table
        .filter(parties::municipality.eq(municipality))
        .filter(parties::number_lookup.eq(&key))
        .select(parties::id)
        .first(conn)?;
    let told = (parties::name.eq(&principal.name), parties::kind.eq(principal.kind.word()));
    diesel::update(parties::table.find(&id)).set(told).execute(conn)?;
    Ok(id)
}

fn as_db_error(e: KeyFault) -> DbError {
    DbError::Diesel(diesel::result::Error::SerializationError(Box::new(e)))
}

/// Writes down that a right was looked up, and what was found.
pub fn record(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    (actor, party): (&PartyId, &PartyId),
    authority: &Authority,
    (moment, case): (Moment, Option<&CaseId>),
    now: At,
) -> Result<(), DbError> {
    let scope = match authority.kind {
        AuthorityKind::MinaOmbud => authority.powers.iter().cloned().collect::<Vec<_>>().join(" "),
        _ => "all".to_owned(),
    };
    diesel::insert_into(authorities::table)
        .values((
            authorities::id.eq(uuid::Uuid::now_v7().to_string()),
            authorities::municipality.eq(municipality),
            authorities::actor_party.eq(actor),
            authorities::party_id.eq(party),
            authorities::kind.eq(authority.kind),
            authorities::mode.eq(if authority.lets_act() { "act" } else { "read" }),
            authorities::scope.eq(scope),
            authorities::source.eq(authority.source),
            authorities::source_ref.eq(&authority.source_ref),
            authorities::moment.eq(moment),
            authorities::case_id.eq(case),
            authorities::verified_at.eq(authority.verified_at),
            authorities::valid_until.eq(authority.valid_until),
            authorities::recorded_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who sent a case in for another.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct SentBy {
    /// Her name as last heard.
    pub name: String,
    /// By what right.
    pub kind: AuthorityKind,
    /// Who said so.
    pub source: AuthoritySource,
    /// When.
    pub verified_at: At,
}

/// Who sent a case in for the party that it belongs to; `None` when that party did it herself.
pub fn sent_by(conn: &mut Conn, municipality: &MunicipalitySlug, case: &CaseId) -> Result<Option<SentBy>, DbError> {
    Ok(authorities::table
        .inner_join(parties::table.on(parties::id.eq(authorities::actor_party)))
        .filter(authorities::municipality.eq(municipality))
        .filter(authorities::case_id.eq(case))
        .filter(authorities::moment.eq(Moment::Submitted))
        .select((parties::name, authorities::kind, authorities::source, authorities::verified_at))
        .first(conn)
        .optional()?)
}

/// An organisation that she has said herself that she acts for.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Its party.
    pub party: PartyId,
    /// What it is.
    pub kind: Actor,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: Organisationsnummer,
}

/// Organisations that she has declared before, newest first: one press instead of writing it again.
pub fn capacities_of(
    conn: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    actor: &PartyId,
) -> Result<Vec<Capacity>, DbError> {
    let declared = authorities::table
        .filter(authorities::party_id.eq(parties::id))
        .filter(authorities::kind.eq(AuthorityKind::Declared));
    let rows: Vec<(PartyId, String, String, Vec<u8>)> = parties::table
        .filter(parties::municipality.eq(municipality))
        .filter(parties::actor_party.eq(actor))
        .filter(diesel::dsl::exists(declared))
        .order(parties::created_at.desc())
        .limit(MOST)
        .select((parties::id, parties::kind, parties::name, parties::number_sealed))
        .load(conn)?;
    let read = |(party, kind, name, sealed): (PartyId, String, String, Vec<u8>)| {
        let kind = [Actor::Company, Actor::Association].into_iter().find(|k| k.word() == kind)?;
        let digits = String::from_utf8(keys.open(SEALED_AS, &sealed).ok()?).ok()?;
        let number = match PrincipalNumber::from_digits(&digits)? {
            PrincipalNumber::Organisation(number) => number,
            PrincipalNumber::Person(_) => return None,
        };
        Some(Capacity { party, kind, name, number })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
