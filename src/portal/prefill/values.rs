//! The named values that a form is prefilled with.

use super::address::{in_small_letters, postcode};
use super::names::{first_name, surname, whole_name};
use super::record::{Person, SwedishAddress};
use std::collections::BTreeMap;

pub(super) type Values = BTreeMap<&'static str, String>;

/// The names alone: all that may be shown of a protected person, to herself.
pub(super) fn names(person: &Person) -> Values {
    let first = person.given_names.as_deref().map(|given| first_name(given, person.first_name_marking.as_deref()));
    let name = whole_name(person);
    gathered([
        ("navet.given_names", person.given_names.clone()),
        // With one name only, that is what she is called.
        ("navet.first_name", first.or_else(|| name.clone())),
        ("navet.surname", surname(person)),
        ("navet.name", name),
    ])
}

/// Everything, for someone who is surely not protected.
pub(super) fn everything(person: &Person) -> Values {
    let mut values = names(person);
    let registered = person.registered_address.as_ref();
    let postal = person.postal_address.as_ref();
    if let Some(address) = registered.or(postal) {
        values.extend(swedish(
            address,
            ["navet.care_of", "navet.address_extra", "navet.street", "navet.postcode", "navet.city"],
        ));
    }
    // Where she wants her mail goes before where she lives.
    if let Some(address) = postal.or(registered) {
        values.extend(swedish(
            address,
            [
                "navet.postal_care_of",
                "navet.postal_address_extra",
                "navet.postal_street",
                "navet.postal_postcode",
                "navet.postal_city",
            ],
        ));
    }
    let abroad = person.foreign_address.as_ref();
    values.extend(gathered([
        ("navet.foreign_address", abroad.map(|a| a.lines.join("\n")).filter(|lines| !lines.is_empty())),
        ("navet.country", abroad.and_then(|a| a.country.as_deref()).map(in_small_letters)),
        ("navet.municipality_code", person.municipality_code.clone()),
        ("navet.property", person.property.as_deref().map(in_small_letters)),
        ("navet.apartment", apartment(person)),
        ("navet.civil_status", person.civil_status.as_deref().and_then(civil_status).map(str::to_owned)),
    ]));
    values
}

fn swedish(address: &SwedishAddress, keys: [&'static str; 5]) -> Values {
    let [care_of, extra, street, code, city] = keys;
    // Without a street line, the extra line is the street line.
    let (first, second) = match (&address.extra, &address.street) {
        (line, None) => (None, line.clone()),
        (line, street) => (line.clone(), street.clone()),
    };
    gathered([
        (care_of, address.care_of.as_deref().map(in_small_letters)),
        (extra, first.as_deref().map(in_small_letters)),
        (street, second.as_deref().map(in_small_letters)),
        (code, address.postcode.as_deref().map(postcode)),
        (city, address.city.as_deref().map(in_small_letters)),
    ])
}

/// The apartment's number: its own term, or the end of the street line.
fn apartment(person: &Person) -> Option<String> {
    person.apartment.clone().or_else(|| {
        let (_, number) = person.registered_address.as_ref()?.street.as_deref()?.rsplit_once(" LGH ")?;
        (number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit())).then(|| number.to_owned())
    })
}

/// Civilståndskod in words.
fn civil_status(code: &str) -> Option<&'static str> {
    Some(match code {
        "OG" => "Ogift",
        "G" => "Gift",
        "Ä" => "Änka eller änkling",
        "S" => "Skild",
        "RP" => "Registrerad partner",
        "SP" => "Skild partner",
        "EP" => "Efterlevande partner",
        _ => return None,
    })
}

fn gathered<const N: usize>(pairs: [(&'static str, Option<String>); N]) -> Values {
    pairs.into_iter().filter_map(|(key, value)| Some((key, value.filter(|v| !v.is_empty())?))).collect()
}
