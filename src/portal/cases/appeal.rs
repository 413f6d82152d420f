//! When she has taken part of a decision, and until when it can be appealed.

use super::model::Decision;
use crate::vocabulary::{At, Day, last_day};

impl Decision {
    /// She is asked to confirm that she has it, and has not.
    pub fn awaits_confirmation(&self) -> bool {
        let is_required = self.data.0.service.as_ref().is_some_and(|s| s.required);
        is_required && self.confirmed_at.is_none() && self.served_at.is_none()
    }

    /// From when the time to appeal runs, where it is known.
    pub fn known_to_her(&self) -> Option<At> {
        self.served_at.or(self.confirmed_at)
    }

    /// The last day to appeal, where it is known from when that time runs (förvaltningslagen 44 §, lag 1930:173).
    pub fn appeal_by(&self) -> Option<Day> {
        let appeal = self.data.0.appeal.as_ref().filter(|a| a.regime != "kl")?;
        self.known_to_her().map(|at| last_day(at.day(), appeal.weeks))
    }
}
