//! What a resident and an integrator notice of events, on every database.

mod replayed;

use super::*;
use crate::contract::*;
use crate::db::Conn;
use crate::db::schema::notifications;
use crate::portal::testing::{castor, databases, morning, municipality, opened};
use crate::settings::ConfigTree;
use crate::vocabulary::*;
use diesel::prelude::*;
use serde_json::{Value, json};

fn sender() -> Sender {
    Sender { municipality: municipality(), target: castor(), base: "http://localhost".into() }
}

fn mappings() -> StatusMappings {
    StatusMappings::load(&ConfigTree::embedded()).unwrap()
}

fn event(case: &CaseId, n: u64, kind: &str, data: Value) -> CloudEvent {
    CloudEvent {
        timeprecision: None,
        specversion: "1.0".into(),
        id: format!("e{n}"),
        source: format!("urn:kommunportal:system:castor:case:{case}"),
        kind: format!("{TYPE_PREFIX}{kind}"),
        subject: case.to_string(),
        time: morning().plus_seconds(n as i64 * 60),
        sequence: Some(sequence_text(n)),
        replay: false,
        datacontenttype: None,
        data,
    }
}

fn registered(case: &CaseId) -> CloudEvent {
    let data = json!({"deliveryId": DeliveryId::fresh(), "externalCaseId": "k-1", "diaryNumber": "SBN 2026/00001",
        "registeredAt": morning()});
    event(case, 1, "registered", data)
}

fn status(case: &CaseId, n: u64, code: &str) -> CloudEvent {
    event(case, n, "status_changed", json!({ "externalCode": code }))
}

/// One of the things that a receiver says, as the `n`th: of things with a name of their own there are two of each.
fn said(case: &CaseId, n: u64, what: u8) -> CloudEvent {
    let minute = |n: u64| morning().plus_seconds(n as i64 * 60);
    let which = n % 2;
    let (kind, data) = match what {
        0 => ("status_changed", json!({ "externalCode": "HANDLAGGS" })),
        1 => ("status_changed", json!({ "externalCode": "KOMP", "visibleText": format!("Text {n}") })),
        2 => ("status_changed", json!({ "externalCode": "ATERKALLAD" })),
        3 => ("closed", json!({"outcome": "approved", "closedAt": morning(), "externalCode": "AVSLUTAD"})),
        4 => ("reopened", json!({})),
        5 => ("message_sent", json!({"messageId": format!("m{n}"), "text": "Hej", "conversationId": "c"})),
        6 => ("handler_assigned", json!({"handler": {"id": "a", "name": format!("Anna {n}"), "showToCitizen": true}})),
        7 => ("decision_made", decision(&format!("b{n}"), 1)),
        8 => ("due_date_changed", json!({"dueDate": format!("2027-01-{:02}", (n * 7) % 28 + 1), "reason": "Remiss"})),
        9 => ("due_date_changed", json!({"reason": "Ingen dag än"})),
        10 => (
            "supplement_requested",
            json!({"supplementId": format!("k{which}"), "version": n, "text": format!("Mer {n}"), "dueAt": minute(n + 9000),
                "items": [{"itemId": "i1", "label": "Protokoll"}], "consequence": "Avvisas"}),
        ),
        11 => ("supplement_resolved", json!({"supplementId": format!("k{which}"), "state": "accepted"})),
        12 => (
            "supplement_resolved",
            json!({"supplementId": format!("k{which}"), "state": "insufficient", "text": "Sidan 2", "dueAt": minute(n + 9500)}),
        ),
        13 => ("supplement_resolved", json!({"supplementId": format!("k{which}"), "state": "expired"})),
        14 => ("hearing_requested", json!({"hearingId": format!("h{which}"), "version": n, "text": "Läs"})),
        15 => ("decision_made", decision("b", n as u32)),
        16 => ("decision_served", json!({"decisionId": "b", "at": minute(n)})),
        17 => ("appeal_received", json!({"decisionId": "b", "at": minute(n)})),
        18 => ("transferred", json!({"toAuthority": "Länsstyrelsen", "reason": "Fel myndighet"})),
        19 => ("message_sent", json!({"messageId": "twice", "text": format!("Lydelse {n}")})),
        20 => ("status_changed", json!({ "externalCode": "NYTT" })),
        21 => ("document_published", json!({"documentId": paper(case), "title": format!("Karta {n}")})),
        _ => ("document_withdrawn", json!({"documentId": paper(case), "reason": "Fel fil"})),
    };
    event(case, n, kind, data)
}

/// How many things [`said`] can say.
const THINGS: u8 = 23;

fn decision(id: &str, version: u32) -> Value {
    json!({"decisionId": id, "version": version, "outcome": "partly_approved", "decidedAt": morning(),
        "decidedBy": {"kind": "delegation", "name": "Anna"}, "text": format!("Bifall {version}"),
        "service": {"required": true, "method": "ordinary"},
        "appeal": {"regime": "fl", "to": "Förvaltningsrätten", "weeks": 3}})
}

/// The one document of a case: named after it, so that a case and its twin have each their own.
fn paper(case: &CaseId) -> String {
    case.to_string()
}

fn add_paper(conn: &mut Conn, case: &CaseId) {
    let document = NewDocument {
        id: paper(case).parse().unwrap(),
        kind: DocumentKind::FromMunicipality,
        title: "Karta".into(),
        blob_key: "b".into(),
        file_name: "karta.pdf".into(),
        media_type: "application/pdf".into(),
        size: 1,
        sha256: "ab".into(),
        visible: false,
        upload_key: Some("u".into()),
    };
    assert!(add_document(conn, &municipality(), case, &document, morning()).unwrap());
}

fn send(conn: &mut Conn, event: &CloudEvent) -> EventOutcome {
    apply(conn, &sender(), &mappings(), event, morning().plus_days(1)).unwrap().outcome
}

/// Everything that the page of a case shows, without the case's own name.
fn shown(conn: &mut Conn, id: &CaseId) -> String {
    let case = find(conn, &municipality(), id).unwrap().unwrap();
    let rows: Vec<_> = timeline(conn, id).unwrap().into_iter().map(|r| (r.kind, r.at, r.sequence, r.data.0)).collect();
    let mut messages: Vec<_> = messages(conn, id).unwrap();
    messages.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    let messages: Vec<_> = messages.into_iter().map(|m| (m.external_id, m.text, m.at, m.conversation)).collect();
    let decisions: Vec<_> = decisions(conn, id).unwrap().into_iter().map(|d| (d.data.0, d.served_at)).collect();
    let asked: Vec<_> = requests(conn, id)
        .unwrap()
        .into_iter()
        .map(|r| (r.kind, r.request_id, r.state, r.data.0, r.asked_at, r.due_at))
        .collect();
    let papers: Vec<_> = documents(conn, id).unwrap().into_iter().map(|d| (d.title, d.visible)).collect();
    let text = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {rows:#?} {messages:#?} {decisions:#?} {asked:#?} {papers:?}",
        case.status,
        case.next_move,
        case.outcome,
        case.closed_at,
        case.handler,
        case.diary_number,
        case.due,
        case.answer_by
    );
    text.replace(id.as_str(), "")
}

/// Which event she is told of, through which channel; reminders too.
fn letters(conn: &mut Conn, id: &CaseId) -> Vec<(String, String)> {
    let mut keys: Vec<(String, String)> = notifications::table
        .filter(notifications::case_id.eq(id))
        .select((notifications::event_key, notifications::channel))
        .load(conn)
        .unwrap();
    keys.sort();
    keys.into_iter().map(|(key, channel)| (key.replace(id.as_str(), ""), channel)).collect()
}

fn all_mapped() -> StatusMappings {
    let shipped = mappings();
    let row = MappingRow {
        external_code: "NYTT".into(),
        portal_code: PortalStatus::Paused,
        case_type: None,
        label_override: None,
        notify: true,
        visible: true,
        valid_from: None,
    };
    StatusMappings::of(castor(), shipped.rows(&castor()).iter().cloned().chain([row]).collect())
}

/// Events, some as replay, the order in which they come and come again, and where in it the case becomes known.
type Plan = (Vec<(u8, bool)>, Vec<usize>, usize);

fn plan() -> impl proptest::strategy::Strategy<Value = Plan> {
    use proptest::prelude::*;
    proptest::collection::vec((0..THINGS, proptest::bool::weighted(0.1)), 1..10).prop_flat_map(|what| {
        let order: Vec<usize> = (0..what.len()).chain(0..what.len()).collect();
        let last = order.len();
        (Just(what), Just(order).prop_shuffle(), 0..=last)
    })
}

#[test]
fn whatever_the_order_and_however_often_the_resident_sees_the_same_case_and_is_told_the_same() {
    use proptest::prelude::*;
    for db in databases() {
        let mut conn = db.conn();
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(80));
        let conn = std::cell::RefCell::new(&mut conn);
        runner
            .run(&plan(), |(what, order, known_at)| {
                let conn = &mut **conn.borrow_mut();
                let (straight, _) = opened(conn, morning());
                let (mixed, _) = opened(conn, morning());
                let all = |id: &CaseId| -> Vec<CloudEvent> {
                    let one =
                        |(n, (what, replay)): (u64, &(u8, bool))| CloudEvent { replay: *replay, ..said(id, n, *what) };
                    (2..).zip(&what).map(one).collect()
                };
                conn.transaction(|c| {
                    for case in [&straight, &mixed] {
                        add_paper(c, &case.id);
                    }
                    send(c, &registered(&straight.id));
                    for e in all(&straight.id) {
                        send(c, &e);
                    }
                    let (events, known) = (all(&mixed.id), registered(&mixed.id));
                    for (place, n) in order.iter().enumerate() {
                        if place == known_at {
                            send(c, &known);
                        }
                        send(c, &events[*n]);
                    }
                    send(c, &known);
                    rerun_unmapped(c, &all_mapped(), None, morning().plus_days(1)).unwrap();
                    diesel::QueryResult::Ok(())
                })
                .unwrap();
                prop_assert_eq!(shown(conn, &straight.id), shown(conn, &mixed.id));
                prop_assert_eq!(letters(conn, &straight.id), letters(conn, &mixed.id));
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn a_closed_case_is_left_only_by_reopening_it() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        for e in [registered(&case.id), said(&case.id, 2, 3)] {
            assert_eq!(send(conn, &e), EventOutcome::Applied);
        }
        assert_eq!(send(conn, &said(&case.id, 3, 0)), EventOutcome::Stale);
        assert_eq!(find(conn, &municipality(), &case.id).unwrap().unwrap().status, PortalStatus::Closed);
        assert_eq!(send(conn, &said(&case.id, 4, 4)), EventOutcome::Applied);
        let open = find(conn, &municipality(), &case.id).unwrap().unwrap();
        assert_eq!((open.status, open.outcome, open.closed_at), (PortalStatus::InProgress, None, None));
    }
}

#[test]
fn an_older_status_that_comes_late_is_history_only() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        send(conn, &registered(&case.id));
        send(conn, &status(&case.id, 6, "UNDERBESLUT"));
        let late =
            apply(conn, &sender(), &mappings(), &status(&case.id, 4, "HANDLAGGS"), morning().plus_days(1)).unwrap();
        assert_eq!((late.outcome, late.applied_sequence), (EventOutcome::Stale, Some(sequence_text(6))));
        let case = find(conn, &municipality(), &case.id).unwrap().unwrap();
        assert_eq!((case.status, case.next_move), (PortalStatus::AwaitingDecision, NextMove::Municipality));
        assert_eq!(timeline(conn, &case.id).unwrap().len(), 4);
    }
}

#[test]
fn an_unknown_status_waits_for_its_row_and_no_older_one_takes_its_place() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        send(conn, &registered(&case.id));
        assert_eq!(send(conn, &status(&case.id, 5, "NYTT")), EventOutcome::Unmapped);
        assert_eq!(send(conn, &status(&case.id, 4, "HANDLAGGS")), EventOutcome::Stale);
        let seen = |conn: &mut Conn| find(conn, &municipality(), &case.id).unwrap().unwrap().status;
        assert_eq!(seen(conn), PortalStatus::Registered);
        let row = MappingRow {
            external_code: "NYTT".into(),
            portal_code: PortalStatus::Paused,
            case_type: None,
            label_override: None,
            notify: true,
            visible: true,
            valid_from: None,
        };
        let more = StatusMappings::of(castor(), vec![row]);
        assert_eq!(rerun_unmapped(conn, &more, None, morning().plus_days(2)).unwrap(), 1);
        assert_eq!(seen(conn), PortalStatus::Paused);
        assert_eq!(rerun_unmapped(conn, &more, None, morning().plus_days(2)).unwrap(), 0);
        let told: i64 =
            notifications::table.filter(notifications::case_id.eq(&case.id)).count().get_result(conn).unwrap();
        assert_eq!(told, 0, "a replay tells nobody");
    }
}

#[test]
fn an_event_before_the_answer_to_the_delivery_waits_for_it() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        let early = said(&case.id, 5, 5);
        assert_eq!(send(conn, &early), EventOutcome::Parked);
        assert_eq!(send(conn, &early), EventOutcome::Duplicate);
        assert_eq!(messages(conn, &case.id).unwrap().len(), 0);
        assert_eq!(bury_parked(conn, morning().plus_days(2)).unwrap(), 1);
        send(conn, &registered(&case.id));
        assert_eq!(messages(conn, &case.id).unwrap().len(), 1);
    }
}

#[test]
fn a_used_event_id_with_other_content_a_clock_ahead_and_a_foreign_case_are_refused() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        send(conn, &registered(&case.id));
        send(conn, &status(&case.id, 2, "KOMP"));
        let code = |conn: &mut Conn, e: &CloudEvent| {
            apply(conn, &sender(), &mappings(), e, morning().plus_days(1)).unwrap().problem.map(|p| p.code)
        };
        assert_eq!(code(conn, &status(&case.id, 2, "HANDLAGGS")).as_deref(), Some("event-id-reused"));
        let mut ahead = status(&case.id, 9, "KOMP");
        ahead.time = morning().plus_days(1).plus_seconds(360);
        assert_eq!(code(conn, &ahead).as_deref(), Some("time-in-future"));
        let mut form = status(&case.id, 9, "KOMP");
        form.sequence = Some("4a".into());
        assert_eq!(code(conn, &form).as_deref(), Some("sequence-malformed"));
        let other = Sender { target: "procapita".parse().unwrap(), ..sender() };
        let foreign = apply(conn, &other, &mappings(), &status(&case.id, 10, "KOMPL"), morning().plus_days(1)).unwrap();
        assert_eq!(
            foreign.problem.map(|p| p.code).as_deref(),
            Some("not-found"),
            "another target's case is none of its own"
        );
    }
}

#[test]
fn a_decision_without_appeal_instructions_is_held_until_a_version_has_them() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        send(conn, &registered(&case.id));
        let mut bare = said(&case.id, 2, 7);
        bare.data.as_object_mut().unwrap().remove("appeal");
        assert_eq!(send(conn, &bare), EventOutcome::Unmapped);
        assert!(decisions(conn, &case.id).unwrap().is_empty());
        let mut whole = said(&case.id, 3, 7);
        whole.data["decisionId"] = bare.data["decisionId"].clone();
        whole.data["version"] = json!(2);
        assert_eq!(send(conn, &whole), EventOutcome::Applied);
        assert_eq!(decisions(conn, &case.id).unwrap().len(), 1);
    }
}

#[test]
fn only_her_own_open_case_can_be_found_written_in_and_taken_back() {
    for db in databases() {
        let conn = &mut db.conn();
        let (new, opened) = opened(conn, morning());
        let owner = new.party_id.clone().unwrap();
        assert!(find_for_owner(conn, &municipality(), &PartyId::fresh(), &opened.reference).unwrap().is_none());
        let skara = "skara".parse().unwrap();
        assert!(find_for_owner(conn, &skara, &owner, &opened.reference).unwrap().is_none());
        let case = find_for_owner(conn, &municipality(), &owner, &opened.reference).unwrap().unwrap();
        send(conn, &registered(&case.id));
        send(conn, &status(&case.id, 2, "KOMP"));
        let later = morning().plus_days(1);
        let id = MessageId::fresh();
        fn message<'a>(id: &'a MessageId, text: &'a str) -> FromResident<'a> {
            let (files, about, opening, conversation) = (None, None, None, None);
            FromResident { id, kind: DeliveryKind::Message, text, files, about, opening, conversation }
        }
        for expected in [Written::Now(vec![]), Written::Before] {
            let written = write_from_resident(conn, &case, message(&id, "Här kommer det"), later).unwrap();
            assert_eq!(written, expected, "the same form sent twice is one message");
        }
        assert_eq!(messages(conn, &case.id).unwrap().len(), 1);
        let answered = find(conn, &municipality(), &case.id).unwrap().unwrap();
        assert_eq!(answered.next_move, NextMove::Municipality);
        assert!(withdraw(conn, &case, later).unwrap());
        assert!(!withdraw(conn, &case, later).unwrap());
        let late = write_from_resident(conn, &case, message(&MessageId::fresh(), "En sak till"), later).unwrap();
        assert_eq!(late, Written::Over);
        assert_eq!(list_for(conn, &municipality(), &owner, None, 10).unwrap().len(), 1);
        assert!(list_for(conn, &municipality(), &owner, Some((case.received_at, case.id)), 10).unwrap().is_empty());
    }
}

#[test]
fn what_became_of_a_request_that_is_not_here_yet_waits_for_it_and_an_answer_counts_for_what_was_asked() {
    for db in databases() {
        let conn = &mut db.conn();
        let (new, _) = opened(conn, morning());
        let id = &new.id;
        send(conn, &registered(id));
        let later = morning().plus_days(2);
        let stands = |conn: &mut Conn| requests(conn, id).unwrap().first().map(|r| r.state);
        // Not enough, before anybody knows of what.
        assert_eq!(send(conn, &said(id, 4, 12)), EventOutcome::Applied);
        assert_eq!((stands(conn), timeline(conn, id).unwrap().len()), (None, 2));
        assert_eq!(send(conn, &said(id, 2, 10)), EventOutcome::Applied);
        assert_eq!((stands(conn), timeline(conn, id).unwrap().len()), (Some(RequestState::Open), 4));
        let case = find(conn, &municipality(), id).unwrap().unwrap();
        let asked = requests(conn, id).unwrap().remove(0);
        assert_eq!((case.next_move, case.answer_by), (NextMove::Resident, asked.due_at));
        let form = MessageId::fresh();
        let answer = FromResident {
            id: &form,
            kind: DeliveryKind::Supplement,
            text: "Här är det",
            files: Some(&form),
            about: Some(&asked.request_id),
            opening: Some(&asked.opening),
            conversation: None,
        };
        assert_eq!(write_from_resident(conn, &case, answer, later).unwrap(), Written::Now(vec![]));
        assert_eq!(stands(conn), Some(RequestState::Submitted));
        let answered = find(conn, &municipality(), id).unwrap().unwrap();
        assert_eq!((answered.next_move, answered.answer_by), (NextMove::Municipality, None));
        // Her answer came to what was asked then, not to what is asked now.
        send(conn, &said(id, 6, 12));
        assert_eq!(stands(conn), Some(RequestState::Open));
        send(conn, &said(id, 8, 11));
        assert_eq!(stands(conn), Some(RequestState::Accepted));
    }
}

#[test]
fn an_integrator_is_warned_of_gaps_odd_transitions_and_decisions_that_do_not_say_how_to_appeal() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        let codes = |conn: &mut Conn, e: &CloudEvent| -> Vec<String> {
            let result = apply(conn, &sender(), &mappings(), e, morning().plus_days(1)).unwrap();
            result.warnings.into_iter().map(|w| w.code).collect()
        };
        assert!(codes(conn, &registered(&case.id)).is_empty());
        assert!(codes(conn, &status(&case.id, 2, "BESLUTAD")).is_empty());
        assert_eq!(codes(conn, &status(&case.id, 3, "HANDLAGGS")), ["transition-unexpected"]);
        assert_eq!(codes(conn, &said(&case.id, 6, 5)), ["sequence-gap"]);
        assert!(codes(conn, &said(&case.id, 5, 5)).is_empty(), "what fills a gap is none");
        let mut bare = said(&case.id, 7, 7);
        bare.data.as_object_mut().unwrap().remove("appeal");
        assert_eq!(codes(conn, &bare), ["appeal-block-missing"]);
    }
}

#[test]
fn hostile_texts_are_kept_or_refused_and_break_nothing() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        send(conn, &registered(&case.id));
        let long = "ö".repeat(10_000);
        let told =
            |n: u64, id: &str, text: &str| event(&case.id, n, "message_sent", json!({"messageId": id, "text": text}));
        assert_eq!(send(conn, &told(2, "m2", &long)), EventOutcome::Applied);
        assert_eq!(send(conn, &told(3, "m3", "")), EventOutcome::Applied);
        for refused in [told(4, "m4", "a\0b"), told(5, &long, "x"), told(6, "", "x")] {
            assert_eq!(send(conn, &refused), EventOutcome::Rejected);
        }
        for (n, what) in (10..).zip([10u8, 12, 14, 8]) {
            let mut hostile = said(&case.id, n, what);
            hostile.data["text"] = json!(long);
            hostile.data["reason"] = json!("");
            assert_eq!(send(conn, &hostile), EventOutcome::Applied, "{what}");
        }
        assert_eq!(messages(conn, &case.id).unwrap().len(), 2);
    }
}

#[test]
fn of_a_delay_she_is_told_and_the_day_of_appeal_is_reckoned_from_when_she_took_part() {
    for db in databases() {
        let conn = &mut db.conn();
        let (case, _) = opened(conn, morning());
        send(conn, &registered(&case.id));
        let promise =
            |n: u64, day: &str| event(&case.id, n, "due_date_changed", json!({"dueDate": day, "reason": "Remiss"}));
        send(conn, &promise(2, "2027-01-15"));
        assert!(letters(conn, &case.id).is_empty());
        send(conn, &promise(3, "2027-03-01"));
        assert_eq!(letters(conn, &case.id).len(), 1);
        send(conn, &said(&case.id, 4, 15));
        let served = event(&case.id, 5, "decision_served", json!({"decisionId": "b", "at": "2026-12-03T09:00:00Z"}));
        assert_eq!(
            apply(conn, &sender(), &mappings(), &served, morning().plus_days(20)).unwrap().outcome,
            EventOutcome::Applied
        );
        let decision = decisions(conn, &case.id).unwrap().remove(0);
        assert_eq!(decision.appeal_by().map(|d| d.to_string()).as_deref(), Some("2026-12-28"));
    }
}
