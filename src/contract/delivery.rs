//! What the portal hands to a receiver: `POST {url}/v1/deliveries`. The body is sealed once: built, stored, and sent byte
//! for byte the same on every attempt; what differs between attempts stands in headers.

use crate::vocabulary::{At, CaseId, DeliveryId, Reference};
use crate::word_enum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

word_enum! {
    /// What is handed over. All but a submission wait until the case's submission is registered.
    DeliveryKind {
        /// The application itself.
        Submission = "submission",
        /// An answer to a request for more (komplettering).
        Supplement = "supplement",
        /// A message from the resident.
        Message = "message",
        /// An answer in a hearing (kommunicering, förvaltningslagen 25 §).
        HearingReply = "hearing_reply",
        /// The resident takes her case back.
        Withdrawal = "withdrawal",
        /// Request for a decision after six months (förvaltningslagen 12 §).
        DecisionRequest = "decision_request",
        /// An appeal.
        Appeal = "appeal",
    }
}

/// The body of a delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Also the idempotency key and the `webhook-id`.
    pub delivery_id: DeliveryId,
    /// What is handed over.
    pub kind: DeliveryKind,
    /// `1.0`.
    pub schema_version: String,
    /// Whose resident.
    pub municipality: MunicipalityRef,
    /// The portal's case.
    pub case: CaseRef,
    /// The e-service it was made with.
    pub service: ServiceRef,
    /// Where it should land.
    pub routing: Routing,
    /// When it reached the municipality (förvaltningslagen 22 §): the portal's commit. The receiver must keep it.
    pub received_at: At,
    /// The same as a day in Sweden, `YYYY-MM-DD`.
    pub received_date: String,
    /// May be shown in a public diary.
    pub title: String,
    /// `normal` or `sensitive`.
    pub sensitivity: String,
    /// Who is involved; the applicant first.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// Who signed what was sent in, each over the same frozen content; nothing for a service that is not signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// Who should have signed too and has not: for a person to look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_signatures: Vec<MissingSignature>,
    /// What the resident saw when she checked and sent: readable alone in thirty years.
    #[serde(default)]
    pub answers: Vec<AnswerSection>,
    /// The same for machines, by field id.
    #[serde(default)]
    pub values: Map<String, Value>,
    /// For kinds other than submission: what she wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<DeliveredMessage>,
    /// Of a supplement: which request it answers, and with what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement: Option<SupplementAnswer>,
    /// Of a hearing reply: which hearing it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing_id: Option<String>,
    /// Of an appeal: against which decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<String>,
    /// Places in the answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Receipt and attachments, by reference.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// Where people look.
    pub links: Links,
}

/// Whose resident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityRef {
    /// Kommunkod, four digits.
    pub code: String,
    /// Ten digits.
    pub organisation_number: String,
}

/// The portal's case, and the receiver's when it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseRef {
    /// The portal's id: `subject` of every event back.
    pub id: CaseId,
    /// What the resident was given.
    pub reference: Reference,
    /// The receiver's id; `null` in the first delivery.
    pub external_case_id: Option<String>,
}

/// The e-service, in the version it was filled in with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRef {
    /// Slug.
    pub code: String,
    /// Title.
    pub title: String,
    /// SHA-256 of the definition, hex.
    pub form_version: String,
}

/// Where it should land.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Routing {
    /// The receiver's case type, `BUN-FORSKOLA`.
    pub case_type: String,
    /// Unit code.
    pub unit: String,
    /// `fl`, `kl` or `none`: how a decision is appealed.
    #[serde(default)]
    pub appeal_regime: String,
}

/// Someone involved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// `applicant`, `representative` (who acted for the applicant), `child`, `contact`.
    pub role: String,
    /// `person`, `organisation` or `anonymous`.
    pub kind: String,
    /// Display name; `null` for an anonymous sender.
    pub name: Option<String>,
    /// Identity number; `null` when there is none.
    #[serde(default)]
    pub identifier: Option<Identifier>,
    /// How to reach her.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// How she proved who she is. Of the representative when there is one: it was she who logged in.
    #[serde(default)]
    pub authentication: Option<Authentication>,
    /// Of a representative: what gives her the right to act for the applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<Mandate>,
    /// Sekretessmarkering or skyddad folkbokföring: restricted circle, no address.
    #[serde(default)]
    pub protected_identity: bool,
    /// True when the register could not be asked: to be treated as protected until someone has looked.
    #[serde(default)]
    pub protection_unchecked: bool,
}

/// An identity number with its kind.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Identifier {
    /// `personalNumber`, `coordinationNumber`, `organisationNumber`, or `provisionalId` (prid) of somebody with a foreign
    /// e-legitimation and no Swedish number.
    #[serde(rename = "type")]
    pub kind: String,
    /// Digits only; of a provisional id as the eIDAS node writes it.
    pub value: String,
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:•••", self.kind)
    }
}

/// How to reach someone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// E-mail, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// `portal` (Mina sidor with mail) or `letter`; for an anonymous sender `email`, `phone` or `none`.
    pub preferred_channel: String,
}

/// How someone proved who she is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Authentication {
    /// What the broker said authenticated her, or `oidc`.
    pub method: String,
    /// The `acr` value.
    pub assurance_level: String,
    /// When.
    pub at: At,
}

/// What gives somebody the right to act for the applicant, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mandate {
    /// `guardian`, `signatory_sole`, `signatory_joint` (may not decide alone), `mina_ombud` or `declared` (says so
    /// herself: for the receiver to look into).
    #[serde(rename = "type")]
    pub kind: String,
    /// `population-register`, `company-register`, `mina-ombud` or `self-declared`.
    pub source: String,
    /// The register's own name of what it holds, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// When the register said so, or she did.
    pub verified_at: At,
}

word_enum! {
    /// How strong a signature is, the strongest first.
    SignatureStrength {
        /// The person signed the hash of what was sent in with her e-legitimation.
        Signature = "signature",
        /// The broker vouches that she approved it, without a signature of its own.
        Approval = "approval",
        /// She proved who she is once more, for this and nothing else.
        Reauthentication = "reauthentication",
    }
}

/// A signature over what was sent in. The portal keeps its evidence, and has verified it once more before this was sent.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    /// The signer's identity number, digits only.
    pub by: String,
    /// Her name, where it is known.
    #[serde(default)]
    pub name: Option<String>,
    /// When, by the broker's clock.
    pub at: At,
    /// Which e-legitimation, as the broker calls it.
    pub method: String,
    /// How strong.
    pub class: SignatureStrength,
    /// The document that shows it: the receipt.
    #[serde(default)]
    pub document_id: Option<String>,
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({} {})", self.class.as_str(), self.at)
    }
}

word_enum! {
    /// Why a signature is missing.
    WhyMissing {
        /// She said no.
        Declined = "declined",
        /// She did not answer in time.
        Unanswered = "unanswered",
        /// She cannot be asked over the portal; who she is, is not told.
        ByHand = "by_hand",
        /// It was taken back before she had answered.
        Withdrawn = "withdrawn",
    }
}

/// A signature that should have been there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingSignature {
    /// Whose, unless it may not be told.
    #[serde(default)]
    pub name: Option<String>,
    /// Why.
    pub reason: WhyMissing,
}

/// A section of the check-answers page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerSection {
    /// Its heading.
    pub section: String,
    /// Questions and answers in order.
    pub items: Vec<AnswerItem>,
}

/// A question and its answer in the resident's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerItem {
    /// Field id.
    pub id: String,
    /// The question.
    pub label: String,
    /// The answer, choices by label, sums with unit; lines divided by `\n`.
    pub text: String,
    /// `resident`, `login`, `navet`, `register` (of companies), `settings` or `computed`.
    pub source: String,
    /// When it was saved or fetched.
    pub source_at: At,
}

/// What the resident wrote in a message, supplement or withdrawal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveredMessage {
    /// The portal's id of it.
    pub message_id: String,
    /// What she wrote.
    pub text: String,
    /// The message or request that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
}

/// Which request for more a supplement answers, and what answers each thing that was wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupplementAnswer {
    /// The receiver's id of the request; `None` when the resident sends something unasked.
    #[serde(default)]
    pub supplement_id: Option<String>,
    /// Files by wanted thing; files for none in particular stand among the documents only.
    #[serde(default)]
    pub items: Vec<AnsweredItem>,
}

/// What answers one wanted thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredItem {
    /// As in the request.
    pub item_id: String,
    /// Among the delivery's documents.
    #[serde(default)]
    pub document_ids: Vec<String>,
}

/// A place, WGS 84.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// In words.
    pub description: String,
    /// GeoJSON point: longitude first. `null` when only words were given.
    #[serde(default)]
    pub geometry: Option<Value>,
    /// `EPSG:4326`.
    pub crs: String,
}

/// A file, by reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Its id in the portal.
    pub document_id: String,
    /// `submission_pdf` or `attachment`.
    pub kind: String,
    /// Safe name.
    pub file_name: String,
    /// By content, not by name.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Lower-case hex.
    pub sha256: String,
    /// `clean`, `unscanned` or `infected`.
    pub scan: String,
    /// Where the target fetches it with its bearer token.
    pub href: String,
    /// The bytes in base64, for a target that wants small files along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// Where people look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    /// The case on Mina sidor.
    pub citizen_view: String,
}

word_enum! {
    /// What became of a delivery at the receiver.
    ReceiptState {
        /// An errand exists.
        Registered = "registered",
        /// Taken; the result comes as `case.registered` or by asking.
        Accepted = "accepted",
    }
}

/// The receiver's answer to a delivery, and to the question what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryReceipt {
    /// Which delivery.
    pub delivery_id: DeliveryId,
    /// What became of it.
    pub state: ReceiptState,
    /// When the errand was made.
    #[serde(default)]
    pub registered_at: Option<At>,
    /// The receiver's id of the errand.
    #[serde(default)]
    pub external_case_id: Option<String>,
    /// Opaque; never parsed.
    #[serde(default)]
    pub diary_number: Option<String>,
    /// The case type it was registered under; may be a fallback.
    #[serde(default)]
    pub case_type: Option<String>,
    /// Who has it.
    #[serde(default)]
    pub unit: Option<UnitRef>,
    /// Absent = not yet assigned.
    #[serde(default)]
    pub handler: Option<HandlerRef>,
    /// The first status of the errand.
    #[serde(default)]
    pub status: Option<ReceiptStatus>,
    /// The receiver's numbers of the documents, by document id.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub document_numbers: std::collections::BTreeMap<String, String>,
    /// What was done otherwise than asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// Something that was taken, but not quite as it was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Stable: `document_converted`, `appeal-block-missing`, …
    pub code: String,
    /// Which document, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// For staff; no personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A unit of the receiver's organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnitRef {
    /// `FORSKOLA`.
    pub code: String,
    /// For people.
    #[serde(default)]
    pub name: Option<String>,
}

/// A handler as the resident may see her.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandlerRef {
    /// The receiver's own id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// E-mail to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// False: only "en handläggare" is shown.
    #[serde(default)]
    pub show_to_citizen: bool,
}

/// The first status, with the sequence that events continue from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptStatus {
    /// The receiver's own code.
    pub external_code: String,
    /// Twenty digits.
    pub sequence: String,
}
