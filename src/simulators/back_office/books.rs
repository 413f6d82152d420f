//! What the back office keeps.

use super::journal::{Journal, Line};
use crate::contract::{CloudEvent, DeliveryReceipt, EventData, TYPE_PREFIX, sequence_text};
use crate::vocabulary::{At, CaseId, DeliveryId};
use std::collections::BTreeMap;
use std::time::Instant;

#[derive(Default)]
pub(super) struct Books {
    pub deliveries: BTreeMap<DeliveryId, Entry>,
    pub errands: Vec<Errand>,
    pub outbox: Vec<Letter>,
    pub files: Vec<Wanted>,
    /// So many errands and events there have been.
    pub count: u64,
    pub journal: Journal,
}

/// A delivery that was taken in.
pub(super) struct Entry {
    pub sha256: String,
    pub external: String,
    pub receipt: DeliveryReceipt,
    /// When what was only accepted is registered.
    pub due: Option<Instant>,
}

pub(super) struct Errand {
    pub external: String,
    pub diary_number: String,
    pub case: CaseId,
    /// The portal that it came from.
    pub portal: String,
    pub received_at: At,
    pub appeal_regime: String,
    pub sequence: u64,
    pub supplement: Option<String>,
}

/// An event on its way.
pub(super) struct Letter {
    pub id: String,
    pub portal: String,
    pub external: String,
    pub body: String,
    pub attempts: u32,
    pub due: Instant,
    pub state: Post,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Post {
    Waiting,
    Delivered,
    Rejected,
    GivenUp,
}

/// A document that is being fetched.
pub(super) struct Wanted {
    pub id: String,
    pub href: String,
    pub size: u64,
    pub sha256: String,
    /// Bytes that have come, and the digest over them.
    pub got: u64,
    pub digest: ring::digest::Context,
    pub etag: Option<String>,
    pub due: Instant,
    pub done: bool,
}

impl Books {
    pub fn errand(&mut self, external: &str) -> Option<&mut Errand> {
        self.errands.iter_mut().find(|e| e.external == external)
    }

    /// Puts an event of an errand into the outbox. `backwards`: with a sequence that goes down.
    pub fn announce(&mut self, external: &str, data: &EventData, now: At, backwards: bool) -> Option<()> {
        self.count += 1;
        let id = format!("castor-evt-{}", self.count);
        let errand = self.errand(external)?;
        errand.sequence += 1;
        let sequence = if backwards { 1_000 - errand.sequence } else { errand.sequence };
        let event = CloudEvent {
            specversion: "1.0".into(),
            id: id.clone(),
            source: format!("urn:kommunportal:system:castor-lik:case:{}", errand.external),
            kind: format!("{TYPE_PREFIX}{}", data.name()),
            subject: errand.case.to_string(),
            time: now,
            timeprecision: None,
            sequence: Some(sequence_text(sequence)),
            replay: false,
            datacontenttype: Some("application/json".into()),
            data: data.to_value().ok()?,
        };
        let (portal, external) = (errand.portal.clone(), errand.external.clone());
        let body = serde_json::to_string(&event).ok()?;
        let line =
            Line::Event { id: id.clone(), portal: portal.clone(), external: external.clone(), body: body.clone() };
        self.journal.keep(&line).ok()?;
        self.outbox.push(Letter { id, portal, external, body, attempts: 0, due: Instant::now(), state: Post::Waiting });
        Some(())
    }

    /// As on its first day.
    pub fn forget(&mut self) -> Option<()> {
        let mut journal = std::mem::take(&mut self.journal);
        let emptied = journal.empty();
        *self = Books { journal, ..Books::default() };
        emptied.ok()
    }
}
