//! Decisions: what was decided, why, on what law, how it is served and appealed. A decision is whole when it is made and is
//! never changed; what was wrong is put right by a further version, and the ones before it stay.

mod appeal;
mod appeals;
mod decide;
mod serve;
mod store;

pub use appeal::{Appealable, instructions};
pub use appeals::{
    AppealMethod, AppealNote, Timeliness, came as appeal_came, examine, note as note_appeal, timeliness,
};
pub use decide::{DecisionDraft, Further, decide, legal_basis};
pub use serve::{ServedHow, confirmed, last_day, serve};
pub use store::{AppealRow, Decision, appeals, exists, latest, of_errand};

use crate::word_enum;

word_enum! {
    /// Why a decision has another version.
    Ground {
        /// A slip of the pen is put right (förvaltningslagen 36 §).
        Correction = "36",
        /// It turned out wrong and may be changed (37 §).
        MayChange = "37",
        /// It is clearly wrong and must be changed (38 §).
        MustChange = "38",
    }
}
