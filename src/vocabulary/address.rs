//! How a resident is reached.

use std::fmt;
use std::str::FromStr;

/// An e-mail address that a mail server can take: one `@`, no spaces or control characters, at most 254 characters
/// (RFC 5321 4.5.3.1). Whether anyone reads it only a mail can tell.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// Not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl FromStr for EmailAddress {
    type Err = InvalidEmail;
    fn from_str(typed: &str) -> Result<Self, InvalidEmail> {
        let text = typed.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let labels_fine = domain.contains('.')
            && domain.split('.').all(|l| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-'));
        let characters_fine =
            text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c));
        let local_fine = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && !local.contains('@');
        if text.len() <= 254 && labels_fine && characters_fine && local_fine {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEmail)
        }
    }
}

impl EmailAddress {
    /// As typed, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••@•••")
    }
}

/// A telephone number in one form: `+46701234567` or national digits with leading zero turned into `+46`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// Not a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a telephone number")]
pub struct InvalidPhone;

impl FromStr for PhoneNumber {
    type Err = InvalidPhone;
    fn from_str(typed: &str) -> Result<Self, InvalidPhone> {
        let mut text = String::new();
        for c in typed.trim().chars() {
            match c {
                '0'..='9' => text.push(c),
                '+' if text.is_empty() => text.push(c),
                ' ' | '-' | '/' | '(' | ')' | '.' | '\u{a0}' | '\u{2010}'..='\u{2015}' => {}
                _ => return Err(InvalidPhone),
            }
        }
        let international = if let Some(rest) = text.strip_prefix("00") {
            format!("+{rest}")
        } else if let Some(rest) = text.strip_prefix('0') {
            format!("+46{rest}")
        } else if text.starts_with('+') {
            text
        } else {
            return Err(InvalidPhone);
        };
        // E.164: at most 15 digits; the shortest Swedish subscriber numbers have 7 with the area code.
        if (9..=16).contains(&international.len()) { Ok(Self(international)) } else { Err(InvalidPhone) }
    }
}

impl PhoneNumber {
    /// E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PhoneNumber {
    /// As people in Sweden write it: `070-123 45 67`; others' numbers as they are dialled.
    pub fn shown(&self) -> String {
        let Some(national) = self.0.strip_prefix("+46") else { return self.0.clone() };
        match national.as_bytes() {
            [b'7', ..] if national.len() == 9 => {
                let part = |range: std::ops::Range<usize>| national.get(range).unwrap_or_default();
                format!("0{}-{} {} {}", part(0..2), part(2..5), part(5..7), part(7..9))
            }
            _ => format!("0{national}"),
        }
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("+•••")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_write_them() {
        for good in ["anna@example.se", " åsa.öberg+kommun@post.example.se "] {
            assert!(good.parse::<EmailAddress>().is_ok(), "{good}");
        }
        for bad in [
            "anna",
            "anna@",
            "@example.se",
            "a b@example.se",
            "anna@example",
            "anna@@example.se",
            "a@b..se",
            "x\n@a.se",
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn phone_numbers_as_people_write_them() {
        for (typed, kept) in [
            ("070-123 45 67", "+46701234567"),
            ("+46 70 123 45 67", "+46701234567"),
            ("0046 435 550 00", "+4643555000"),
        ] {
            assert_eq!(typed.parse::<PhoneNumber>().map(|p| p.as_str().to_owned()).as_deref(), Ok(kept));
        }
        for (kept, shown) in
            [("+46701234567", "070-123 45 67"), ("+4643555000", "043555000"), ("+4790123456", "+4790123456")]
        {
            assert_eq!(kept.parse::<PhoneNumber>().map(|p| p.shown()).as_deref(), Ok(shown));
        }
        for bad in ["123", "ring mig", "070", "12345678901234567890"] {
            assert!(bad.parse::<PhoneNumber>().is_err(), "{bad}");
        }
    }
}
