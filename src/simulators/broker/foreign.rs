//! People with a foreign e-legitimation, as the Swedish eIDAS node tells of them (OIDC Claims and Scopes for Sweden
//! Connect 1.0). Invented; two of them are also in the population, as the Swedish number that they have bound says.

use super::eids::Eid;
use super::subject::Subject;
use serde_json::{Map, json};

/// Provisional id: what names a person without a Swedish number.
pub(super) const PRID: &str = "https://id.swedenconnect.se/claim/prid";
/// How long that id stays the same: `A`, `B` or `C`.
pub(super) const PERSISTENCE: &str = "https://id.swedenconnect.se/claim/pridPersistence";
/// What the other country calls the person.
pub(super) const EIDAS_IDENTIFIER: &str = "https://id.swedenconnect.se/claim/eidasPersonIdentifier";
/// Which country vouches.
pub(super) const EIDAS_COUNTRY: &str = "https://id.swedenconnect.se/claim/eidasCountry";
/// The personnummer that the person has bound to the foreign e-legitimation.
pub(super) const MAPPED_PERSONNUMMER: &str = "https://id.swedenconnect.se/claim/mappedPersonalIdentityNumber";
/// The samordningsnummer likewise.
pub(super) const MAPPED_SAMORDNINGSNUMMER: &str = "https://id.swedenconnect.se/claim/mappedCoordinationNumber";
/// How that was done.
pub(super) const BINDING: &str = "https://id.swedenconnect.se/claim/identityBinding";

const BY_REGISTER: &str = "http://id.swedenconnect.se/id-binding/process/populationregister";
const BY_SWEDISH_EID: &str = "http://id.swedenconnect.se/id-binding/process/swedish-eid";

/// Somebody from another country.
pub(super) struct Foreigner {
    pub(super) prid: &'static str,
    persistence: &'static str,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    born: &'static str,
    /// Claim, number, and how it was bound; without the last it must not be believed.
    pub(super) mapped: Option<(&'static str, &'static str, Option<&'static str>)>,
}

impl Foreigner {
    pub(super) fn country(&self) -> &'static str {
        self.prid.split(':').next().unwrap_or_default()
    }
}

/// One for each way that persistence and binding can be.
pub(super) const PEOPLE: &[Foreigner] = &[
    Foreigner {
        prid: "NO:05068907693",
        persistence: "A",
        given: "Sigrid Marie",
        family: "Nordmann",
        born: "1989-06-05",
        mapped: None,
    },
    Foreigner {
        prid: "FI:aino-esimerkki-1975",
        persistence: "B",
        given: "Aino",
        family: "Esimerkki",
        born: "1975-02-11",
        mapped: None,
    },
    Foreigner {
        prid: "EE:c00mart00naide00",
        persistence: "C",
        given: "Mart",
        family: "Näide",
        born: "1994-11-30",
        mapped: None,
    },
    Foreigner {
        prid: "DE:0katharina0muller0beispiel",
        persistence: "B",
        given: "Katharina Johanna",
        family: "Müller-Beispiel",
        born: "1983-07-19",
        mapped: Some((MAPPED_PERSONNUMMER, "198307192388", Some(BY_SWEDISH_EID))),
    },
    Foreigner {
        prid: "PL:piotr-przykladowy-78",
        persistence: "A",
        given: "Piotr",
        family: "Przykładowy",
        born: "1978-01-26",
        mapped: Some((MAPPED_SAMORDNINGSNUMMER, "197801862397", Some(BY_REGISTER))),
    },
    Foreigner {
        prid: "DE:0andreas0lothar0beispiel",
        persistence: "C",
        given: "Andreas Lothar",
        family: "Beispiel",
        born: "1980-02-28",
        mapped: Some((MAPPED_PERSONNUMMER, "198002282393", None)),
    },
];

/// Somebody by what was typed: one of ours, or anybody else whose id could exist.
pub(super) fn subject(typed: &str) -> Option<Subject> {
    let prid = canonical(typed)?;
    let known = PEOPLE.iter().find(|p| p.prid == prid);
    let country = prid.split(':').next().unwrap_or_default().to_owned();
    let (given, family) = known.map_or(("Test", "Utländsk"), |p| (p.given, p.family));
    let mut about = Map::new();
    about.insert(PRID.into(), json!(prid));
    about.insert(PERSISTENCE.into(), json!(known.map_or("A", |p| p.persistence)));
    about.insert(EIDAS_COUNTRY.into(), json!(country));
    about.insert(EIDAS_IDENTIFIER.into(), json!(format!("{country}/SE/{}", prid.get(3..).unwrap_or_default())));
    about.insert("given_name".into(), json!(given));
    about.insert("family_name".into(), json!(family));
    about.insert("name".into(), json!(format!("{given} {family}")));
    if let Some(known) = known {
        about.insert("birthdate".into(), json!(known.born));
        if let Some((claim, number, binding)) = known.mapped {
            about.insert(claim.into(), json!(number));
            if let Some(binding) = binding {
                about.insert(BINDING.into(), json!(binding));
            }
        }
    }
    Some(Subject { identity: prid, about, eid: Eid::Foreign })
}

/// `XX:` and ten to thirty characters; upper and lower case are the same person.
fn canonical(typed: &str) -> Option<String> {
    let (country, id) = typed.trim().split_once(':')?;
    let (country, id) = (country.to_ascii_uppercase(), id.to_ascii_lowercase());
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fits = country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (10..=30).contains(&id.len())
        && id.bytes().all(inner)
        && !id.starts_with('-')
        && !id.ends_with('-');
    fits.then(|| format!("{country}:{id}"))
}
