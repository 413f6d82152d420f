//! What a resident, a writer of definitions or a receiver notices.

mod broken_definitions;
mod filling_in;
mod properties;

use super::*;
use crate::texts::{Texts, Voice};
use crate::vocabulary::{At, Day};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// 21 November 2026, about noon in Sweden.
fn now() -> At {
    "2026-11-21T11:00:00Z".parse().unwrap()
}

fn service(slug: &str) -> Definition {
    let path = format!("{}/config/services/{slug}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    Definition::parse(&path, &text).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    })
}

/// Speaks the language of a tag.
fn voice(tag: &str) -> Voice {
    static TEXTS: LazyLock<Arc<Texts>> = LazyLock::new(|| Arc::new(Texts::new(Texts::files()).unwrap()));
    TEXTS.voice(tag.parse().unwrap())
}

fn anyone() -> Context {
    Context::anonymous(now(), voice("sv"))
}

/// Anna, whose data have come from the register, with one child of her own and one whose custody she shares.
fn anna() -> Context {
    let known = |text: &str, source| PrefilledValue { text: text.to_owned(), source, at: now().plus_seconds(-60) };
    let child = |key: &str, name: &str, born: &str, shared_custody| ChildOption {
        key: key.to_owned(),
        name: name.to_owned(),
        born: born.parse::<Day>().ok(),
        shared_custody,
    };
    Context {
        applicant: Applicant { logged_in: true, age: Some(36), acting_for: Some(Actor::Oneself) },
        prefill: Prefill {
            values: BTreeMap::from([
                ("navet.name".to_owned(), known("Anna Provsson", Source::Navet)),
                ("navet.address".to_owned(), known("PROVGATAN 1", Source::Navet)),
                ("navet.postcode".to_owned(), known("286 80", Source::Navet)),
                ("navet.city".to_owned(), known("ÖRKELLJUNGA", Source::Navet)),
                ("settings.email".to_owned(), known("anna@example.se", Source::Settings)),
            ]),
            children: vec![
                child("k1", "Ebba Provsson", "2023-02-11", false),
                child("k2", "Moa Provsson", "2025-05-02", true),
            ],
            children_hidden: false,
            children_unavailable: false,
            state: PrefillState::Fresh,
        },
        ..anyone()
    }
}

fn form(pairs: &[(&str, &str)]) -> FormData {
    FormData::new(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
}

fn read(
    definition: &Definition,
    step: &str,
    pairs: &[(&str, &str)],
    answers: &Answers,
    context: &Context,
) -> StepOutcome {
    definition.read_step(definition.step(step).unwrap(), &form(pairs), answers, context)
}

fn messages(outcome: &StepOutcome) -> Vec<&str> {
    outcome.errors.iter().map(|e| e.message.as_str()).collect()
}

/// All review lines as `label: text`.
fn lines(sections: &[Section]) -> Vec<String> {
    sections.iter().flat_map(|s| &s.items).map(|i| format!("{}: {}", i.label, i.text.replace('\u{a0}', " "))).collect()
}

const PRESCHOOL: &[(&str, &[(&str, &str)])] = &[
    ("dina-uppgifter", &[]),
    ("barnet", &[("barn", "k2")]),
    (
        "onskemal",
        &[
            ("startdatum.year", "2027"),
            ("startdatum.month", "1"),
            ("startdatum.day", "11"),
            ("forskola_1", "garvaren"),
            ("forskola_2", "bokhyllan"),
            ("forskola_3", ""),
            ("syskon", "nej"),
        ],
    ),
    ("behov", &[("sysselsattning", "arbete"), ("timmar", "32"), ("obekvam_tid", "nej"), ("hansyn", "nej")]),
    ("kontakt", &[("kontakt_epost", "anna@example.se"), ("kontakt_telefon", ""), ("kontakt_kanal", "mina-sidor")]),
];

fn filled_in(definition: &Definition, steps: &[(&str, &[(&str, &str)])], context: &Context) -> Answers {
    steps.iter().fold(Answers::default(), |answers, (step, pairs)| {
        let outcome = read(definition, step, pairs, &answers, context);
        assert_eq!((messages(&outcome), &outcome.next), (vec![], &Next::Continue), "{step}");
        outcome.answers
    })
}
