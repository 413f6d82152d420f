//! What is asked, answered, decided and appealed, as handlers and the portal meet it.

use super::*;
use crate::contract::{AnsweredItem, Outcome, SupplementAnswer, SupplementState};
use crate::db::schema::outgoing_events as sent;
use crate::desk::decisions::{self, DecisionDraft, Further, Ground, ServedHow, Timeliness};
use crate::desk::errands::{self, Attention, ErrandFault, HearingDraft, RequestState, Resolution, SupplementDraft};
use crate::desk::portal_link::{self, NewFile};
use crate::vocabulary::{DecisionId, MessageId};
use diesel::prelude::*;

fn bodies(c: &mut Conn, errand: &Errand) -> Vec<CloudEvent> {
    let all: Vec<String> =
        sent::table.filter(sent::errand_id.eq(&errand.id)).order(sent::sequence).select(sent::body).load(c).unwrap();
    all.iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

fn file(name: &str) -> NewFile {
    NewFile {
        title: name.into(),
        file_name: name.into(),
        media_type: "application/pdf".into(),
        size: 3,
        sha256: "a".repeat(64),
        blob_key: format!("{:032x}", name.len()),
    }
}

#[test]
fn a_supplement_is_asked_for_answered_thing_by_thing_and_asked_for_again_until_it_is_enough() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SBN-BYGGLOV", "BYGG");
        let errand = bench.errand(&mut c, &first);
        let sara = member(&mut c, "sate01@2120009911");
        let id = MessageId::fresh();
        let draft = SupplementDraft {
            id: &id,
            text: "Vi behöver ritningar.",
            required: "Fasadritning\n\nPlanritning",
            optional: "Foto",
            due: "2026-12-12",
            consequence: "Annars avgörs ärendet utan.",
        };
        let wrong = SupplementDraft { due: "2026-11-20", text: " ", ..draft };
        let refused = errands::request_supplement(&mut c, &bench.act(&sara, &errand), &wrong);
        let Err(ErrandFault::Incomplete(faults)) = refused else { panic!("taken") };
        assert_eq!(faults.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["text", "due"]);
        for _ in 0..2 {
            errands::request_supplement(&mut c, &bench.act(&sara, &errand), &draft).unwrap();
        }
        assert_eq!(bench.again(&mut c, &first).status, "KOMP");
        let EventData::SupplementRequested(told) = bodies(&mut c, &errand)[0].read().unwrap() else { panic!() };
        assert_eq!(told.due_at, Some("2026-12-12T22:59:59Z".parse().unwrap()));
        let items: Vec<_> = told.items.iter().map(|i| (i.item_id.as_str(), i.label.as_str(), i.required)).collect();
        assert_eq!(items, [("i1", "Fasadritning", true), ("i2", "Planritning", true), ("i3", "Foto", false)]);

        let mut answer = later(DeliveryKind::Supplement, &first, "Här är de.");
        answer.received_at = "2026-11-21T09:59:30Z".parse().unwrap();
        answer.documents = vec![Document {
            document_id: "d7".into(),
            kind: "attachment".into(),
            file_name: "fasad.pdf".into(),
            media_type: "application/pdf".into(),
            size: 5,
            sha256: "b".repeat(64),
            scan: "clean".into(),
            href: "http://localhost:8080/x".into(),
            content: None,
        }];
        answer.supplement = Some(SupplementAnswer {
            supplement_id: Some(id.to_string()),
            items: vec![AnsweredItem { item_id: "i1".into(), document_ids: vec!["d7".into()] }],
        });
        let Received::New(receipt) = bench.receive(&mut c, &answer).unwrap() else { panic!("not new") };
        assert_eq!(receipt.document_numbers.get("d7"), Some(&format!("{}-1", errand.diary_number)));
        let now = bench.again(&mut c, &first);
        assert_eq!((now.status.as_str(), now.attention), ("KOMPL", Some(Attention::Supplement)));
        let reading = errands::read(&mut c, &sara, &errand.id, bench.now).unwrap();
        assert_eq!(
            (reading.requests[0].state, reading.requests[0].answered_at),
            (RequestState::Answered, Some(answer.received_at))
        );
        assert_eq!(reading.documents[0].item_id.as_deref(), Some("i1"));

        let again = Resolution {
            id: id.as_str(),
            state: SupplementState::Insufficient,
            text: "Planritningen saknas.",
            due: "2026-12-20",
        };
        errands::resolve_supplement(&mut c, &bench.act(&sara, &now), &again).unwrap();
        let now = bench.again(&mut c, &first);
        assert_eq!(now.status, "KOMP");
        let enough = Resolution { id: id.as_str(), state: SupplementState::Accepted, text: "", due: "" };
        errands::resolve_supplement(&mut c, &bench.act(&sara, &now), &enough).unwrap();
        let now = bench.again(&mut c, &first);
        assert_eq!(now.status, "HANDLAGGS");
        assert!(matches!(
            errands::resolve_supplement(&mut c, &bench.act(&sara, &now), &enough),
            Err(ErrandFault::Changed)
        ));
        let kinds: Vec<String> = announced(&mut c, &errand).into_iter().map(|(kind, _)| kind).collect();
        let one = ["supplement_requested", "status_changed", "status_changed"];
        assert_eq!(
            kinds,
            [&one[..], &["supplement_resolved", "status_changed", "supplement_resolved", "status_changed"]].concat()
        );
    }
}

#[test]
fn a_hearing_names_its_files_and_its_answer_calls_for_attention_with_its_own_word() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SN-EKONOMI", "IFO");
        let errand = bench.errand(&mut c, &first);
        let viro = member(&mut c, "viro01@2120009911");
        let id = MessageId::fresh();
        let files = [file("utredning.pdf")];
        let draft = HearingDraft { id: &id, text: "Läs utredningen.", due: "2026-12-01", files: &files };
        for _ in 0..2 {
            errands::request_hearing(&mut c, &bench.act(&viro, &errand), &draft).unwrap();
        }
        let kept = portal_link::sent_of(&mut c, &errand.id).unwrap();
        assert_eq!(kept.len(), 1);
        let EventData::HearingRequested(told) = bodies(&mut c, &errand)[0].read().unwrap() else { panic!() };
        assert_eq!(told.document_ids, [kept[0].id.to_string()], "ours until the portal has given its own");
        let mut reply = later(DeliveryKind::HearingReply, &first, "Det stämmer inte.");
        reply.hearing_id = Some(id.to_string());
        bench.receive(&mut c, &reply).unwrap();
        let now = bench.again(&mut c, &first);
        assert_eq!((now.status.as_str(), now.attention), ("REG", Some(Attention::Hearing)));
        bench.receive(&mut c, &later(DeliveryKind::DecisionRequest, &first, "Avgör nu.")).unwrap();
        assert_eq!(bench.again(&mut c, &first).attention, Some(Attention::DecisionRequest));
        let now = bench.again(&mut c, &first);
        errands::set_due(&mut c, &bench.act(&viro, &now), "2026-12-19", "").unwrap();
        let now = bench.again(&mut c, &first);
        let silent = errands::set_due(&mut c, &bench.act(&viro, &now), "2027-01-19", " ");
        assert!(matches!(silent, Err(ErrandFault::Invalid("reason", _))), "a delay has its reason");
        errands::transfer(&mut c, &bench.act(&viro, &now), "Försäkringskassan", "De prövar det.").unwrap();
        let now = bench.again(&mut c, &first);
        assert_eq!((now.status.as_str(), now.closed_at.is_some()), ("OVERLAMNAD", true));
    }
}

#[test]
fn a_decision_is_served_corrected_and_appealed_and_the_days_say_whether_in_time() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SN-EKONOMI", "IFO");
        let errand = bench.errand(&mut c, &first);
        let viro = member(&mut c, "viro01@2120009911");
        let (id, files) = (DecisionId::fresh(), [file("beslut.pdf")]);
        let draft = || DecisionDraft {
            id: &id,
            outcome: Some(Outcome::Rejected),
            text: "Ansökan avslås.",
            reasons: "Inkomsterna räcker.",
            legal_basis: "2001:453, 4 kap. 1 §",
            instructions: "Så överklagar du.",
            court: "Förvaltningsrätten i Malmö",
            service: "ordinary",
            files: &files,
            further: None,
        };
        decisions::decide(&mut c, &bench.act(&viro, &errand), &draft()).unwrap();
        let now = bench.again(&mut c, &first);
        let ahead = decisions::serve(&mut c, &bench.act(&viro, &now), &id, "2026-11-22", ServedHow::Letter);
        assert!(matches!(ahead, Err(ErrandFault::Invalid("day", _))));
        let version = |n, ground| DecisionDraft {
            text: "Ansökan avslås helt.",
            files: &[],
            further: Some(Further { version: n, ground }),
            ..draft()
        };
        let groundless = decisions::decide(&mut c, &bench.act(&viro, &now), &version(2, None));
        assert!(matches!(groundless, Err(ErrandFault::Incomplete(f)) if f[0].0 == "ground"));
        decisions::serve(&mut c, &bench.act(&viro, &now), &id, "2026-11-21", ServedHow::Letter).unwrap();
        let now = bench.again(&mut c, &first);
        decisions::decide(&mut c, &bench.act(&viro, &now), &version(2, Some(Ground::Correction))).unwrap();
        decisions::decide(&mut c, &bench.act(&viro, &now), &version(2, Some(Ground::Correction))).unwrap();
        let latest = decisions::latest(&mut c, &errand.id, &id).unwrap().unwrap();
        assert_eq!((latest.version, latest.served_at.map(|at| at.day().to_string())), (2, Some("2026-11-21".into())));
        assert_eq!(
            decisions::last_day(&latest).map(|d| d.to_string()).as_deref(),
            Some("2026-12-14"),
            "a Saturday moves"
        );

        for (day, found) in [("2026-12-14T22:00:00Z", Timeliness::InTime), ("2026-12-15T08:00:00Z", Timeliness::Late)] {
            let mut appeal = later(DeliveryKind::Appeal, &first, "Jag överklagar.");
            (appeal.decision_id, appeal.received_at) = (Some(id.to_string()), day.parse().unwrap());
            bench.receive(&mut c, &appeal).unwrap();
            let appeals = decisions::appeals(&mut c, &errand.id).unwrap();
            let all = decisions::of_errand(&mut c, &errand.id).unwrap();
            assert_eq!(decisions::timeliness(appeals.last().unwrap(), &all), found);
        }
        let now = bench.again(&mut c, &first);
        assert_eq!((now.status.as_str(), now.attention), ("OVERKLAGAD", Some(Attention::Appeal)));
        let appeal = decisions::appeals(&mut c, &errand.id).unwrap().remove(0);
        let undated = decisions::examine(&mut c, &bench.act(&viro, &now), &appeal.id, true, ("", "Vi lämnar över."));
        assert!(matches!(undated, Err(ErrandFault::Invalid("forwarded", _))));
        let late = decisions::examine(&mut c, &bench.act(&viro, &now), &appeal.id, false, ("", "För sent."));
        late.unwrap();
        assert_eq!(decisions::appeals(&mut c, &errand.id).unwrap()[0].timely, Some(false));
        let told: Vec<String> = announced(&mut c, &errand).into_iter().map(|(kind, _)| kind).collect();
        let wanted = [
            "decision_made",
            "status_changed",
            "decision_served",
            "decision_made",
            "appeal_received",
            "status_changed",
            "appeal_received",
            "status_changed",
        ];
        assert_eq!(told, wanted);
    }
}

#[test]
fn a_message_is_answered_in_the_thread_that_it_began() {
    for bench in benches() {
        let mut c = bench.conn();
        let first = submission("SBN-FELANMALAN", "GATA");
        let errand = bench.errand(&mut c, &first);
        let jonas = member(&mut c, "jobr01@2120009911");
        let question = later(DeliveryKind::Message, &first, "När?");
        bench.receive(&mut c, &question).unwrap();
        let thread = question.message.as_ref().unwrap().message_id.clone();
        let id = MessageId::fresh();
        let draft = errands::MessageDraft { id: &id, text: "I morgon.", thread: Some(&thread), files: &[] };
        errands::write(&mut c, &bench.act(&jonas, &errand), &draft).unwrap();
        let mut thanks = later(DeliveryKind::Message, &first, "Tack.");
        thanks.message.as_mut().unwrap().in_reply_to = Some(id.to_string());
        bench.receive(&mut c, &thanks).unwrap();
        let reading = errands::read(&mut c, &jonas, &errand.id, bench.now).unwrap();
        assert!(reading.messages.iter().all(|m| m.conversation_id == thread));
        let EventData::MessageSent(told) = bodies(&mut c, &errand)[0].read().unwrap() else { panic!() };
        assert_eq!(told.conversation_id, Some(thread));
    }
}
