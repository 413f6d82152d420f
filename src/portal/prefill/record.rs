//! One person as the population register delivers her. Everything is optional: the municipality's order decides which
//! terms are in an answer, and codes may be added, so nothing here fails on what it does not know.

use crate::vocabulary::{Day, Personnummer};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A post in folkbokföringen. `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// Her own number; `None` when the order leaves it out.
    #[serde(with = "number")]
    pub number: Option<Personnummer>,
    /// Other numbers that the post refers to: the new one on an old post, earlier ones on a new post.
    #[serde(with = "numbers")]
    pub references: Vec<Personnummer>,
    /// True unless both protection flags are absent or a clear no.
    pub protected: bool,
    /// `YYYYMMDDhhmmss` of the last change in the register: the version of the post.
    pub changed_at: Option<String>,
    pub identity: IdentityStatus,
    /// Why the person is no longer registered; `None` for everyone who is.
    pub deregistration: Option<Deregistration>,
    /// `YYYYMMDD`, parts may be `00`.
    pub born: Option<String>,
    pub given_names: Option<String>,
    /// Two positions that point out the tilltalsnamn among the given names.
    pub first_name_marking: Option<String>,
    pub middle_name: Option<String>,
    pub surname: Option<String>,
    /// Four digits: county and municipality.
    pub municipality_code: Option<String>,
    pub property: Option<String>,
    pub apartment: Option<String>,
    pub registered_address: Option<SwedishAddress>,
    pub postal_address: Option<SwedishAddress>,
    pub foreign_address: Option<ForeignAddress>,
    /// The register's key of the address: equal keys mean the same address.
    pub address_key: Option<String>,
    pub civil_status: Option<String>,
    pub relations: Vec<Relation>,
}

/// An address in Sweden, as delivered (usually in capitals).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SwedishAddress {
    pub care_of: Option<String>,
    /// `Utdelningsadress1`, a rare line above the street: farm, place or box holder.
    pub extra: Option<String>,
    /// `Utdelningsadress2`, the usual street line.
    pub street: Option<String>,
    pub postcode: Option<String>,
    pub city: Option<String>,
}

/// An address abroad, as delivered.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ForeignAddress {
    pub lines: Vec<String>,
    /// In Swedish, in capitals.
    pub country: Option<String>,
}

/// How sure the register is of a person with samordningsnummer (lagen (2022:1697) om samordningsnummer).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum IdentityStatus {
    /// Active, or a person for whom the question does not arise.
    #[default]
    Usable,
    /// Dormant, closed, deregistered, or an identity that nobody has checked.
    Doubtful,
    /// Deregistered because the holder is dead.
    Deceased,
}

/// Why a person was deregistered (avregistreringsorsak).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Deregistration {
    /// `AV`, and anyone found dead.
    Deceased,
    /// `UV`.
    Emigrated,
    /// `GN`, `GS`: the post is that of an old number.
    OldNumber,
    /// `OB`.
    Missing,
    /// `TA`, `AS`.
    Technical,
    /// `FI`.
    FalseIdentity,
    /// `AN` and every code added since.
    Other,
}

/// A relation from the post's person to another.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    pub kind: RelationKind,
    pub to: RelatedTo,
    /// `YYYYMMDD` with possible `00` parts; `None` when not given.
    pub from: Option<String>,
    pub until: Option<String>,
    /// The register says on this relation that the other is dead.
    pub deceased: bool,
}

/// Who a relation points at.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelatedTo {
    /// A person who can be looked up.
    Number(#[serde(with = "one_number")] Personnummer),
    /// Someone who was never registered, or whose number cannot be read: exists, but cannot be reached.
    Unreachable,
}

/// What the other person is to the post's person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RelationKind {
    /// `B`: child of any age. Gives no right to act.
    Child,
    /// `MO`, `FA`, `F`.
    Parent,
    /// `V`: that person has custody of the post's person.
    Guardian,
    /// `VF`: the post's person has custody of that person.
    GuardianFor,
    /// `M`, `P`.
    Spouse,
    /// Anything added since.
    Other,
}

impl Person {
    /// The birth date: the one in the number, else the register's own when it is whole.
    pub fn birth_date(&self) -> Option<Day> {
        self.number.as_ref().and_then(Personnummer::birth_date).or_else(|| {
            let digits = self.born.as_deref()?;
            let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
            let (month, day) = (i8::try_from(part(4..6)?).ok()?, i8::try_from(part(6..8)?).ok()?);
            Day::new(part(0..4)?, month, day).ok()
        })
    }

    /// True when every possible birth date makes her `years` old on `today`.
    pub fn is_at_least(&self, years: i16, today: Day) -> bool {
        match self.birth_date() {
            Some(born) => age(born, today) >= years,
            None => {
                let year = self.number.as_ref().map(Personnummer::expose).or(self.born.as_deref());
                let year = year.and_then(|digits| digits.get(..4)).and_then(|year| year.parse::<i16>().ok());
                year.is_some_and(|year| today.year() - year > years)
            }
        }
    }

    /// True when `number` is the post's own or one that it refers to.
    pub(super) fn is_known_by(&self, number: &Personnummer) -> bool {
        self.number.as_ref() == Some(number) || self.references.contains(number)
    }
}

/// Whole years on `today`.
pub(super) fn age(born: Day, today: Day) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had_birthday)
}

impl Relation {
    /// Begun and not ended, however an incomplete date is read. For what gives a right.
    pub(super) fn is_surely_in_force(&self, today: Day) -> bool {
        let begun = self.from.as_deref().is_none_or(|from| latest(from) <= ordinal(today));
        begun && self.until.as_deref().is_none_or(|until| earliest(until) >= ordinal(today))
    }

    /// Ended, however an incomplete date is read. For what takes a right away.
    pub(super) fn has_surely_ended(&self, today: Day) -> bool {
        self.until.as_deref().is_some_and(|until| latest(until) < ordinal(today))
    }
}

fn ordinal(day: Day) -> u32 {
    let part = |n: i8| u32::from(n.unsigned_abs());
    u32::from(day.year().unsigned_abs()) * 10_000 + part(day.month()) * 100 + part(day.day())
}

/// The first day that an incomplete date can mean; what cannot be read is as early as can be.
fn earliest(date: &str) -> u32 {
    let Some((year, month, day)) = parts(date) else { return 0 };
    year * 10_000 + month.max(1) * 100 + day.max(1)
}

/// The last day that an incomplete date can mean; what cannot be read is as late as can be.
fn latest(date: &str) -> u32 {
    let Some((year, month, day)) = parts(date) else { return u32::MAX };
    let last = |part: u32, greatest: u32| if part == 0 { greatest } else { part };
    year * 10_000 + last(month, 12) * 100 + last(day, 31)
}

fn parts(date: &str) -> Option<(u32, u32, u32)> {
    if date.len() != 8 || !date.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u32 = date.parse().ok()?;
    Some((number / 10_000, number / 100 % 100, number % 100))
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(not printed)")
    }
}

/// Numbers under seal in the cache: the only place where the canonical digits are written out.
mod one_number {
    use super::{Deserialize, Personnummer};
    pub fn serialize<S: serde::Serializer>(n: &Personnummer, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(n.expose())
    }
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Personnummer, D::Error> {
        Personnummer::from_canonical(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

mod number {
    use super::{Deserialize, Personnummer, Serialize};
    pub fn serialize<S: serde::Serializer>(n: &Option<Personnummer>, s: S) -> Result<S::Ok, S::Error> {
        n.as_ref().map(Personnummer::expose).serialize(s)
    }
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Personnummer>, D::Error> {
        let text = Option::<String>::deserialize(d)?;
        text.map(|t| Personnummer::from_canonical(&t).map_err(serde::de::Error::custom)).transpose()
    }
}

mod numbers {
    use super::{Deserialize, Personnummer};
    pub fn serialize<S: serde::Serializer>(all: &[Personnummer], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(all.iter().map(Personnummer::expose))
    }
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<Personnummer>, D::Error> {
        let all = Vec::<String>::deserialize(d)?;
        all.iter().map(|t| Personnummer::from_canonical(t).map_err(serde::de::Error::custom)).collect()
    }
}
