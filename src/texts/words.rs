//! Texts of the configuration, in the languages that it has them in.

use super::Voice;
use crate::vocabulary::Lang;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// One text. In a file it is a string, in Swedish, or a table by language, `{ sv = "…", en = "…" }`; definitions of
/// services write it their own way. Swedish is always there; where a language is missing the Swedish stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in Swedish, or one for each language: { sv = \"…\", en = \"…\" }")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Words, E> {
        Ok(Words::new(text, []))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some((tag, text)) = map.next_entry::<String, String>()? {
            let lang: Lang = tag.parse().map_err(|e| A::Error::custom(format!("`{tag}`: {e}")))?;
            texts.insert(lang, text);
        }
        let swedish = texts.remove(&Lang::SWEDISH);
        let swedish = swedish.ok_or_else(|| A::Error::custom("the text is not there in Swedish: sv = \"…\""))?;
        Ok(Words::new(swedish, texts))
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
