//! The desk's side of the contract: what happens in an errand goes to the portal as events, and the files of a delivery
//! are fetched from it. Both are written in the transaction that decides them and done afterwards.

mod documents;
mod fetch;
mod outbox;
mod push;

pub use documents::{Document, DocumentState, find as document, note_documents, of_errand as documents_of};
pub use fetch::{Fetcher, is_of as is_at_portal};
pub use outbox::{About, NotAnnounced, announce, free_leases, undelivered, waiting};
pub use push::{Pusher, target_of};
