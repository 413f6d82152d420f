//! Texts of a definition in the languages it has.

use crate::vocabulary::Lang;

/// One text. Swedish is always there; where a language is missing the Swedish stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    sv: String,
    en: Option<String>,
}

impl Words {
    /// In Swedish and, when there is one, in English.
    pub fn new(sv: impl Into<String>, en: Option<String>) -> Self {
        Words { sv: sv.into(), en }
    }

    /// In both languages.
    pub(super) fn both(sv: &str, en: &str) -> Self {
        Words { sv: sv.to_owned(), en: Some(en.to_owned()) }
    }

    /// In this language, else in Swedish.
    pub fn get(&self, lang: Lang) -> &str {
        match (lang, &self.en) {
            (Lang::En, Some(en)) => en,
            _ => &self.sv,
        }
    }

    /// True when it is said in English too.
    pub fn has_english(&self) -> bool {
        self.en.is_some()
    }

    /// True when nothing is said.
    pub fn is_empty(&self) -> bool {
        self.sv.is_empty()
    }
}
