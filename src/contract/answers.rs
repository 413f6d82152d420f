//! What the portal is asked and answers under `/integration/v1`, besides deliveries, events and the feed.

use super::delivery::ReceiptState;
use super::feed::Page;
use super::status::{NextMove, Outcome, PortalStatus};
use super::{DeliveryKind, HandlerRef, ReceiptStatus, UnitRef};
use crate::vocabulary::{At, CaseId, Day, DeliveryId, Reference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of the API; the major number stands in its address.
pub const API_VERSION: &str = "1.0.0";
/// When that version was released.
pub const API_RELEASED: Day = jiff::civil::date(2026, 11, 22);

/// `GET /deliveries`: what can be taken, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryPage {
    /// Of a case only the first that is not done.
    pub deliveries: Vec<OfferedDelivery>,
    /// Where it stands.
    pub page: Page,
}

/// A delivery that waits to be taken, without what it carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferedDelivery {
    /// Also its address and idempotency key.
    pub delivery_id: DeliveryId,
    /// What it is.
    pub kind: DeliveryKind,
    /// The portal's case.
    pub case_id: CaseId,
    /// When the municipality received it.
    pub received_at: At,
    /// What can be done with it.
    pub state: OfferState,
}

/// What can be done with an offered delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Nobody has it.
    Available,
}

/// `POST /deliveries/{deliveryId}/lease`: taking a delivery for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeaseWish {
    /// How long.
    #[schemars(range(min = 1, max = 3600))]
    pub seconds: u32,
}

/// Its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Leased {
    /// Which.
    pub delivery_id: DeliveryId,
    /// Then it can be taken by another.
    pub lease_until: At,
}

/// The answer to `PUT /deliveries/{deliveryId}/receipt`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptKept {
    /// Which.
    pub delivery_id: DeliveryId,
    /// As the receipt had it.
    pub state: ReceiptState,
}

/// `PUT /deliveries/{deliveryId}/failure`: it could not be taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryFailure {
    /// Why, in a word that stays the same; letters, digits, `-`, `_` and `.` are kept. No personal data.
    pub code: String,
    /// For the sender's own log; not kept, since it may repeat what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// True: it comes back by the schedule. False: a person at the municipality looks at it.
    pub retry: bool,
}

/// Its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FailureKept {
    /// Which.
    pub delivery_id: DeliveryId,
    /// As told.
    pub retry: bool,
}

/// `POST /outbox/acknowledgements`: the feed has been read so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// The last position that was read.
    #[schemars(range(min = 0))]
    pub up_to: i64,
}

/// Its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledged {
    /// Where the cursor is now: never moved backwards, never past the end.
    pub acknowledged: i64,
}

/// `GET /cases?externalCaseId=`: one, or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CasePage {
    /// The system's own cases only.
    pub cases: Vec<CaseStanding>,
    /// Where it stands.
    pub page: Page,
}

/// `GET /cases/{caseId}`: where a case stands at the portal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseStanding {
    /// The portal's case.
    pub case_id: CaseId,
    /// What the resident knows it by.
    pub reference: Reference,
    /// The system's own id; `null` until its receipt.
    pub external_case_id: Option<String>,
    /// Opaque.
    pub diary_number: Option<String>,
    /// What the resident sees.
    pub status: PortalStatus,
    /// Who has to do something now.
    pub next_move: NextMove,
    /// How it ended; `null` until then.
    pub outcome: Option<Outcome>,
    /// When the municipality received it.
    pub received_at: At,
    /// When something last became of it.
    pub updated_at: At,
    /// The highest sequence that came, twenty digits; the next event's is one more.
    pub last_sequence: Option<String>,
}

/// `PUT /cases/{caseId}/status`: a status of a system that sends no events. Answered by an `EventResult`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewStatus {
    /// The system's own code.
    pub external_code: String,
    /// Its own word for it.
    #[serde(default)]
    pub label: Option<String>,
    /// What the resident is to read.
    #[serde(default)]
    pub visible_text: Option<String>,
    /// Since when; now, if it is not said.
    #[serde(default)]
    pub time: Option<At>,
}

/// The answer to `POST /cases/{caseId}/documents`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentKept {
    /// What events name it by.
    pub document_id: String,
    /// Of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
}

/// `GET /status-codes`: how the portal understands the system's codes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusCodes {
    /// The rows of the system's table.
    pub status_codes: Vec<StatusCode>,
    /// Every status that a resident can see.
    pub portal_codes: Vec<PortalStatus>,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusCode {
    /// The system's code, compared as it is.
    pub external_code: String,
    /// Only for this case type.
    pub case_type: Option<String>,
    /// What the resident sees.
    pub portal_code: PortalStatus,
    /// Own words instead of the status's.
    pub label: Option<String>,
    /// She is told that something is new.
    pub notify: bool,
    /// It stands in the timeline.
    pub visible: bool,
    /// The first day that it holds.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub valid_from: Option<Day>,
}

/// `GET /case-types`: what the municipality's services name at the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseTypes {
    /// One for each service.
    pub case_types: Vec<CaseType>,
}

/// A case type, and the service that uses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseType {
    /// The system's.
    pub case_type: String,
    /// Whose errands they are.
    pub unit: String,
    /// The portal's name of the service.
    pub service: String,
    /// What residents know it as.
    pub title: String,
}

/// `GET /api-info` (VER.06 of the Swedish REST API profile).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiInfo {
    /// Of the API.
    pub api_name: String,
    /// Semantic versioning; the major one stands in the address.
    pub api_version: String,
    /// When this version was released.
    #[schemars(with = "String", extend("format" = "date"))]
    pub api_released: Day,
    /// Where it is described.
    pub api_documentation: String,
    /// `active` or `deprecated`.
    pub api_status: String,
    /// What it can do.
    pub capabilities: BTreeMap<String, bool>,
}

/// The answer to `POST /token` (RFC 6749 5.1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessToken {
    /// To be borne in `Authorization`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: i64,
    /// What was granted, divided by spaces.
    pub scope: String,
}

/// A refusal of `POST /token` (RFC 6749 5.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenRefusal {
    /// `invalid_request`, `invalid_client`, `invalid_scope`, `unsupported_grant_type`, or why it cannot be done now.
    pub error: String,
}

/// How a case is at the receiver: its answer to `GET {url}/v1/cases/{externalCaseId}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseState {
    /// The receiver's id.
    pub external_case_id: String,
    /// Its status, with the sequence of the event that set it.
    #[serde(default)]
    pub status: Option<ReceiptStatus>,
    /// Who has it.
    #[serde(default)]
    pub handler: Option<HandlerRef>,
    /// Where.
    #[serde(default)]
    pub unit: Option<UnitRef>,
    /// Opaque; never parsed.
    #[serde(default)]
    pub diary_number: Option<String>,
}
