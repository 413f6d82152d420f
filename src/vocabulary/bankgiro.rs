//! Numbers in Bankgirot, which money to associations and companies is paid to.

use super::check_digit::{digits_as_typed, luhn_is_valid};
use std::fmt;

/// Bankgironummer: seven or eight digits, the last of them a check digit (modulus 10, Bankgirot's *10-modulen*).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bankgiro(String);

/// Why a number was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBankgiro {
    /// Not seven or eight digits.
    #[error("not seven or eight digits")]
    Form,
    /// The last digit does not fit the others.
    #[error("the check digit does not fit")]
    CheckDigit,
}

impl Bankgiro {
    /// From what people type: with or without a dash and spaces, and with `BG` or `bankgiro` before it, as on an invoice.
    pub fn parse(typed: &str) -> Result<Self, InvalidBankgiro> {
        let bare = typed.trim().trim_start_matches(|c: char| c.is_alphabetic() || ": ".contains(c));
        let (digits, plus) = digits_as_typed(bare).ok_or(InvalidBankgiro::Form)?;
        if plus || !(7..=8).contains(&digits.len()) {
            return Err(InvalidBankgiro::Form);
        }
        if !luhn_is_valid(&digits) {
            return Err(InvalidBankgiro::CheckDigit);
        }
        Ok(Self(digits.iter().map(|d| char::from(b'0' + d)).collect()))
    }

    /// Digits without a dash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Bankgiro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.0.split_at_checked(self.0.len().saturating_sub(4)).unwrap_or_default();
        write!(f, "{first}-{last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_as_it_stands_on_an_invoice() {
        for (typed, shown) in [
            ("991-2346", "991-2346"),
            ("5050-1055", "5050-1055"),
            ("BG 5050 1055", "5050-1055"),
            ("Bankgiro: 9912346", "991-2346"),
        ] {
            assert_eq!(Bankgiro::parse(typed).map(|n| n.to_string()).as_deref(), Ok(shown), "{typed}");
        }
    }

    #[test]
    fn a_wrong_number_is_refused_with_the_reason() {
        use InvalidBankgiro::*;
        for (typed, why) in
            [("991-2345", CheckDigit), ("123456", Form), ("505010555", Form), ("", Form), ("5050-105x", Form)]
        {
            assert_eq!(Bankgiro::parse(typed), Err(why), "{typed}");
        }
    }
}
