//! Files that people send and documents that we make: what a file is ([`Sniffer`]), where it is kept ([`BlobStore`]),
//! and what it may be called ([`safe_file_name`]). Decides by content only: a name and a claimed type are somebody's
//! words.

mod kind;
mod name;
mod sniff;
mod store;

pub use kind::FileKind;
pub use name::safe_file_name;
pub use sniff::{Refusal, Sniffer, sniff};
pub use store::{BlobError, BlobKey, BlobStore, ReceiveError, StoredBlob};
