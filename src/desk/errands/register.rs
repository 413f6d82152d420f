//! From a delivery to an errand, and from a later delivery to the errand it belongs to. Runs in intake's unit of work.

use super::assign::about;
use super::case_types::code;
use super::store::{self, Direction, Errand, Message, Patch};
use super::{Attention, CaseType, Catalogue, ErrandFault, fold, next_number, search_key};
use crate::contract::{
    Delivery, DeliveryKind, DeliveryReceipt, HandlerRef, ReceiptState, ReceiptStatus, UnitRef, sequence_text,
};
use crate::db::Conn;
use crate::desk::journal::{self, Happening};
use crate::desk::portal_link;
use crate::desk::staff::{self, Unit};
use crate::vocabulary::{At, ErrandId, MunicipalitySlug};
use serde_json::json;

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
    };
    store::insert(c, &errand)?;
    let mut words = errand.applicant.as_deref().map(fold).unwrap_or_default();
    words.extend(fold(errand.reference.as_str()));
    words.extend(fold(&errand.title));
    words.sort();
    words.dedup();
    store::insert_words(c, &errand, words)?;
    portal_link::note_documents(c, r.municipality, &errand.id, &errand.diary_number, d, r.now)?;
    let detail = json!({ "number": errand.diary_number, "type": case_type.name, "unit": unit.name });
    journal::note(c, r.municipality, &errand.id, r.now, "", Happening::Registered, detail)?;
    if case_type.code != d.routing.case_type {
        let detail = json!({ "wished": d.routing.case_type });
        journal::note(c, r.municipality, &errand.id, r.now, "", Happening::Fallback, detail)?;
    }
    let mut receipt = receipt(c, r, &errand)?;
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
    if let Some(message) = &d.message {
        let row = Message {
            errand_id: errand.id.clone(),
            direction: Direction::FromResident,
            id: message.message_id.clone(),
            municipality: r.municipality.clone(),
            kind: d.kind.as_str().to_owned(),
            author: String::new(),
            text: message.text.clone(),
            allow_reply: true,
            // When it reached the municipality, not when it reached this system.
            at: d.received_at,
        };
        store::insert_message(c, &row)?;
    }
    portal_link::note_documents(c, r.municipality, &errand.id, &errand.diary_number, d, r.now)?;
    let is_open = errand.closed_at.is_none();
    let (attention, status, happening) = match d.kind {
        DeliveryKind::Withdrawal if is_open => (Attention::Withdrawn, Some(code::WITHDRAWN), Happening::Withdrawal),
        DeliveryKind::Withdrawal => (Attention::Withdrawn, None, Happening::Withdrawal),
        DeliveryKind::Supplement => {
            let waits = errand.status == code::SUPPLEMENT_NEEDED;
            (Attention::Supplement, waits.then_some(code::SUPPLEMENT_RECEIVED), Happening::Supplement)
        }
        _ => (Attention::Message, None, Happening::MessageIn),
    };
    let patch = Patch { attention: Some(Some(attention)), status: status.map(str::to_owned), ..Patch::default() };
    let advanced = store::advance(c, errand, None, patch, i64::from(status.is_some()), r.now)?;
    if let Some(code) = status {
        let data = super::status::snapshot(errand, code, r.catalogue.label(code), None);
        portal_link::announce(c, &about(errand), advanced.first, &data, r.now)?;
    }
    let detail = json!({ "kind": d.kind, "documents": d.documents.len() });
    journal::note(c, r.municipality, &errand.id, r.now, "", happening, detail)?;
    receipt(c, r, errand)
}

fn receipt(c: &mut Conn, r: &Registration<'_>, errand: &Errand) -> Result<DeliveryReceipt, ErrandFault> {
    let unit = staff::unit(c, r.municipality, &errand.unit)?;
    let is_strict = unit.as_ref().is_none_or(|u| u.strict);
    let handler = match &errand.handler {
        Some(affiliation) => staff::find(c, r.municipality, affiliation)?.map(|m| HandlerRef {
            id: m.affiliation,
            name: m.name,
            email: Some(m.email),
            phone: None,
            show_to_citizen: !is_strict,
        }),
        None => None,
    };
    Ok(DeliveryReceipt {
        document_numbers: Default::default(),
        warnings: vec![],
        delivery_id: r.delivery.delivery_id.clone(),
        state: ReceiptState::Registered,
        registered_at: Some(r.now),
        external_case_id: Some(errand.id.to_string()),
        diary_number: Some(errand.diary_number.clone()),
        case_type: Some(errand.case_type.clone()),
        unit: unit.map(|u| UnitRef { code: u.code, name: Some(u.name) }),
        handler,
        status: None,
    })
}
