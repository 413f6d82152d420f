//! Identity numbers and references, as people and machines write them.

use super::hostile::{cases, spoiled_text};
use kommunportal::vocabulary::{At, Organisationsnummer, Personnummer, Reference};
use proptest::prelude::*;

const NUMBERS: &[&str] = &[
    "197905142381",
    "19790514-2381",
    "790514-2381",
    "790514+2381",
    "199001012385",
    "1990-01-01 2385",
    "198001742384",
    "701063-2391",
    "2120009911",
    "212000-9911",
    "16212000-9911",
    "SE212000991101",
    "EK-2026-7K3M9QXZ",
    "ek 2026 7k3m9qxz",
];

fn now() -> At {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// No run of digits long enough to tell who it is.
fn repeats_a_number(told: &str, typed: &str) -> bool {
    let runs = typed.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 4);
    runs.into_iter().any(|run| told.contains(run))
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn a_number_that_is_read_is_read_the_same_again_and_none_is_repeated_in_an_error(typed in spoiled_text(NUMBERS)) {
        match Personnummer::parse(&typed, now()) {
            Ok(number) => {
                prop_assert_eq!(number.expose().len(), 12);
                prop_assert!(number.expose().bytes().all(|b| b.is_ascii_digit()));
                prop_assert_eq!(Personnummer::parse(number.expose(), now()), Ok(number.clone()));
                prop_assert_eq!(Personnummer::from_canonical(number.expose()), Ok(number.clone()));
                prop_assert_eq!(Personnummer::parse(&number.for_its_owner(), now()), Ok(number.clone()));
                let printed = format!("{number} {number:?}");
                prop_assert!(!repeats_a_number(&printed, number.expose()), "{}", printed);
            }
            Err(e) => prop_assert!(!repeats_a_number(&format!("{e} {e:?}"), &typed), "{}", e),
        }
        if let Ok(number) = Personnummer::from_canonical(&typed) {
            prop_assert_eq!(number.expose(), typed.as_str());
        }
    }

    #[test]
    fn an_organisation_s_number_is_read_the_same_again(typed in spoiled_text(NUMBERS)) {
        match Organisationsnummer::parse(&typed) {
            Ok(number) => {
                prop_assert_eq!(number.as_str().len(), 10);
                prop_assert_eq!(Organisationsnummer::parse(number.as_str()), Ok(number.clone()));
                prop_assert_eq!(Organisationsnummer::parse(&number.to_string()), Ok(number.clone()));
            }
            Err(e) => prop_assert!(!repeats_a_number(&e.to_string(), &typed)),
        }
    }

    #[test]
    fn one_wrong_digit_is_always_seen(at in 0usize..10, digit in 0u8..10) {
        let good = "7905142381";
        let mut digits = good.as_bytes().to_vec();
        digits[at] = b'0' + digit;
        let typed = String::from_utf8(digits).unwrap();
        prop_assert_eq!(Personnummer::parse(&typed, now()).is_ok(), typed == good);
    }

    #[test]
    fn a_reference_is_read_the_same_again(year in 2020i16..2100, random: [u8; 5], typed in spoiled_text(NUMBERS)) {
        let made = Reference::new(year, random);
        prop_assert_eq!(made.as_str().parse::<Reference>(), Ok(made.clone()));
        prop_assert_eq!(made.to_string().to_lowercase().parse::<Reference>(), Ok(made.clone()));
        if let Ok(read) = typed.parse::<Reference>() {
            prop_assert_eq!(read.as_str().parse::<Reference>(), Ok(read.clone()));
            prop_assert!(read.as_str().len() <= 20);
        }
    }
}
