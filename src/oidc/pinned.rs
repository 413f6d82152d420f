//! Who must come back.

use super::{Identity, Who};
use crate::vocabulary::Personnummer;
use std::fmt;

/// The one person who may answer a request: the one who is logged in, at step-up and signing. Prints nothing of her.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pinned {
    /// By personnummer or samordningsnummer.
    Number(#[serde(with = "twelve_digits")] Personnummer),
    /// By provisional identity, for foreign e-legitimation.
    Prid(String),
    /// A member of staff, by the whole affiliation.
    Affiliation(String),
}

impl Pinned {
    /// A number that the person herself never used to log in, such as one mapped to a foreign identity, does not count.
    pub(super) fn is(&self, who: &Who) -> bool {
        match (self, who) {
            (Pinned::Number(wanted), Who::Citizen { identity: Identity::Number { number, .. }, .. }) => {
                wanted == number
            }
            (Pinned::Prid(wanted), Who::Citizen { identity: Identity::Foreign { prid, .. }, .. }) => wanted == prid,
            (Pinned::Affiliation(wanted), Who::Staff { affiliation, .. }) => wanted == affiliation,
            _ => false,
        }
    }
}

impl fmt::Debug for Pinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Pinned::Number(_) => "Number(•••)",
            Pinned::Prid(_) => "Prid(•••)",
            Pinned::Affiliation(_) => "Affiliation(•••)",
        })
    }
}

/// The type itself cannot be written out by mistake; here it is meant, and what holds it is sealed.
mod twelve_digits {
    use crate::vocabulary::Personnummer;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(number: &Personnummer, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(number.expose())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Personnummer, D::Error> {
        Personnummer::from_canonical(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
