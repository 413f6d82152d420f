//! What a receiving system is to us, whatever it speaks.

use crate::contract::DeliveryReceipt;
use crate::vocabulary::{At, DeliveryId};
use futures_util::future::BoxFuture;

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
    /// Nothing was sent: what was to be sent cannot be vouched for.
    Unfit {
        /// For staff; no personal data.
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
    fn deliver<'a>(&'a self, id: &'a DeliveryId, body: Vec<u8>, now: At) -> BoxFuture<'a, Answer>;
    /// Asks what became of a delivery.
    fn find<'a>(&'a self, id: &'a DeliveryId) -> BoxFuture<'a, Found>;
    /// Whether it answers at all.
    fn is_ready(&self) -> BoxFuture<'_, bool>;
}
