//! Answers of the population register.

use super::hostile::{cases, spoiled};
use kommunportal::portal::prefill::{Reply, Unreadable, parse_reply};
use proptest::prelude::*;
use std::path::Path;

fn examples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/navet");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_answer_is_read_or_refused_and_no_larger_than_it_came(body in spoiled(examples())) {
        let read = parse_reply(&body);
        if let Ok(Reply::Person(person)) = &read {
            let kept = serde_json::to_vec(person).unwrap().len();
            // Names of fields, and six bytes for a character that JSON escapes.
            prop_assert!(kept <= 6 * body.len() + 2_000, "{} bytes of {}", kept, body.len());
            prop_assert!(!format!("{person:?}").contains("1990"), "a person prints herself");
        }
        // The same bytes are the same answer.
        prop_assert_eq!(parse_reply(&body), read);
    }

    #[test]
    fn an_answer_that_is_cut_off_is_never_a_person(example in prop::sample::select(examples()), at: prop::sample::Index) {
        let end = example.len() - example.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        let read = parse_reply(&example[..at.index(end)]);
        prop_assert!(read.is_err(), "{:?}", read);
    }

    #[test]
    fn a_flag_of_protection_is_seen_wherever_it_stands(at: prop::sample::Index, flag in prop::sample::select(vec!["Sekretessmarkering", "SkyddadFolkbokforing"]), value in "[A-Z1-9å]{1,5}") {
        let mut texts = examples().into_iter().map(|e| String::from_utf8(e).unwrap());
        let whole = texts.find(|e| e.contains("</Folkbokforingspost>")).unwrap();
        // Between any two elements within the post.
        let (from, to) = (whole.find("<Folkbokforingspost").unwrap(), whole.find("</Folkbokforingspost>").unwrap());
        let begin = from + whole[from..].find('>').unwrap() + 1;
        let gaps: Vec<usize> = whole[begin..=to].match_indices('<').map(|(n, _)| begin + n).collect();
        let place = gaps[at.index(gaps.len())];
        let spoiled = format!("{}<{flag}>{value}</{flag}>{}", &whole[..place], &whole[place..]);
        if let Ok(Reply::Person(person)) = parse_reply(spoiled.as_bytes()) {
            prop_assert!(person.protected || value == "N" , "{} {}", flag, value);
        }
    }
}

#[test]
fn a_mebibyte_of_attributes_or_namespaces_is_refused_without_being_compared_pair_by_pair() {
    let mut attributes = String::from("<a");
    (0..90_000).for_each(|n| attributes.push_str(&format!(" b{n}=''")));
    let mut spaces = String::from("<a");
    (0..30_000).for_each(|n| spaces.push_str(&format!(" xmlns:b{n}='c'")));
    spaces.push('>');
    spaces.push_str(&"<d/>".repeat(60_000));
    // The reader of XML bounds the namespaces itself.
    for (what, text, why) in [
        ("attributes", attributes + "/>", Unreadable::TooManyAttributes),
        ("namespaces", spaces + "</a>", Unreadable::NotXml),
    ] {
        assert!(text.len() < 1 << 20, "{what}: {}", text.len());
        assert_eq!(parse_reply(text.as_bytes()), Err(why), "{what}");
    }
}
