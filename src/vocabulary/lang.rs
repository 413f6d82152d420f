//! Languages by their tags.

use std::fmt;
use std::str::FromStr;

/// A language, as `<html lang>`, the cookie `kp_lang`, folders of texts and files of configuration name it: the two or
/// three letters of BCP 47's first part (`sv`, `en`, `fi`, `fit`). Whether we speak it is for `texts` to say; Swedish is
/// always spoken, and what every other language falls back to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang([u8; 3]);

impl Lang {
    /// The language of the source texts, of the desk's records and of the archive.
    pub const SWEDISH: Lang = Lang(*b"sv ");

    /// The letters.
    pub fn tag(&self) -> &str {
        // Only ASCII letters and spaces are ever put in.
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }
}

impl Default for Lang {
    fn default() -> Self {
        Lang::SWEDISH
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// Not the tag of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is written with two or three letters, as sv or fit")]
pub struct InvalidLang;

impl FromStr for Lang {
    type Err = InvalidLang;
    /// `sv`, and the same with a region: `sv-SE`.
    fn from_str(tag: &str) -> Result<Self, InvalidLang> {
        let letters = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if !letters.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(InvalidLang);
        }
        match *letters.as_bytes() {
            [a, b] => Ok(Lang([a, b, b' '])),
            [a, b, c] => Ok(Lang([a, b, c])),
            _ => Err(InvalidLang),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_does_not_change_the_language() {
        assert_eq!("sv-SE".parse(), Ok(Lang::SWEDISH));
        assert_eq!("FI".parse::<Lang>().unwrap().tag(), "fi");
        assert_eq!("fit".parse::<Lang>().unwrap().to_string(), "fit");
        for wrong in ["", "s", "svenska", "s1", "å", "-sv"] {
            assert_eq!(wrong.parse::<Lang>(), Err(InvalidLang), "{wrong}");
        }
    }
}
