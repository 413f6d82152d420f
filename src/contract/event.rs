//! What comes back from a receiver: CloudEvents 1.0 in structured JSON, `POST /integration/v1/case-events`.
//! State events are snapshots with a per-case sequence, so that applying them is idempotent and order does not matter;
//! additive events are keyed on their own id.

use super::{HandlerRef, Outcome, Problem, UnitRef};
use crate::vocabulary::{At, DeliveryId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Prefix of every event type.
pub const TYPE_PREFIX: &str = "se.kommunportal.case.";
/// Media type of one event.
pub const ONE: &str = "application/cloudevents+json";
/// Media type of several (at most [`BATCH_LIMIT`]).
pub const BATCH: &str = "application/cloudevents-batch+json";
/// Events in one batch.
pub const BATCH_LIMIT: usize = 100;
/// Bytes in one push.
pub const EVENTS_BODY_LIMIT: usize = 256 * 1024;

/// The envelope. `source` names the case at the sender; uniqueness is `source` + `id`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CloudEvent {
    /// `1.0`.
    pub specversion: String,
    /// The sender's id of the event.
    pub id: String,
    /// `urn:kommunportal:system:castor:case:…`.
    pub source: String,
    /// `se.kommunportal.case.status_changed` and the like.
    #[serde(rename = "type")]
    pub kind: String,
    /// The portal's case id.
    pub subject: String,
    /// When it happened; shown to the resident.
    pub time: At,
    /// Per-case counter of the sender, twenty digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<String>,
    /// True: apply, but notify nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replay: bool,
    /// `application/json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<String>,
    /// By type; see [`EventData`].
    pub data: Value,
}

/// A sequence as CloudEvents compares it: twenty digits.
pub fn sequence_text(n: u64) -> String {
    format!("{n:020}")
}

/// The number in a sequence, `None` when it is not 1–20 digits.
pub fn sequence_number(text: &str) -> Option<u64> {
    ((1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// What happened, by the type's last part.
#[derive(Clone, Debug, PartialEq)]
pub enum EventData {
    Registered(Registered),
    StatusChanged(StatusChanged),
    HandlerAssigned(HandlerAssigned),
    MessageSent(MessageSent),
    DocumentPublished(DocumentPublished),
    DecisionMade(DecisionMade),
    Closed(Closed),
    Reopened(Reopened),
}

/// An errand exists (the late answer to a 202).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    pub delivery_id: DeliveryId,
    pub external_case_id: String,
    #[serde(default)]
    pub diary_number: Option<String>,
    pub registered_at: At,
    #[serde(default)]
    pub unit: Option<UnitRef>,
}

/// A new status, as a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusChanged {
    /// The receiver's id of the errand.
    #[serde(default)]
    pub external_case_id: Option<String>,
    /// The receiver's own code; mapped by the target's table.
    pub external_code: String,
    /// The receiver's own word, for staff when the code is unmapped.
    #[serde(default)]
    pub label: Option<String>,
    /// Words to the resident.
    #[serde(default)]
    pub visible_text: Option<String>,
}

/// Who has the case; `null` handler = nobody yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandlerAssigned {
    #[serde(default)]
    pub handler: Option<HandlerRef>,
    #[serde(default)]
    pub unit: Option<UnitRef>,
}

/// A message to the resident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageSent {
    /// The sender's id of it: inserted once.
    pub message_id: String,
    /// `information`, `completion_request`, …
    #[serde(default)]
    pub classification: String,
    /// Plain text.
    pub text: String,
    /// Files sent before.
    #[serde(default)]
    pub document_ids: Vec<String>,
    /// False: she cannot answer it.
    #[serde(default = "yes")]
    pub allow_reply: bool,
    /// Who wrote it.
    #[serde(default)]
    pub from: Option<String>,
}

fn yes() -> bool {
    true
}

/// A document for the resident, sent before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentPublished {
    pub document_id: String,
    pub title: String,
}

/// A decision, whole; a higher version replaces a lower.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionMade {
    /// The sender's id of it.
    pub decision_id: String,
    /// From 1.
    pub version: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// When.
    pub decided_at: At,
    /// By whom.
    pub decided_by: DecidedBy,
    /// What was decided, in words for the resident.
    pub text: String,
    /// Why (förvaltningslagen 32 §).
    #[serde(default)]
    pub reasons: Option<String>,
    /// Law that it rests on.
    #[serde(default)]
    pub legal_basis: Vec<LegalBasis>,
    /// How to appeal; `None` when the case type gives no appeal.
    #[serde(default)]
    pub appeal: Option<Appeal>,
    /// Files sent before.
    #[serde(default)]
    pub document_ids: Vec<String>,
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecidedBy {
    /// `delegation`, `board` or `automated`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Title.
    #[serde(default)]
    pub title: Option<String>,
    /// Unit code.
    #[serde(default)]
    pub unit: Option<String>,
}

/// A provision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LegalBasis {
    /// `2010:800`.
    pub sfs: String,
    /// `8 kap. 12 §`.
    pub provision: String,
}

/// How to appeal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appeal {
    /// `fl` (förvaltningslagen 40–46 §§) or `kl` (kommunallagen 13 kap.).
    pub regime: String,
    /// The court.
    pub to: String,
    /// Time limit.
    pub weeks: u32,
    /// The instructions themselves.
    #[serde(default)]
    pub instructions: Option<String>,
}

/// The case is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    pub outcome: Outcome,
    pub closed_at: At,
    #[serde(default)]
    pub external_code: Option<String>,
    #[serde(default)]
    pub visible_text: Option<String>,
}

/// The case is open again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reopened {
    #[serde(default)]
    pub reason: Option<String>,
}

/// An event whose type or data cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum UnreadableEvent {
    /// A type outside the contract.
    #[error("unknown event type")]
    UnknownType,
    /// Data that do not fit the type.
    #[error("the data do not fit the type: {0}")]
    Data(String),
}

impl CloudEvent {
    /// The typed data.
    pub fn read(&self) -> Result<EventData, UnreadableEvent> {
        fn as_type<T: serde::de::DeserializeOwned>(data: &Value) -> Result<T, UnreadableEvent> {
            serde_json::from_value(data.clone()).map_err(|e| UnreadableEvent::Data(without_values(&e.to_string())))
        }
        let name = self.kind.strip_prefix(TYPE_PREFIX).ok_or(UnreadableEvent::UnknownType)?;
        Ok(match name {
            "registered" => EventData::Registered(as_type(&self.data)?),
            "status_changed" => EventData::StatusChanged(as_type(&self.data)?),
            "handler_assigned" => EventData::HandlerAssigned(as_type(&self.data)?),
            "message_sent" => EventData::MessageSent(as_type(&self.data)?),
            "document_published" => EventData::DocumentPublished(as_type(&self.data)?),
            "decision_made" => EventData::DecisionMade(as_type(&self.data)?),
            "closed" => EventData::Closed(as_type(&self.data)?),
            "reopened" => EventData::Reopened(as_type(&self.data)?),
            _ => return Err(UnreadableEvent::UnknownType),
        })
    }
}

/// What serde says of data, without the data: its words for a wrong type or word begin with what stood there, which may
/// be somebody's name or number.
fn without_values(told: &str) -> String {
    match told.rsplit_once(", expected ") {
        _ if told.starts_with("missing field `") => told.to_owned(),
        Some((_, expected)) => format!("expected {expected}"),
        None => "a value that cannot be read".to_owned(),
    }
}

impl EventData {
    /// The last part of the type.
    pub fn name(&self) -> &'static str {
        match self {
            EventData::Registered(_) => "registered",
            EventData::StatusChanged(_) => "status_changed",
            EventData::HandlerAssigned(_) => "handler_assigned",
            EventData::MessageSent(_) => "message_sent",
            EventData::DocumentPublished(_) => "document_published",
            EventData::DecisionMade(_) => "decision_made",
            EventData::Closed(_) => "closed",
            EventData::Reopened(_) => "reopened",
        }
    }

    /// The data as JSON for the envelope.
    pub fn to_value(&self) -> Result<Value, serde_json::Error> {
        match self {
            EventData::Registered(d) => serde_json::to_value(d),
            EventData::StatusChanged(d) => serde_json::to_value(d),
            EventData::HandlerAssigned(d) => serde_json::to_value(d),
            EventData::MessageSent(d) => serde_json::to_value(d),
            EventData::DocumentPublished(d) => serde_json::to_value(d),
            EventData::DecisionMade(d) => serde_json::to_value(d),
            EventData::Closed(d) => serde_json::to_value(d),
            EventData::Reopened(d) => serde_json::to_value(d),
        }
    }
}

/// The answer to a push of events: one result each, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventResults {
    /// In the order of the batch.
    pub results: Vec<EventResult>,
}

crate::word_enum! {
    /// What became of one event.
    EventOutcome {
        /// Applied to the case.
        Applied = "applied",
        /// Known already, same body.
        Duplicate = "duplicate",
        /// Older than what is shown: kept in history only.
        Stale = "stale",
        /// The case is not known yet: held.
        Parked = "parked",
        /// A status without a mapping: kept, shown to staff.
        Unmapped = "unmapped",
        /// Refused; not to be sent again as it is.
        Rejected = "rejected",
    }
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventResult {
    pub id: String,
    pub outcome: EventOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_sequence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}
