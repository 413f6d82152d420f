//! What a receiver is handed: the sealed body, and all that an adapter may need beside it.

use super::store;
use crate::contract::{Delivery, DeliveryKind, DeliveryReceipt, ReceiptState};
use crate::db::{Db, DbError};
use crate::files::{BlobError, BlobStore, StoredBlob};
use crate::jobs::{self, NewJob};
use crate::portal::cases::{self, CaseDocument};
use crate::vocabulary::{At, CaseId, DeliveryId, MunicipalitySlug};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Where a delivery was first sent: kept, so that what may have arrived there is asked for there and not where the settings
/// point by then. No secrets: proofs of identity are always the present ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// How the target was spoken to.
    pub kind: String,
    /// Its root.
    #[serde(default)]
    pub url: Option<String>,
    /// The case type that was asked for.
    pub case_type: String,
    /// The unit that was asked for.
    pub unit: String,
}

/// A delivery on its way.
pub struct Parcel {
    /// Also the idempotency key.
    pub id: DeliveryId,
    /// What it is.
    pub kind: DeliveryKind,
    /// Byte for byte the same on every attempt.
    pub body: Vec<u8>,
    /// When this attempt began.
    pub now: At,
    /// Where it is from.
    pub around: Around,
}

impl Parcel {
    /// What the body says.
    pub fn delivery(&self) -> Result<Delivery, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// What became of a delivery?
pub struct Question {
    /// Which.
    pub id: DeliveryId,
    /// The root that it was sent to, when that is not the target's any more.
    pub root: Option<String>,
    /// When it is asked.
    pub now: At,
    /// Where it is from.
    pub around: Around,
}

/// The portal's own keeping around one delivery.
#[derive(Clone)]
pub struct Around {
    /// The portal's database.
    pub db: Db,
    /// The portal's files.
    pub blobs: Arc<BlobStore>,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// Of which case.
    pub case: CaseId,
    /// Which delivery.
    pub delivery: DeliveryId,
}

impl Around {
    /// The files that a body names, in its order.
    pub async fn documents(&self, delivery: &Delivery) -> Result<Vec<CaseDocument>, DbError> {
        let case = self.case.clone();
        let all = self.db.read(move |c| cases::documents(c, &case)).await?;
        let named = |id: &str| all.iter().find(|d| d.id.as_str() == id).cloned();
        Ok(delivery.documents.iter().filter_map(|d| named(&d.document_id)).collect())
    }

    /// One file in pieces; a wrong digest is told in place of the end.
    pub async fn stream(
        &self,
        document: &CaseDocument,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        self.blobs.stream(&blob(document)?).await
    }

    /// One file.
    pub async fn bytes(&self, document: &CaseDocument) -> Result<Bytes, BlobError> {
        self.blobs.read(&blob(document)?).await
    }

    /// How far the adapter had come.
    pub async fn progress(&self) -> Result<Option<Value>, DbError> {
        let id = self.delivery.clone();
        self.db.read(move |c| store::progress(c, &id)).await
    }

    /// Keeps how far the adapter has come, before it goes on.
    pub async fn keep(&self, progress: Value) -> Result<(), DbError> {
        let id = self.delivery.clone();
        self.db.write(move |c| store::keep_progress(c, &id, &progress)).await
    }

    /// Enqueues a letter; the same for the same delivery and kind is there once.
    pub async fn letter(&self, kind: &'static str, payload: Value, now: At) -> Result<(), DbError> {
        let (municipality, dedupe) = (self.municipality.clone(), self.delivery.to_string());
        let write = self.db.write(move |c| {
            let job = NewJob {
                municipality: &municipality,
                kind,
                dedupe: Some(dedupe.clone()),
                payload: payload.clone(),
                due: now,
            };
            jobs::enqueue(c, job, now)
        });
        write.await
    }
}

fn blob(document: &CaseDocument) -> Result<StoredBlob, BlobError> {
    Ok(StoredBlob {
        key: document.blob_key.parse().map_err(|_| BlobError::Missing)?,
        size: u64::try_from(document.size).unwrap_or_default(),
        sha256: document.sha256.clone(),
    })
}

/// Taken, to be registered later.
pub(super) fn accepted(id: &DeliveryId) -> DeliveryReceipt {
    DeliveryReceipt {
        delivery_id: id.clone(),
        state: ReceiptState::Accepted,
        registered_at: None,
        external_case_id: None,
        diary_number: None,
        case_type: None,
        unit: None,
        handler: None,
        status: None,
        document_numbers: Default::default(),
        warnings: Vec::new(),
    }
}
