//! Taking in a delivery: at once, later, and with the right day.

use super::{Outcome, Stop, failed, must};
use crate::conform::hook::Action;
use crate::conform::kit::{Case, Kit, external};
use crate::conform::ledger::Pull;
use crate::conform::samples;
use crate::contract::{EventData, ReceiptState};
use crate::vocabulary::At;
use serde_json::Value;

pub async fn c01(kit: &Kit) -> Outcome {
    let mut delivery = kit.submission();
    let receipt = kit.attach(&mut delivery, "submission_pdf", 20_000);
    let attachment = kit.attach(&mut delivery, "attachment", 1_000);
    let case = kit.register(delivery).await?;
    for document in [&receipt, &attachment] {
        let is_out = kit.stage.until(kit.config().patience, |l| l.files.get(document).filter(|f| f.is_out).map(drop));
        is_out.await.ok_or_else(|| {
            failed("GET of every document's href with the bearer token", "a document was never fetched whole")
        })?;
    }
    let other = kit.case().await?;
    must(
        other.external != case.external,
        "another externalCaseId for another case",
        format!("{} twice", case.external),
    )?;
    let diary = case.receipt.diary_number.as_deref().unwrap_or("none yet");
    Ok(Some(format!("externalCaseId {}, diary number {diary}", case.external)))
}

pub async fn c06(kit: &Kit) -> Outcome {
    let delivery = kit.submission();
    let body = crate::conform::kit::sealed(&delivery)?;
    if !kit.is_pull() && !kit.can("asyncAccept").await {
        return Err(Stop::NotApplicable(
            "api-info says asyncAccept: false; every delivery is registered at once".into(),
        ));
    }
    let asked = kit.hook.ask("C06", Action::Accept, "", Value::Null).await;
    if kit.is_pull() && asked.is_err() {
        return Err(Stop::NotApplicable("nobody can say \"accept\": every delivery is registered at once".into()));
    }
    asked?;
    kit.offer(&delivery, &body, if kit.is_pull() { Pull::Available } else { Pull::Not });
    let accepted = match kit.adapter() {
        Ok(adapter) => {
            let (answer, _) = adapter.deliver(&delivery.delivery_id, &body, crate::conform::adapter::USUAL).await?;
            must(answer.status == 202, "202 to a delivery that is registered later", answer.told())?;
            answer.receipt()?
        }
        Err(_) => kit.fetched(&delivery.delivery_id, 0).await?,
    };
    must(accepted.state == ReceiptState::Accepted, "state: accepted", accepted.state.as_str())?;
    let told = kit.stage.until(kit.config().patience, |ledger| {
        ledger.about(&delivery.case.id, 0).find_map(|seen| match seen.event.read() {
            Ok(EventData::Registered(data)) if data.delivery_id == delivery.delivery_id => Some(data),
            _ => None,
        })
    });
    let told = told.await.ok_or_else(|| failed("the event case.registered with this deliveryId", "no such event"))?;
    if let Ok(adapter) = kit.adapter() {
        let found = adapter.find(&delivery.delivery_id).await?;
        let found = found.receipt()?;
        must(
            found.state == ReceiptState::Registered && found.external_case_id.as_ref() == Some(&told.external_case_id),
            format!("GET /v1/deliveries/{{id}} with state registered and externalCaseId {}", told.external_case_id),
            format!("{} {:?}", found.state.as_str(), found.external_case_id),
        )?;
    }
    Ok(None)
}

/// Half past eleven in the evening of the day before yesterday, UTC: in Sweden it is the next day already.
fn late_evening(now: At) -> At {
    let day = 86_400;
    At::from_seconds(now.seconds() / day * day - 2 * day + 23 * 3600 + 1800)
}

pub async fn c12(kit: &Kit) -> Outcome {
    let received = late_evening(kit.stage.clock.now());
    let case = kit.register(samples::submission(kit.config(), received)).await?;
    let kept = received_of(kit, &case).await?;
    must(
        kept == received,
        format!("receivedAt {received} (received {} in Sweden)", received.day()),
        format!("{kept}"),
    )?;
    Ok(Some(format!("received {received} and still so after registration")))
}

/// What the adapter keeps, as it tells by `readCase` or through the hook.
async fn received_of(kit: &Kit, case: &Case) -> Result<At, Stop> {
    let said: Value = if kit.can("readCase").await {
        let answer = kit.adapter()?.get(&format!("/v1/cases/{}", case.external)).await?;
        must(
            answer.status == 200,
            "200 to GET /v1/cases/{externalCaseId}, since api-info says readCase",
            answer.told(),
        )?;
        serde_json::from_slice(&answer.body).unwrap_or_default()
    } else {
        let asked = kit.ask("C12", Action::Look, case).await;
        asked.map_err(|_| Stop::Skipped("it shows only through readCase or a hook that can \"look\"".into()))?.said
    };
    let text = said.get("receivedAt").and_then(Value::as_str).unwrap_or_default();
    text.parse().map_err(|_| failed("receivedAt, RFC 3339", format!("\"{text}\"")))
}

/// For the other checks: a receipt with the same case.
pub fn same_case(receipt: &crate::contract::DeliveryReceipt, case: &Case) -> Result<(), Stop> {
    let id = external(receipt)?;
    must(id == case.external, format!("externalCaseId {}", case.external), id)
}
