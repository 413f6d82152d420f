//! What came in a posted form, before anything is made of it.

use serde::{Deserialize, Serialize};

/// Names and values in the order they were posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormData(Vec<(String, String)>);

/// No form of ours has more fields; the rest of a longer post is not looked at.
const MOST_FIELDS: usize = 2_000;
/// Longer than any answer may be, so that a too long one can be told from a fitting one and given back.
const LONGEST_VALUE: usize = 60_000;

impl FormData {
    /// Takes what was posted. Line ends become `\n`; characters that no one types (control characters, NUL, lone
    /// byte-order marks, direction overrides) are taken out.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        FormData(
            pairs
                .into_iter()
                .take(MOST_FIELDS)
                .map(|(name, value)| (clean(&name, 200), clean(&value, LONGEST_VALUE)))
                .collect(),
        )
    }

    /// The first value of that name.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All values of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every name and value.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// True when nothing was posted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }
}

fn clean(text: &str, longest: usize) -> String {
    let unwanted = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !unwanted(*c)).take(longest).collect()
}

/// What was typed into one step's fields, kept so that a refused form comes back as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        Typed(pairs)
    }

    /// As a form again.
    pub(super) fn form(&self) -> FormData {
        FormData(self.0.clone())
    }
}
