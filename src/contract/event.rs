//! What comes back from a receiver: CloudEvents 1.0 in structured JSON, `POST /integration/v1/case-events`.
//! State events are snapshots with a per-case sequence, so that applying them is idempotent and order does not matter;
//! additive events are keyed on their own id.

use super::event_data::*;
use super::{Problem, Warning};
use crate::vocabulary::At;
use schemars::JsonSchema;
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// `day` when only the date of `time` is known; left out: to the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeprecision: Option<String>,
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

macro_rules! event_data {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// What happened, by the type's last part.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(clippy::large_enum_variant, reason = "one is read, applied and dropped; they are never kept together")]
        pub enum EventData {
            $($(#[$doc])* $kind($kind),)+
        }

        impl EventData {
            /// The last part of every type of the contract.
            pub const NAMES: &[&str] = &[$($name),+];

            /// The last part of the type.
            pub fn name(&self) -> &'static str {
                match self {
                    $(EventData::$kind(_) => $name,)+
                }
            }

            /// The data as JSON for the envelope.
            pub fn to_value(&self) -> Result<Value, serde_json::Error> {
                match self {
                    $(EventData::$kind(d) => serde_json::to_value(d),)+
                }
            }

            fn of(name: &str, data: &Value) -> Result<Self, UnreadableEvent> {
                match name {
                    $($name => as_type(data).map(EventData::$kind),)+
                    _ => Err(UnreadableEvent::UnknownType),
                }
            }
        }

        /// Puts the schema of every type's data among the generator's definitions.
        pub fn event_schemas(generator: &mut schemars::SchemaGenerator) {
            $(generator.subschema_for::<$kind>();)+
        }
    };
}

event_data! {
    /// An errand exists (the late answer to a 202).
    Registered = "registered",
    /// A new status, as a snapshot.
    StatusChanged = "status_changed",
    /// Who has the case.
    HandlerAssigned = "handler_assigned",
    /// When a decision is to be expected.
    DueDateChanged = "due_date_changed",
    /// A message to the resident.
    MessageSent = "message_sent",
    /// More is needed from the resident (komplettering, förvaltningslagen 20 §).
    SupplementRequested = "supplement_requested",
    /// What became of a request for more.
    SupplementResolved = "supplement_resolved",
    /// The resident may answer before a decision (kommunicering, förvaltningslagen 25 §).
    HearingRequested = "hearing_requested",
    /// A document for the resident.
    DocumentPublished = "document_published",
    /// A document is taken back.
    DocumentWithdrawn = "document_withdrawn",
    /// A decision.
    DecisionMade = "decision_made",
    /// The party has taken part of a decision (delgivning): the time for appeal runs.
    DecisionServed = "decision_served",
    /// An appeal has reached the authority.
    AppealReceived = "appeal_received",
    /// Another unit or authority has it.
    Transferred = "transferred",
    /// The case is closed.
    Closed = "closed",
    /// The case is open again.
    Reopened = "reopened",
}

fn as_type<T: serde::de::DeserializeOwned>(data: &Value) -> Result<T, UnreadableEvent> {
    serde_json::from_value(data.clone()).map_err(|e| UnreadableEvent::Data(without_values(&e.to_string())))
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
        let name = self.kind.strip_prefix(TYPE_PREFIX).ok_or(UnreadableEvent::UnknownType)?;
        EventData::of(name, &self.data)
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

/// The answer to a push of events: one result each, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventResult {
    pub id: String,
    pub outcome: EventOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_sequence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// What was taken, but needs a person: `appeal-block-missing`, `transition-unexpected`, `sequence-gap`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}
