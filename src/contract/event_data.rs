//! What each event carries, by its type.

use super::{HandlerRef, Outcome, UnitRef};
use crate::vocabulary::{At, Day, DeliveryId};
use crate::word_enum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An errand exists (the late answer to a 202).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandlerAssigned {
    #[serde(default)]
    pub handler: Option<HandlerRef>,
    #[serde(default)]
    pub unit: Option<UnitRef>,
}

/// When a decision is to be expected, as a snapshot (förvaltningslagen 11 §: told when it is delayed, and why).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DueDateChanged {
    /// `YYYY-MM-DD`; `None`: no day is promised any more.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub due_date: Option<Day>,
    /// Why, in words for the resident.
    #[serde(default)]
    pub reason: Option<String>,
    /// The provision that sets the time.
    #[serde(default)]
    pub legal_basis: Option<String>,
}

/// A message to the resident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageSent {
    /// The sender's id of it: inserted once.
    pub message_id: String,
    /// What it belongs to, when the sender keeps threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
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

/// More is needed from the resident. A higher version replaces a lower.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupplementRequested {
    /// The sender's id of it.
    pub supplement_id: String,
    /// From 1.
    #[serde(default = "first")]
    pub version: u32,
    /// What is needed and why, in words for the resident.
    pub text: String,
    /// What is wanted, one by one; empty when the text says it all.
    #[serde(default)]
    pub items: Vec<SupplementItem>,
    /// Until when.
    #[serde(default)]
    pub due_at: Option<At>,
    /// What happens without an answer.
    #[serde(default)]
    pub consequence: Option<String>,
}

fn first() -> u32 {
    1
}

/// A thing that is wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupplementItem {
    /// The sender's id of it.
    pub item_id: String,
    /// For the resident.
    pub label: String,
    /// The sender's kind of document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_type: Option<String>,
    /// False: good to have.
    #[serde(default = "yes")]
    pub required: bool,
}

word_enum! {
    /// What became of a request for more.
    SupplementState {
        /// Nothing more is needed.
        Accepted = "accepted",
        /// What came is not enough: it is asked for again.
        Insufficient = "insufficient",
        /// The time is out.
        Expired = "expired",
        /// It is not needed after all.
        Cancelled = "cancelled",
    }
}

/// What became of a request for more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupplementResolved {
    /// As in the request.
    pub supplement_id: String,
    /// What became of it.
    pub state: SupplementState,
    /// Words to the resident: what is still missing, or why.
    #[serde(default)]
    pub text: Option<String>,
    /// Of `insufficient`: the new time.
    #[serde(default)]
    pub due_at: Option<At>,
}

/// The resident is shown what a decision will rest on, and may answer (förvaltningslagen 25 §).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HearingRequested {
    /// The sender's id of it.
    pub hearing_id: String,
    /// From 1; a higher version replaces a lower.
    #[serde(default = "first")]
    pub version: u32,
    /// In words for the resident.
    pub text: String,
    /// Files sent before.
    #[serde(default)]
    pub document_ids: Vec<String>,
    /// Until when an answer is awaited.
    #[serde(default)]
    pub due_at: Option<At>,
}

/// A document for the resident, sent before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentPublished {
    /// As the upload's answer said.
    pub document_id: String,
    /// For people.
    pub title: String,
    /// `outgoing` (from the authority) or `incoming` (from somebody else).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<At>,
}

/// A document that the resident is not to see any more: it was the wrong one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentWithdrawn {
    /// Which.
    pub document_id: String,
    /// In words for the resident.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A decision, whole; a higher version replaces a lower.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// What was decided, in words for the resident; empty when a document says it.
    #[serde(default)]
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
    /// How the party is to take part of it; `None`: shown here, without proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The decision that it takes the place of (förvaltningslagen 36–38 §§).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces_decision_id: Option<String>,
    /// Files sent before.
    #[serde(default)]
    pub document_ids: Vec<String>,
}

/// How a party takes part of a decision (delgivningslagen 2010:1932).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// True: she is asked to confirm that she has it; opening it is no confirmation.
    #[serde(default)]
    pub required: bool,
    /// `notification`, `ordinary` or `simplified`.
    pub method: String,
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LegalBasis {
    /// `2010:800`.
    pub sfs: String,
    /// `8 kap. 12 §`.
    pub provision: String,
}

/// How to appeal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
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
    /// Or the file that holds them, sent before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction_document_id: Option<String>,
}

/// The party has taken part of a decision: the time for appeal is counted from here (förvaltningslagen 44 §).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionServed {
    /// Which.
    pub decision_id: String,
    /// When.
    pub at: At,
    /// `portal`, `letter`, `simplified`, …
    #[serde(default)]
    pub method: Option<String>,
}

/// An appeal has reached the authority, by whatever way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppealReceived {
    /// Of which.
    pub decision_id: String,
    /// When.
    pub at: At,
    /// `portal`, `letter`, `e-mail`, …
    #[serde(default)]
    pub method: Option<String>,
}

/// Another unit or authority has the case now; here it is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Transferred {
    /// Within the municipality.
    #[serde(default)]
    pub to_unit: Option<UnitRef>,
    /// Or to another authority, by name.
    #[serde(default)]
    pub to_authority: Option<String>,
    /// In words for the resident.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The case is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    pub outcome: Outcome,
    pub closed_at: At,
    #[serde(default)]
    pub external_code: Option<String>,
    #[serde(default)]
    pub visible_text: Option<String>,
    /// `back_office` or `portal`: who keeps it for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive_by: Option<String>,
}

/// The case is open again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reopened {
    #[serde(default)]
    pub reason: Option<String>,
}
