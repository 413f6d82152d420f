//! Events and receipts from case-management systems.

use super::hostile::{cases, spoiled, spoiled_text};
use kommunportal::contract::{CloudEvent, DeliveryReceipt, Secret, SignatureFault, sequence_number, sequence_text};
use kommunportal::vocabulary::At;
use proptest::prelude::*;
use serde_json::{Value, json};

/// In every text of the examples, so that an error that repeats a value is seen.
const CANARY: &str = "Hanna197905142381";

fn data() -> Vec<(&'static str, Value)> {
    let delivery = "0195e4f2-7d10-7c3a-9b1e-3f6a2b8c9d01";
    vec![
        (
            "registered",
            json!({"deliveryId": delivery, "externalCaseId": CANARY, "diaryNumber": CANARY, "registeredAt": "2026-11-21T12:00:00Z", "unit": {"code": CANARY, "name": CANARY}}),
        ),
        ("status_changed", json!({"externalCode": CANARY, "label": CANARY, "visibleText": CANARY})),
        ("handler_assigned", json!({"handler": {"id": CANARY, "name": CANARY, "showToCitizen": true}, "unit": null})),
        ("message_sent", json!({"messageId": CANARY, "text": CANARY, "documentIds": [CANARY], "allowReply": false})),
        ("document_published", json!({"documentId": CANARY, "title": CANARY, "fileName": CANARY, "mediaType": CANARY})),
        (
            "decision_made",
            json!({"decisionId": CANARY, "outcome": "approved", "decidedAt": "2026-11-21T12:00:00Z", "text": CANARY}),
        ),
        ("closed", json!({"outcome": "answered", "visibleText": CANARY})),
        ("reopened", json!({"reason": CANARY})),
    ]
}

fn event(kind: &str, data: &Value) -> Value {
    json!({"specversion": "1.0", "id": "evt_1", "source": "urn:kommunportal:system:castor:case:1",
        "type": format!("se.kommunportal.case.{kind}"), "subject": "0195e4f2-7d10-7c3a-9b1e-3f6a2b8c9d02",
        "time": "2026-11-21T12:00:00Z", "sequence": "00000000000000000007", "data": data})
}

fn events() -> Vec<Vec<u8>> {
    data().iter().map(|(kind, data)| event(kind, data).to_string().into_bytes()).collect()
}

fn receipt() -> Vec<u8> {
    json!({"deliveryId": "0195e4f2-7d10-7c3a-9b1e-3f6a2b8c9d01", "state": "registered", "registeredAt": "2026-11-21T12:00:00Z",
        "externalCaseId": CANARY, "diaryNumber": "BUN 2026/00001", "caseType": "BUN-FORSKOLA", "unit": {"code": "FORSKOLA"},
        "handler": {"id": "1", "name": CANARY}, "status": {"externalCode": "REG", "sequence": "00000000000000000001"}})
    .to_string()
    .into_bytes()
}

const SECRET: &str = "whsec_S29tbXVucG9ydGFsVGVzdE55Y2tlbDAxMjM0NTY=";
const SENT: i64 = 1_772_396_047;

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn an_event_that_is_read_is_written_and_read_the_same(body in spoiled(events())) {
        if let Ok(event) = serde_json::from_slice::<CloudEvent>(&body) {
            let again: CloudEvent = serde_json::from_slice(&serde_json::to_vec(&event).unwrap()).unwrap();
            prop_assert_eq!(&again, &event);
            match event.read() {
                Ok(data) => {
                    let written = CloudEvent { data: data.to_value().unwrap(), ..event.clone() };
                    prop_assert_eq!(written.read(), Ok(data.clone()));
                    prop_assert!(event.kind.ends_with(data.name()));
                }
                Err(fault) => prop_assert!(!fault.to_string().contains("1979"), "{}", fault),
            }
        }
    }

    #[test]
    fn data_of_the_wrong_kind_are_told_without_what_they_said(which in 0usize..8, member in any::<prop::sample::Index>(), wrong in prop::sample::select(vec![json!(CANARY), json!([CANARY]), json!({"a": CANARY}), json!(197_905_142_381_i64), json!(null), json!(true)])) {
        let (kind, mut data) = data().swap_remove(which);
        let names: Vec<String> = data.as_object().unwrap().keys().cloned().collect();
        data[&names[member.index(names.len())]] = wrong;
        let event: CloudEvent = serde_json::from_value(event(kind, &data)).unwrap();
        if let Err(fault) = event.read() {
            let told = fault.to_string();
            prop_assert!(!told.contains("1979") && !told.contains("Hanna"), "{}", told);
        }
    }

    #[test]
    fn a_receipt_that_is_read_is_written_and_read_the_same(body in spoiled(vec![receipt()])) {
        if let Ok(receipt) = serde_json::from_slice::<DeliveryReceipt>(&body) {
            let again: DeliveryReceipt = serde_json::from_slice(&serde_json::to_vec(&receipt).unwrap()).unwrap();
            prop_assert_eq!(again, receipt);
        }
    }

    #[test]
    fn a_signed_event_that_was_altered_is_never_accepted(
        id in spoiled_text(&["evt_0001"]),
        timestamp in spoiled_text(&["1772396047"]),
        signature in spoiled_text(&["v1,hXDunJq3GzP/E0j4f9DSUw7RyXpWuYkwsAmtmSkq4QE="]),
        body in spoiled(events()),
    ) {
        let secret: Secret = SECRET.parse().unwrap();
        let now = At::from_seconds(SENT);
        let honest = ("evt_0001".to_owned(), "1772396047".to_owned(), events().swap_remove(0));
        let signed = secret.sign(&honest.0, now, &honest.2);
        // Each alone, and all together.
        for (id, timestamp, signature, body) in [
            (&id, &honest.1, &signed, &honest.2),
            (&honest.0, &timestamp, &signed, &honest.2),
            (&honest.0, &honest.1, &signature, &honest.2),
            (&honest.0, &honest.1, &signed, &body),
            (&id, &timestamp, &signature, &body),
        ] {
            let said = secret.verify(id, timestamp, signature, body, now);
            let unaltered = (id, timestamp, body) == (&honest.0, &honest.1, &honest.2) && signature.split(' ').any(|one| one == signed);
            if said.is_ok() || unaltered {
                prop_assert_eq!((said, unaltered), (Ok(()), true), "{} {} {}", id, timestamp, signature);
            }
        }
    }

    #[test]
    fn one_turned_bit_of_a_signed_body_is_seen(at in any::<prop::sample::Index>(), bit in 0u8..8, later in -400i64..400) {
        let (secret, now) = (SECRET.parse::<Secret>().unwrap(), At::from_seconds(SENT));
        let mut body = events().swap_remove(3);
        let signed = secret.sign("evt_1", now, &body);
        let said = secret.verify("evt_1", &SENT.to_string(), &signed, &body, now.plus_seconds(later));
        prop_assert_eq!(said, if later.abs() <= 300 { Ok(()) } else { Err(SignatureFault::Timestamp) });
        let at = at.index(body.len());
        body[at] ^= 1 << bit;
        let said = secret.verify("evt_1", &SENT.to_string(), &signed, &body, now);
        prop_assert_eq!(said, Err(SignatureFault::Invalid));
    }

    #[test]
    fn a_secret_that_is_no_secret_is_refused_without_being_told(text in spoiled_text(&[SECRET])) {
        match text.parse::<Secret>() {
            Ok(secret) => prop_assert_eq!(format!("{secret:?}"), "whsec_•••"),
            Err(e) => prop_assert_eq!(e.to_string(), "a signing secret is whsec_ and base64 of 24–64 bytes"),
        }
    }

    #[test]
    fn a_sequence_is_one_number_in_both_directions(n: u64, text in spoiled_text(&["00000000000000000007", "18446744073709551615"])) {
        prop_assert_eq!(sequence_number(&sequence_text(n)), Some(n));
        if let Some(read) = sequence_number(&text) {
            prop_assert_eq!(read.to_string(), text.trim_start_matches('0').to_owned() + if read == 0 { "0" } else { "" });
        }
    }
}
