//! Cases (ärenden) as the resident sees them: where hers stands, who has the next move, what happened, messages,
//! documents and decisions. What a receiver's events mean to a case is decided here, whichever way they come.

mod appeal;
mod apply;
mod asked;
mod asking;
mod document_store;
mod effects;
mod fold;
mod inbound_store;
mod inspect;
mod inspect_store;
mod mapping;
mod model;
mod open;
mod request_store;
mod status;
mod store;
#[cfg(test)]
mod tests;

pub use apply::{Sender, apply, bury_parked, rerun_parked, rerun_unmapped};
pub use inspect::{
    EventWish, UnmappedCode, by_reference, count_events, event, events, replay, run_waiting, unmapped_codes, written_by,
};
pub use mapping::{MappingRow, StatusMappings};
pub use model::*;
pub use open::*;
pub use request_store::{AnswerFile, Request, RequestData, RequestKind, RequestState};
