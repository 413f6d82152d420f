//! A case as it is kept and read.

use crate::contract::{DecisionMade, DeliveryKind, NextMove, Outcome, PortalStatus};
use crate::db::types::Doc;
use crate::vocabulary::{
    At, CaseId, Day, FileId, MessageId, MunicipalitySlug, PartyId, Reference, ServiceSlug, SubmissionId, TargetSlug,
};
use crate::word_enum;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

word_enum! {
    /// Which way a message went.
    Direction {
        /// From the municipality.
        ToResident = "to_resident",
        /// From the resident.
        FromResident = "from_resident",
    }
}

word_enum! {
    /// What a document of a case is.
    DocumentKind {
        /// The receipt (PDF); one for each case.
        Receipt = "receipt",
        /// A file that the resident sent.
        Attachment = "attachment",
        /// A file that the municipality gave her.
        FromMunicipality = "from_municipality",
    }
}

word_enum! {
    /// What stands in the timeline.
    EventKind {
        /// The submission was received.
        Received = "received",
        /// It has a diary number.
        Registered = "registered",
        /// A status; which, stands in the data.
        Status = "status",
        /// A message to the resident.
        Message = "message",
        /// A message from the resident.
        OwnMessage = "own_message",
        /// A document to the resident.
        Document = "document",
        /// A decision.
        Decision = "decision",
        /// Closed.
        Closed = "closed",
        /// Open again.
        Reopened = "reopened",
        /// The resident took it back.
        Withdrawn = "withdrawn",
        /// When a decision is to be expected.
        DueDate = "due_date",
        /// More is asked for.
        Supplement = "supplement",
        /// What she sent is enough.
        SupplementAccepted = "supplement_accepted",
        /// What she sent is not enough.
        SupplementInsufficient = "supplement_insufficient",
        /// The time to send it is out.
        SupplementExpired = "supplement_expired",
        /// It is not needed after all.
        SupplementCancelled = "supplement_cancelled",
        /// She may answer before a decision.
        Hearing = "hearing",
        /// A document was taken back.
        DocumentWithdrawn = "document_withdrawn",
        /// She has taken part of a decision, as the receiver says.
        Served = "served",
        /// An appeal has come in.
        Appealed = "appealed",
        /// Somebody else has it now.
        Transferred = "transferred",
        /// She answered a request for more.
        OwnSupplement = "own_supplement",
        /// She answered in a hearing.
        OwnHearingReply = "own_hearing_reply",
        /// She asked for a decision.
        OwnDecisionRequest = "own_decision_request",
        /// She appealed.
        OwnAppeal = "own_appeal",
        /// She confirmed that she has taken part of a decision.
        OwnConfirmation = "own_confirmation",
    }
}

impl EventKind {
    /// What the resident did herself.
    pub fn is_own(self) -> bool {
        matches!(
            self,
            Self::OwnMessage
                | Self::Withdrawn
                | Self::OwnSupplement
                | Self::OwnHearingReply
                | Self::OwnDecisionRequest
                | Self::OwnAppeal
                | Self::OwnConfirmation
        )
    }
}

/// The handler as the resident may see her. Without a name: "en handläggare".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Handler {
    /// Display name, when she may be named.
    #[serde(default)]
    pub name: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
}

/// When a decision is to be expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// At the latest.
    pub day: Day,
    /// Why then, in words for the resident.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A case as Mina sidor shows it. Written only in the transaction of the event that changed it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::cases)]
pub struct Case {
    /// Its id, also in the contract.
    pub id: CaseId,
    /// Whose resident.
    pub municipality: MunicipalitySlug,
    /// What she was given.
    pub reference: Reference,
    /// Whose it is; `None` for an anonymous one.
    pub party_id: Option<PartyId>,
    /// The browser it was made in, for its receipt page.
    pub browser_hash: Option<String>,
    /// What was sent in.
    pub submission_id: SubmissionId,
    /// The e-service.
    pub service: ServiceSlug,
    /// May be shown to its owner and in a public diary.
    pub title: String,
    /// Which system handles it.
    pub target: TargetSlug,
    /// That system's case type.
    pub case_type: String,
    /// `fl`, `kl` or `none`.
    pub appeal_regime: String,
    /// `normal` or `sensitive`.
    pub sensitivity: String,
    /// Somebody in it has protected identity.
    pub protected: bool,
    /// Where it stands.
    pub status: PortalStatus,
    /// Who has the next move.
    pub next_move: NextMove,
    /// The unit, for people.
    pub unit: String,
    /// `None`: nobody yet.
    pub handler: Option<Doc<Handler>>,
    /// The receiver's id; `None` until it is registered.
    pub external_case_id: Option<String>,
    /// Opaque.
    pub diary_number: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Where to mail; `None`: nowhere.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// `portal` or `letter`.
    pub channel: String,
    /// Language of letters, `sv` or `en`.
    pub language: String,
    /// When it reached the municipality.
    pub received_at: At,
    /// When something last changed that she can see.
    pub updated_at: At,
    /// When she last looked.
    pub seen_at: At,
    /// When it was closed.
    pub closed_at: Option<At>,
    /// When she took it back.
    pub withdrawn_at: Option<At>,
    /// When a mail to her was refused for good.
    pub email_refused_at: Option<At>,
    /// When a decision is to be expected.
    pub due: Option<Doc<Due>>,
    /// The first moment by which she is to answer something, while it is her move.
    pub answer_by: Option<At>,
}

impl Case {
    /// Something has changed since she looked.
    pub fn is_news(&self) -> bool {
        self.updated_at > self.seen_at
    }

    /// She may write and send files.
    pub fn takes_messages(&self) -> bool {
        !self.status.is_terminal()
    }

    /// She may ask for a decision (förvaltningslagen 12 §): where that law holds, six months after it came in, while there
    /// is none. Once for each case, which is for the caller to see.
    pub fn may_be_hurried(&self, now: At) -> bool {
        let half_a_year = self.received_at.day().saturating_add(jiff::Span::new().months(6));
        let is_undecided = self.outcome.is_none() && !super::store::DECIDED.contains(&self.status);
        self.appeal_regime == "fl" && !self.status.is_terminal() && is_undecided && half_a_year < now.day()
    }

    /// She may take it back: not when it is over or decided.
    pub fn can_be_withdrawn(&self) -> bool {
        !self.status.is_terminal() && !super::store::DECIDED.contains(&self.status)
    }
}

/// What a timeline row tells beside its kind and time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventData {
    /// The status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PortalStatus>,
    /// Own words of the mapping for the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The municipality's words to her; a diary number, a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Until when, or which day is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// The document; who has it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Of when it happened only the day is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub day_only: bool,
}

/// A row of the timeline.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::case_events)]
pub struct TimelineEvent {
    /// Order of writing.
    pub seq: i64,
    /// What.
    pub kind: EventKind,
    /// When it happened.
    pub at: At,
    /// When it was written here.
    pub recorded_at: At,
    /// The sender's counter.
    pub sequence: Option<i64>,
    /// Shown to the resident.
    pub visible: bool,
    /// The rest.
    pub data: Doc<EventData>,
}

/// A message in a case.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::case_messages)]
pub struct Message {
    /// The portal's id.
    pub id: MessageId,
    /// Which case.
    pub case_id: CaseId,
    /// Which way.
    pub direction: Direction,
    /// The sender's own id.
    pub external_id: String,
    /// Display name; empty = the unit.
    pub author: String,
    /// Plain text.
    pub text: String,
    /// When.
    pub at: At,
    /// She may answer it.
    pub allow_reply: bool,
    /// Files, ids of `case_documents`.
    pub documents: Doc<Vec<FileId>>,
    /// When she read it.
    pub read_at: Option<At>,
    /// What it is: of hers an answer, an appeal, …
    pub kind: DeliveryKind,
    /// The request, decision or message that it answers, by the receiver's id.
    pub about: Option<String>,
    /// Of an answer: the event that asked for it.
    pub opening: Option<String>,
    /// The receiver's thread.
    pub conversation: Option<String>,
    /// Of `at` only the day is known.
    pub day_only: bool,
}

/// A decision, in its highest version.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::case_decisions)]
pub struct Decision {
    /// The receiver's id of it.
    pub decision_id: String,
    /// From 1.
    pub version: i32,
    /// Whole.
    pub data: Doc<DecisionMade>,
    /// When.
    pub decided_at: At,
    /// When she took part of it, as the receiver says.
    pub served_at: Option<At>,
    /// When she said here that she has.
    pub confirmed_at: Option<At>,
}

/// A document of a case.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::case_documents)]
pub struct CaseDocument {
    /// Its id, also in the contract.
    pub id: FileId,
    /// Which case.
    pub case_id: CaseId,
    /// What it is.
    pub kind: DocumentKind,
    /// For people.
    pub title: String,
    /// Where its bytes are.
    pub blob_key: String,
    /// Safe name.
    pub file_name: String,
    /// By content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Lower-case hex.
    pub sha256: String,
    /// Shown to the resident.
    pub visible: bool,
    /// When it was added.
    pub created_at: At,
}

/// A document to add.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Made by the caller, for the delivery names it.
    pub id: FileId,
    /// What it is.
    pub kind: DocumentKind,
    /// For people.
    pub title: String,
    /// Where its bytes are.
    pub blob_key: String,
    /// Safe name.
    pub file_name: String,
    /// By content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Lower-case hex.
    pub sha256: String,
    /// Shown to the resident.
    pub visible: bool,
    /// The idempotency key of a receiver's upload.
    pub upload_key: Option<String>,
}

/// A case to open, in the transaction of the submission.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Made by the caller, for the delivery names it.
    pub id: CaseId,
    /// Whose resident.
    pub municipality: MunicipalitySlug,
    /// `None` for an anonymous one.
    pub party_id: Option<PartyId>,
    /// The browser it was made in.
    pub browser_hash: Option<String>,
    /// What was sent in.
    pub submission_id: SubmissionId,
    /// The e-service.
    pub service: ServiceSlug,
    /// Its title as the owner sees it.
    pub title: String,
    /// Which system handles it.
    pub target: TargetSlug,
    /// That system's case type.
    pub case_type: String,
    /// `fl`, `kl` or `none`.
    pub appeal_regime: String,
    /// `normal` or `sensitive`.
    pub sensitivity: String,
    /// Somebody in it has protected identity.
    pub protected: bool,
    /// The unit, for people, until the receiver says another.
    pub unit: String,
    /// Where to mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// `portal` or `letter`.
    pub channel: String,
    /// `sv` or `en`.
    pub language: String,
    /// When it reached the municipality: this commit.
    pub received_at: At,
}

/// A row of `inbound_events`: an event of a receiver and what became of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::inbound_events)]
pub struct InboundEvent {
    /// Order of arrival.
    pub seq: i64,
    /// Whose.
    pub municipality: MunicipalitySlug,
    /// Names the case at the sender.
    pub source: String,
    /// The sender's id of the event.
    pub event_id: String,
    /// Who sent it.
    pub target: TargetSlug,
    /// The portal's case that it names, whether known or not.
    pub case_id: String,
    /// Last part of its type.
    pub kind: String,
    /// The sender's counter.
    pub sequence: Option<i64>,
    /// When it happened.
    pub time: At,
    /// Notify nobody.
    pub replay: bool,
    /// The event as it came.
    pub body: Doc<crate::contract::CloudEvent>,
    /// Of that text.
    pub body_sha256: String,
    /// What became of it.
    pub outcome: Fate,
    /// The receiver's status code.
    pub external_code: Option<String>,
    /// What the table made of it.
    pub portal_status: Option<PortalStatus>,
    /// When it came.
    pub received_at: At,
}

word_enum! {
    /// What became of an event, as kept.
    Fate {
        /// It counted.
        Applied = "applied",
        /// A newer one was there.
        Stale = "stale",
        /// It came after a terminal status.
        Held = "held",
        /// The case is not known as the receiver's yet.
        Parked = "parked",
        /// The table has no row for its code, or it lacks what law asks for.
        Unmapped = "unmapped",
        /// Parked for too long.
        Dead = "dead",
    }
}
