//! Telling the resident that something is new: what, when, through which channel. One letter for each case, event and
//! channel, enqueued in the transaction that decides it. A letter may come twice, never zero times. It says that there is
//! something to read on Mina sidor, and nothing that may not lie open in a mailbox.

mod mail;
mod store;

pub use mail::{Letters, MAIL_JOB};
pub use store::{invite, letters_waiting, notify};

use crate::word_enum;

word_enum! {
    /// What is new.
    News {
        /// Her submission was received: the receipt.
        Received = "received",
        /// The case has another status.
        Status = "status",
        /// A message from the municipality.
        Message = "message",
        /// A document from the municipality.
        Document = "document",
        /// A decision.
        Decision = "decision",
        /// To somebody else: her signature is asked for.
        Sign = "sign",
        /// Everybody who was asked has signed.
        Signed = "signed",
        /// Not everybody did: it went to the handler all the same.
        Unsigned = "unsigned",
    }
}
