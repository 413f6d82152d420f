//! The page on which one chooses who to be, and with which e-legitimation. Without script; what is not chosen has a
//! sensible value.

use super::Provider;
use super::authorize::Decision;
use super::eids::{self, Eid};
use super::foreign;
use super::request::{Asked, AuthorizationRequest};
use super::subject::Subject;
use crate::simulators::people::{People, Person, Skydd};
use crate::vocabulary::{At, Lang, Personnummer, PersonnummerKind};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

/// What is wrong with what was sent. `broker-problem-…` says it.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Problem {
    Nobody,
    NotAPerson,
}

/// People under one heading.
#[derive(Serialize)]
struct Group {
    name: String,
    /// Those from elsewhere, whose heading is a text.
    is_foreign: bool,
    about: String,
    people: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    name: String,
    /// Number, affiliation or country.
    about: String,
    age: Option<i16>,
    /// What is particular about this one; `broker-mark-…` says it.
    marks: Vec<&'static str>,
}

#[derive(Serialize)]
struct Selected<'a> {
    value: &'a str,
    chosen: bool,
}

#[derive(Serialize)]
struct View<'a> {
    /// `login`, `sign` or `approve`: which of the texts are used.
    mode: &'static str,
    client_name: &'a str,
    message: Option<&'a str>,
    tbs_hash: Option<String>,
    problem: Option<Problem>,
    staff: bool,
    action: String,
    ticket: String,
    person: &'a str,
    /// Who it must be, by name, when the client has said so.
    pinned: Option<String>,
    eids: Vec<Selected<'a>>,
    levels: Vec<Selected<'a>>,
    other_levels: Vec<&'static str>,
    errors: &'static [&'static str],
    groups: Vec<Group>,
}

/// The error codes that can be simulated: RFC 6749, OpenID Connect Core, unmet_authentication_requirements 1.0.
const ERRORS: &[&str] = &[
    "server_error",
    "access_denied",
    "temporarily_unavailable",
    "unmet_authentication_requirements",
    "login_required",
    "interaction_required",
    "consent_required",
    "invalid_request",
    "unauthorized_client",
    "invalid_scope",
];

pub(super) fn show(
    provider: &Provider,
    http: &HttpRequest,
    asked: &Asked,
    request: &AuthorizationRequest,
    decision: &Decision,
    problem: Option<Problem>,
) -> HttpResponse {
    let now = provider.clock.now();
    let Some(ticket) = provider.waiting.shown(asked, now) else {
        return HttpResponse::InternalServerError().finish();
    };
    let language = language(provider, http, request);
    let staff = request.client.staff;
    let pinned = request.pinned(provider);
    let name = |id: &str| {
        let subject = Subject::of(&provider.people, staff, id, now)?;
        Some(subject.about.get("name")?.as_str()?.to_owned())
    };
    // The client has said who it must be: nobody else is offered.
    let groups = match (pinned, staff) {
        (Some(_), _) => Vec::new(),
        (None, true) => employees(&provider.people),
        (None, false) => residents(provider, request, now),
    };
    let wanted = request.claims.essential_levels();
    let by_client = request.eid.as_deref().and_then(Eid::named);
    let by_method = provider.style.method(&request.acr_values).map(|(eid, _)| eid);
    let fitting = Eid::ALL.into_iter().find(|eid| eid.level_for(&wanted).is_some());
    let chosen = decision.eid.or(by_client).or(by_method).or(fitting);
    let offered = Eid::ALL.into_iter().filter(|eid| *eid != Eid::Foreign && eid.is_offered(provider.style));
    let signing = request.signing.as_ref();
    let view = View {
        mode: match signing {
            None => "login",
            Some(signing) if signing.is_signature() => "sign",
            Some(_) => "approve",
        },
        client_name: request.client.name_at(&request.redirect_uri),
        message: signing.map(|s| &s.message).or(request.message.as_ref()).map(|m| m.shown(language.tag())),
        tbs_hash: signing.and_then(|s| s.tbs_hash()),
        problem,
        staff,
        action: format!("{}/authorize", provider.style.path()),
        ticket,
        person: decision.person.as_deref().or(pinned).unwrap_or_default(),
        pinned: pinned.map(|id| name(id).unwrap_or_else(|| id.to_owned())),
        eids: offered.map(|eid| Selected { value: eid.name(), chosen: Some(eid) == chosen }).collect(),
        levels: wanted.iter().map(|value| Selected { value, chosen: false }).collect(),
        other_levels: eids::known(),
        errors: ERRORS,
        groups,
    };
    let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    provider.pages.page_in(language, http, status, "people.html", &view)
}

/// As the client says, else as the visitor has chosen.
fn language(provider: &Provider, http: &HttpRequest, request: &AuthorizationRequest) -> Lang {
    let asked = request.languages.iter().find_map(|tag| provider.pages.spoken(tag.split('-').next()?));
    asked.unwrap_or_else(|| provider.pages.language(http))
}

fn residents(provider: &Provider, request: &AuthorizationRequest, now: At) -> Vec<Group> {
    let people = &provider.people;
    let household = |household: &crate::simulators::people::Household| Group {
        name: surnames(people, &household.id),
        is_foreign: false,
        about: format!("{}. {}", household.id, household.scenario),
        people: people
            .persons
            .iter()
            .filter(|p| p.household == household.id && p.can_have_e_legitimation())
            .map(|p| resident(p, now))
            .collect(),
    };
    let mut groups: Vec<Group> = people.households.iter().map(household).filter(|g| !g.people.is_empty()).collect();
    let wanted = request.claims.essential_levels();
    if Eid::Foreign.is_offered(provider.style) && Eid::Foreign.level_for(&wanted).is_some() {
        groups.push(Group {
            name: String::new(),
            is_foreign: true,
            about: String::new(),
            people: foreign::PEOPLE.iter().map(foreigner).collect(),
        });
    }
    groups
}

fn foreigner(person: &foreign::Foreigner) -> Choice {
    let marks = match person.mapped {
        Some((_, _, Some(_))) => vec!["bound"],
        Some((_, _, None)) => vec!["unbound"],
        None => vec![],
    };
    Choice {
        value: person.prid.to_owned(),
        name: format!("{} {}", person.given, person.family),
        about: person.country().to_owned(),
        age: None,
        marks,
    }
}

fn resident(person: &Person, now: At) -> Choice {
    let number = Personnummer::from_canonical(&person.id).ok();
    let mut marks = Vec::new();
    if number.as_ref().is_some_and(|n| n.kind() == PersonnummerKind::Samordningsnummer) {
        marks.push("coordination-number");
    }
    match person.skydd {
        Skydd::Ingen => {}
        Skydd::Sekretessmarkering => marks.push("confidential"),
        Skydd::SkyddadFolkbokforing => marks.push("protected"),
    }
    match person.avregistrering.as_ref().map(|a| a.kod.as_str()) {
        Some("UV") => marks.push("emigrated"),
        Some("OB") => marks.push("missing"),
        _ => {}
    }
    Choice {
        value: person.id.clone(),
        name: person.namn.whole().unwrap_or_else(|| "Nyfödd utan namn".to_owned()),
        about: number.as_ref().map_or_else(|| person.id.clone(), Personnummer::for_its_owner),
        age: number.and_then(|n| n.age(now.day())),
        marks,
    }
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

fn employees(people: &People) -> Vec<Group> {
    let mut groups = Vec::new();
    for employer in &people.staff.municipalities {
        let of_employer = || people.staff.staff.iter().filter(|e| e.municipality == employer.code);
        let choice = |e: &crate::simulators::people::Employee| Choice {
            value: e.org_affiliation.clone(),
            name: e.name.clone(),
            about: format!("{} · {}", e.title, e.org_affiliation),
            age: None,
            marks: Vec::new(),
        };
        let group = |unit: &str, people| Group {
            name: format!("{}: {unit}", employer.name),
            is_foreign: false,
            about: String::new(),
            people,
        };
        for unit in people.staff.units.get(&employer.code).into_iter().flatten() {
            groups
                .push(group(&unit.name, of_employer().filter(|e| e.units.contains(&unit.code)).map(choice).collect()));
        }
        groups.push(group("utan enhet", of_employer().filter(|e| e.units.is_empty()).map(choice).collect()));
    }
    groups.retain(|group| !group.people.is_empty());
    groups
}
