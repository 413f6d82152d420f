//! All SQL of signatures under way.

use crate::db::schema::signings;
use crate::db::{Conn, DbError};
use crate::vocabulary::{At, DraftId, MunicipalitySlug, PartyId, Reference, SignerId, SigningId};
use diesel::prelude::*;

/// Somebody is at the broker to sign.
#[derive(Insertable, Queryable)]
#[diesel(table_name = signings)]
pub(super) struct Signing {
    pub id: SigningId,
    pub municipality: MunicipalitySlug,
    pub party_id: PartyId,
    /// What she sends in; else `signer_id` says what she signs with others.
    pub draft_id: Option<DraftId>,
    pub signer_id: Option<SignerId>,
    pub reference: Reference,
    /// Of what the draft held; empty for a signer.
    pub answers_sha256: String,
    pub sha256: String,
    pub tbs_sealed: Vec<u8>,
    pub content_sealed: Vec<u8>,
    pub created_at: At,
    pub expires_at: At,
}

pub(super) fn insert(conn: &mut Conn, signing: &Signing) -> Result<(), DbError> {
    diesel::insert_into(signings::table).values(signing).execute(conn)?;
    Ok(())
}

/// Takes it out: each counts once, for the person it was begun by.
pub(super) fn take(
    conn: &mut Conn,
    municipality: &MunicipalitySlug,
    party: &PartyId,
    id: &SigningId,
    now: At,
) -> Result<Option<Signing>, DbError> {
    let open = signings::table
        .find(id)
        .filter(signings::municipality.eq(municipality))
        .filter(signings::party_id.eq(party))
        .filter(signings::expires_at.gt(now));
    Ok(diesel::delete(open).returning(signings::all_columns).get_result(conn).optional()?)
}

pub(super) fn sweep(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    Ok(diesel::delete(signings::table.filter(signings::expires_at.le(now))).execute(conn)?)
}
