use super::find::{children_in, kind_of, of_age_at};
use super::fit::{Misfit, misfit};
use crate::forms::{Actor, Definition};
use crate::portal::identity::{Authority, AuthorityKind, AuthoritySource, PrincipalNumber};
use crate::portal::prefill::{Child, Known, SecondSignature, State};
use crate::vocabulary::{At, Day, Organisationsnummer, Personnummer};
use std::collections::{BTreeMap, BTreeSet};

fn at(text: &str) -> At {
    text.parse().unwrap()
}

fn child(born: Day, may_be_represented: bool) -> Child {
    Child {
        number: Personnummer::from_canonical("201501022386").unwrap(),
        name: "Siri Testlund".into(),
        first_name: "Siri".into(),
        born,
        municipality_code: None,
        shared_custody: true,
        second_signature: SecondSignature::Possible,
        other_guardians: Vec::new(),
        may_be_represented,
        same_address: false,
    }
}

fn known(state: State, children: Vec<Child>) -> Known {
    Known {
        state,
        values: BTreeMap::new(),
        children,
        children_hidden: false,
        children_unavailable: false,
        protected: false,
        protection_unchecked: false,
        new_number: None,
        changed_at: None,
        correlation: uuid::Uuid::nil(),
    }
}

#[test]
fn custody_ends_with_the_last_moment_before_the_eighteenth_birthday_in_sweden() {
    let born = jiff::civil::date(2008, 12, 31);
    assert_eq!(of_age_at(born), at("2026-12-30T23:00:00Z"));
    assert_eq!(of_age_at(jiff::civil::date(2008, 2, 29)), at("2026-02-28T23:00:00Z"), "born on a leap day");
    let fetched_at = at("2026-12-30T22:00:00Z");
    let all = known(State::Fresh { fetched_at }, vec![child(born, true)]);
    assert_eq!(children_in(&all, at("2026-12-30T22:59:59Z")).offered.len(), 1);
    assert_eq!(children_in(&all, at("2026-12-30T23:00:00Z")).offered.len(), 0);
}

#[test]
fn a_child_is_offered_only_when_nobody_around_it_is_protected_and_a_register_said_so() {
    let (now, born) = (at("2026-11-22T08:00:00Z"), jiff::civil::date(2015, 1, 2));
    let fresh = State::Fresh { fetched_at: now };
    let both = known(fresh, vec![child(born, true), child(born, false)]);
    let found = children_in(&both, now);
    assert_eq!((found.offered.len(), found.some_hidden, found.is_silent), (1, true, false));
    for state in [State::Protected { fetched_at: now }, State::Unknown, State::Withheld { fetched_at: now }] {
        assert_eq!(children_in(&known(state, vec![child(born, true)]), now).offered.len(), 0, "{state:?}");
    }
    let unchecked = Known { protection_unchecked: true, ..known(fresh, vec![child(born, true)]) };
    assert_eq!(children_in(&unchecked, now).offered.len(), 0);
    let silent = children_in(&known(State::Unavailable, Vec::new()), now);
    assert!(silent.is_silent && silent.offered.is_empty());
}

#[test]
fn an_organisation_is_known_as_company_or_association_by_its_form_and_its_number() {
    let organisation = |n: &str| PrincipalNumber::Organisation(Organisationsnummer::parse(n).unwrap());
    assert_eq!(kind_of("AB", &organisation("5599999017")), Actor::Company);
    assert_eq!(kind_of("EK", &organisation("7699999012")), Actor::Company);
    assert_eq!(kind_of("BRF", &organisation("7699999020")), Actor::Association);
    assert_eq!(kind_of("", &organisation("8024999016")), Actor::Association);
    let owner = Personnummer::from_canonical("200612312389").unwrap();
    assert_eq!(kind_of("E", &PrincipalNumber::Person(owner)), Actor::Company);
}

fn authority(kind: AuthorityKind, powers: &[&str]) -> Authority {
    Authority {
        kind,
        source: AuthoritySource::CompanyRegister,
        source_ref: String::new(),
        powers: powers.iter().map(|p| (*p).to_owned()).collect::<BTreeSet<_>>(),
        verified_at: At::EPOCH,
        valid_until: None,
    }
}

#[test]
fn what_is_taken_as_a_right_is_the_services_to_say() {
    let shipped = include_str!("../../../config/services/foreningsbidrag.toml");
    let of = |text: &str| Definition::parse("foreningsbidrag.toml", text).unwrap();
    let open = of(shipped);
    let strict = of(&shipped.replace("declared = true", "declared = false"));
    let fit = |definition: &Definition, kind, powers: &[&str]| {
        misfit(definition, Actor::Association, Some(&authority(kind, powers)))
    };
    use AuthorityKind::*;
    for (kind, when_open, when_strict) in [
        (SignatorySole, None, None),
        (SignatoryJoint, None, Some(Misfit::NeedsRegister)),
        (Declared, None, Some(Misfit::NeedsRegister)),
    ] {
        assert_eq!((fit(&open, kind, &[]), fit(&strict, kind, &[])), (when_open, when_strict), "{kind:?}");
    }
    assert_eq!(fit(&strict, MinaOmbud, &["foreningsbidrag"]), None);
    assert_eq!(fit(&open, MinaOmbud, &["bygglov"]), Some(Misfit::Power));
    assert_eq!(fit(&open, MinaOmbud, &[]), Some(Misfit::Power), "one that lets her read only");
    assert_eq!(misfit(&open, Actor::Oneself, None), Some(Misfit::Party));
    assert_eq!(misfit(&open, Actor::Company, Some(&authority(SignatorySole, &[]))), Some(Misfit::Party));
}
