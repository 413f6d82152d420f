//! The page on which one chooses who to be.

use super::Provider;
use super::claims::{DEFAULT_LEVEL, LEVELS};
use super::request::AuthorizationRequest;
use crate::simulators::people::{People, Person, Skydd};
use crate::vocabulary::{At, Personnummer, PersonnummerKind};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

#[derive(Serialize)]
struct Group {
    name: String,
    about: String,
    people: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    name: String,
    about: String,
}

#[derive(Serialize)]
struct Level<'a> {
    value: &'a str,
    name: &'a str,
    chosen: bool,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct View<'a> {
    client_name: &'a str,
    problem: Option<&'a str>,
    fields: Vec<Field<'a>>,
    person: &'a str,
    person_label: &'a str,
    person_hint: &'a str,
    levels: Vec<Level<'a>>,
    list_acr: &'a str,
    groups: Vec<Group>,
}

/// What to say when what was typed cannot be anybody.
pub(super) fn problem_with(request: &AuthorizationRequest) -> &'static str {
    if request.client.staff {
        "Det där är inte en anställning. Skriv till exempel kaso01@2120009911."
    } else {
        "Det där är inte ett giltigt personnummer eller samordningsnummer."
    }
}

pub(super) fn show(
    provider: &Provider,
    http: &HttpRequest,
    request: &AuthorizationRequest,
    carried: Vec<(&str, &str)>,
    typed: Option<&str>,
    problem: Option<&str>,
) -> HttpResponse {
    let now = provider.clock.now();
    let pinned = request.claims.pinned();
    let mut groups = if request.client.staff { staff(&provider.people) } else { households(&provider.people, now) };
    if let Some(pinned) = pinned {
        // The client has said who it must be: anybody else would only be refused.
        for group in &mut groups {
            group.people.retain(|choice| choice.value == pinned);
        }
        groups.retain(|group| !group.people.is_empty());
    }
    // The first level that the client accepts is chosen beforehand; another can be chosen, to see it refused.
    let accepted = request.claims.essential_levels();
    let fits = |level: &str| accepted.is_empty() || accepted.contains(&level);
    let chosen = LEVELS.iter().map(|(level, _)| *level).find(|level| fits(level)).unwrap_or(DEFAULT_LEVEL);
    let view = View {
        client_name: &request.client.client_name,
        problem,
        fields: carried.into_iter().map(|(name, value)| Field { name, value }).collect(),
        person: typed.or(pinned).unwrap_or_default(),
        person_label: if request.client.staff { "Anställning" } else { "Personnummer eller samordningsnummer" },
        person_hint: if request.client.staff {
            "Personens id, snabel-a och organisationsnumret, till exempel kaso01@2120009911."
        } else {
            "Vilket giltigt nummer som helst. Den som inte finns i listan är okänd i folkbokföringen."
        },
        levels: LEVELS.iter().map(|(value, name)| Level { value, name, chosen: *value == chosen }).collect(),
        list_acr: chosen,
        groups,
    };
    let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    provider.pages.page(http, status, "people.html", &view)
}

fn households(people: &People, now: At) -> Vec<Group> {
    let group = |household: &crate::simulators::people::Household| Group {
        name: surnames(people, &household.id),
        about: format!("{}. {}", household.id, household.scenario),
        people: people
            .persons
            .iter()
            .filter(|p| p.household == household.id && p.can_have_e_legitimation())
            .map(|p| Choice {
                value: p.id.clone(),
                name: p.namn.whole().unwrap_or_else(|| "Nyfödd utan namn".to_owned()),
                about: about(p, now),
            })
            .collect(),
    };
    people.households.iter().map(group).filter(|g| !g.people.is_empty()).collect()
}

fn surnames(people: &People, household: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    for person in people.persons.iter().filter(|p| p.household == household && p.can_have_e_legitimation()) {
        let name = person.namn.family().or_else(|| person.namn.fornamn.clone());
        if let Some(name) = name.filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    if names.is_empty() { household.to_owned() } else { names.join(", ") }
}

fn about(person: &Person, now: At) -> String {
    let mut words = Vec::new();
    match Personnummer::from_canonical(&person.id) {
        Ok(number) => {
            words.push(number.for_its_owner());
            if let Some(age) = number.age(now.day()) {
                words.push(format!("{age} år"));
            }
            if number.kind() == PersonnummerKind::Samordningsnummer {
                words.push("samordningsnummer".to_owned());
            }
        }
        Err(_) => words.push(person.id.clone()),
    }
    match person.skydd {
        Skydd::Ingen => {}
        Skydd::Sekretessmarkering => words.push("sekretessmarkering".to_owned()),
        Skydd::SkyddadFolkbokforing => words.push("skyddad folkbokföring".to_owned()),
    }
    match person.avregistrering.as_ref().map(|a| a.kod.as_str()) {
        Some("UV") => words.push("utvandrad".to_owned()),
        Some("OB") => words.push("avregistrerad som försvunnen".to_owned()),
        _ => {}
    }
    words.join(" · ")
}

fn staff(people: &People) -> Vec<Group> {
    let mut groups = Vec::new();
    for employer in &people.staff.municipalities {
        let of_employer = || people.staff.staff.iter().filter(|e| e.municipality == employer.code);
        let choice = |e: &crate::simulators::people::Employee| Choice {
            value: e.org_affiliation.clone(),
            name: e.name.clone(),
            about: format!("{} · {}", e.title, e.org_affiliation),
        };
        for unit in people.staff.units.get(&employer.code).into_iter().flatten() {
            groups.push(Group {
                name: format!("{}: {}", employer.name, unit.name),
                about: String::new(),
                people: of_employer().filter(|e| e.units.contains(&unit.code)).map(choice).collect(),
            });
        }
        groups.push(Group {
            name: format!("{}: utan enhet", employer.name),
            about: String::new(),
            people: of_employer().filter(|e| e.units.is_empty()).map(choice).collect(),
        });
    }
    groups.retain(|group| !group.people.is_empty());
    groups
}
