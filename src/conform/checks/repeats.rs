//! One key, one case: repeats, other bodies, the same moment, lost answers.

use super::receiving::same_case;
use super::{Outcome, Stop, failed, must};
use crate::conform::adapter::USUAL;
use crate::conform::kit::{Kit, external, sealed};
use crate::conform::ledger::Pull;
use crate::contract::{DeliveryReceipt, ProblemCode};
use crate::vocabulary::DeliveryId;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What one run remembers for the next.
#[derive(Serialize, Deserialize)]
struct Remembered {
    delivery_id: DeliveryId,
    body: String,
    external_case_id: String,
}

pub async fn c02(kit: &Kit) -> Outcome {
    let case = kit.case().await?;
    let id = &case.delivery.delivery_id;
    let Ok(adapter) = kit.adapter() else {
        // Offered once more, as by a portal that was restored from yesterday's backup.
        kit.stage.write(|l| l.deliveries.get_mut(id).map(|h| h.pull = Pull::Available));
        let again = kit.fetched(id, 1).await?;
        same_case(&again, &case)?;
        return Ok(None);
    };
    for _ in 0..2 {
        let (answer, _) = adapter.deliver(id, &case.body, USUAL).await?;
        must(answer.status == 200, "200 to a delivery that is known, with the same body", answer.told())?;
        let again = answer.receipt()?;
        same_case(&again, &case)?;
        must(
            again.diary_number == case.receipt.diary_number || case.receipt.diary_number.is_none(),
            format!("the stored answer: diaryNumber {:?}", case.receipt.diary_number),
            format!("{:?}", again.diary_number),
        )?;
    }
    let Some(path) = &kit.config().state else {
        return Ok(Some("at once; with --state FILE a later run tries the same delivery again".into()));
    };
    let before: Option<Remembered> = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let told = match before {
        Some(before) => {
            let (answer, _) = adapter.deliver(&before.delivery_id, before.body.as_bytes(), USUAL).await?;
            must(answer.status == 200, "200 to a delivery of an earlier run", answer.told())?;
            let found = external(&answer.receipt()?)?;
            must(found == before.external_case_id, format!("externalCaseId {}", before.external_case_id), found)?;
            "at once, and one of an earlier run"
        }
        None => {
            let remembered = Remembered {
                delivery_id: id.clone(),
                body: String::from_utf8(case.body.clone()).unwrap_or_default(),
                external_case_id: case.external.clone(),
            };
            let text = serde_json::to_string(&remembered).unwrap_or_default();
            std::fs::write(path, text).map_err(|e| Stop::Skipped(format!("{}: {e}", path.display())))?;
            "at once; remembered for the next run"
        }
    };
    Ok(Some(told.to_owned()))
}

pub async fn c03(kit: &Kit) -> Outcome {
    let adapter = kit.adapter()?;
    let case = kit.case().await?;
    let mut other = case.delivery.clone();
    other.title.push_str(", ändrad");
    let (answer, _) = adapter.deliver(&case.delivery.delivery_id, &sealed(&other)?, USUAL).await?;
    let (code, status, ..) = ProblemCode::IdempotencyKeyReused.parts();
    must(answer.status == status, format!("{status} {code}"), answer.told())?;
    let problem = answer.problem()?;
    must(problem.code == code, format!("code {code}"), problem.code)?;
    // And nothing has happened to the first.
    let (again, _) = adapter.deliver(&case.delivery.delivery_id, &case.body, USUAL).await?;
    must(again.status == 200, "200 to the first body afterwards", again.told())?;
    same_case(&again.receipt()?, &case)?;
    Ok(None)
}

pub async fn c04(kit: &Kit) -> Outcome {
    let adapter = kit.adapter()?;
    let delivery = kit.submission();
    let body = sealed(&delivery)?;
    kit.offer(&delivery, &body, Pull::Not);
    let calls = (0..4).map(|_| adapter.deliver(&delivery.delivery_id, &body, USUAL));
    let (mut created, mut cases) = (0, Vec::new());
    for answer in futures_util::future::join_all(calls).await {
        let (answer, _) = answer?;
        match answer.status {
            200..=202 => {
                created += usize::from(answer.status == 201);
                cases.push(answer.receipt()?);
            }
            409 => {
                let problem = answer.problem()?;
                let code = ProblemCode::RequestInProgress.parts().0;
                must(problem.code == code, format!("409 {code}"), answer.told())?;
            }
            _ => return Err(failed("201 to one; 200, 202 or 409 to the others", answer.told())),
        }
    }
    must(created <= 1, "201 to one only", format!("201 to {created}"))?;
    let (_, receipt) = kit.hand_over(&delivery).await?;
    let id = external(&receipt)?;
    let others: Vec<String> = cases.iter().filter_map(|r: &DeliveryReceipt| r.external_case_id.clone()).collect();
    let wrong = others.iter().find(|other| **other != id);
    must(wrong.is_none(), format!("one case, {id}"), format!("{wrong:?} too"))?;
    Ok(Some(format!("four at once; {created} was answered 201")))
}

pub async fn c05(kit: &Kit) -> Outcome {
    let delivery = kit.submission();
    let body = sealed(&delivery)?;
    let id = &delivery.delivery_id;
    let Ok(adapter) = kit.adapter() else {
        kit.offer(&delivery, &body, Pull::Available);
        kit.stage.write(|l| l.deliveries.get_mut(id).map(|h| h.lose_receipts = 1));
        let first = external(&kit.fetched(id, 0).await?)?;
        let second = external(&kit.fetched(id, 1).await?)?;
        must(first == second, format!("the same receipt again after 503: {first}"), second)?;
        return Ok(None);
    };
    kit.offer(&delivery, &body, Pull::Not);
    adapter.deliver_and_hang_up(id, &body, Duration::from_millis(150)).await;
    let mut found = None;
    // It may still be at work; never to have seen it is an answer as well.
    for _ in 0..20 {
        let answer = adapter.find(id).await?;
        match answer.status {
            200 => {
                found = Some(answer.receipt()?);
                break;
            }
            404 => tokio::time::sleep(kit.config().settle / 20).await,
            _ => return Err(failed("200 with the receipt, or 404, to GET /v1/deliveries/{id}", answer.told())),
        }
    }
    let (_, receipt) = kit.hand_over(&delivery).await?;
    let id_now = external(&receipt)?;
    if let Some(id) = found.as_ref().and_then(|r| r.external_case_id.clone()) {
        must(id == id_now, format!("externalCaseId {id}, as GET told"), id_now.clone())?;
    }
    let asked = adapter.find(id).await?;
    must(asked.status == 200, "200 to GET /v1/deliveries/{id} of a registered delivery", asked.told())?;
    let known = external(&asked.receipt()?)?;
    must(known == id_now, format!("externalCaseId {id_now}"), known)?;
    let unknown = adapter.find(&DeliveryId::fresh()).await?;
    must(unknown.status == 404, "404 to GET of a delivery that never came", unknown.told())?;
    let stranger = adapter.get_with(&format!("/v1/deliveries/{id}"), Some("not-the-token")).await?;
    must(stranger.status == 401, "401 to GET with another token", stranger.told())?;
    Ok(Some(
        if found.is_some() { "found by asking" } else { "not there after the break, taken the second time" }.into(),
    ))
}
