use super::*;
use crate::db::schema::{diary_counters, errands as rows};
use crate::desk::errands::Attention;
use diesel::prelude::*;

#[tokio::test(flavor = "multi_thread")]
async fn diary_numbers_have_no_gaps_however_many_come_at_once_and_some_are_refused() {
    for bench in aside(benches) {
        let bench = Arc::new(bench);
        let known = submission("SBN-FELANMALAN", "GATA");
        aside(|| bench.receive(&mut bench.conn(), &known)).unwrap();
        let all = (0..40).map(|n| {
            let bench = bench.clone();
            let mut delivery = submission("SBN-FELANMALAN", "GATA");
            if n % 4 == 0 {
                // The case is taken: this one is refused after its key has been noted.
                delivery.case = known.case.clone();
            }
            async move { bench.db.clone().write_grouped(move |c| bench.receive(c, &delivery)).await }
        });
        let done = futures_util::future::join_all(all).await;
        assert_eq!(done.iter().filter(|r| r.is_ok()).count(), 30);
        let (mut numbers, last): (Vec<String>, i64) = aside(|| {
            let mut c = bench.conn();
            let numbers = rows::table.select(rows::diary_number).load(&mut c).unwrap();
            (numbers, diary_counters::table.select(diary_counters::last).first(&mut c).unwrap())
        });
        numbers.sort();
        let wanted: Vec<String> = (1..=31).map(|n| format!("SBN 2026/{n:05}")).collect();
        assert_eq!(numbers, wanted);
        assert_eq!(last, 31);
    }
}

#[test]
fn a_repeat_gets_the_first_answer_and_another_body_under_the_same_key_is_refused() {
    for bench in benches() {
        let mut c = bench.conn();
        let delivery = submission("SBN-FELANMALAN", "GATA");
        let Ok(Received::New(first)) = bench.receive(&mut c, &delivery) else { panic!("not registered") };
        // However late, and whatever has happened to the errand since.
        let errand = bench.again(&mut c, &delivery);
        let jonas = member(&mut c, "jobr01@2120009911");
        crate::desk::errands::take(&mut c, &bench.act(&jonas, &errand)).unwrap();
        assert_eq!(bench.receive(&mut c, &delivery).unwrap(), Received::Repeat(first));
        let other = Delivery { title: "Något annat".into(), ..delivery };
        assert!(matches!(bench.receive(&mut c, &other), Err(Refused::KeyReused)));
    }
}

#[test]
fn an_unknown_case_type_is_registered_where_it_can_be_distributed() {
    for bench in benches() {
        let mut c = bench.conn();
        let errand = bench.errand(&mut c, &submission("NO-SUCH-TYPE", "NOWHERE"));
        assert_eq!((errand.case_type.as_str(), errand.unit.as_str()), ("ATT-FORDELA", "KANSLI"));
        assert_eq!(errand.diary_number, "KS 2026/00001");
        assert_eq!(errand.received_at, "2026-11-21T09:59:00Z".parse().unwrap());
    }
}

#[test]
fn a_supplement_calls_for_attention_and_answers_the_request() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SBN-BYGGLOV", "BYGG");
        let errand = bench.errand(&mut c, &first);
        let sara = member(&mut c, "sate01@2120009911");
        let id = crate::vocabulary::MessageId::fresh();
        let draft = crate::desk::errands::SupplementDraft {
            id: &id,
            text: "Vi behöver ritningar.",
            required: "",
            optional: "",
            due: "2026-12-12",
            consequence: "",
        };
        crate::desk::errands::request_supplement(&mut c, &bench.act(&sara, &errand), &draft).unwrap();
        let mut answer = later(DeliveryKind::Supplement, &first, "Här är de.");
        answer.supplement =
            Some(crate::contract::SupplementAnswer { supplement_id: Some(id.to_string()), items: vec![] });
        bench.receive(&mut c, &answer).unwrap();
        let errand = bench.again(&mut c, &first);
        assert_eq!((errand.status.as_str(), errand.attention), ("KOMPL", Some(Attention::Supplement)));
        bench.receive(&mut c, &later(DeliveryKind::Withdrawal, &first, "Jag ångrar mig.")).unwrap();
        let errand = bench.again(&mut c, &first);
        assert_eq!((errand.status.as_str(), errand.attention), ("ATERKALLAD", Some(Attention::Withdrawn)));
        let kinds: Vec<i64> = announced(&mut c, &errand).into_iter().map(|(_, n)| n).collect();
        assert_eq!(kinds, [2, 3, 4, 5]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_its_submission_is_asked_to_come_again() {
    for bench in aside(benches) {
        let bench = Arc::new(bench);
        let first = submission("SBN-BYGGLOV", "BYGG");
        let message = later(DeliveryKind::Message, &first, "Hur går det?");
        let (ours, early) = (bench.clone(), message.clone());
        // A unit of work that is refused: its key is not kept.
        let early = bench.db.write_grouped(move |c| ours.receive(c, &early)).await;
        assert!(matches!(early, Err(Refused::CaseUnknown)));
        aside(|| {
            let mut c = bench.conn();
            bench.receive(&mut c, &first).unwrap();
            assert!(matches!(bench.receive(&mut c, &message), Ok(Received::New(_))));
        });
    }
}
