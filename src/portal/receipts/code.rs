//! The short code of a receipt.

use crate::settings::{KeyFault, random_bytes};
use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;

/// Sixteen characters of Crockford's base 32, 80 random bits: nobody finds one by trying.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode(String);

/// Not sixteen such characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a receipt's code")]
pub struct InvalidCode;

impl ReceiptCode {
    /// A new one.
    pub fn fresh() -> Result<Self, KeyFault> {
        let bits = random_bytes::<10>()?.iter().fold(0u128, |n, byte| n << 8 | u128::from(*byte));
        let places = (0..LENGTH).rev().filter_map(|place| ALPHABET.get(((bits >> (place * 5)) & 31) as usize));
        Ok(Self(places.map(|b| char::from(*b)).collect()))
    }

    /// As stored and in addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReceiptCode {
    type Err = InvalidCode;

    /// Lower case, spaces and hyphens, O for 0 and I or L for 1 are taken as meant.
    fn from_str(typed: &str) -> Result<Self, InvalidCode> {
        let meant = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let text: String = meant.take(LENGTH + 1).collect();
        let is_fine = text.len() == LENGTH && text.bytes().all(|b| ALPHABET.contains(&b));
        if is_fine { Ok(Self(text)) } else { Err(InvalidCode) }
    }
}

/// In groups of four, as it is printed and read out.
impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, c) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptCode(•••)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_was_meant_and_nothing_else_is() {
        let code = ReceiptCode::fresh().unwrap();
        assert_eq!(code.to_string().to_lowercase().replace('-', " ").parse::<ReceiptCode>(), Ok(code.clone()));
        assert_ne!(ReceiptCode::fresh().unwrap(), code);
        assert_eq!("o0il o0il o0il o0il".parse::<ReceiptCode>().unwrap().as_str(), "0011001100110011");
        for wrong in ["", "123", "0123456789ABCDEFG", "0123456789ABCDEU", "0123456789ABCDÉF"] {
            assert_eq!(wrong.parse::<ReceiptCode>(), Err(InvalidCode), "{wrong}");
        }
    }
}
