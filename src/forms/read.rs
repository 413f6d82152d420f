//! From what was posted to answers, errors and what to do next.

use super::answers::Answers;
use super::form_data::Typed;
use serde::Serialize;

/// What is wrong with one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The id of the input, `group.0.field` within a group.
    pub field_id: String,
    /// Link to the input.
    pub href: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl FieldError {
    /// About the input of that id.
    pub fn new(field_id: impl Into<String>, message: impl Into<String>) -> Self {
        let field_id = field_id.into();
        FieldError { href: format!("#{field_id}"), field_id, message: message.into() }
    }
}

/// What is wrong with one answer, and on which page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepError {
    /// The step's id.
    pub step: String,
    /// What is wrong.
    #[serde(flatten)]
    pub error: FieldError,
}

/// What came of a posted step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepOutcome {
    /// Everything that is answered now, to be saved whatever comes next: what could be understood is set, what could not
    /// is taken away.
    pub answers: Answers,
    /// What is wrong; empty unless `next` is [`Next::Correct`].
    pub errors: Vec<FieldError>,
    /// What stood in the form, to be shown again unless `next` is [`Next::Continue`].
    pub typed: Typed,
    /// What to do now.
    pub next: Next,
    /// What she should know although nothing is wrong: for the next page's top.
    pub notices: Vec<String>,
}

/// What to do after a posted step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Go on to the next visible step.
    Continue,
    /// Show the page again with the errors.
    Correct,
    /// Show the page again: she added or took away a row, asked for it, or an answer brought up new questions.
    Again,
    /// As [`Next::Again`]; she took this file away, so it can be deleted from the store.
    FileRemoved {
        /// Its id in the store.
        file_id: String,
    },
}
