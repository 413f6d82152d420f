//! Skatteverket's ePersondata V4, service personpostXML: the question as SOAP 1.1, and what comes back.
//!
//! Prefixes vary and mean nothing. `PersonpostXMLResponse` and `Folkbokforingsposter` are in the message namespace;
//! `Folkbokforingspost` and everything below it are in none.

use super::protection::flag_is_set;
use super::record::*;
use super::xml::{self, Element, Space};
use crate::vocabulary::Personnummer;

/// What the register answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    Person(Box<Person>),
    /// The list was empty.
    Nobody,
    /// A SOAP fault. `refused` is when it was our question that was wrong.
    Fault {
        refused: bool,
        code: Option<i64>,
    },
}

/// Why an answer could not be read. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("larger than a mebibyte")]
    TooLarge,
    #[error("not UTF-8")]
    NotUtf8,
    #[error("not whole XML")]
    NotXml,
    #[error("XML with a document type or entities of its own")]
    Forbidden,
    #[error("nested too deep")]
    TooDeep,
    #[error("an element with more attributes than any has")]
    TooManyAttributes,
    #[error("not an answer from the register")]
    NotAnAnswer,
    #[error("an answer about several people")]
    SeveralPeople,
    #[error("an answer about somebody else")]
    SomebodyElse,
}

/// The question about one number. `organisation` and `order` are checked when settings are read.
pub(super) fn question(organisation: &str, order: &str, number: &Personnummer) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="{soap}" xmlns:v1="{message}"><soapenv:Header/><soapenv:Body><v1:PersonpostRequest><v1:Bestallning><v1:OrgNr>{organisation}</v1:OrgNr><v1:BestallningsId>{order}</v1:BestallningsId></v1:Bestallning><v1:PersonId>{number}</v1:PersonId></v1:PersonpostRequest></soapenv:Body></soapenv:Envelope>"#,
        soap = xml::SOAP,
        message = xml::MESSAGE,
        number = number.expose(),
    )
}

/// Reads an answer, whatever bytes it is made of.
pub fn parse_reply(body: &[u8]) -> Result<Reply, Unreadable> {
    let root = xml::read(body)?;
    if (root.space, root.name.as_str()) != (Space::Soap, "Envelope") {
        return Err(Unreadable::NotAnAnswer);
    }
    let body = root.child(Space::Soap, "Body").ok_or(Unreadable::NotAnAnswer)?;
    if let Some(fault) = body.child(Space::Soap, "Fault") {
        return Ok(read_fault(fault));
    }
    let posts = body
        .child(Space::Message, "PersonpostXMLResponse")
        .and_then(|response| response.child(Space::Message, "Folkbokforingsposter"))
        .ok_or(Unreadable::NotAnAnswer)?;
    let mut found = posts.all(Space::None, "Folkbokforingspost");
    match (found.next(), found.next()) {
        // Something is there, but not what we know: that is not the same as nobody.
        (None, _) if !posts.children.is_empty() => Err(Unreadable::NotAnAnswer),
        (None, _) => Ok(Reply::Nobody),
        (Some(post), None) => Ok(Reply::Person(Box::new(read_post(post)))),
        (Some(_), Some(_)) => Err(Unreadable::SeveralPeople),
    }
}

/// The numbers of `Felkod` are not published: the text decides, the number is for the log.
fn read_fault(fault: &Element) -> Reply {
    let everything = fault.everything();
    let texts = everything.iter().filter_map(|e| e.own_text());
    let code = everything.iter().filter(|e| e.name == "Felkod").find_map(|e| e.own_text()?.parse().ok());
    let refused = texts.into_iter().any(|text| text.contains("Felaktiga inparametrar"));
    Reply::Fault { refused, code }
}

fn read_post(post: &Element) -> Person {
    // Wherever in the post a flag stands, and in whatever namespace, it counts.
    let protected = post
        .everything()
        .iter()
        .filter(|e| matches!(e.name.as_str(), "Sekretessmarkering" | "SkyddadFolkbokforing"))
        .any(|e| flag_is_set(&e.own_text().unwrap_or_default()));
    let changed_at = post
        .child(Space::None, "Arendeuppgift")
        .and_then(|e| e.attribute("andringstidpunkt"))
        .filter(|t| t.len() == 14 && t.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned);
    let Some(person) = post.child(Space::None, "Personpost") else {
        return Person { protected, changed_at, ..Person::default() };
    };
    let text = |path: &[&str]| person.text(path);
    let number = ["PersonNr", "TilldelatPersonNrSamordningsNr"]
        .iter()
        .find_map(|name| Personnummer::from_canonical(&text(&["PersonId", name])?).ok());
    let county_and_municipality = text(&["Folkbokforing", "LanKod"]).zip(text(&["Folkbokforing", "KommunKod"]));
    Person {
        references: references(person, number.as_ref()),
        number,
        protected,
        changed_at,
        identity: identity_status(person),
        deregistration: person.child(Space::None, "Avregistrering").map(deregistration),
        born: text(&["Fodelsedatum"]).and_then(|t| date(&t)),
        given_names: text(&["Namn", "Fornamn"]),
        first_name_marking: text(&["Namn", "Tilltalsnamnsmarkering"]),
        middle_name: text(&["Namn", "Mellannamn"]),
        surname: text(&["Namn", "Efternamn"]),
        municipality_code: county_and_municipality.map(|(county, own)| format!("{county:0>2}{own:0>2}")),
        property: text(&["Folkbokforing", "Fastighetsbeteckning"]),
        apartment: text(&["Folkbokforing", "Lagenhet"]),
        registered_address: person.at(&["Adresser", "Folkbokforingsadress"]).and_then(swedish_address),
        postal_address: person.at(&["Adresser", "SarskildPostadress"]).and_then(swedish_address),
        foreign_address: person.at(&["Adresser", "Utlandsadress"]).and_then(foreign_address),
        address_key: text(&["Adresser", "UUID", "Adress"]),
        civil_status: text(&["Civilstand", "CivilstandKod"]),
        relations: person
            .at(&["Relationer"])
            .map(|all| all.all(Space::None, "Relation").map(relation).collect())
            .unwrap_or_default(),
    }
}

/// Since January 2026 references may stand inside `PersonId`; before, in one element or a list of their own. Every
/// twelve digits in any of them count.
fn references(person: &Element, own: Option<&Personnummer>) -> Vec<Personnummer> {
    let inside = person.at(&["PersonId"]).into_iter().flat_map(|id| id.children.iter());
    let inside = inside.filter(|e| matches!(e.name.as_str(), "Hanvisning" | "TidigareIdentitetsbeteckningar"));
    let beside = person.all(Space::None, "HanvisningsPersonNr").chain(person.all(Space::None, "Hanvisningar"));
    let mut found: Vec<Personnummer> = Vec::new();
    for element in beside.chain(inside).flat_map(Element::everything) {
        let number = element.own_text().and_then(|text| Personnummer::from_canonical(&text).ok());
        if let Some(number) = number.filter(|n| Some(n) != own && !found.contains(n)) {
            found.push(number);
        }
    }
    found
}

fn identity_status(person: &Element) -> IdentityStatus {
    let text = |path: &[&str]| person.text(path);
    let status = text(&["PersonId", "Identitetsstatus", "IdentitetsstatusVarde"]);
    let usable = matches!(status.as_deref(), None | Some("AKTIVT" | "EJ_AKTUELLT"));
    let unsure = text(&["PersonId", "Identitetsniva"]).as_deref() == Some("OSAKER");
    match text(&["PersonId", "Identitetsstatus", "IdentitetsstatusOrsak"]).as_deref() {
        Some("AVLIDEN") => IdentityStatus::Deceased,
        _ if usable && !unsure => IdentityStatus::Usable,
        _ => IdentityStatus::Doubtful,
    }
}

fn deregistration(element: &Element) -> Deregistration {
    if element.text(&["AntraffadDod"]).is_some_and(|found| date(&found).is_some()) {
        return Deregistration::Deceased;
    }
    match element.text(&["AvregistreringsorsakKod"]).as_deref() {
        Some("AV") => Deregistration::Deceased,
        Some("UV") => Deregistration::Emigrated,
        Some("GN" | "GS") => Deregistration::OldNumber,
        Some("OB") => Deregistration::Missing,
        Some("TA" | "AS") => Deregistration::Technical,
        Some("FI") => Deregistration::FalseIdentity,
        _ => Deregistration::Other,
    }
}

fn swedish_address(element: &Element) -> Option<SwedishAddress> {
    let text = |name| element.text(&[name]);
    let address = SwedishAddress {
        care_of: text("CareOf"),
        extra: text("Utdelningsadress1"),
        street: text("Utdelningsadress2"),
        postcode: text("PostNr"),
        city: text("Postort"),
    };
    (address != SwedishAddress::default()).then_some(address)
}

fn foreign_address(element: &Element) -> Option<ForeignAddress> {
    let lines = ["Utdelningsadress1", "Utdelningsadress2", "Utdelningsadress3"];
    let lines = lines.iter().filter_map(|name| element.text(&[name])).collect();
    let address = ForeignAddress { lines, country: element.text(&["Land"]) };
    (address != ForeignAddress::default()).then_some(address)
}

fn relation(element: &Element) -> Relation {
    let kind = match element.text(&["Relationstyp"]).as_deref() {
        Some("B") => RelationKind::Child,
        Some("MO" | "FA" | "F") => RelationKind::Parent,
        Some("V") => RelationKind::Guardian,
        Some("VF") => RelationKind::GuardianFor,
        Some("M" | "P") => RelationKind::Spouse,
        _ => RelationKind::Other,
    };
    let number = element.text(&["RelationId", "PersonNr"]).and_then(|text| Personnummer::from_canonical(&text).ok());
    Relation {
        kind,
        to: number.map_or(RelatedTo::Unreachable, RelatedTo::Number),
        from: element.text(&["RelationFromdatum"]).and_then(|t| date(&t)),
        until: element.text(&["RelationTomdatum"]).and_then(|t| date(&t)),
        deceased: element.child(Space::None, "Avregistrering").map(deregistration) == Some(Deregistration::Deceased),
    }
}

/// An incomplete date (OfullstandigtDatum): an integer, so zeros in front may be lost, and zero is no date. What is not
/// one is kept, and read as unclear.
fn date(text: &str) -> Option<String> {
    match text.parse::<u32>() {
        Ok(0) => None,
        Ok(number) => Some(format!("{number:08}")),
        Err(_) => Some(text.to_owned()),
    }
}
