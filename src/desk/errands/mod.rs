//! Errands as handlers work them: the inbox, reading, taking, statuses, messages, the end.
//!
//! Every change is one unit of work: a conditional update that holds the `version` which the handler had before her, the
//! journal, and the events to the portal with the sequence numbers that the update gave. Whoever comes second changes
//! nothing and is told so.

mod access;
mod assign;
pub mod case_types;
mod close;
mod diary;
mod documents;
mod due;
mod hearing;
mod inbox;
mod message;
mod read;
mod register;
mod search;
mod snapshot;
mod status;
mod store;
mod supplement;
mod transfer;

pub use access::{Act, open, reason_given};
pub use assign::{assign, give_back, move_to, take};
pub use case_types::code::{APPEALED, DECIDED, WITHDRAWN};
pub use case_types::{AppealRegime, CaseType, Catalogue, Reply};
pub use close::{Closing, close, reopen};
pub use diary::{next_number, search_key};
pub use documents::{send_documents, withdraw_document};
pub use due::{day_ahead, set_due};
pub use hearing::{HearingDraft, request_hearing};
pub use inbox::{Cursor, Filter, InboxPage, Listed, inbox};
pub use message::{Draft as MessageDraft, write};
pub use read::{Reading, read, read_document, read_sent};
pub use register::{Registration, attach, register};
pub use search::{fold, found};
pub use snapshot::case_snapshot;
pub use status::{change as change_status, snapshot as status_snapshot, tell_status};
pub use store::{
    Advanced, Direction, Errand, Message, Patch, Request, RequestKind, RequestState, advance, find, find_by_case,
};
pub use supplement::{Resolution, SupplementDraft, request_supplement, resolve_supplement};
pub use transfer::transfer;

use crate::db::DbError;
use crate::desk::portal_link::NotAnnounced;
use crate::word_enum;

word_enum! {
    /// Why a handler should look at an errand.
    Attention {
        /// Nobody has taken it yet.
        New = "new",
        /// The resident has written.
        Message = "message",
        /// She has sent what was asked for.
        Supplement = "supplement",
        /// She takes it back.
        Withdrawn = "withdrawn",
        /// She has answered before a decision.
        Hearing = "hearing",
        /// She asks for a decision after six months.
        DecisionRequest = "decision_request",
        /// She has appealed.
        Appeal = "appeal",
    }
}

/// A field of a form and the name of the text that says what is wrong with it.
pub type FieldFault = (&'static str, &'static str);

/// Why something was not done with an errand. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ErrandFault {
    /// Not there, of another municipality or of a unit that is not hers: the same.
    #[error("no such errand")]
    NotFound,
    /// Protected identity: opened only with a stated reason.
    #[error("a reason must be stated first")]
    NeedsReason,
    /// Somebody else changed it after the form was opened.
    #[error("the errand has changed")]
    Changed,
    /// Not by her, or not in its present state. The name of a text.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// What she wrote is not enough: field and name of a text.
    #[error("{0}: {1}")]
    Invalid(&'static str, &'static str),
    /// Several things that she wrote are not enough, in the form's order.
    #[error("{0:?}")]
    Incomplete(Vec<FieldFault>),
    /// What the portal is to be told could not be written.
    #[error(transparent)]
    Event(#[from] NotAnnounced),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for ErrandFault {
    fn from(e: diesel::result::Error) -> Self {
        ErrandFault::Db(e.into())
    }
}
