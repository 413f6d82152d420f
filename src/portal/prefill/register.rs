//! The population register as this slice sees it: one question, one person. SOAP today; another transport is another
//! implementation of the same trait.

use super::record::Person;
use crate::vocabulary::Personnummer;
use std::future::Future;
use tokio::time::Instant;
use uuid::Uuid;

/// Someone who can answer for folkbokföringen.
pub trait PopulationRegister: Send + Sync {
    /// The post of one number, before `deadline`; `None` when the register has nobody (or will not say so) under it.
    /// `correlation` is for the log only.
    fn look_up(
        &self,
        number: &Personnummer,
        deadline: Instant,
        correlation: Uuid,
    ) -> impl Future<Output = Result<Option<Person>, Unanswered>> + Send;

    /// Whether answers carry the protection flags. Without them, silence about protection means nothing.
    fn tells_protection(&self) -> bool;
}

/// Why there was no answer. Holds nothing of what was asked or answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No connection.
    #[error("the register could not be reached")]
    Unreachable,
    /// The deadline passed.
    #[error("the register did not answer in time")]
    TimedOut,
    /// HTTP 502, 503, 504, 429 or another status that carries no answer.
    #[error("the register answered HTTP {0}")]
    Status(u16),
    /// The register refused what we sent: order, organisation or number.
    #[error("the register refused the question (code {code:?})")]
    Refused { code: Option<i64> },
    /// The register failed on its own side.
    #[error("the register failed (code {code:?})")]
    Failed { code: Option<i64> },
    /// The answer could not be read, or was about someone else.
    #[error("the register's answer could not be used: {0}")]
    Unusable(#[from] super::soap::Unreadable),
    /// Asked too little ago and failed too often: not asked at all.
    #[error("the register is left alone after repeated failures")]
    LeftAlone,
}

impl Unanswered {
    /// A label for metrics and logs.
    pub fn label(self) -> &'static str {
        match self {
            Unanswered::Unreachable => "unreachable",
            Unanswered::TimedOut => "timed_out",
            Unanswered::Status(_) => "status",
            Unanswered::Refused { .. } => "refused",
            Unanswered::Failed { .. } => "failed",
            Unanswered::Unusable(_) => "unusable",
            Unanswered::LeftAlone => "left_alone",
        }
    }
}
