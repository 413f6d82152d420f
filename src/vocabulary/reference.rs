//! The citizen-facing reference of a case.

use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `EK-2026-7F3K9QX6`: year, seven random Crockford base32 characters and one check character (Luhn mod 32 over the
/// seven). Unique per municipality, neither guessable nor sequential, and never an access right.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Reference(String);

/// Not a reference: wrong form or wrong check character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a case reference")]
pub struct InvalidReference;

impl Reference {
    /// From five random bytes (35 bits are used) and the year of receipt.
    pub fn new(year: i16, random: [u8; 5]) -> Self {
        let bits = random.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
        let values: Vec<usize> = (0..7).rev().map(|place| ((bits >> (place * 5)) & 31) as usize).collect();
        let mut text = format!("EK-{year:04}-");
        text.extend(values.iter().chain([&check(&values)]).filter_map(|v| ALPHABET.get(*v)).map(|b| char::from(*b)));
        Self(text)
    }

    /// As shown and stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Luhn mod 32: from the right, factors 2, 1, 2, …; digit sums in base 32.
fn check(values: &[usize]) -> usize {
    let sum: usize = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, value)| {
            let product = value * if place % 2 == 0 { 2 } else { 1 };
            product / 32 + product % 32
        })
        .sum();
    (32 - sum % 32) % 32
}

impl FromStr for Reference {
    type Err = InvalidReference;

    /// Lower case, spaces, O for 0 and I or L for 1 are taken as meant.
    fn from_str(typed: &str) -> Result<Self, InvalidReference> {
        let text: String = typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let rest = text.strip_prefix("EK-").ok_or(InvalidReference)?;
        let (year, code) = rest.split_once('-').ok_or(InvalidReference)?;
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidReference);
        }
        let values: Vec<usize> = code
            .bytes()
            .map(|b| match b {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            })
            .map(|b| ALPHABET.iter().position(|a| *a == b).ok_or(InvalidReference))
            .collect::<Result<_, _>>()?;
        match values.split_last() {
            Some((last, seven)) if seven.len() == 7 && check(seven) == *last => {
                let code: String = values.iter().filter_map(|v| ALPHABET.get(*v)).map(|b| char::from(*b)).collect();
                Ok(Self(format!("EK-{year}-{code}")))
            }
            _ => Err(InvalidReference),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Reference {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_the_contract_holds() {
        assert_eq!("ek-2026-7f3k9qx6".parse::<Reference>().map(|r| r.to_string()).as_deref(), Ok("EK-2026-7F3K9QX6"));
        assert!("EK-2026-7F3K9QX5".parse::<Reference>().is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_made_can_be_read_and_one_wrong_character_is_found(random: [u8; 5], place in 8..16usize, to in 0..32usize) {
            let made = Reference::new(2026, random);
            proptest::prop_assert_eq!(made.as_str().parse::<Reference>(), Ok(made.clone()));
            let mut bytes = made.as_str().as_bytes().to_vec();
            if bytes[place] != ALPHABET[to] {
                bytes[place] = ALPHABET[to];
                let changed = String::from_utf8_lossy(&bytes).into_owned();
                proptest::prop_assert!(changed.parse::<Reference>().is_err());
            }
        }
    }
}
