//! From the bytes of a delivery to the answer, however they came here: handed in, or fetched.

use super::check::{self, Checked, Fault};
use super::{Received, Refused, receive};
use crate::contract::ProblemCode;
use crate::db::{Db, DbError};
use crate::desk::Desk;
use crate::desk::errands::{Catalogue, ErrandFault};
use crate::desk::received;
use crate::municipalities::Municipalities;
use crate::settings::{Keys, Settings, sha256_hex};
use crate::vocabulary::{Clock, MunicipalitySlug};
use std::sync::Arc;

/// What registering takes.
#[derive(Clone)]
pub struct Intake {
    db: Db,
    clock: Clock,
    keys: Keys,
    settings: Arc<Settings>,
    municipalities: Municipalities,
    catalogue: Arc<Catalogue>,
}

impl Intake {
    /// The desk's own.
    pub fn of(desk: &Desk) -> Self {
        Self {
            db: desk.db.clone(),
            clock: desk.clock.clone(),
            keys: desk.keys.clone(),
            settings: desk.settings.clone(),
            municipalities: desk.municipalities.clone(),
            catalogue: desk.catalogue.clone(),
        }
    }

    /// Checks and registers a body that is `allowed`'s word, in one unit of work.
    pub async fn register(
        &self,
        body: &[u8],
        webhook_id: &str,
        allowed: &[MunicipalitySlug],
    ) -> Result<Received, Fault> {
        let now = self.clock.now();
        let portal = &self.settings.portal.public_url;
        let Checked { delivery, municipality } =
            check::check(body, webhook_id, allowed, &self.municipalities, portal, now)?;
        let sha256 = sha256_hex(body);
        let sealed = received::seal(&self.keys, body).map_err(|e| {
            tracing::error!(error = %e, "a delivery could not be sealed");
            (ProblemCode::InternalError, String::new())
        })?;
        let (catalogue, slug) = (self.catalogue.clone(), municipality.slug.clone());
        let work = move |c: &mut _| receive(c, &catalogue, &slug, &delivery, (&sealed, &sha256), now);
        self.db.write_grouped(work).await.map_err(refused)
    }
}

fn refused(e: Refused) -> Fault {
    match e {
        Refused::KeyReused => (ProblemCode::IdempotencyKeyReused, "the body differs from the first".into()),
        Refused::RegisteredAlready => (ProblemCode::SchemaViolation, e.to_string()),
        Refused::CaseUnknown => (ProblemCode::RequestInProgress, e.to_string()),
        Refused::Errand(e) => registering(e),
    }
}

/// What a fault of a unit of work is to the caller.
pub(super) fn registering(e: ErrandFault) -> Fault {
    match e {
        ErrandFault::Db(DbError::Full | DbError::Unreachable) => (ProblemCode::TemporarilyUnavailable, String::new()),
        e => {
            tracing::error!(error = %e, "what the portal sent could not be registered");
            (ProblemCode::InternalError, String::new())
        }
    }
}
