//! What a receiver is told of besides deliveries: thin notices, in the feed that it reads
//! (`GET /integration/v1/outbox/events`) or pushed (`POST {url}/v1/citizen-events`). What was said or sent travels as a
//! delivery, never here.

use super::CloudEvent;
use crate::word_enum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

word_enum! {
    /// The last part of a notice's type.
    NoticeKind {
        /// The resident has answered a request for more.
        SupplementSubmitted = "supplement_submitted",
        /// She has written.
        CitizenMessageSent = "citizen_message_sent",
        /// She has answered in a hearing.
        HearingReplied = "hearing_replied",
        /// She takes the case back.
        WithdrawalRequested = "withdrawal_requested",
        /// She asks for a decision (förvaltningslagen 12 §).
        DecisionRequested = "decision_requested",
        /// She has appealed.
        AppealSubmitted = "appeal_submitted",
        /// She has confirmed that she has taken part of a decision.
        DecisionRead = "decision_read",
        /// The portal's staff ask for the case's events once more.
        ReplayRequested = "replay_requested",
    }
}

/// A page of the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeedPage {
    /// In the order in which they were committed.
    pub events: Vec<Positioned>,
    /// Where it stands.
    pub page: Page,
}

/// A notice and its place in the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Positioned {
    /// Grows; may have gaps; never changes.
    pub position: i64,
    /// The notice. `subject` is the receiver's id of the case, the portal's while there is none.
    pub event: CloudEvent,
}

/// Where a page stands in its list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// As asked for.
    pub offset: i64,
    /// As asked for, within what is allowed.
    pub limit: i64,
    /// What to ask for next.
    pub next_offset: i64,
    /// True: there is more now.
    pub has_more: bool,
}
