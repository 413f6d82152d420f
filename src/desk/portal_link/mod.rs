//! The desk's side of the contract: what happens in an errand goes to the portal as events, with the files that they name
//! before them, and the files of a delivery are fetched from it. All is written in the transaction that decides it and
//! done afterwards.

mod documents;
mod fetch;
mod outbox;
mod portal;
mod push;
mod sent;
mod store;
mod sweep;
mod upload;

pub use documents::{Document, DocumentState, find as document, note_documents, of_errand as documents_of};
pub use fetch::{Fetcher, is_of as is_at_portal};
pub use outbox::{About, NotAnnounced, announce, announce_with, free_leases, undelivered, waiting};
pub use portal::{Answered, NoAnswer, Portals, Push};
pub use push::{Pusher, is_polled, target_of};
pub use sent::{NewFile, SentFile, keep_files, sent_file, sent_of, withdraw_file};
pub use store::{
    LinkState, RefusedEvent, RefusedFile, fetch_again, leave, link_state, refused_events, refused_files, replay,
    send_again,
};
pub use sweep::delete_orphans;
