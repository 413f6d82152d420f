//! What came from the portal, as it came: the sealed body, and the answer that every repeat of it gets.

use crate::contract::{Delivery, DeliveryReceipt};
use crate::db::schema::received_deliveries as received;
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::settings::{KeyFault, Keys};
use crate::vocabulary::{At, DeliveryId, ErrandId, MunicipalitySlug};
use diesel::prelude::*;

const SEALED_AS: &str = "received_deliveries.body";

/// A stored delivery could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The key it was sealed with is gone, or it was altered.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// It is no delivery any more.
    #[error("a stored delivery does not follow the contract")]
    Body(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Seals a body for [`first_time`].
pub fn seal(keys: &Keys, body: &[u8]) -> Result<Vec<u8>, KeyFault> {
    keys.seal(SEALED_AS, body)
}

/// What is noted before anything else is done with a delivery.
pub struct Arrival<'a> {
    /// Whose.
    pub municipality: &'a MunicipalitySlug,
    /// What came.
    pub delivery: &'a Delivery,
    /// As it came, sealed.
    pub sealed: &'a [u8],
    /// Of the body as it came, hex.
    pub sha256: &'a str,
    /// When it came here.
    pub now: At,
}

/// Notes a delivery in the caller's transaction. `None`: it is new and ours to work on; two at once wait here for each
/// other. Otherwise the digest and the answer of the one that was first.
pub fn first_time(c: &mut Conn, arrival: &Arrival<'_>) -> Result<Option<(String, DeliveryReceipt)>, DbError> {
    let d = arrival.delivery;
    let written = diesel::insert_into(received::table)
        .values((
            received::municipality.eq(arrival.municipality),
            received::id.eq(&d.delivery_id),
            received::kind.eq(d.kind),
            received::case_id.eq(&d.case.id),
            received::body_sealed.eq(arrival.sealed),
            received::body_sha256.eq(arrival.sha256),
            received::receipt.eq("null"),
            received::received_at.eq(arrival.now),
        ))
        .on_conflict_do_nothing()
        .each()
        .execute(c)?;
    if written == 1 {
        return Ok(None);
    }
    let (sha256, receipt): (String, Doc<DeliveryReceipt>) = received::table
        .find((arrival.municipality, &d.delivery_id))
        .select((received::body_sha256, received::receipt))
        .first(c)?;
    Ok(Some((sha256, receipt.0)))
}

/// Stores the answer, in the same transaction.
pub fn answered(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    errand: &ErrandId,
    receipt: &DeliveryReceipt,
) -> Result<(), DbError> {
    diesel::update(received::table.find((municipality, &receipt.delivery_id)))
        .set((received::errand_id.eq(Some(errand)), received::receipt.eq(Doc(receipt.clone()))))
        .execute(c)?;
    Ok(())
}

/// The answer to a delivery of one of these municipalities, when it came here.
pub fn receipt_of(
    c: &mut Conn,
    municipalities: &[MunicipalitySlug],
    id: &DeliveryId,
) -> Result<Option<DeliveryReceipt>, DbError> {
    let row: Option<Doc<DeliveryReceipt>> = received::table
        .filter(received::municipality.eq_any(municipalities))
        .filter(received::id.eq(id))
        .select(received::receipt)
        .first(c)
        .optional()?;
    Ok(row.map(|doc| doc.0))
}

/// A delivery as it came.
pub fn delivery(
    c: &mut Conn,
    keys: &Keys,
    municipality: &MunicipalitySlug,
    id: &DeliveryId,
) -> Result<Delivery, Unreadable> {
    let sealed: Vec<u8> =
        received::table.find((municipality, id)).select(received::body_sealed).first(c).map_err(DbError::from)?;
    Ok(serde_json::from_slice(&keys.open(SEALED_AS, &sealed)?)?)
}
