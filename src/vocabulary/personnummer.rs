//! Swedish identity numbers of people.

use super::At;
use super::check_digit::{digits_as_typed, luhn_is_valid};
use std::fmt;

/// Personnummer or samordningsnummer in its one canonical form: twelve digits `YYYYMMDDNNNC`.
/// Never prints itself: `Debug` and `Display` are masked, [`expose`](Self::expose) is for the few who must see it.
/// Rules: folkbokföringslagen (1991:481) 18 §, Skatteverket SKV 704 and SKV 707.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Personnummer(String);

/// Which of the two registers' numbers it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonnummerKind {
    /// Folkbokförd, now or earlier.
    Personnummer,
    /// Assigned to a person who is not folkbokförd; the day is 60 too large.
    Samordningsnummer,
}

/// Why a number was refused. Never holds what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPersonnummer {
    /// Not ten or twelve digits.
    #[error("not ten or twelve digits")]
    Form,
    /// The date does not exist, or lies ahead.
    #[error("the date does not exist or lies ahead")]
    Date,
    /// The last digit does not fit the others.
    #[error("the check digit does not fit")]
    CheckDigit,
}

impl Personnummer {
    /// From a machine (a claim, Navet, the database): twelve ASCII digits and nothing else. `today` refuses the unborn.
    pub fn from_canonical(text: &str) -> Result<Self, InvalidPersonnummer> {
        if text.len() != 12 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidPersonnummer::Form);
        }
        let digits: Vec<u8> = text.bytes().map(|b| b - b'0').collect();
        Self::from_digits(&digits)
    }

    /// From a person: ten or twelve digits with or without a sign, spaces and dashes. With ten digits the century is the
    /// latest possible at `now`; `+` means one hundred years or more.
    pub fn parse(typed: &str, now: At) -> Result<Self, InvalidPersonnummer> {
        let (digits, plus) = digits_as_typed(typed).ok_or(InvalidPersonnummer::Form)?;
        let today = now.in_sweden().date();
        let full: Vec<u8> = match digits.len() {
            12 => digits,
            10 => {
                let short = |range: std::ops::Range<usize>| {
                    digits.get(range).unwrap_or_default().iter().fold(0i32, |n, d| n * 10 + i32::from(*d))
                };
                let (year_ending, month, day) = (short(0..2), short(2..4), short(4..6));
                let this_year = i32::from(today.year());
                let mut year = this_year - (this_year - year_ending).rem_euclid(100);
                if plus {
                    year -= 100;
                } else {
                    let day = if day > 60 { day - 60 } else { day };
                    if (year, month, day) > (this_year, i32::from(today.month()), i32::from(today.day())) {
                        year -= 100;
                    }
                }
                let century = u8::try_from(year / 100).map_err(|_| InvalidPersonnummer::Date)?;
                [century / 10, century % 10].into_iter().chain(digits).collect()
            }
            _ => return Err(InvalidPersonnummer::Form),
        };
        let number = Self::from_digits(&full)?;
        match number.birth_date() {
            Some(born) if born > today => Err(InvalidPersonnummer::Date),
            _ => Ok(number),
        }
    }

    fn from_digits(digits: &[u8]) -> Result<Self, InvalidPersonnummer> {
        let text: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
        let number = Self(text);
        let (year, month, day) = number.date_parts();
        if !(1800..2100).contains(&year) || number.0.get(8..11) == Some("000") {
            return Err(InvalidPersonnummer::Date);
        }
        let date_is_possible = if day > 60 || (day == 60 && month <= 12) {
            // Published samordningsnummer have month 00, day 60 and day 89–91 in short months.
            (0..=12).contains(&month) && (60..=91).contains(&day)
        } else {
            jiff::civil::Date::new(year, month, day).is_ok()
        };
        if !date_is_possible {
            return Err(InvalidPersonnummer::Date);
        }
        if !luhn_is_valid(digits.get(2..).unwrap_or_default()) {
            return Err(InvalidPersonnummer::CheckDigit);
        }
        Ok(number)
    }

    fn date_parts(&self) -> (i16, i8, i8) {
        let part = |range: std::ops::Range<usize>| self.0.get(range).and_then(|s| s.parse::<i16>().ok()).unwrap_or(0);
        (part(0..4), i8::try_from(part(4..6)).unwrap_or(0), i8::try_from(part(6..8)).unwrap_or(0))
    }

    /// The twelve digits. For storage under seal, for look-ups and for the receiver of a case; never for logs or URLs.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `YYYYMMDD-NNNC`, for the person's own eyes.
    pub fn for_its_owner(&self) -> String {
        format!("{}-{}", self.0.get(..8).unwrap_or_default(), self.0.get(8..).unwrap_or_default())
    }

    /// Personnummer or samordningsnummer.
    pub fn kind(&self) -> PersonnummerKind {
        if self.date_parts().2 >= 60 { PersonnummerKind::Samordningsnummer } else { PersonnummerKind::Personnummer }
    }

    /// The date in the number: nearly always the birth date. `None` when a samordningsnummer leaves part of it out.
    pub fn birth_date(&self) -> Option<jiff::civil::Date> {
        let (year, month, day) = self.date_parts();
        jiff::civil::Date::new(year, month, if day >= 60 { day - 60 } else { day }).ok()
    }

    /// Whole years on `today`.
    pub fn age(&self, today: jiff::civil::Date) -> Option<i16> {
        let born = self.birth_date()?;
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        Some(today.year() - born.year() - i16::from(!had_birthday))
    }
}

impl fmt::Display for Personnummer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}••••••-••••", self.0.get(..2).unwrap_or_default())
    }
}

impl fmt::Debug for Personnummer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published by Skatteverket for test environments.
    const PUBLISHED: &[&str] = &[
        "199001012385",
        "199008252398",
        "201501022386",
        "201801012392",
        "202201022387",
        "202312312388",
        "201501012395",
        "199202292380",
        "199201012391",
        "199601022388",
        "198802292394",
        "200002292399",
        "200401022389",
        "200401012398",
        "200612312389",
        "200801012386",
        "200812312395",
        "195509132386",
        "196212282583",
        "193911137077",
        "194606109108",
        "192602129013",
        "192011189228",
        "198502862397",
        "199000702390",
        "200200872380",
        "198000602394",
        "197010632391",
    ];

    fn now() -> At {
        "2026-12-01T12:00:00Z".parse().unwrap_or(At::EPOCH)
    }

    #[test]
    fn every_published_test_number_is_accepted_and_never_printed() {
        for number in PUBLISHED {
            let parsed = Personnummer::from_canonical(number).unwrap_or_else(|e| panic!("{number}: {e}"));
            assert_eq!(parsed.expose(), *number);
            assert!(!format!("{parsed} {parsed:?}").contains(&number[2..8]));
            assert_eq!(Personnummer::parse(&parsed.for_its_owner(), now()).as_ref(), Ok(&parsed));
        }
    }

    #[test]
    fn ten_digits_get_the_century_from_the_sign_and_the_day() {
        let cases = [
            ("900101-2385", "199001012385"),
            ("9001012385", "199001012385"),
            ("220102 2387", "202201022387"),
            ("260212+9013", "192602129013"),
            ("201118+9228", "192011189228"),
            ("850286–2397", "198502862397"),
        ];
        for (typed, canonical) in cases {
            assert_eq!(
                Personnummer::parse(typed, now()).map(|n| n.expose().to_owned()).as_deref(),
                Ok(canonical),
                "{typed}"
            );
        }
    }

    #[test]
    fn numbers_that_cannot_exist_are_refused_with_the_reason() {
        use InvalidPersonnummer::*;
        let cases = [
            ("199001012386", CheckDigit),
            ("199013012385", Date),
            ("199002302385", Date),
            ("190002292385", Date),
            ("19900101-2385", Form),
            ("9001012385", Form),
            ("000000000000", Date),
            ("１９９００１０１２３８５", Form),
            ("199001012385\n", Form),
        ];
        for (text, reason) in cases {
            assert_eq!(Personnummer::from_canonical(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn age_counts_whole_years() {
        let number = Personnummer::from_canonical("200812312395").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(number.age(jiff::civil::date(2026, 12, 30)), Some(17));
        assert_eq!(number.age(jiff::civil::date(2026, 12, 31)), Some(18));
    }

    proptest::proptest! {
        #[test]
        fn anything_typed_is_a_number_or_an_error(typed in ".{0,40}") {
            if let Ok(number) = Personnummer::parse(&typed, now()) {
                proptest::prop_assert_eq!(Personnummer::from_canonical(number.expose()), Ok(number));
            }
        }

        #[test]
        fn one_wrong_digit_is_always_found(which in 0..28usize, place in 2..12usize, change in 1..10u8) {
            let mut digits = PUBLISHED[which].as_bytes().to_vec();
            digits[place] = b'0' + (digits[place] - b'0' + change) % 10;
            let changed = String::from_utf8_lossy(&digits).into_owned();
            proptest::prop_assert!(Personnummer::from_canonical(&changed).is_err());
        }
    }
}
