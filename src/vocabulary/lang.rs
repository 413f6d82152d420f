//! The languages that the product itself speaks.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The language of a page. Swedish is whole everywhere and is what every other language falls back to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Swedish.
    #[default]
    Sv,
    /// English.
    En,
}

impl Lang {
    /// The tag for `<html lang>` and for the cookie `kp_lang` (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Sv => "sv",
            Lang::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// Not a language that we speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the languages sv and en")]
pub struct UnknownLang;

impl FromStr for Lang {
    type Err = UnknownLang;
    /// `sv`, `en`, and the same with a region: `sv-SE`, `en-GB`.
    fn from_str(tag: &str) -> Result<Self, UnknownLang> {
        match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "sv" => Ok(Lang::Sv),
            "en" => Ok(Lang::En),
            _ => Err(UnknownLang),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_does_not_change_the_language() {
        assert_eq!("sv-SE".parse(), Ok(Lang::Sv));
        assert_eq!("EN".parse(), Ok(Lang::En));
        assert_eq!("de".parse::<Lang>(), Err(UnknownLang));
    }
}
