//! What a delivery must be before anything is done with it. Faults name fields, never values.

use crate::contract::{Delivery, DeliveryKind, ProblemCode};
use crate::desk::portal_link::is_at_portal;
use crate::municipalities::{Municipalities, Municipality};
use crate::vocabulary::{At, MunicipalitySlug};
use serde_json::Value;
use std::sync::Arc;

/// How far ahead of ours the portal's clock may be. Seconds.
const AHEAD: i64 = 300;
/// Files in one delivery.
const MOST_DOCUMENTS: usize = 200;
/// Characters in what stands in lists.
const LONGEST_LINE: usize = 500;

/// Why a delivery is refused, for the portal's staff.
pub type Fault = (ProblemCode, String);

/// A delivery that can be registered, and for whom.
pub struct Checked {
    pub delivery: Delivery,
    pub municipality: Arc<Municipality>,
}

/// Reads and checks a body that came signed for `allowed`.
pub fn check(
    body: &[u8],
    webhook_id: &str,
    allowed: &[MunicipalitySlug],
    municipalities: &Municipalities,
    portal: &url::Url,
    now: At,
) -> Result<Checked, Fault> {
    let value: Value =
        serde_json::from_slice(body).map_err(|_| (ProblemCode::MalformedRequest, "the body is not JSON".to_owned()))?;
    let schema = |what: &str| (ProblemCode::SchemaViolation, what.to_owned());
    if has_nul(&value) {
        return Err(schema("a text holds the character U+0000"));
    }
    let delivery: Delivery = serde_json::from_value(value).map_err(|e| schema(&field_of(&e)))?;
    if delivery.schema_version.split('.').next() != Some("1") {
        return Err(schema("schemaVersion: this desk reads version 1"));
    }
    if delivery.delivery_id.as_str() != webhook_id {
        return Err(schema("webhook-id and deliveryId differ"));
    }
    let municipality = municipalities
        .find_by_code(&delivery.municipality.code)
        .filter(|m| m.organisation_number == delivery.municipality.organisation_number)
        .ok_or_else(|| schema("municipality: not served here"))?
        .clone();
    if !allowed.contains(&municipality.slug) {
        return Err((ProblemCode::SignatureInvalid, "the secret is another municipality's".to_owned()));
    }
    if delivery.received_at > now.plus_seconds(AHEAD) {
        return Err((ProblemCode::TimeInFuture, "receivedAt".to_owned()));
    }
    let first = delivery.parties.first().and_then(|p| p.name.as_deref()).unwrap_or_default();
    for (name, text) in [("title", delivery.title.as_str()), ("parties[0].name", first)] {
        if text.chars().count() > LONGEST_LINE {
            return Err(schema(&format!("{name}: too long")));
        }
    }
    if delivery.kind == DeliveryKind::Submission && delivery.title.trim().is_empty() {
        return Err(schema("title: missing"));
    }
    let needs_words = !matches!(delivery.kind, DeliveryKind::Submission | DeliveryKind::Withdrawal);
    if needs_words && delivery.message.is_none() && delivery.documents.is_empty() {
        return Err(schema("message: missing"));
    }
    check_documents(&delivery, &municipality.address(portal)).map_err(schema)?;
    Ok(Checked { delivery, municipality })
}

fn check_documents(delivery: &Delivery, portal: &str) -> Result<(), &'static str> {
    if delivery.documents.len() > MOST_DOCUMENTS {
        return Err("documents: too many");
    }
    for (n, d) in delivery.documents.iter().enumerate() {
        if d.sha256.len() != 64 || !d.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err("documents.sha256: 64 digits of lower-case hex");
        }
        if d.file_name.trim().is_empty() || d.file_name.contains(['/', '\\']) || d.file_name.len() > 255 {
            return Err("documents.fileName: not a safe name");
        }
        if d.size > i64::MAX.unsigned_abs() {
            return Err("documents.size: too large");
        }
        // Files are fetched with our token: from the municipality's own portal and nowhere else.
        if !is_at_portal(&d.href, portal) {
            return Err("documents.href: not at the municipality's portal");
        }
        if delivery.documents.iter().take(n).any(|other| other.document_id == d.document_id) {
            return Err("documents.documentId: twice");
        }
    }
    Ok(())
}

/// PostgreSQL stores no NUL in a text.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(key, item)| key.contains('\0') || has_nul(item)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What serde misses, without the value that it found: that may be personal.
fn field_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split('`').nth(1) {
        Some(field) if text.starts_with("missing field") => format!("{field}: missing"),
        _ => "a member has another type or value than in the contract".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Document;
    use crate::desk::tests::{later, submission};
    use crate::hostile::{cases_in, spoiled};
    use crate::settings::ConfigTree;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    const PORTAL: &str = "http://localhost:8080";

    fn deliveries() -> Vec<Delivery> {
        let mut first = submission("SBN-FELANMALAN", "GATA");
        first.documents.push(Document {
            document_id: "d1".into(),
            kind: "attachment".into(),
            file_name: "Åsa Öberg.pdf".into(),
            media_type: "application/pdf".into(),
            size: 830,
            sha256: "a".repeat(64),
            scan: "clean".into(),
            href: format!("{PORTAL}/integration/v1/documents/d1"),
            content: None,
        });
        let message = later(DeliveryKind::Message, &first, "Lampan är Åsas");
        vec![first, message]
    }

    #[test]
    fn any_body_is_registered_as_it_was_sent_or_refused_without_a_word_of_it() {
        let municipalities = Municipalities::load(&ConfigTree::embedded(), true).unwrap();
        let (portal, now) = (PORTAL.parse().unwrap(), "2026-11-21T10:00:00Z".parse().unwrap());
        let allowed = ["orkelljunga".parse().unwrap()];
        let look = |body: &[u8], id: &str| check(body, id, &allowed, &municipalities, &portal, now);
        let honest = deliveries();
        let bodies: Vec<Vec<u8>> = honest.iter().map(|d| serde_json::to_vec(d).unwrap()).collect();
        for (delivery, body) in honest.iter().zip(&bodies) {
            let read = look(body, delivery.delivery_id.as_str()).map(|checked| checked.delivery);
            assert_eq!(read, Ok(delivery.clone()));
        }
        TestRunner::new(cases_in(file!(), 512))
            .run(&spoiled(bodies), |body| {
                let found = honest.iter().map(|delivery| look(&body, delivery.delivery_id.as_str()));
                let found: Vec<Result<Checked, Fault>> = found.collect();
                prop_assert!(found.iter().filter(|result| result.is_ok()).count() <= 1, "one body under two keys");
                for result in found {
                    match result {
                        Ok(Checked { delivery, municipality }) => {
                            prop_assert_eq!(&municipality.slug, &allowed[0]);
                            prop_assert!(delivery.title.chars().count() <= LONGEST_LINE);
                            let is_ours = |d: &Document| d.href.starts_with(&format!("{PORTAL}/"));
                            prop_assert!(delivery.documents.iter().all(is_ours));
                            let written = serde_json::to_vec(&delivery).unwrap();
                            prop_assert!(!has_nul(&serde_json::from_slice(&written).unwrap()));
                            let again = look(&written, delivery.delivery_id.as_str()).map(|c| c.delivery);
                            prop_assert_eq!(again, Ok(delivery));
                        }
                        Err((_, told)) => {
                            let personal = ["198001019802", "Öberg", "Lamp", "Åsa"];
                            prop_assert!(!personal.iter().any(|word| told.contains(word)), "{}", told);
                            prop_assert!(told.len() < 200, "{}", told);
                        }
                    }
                }
                Ok(())
            })
            .unwrap();
    }
}
