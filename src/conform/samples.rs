//! Deliveries and documents as the portal makes them, about invented people.

use super::Config;
use super::ledger::File;
use crate::contract::*;
use crate::settings::{random_bytes, sha256_hex};
use crate::vocabulary::{At, CaseId, DeliveryId, FileId, Reference};
use serde_json::{Map, json};

/// A person that Skatteverket has made for tests, and what must not leave her case when it is sensitive.
pub const PERSON: &str = "189001019802";
pub const NAME: &str = "Tolvan Provsson-Konform";
pub const TITLE: &str = "Ansökan som visar kontraktet";

/// A submission in a case of its own, without documents.
pub fn submission(config: &Config, received_at: At) -> Delivery {
    let random = random_bytes().unwrap_or_default();
    let case = CaseId::fresh();
    let citizen_view = format!("{}/mina-sidor", config.public_url);
    Delivery {
        delivery_id: DeliveryId::fresh(),
        kind: DeliveryKind::Submission,
        schema_version: "1.0".into(),
        municipality: config.municipality.clone(),
        case: CaseRef {
            id: case,
            reference: Reference::new(received_at.in_sweden().year(), random),
            external_case_id: None,
        },
        service: ServiceRef { code: "konform".into(), title: TITLE.into(), form_version: "c".repeat(64) },
        routing: Routing {
            case_type: config.case_type.clone(),
            unit: config.unit.clone(),
            appeal_regime: config.appeal_regime.clone(),
        },
        received_at,
        received_date: received_at.day().to_string(),
        title: TITLE.into(),
        sensitivity: "normal".into(),
        parties: vec![Party {
            role: "applicant".into(),
            kind: "person".into(),
            name: Some(NAME.into()),
            identifier: Some(Identifier { kind: "personalNumber".into(), value: PERSON.into() }),
            contact: Some(Contact {
                email: Some("tolvan@example.se".into()),
                phone: None,
                preferred_channel: "portal".into(),
            }),
            authentication: None,
            mandate: None,
            protected_identity: false,
            protection_unchecked: false,
        }],
        signatures: vec![],
        missing_signatures: vec![],
        answers: vec![AnswerSection {
            section: "Frågan".into(),
            items: vec![AnswerItem {
                id: "vad".into(),
                label: "Vad vill du?".into(),
                text: "Se att åäö, \"citat\" och\nradbrytningar kommer fram.".into(),
                source: "resident".into(),
                source_at: received_at,
            }],
        }],
        values: Map::from_iter([("vad".to_owned(), json!("Se att åäö, \"citat\" och\nradbrytningar kommer fram."))]),
        message: None,
        supplement: None,
        hearing_id: None,
        decision_id: None,
        locations: vec![],
        documents: vec![],
        links: Links { citizen_view },
    }
}

/// A later delivery in a case that the adapter has registered.
pub fn later(first: &Delivery, kind: DeliveryKind, external_case_id: &str, text: &str, now: At) -> Delivery {
    Delivery {
        delivery_id: DeliveryId::fresh(),
        kind,
        case: CaseRef { external_case_id: Some(external_case_id.to_owned()), ..first.case.clone() },
        received_at: now,
        received_date: now.day().to_string(),
        answers: vec![],
        values: Map::new(),
        documents: vec![],
        message: Some(DeliveredMessage {
            message_id: CaseId::fresh().to_string(),
            text: text.to_owned(),
            in_reply_to: None,
        }),
        ..first.clone()
    }
}

/// Names a document of so many bytes in the delivery; the file itself is for the ledger.
pub fn attach(delivery: &mut Delivery, config: &Config, kind: &str, size: usize) -> (String, File) {
    let id = FileId::fresh().to_string();
    let bytes = pdf(size, &id);
    let sha256 = sha256_hex(&bytes);
    delivery.documents.push(Document {
        document_id: id.clone(),
        kind: kind.to_owned(),
        file_name: format!("{kind}.pdf"),
        media_type: "application/pdf".into(),
        size: u64::try_from(bytes.len()).unwrap_or_default(),
        sha256: sha256.clone(),
        scan: "clean".into(),
        content: None,
        href: format!(
            "{}/integration/v1/deliveries/{}/documents/{id}/content",
            config.public_url, delivery.delivery_id
        ),
    });
    (id, File { bytes: bytes.into(), sha256, broken: 0, cuts: 0, fetches: Vec::new(), is_out: false })
}

/// A PDF of one empty page that is no smaller than `size`; no two are alike.
fn pdf(size: usize, mark: &str) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.4\n% {mark}\n").into_bytes();
    let line = b"% 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc\n";
    while bytes.len() + line.len() < size {
        bytes.extend_from_slice(line);
    }
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ];
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (n, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(format!("{} 0 obj{object}endobj\n", n + 1).as_bytes());
    }
    let start = bytes.len();
    bytes.extend_from_slice(format!("{table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    bytes
}
