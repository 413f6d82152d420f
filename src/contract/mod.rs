//! The integration contract as types: what the portal hands to a receiver (deliveries), what comes back (events), how
//! both are signed and how faults are told. Portal and desk meet here and over HTTP, nowhere else. No I/O.
//!
//! UTF-8 JSON, camelCase, times in UTC with `Z`, ids UUIDv7. Readers ignore members they do not know.

mod answers;
mod delivery;
mod event;
mod event_data;
mod feed;
mod problem;
mod schema;
mod scope;
mod signature;
mod status;

pub use answers::*;
pub use delivery::*;
pub use event::*;
pub use event_data::*;
pub use feed::*;
pub use problem::{InvalidParameter, Problem, ProblemCode};
pub use scope::Scope;
pub use signature::{InvalidSecret, Secret, SignatureFault, TOLERANCE_SECONDS};
pub use status::{NextMove, Outcome, PortalStatus};
