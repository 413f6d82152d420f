//! Who is logging in: a citizen by identity number, a foreigner by `prid`, or a member of staff by affiliation.

use super::super::people::{People, Riktning};
use super::eids::Eid;
use super::foreign;
use crate::vocabulary::{At, Organisationsnummer, Personnummer, PersonnummerKind};
use serde_json::{Map, Value, json};

/// Personnummer of a citizen.
pub(super) const PERSONNUMMER: &str = "https://id.oidc.se/claim/personalIdentityNumber";
/// Samordningsnummer of a citizen.
pub(super) const SAMORDNINGSNUMMER: &str = "https://id.oidc.se/claim/coordinationNumber";
/// How sure a samordningsnummer's identity is; only when asked for by name.
pub(super) const SAMORDNINGSNUMMER_LEVEL: &str = "https://id.oidc.se/claim/coordinationNumberLevel";
/// The samordningsnummer that somebody had before a personnummer; only when asked for by name.
pub(super) const PREVIOUS_SAMORDNINGSNUMMER: &str = "https://id.oidc.se/claim/previousCoordinationNumber";
/// `personal-id@organisation number` of a member of staff.
pub(super) const AFFILIATION: &str = "https://id.oidc.se/claim/orgAffiliation";
/// The employer's name.
pub(super) const ORG_NAME: &str = "https://id.oidc.se/claim/orgName";
/// The employer's number, ten digits.
pub(super) const ORG_NUMBER: &str = "https://id.oidc.se/claim/orgNumber";
/// In a request: what the person is to identify herself with.
pub(super) const AUTHN_PROVIDER_PARAMETER: &str = "https://id.oidc.se/param/authnProvider";
/// What the person identified herself with.
pub(super) const AUTHN_PROVIDER: &str = "https://id.oidc.se/claim/authnProvider";

/// Somebody, with everything that can be told about her. Only what a client asks for is released.
pub(super) struct Subject {
    /// What makes her the same person next time; never leaves the broker as it is.
    pub(super) identity: String,
    pub(super) about: Map<String, Value>,
    /// What she identifies herself with unless something else is chosen.
    pub(super) eid: Eid,
}

impl Subject {
    /// Understands what was typed, clicked, set in the cookie or by control. Anyone not invented here is accepted too,
    /// as long as number or affiliation could exist.
    pub(super) fn of(people: &People, staff: bool, typed: &str, now: At) -> Option<Self> {
        if staff {
            return Self::employee(people, typed.trim());
        }
        Self::citizen(people, typed, now).or_else(|| foreign::subject(typed))
    }

    fn citizen(people: &People, typed: &str, now: At) -> Option<Self> {
        let number = Personnummer::parse(typed, now).ok()?;
        let known = people.person(number.expose());
        let (given, family) = match known {
            Some(person) => (person.namn.fornamn.clone(), person.namn.family()),
            // An e-legitimation always carries a name, whoever the register knows.
            None => (Some("Test".to_owned()), Some("Testperson".to_owned())),
        };
        let mut about = Map::new();
        match number.kind() {
            PersonnummerKind::Personnummer => about.insert(PERSONNUMMER.into(), json!(number.expose())),
            PersonnummerKind::Samordningsnummer => {
                about.insert(SAMORDNINGSNUMMER_LEVEL.into(), json!("confirmed"));
                about.insert(SAMORDNINGSNUMMER.into(), json!(number.expose()))
            }
        };
        if let Some(born) = number.birth_date() {
            about.insert("birthdate".into(), json!(born.to_string()));
        }
        let whole: Vec<&str> = [&given, &family].into_iter().filter_map(|n| n.as_deref()).collect();
        if !whole.is_empty() {
            about.insert("name".into(), json!(whole.join(" ")));
        }
        for (claim, name) in [("given_name", &given), ("family_name", &family)] {
            if let Some(name) = name {
                about.insert(claim.into(), json!(name));
            }
        }
        let earlier = known.into_iter().flat_map(|p| &p.hanvisningar).find(|h| h.riktning == Riktning::Tidigare);
        let earlier = earlier.and_then(|h| Personnummer::from_canonical(&h.id).ok());
        if let Some(earlier) = earlier.filter(|n| n.kind() == PersonnummerKind::Samordningsnummer) {
            about.insert(PREVIOUS_SAMORDNINGSNUMMER.into(), json!(earlier.expose()));
        }
        Some(Self { identity: number.expose().to_owned(), about, eid: Eid::BankId })
    }

    fn employee(people: &People, affiliation: &str) -> Option<Self> {
        let (personal, organisation) = affiliation.split_once('@')?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if personal.is_empty() || personal.len() > 64 || !personal.chars().all(plain) || organisation.len() != 10 {
            return None;
        }
        Organisationsnummer::parse(organisation).ok()?;
        let known = people.staff.employee(affiliation);
        let mut about = Map::new();
        about.insert(AFFILIATION.into(), json!(affiliation));
        about.insert(ORG_NUMBER.into(), json!(organisation));
        about.insert("name".into(), json!(known.map_or("Okänd Medarbetare", |e| e.name.as_str())));
        if let Some(employer) = people.staff.employer(organisation) {
            about.insert(ORG_NAME.into(), json!(format!("{} kommun", employer.name)));
        }
        Some(Self { identity: affiliation.to_owned(), about, eid: Eid::BankId })
    }
}
