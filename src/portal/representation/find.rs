//! For whom she may act: what the registers say now.

use super::asking::Unanswered;
use super::company_register::{Organisation, Signs, Standing};
use super::mandates::Registers;
use super::powers::Power;
use crate::forms::Actor;
use crate::portal::App;
use crate::portal::identity::{Authority, AuthorityKind, AuthoritySource, Citizen, PrincipalAddress, PrincipalNumber};
use crate::portal::prefill::{Child, Known, Need, State};
use crate::vocabulary::{At, Day, MunicipalitySlug, Organisationsnummer, Personnummer, SWEDEN};
use std::collections::BTreeSet;

/// Custody ends on this birthday.
const OF_AGE: i16 = 18;

/// Somebody for whom she may act, and by what right.
#[derive(Clone, Debug)]
pub(super) struct Principal {
    pub kind: Actor,
    pub name: String,
    pub number: PrincipalNumber,
    pub address: Option<PrincipalAddress>,
    pub authority: Authority,
}

/// The children that a register lets her act for.
#[derive(Default)]
pub(super) struct Children {
    pub offered: Vec<Principal>,
    /// Some child is not shown here. How many must not be told.
    pub some_hidden: bool,
    /// The register did not answer.
    pub is_silent: bool,
}

/// The organisations.
#[derive(Default)]
pub(super) struct Organisations {
    pub offered: Vec<Principal>,
    /// Where she has a role but may not sign, by name.
    pub unsigned: Vec<String>,
    /// Struck off, bankrupt or in liquidation, by name.
    pub ended: Vec<String>,
    /// Some register did not answer.
    pub is_silent: bool,
}

/// Asks Navet, past what is remembered: a right that has just been lost is not there.
pub(super) async fn children(app: &App, slug: &MunicipalitySlug, citizen: &Citizen) -> Children {
    let Some(number) = citizen.number() else { return Children::default() };
    let known = app.known_afresh(slug, &number, Need::ApplicantAndChildren).await;
    children_in(&known, app.ground.clock.now())
}

pub(super) fn children_in(known: &Known, now: At) -> Children {
    let is_silent = known.children_unavailable || known.state == State::Unavailable;
    // A guardian with protected data, or one of whom nobody can say, is tied to no child here.
    let State::Fresh { fetched_at } = known.state else {
        let some_hidden = matches!(known.state, State::Protected { .. });
        return Children { is_silent, some_hidden, ..Children::default() };
    };
    if known.protected || known.protection_unchecked {
        return Children { some_hidden: true, is_silent, ..Children::default() };
    }
    let (shown, hidden): (Vec<&Child>, Vec<&Child>) = known.children.iter().partition(|c| c.may_be_represented);
    let offered = shown
        .into_iter()
        .map(|child| Principal {
            kind: Actor::Child,
            name: child.name.clone(),
            number: PrincipalNumber::Person(child.number.clone()),
            address: None,
            authority: Authority {
                kind: AuthorityKind::Guardian,
                source: AuthoritySource::PopulationRegister,
                source_ref: known.correlation.to_string(),
                powers: BTreeSet::new(),
                verified_at: fetched_at,
                valid_until: Some(of_age_at(child.born)),
            },
        })
        .filter(|principal| principal.authority.valid_until.is_none_or(|until| until > now))
        .collect();
    Children { offered, some_hidden: known.children_hidden || !hidden.is_empty(), is_silent }
}

/// The first moment of the eighteenth birthday.
pub(super) fn of_age_at(born: Day) -> At {
    // Born on a leap day: the day after the last of February.
    let day = Day::new(born.year() + OF_AGE, born.month(), born.day())
        .or_else(|_| Day::new(born.year() + OF_AGE, 3, 1))
        .unwrap_or(born);
    let midnight = day.to_zoned(SWEDEN.clone()).map(|z| z.timestamp().as_microsecond());
    midnight.map_or(At::EPOCH, At::from_micros)
}

/// Asks the register of companies and Mina ombud, both at once.
pub(super) async fn organisations(app: &App, slug: &MunicipalitySlug, citizen: &Citizen) -> Organisations {
    let Some(number) = citizen.number() else { return Organisations::default() };
    let (registers, now) = (app.mandates.of(slug), app.ground.clock.now());
    let codes = app.catalogue.powers(slug);
    let (mut found, powers) =
        futures_util::future::join(companies(&registers, &number, now), powers(&registers, &number, &codes)).await;
    match powers {
        Ok(powers) => found.offered.extend(powers.into_iter().map(|power| by_power(power, now))),
        Err(_) => found.is_silent = true,
    }
    found
}

async fn powers(
    registers: &Registers,
    number: &Personnummer,
    codes: &BTreeSet<String>,
) -> Result<Vec<Power>, Unanswered> {
    match &registers.powers {
        Some(register) => register.powers(number, codes).await,
        None => Ok(Vec::new()),
    }
}

async fn companies(registers: &Registers, number: &Personnummer, now: At) -> Organisations {
    let Some(register) = &registers.companies else { return Organisations::default() };
    let Ok(engagements) = register.engagements(number).await else {
        return Organisations { is_silent: true, ..Organisations::default() };
    };
    let mut found = Organisations::default();
    for engagement in engagements {
        let organisation = engagement.organisation;
        match (organisation.standing, engagement.signs) {
            (Standing::Gone | Standing::Winding, _) => found.ended.push(organisation.name),
            (Standing::Active, Signs::No) => found.unsigned.push(organisation.name),
            (Standing::Active, Signs::Alone) => {
                found.offered.push(by_register(organisation, AuthorityKind::SignatorySole, now));
            }
            (Standing::Active, Signs::Together) => {
                found.offered.push(by_register(organisation, AuthorityKind::SignatoryJoint, now));
            }
        }
    }
    found
}

fn by_register(organisation: Organisation, kind: AuthorityKind, now: At) -> Principal {
    Principal {
        kind: kind_of(&organisation.form, &organisation.number),
        address: organisation.address.clone().map(|a| PrincipalAddress {
            street: a.street,
            postcode: a.postcode,
            city: a.city,
        }),
        name: organisation.name,
        number: organisation.number,
        authority: Authority {
            kind,
            source: AuthoritySource::CompanyRegister,
            source_ref: organisation.form,
            powers: BTreeSet::new(),
            verified_at: now,
            valid_until: None,
        },
    }
}

fn by_power(power: Power, now: At) -> Principal {
    let number = PrincipalNumber::Organisation(power.giver);
    Principal {
        kind: kind_of("", &number),
        name: if power.name.is_empty() { number.shown() } else { power.name },
        number,
        address: None,
        authority: Authority {
            kind: AuthorityKind::MinaOmbud,
            source: AuthoritySource::MinaOmbud,
            source_ref: power.reference,
            powers: power.active,
            verified_at: now,
            valid_until: None,
        },
    }
}

/// Company or association: by its form, else by the first digit of its number (8: ideell förening and stiftelse; 7:
/// ekonomisk förening, which trades, unless it is a bostadsrättsförening).
pub(super) fn kind_of(form: &str, number: &PrincipalNumber) -> Actor {
    let is_association = match number {
        PrincipalNumber::Organisation(number) => number.as_str().starts_with('8') || form == "BRF",
        PrincipalNumber::Person(_) => false,
    };
    if is_association { Actor::Association } else { Actor::Company }
}

/// What she says herself. The register is asked for what it knows of the number: its name goes before hers, and nobody acts
/// for what is struck off. A register that is silent, or has no such organisation, changes nothing.
pub(super) async fn declared(
    app: &App,
    slug: &MunicipalitySlug,
    number: Organisationsnummer,
    name: String,
    kind: Actor,
) -> Result<Principal, Gone> {
    let known = match app.mandates.of(slug).companies {
        Some(register) => register.organisation(&number).await.ok().flatten(),
        None => None,
    };
    if known.as_ref().is_some_and(|o| o.standing == Standing::Gone) {
        return Err(Gone);
    }
    Ok(Principal {
        kind,
        name: known.map_or(name, |o| o.name),
        number: PrincipalNumber::Organisation(number),
        address: None,
        authority: Authority {
            kind: AuthorityKind::Declared,
            source: AuthoritySource::SelfDeclared,
            source_ref: String::new(),
            powers: BTreeSet::new(),
            verified_at: app.ground.clock.now(),
            valid_until: None,
        },
    })
}

/// The register says that the organisation is no more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gone;
