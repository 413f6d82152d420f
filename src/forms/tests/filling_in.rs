use super::*;

#[test]
fn every_service_that_we_ship_is_without_faults_and_whole_in_english() {
    for slug in ["forskoleplats", "foreningsbidrag", "synpunkt", "felanmalan"] {
        let definition = service(slug);
        assert_eq!(definition.slug.as_str(), slug);
        assert_eq!(definition.version.len(), 64);
        for (step, field) in definition.all_fields() {
            for words in
                [&definition.title, &definition.summary, &definition.law, &step.title, &field.label, &field.hint]
            {
                // Words of our own have no Swedish of a file; a test of the house holds those.
                assert!(
                    words.written().is_empty() || words.others().any(|lang| lang.tag() == "en"),
                    "{slug}/{}/{}: {words:?}",
                    step.id,
                    field.id
                );
            }
        }
    }
}

#[test]
fn the_same_text_is_the_same_version_whatever_its_line_ends() {
    let text = service("synpunkt").source;
    let windows = Definition::parse("synpunkt.toml", &format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
    assert_eq!(windows.version, service("synpunkt").version);
    assert_eq!(windows.source, text);
}

#[test]
fn definitions_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Definition>();
}

#[test]
fn a_preschool_application_reads_back_in_the_residents_words() {
    let (definition, context) = (service("forskoleplats"), anna());
    let answers = filled_in(&definition, PRESCHOOL, &context);
    assert_eq!(definition.check_all(&answers, &context), vec![]);
    assert_eq!(
        lines(&definition.review(&answers, &context)),
        [
            "Namn: Anna Provsson",
            "Adress: PROVGATAN 1",
            "Postnummer: 286 80",
            "Postort: ÖRKELLJUNGA",
            "Barn: Moa Provsson, född 2 maj 2025\nGemensam vårdnad",
            "Börjar: 11 januari 2027",
            "Förstahandsval: Garvarens förskola",
            "Andrahandsval: Bokhyllans förskola",
            "Syskon på förskolan: Nej",
            "Skäl för platsen: Jag arbetar eller studerar",
            "Timmar i veckan: 32 timmar",
            "Kvällar, nätter eller helger: Nej",
            "Något att ta hänsyn till: Nej",
            "E-postadress: anna@example.se",
            "Så vill jag få beslutet: På Mina sidor",
        ]
    );
    let name = definition.review(&answers, &context).remove(0).items.remove(0);
    assert_eq!((name.source, name.source_at), (Source::Navet, now().plus_seconds(-60)));
    let values = definition.values(&answers, &context);
    assert_eq!(values.get("timmar"), Some(&serde_json::json!(32)));
    assert_eq!(values.get("startdatum"), Some(&serde_json::json!("2027-01-11")));
    assert_eq!(definition.children(&answers, &context).remove(0).key, "k2");
    assert_eq!(answers.contact().channel, Some(Channel::MinaSidor));
    assert_eq!(answers.get("kontakt_epost").unwrap().source, Source::Settings);
}

#[test]
fn what_the_register_says_cannot_be_written_over() {
    let definition = service("forskoleplats");
    let posted = [("ditt_namn", "Någon Annan"), ("din_adress", "Annanstans 2")];
    let outcome = read(&definition, "dina-uppgifter", &posted, &Answers::default(), &anna());
    assert_eq!(outcome.answers.text("ditt_namn"), Some("Anna Provsson"));
    assert_eq!(outcome.answers.text("din_adress"), Some("PROVGATAN 1"));
    let step = definition.step("dina-uppgifter").unwrap();
    let view = definition.step_view(step, &outcome.answers, &[], Some(&outcome.typed), &anna());
    let name = view.fields.first().unwrap();
    assert_eq!((name.value.as_str(), name.readonly), ("Anna Provsson", true));
    assert_eq!(name.source, "Hämtat från folkbokföringen 21 nov 2026");
}

#[test]
fn without_the_register_everything_is_open_and_says_so() {
    let definition = service("forskoleplats");
    let context = Context { prefill: Prefill::default(), ..anna() };
    let step = definition.step("dina-uppgifter").unwrap();
    let view = definition.step_view(step, &Answers::default(), &[], None, &context);
    assert!(view.notice.contains("Fyll i uppgifterna själv"));
    assert!(view.fields.iter().all(|f| !f.readonly));
    let typed = [
        ("ditt_namn", "Anna"),
        ("din_adress", "Provgatan 1"),
        ("ditt_postnummer", "28680"),
        ("din_postort", "Örkelljunga"),
    ];
    let outcome = read(&definition, "dina-uppgifter", &typed, &Answers::default(), &context);
    assert_eq!(outcome.next, Next::Continue);
    assert_eq!(outcome.answers.get("ditt_namn").unwrap().source, Source::Resident);
}

#[test]
fn a_protected_person_need_not_give_an_address_and_none_is_shown_or_kept() {
    let definition = service("forskoleplats");
    let before = filled_in(&definition, PRESCHOOL, &anna());
    let mut protected = anna();
    protected.prefill.state = PrefillState::Protected;
    let step = definition.step("dina-uppgifter").unwrap();
    let view = definition.step_view(step, &before, &[], None, &protected);
    let page = format!("{view:?}{:?}", definition.review(&before, &protected));
    let kept = format!("{:?}", definition.settle(&before, &protected));
    assert!(!page.contains("PROVGATAN") && !page.contains("28680") && !kept.contains("PROVGATAN"));
    let outcome = read(&definition, "dina-uppgifter", &[], &Answers::default(), &protected);
    assert_eq!((outcome.next, outcome.answers.text("ditt_namn")), (Next::Continue, Some("Anna Provsson")));
}

#[test]
fn only_her_own_children_can_be_chosen() {
    let (definition, context) = (service("forskoleplats"), anna());
    let outcome = read(&definition, "barnet", &[("barn", "k9")], &Answers::default(), &context);
    assert_eq!(
        messages(&outcome),
        ["Välj ett av barnen i listan. Saknar du ett barn, kontakta oss så hjälper vi dig."]
    );
    let missing = read(&definition, "barnet", &[], &Answers::default(), &context);
    assert_eq!(messages(&missing), ["Välj vilket barn du söker plats för"]);
    let mut hidden = anna();
    hidden.prefill.children_hidden = true;
    let view = definition.step_view(definition.step("barnet").unwrap(), &Answers::default(), &[], None, &hidden);
    assert!(view.fields.first().unwrap().note.starts_with("Alla barn kan inte visas här"));
}

#[test]
fn a_child_that_is_no_longer_hers_stops_the_sending() {
    let (definition, mut context) = (service("forskoleplats"), anna());
    let answers = filled_in(&definition, PRESCHOOL, &context);
    context.prefill.children.truncate(1);
    let errors = definition.check_all(&answers, &context);
    assert_eq!(errors.first().map(|e| (e.step.as_str(), e.error.field_id.as_str())), Some(("barnet", "barn")));
    // But when the register cannot be asked again, what it said stands.
    context.prefill = Prefill::default();
    assert_eq!(definition.check_all(&answers, &context), vec![]);
}

#[test]
fn the_same_preschool_twice_is_refused() {
    let (definition, context) = (service("forskoleplats"), anna());
    let posted =
        [("startdatum", "2027-01-11"), ("forskola_1", "garvaren"), ("forskola_2", "garvaren"), ("syskon", "nej")];
    let outcome = read(&definition, "onskemal", &posted, &Answers::default(), &context);
    assert_eq!(messages(&outcome), ["Välj en annan förskola än den du helst vill ha"]);
    assert_eq!(outcome.errors.first().unwrap().href, "#forskola_2");
}

#[test]
fn a_question_that_comes_up_is_shown_before_it_is_demanded() {
    let (definition, context) = (service("forskoleplats"), anna());
    let first = [("_shown", "sysselsattning,hansyn"), ("sysselsattning", "arbete"), ("hansyn", "nej")];
    let outcome = read(&definition, "behov", &first, &Answers::default(), &context);
    assert_eq!((&outcome.next, messages(&outcome)), (&Next::Again, vec![]));
    let step = definition.step("behov").unwrap();
    let view = definition.step_view(step, &outcome.answers, &[], Some(&outcome.typed), &context);
    assert_eq!(view.shown, "sysselsattning,timmar,obekvam_tid,hansyn");
    assert!(view.fields.iter().any(|f| f.id == "timmar" && f.depends && !f.opens));
    assert!(view.fields.iter().any(|f| f.id == "sysselsattning" && f.opens && !f.depends));
    let mut again = first.to_vec();
    again[0].1 = "sysselsattning,timmar,obekvam_tid,hansyn";
    let outcome = read(&definition, "behov", &again, &outcome.answers, &context);
    assert_eq!(outcome.next, Next::Correct);
    assert_eq!(messages(&outcome).first(), Some(&"Skriv hur många timmar i veckan barnet behöver"));
}

#[test]
fn an_answer_to_a_hidden_question_stays_in_the_draft_and_never_leaves_it() {
    let (definition, context) = (service("forskoleplats"), anna());
    let answers = filled_in(&definition, PRESCHOOL, &context);
    let changed = [("sysselsattning", "allman"), ("hansyn", "nej")];
    let answers = read(&definition, "behov", &changed, &answers, &context).answers;
    assert!(answers.get("timmar").is_some());
    assert!(definition.settle(&answers, &context).get("timmar").is_none());
    assert!(!definition.values(&answers, &context).contains_key("timmar"));
    assert!(!lines(&definition.review(&answers, &context)).iter().any(|l| l.starts_with("Timmar")));
    assert_eq!(definition.check_all(&answers, &context), vec![]);
}

#[test]
fn danger_is_answered_with_112_before_she_goes_on() {
    let (definition, context) = (service("felanmalan"), anyone());
    let step = definition.step("felet").unwrap();
    let posted = [
        ("_shown", "fara,kategori,beskrivning"),
        ("fara", "ja"),
        ("kategori", "trad"),
        ("beskrivning", "Ett träd lutar över vägen"),
    ];
    let outcome = read(&definition, "felet", &posted, &Answers::default(), &context);
    assert_eq!(outcome.next, Next::Again);
    let view = definition.step_view(step, &outcome.answers, &[], Some(&outcome.typed), &context);
    let notice = view.fields.iter().find(|f| f.kind == "notice").unwrap();
    assert!(notice.label.starts_with("Ring 112") && notice.tone == "warning");
    let mut again = posted;
    again[0].1 = "fara,ring_112,kategori,beskrivning";
    assert_eq!(read(&definition, "felet", &again, &outcome.answers, &context).next, Next::Continue);
}

#[test]
fn an_anonymous_case_says_that_it_is_not_on_mina_sidor_and_needs_no_address() {
    let (definition, context) = (service("felanmalan"), anyone());
    let last = definition.steps().last().unwrap();
    let view = definition.step_view(last, &Answers::default(), &[], None, &context);
    assert!(view.fields.iter().any(|f| f.kind == "notice" && f.note.contains("syns ärendet inte på Mina sidor")));
    let steps: &[(&str, &[(&str, &str)])] = &[
        ("felet", &[("fara", "nej"), ("kategori", "belysning"), ("beskrivning", "Lampan är släckt")]),
        ("platsen", &[("plats", "Vid kyrkan"), ("plats.lat", "56,2833"), ("plats.lon", "13.2779")]),
        ("kontakt", &[("kontakt_epost", ""), ("kontakt_telefon", "")]),
    ];
    let answers = filled_in(&definition, steps, &context);
    assert_eq!(definition.check_all(&answers, &context), vec![]);
    let place = definition.locations(&answers, &context).remove(0).place;
    assert_eq!((place.text.as_str(), place.lat, place.lon), ("Vid kyrkan", Some(56.2833), Some(13.2779)));
}

#[test]
fn nobody_is_refused_for_want_of_an_email_address() {
    let (definition, context) = (service("forskoleplats"), anna());
    let posted = [
        ("_shown", "kontakt_epost,kontakt_telefon,kontakt_kanal"),
        ("kontakt_epost", ""),
        ("kontakt_kanal", "mina-sidor"),
    ];
    let outcome = read(&definition, "kontakt", &posted, &Answers::default(), &context);
    assert_eq!(outcome.next, Next::Continue);
    assert!(outcome.notices.first().unwrap().starts_with("Du har inte skrivit någon e-postadress"));
}

const BUDGET: &[(&str, &str)] = &[
    ("kostnader.0.vad", "Bollar"),
    ("kostnader.0.belopp", "1 500 kr"),
    ("kostnader.1.vad", "Hyra"),
    ("kostnader.1.belopp", "13499,50"),
    ("belopp", "15 000 kr"),
    ("andra_bidrag", "nej"),
];

#[test]
fn a_budget_is_added_up_and_bounds_what_is_applied_for() {
    let (definition, context) = (service("foreningsbidrag"), anna());
    let outcome = read(&definition, "budget", BUDGET, &Answers::default(), &context);
    assert_eq!(
        messages(&outcome),
        ["Ni kan inte söka mer än vad kostnaderna blir tillsammans. Sänk beloppet eller lägg till kostnader."]
    );
    let mut cheaper = BUDGET.to_vec();
    cheaper[4].1 = "14 000:-";
    let outcome = read(&definition, "budget", &cheaper, &Answers::default(), &context);
    assert_eq!(outcome.next, Next::Continue, "{:?}", outcome.errors);
    assert_eq!(
        lines(&definition.review(&outcome.answers, &context)),
        [
            "Kostnader: Bollar: 1 500 kr\nHyra: 13 499,50 kr",
            "Kostnader tillsammans: 14 999,50 kr",
            "Sökt belopp: 14 000 kr",
            "Andra bidrag: Nej"
        ]
    );
    let settled = definition.settle(&outcome.answers, &context);
    assert_eq!(
        settled.get("summa").map(|a| (a.source, a.value.clone())),
        Some((Source::Computed, serde_json::json!(14999.5)))
    );
}

#[test]
fn rows_are_added_and_taken_away_without_complaint_and_what_is_typed_stays() {
    let (definition, context) = (service("foreningsbidrag"), anna());
    let step = definition.step("budget").unwrap();
    let mut add = BUDGET.to_vec();
    add.push(("_action", "add:kostnader"));
    let outcome = read(&definition, "budget", &add, &Answers::default(), &context);
    assert_eq!((&outcome.next, messages(&outcome)), (&Next::Again, vec![]));
    let rows = |o: &StepOutcome| {
        let view = definition.step_view(step, &o.answers, &o.errors, Some(&o.typed), &context);
        let group = view.fields.into_iter().find(|f| f.kind == "group").unwrap();
        group.items.iter().map(|row| row.first().unwrap().value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&outcome), ["Bollar", "Hyra", ""]);
    let mut remove = BUDGET.to_vec();
    remove.push(("_action", "remove:kostnader:0"));
    let outcome = read(&definition, "budget", &remove, &Answers::default(), &context);
    assert_eq!(rows(&outcome), ["Hyra"]);
}

#[test]
fn what_is_wrong_in_a_row_is_said_at_that_row() {
    let (definition, context) = (service("foreningsbidrag"), anna());
    let mut posted = BUDGET.to_vec();
    posted[3].1 = "mycket";
    let outcome = read(&definition, "budget", &posted, &Answers::default(), &context);
    let error = outcome.errors.first().unwrap();
    assert_eq!(error.field_id, "kostnader.1.belopp");
    assert!(error.message.starts_with("Skriv beloppet i kronor med siffror"));
    let view = definition.step_view(
        definition.step("budget").unwrap(),
        &outcome.answers,
        &outcome.errors,
        Some(&outcome.typed),
        &context,
    );
    let cell = &view.fields.first().unwrap().items[1][1];
    assert_eq!((cell.value.as_str(), &cell.error), ("mycket", &error.message));
}

#[test]
fn files_are_taken_by_kind_size_and_number_and_can_be_taken_away() {
    let (definition, context) = (service("foreningsbidrag"), anna());
    let file = |id: &str, size: u64, media_type: &str| FileAnswer {
        file_id: id.to_owned(),
        name: "protokoll.pdf".to_owned(),
        size,
        media_type: media_type.to_owned(),
        sha256: "0".repeat(64),
    };
    let add = |file: FileAnswer, answers: &Answers| definition.add_file("arsmotesprotokoll", file, answers, &context);
    let none = Answers::default();
    assert!(add(file("a", 11_000_000, "application/pdf"), &none).unwrap_err().message.contains("för stor"));
    assert!(add(file("a", 100, "text/html"), &none).unwrap_err().message.contains("Spara den som PDF, JPEG, PNG"));
    assert!(add(file("a", 0, "application/pdf"), &none).unwrap_err().message.contains("tom"));
    let one = add(file("a", 1_234_567, "application/pdf"), &none).unwrap();
    assert_eq!(lines(&definition.review(&one, &context)), ["Protokoll från senaste årsmötet: protokoll.pdf (1,2 MB)"]);
    let outcome = read(&definition, "bilagor", &[("_action", "remove-file:arsmotesprotokoll:a")], &one, &context);
    assert_eq!(outcome.next, Next::FileRemoved { file_id: "a".to_owned() });
    assert_eq!(
        messages(&read(&definition, "bilagor", &[], &outcome.answers, &context)),
        ["Ladda upp protokollet från senaste årsmötet"]
    );
    let full = ["a", "b", "c", "d", "e"].iter().fold(none, |a, id| add(file(id, 9, "image/png"), &a).unwrap());
    assert!(add(file("f", 9, "image/png"), &full).unwrap_err().message.contains("högst 5 filer"));
}

#[test]
fn the_page_speaks_english_when_asked_to() {
    let definition = service("forskoleplats");
    let context = Context { voice: voice("en"), ..anna() };
    let outcome = read(&definition, "barnet", &[], &Answers::default(), &context);
    assert_eq!(messages(&outcome), ["Choose which child you are applying for"]);
    let view =
        definition.step_view(definition.step("dina-uppgifter").unwrap(), &Answers::default(), &[], None, &context);
    assert_eq!(view.fields.first().unwrap().source, "From the population register 21 Nov 2026");
}

#[test]
fn a_frozen_submission_reads_the_same_with_its_own_text_years_later() {
    let (definition, context) = (service("forskoleplats"), anna());
    let answers = filled_in(&definition, PRESCHOOL, &context);
    let frozen = definition.settle(&answers, &context);
    let stored: Answers = serde_json::from_str(&serde_json::to_string(&frozen).unwrap()).unwrap();
    let again = Definition::parse("forskoleplats.toml", &definition.source).unwrap();
    let later = Context { at: now().plus_days(3650), ..anna() };
    assert_eq!(again.review(&stored, &later), definition.review(&answers, &context));
}

#[test]
fn a_wrong_bankgiro_is_refused_and_a_right_one_is_shown_with_its_dash() {
    let (definition, context) = (service("foreningsbidrag"), anna());
    let mut association = [
        ("organisationsnummer", "802400-0005"),
        ("forening", "Bågskyttarna"),
        ("uppdrag", "kassor"),
        ("medlemmar", "40"),
        ("bankgiro", "5050-1054"),
    ];
    let outcome = read(&definition, "foreningen", &association, &Answers::default(), &context);
    assert_eq!(
        messages(&outcome),
        ["Någon siffra i bankgironumret är fel. Det står i avtalet med banken och på era fakturor."]
    );
    association[4].1 = "BG 50501055";
    let outcome = read(&definition, "foreningen", &association, &Answers::default(), &context);
    assert_eq!(outcome.next, Next::Continue, "{:?}", outcome.errors);
    let shown = lines(&definition.review(&outcome.answers, &context));
    assert!(shown.contains(&"Bankgiro: 5050-1055".to_owned()), "{shown:?}");
}
