//! Numbers of organisations: companies, associations, authorities.

use super::check_digit::{digits_as_typed, luhn_is_valid};
use std::fmt;

/// Organisationsnummer, ten digits; the third is at least 2, so it never looks like a date (SKV 709). A sole trader's
/// number is the owner's personnummer and is refused here: ask for it as a personnummer, and protect it as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Organisationsnummer(String);

/// Why a number was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrganisationsnummer {
    /// Not ten digits (or `16` and ten).
    #[error("not ten digits")]
    Form,
    /// The third digit is below 2: it is a person's number.
    #[error("this is a person's number")]
    Person,
    /// The last digit does not fit the others.
    #[error("the check digit does not fit")]
    CheckDigit,
}

impl Organisationsnummer {
    /// From what people type, or from a machine: ten digits, or `16` and ten, with or without a dash.
    pub fn parse(typed: &str) -> Result<Self, InvalidOrganisationsnummer> {
        let (digits, plus) = digits_as_typed(typed).ok_or(InvalidOrganisationsnummer::Form)?;
        let ten = match digits.as_slice() {
            [1, 6, ten @ ..] if ten.len() == 10 => ten,
            ten if ten.len() == 10 => ten,
            _ => return Err(InvalidOrganisationsnummer::Form),
        };
        if plus {
            return Err(InvalidOrganisationsnummer::Form);
        }
        if ten.get(2).is_some_and(|third| *third < 2) {
            return Err(InvalidOrganisationsnummer::Person);
        }
        if !luhn_is_valid(ten) {
            return Err(InvalidOrganisationsnummer::CheckDigit);
        }
        Ok(Self(ten.iter().map(|d| char::from(b'0' + d)).collect()))
    }

    /// Ten digits without a dash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Organisationsnummer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0.get(..6).unwrap_or_default(), self.0.get(6..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_are_accepted_in_every_form() {
        for (typed, shown) in [
            ("202100-5448", "202100-5448"),
            ("16 2021005489", "202100-5489"),
            ("5599999991", "559999-9991"),
            ("2120009911", "212000-9911"),
        ] {
            assert_eq!(Organisationsnummer::parse(typed).map(|n| n.to_string()).as_deref(), Ok(shown));
        }
    }

    #[test]
    fn a_wrong_number_is_refused_with_the_reason() {
        use InvalidOrganisationsnummer::*;
        for (typed, why) in [("202100-5449", CheckDigit), ("900101-2385", Person), ("12345", Form), ("abc", Form)] {
            assert_eq!(Organisationsnummer::parse(typed), Err(why), "{typed}");
        }
    }
}
