//! What the kit's portal knows: what it has handed out, what came, and how it is told to misbehave.

use super::Config;
use crate::contract::{CloudEvent, Delivery, DeliveryReceipt, EventOutcome, Positioned};
use crate::vocabulary::{CaseId, Clock, DeliveryId};
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The ledger with its lock, and what every part of the kit needs.
pub struct Stage {
    pub config: Config,
    pub clock: Clock,
    ledger: Mutex<Ledger>,
    changed: tokio::sync::Notify,
}

impl Stage {
    pub fn new(config: Config, clock: Clock) -> Arc<Self> {
        Arc::new(Self { config, clock, ledger: Mutex::default(), changed: tokio::sync::Notify::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the ledger, and wakes whoever waits for a change.
    pub fn write<T>(&self, work: impl FnOnce(&mut Ledger) -> T) -> T {
        let done = work(&mut self.lock());
        self.changed.notify_waiters();
        done
    }

    pub fn read<T>(&self, look: impl FnOnce(&Ledger) -> T) -> T {
        look(&self.lock())
    }

    /// Waits until `look` finds something.
    pub async fn until<T>(&self, patience: Duration, look: impl Fn(&Ledger) -> Option<T>) -> Option<T> {
        let end = Instant::now() + patience;
        loop {
            if let Some(found) = look(&self.lock()) {
                return Some(found);
            }
            if Instant::now() >= end {
                return None;
            }
            // A change between the look and this is seen at the next turn.
            let _ = tokio::time::timeout(Duration::from_millis(50), self.changed.notified()).await;
        }
    }
}

/// Everything that happened.
#[derive(Default)]
pub struct Ledger {
    pub deliveries: BTreeMap<DeliveryId, Handed>,
    pub files: BTreeMap<String, File>,
    /// In the order they came; repeats as well.
    pub events: Vec<Seen>,
    /// Why events were refused that no portal would have taken.
    pub refused: Vec<String>,
    /// What becomes of the next pushes about a case, one after the other; after that they are taken.
    pub plans: BTreeMap<CaseId, VecDeque<Plan>>,
    /// Pushes about these cases are answered with this status until it is taken away.
    pub shut: BTreeMap<CaseId, u16>,
    pub uploads: Vec<Upload>,
    /// Every call of the adapter's that must be signed or bear the token.
    pub calls: Vec<Call>,
    pub feed: Vec<Positioned>,
    /// The feed once answers from this position, whatever was asked for.
    pub rewind: Option<i64>,
    /// From where it was asked for, and up to where it was acknowledged.
    pub feed_reads: Vec<i64>,
    pub acknowledged: Vec<i64>,
}

/// A delivery and what came of it. The adapter's GETs find it in either mode.
pub struct Handed {
    pub body: Bytes,
    pub delivery: Delivery,
    pub pull: Pull,
    /// Receipts in the order they came.
    pub receipts: Vec<DeliveryReceipt>,
    pub failures: Vec<serde_json::Value>,
    pub leases: u32,
    /// So many receipts are answered 503, as if the portal died with the answer.
    pub lose_receipts: u32,
    /// So many receipts are answered 503 while the delivery is offered again, until it is leased anew.
    pub lose_leases: u32,
}

/// Where a delivery stands among those that are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// Pushed, or not offered yet.
    Not,
    Available,
    Leased(Instant),
    Done,
}

/// A document that the adapter may fetch.
pub struct File {
    pub bytes: Bytes,
    pub sha256: String,
    /// So many requests are answered 500.
    pub broken: u32,
    /// So many transfers break off half-way.
    pub cuts: u32,
    pub fetches: Vec<Fetch>,
    /// The last byte has gone out.
    pub is_out: bool,
}

/// One request for a document.
#[derive(Clone, Copy, Debug)]
pub struct Fetch {
    /// The first byte that was asked for.
    pub from: u64,
    pub status: u16,
    /// Bytes that went out.
    pub sent: u64,
}

/// An event that came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: Instant,
    pub webhook_id: String,
    pub event: CloudEvent,
    /// All of it, members the contract does not know included, in one way of writing.
    pub raw: String,
    /// What it was answered.
    pub answer: Answered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Taken(EventOutcome),
    /// This HTTP status.
    Status(u16),
    /// Taken, but the answer never arrived.
    Lost,
}

/// What becomes of a push.
#[derive(Clone, Copy, Debug)]
pub enum Plan {
    Status(u16),
    /// 429 with so many seconds of `Retry-After`.
    TooMany(u32),
    Say(EventOutcome),
    /// 422 as a problem: never to be sent again as it is.
    Refuse,
    /// Taken, and the connection breaks before the answer.
    Lose,
}

/// A file that the adapter handed in.
pub struct Upload {
    pub case: CaseId,
    pub key: String,
    pub document_id: String,
    pub sha256: String,
}

/// How a call of the adapter's proved itself.
#[derive(Clone, Debug)]
pub struct Call {
    pub what: String,
    pub proof: Proof,
    pub traceparent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    Good,
    /// What was wrong with the signature or the token.
    Bad(&'static str),
}

impl Ledger {
    /// Events about a case from the `skip`th that ever came.
    pub fn about<'a>(&'a self, case: &'a CaseId, skip: usize) -> impl Iterator<Item = &'a Seen> {
        self.events.iter().skip(skip).filter(move |seen| seen.event.subject == case.as_str())
    }

    pub fn plan(&mut self, case: &CaseId, plan: impl IntoIterator<Item = Plan>) {
        self.plans.entry(case.clone()).or_default().extend(plan);
    }

    /// The next plan of a case.
    pub fn next_plan(&mut self, case: &CaseId) -> Option<Plan> {
        self.plans.get_mut(case)?.pop_front()
    }
}

impl Handed {
    pub fn new(delivery: Delivery, body: Vec<u8>) -> Self {
        Self {
            body: body.into(),
            delivery,
            pull: Pull::Not,
            receipts: Vec::new(),
            failures: Vec::new(),
            leases: 0,
            lose_receipts: 0,
            lose_leases: 0,
        }
    }
}
