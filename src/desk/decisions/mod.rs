//! Decisions: what was decided, why, on what law, and how it is appealed. A decision is whole when it is made and is
//! never changed; what was wrong is put right by a further decision.

mod appeal;
mod decide;
mod store;

pub use appeal::{Appealable, instructions};
pub use decide::{DecisionDraft, decide, legal_basis};
pub use store::{Decision, exists, of_errand};
