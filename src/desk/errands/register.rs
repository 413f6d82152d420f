//! From a delivery to an errand, and from a later delivery to the errand it belongs to. Runs in intake's unit of work.

use super::assign::about;
use super::case_types::code;
use super::snapshot::who_has;
use super::store::{self, Direction, Errand, Message, Patch, RequestKind, RequestState};
use super::{Attention, CaseType, Catalogue, ErrandFault, fold, next_number, search_key};
use crate::contract::{Delivery, DeliveryKind, DeliveryReceipt, ReceiptState, ReceiptStatus, Warning, sequence_text};
use crate::db::Conn;
use crate::desk::journal::{self, Happening};
use crate::desk::portal_link;
use crate::desk::staff::{self, Unit};
use crate::vocabulary::{At, ErrandId, MunicipalitySlug};
use serde_json::json;
use std::collections::BTreeMap;

/// A delivery to make an errand of, or to put to one.
pub struct Registration<'a> {
    /// Case types and statuses.
    pub catalogue: &'a Catalogue,
    /// Whose.
    pub municipality: &'a MunicipalitySlug,
    /// What came.
    pub delivery: &'a Delivery,
    /// When it came here.
    pub now: At,
}

/// Makes an errand of a submission: number, errand, words to search by, files to fetch and journal, all in the caller's
/// transaction.
pub fn register(c: &mut Conn, r: &Registration<'_>) -> Result<(ErrandId, DeliveryReceipt), ErrandFault> {
    let d = r.delivery;
    let (case_type, unit) = landing(c, r)?;
    let diary_number = next_number(c, r.municipality, &unit.diary, r.now)?;
    let is_protected = d.parties.iter().any(|p| p.protected_identity || p.protection_unchecked);
    let name = d.parties.first().and_then(|p| p.name.clone()).filter(|_| !is_protected);
    let errand = Errand {
        id: ErrandId::fresh(),
        municipality: r.municipality.clone(),
        case_id: d.case.id.clone(),
        delivery_id: d.delivery_id.clone(),
        reference: d.case.reference.clone(),
        diary_key: search_key(&diary_number).unwrap_or_else(|| diary_number.clone()),
        diary_number,
        case_type: case_type.code.clone(),
        unit: unit.code.clone(),
        title: d.title.clone(),
        applicant: name,
        protected: is_protected,
        sensitive: d.sensitivity != "normal",
        status: code::REGISTERED.to_owned(),
        handler: None,
        attention: Some(Attention::New),
        outcome: None,
        received_at: d.received_at,
        registered_at: r.now,
        updated_at: r.now,
        closed_at: None,
        version: 1,
        sequence: 1,
        due_on: None,
        due_reason: None,
    };
    store::insert(c, &errand)?;
    let mut words = errand.applicant.as_deref().map(fold).unwrap_or_default();
    words.extend(fold(errand.reference.as_str()));
    words.extend(fold(&errand.title));
    words.sort();
    words.dedup();
    store::insert_words(c, &errand, words)?;
    let numbers = portal_link::note_documents(c, r.municipality, &errand.id, &errand.diary_number, d, r.now)?;
    let detail = json!({ "number": errand.diary_number, "type": case_type.name, "unit": unit.name });
    journal::note(c, r.municipality, &errand.id, r.now, "", Happening::Registered, detail)?;
    if case_type.code != d.routing.case_type {
        let detail = json!({ "wished": d.routing.case_type });
        journal::note(c, r.municipality, &errand.id, r.now, "", Happening::Fallback, detail)?;
    }
    let mut receipt = receipt(c, r, &errand, numbers)?;
    if case_type.code != d.routing.case_type {
        let detail = Some(format!("registered as {}", case_type.code));
        receipt.warnings.push(Warning { code: "case_type_unknown".to_owned(), document_id: None, detail });
    }
    receipt.status = Some(ReceiptStatus { external_code: code::REGISTERED.to_owned(), sequence: sequence_text(1) });
    Ok((errand.id, receipt))
}

/// The case type and the unit where a submission lands. The type's own unit decides: that is where its secrecy is
/// understood. What the portal wished counts when it is a unit of the same nämnd. Without a known type, or without its
/// unit in this municipality, it lands with the fallback.
fn landing(c: &mut Conn, r: &Registration<'_>) -> Result<(CaseType, Unit), ErrandFault> {
    let routing = &r.delivery.routing;
    if let Some(case_type) = r.catalogue.find(&routing.case_type)
        && let Some(own) = staff::unit(c, r.municipality, &case_type.unit)?
    {
        let wished = staff::unit(c, r.municipality, &routing.unit)?;
        let wished = wished.filter(|u| u.diary == own.diary && u.strict == own.strict);
        return Ok((case_type.clone(), wished.unwrap_or(own)));
    }
    let fallback = r.catalogue.fallback().clone();
    let unit = staff::unit(c, r.municipality, &fallback.unit)?
        .ok_or(ErrandFault::Invalid("unit", "the fallback's unit is not in the table of units"))?;
    Ok((fallback, unit))
}

/// Puts a later delivery to its errand, which calls for attention again.
pub fn attach(c: &mut Conn, r: &Registration<'_>, errand: &Errand) -> Result<DeliveryReceipt, ErrandFault> {
    let d = r.delivery;
    store_words(c, r, errand)?;
    let numbers = portal_link::note_documents(c, r.municipality, &errand.id, &errand.diary_number, d, r.now)?;
    let answers = match d.kind {
        DeliveryKind::Supplement => d.supplement.as_ref().and_then(|s| s.supplement_id.as_deref()),
        DeliveryKind::HearingReply => d.hearing_id.as_deref(),
        _ => None,
    };
    if let Some(request) = answers {
        store::answered(c, &errand.id, request, d.received_at)?;
    }
    let is_open = errand.closed_at.is_none();
    let (attention, status, happening) = match d.kind {
        DeliveryKind::Withdrawal if is_open => (Attention::Withdrawn, Some(code::WITHDRAWN), Happening::Withdrawal),
        DeliveryKind::Withdrawal => (Attention::Withdrawn, None, Happening::Withdrawal),
        DeliveryKind::Supplement => {
            let mut asked = store::requests(c, &errand.id)?.into_iter();
            let more = asked.any(|q| q.kind == RequestKind::Supplement && q.state == RequestState::Open);
            let waits = errand.status == code::SUPPLEMENT_NEEDED && !more;
            (Attention::Supplement, waits.then_some(code::SUPPLEMENT_RECEIVED), Happening::Supplement)
        }
        DeliveryKind::HearingReply => (Attention::Hearing, None, Happening::MessageIn),
        DeliveryKind::DecisionRequest => (Attention::DecisionRequest, None, Happening::MessageIn),
        DeliveryKind::Appeal => (Attention::Appeal, None, Happening::MessageIn),
        DeliveryKind::Message | DeliveryKind::Submission => (Attention::Message, None, Happening::MessageIn),
    };
    let patch = Patch { attention: Some(Some(attention)), status: status.map(str::to_owned), ..Patch::default() };
    let advanced = store::advance(c, errand, None, patch, i64::from(status.is_some()), r.now)?;
    if let Some(code) = status {
        let data = super::status::snapshot(errand, code, r.catalogue.label(code), None);
        portal_link::announce(c, &about(errand), advanced.first, &data, r.now)?;
    }
    let detail = json!({ "kind": d.kind, "documents": d.documents.len() });
    journal::note(c, r.municipality, &errand.id, r.now, "", happening, detail)?;
    receipt(c, r, errand, numbers)
}

/// What she wrote, in the thread that it answers. Files alone are a message too: they came at a moment of their own.
fn store_words(c: &mut Conn, r: &Registration<'_>, errand: &Errand) -> Result<(), ErrandFault> {
    let d = r.delivery;
    let id = d.message.as_ref().map_or_else(|| d.delivery_id.to_string(), |m| m.message_id.clone());
    let answers = d.message.as_ref().and_then(|m| m.in_reply_to.as_deref());
    let thread = match answers {
        Some(earlier) => store::conversation_of(c, &errand.id, earlier)?,
        None => None,
    };
    let asked = d.supplement.as_ref().and_then(|s| s.supplement_id.clone());
    let row = Message {
        errand_id: errand.id.clone(),
        direction: Direction::FromResident,
        conversation_id: thread.unwrap_or_else(|| id.clone()),
        id,
        municipality: r.municipality.clone(),
        kind: d.kind.as_str().to_owned(),
        author: String::new(),
        text: d.message.as_ref().map(|m| m.text.clone()).unwrap_or_default(),
        allow_reply: true,
        // When it reached the municipality, not when it reached this system.
        at: d.received_at,
        about: asked.or_else(|| d.hearing_id.clone()).or_else(|| d.decision_id.clone()),
        delivery_id: Some(d.delivery_id.to_string()),
    };
    store::insert_message(c, &row)?;
    Ok(())
}

fn receipt(
    c: &mut Conn,
    r: &Registration<'_>,
    errand: &Errand,
    document_numbers: BTreeMap<String, String>,
) -> Result<DeliveryReceipt, ErrandFault> {
    let (unit, handler) = who_has(c, errand)?;
    Ok(DeliveryReceipt {
        document_numbers,
        warnings: vec![],
        delivery_id: r.delivery.delivery_id.clone(),
        state: ReceiptState::Registered,
        registered_at: Some(r.now),
        external_case_id: Some(errand.id.to_string()),
        diary_number: Some(errand.diary_number.clone()),
        case_type: Some(errand.case_type.clone()),
        unit,
        handler,
        status: None,
    })
}
