//! The invented people: residents with their families, and the staff of four municipalities. Numbers are from the lists
//! that Skatteverket publishes for test environments. Field names are the register's own words.

use super::StartError;
use serde::Deserialize;
use std::sync::Arc;

/// Everybody.
pub(super) struct People {
    pub(super) households: Vec<Household>,
    pub(super) persons: Vec<Person>,
    pub(super) staff: Staff,
}

impl People {
    /// From the copy in the binary.
    pub(super) fn load() -> Result<Arc<Self>, StartError> {
        #[derive(Deserialize)]
        struct Population {
            households: Vec<Household>,
            persons: Vec<Person>,
        }
        let broken = |e: serde_json::Error| StartError::Part(format!("the invented people: {e}"));
        let population: Population =
            serde_json::from_str(include_str!("../../assets/people/population.json")).map_err(broken)?;
        let staff = serde_json::from_str(include_str!("../../assets/people/staff.json")).map_err(broken)?;
        Ok(Arc::new(Self { households: population.households, persons: population.persons, staff }))
    }

    /// By identity number.
    pub(super) fn person(&self, id: &str) -> Option<&Person> {
        self.persons.iter().find(|p| p.id == id)
    }
}

#[derive(Deserialize)]
pub(super) struct Household {
    pub(super) id: String,
    pub(super) scenario: String,
}

#[derive(Deserialize)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) household: String,
    pub(super) id: String,
    pub(super) id_typ: IdTyp,
    pub(super) fodelsedatum: String,
    pub(super) skydd: Skydd,
    pub(super) namn: Namn,
    pub(super) avregistrering: Option<Avregistrering>,
    pub(super) folkbokforing: Option<Folkbokforing>,
    pub(super) adresser: Adresser,
    pub(super) civilstand: Option<Civilstand>,
    pub(super) fodelse: Option<Fodelse>,
    pub(super) invandring: Option<Invandring>,
    pub(super) medborgarskap: Vec<Medborgarskap>,
    pub(super) hanvisningar: Vec<Hanvisning>,
    pub(super) samordningsnummeruppgifter: Option<Samordningsnummeruppgifter>,
    pub(super) andringstidpunkt: String,
    pub(super) relationer: Vec<Relation>,
}

impl Person {
    /// Whether an e-legitimation in this number can be in use: not the dead, nor a number that was replaced.
    pub(super) fn can_have_e_legitimation(&self) -> bool {
        !self.avregistrering.as_ref().is_some_and(|a| matches!(a.kod.as_str(), "AV" | "GN" | "GS" | "AS" | "FI"))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum IdTyp {
    Personnummer,
    Samordningsnummer,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Skydd {
    Ingen,
    Sekretessmarkering,
    SkyddadFolkbokforing,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Namn {
    pub(super) tilltalsnamnsmarkering: Option<String>,
    pub(super) fornamn: Option<String>,
    pub(super) mellannamn: Option<String>,
    pub(super) efternamn: Option<String>,
    pub(super) aviseringsnamn: Option<String>,
}

impl Namn {
    /// Middle name and surname, as an e-legitimation gives them together.
    pub(super) fn family(&self) -> Option<String> {
        joined([&self.mellannamn, &self.efternamn])
    }

    /// The name that she goes by, of several, and her surname; `None` when there is none yet.
    pub(super) fn called(&self) -> Option<String> {
        // Two figures: which of the first names, the second one for a double name.
        let mark = self.tilltalsnamnsmarkering.as_deref().and_then(|m| m.get(..1)?.parse::<usize>().ok());
        let first = self.fornamn.as_deref().map(|names| {
            let chosen = mark.filter(|n| *n > 0).and_then(|n| names.split([' ', '-']).nth(n - 1));
            chosen.or_else(|| names.split(' ').next()).unwrap_or_default().to_owned()
        });
        joined([&first, &self.mellannamn, &self.efternamn])
    }

    /// All names; `None` when there is none yet.
    pub(super) fn whole(&self) -> Option<String> {
        joined([&self.fornamn, &self.mellannamn, &self.efternamn])
    }
}

fn joined<const N: usize>(parts: [&Option<String>; N]) -> Option<String> {
    let names: Vec<&str> = parts.into_iter().filter_map(|p| p.as_deref()).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

#[derive(Deserialize)]
pub(super) struct Avregistrering {
    pub(super) kod: String,
    pub(super) datum: String,
    pub(super) antraffad_dod: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Folkbokforing {
    pub(super) folkbokforingsdatum: String,
    pub(super) lan_kod: String,
    pub(super) kommun_kod: String,
    pub(super) fastighetsbeteckning: Option<String>,
    pub(super) trappuppgang: Option<String>,
    pub(super) lagenhet: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Adresser {
    pub(super) folkbokforingsadress: Option<SvenskAdress>,
    pub(super) sarskild_postadress: Option<SvenskAdress>,
    pub(super) utlandsadress: Option<Utlandsadress>,
    pub(super) uuid: Option<Uuid>,
}

#[derive(Deserialize)]
pub(super) struct SvenskAdress {
    pub(super) care_of: Option<String>,
    pub(super) utdelningsadress1: Option<String>,
    pub(super) utdelningsadress2: Option<String>,
    pub(super) postnr: Option<String>,
    pub(super) postort: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Utlandsadress {
    pub(super) utdelningsadress1: Option<String>,
    pub(super) utdelningsadress2: Option<String>,
    pub(super) utdelningsadress3: Option<String>,
    pub(super) land: Option<String>,
    pub(super) utlandsadressdatum: Option<String>,
    pub(super) rostrattsdatum: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Uuid {
    pub(super) fastighet: Option<String>,
    pub(super) adress: Option<String>,
    pub(super) lagenhet: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Civilstand {
    pub(super) kod: String,
    pub(super) datum: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Fodelse {
    pub(super) hemort_sverige: Option<HemortSverige>,
    pub(super) ort_utlandet: Option<OrtUtlandet>,
}

#[derive(Deserialize)]
pub(super) struct HemortSverige {
    pub(super) fodelselan_kod: Option<String>,
    pub(super) fodelseforsamling: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct OrtUtlandet {
    pub(super) fodelseort: Option<String>,
    pub(super) fodelseland: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Invandring {
    pub(super) invandringsdatum: Option<String>,
    pub(super) uppehallsratt: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Medborgarskap {
    pub(super) landkod: String,
    pub(super) datum: String,
}

#[derive(Deserialize)]
pub(super) struct Hanvisning {
    pub(super) id: String,
    pub(super) riktning: Riktning,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Riktning {
    /// This record is the old number; the other is the new.
    Nytt,
    /// This record is current; the other is an earlier number.
    Tidigare,
}

#[derive(Deserialize)]
pub(super) struct Samordningsnummeruppgifter {
    pub(super) identitetsstatus: String,
    pub(super) identitetsstatus_datum: Option<String>,
    pub(super) identitetsstatus_orsak: Option<String>,
    pub(super) identitetsniva: Option<String>,
    pub(super) identitetsniva_datum: Option<String>,
    pub(super) tilldelningsdatum: Option<String>,
    pub(super) preliminart_vilandeforklaringsdatum: Option<String>,
    pub(super) fornyelsedatum: Option<String>,
    pub(super) datum_avliden: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Relation {
    pub(super) typ: String,
    pub(super) id: String,
    pub(super) id_typ: RelationIdTyp,
    pub(super) fran: Option<String>,
    pub(super) till: Option<String>,
    pub(super) namn: Option<Namn>,
    pub(super) avregistrering: Option<Avregistrering>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum RelationIdTyp {
    Personnr,
    /// Birth time and zeros: a person who was never registered.
    Fodelsetidnr,
}

/// The staff file: municipalities, their units, the people.
#[derive(Deserialize)]
pub(super) struct Staff {
    pub(super) municipalities: Vec<Employer>,
    pub(super) units: std::collections::BTreeMap<String, Vec<Unit>>,
    pub(super) staff: Vec<Employee>,
}

impl Staff {
    /// By `personal-id@organisation number`, whole.
    pub(super) fn employee(&self, affiliation: &str) -> Option<&Employee> {
        self.staff.iter().find(|e| e.org_affiliation == affiliation)
    }

    /// By organisation number.
    pub(super) fn employer(&self, number: &str) -> Option<&Employer> {
        self.municipalities.iter().find(|m| m.organisation_number == number)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Employer {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) organisation_number: String,
}

#[derive(Deserialize)]
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Employee {
    pub(super) org_affiliation: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) municipality: String,
    pub(super) units: Vec<String>,
}
