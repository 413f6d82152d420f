//! What a receiving system is to us, whatever it speaks.

use super::notices::Noticed;
use super::parcel::{Parcel, Question};
use crate::contract::{CaseState, DeliveryReceipt};
use crate::vocabulary::At;
use futures_util::future::{BoxFuture, FutureExt};

/// An accepted delivery is asked about after a day, seconds.
pub(super) const ASK_AFTER: i64 = 86_400;

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Registered or accepted, as the receipt says, with the HTTP status.
    Receipt(Box<DeliveryReceipt>, u16),
    /// May go better later; costs an attempt.
    Transient {
        /// The HTTP status, when there was one.
        status: Option<u16>,
        /// Seconds that the receiver asks us to wait.
        retry_after: Option<u32>,
        /// It may have arrived all the same: ask before sending again.
        unclear: bool,
        /// For staff; no personal data.
        note: String,
    },
    /// Our settings or its address are wrong: the whole target waits, no attempt is spent.
    Configuration {
        /// The HTTP status, when there was one.
        status: Option<u16>,
        /// For staff.
        note: String,
    },
    /// It wants nothing more at this address (410): the whole target waits for a person.
    Gone {
        /// For staff.
        note: String,
    },
    /// Nothing was sent: what was to be sent cannot be vouched for, or is more than the target takes.
    Unfit {
        /// For staff; no personal data.
        note: String,
    },
    /// It may have arrived, and the target would make two of it if it came again: a person must look.
    OutcomeUnknown {
        /// The HTTP status, when there was one.
        status: Option<u16>,
    },
    /// It may have arrived at an address that the target no longer has, and nobody there says. Nothing about the target as it
    /// is now; costs an attempt.
    LeftBehind {
        /// For staff.
        note: String,
    },
    /// It will never take this body.
    Permanent {
        /// The HTTP status.
        status: u16,
        /// For staff.
        note: String,
    },
}

impl Answer {
    /// Something here, not there, went wrong before anything was sent.
    pub(super) fn not_now(note: impl ToString) -> Self {
        Answer::Transient { status: None, retry_after: None, unclear: false, note: note.to_string() }
    }
}

/// What the receiver knows of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It has it.
    Known(Box<DeliveryReceipt>, u16),
    /// It has never seen it.
    Never,
    /// It did not say.
    Fault(Answer),
}

/// A system that takes deliveries.
pub trait Receiver: Send + Sync {
    /// Hands over a sealed body under the delivery's id as idempotency key.
    fn deliver<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Answer>;
    /// Asks what became of a delivery.
    fn find<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Found>;
    /// Whether it answers at all.
    fn is_ready(&self) -> BoxFuture<'_, bool>;
    /// How a case is there; `None` when it does not say.
    fn read_case<'a>(&'a self, _external_case_id: &'a str, _now: At) -> BoxFuture<'a, Option<CaseState>> {
        async { None }.boxed()
    }
    /// Tells it of something that happened, under the notice's id.
    fn notify<'a>(&'a self, _id: &'a str, _body: Vec<u8>, _now: At) -> BoxFuture<'a, Noticed> {
        async { Noticed::Refused }.boxed()
    }
    /// Seconds until an accepted delivery is asked about.
    fn ask_after(&self) -> i64 {
        ASK_AFTER
    }
}
