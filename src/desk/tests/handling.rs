use super::*;
use crate::contract::Outcome;
use crate::desk::decisions::{self, DecisionDraft};
use crate::desk::errands::{self, ErrandFault, Filter, MessageDraft, inbox};
use crate::vocabulary::{DecisionId, MessageId};

#[test]
fn of_two_handlers_who_take_the_same_errand_the_second_changes_nothing() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SBN-FELANMALAN", "GATA");
        let errand = bench.errand(&mut c, &first);
        let (jonas, sara) = (member(&mut c, "jobr01@2120009911"), member(&mut c, "sate01@2120009911"));
        errands::take(&mut c, &bench.act(&jonas, &errand)).unwrap();
        assert!(matches!(
            errands::take(&mut c, &bench.act(&sara, &errand)),
            Err(ErrandFault::NotAllowed("desk-assign-not-yours"))
        ));
        let stale = errands::change_status(&mut c, &bench.act(&sara, &errand), "VILANDE", "");
        assert!(matches!(stale, Err(ErrandFault::Changed)));
        let now = bench.again(&mut c, &first);
        assert_eq!((now.status.as_str(), now.handler.as_deref()), ("TILLDELAD", Some("jobr01@2120009911")));
        let told = announced(&mut c, &now);
        assert_eq!(told, [("handler_assigned".to_owned(), 2), ("status_changed".to_owned(), 3)]);
    }
}

#[test]
fn a_form_sent_twice_is_one_message_and_one_decision() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SN-EKONOMI", "IFO");
        let errand = bench.errand(&mut c, &first);
        let viro = member(&mut c, "viro01@2120009911");
        let id = MessageId::fresh();
        let draft = MessageDraft { id: &id, text: "Vi har börjat.", thread: None, files: &[] };
        errands::write(&mut c, &bench.act(&viro, &errand), &draft).unwrap();
        errands::write(&mut c, &bench.act(&viro, &errand), &draft).unwrap();
        let errand = bench.again(&mut c, &first);
        let id = DecisionId::fresh();
        let draft = DecisionDraft {
            id: &id,
            outcome: Some(Outcome::Rejected),
            text: "Ansökan avslås.",
            reasons: "Inkomsterna räcker.",
            legal_basis: "2001:453, 4 kap. 1 §",
            instructions: "Så överklagar du.",
            court: "Förvaltningsrätten i Malmö",
            service: "notification",
            files: &[],
            further: None,
        };
        decisions::decide(&mut c, &bench.act(&viro, &errand), &draft).unwrap();
        decisions::decide(&mut c, &bench.act(&viro, &errand), &draft).unwrap();
        let errand = bench.again(&mut c, &first);
        assert_eq!(errand.status, "BESLUTAD");
        let told: Vec<String> = announced(&mut c, &errand).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(told, ["message_sent", "decision_made", "status_changed"]);
    }
}

#[test]
fn a_decision_without_words_reasons_or_instructions_is_refused() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SN-EKONOMI", "IFO");
        let errand = bench.errand(&mut c, &first);
        let viro = member(&mut c, "viro01@2120009911");
        let id = DecisionId::fresh();
        let whole = || DecisionDraft {
            id: &id,
            outcome: Some(Outcome::Rejected),
            text: "Avslag.",
            reasons: "Därför.",
            legal_basis: "",
            instructions: "Så.",
            court: "Rätten",
            service: "notification",
            files: &[],
            further: None,
        };
        for (draft, field) in [
            (DecisionDraft { text: " ", ..whole() }, "text"),
            (DecisionDraft { reasons: "", ..whole() }, "reasons"),
            (DecisionDraft { instructions: "", ..whole() }, "instructions"),
            (DecisionDraft { outcome: None, ..whole() }, "outcome"),
            (DecisionDraft { outcome: Some(Outcome::Answered), ..whole() }, "outcome"),
            (DecisionDraft { legal_basis: "lagen", ..whole() }, "legal_basis"),
        ] {
            let refused = decisions::decide(&mut c, &bench.act(&viro, &errand), &draft);
            let Err(ErrandFault::Incomplete(faults)) = refused else { panic!("{field}") };
            assert_eq!(faults.iter().map(|(f, _)| *f).collect::<Vec<_>>(), [field]);
        }
        let empty = DecisionDraft { outcome: None, text: "", instructions: "", ..whole() };
        let Err(ErrandFault::Incomplete(faults)) = decisions::decide(&mut c, &bench.act(&viro, &errand), &empty) else {
            panic!("an empty form was taken for a decision")
        };
        assert_eq!(faults.iter().map(|(f, _)| *f).collect::<Vec<_>>(), ["outcome", "text", "instructions"]);
        let closing = errands::Closing { outcome: Outcome::Rejected, words: "Slut.", is_decided: false };
        let early = errands::close(&mut c, &bench.act(&viro, &errand), &closing);
        assert!(matches!(early, Err(ErrandFault::NotAllowed("desk-close-undecided"))));
        assert!(announced(&mut c, &errand).is_empty());
    }
}

#[test]
fn an_errand_with_protected_identity_is_opened_with_a_reason_and_by_its_own_unit_only() {
    for bench in benches() {
        let mut c = bench.conn();
        let mut first = submission("SN-EKONOMI", "IFO");
        first.parties[0].protected_identity = true;
        let errand = bench.errand(&mut c, &first);
        let (viro, jonas) = (member(&mut c, "viro01@2120009911"), member(&mut c, "jobr01@2120009911"));
        assert!(matches!(errands::read(&mut c, &jonas, &errand.id, bench.now), Err(ErrandFault::NotFound)));
        assert!(matches!(errands::read(&mut c, &viro, &errand.id, bench.now), Err(ErrandFault::NeedsReason)));
        assert!(matches!(
            errands::reason_given(&mut c, &viro, &errand.id, "vill se", bench.now),
            Err(ErrandFault::Invalid("reason", _))
        ));
        errands::reason_given(&mut c, &viro, &errand.id, "Jag handlägger ansökan.", bench.now).unwrap();
        assert!(errands::read(&mut c, &viro, &errand.id, bench.now).is_ok());
        let later = bench.now.plus_seconds(3601);
        assert!(matches!(errands::read(&mut c, &viro, &errand.id, later), Err(ErrandFault::NeedsReason)));
        let listed = inbox(&mut c, &viro, &Filter::default(), None).unwrap().errands;
        assert_eq!((listed[0].applicant.as_deref(), listed[0].protected), (None, true));
        assert!(errands::found(&mut c, &viro, "öberg").unwrap().is_empty());
        assert_eq!(errands::found(&mut c, &viro, &errand.diary_number).unwrap().len(), 1);
    }
}

#[test]
fn an_errand_is_found_by_name_number_and_reference_in_her_own_units_only() {
    for bench in benches() {
        let mut c = bench.conn();
        let errand = bench.errand(&mut c, &submission("SBN-FELANMALAN", "GATA"));
        let (jonas, malin) = (member(&mut c, "jobr01@2120009911"), member(&mut c, "mali01@2120009911"));
        for asked in ["öberg", "ÅSA öb", "sbn-2026-1", "2026/SBN 0001", "ängsgatan", errand.reference.as_str()] {
            let found = errands::found(&mut c, &jonas, asked).unwrap();
            assert_eq!(found.len(), 1, "{asked}");
            assert!(errands::found(&mut c, &malin, asked).unwrap().is_empty(), "{asked}");
        }
        for asked in ["asa", "berg", "", "sbn-2026-2"] {
            assert!(errands::found(&mut c, &jonas, asked).unwrap().is_empty(), "{asked}");
        }
    }
}

#[test]
fn the_inbox_goes_on_where_the_page_before_ended() {
    for bench in benches() {
        let mut c = bench.conn();
        for n in 0..60 {
            let mut delivery = submission(if n % 2 == 0 { "SBN-BYGGLOV" } else { "SBN-FELANMALAN" }, "");
            delivery.received_at = bench.now.plus_seconds(-n);
            bench.receive(&mut c, &delivery).unwrap();
        }
        let sara = member(&mut c, "sate01@2120009911");
        let first = inbox(&mut c, &sara, &Filter::default(), None).unwrap();
        let second = inbox(&mut c, &sara, &Filter::default(), first.next.as_ref()).unwrap();
        assert_eq!((first.errands.len(), second.errands.len(), second.next), (50, 10, None));
        let all: Vec<At> = first.errands.iter().chain(&second.errands).map(|e| e.received_at).collect();
        assert!(all.is_sorted());
        let free = Filter { unassigned: true, unit: Some("BYGG".into()), ..Filter::default() };
        assert_eq!(inbox(&mut c, &sara, &free, None).unwrap().errands.len(), 30);
        let henrik = member(&mut c, "heek01@2120009911");
        assert!(inbox(&mut c, &henrik, &Filter::default(), None).unwrap().errands.is_empty());
    }
}

#[test]
fn staff_log_in_at_their_own_municipality_only() {
    let all = Municipalities::load(&ConfigTree::embedded(), true).unwrap();
    for bench in benches() {
        let mut c = bench.conn();
        let at = |code: &str| all.find_by_code(code).unwrap().clone();
        let session = staff::sign_in(&mut c, &at("1257"), "mali01@2120009911").unwrap();
        assert_eq!((session.name.as_str(), session.unit_names.as_str()), ("Malin Björkdal", "Kansli och registratur"));
        for (code, affiliation) in
            [("1471", "mali01@2120009911"), ("1257", "mali01@2120009937"), ("1257", "okand@2120009911"), ("1257", "x")]
        {
            assert!(matches!(staff::sign_in(&mut c, &at(code), affiliation), Err(staff::NotStaff::Unknown)));
        }
    }
}
