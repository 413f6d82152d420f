//! Telling the resident that something is new: what, when, through which channel. One letter for each case, event and
//! channel, enqueued in the transaction that decides it. A letter may come twice, never zero times. It says that there is
//! something to read on Mina sidor, and nothing that may not lie open in a mailbox.

mod mail;
mod store;

pub use mail::{Letters, MAIL_JOB, REMINDER_JOB};
pub use store::{forget, invite, letters_waiting, notify, put_back, remind, unsent};

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
        /// More is needed from her.
        Supplement = "supplement",
        /// She may answer before a decision.
        Hearing = "hearing",
        /// A request that she has not answered is soon to be answered.
        Reminder = "reminder",
        /// A decision will take longer.
        Delay = "delay",
        /// To somebody else: her signature is asked for.
        Sign = "sign",
        /// Everybody who was asked has signed.
        Signed = "signed",
        /// Not everybody did: it went to the handler all the same.
        Unsigned = "unsigned",
    }
}

impl News {
    /// Also to somebody who wants letters by post: her receipt, and what she loses by not answering in time.
    fn is_always_told(self) -> bool {
        matches!(self, News::Received | News::Supplement | News::Hearing | News::Reminder)
    }
}
