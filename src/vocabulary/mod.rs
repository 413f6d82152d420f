//! The words of the trade as types: identity numbers, references, moments, addresses. Pure: parse at the border, never
//! check again inside. Nothing here reads or writes anything; the database's view of these types is in `db::types`.

mod address;
mod at;
mod bankgiro;
mod canonical;
mod check_digit;
mod e_legitimation;
mod free_days;
mod id;
mod lang;
mod organisationsnummer;
mod personnummer;
mod reference;

pub use address::{EmailAddress, InvalidEmail, InvalidPhone, PhoneNumber};
pub use at::{At, Clock, Day, SWEDEN};
pub use bankgiro::{Bankgiro, InvalidBankgiro};
pub use canonical::canonical_json;
pub use e_legitimation::e_legitimation_name;
pub use free_days::{is_free, last_day};
pub use id::*;
pub use lang::{InvalidLang, Lang};
pub use organisationsnummer::{InvalidOrganisationsnummer, Organisationsnummer};
pub use personnummer::{InvalidPersonnummer, Personnummer, PersonnummerKind};
pub use reference::{InvalidReference, Reference};
