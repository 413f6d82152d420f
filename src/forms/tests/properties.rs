use super::*;
use proptest::prelude::*;

/// Names that the forms have, and others.
fn names() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "_action",
        "_shown",
        "barn",
        "startdatum.year",
        "startdatum.month",
        "startdatum.day",
        "startdatum",
        "forskola_1",
        "forskola_2",
        "sysselsattning",
        "timmar",
        "hansyn",
        "hansyn_beskrivning",
        "kostnader.0.vad",
        "kostnader.0.belopp",
        "kostnader.7.belopp",
        "kostnader.99999999999.vad",
        "belopp",
        "bidragstyp",
        "organisationsnummer",
        "bankgiro",
        "medlemmar",
        "plats",
        "plats.lat",
        "plats.lon",
        "foto",
        "fara",
        "kategori",
        "beskrivning",
        "kontakt_epost",
        "kontakt_telefon",
        "kontakt_kanal",
        "ditt_namn",
        "ditt_postnummer",
        "typ",
        "text",
        "arsmotesprotokoll",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => ".{0,20}"]
}

fn values() -> impl Strategy<Value = String> {
    let likely = prop::sample::select(vec![
        "",
        "ja",
        "nej",
        "k1",
        "k2",
        "arbete",
        "eget_behov",
        "projekt",
        "garvaren",
        "trad",
        "berom",
        "2027",
        "1",
        "31",
        "15 000 kr",
        "-1",
        "1e999",
        "99999999999999999999",
        "0,1",
        "1.000.000",
        "NaN",
        "anna@example.se",
        "070-123 45 67",
        "802400-0005",
        "mina-sidor",
        "56.28",
        "13.27",
        "add:kostnader",
        "remove:kostnader:0",
        "remove-file:foto:x",
        "refresh",
        "sysselsattning,hansyn",
        "\u{0}\u{202e}",
        "9".repeat(12_000).leak(),
    ]);
    prop_oneof![6 => likely.prop_map(str::to_owned), 1 => ".{0,60}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_posted_is_answers_or_errors_and_what_is_accepted_stands(
        slug in prop::sample::select(vec!["forskoleplats", "foreningsbidrag", "synpunkt", "felanmalan"]),
        rounds in prop::collection::vec(prop::collection::vec((names(), values()), 0..14), 1..4),
    ) {
        let definition = service(slug);
        let context = if definition.level.is_anonymous() { anyone() } else { anna() };
        let mut answers = Answers::default();
        for pairs in rounds {
            for step in definition.steps() {
                let outcome = definition.read_step(step, &FormData::new(pairs.clone()), &answers, &context);
                prop_assert_eq!(outcome.next == Next::Correct, !outcome.errors.is_empty());
                prop_assert!(outcome.errors.iter().all(|e| !e.message.is_empty()));
                let view = definition.step_view(step, &outcome.answers, &outcome.errors, Some(&outcome.typed), &context);
                let html = serde_json::to_string(&view).unwrap();
                prop_assert!(!html.contains("\\u0000"));
                answers = outcome.answers;
            }
        }
        // An answer that was accepted is accepted again when everything is checked, unless others have made it wrong.
        let settled = definition.settle(&answers, &context);
        for error in definition.check_all(&answers, &context) {
            let id = error.error.field_id.split('.').next().unwrap();
            let checked = definition.field(id).is_some_and(|(_, f)| !f.checks.is_empty());
            prop_assert!(checked || settled.get(id).is_none() , "{:?} of {:?}", error, settled.get(id));
        }
        // What is frozen reads the same as the draft did, and holds nothing that is hidden.
        prop_assert_eq!(definition.review(&settled, &context), definition.review(&answers, &context));
        prop_assert_eq!(definition.settle(&settled, &context), settled.clone());
        let shown: Vec<String> = definition.steps().iter().flat_map(|s| {
            definition.step_view(s, &answers, &[], None, &context).fields.into_iter().map(|f| f.id)
        }).collect();
        prop_assert!(settled.0.keys().all(|id| shown.contains(id)));
    }

    #[test]
    fn any_text_is_a_definition_or_faults_with_a_place(text in "(\\[\\[?[a-z.]{1,9}\\]?\\]|[a-z_]{1,9} = (\"[^\"]{0,9}\"|[0-9]{1,4}|\\{\\})|\n|.){0,30}") {
        match Definition::parse("x.toml", &text) {
            Ok(_) => prop_assert!(false, "nothing that short is a service"),
            Err(faults) => prop_assert!(!faults.is_empty() && faults.iter().all(|f| f.line > 0 && f.column > 0)),
        }
    }

    #[test]
    fn any_expression_is_compiled_or_refused(source in "[a-z.&|!=<>()'0-9 \\[\\]?:,+*/-]{0,40}") {
        let text = service("synpunkt").source.replace("answers.typ == 'fraga'", &source.replace(['"', '\\'], ""));
        let _ = Definition::parse("synpunkt.toml", &text);
    }

    #[test]
    fn amounts_are_read_as_they_are_written(whole in 0u32..2_000_000_000, hundredths in 0u32..100) {
        use crate::forms::read_value::amount;
        let value = f64::from(whole) + f64::from(hundredths) / 100.0;
        for tag in ["sv", "en"] {
            let read = amount(&voice(tag).money(value), 2).unwrap();
            prop_assert!((read - value).abs() < 0.001, "{} {}", read, value);
        }
    }
}

#[test]
fn amounts_as_people_write_them() {
    use crate::forms::read_value::amount;
    for (typed, decimals, value) in [
        ("15 000 kr", 2, Some(15000.0)),
        ("15000,50", 2, Some(15000.5)),
        ("15.000", 2, Some(15000.0)),
        ("1.234.567", 0, Some(1234567.0)),
        ("99.50", 2, Some(99.5)),
        ("12:-", 2, Some(12.0)),
        ("15\u{a0}000,00 kr", 0, Some(15000.0)),
        ("−5", 0, Some(-5.0)),
        ("1,5", 0, None),
        ("1,234", 2, None),
        ("femton", 2, None),
        ("1e5", 2, None),
        ("", 2, None),
        ("1..5", 2, None),
    ] {
        assert_eq!(amount(typed, decimals), value, "{typed}");
    }
}
