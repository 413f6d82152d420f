//! The answers in the resident's order and words: the page where she checks them, the receipt, and what is handed on.

use super::answers::Source;
use crate::vocabulary::At;
use serde::{Deserialize, Serialize};

/// One step of the review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// The step's heading.
    pub title: String,
    /// The step's id, for the link back to it.
    pub step: String,
    /// Its answers.
    pub items: Vec<ReviewItem>,
}

/// One answer of the review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewItem {
    /// The question's id.
    pub id: String,
    /// The question, or its shorter name.
    pub label: String,
    /// The answer in words, lines and rows apart by line breaks.
    pub text: String,
    /// The same line by line.
    pub lines: Vec<String>,
    /// Where it comes from.
    pub source: Source,
    /// When it was saved or fetched.
    pub source_at: At,
}
