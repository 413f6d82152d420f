//! Texts of the configuration, in the languages that it has them in.

use super::Voice;
use crate::vocabulary::Lang;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One text. In a file it is a string, in Swedish, or a table by language, `{ sv = "…", en = "…" }`; definitions of
/// services write it their own way. Swedish is always there; where a language is missing the Swedish stands in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Words(Said);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Written {
        swedish: String,
        others: BTreeMap<Lang, String>,
    },
    /// A text of the product's own stands where the file says nothing.
    Text(&'static str),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Swedish(String),
    Languages(BTreeMap<String, String>),
}

impl TryFrom<Written> for Words {
    type Error = String;
    fn try_from(written: Written) -> Result<Self, String> {
        let mut texts = match written {
            Written::Swedish(text) => return Ok(Words::new(text, [])),
            Written::Languages(texts) => texts,
        };
        let swedish = texts.remove(Lang::SWEDISH.tag()).ok_or("the text is not there in Swedish: sv = \"…\"")?;
        let others: Result<Vec<_>, String> = texts
            .into_iter()
            .map(|(tag, text)| tag.parse().map(|lang| (lang, text)).map_err(|e| format!("`{tag}`: {e}")))
            .collect();
        Ok(Words::new(swedish, others?))
    }
}

impl Default for Words {
    fn default() -> Self {
        Words::new("", [])
    }
}

impl Words {
    /// In Swedish and other languages.
    pub fn new(swedish: impl Into<String>, others: impl IntoIterator<Item = (Lang, String)>) -> Self {
        Words(Said::Written { swedish: swedish.into(), others: others.into_iter().collect() })
    }

    /// A text of the product's own.
    pub fn text(key: &'static str) -> Self {
        Words(Said::Text(key))
    }

    /// In this voice's language, else in Swedish.
    pub fn get(&self, voice: &Voice) -> Cow<'_, str> {
        match &self.0 {
            Said::Written { swedish, others } => Cow::Borrowed(others.get(&voice.lang()).unwrap_or(swedish)),
            Said::Text(key) => Cow::Owned(voice.text(key)),
        }
    }

    /// The languages beside Swedish that the configuration has it in.
    pub fn others(&self) -> impl Iterator<Item = Lang> {
        let others = match &self.0 {
            Said::Written { others, .. } => Some(others.keys().copied()),
            Said::Text(_) => None,
        };
        others.into_iter().flatten()
    }

    /// True when nothing is said.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Said::Written { swedish, .. } if swedish.is_empty())
    }

    /// The Swedish of a file.
    pub fn written(&self) -> &str {
        match &self.0 {
            Said::Written { swedish, .. } => swedish,
            Said::Text(_) => "",
        }
    }
}
