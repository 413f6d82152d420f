//! Definitions and their expressions. They are the municipality's own, but a slip of the hand must not stop a program.

use super::hostile::{cases, spoiled};
use kommunportal::forms::{Definition, Fault, FormData};
use proptest::prelude::*;
use std::path::Path;

fn examples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/services");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn sound(faults: &[Fault], text: &str) -> Result<(), TestCaseError> {
    prop_assert!(!faults.is_empty());
    // A fault can be told for each byte, not more.
    prop_assert!(faults.len() <= text.len() + 20, "{} faults in {} bytes", faults.len(), text.len());
    let lines = text.replace("\r\n", "\n").matches('\n').count() + 1;
    for fault in faults {
        prop_assert!((1..=lines).contains(&fault.line), "{} of {} lines", fault, lines);
        prop_assert!(fault.column >= 1 && !fault.message.is_empty() && fault.file == "prov.toml");
    }
    prop_assert!(faults.windows(2).all(|two| (two[0].line, two[0].column) <= (two[1].line, two[1].column)));
    Ok(())
}

/// Words that expressions are made of, in any order.
fn expressions() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "answers.typ",
        "answers.plats",
        "answers.finns_inte",
        "applicant.age",
        "today",
        "sum(",
        "size(",
        "has(",
        "matches(",
        ".map(x, ",
        ".exists(x, ",
        ".all(",
        "x",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "?",
        ":",
        ",",
        ".",
        " in ",
        "1",
        "0",
        "2.5",
        "1e308",
        "9223372036854775807",
        "'a'",
        "'å'",
        "b'x'",
        "r'\\\\'",
        "true",
        "null",
        "0u",
        "duration('1s')",
        "timestamp('x')",
        "@in",
        "_==_",
        "__comprehension__",
    ]);
    prop::collection::vec(words, 0..14).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_definition_is_read_whole_or_its_faults_are_told_with_their_places(bytes in spoiled(examples())) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match Definition::parse("prov.toml", &text) {
            Ok(read) => {
                let again = Definition::parse("prov.toml", &read.source).unwrap();
                prop_assert_eq!(again.version, read.version);
            }
            Err(faults) => sound(&faults, &text)?,
        }
    }

    #[test]
    fn any_expression_is_read_or_its_fault_is_told_with_its_place(expression in expressions()) {
        let text = with_a_condition().replacen(CONDITION, &expression.replace('\\', "\\\\").replace('"', "\\\""), 1);
        if let Err(faults) = Definition::parse("prov.toml", &text) {
            sound(&faults, &text)?;
        }
    }

    #[test]
    fn what_is_typed_is_cleaned_once_and_for_all(pairs in prop::collection::vec(("(?s).{0,20}", "(?s).{0,60}"), 0..20)) {
        let once = FormData::new(pairs);
        let again = FormData::new(once.pairs().map(|(n, v)| (n.to_owned(), v.to_owned())));
        prop_assert_eq!(&again, &once);
        let unseen = |c: char| c.is_control() && c != '\n' && c != '\t' || ('\u{202a}'..='\u{202e}').contains(&c);
        prop_assert!(!once.pairs().any(|(n, v)| n.contains(unseen) || v.contains(unseen)));
    }
}

const CONDITION: &str = "answers.typ == 'fraga'";

/// The example that has this condition.
fn with_a_condition() -> String {
    let mut all = examples().into_iter().map(|bytes| String::from_utf8(bytes).unwrap());
    all.find(|text| text.contains(CONDITION)).unwrap()
}

#[test]
fn an_expression_that_is_nested_too_deep_is_a_fault_and_not_the_end_of_the_program() {
    let service = with_a_condition();
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("!", "true", ""),
        ("-", "1", ""),
        ("[", "1", "]"),
        ("1+", "1", ""),
        ("true?1:", "1", ""),
        ("size(", "'a'", ")"),
        ("[1].map(x,", "x", ")"),
    ] {
        for depth in [20, 200, 5_000] {
            let expression = format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
            let text = service.replacen(CONDITION, &expression, 1);
            assert!(text.contains(&expression), "{open} stands in the service");
            let told = match Definition::parse("prov.toml", &text) {
                Ok(_) => continue,
                Err(faults) => faults,
            };
            // One slip of the hand is told in a few words, however long it is.
            let size: usize = told.iter().map(|f| f.message.len() + f.hint.len()).sum();
            assert!(told.len() <= 20 && size <= 4_000, "{open} {depth} times: {} faults, {size} bytes", told.len());
        }
    }
}
