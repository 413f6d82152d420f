//! What becomes of a delivery: once, whatever happens.

use super::Office;
use super::books::{Books, Entry, Errand, Wanted};
use super::faults::Fault;
use super::journal::{Entered, Line};
use crate::contract::*;
use crate::settings::sha256_hex;
use crate::vocabulary::{At, DeliveryId};
use serde_json::json;
use std::time::{Duration, Instant};

/// A delivery that was taken in.
pub(super) struct Taken {
    pub receipt: DeliveryReceipt,
    pub is_new: bool,
}

/// Why it was not.
pub(super) type Refused = (ProblemCode, &'static str);

/// Takes in a body as it came.
pub(super) fn take_in(office: &Office, id: &str, body: &[u8]) -> Result<Taken, Refused> {
    let value: serde_json::Value =
        serde_json::from_slice(body).map_err(|_| (ProblemCode::MalformedRequest, "the body is not JSON"))?;
    let delivery: Delivery = serde_json::from_value(value)
        .map_err(|_| (ProblemCode::SchemaViolation, "a member is missing, or of another type than in the contract"))?;
    if delivery.delivery_id.as_str() != id {
        return Err((ProblemCode::SchemaViolation, "webhook-id and deliveryId differ"));
    }
    let portal =
        portal_of(&delivery).ok_or((ProblemCode::SchemaViolation, "links.citizenView: not at this machine"))?;
    let (sha256, now) = (sha256_hex(body), office.config.clock.now());
    let is_on = |wanted: Fault| office.control.strike(|fault| fault == wanted).is_some();
    office.control.count("deliveries", id.to_owned());
    let mut books = office.books();
    if let Some(known) = books.deliveries.get(&delivery.delivery_id)
        && !is_on(Fault::NoDedupe)
    {
        return if known.sha256 == sha256 || is_on(Fault::BodyIgnored) {
            Ok(Taken { receipt: known.receipt.clone(), is_new: false })
        } else {
            Err((ProblemCode::IdempotencyKeyReused, "the body differs from the first"))
        };
    }
    let (external, received_at) = match delivery.kind {
        DeliveryKind::Submission => {
            let n = books.count + 1;
            let name = delivery.parties.first().and_then(|p| p.name.as_deref()).unwrap_or_default();
            let external = if is_on(Fault::NameInId) { format!("castor-{n}-{name}") } else { format!("castor-{n}") };
            (external, if is_on(Fault::OwnTime) { now } else { delivery.received_at })
        }
        _ => match books.errands.iter().find(|e| e.case == delivery.case.id) {
            Some(errand) => (errand.external.clone(), errand.received_at),
            None => return Err((ProblemCode::RequestInProgress, "the case is not registered yet")),
        },
    };
    let is_later = delivery.kind == DeliveryKind::Submission && is_on(Fault::AcceptLater);
    let body = String::from_utf8_lossy(body).into_owned();
    let line = Line::Delivery(Entered { body, external: external.clone(), received_at, at: now, is_later });
    let kept = books.journal.keep(&line);
    kept.map_err(|_| (ProblemCode::TemporarilyUnavailable, "the journal cannot be written"))?;
    let Line::Delivery(entered) = line else { return Err((ProblemCode::InternalError, "no delivery")) };
    let receipt = enter(&mut books, office, &delivery, portal, &entered);
    drop(books);
    let kind = delivery.kind.as_str();
    office.control.note(json!({ "event": "registered", "kind": kind, "delivery": id, "externalCaseId": external }));
    office.work.notify_waiters();
    Ok(Taken { receipt, is_new: true })
}

/// Writes a delivery into the books: now, or again after a start. What is to be answered.
pub(super) fn enter(
    books: &mut Books,
    office: &Office,
    delivery: &Delivery,
    portal: String,
    entered: &Entered,
) -> DeliveryReceipt {
    let external = &entered.external;
    if delivery.kind == DeliveryKind::Submission {
        books.count += 1;
        let errand = Errand {
            external: external.clone(),
            diary_number: format!("{} {}/{:05}", delivery.routing.unit, entered.at.in_sweden().year(), books.count),
            case: delivery.case.id.clone(),
            portal,
            received_at: entered.received_at,
            appeal_regime: delivery.routing.appeal_regime.clone(),
            sequence: 1,
            supplement: None,
        };
        books.errands.push(errand);
        office.control.count("cases", delivery.case.id.to_string());
    }
    let registered = DeliveryReceipt {
        delivery_id: delivery.delivery_id.clone(),
        state: ReceiptState::Registered,
        registered_at: Some(entered.at),
        external_case_id: Some(external.clone()),
        diary_number: books.errand(external).map(|e| e.diary_number.clone()),
        case_type: Some(delivery.routing.case_type.clone()),
        unit: Some(UnitRef { code: delivery.routing.unit.clone(), name: None }),
        handler: None,
        status: Some(ReceiptStatus { external_code: "REG".into(), sequence: sequence_text(1) }),
        document_numbers: Default::default(),
        warnings: vec![],
    };
    let receipt = if entered.is_later { accepted(&registered) } else { registered };
    let due = entered.is_later.then(|| Instant::now() + Duration::from_millis(300));
    let sha256 = sha256_hex(entered.body.as_bytes());
    let entry = Entry { sha256, external: external.clone(), receipt: receipt.clone(), due };
    books.deliveries.insert(delivery.delivery_id.clone(), entry);
    books.files.extend(delivery.documents.iter().map(wanted));
    receipt
}

/// What is said while the errand is being made.
fn accepted(registered: &DeliveryReceipt) -> DeliveryReceipt {
    DeliveryReceipt {
        state: ReceiptState::Accepted,
        registered_at: None,
        external_case_id: None,
        diary_number: None,
        status: None,
        ..registered.clone()
    }
}

/// Registers what was only accepted and is due now.
pub(super) fn finish_accepted(office: &Office) {
    let (moment, now) = (Instant::now(), office.config.clock.now());
    let mut books = office.books();
    let due: Vec<DeliveryId> = books
        .deliveries
        .iter()
        .filter(|(_, e)| e.due.is_some_and(|due| due <= moment))
        .map(|(id, _)| id.clone())
        .collect();
    for id in due {
        // The errand was made with the delivery; only its telling was late.
        let Some((external, diary_number)) = settle(&mut books, &id, now) else { continue };
        let data = EventData::Registered(Registered {
            delivery_id: id,
            external_case_id: external.clone(),
            diary_number,
            registered_at: now,
            unit: None,
        });
        let _ = books.announce(&external, &data, now, false);
    }
}

/// What was only accepted is registered: the errand's id and number.
pub(super) fn settle(books: &mut Books, id: &DeliveryId, at: At) -> Option<(String, Option<String>)> {
    let external = books.deliveries.get(id)?.external.clone();
    let diary_number = books.errand(&external).map(|e| e.diary_number.clone());
    let entry = books.deliveries.get_mut(id)?;
    entry.due = None;
    entry.receipt.state = ReceiptState::Registered;
    entry.receipt.registered_at = Some(at);
    entry.receipt.external_case_id = Some(external.clone());
    entry.receipt.diary_number.clone_from(&diary_number);
    Some((external, diary_number))
}

fn wanted(document: &Document) -> Wanted {
    Wanted {
        id: document.document_id.clone(),
        href: document.href.clone(),
        size: document.size,
        sha256: document.sha256.clone(),
        got: 0,
        digest: ring::digest::Context::new(&ring::digest::SHA256),
        etag: None,
        due: Instant::now(),
        done: false,
    }
}

/// The portal's address: only this machine's, whatever a delivery says.
pub(super) fn portal_of(delivery: &Delivery) -> Option<String> {
    let url: url::Url = delivery.links.citizen_view.parse().ok()?;
    let host = url.host_str()?;
    let is_here = host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1";
    is_here.then(|| url.origin().ascii_serialization())
}

/// The time that is told of an errand.
pub(super) fn received_at(office: &Office, external: &str) -> Option<At> {
    office.books().errand(external).map(|e| e.received_at)
}
