//! What a resident and an integrator notice of events, on every database.

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

/// One of the things that a receiver says, as the `n`th.
fn said(case: &CaseId, n: u64, what: u8) -> CloudEvent {
    match what {
        0 => status(case, n, "HANDLAGGS"),
        1 => status(case, n, "KOMP"),
        2 => status(case, n, "ATERKALLAD"),
        3 => {
            event(case, n, "closed", json!({"outcome": "approved", "closedAt": morning(), "externalCode": "AVSLUTAD"}))
        }
        4 => event(case, n, "reopened", json!({})),
        5 => event(case, n, "message_sent", json!({"messageId": format!("m{n}"), "text": "Hej"})),
        6 => event(
            case,
            n,
            "handler_assigned",
            json!({"handler": {"id": "a", "name": format!("Anna {n}"), "showToCitizen": true}}),
        ),
        _ => event(
            case,
            n,
            "decision_made",
            json!({"decisionId": format!("b{n}"), "version": 1, "outcome": "partly_approved", "decidedAt": morning(),
                "decidedBy": {"kind": "delegation", "name": "Anna"}, "text": "Bifall", "appeal": {"regime": "fl", "to": "Förvaltningsrätten", "weeks": 3}}),
        ),
    }
}

fn send(conn: &mut Conn, event: &CloudEvent) -> EventOutcome {
    apply(conn, &sender(), &mappings(), event, morning().plus_days(1)).unwrap().outcome
}

fn shown(conn: &mut Conn, id: &CaseId) -> String {
    let case = find(conn, &municipality(), id).unwrap().unwrap();
    let rows: Vec<_> = timeline(conn, id).unwrap().into_iter().map(|r| (r.kind, r.at, r.sequence, r.data.0)).collect();
    let mut messages: Vec<String> = messages(conn, id).unwrap().into_iter().map(|m| m.external_id).collect();
    messages.sort();
    let decisions: Vec<_> = decisions(conn, id).unwrap().into_iter().map(|d| d.data.0.outcome).collect();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {rows:#?} {messages:?} {decisions:?}",
        case.status, case.next_move, case.outcome, case.closed_at, case.handler, case.diary_number
    )
}

/// The letters about what is additive: these depend on no order.
fn letters(conn: &mut Conn, id: &CaseId, events: &[CloudEvent]) -> Vec<String> {
    let keys: Vec<String> = notifications::table
        .filter(notifications::case_id.eq(id))
        .select(notifications::event_key)
        .order(notifications::event_key)
        .load(conn)
        .unwrap();
    let additive = |key: &String| {
        events
            .iter()
            .any(|e| key.ends_with(&format!("#{}", e.id)) && (e.kind.ends_with("_sent") || e.kind.ends_with("_made")))
    };
    keys.into_iter().filter(additive).map(|k| k.rsplit('#').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn whatever_the_order_and_however_often_the_resident_sees_the_same_case() {
    use proptest::prelude::*;
    for db in databases() {
        let mut conn = db.conn();
        let plan = proptest::collection::vec(0..8u8, 1..8).prop_flat_map(|what| {
            let order: Vec<usize> = (0..=what.len()).chain(0..=what.len()).collect();
            (Just(what), Just(order).prop_shuffle())
        });
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(60));
        let conn = std::cell::RefCell::new(&mut conn);
        runner
            .run(&plan, |(what, order)| {
                let conn = &mut **conn.borrow_mut();
                let (straight, _) = opened(conn, morning());
                let (mixed, _) = opened(conn, morning());
                let all = |id: &CaseId| -> Vec<CloudEvent> {
                    std::iter::once(registered(id)).chain(what.iter().zip(2..).map(|(w, n)| said(id, n, *w))).collect()
                };
                let events = all(&straight.id);
                conn.transaction(|c| {
                    for e in &events {
                        send(c, e);
                    }
                    let events = all(&mixed.id);
                    let mut fresh: std::collections::BTreeMap<usize, CloudEvent> =
                        events.into_iter().enumerate().collect();
                    // The delivery id in it is drawn anew each time; a repeat must be the very same event.
                    for place in &order {
                        if let Some(e) = fresh.get_mut(place) {
                            send(c, e);
                        }
                    }
                    diesel::QueryResult::Ok(())
                })
                .unwrap();
                prop_assert_eq!(shown(conn, &straight.id), shown(conn, &mixed.id));
                prop_assert_eq!(letters(conn, &straight.id, &events), letters(conn, &mixed.id, &events));
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
        send(conn, &status(&case.id, 6, "KOMP"));
        let late =
            apply(conn, &sender(), &mappings(), &status(&case.id, 4, "HANDLAGGS"), morning().plus_days(1)).unwrap();
        assert_eq!((late.outcome, late.applied_sequence), (EventOutcome::Stale, Some(sequence_text(6))));
        let case = find(conn, &municipality(), &case.id).unwrap().unwrap();
        assert_eq!((case.status, case.next_move), (PortalStatus::SupplementNeeded, NextMove::Resident));
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
        assert_eq!(foreign.outcome, EventOutcome::Parked, "another target's case is as unknown as none");
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
        for expected in [Written::Now, Written::Before] {
            let written = add_message_from_resident(conn, &case, &id, "Här kommer det", vec![], later).unwrap();
            assert_eq!(written, expected, "the same form sent twice is one message");
        }
        assert_eq!(messages(conn, &case.id).unwrap().len(), 1);
        let answered = find(conn, &municipality(), &case.id).unwrap().unwrap();
        assert_eq!(answered.next_move, NextMove::Municipality);
        assert!(withdraw(conn, &case, later).unwrap());
        assert!(!withdraw(conn, &case, later).unwrap());
        let late = add_message_from_resident(conn, &case, &MessageId::fresh(), "En sak till", vec![], later).unwrap();
        assert_eq!(late, Written::Over);
        assert_eq!(list_for(conn, &municipality(), &owner, None, 10).unwrap().len(), 1);
        assert!(list_for(conn, &municipality(), &owner, Some((case.received_at, case.id)), 10).unwrap().is_empty());
    }
}
