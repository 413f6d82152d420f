//! Registering a delivery, once.

use crate::contract::{Delivery, DeliveryKind, DeliveryReceipt};
use crate::db::{Conn, DbError};
use crate::desk::decisions;
use crate::desk::errands::{self, Catalogue, ErrandFault, Registration};
use crate::desk::received::{self, Arrival};
use crate::vocabulary::{At, MunicipalitySlug};

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// Registered now.
    New(DeliveryReceipt),
    /// Known, with the same body: the answer that it got then.
    Repeat(DeliveryReceipt),
}

/// Why a delivery is not registered. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The key was used with another body.
    #[error("the key was used with another body")]
    KeyReused,
    /// Another delivery has registered this case.
    #[error("the case is registered by another delivery")]
    RegisteredAlready,
    /// The case is not registered here yet. The portal hands over a case's deliveries in order, so the submission may
    /// still be under way: the same delivery may be taken a little later, which a plain "not found" would not tell.
    #[error("the case is not registered yet")]
    CaseUnknown,
    /// It could not be done now.
    #[error(transparent)]
    Errand(#[from] ErrandFault),
}

impl From<DbError> for Refused {
    fn from(e: DbError) -> Self {
        Refused::Errand(e.into())
    }
}

/// Registers a delivery in the caller's unit of work: first the key with the digest of the body, then the errand with its
/// number, then the answer. `sealed` is the body as it came.
pub fn receive(
    c: &mut Conn,
    catalogue: &Catalogue,
    municipality: &MunicipalitySlug,
    delivery: &Delivery,
    (sealed, sha256): (&[u8], &str),
    now: At,
) -> Result<Received, Refused> {
    if let Some((known, receipt)) = received::first_time(c, &Arrival { municipality, delivery, sealed, sha256, now })? {
        return if known == sha256 { Ok(Received::Repeat(receipt)) } else { Err(Refused::KeyReused) };
    }
    let registration = Registration { catalogue, municipality, delivery, now };
    let errand = errands::find_by_case(c, municipality, &delivery.case.id)?;
    let (errand, receipt) = match (delivery.kind, errand) {
        (DeliveryKind::Submission, None) => errands::register(c, &registration)?,
        (DeliveryKind::Submission, Some(_)) => return Err(Refused::RegisteredAlready),
        (_, None) => return Err(Refused::CaseUnknown),
        (_, Some(errand)) => {
            let receipt = errands::attach(c, &registration, &errand)?;
            if delivery.kind == DeliveryKind::Appeal {
                let errand = errands::find(c, municipality, &errand.id)?.ok_or(ErrandFault::NotFound)?;
                decisions::appeal_came(c, catalogue, &errand, delivery, now)?;
            }
            (errand.id, receipt)
        }
    };
    received::answered(c, municipality, &errand, &receipt)?;
    Ok(Received::New(receipt))
}
