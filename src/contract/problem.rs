//! Faults told to machines: RFC 9457 problem details with a stable code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `application/problem+json`. Never holds personal data, SQL or paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A page about this kind of fault.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is wrong, the same for every fault of this kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The path that was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The stable code.
    pub code: String,
    /// Found in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// What was not as it should be, by name; never with the value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invalid_parameters: Vec<InvalidParameter>,
    /// True when the same call may succeed later.
    #[serde(default)]
    pub retryable: bool,
}

/// A parameter or member that was not as it should be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvalidParameter {
    /// As in the contract.
    pub name: String,
    /// What it should have been.
    pub reason: String,
}

/// The stable codes, their HTTP status and title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemCode {
    MalformedRequest,
    SchemaViolation,
    TokenInvalid,
    ScopeMissing,
    CertificateMismatch,
    SignatureInvalid,
    TimestampOutOfTolerance,
    NotFound,
    CasePurged,
    EventIdReused,
    ReceiptConflict,
    LeaseLost,
    RequestInProgress,
    PreconditionFailed,
    PreconditionRequired,
    PayloadTooLarge,
    UnsupportedMediaType,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    TimeInFuture,
    SequenceMalformed,
    RateLimited,
    TemporarilyUnavailable,
    InternalError,
}

impl ProblemCode {
    /// Every code.
    pub const ALL: &[ProblemCode] = &[
        Self::MalformedRequest,
        Self::SchemaViolation,
        Self::TokenInvalid,
        Self::ScopeMissing,
        Self::CertificateMismatch,
        Self::SignatureInvalid,
        Self::TimestampOutOfTolerance,
        Self::NotFound,
        Self::CasePurged,
        Self::EventIdReused,
        Self::ReceiptConflict,
        Self::LeaseLost,
        Self::RequestInProgress,
        Self::PreconditionFailed,
        Self::PreconditionRequired,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::IdempotencyKeyMissing,
        Self::IdempotencyKeyReused,
        Self::TimeInFuture,
        Self::SequenceMalformed,
        Self::RateLimited,
        Self::TemporarilyUnavailable,
        Self::InternalError,
    ];

    /// Code, HTTP status, title, whether to try again.
    pub const fn parts(self) -> (&'static str, u16, &'static str, bool) {
        match self {
            Self::MalformedRequest => ("malformed-request", 400, "Anropet går inte att läsa", false),
            Self::SchemaViolation => ("schema-violation", 422, "Innehållet följer inte kontraktet", false),
            Self::TokenInvalid => ("token-invalid", 401, "Åtkomstnyckeln gäller inte", false),
            Self::ScopeMissing => ("scope-missing", 403, "Åtkomsten räcker inte till detta", false),
            Self::CertificateMismatch => ("certificate-mismatch", 401, "Klientcertifikatet hör inte hit", false),
            Self::SignatureInvalid => ("signature-invalid", 401, "Signaturen stämmer inte", false),
            Self::TimestampOutOfTolerance => {
                ("timestamp-out-of-tolerance", 401, "Tidsstämpeln är för gammal eller ligger framåt", false)
            }
            Self::NotFound => ("not-found", 404, "Finns inte", false),
            Self::CasePurged => ("case-purged", 410, "Ärendet är gallrat", false),
            Self::ReceiptConflict => ("receipt-conflict", 409, "Leveransen har redan en annan kvittering", false),
            Self::LeaseLost => ("lease-lost", 409, "Någon annan har leveransen", false),
            Self::PreconditionFailed => ("precondition-failed", 412, "Ärendet har ändrats sedan du läste det", false),
            Self::PreconditionRequired => ("precondition-required", 428, "If-Match saknas", false),
            Self::EventIdReused => ("event-id-reused", 409, "Händelsens id har använts med annat innehåll", false),
            Self::RequestInProgress => ("request-in-progress", 409, "Samma anrop behandlas just nu", true),
            Self::PayloadTooLarge => ("payload-too-large", 413, "Innehållet är för stort", false),
            Self::UnsupportedMediaType => ("unsupported-media-type", 415, "Innehållstypen tas inte emot", false),
            Self::IdempotencyKeyMissing => ("idempotency-key-missing", 400, "Idempotensnyckel saknas", false),
            Self::IdempotencyKeyReused => {
                ("idempotency-key-reused", 422, "Idempotensnyckeln har använts med annat innehåll", false)
            }
            Self::TimeInFuture => ("time-in-future", 422, "Tiden ligger i framtiden", false),
            Self::SequenceMalformed => ("sequence-malformed", 422, "Löpnumret har fel form", false),
            Self::RateLimited => ("rate-limited", 429, "För många anrop", true),
            Self::TemporarilyUnavailable => ("temporarily-unavailable", 503, "Går inte att nå just nu", true),
            Self::InternalError => ("internal-error", 500, "Ett fel hos oss", true),
        }
    }

    /// The problem, with `detail` for this time. `base` is the address of the portal or desk.
    pub fn problem(self, base: &str, detail: impl Into<Option<String>>) -> Problem {
        let (code, status, title, retryable) = self.parts();
        Problem {
            kind: format!("{}/problems/{code}", base.trim_end_matches('/')),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            instance: None,
            code: code.to_owned(),
            trace_id: None,
            invalid_parameters: Vec::new(),
            retryable,
        }
    }
}
