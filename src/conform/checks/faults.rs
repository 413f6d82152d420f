//! A portal that fails, is busy, refuses: what the adapter does then.

use super::{Outcome, Stop, failed, must};
use crate::conform::hook::Action;
use crate::conform::kit::{Kit, is_applied, is_same, name_of, sealed};
use crate::conform::ledger::{Plan, Pull};
use std::time::Duration;

pub async fn c07(kit: &Kit) -> Outcome {
    let mut delivery = kit.submission();
    let document = kit.attach(&mut delivery, "submission_pdf", 5_000);
    kit.stage.write(|l| l.files.get_mut(&document).map(|f| f.broken = 2));
    let mut case = kit.register(delivery).await?;
    let patience = kit.config().patience;
    let is_out = kit.stage.until(patience, |l| l.files.get(&document).filter(|f| f.is_out).map(|f| f.fetches.len()));
    let times = is_out.await.ok_or_else(|| {
        let tried = kit.stage.read(|l| l.files.get(&document).map_or(0, |f| f.fetches.len()));
        failed(
            "a document that was answered 500 twice fetched the third time",
            format!("{tried} attempts, and no more"),
        )
    })?;
    if !kit.hook.is_there() && kit.config().person.is_zero() {
        return Ok(Some(format!("a document at the attempt {times}; events need --hook")));
    }
    let (_, first) = kit.status_event("C07", &mut case, [Plan::Status(500), Plan::Status(500)]).await?;
    let taken = kit.taken(patience, &first).await?;
    must(taken.raw == first.raw, "the same event again, unchanged", "another body under the same id")?;
    Ok(Some(format!("a document at attempt {times}, an event at attempt {}", kit.times(&first))))
}

pub async fn c08(kit: &Kit) -> Outcome {
    const SECONDS: u32 = 3;
    let mut case = kit.case().await?;
    let (_, first) = kit.status_event("C08", &mut case, [Plan::TooMany(SECONDS)]).await?;
    let taken = kit.taken(kit.config().patience + Duration::from_secs(SECONDS.into()), &first).await?;
    let early = kit.stage.read(|ledger| {
        let again = ledger.events.iter().filter(|s| s.at > first.at && is_same(s, &first));
        again.map(|s| s.at.duration_since(first.at)).min().unwrap_or_default()
    });
    must(
        // Clocks tick differently; a tenth of a second is nobody's fault.
        early + Duration::from_millis(100) >= Duration::from_secs(SECONDS.into()),
        format!("nothing for {SECONDS} s after 429 with Retry-After: {SECONDS}"),
        format!("the event again after {:.1} s", early.as_secs_f64()),
    )?;
    Ok(Some(format!("again after {:.1} s", taken.at.duration_since(first.at).as_secs_f64())))
}

pub async fn c09(kit: &Kit) -> Outcome {
    let mut case = kit.case().await?;
    kit.quiet(&mut case).await;
    let case_id = case.id().clone();
    kit.stage.write(|ledger| ledger.shut.insert(case_id.clone(), 401));
    let waited = async {
        let asked = kit.ask("C09", Action::Status, &case).await?;
        // Whichever comes first: another may wait behind it.
        let first = kit.event(&asked, &case, "an event", |_| true).await?;
        tokio::time::sleep(kit.config().settle).await;
        Ok::<_, Stop>((asked, first))
    };
    let waited = waited.await;
    kit.stage.write(|ledger| ledger.shut.remove(&case_id));
    let (asked, first) = waited?;
    // Where nobody can tell the adapter that it is mended, it finds out at its next probe.
    let _ = kit.ask("C09", Action::Resume, &case).await;
    let taken = kit.taken(kit.config().patience, &first).await?;
    must(taken.raw == first.raw, "the same event, unchanged", "another body under the same id")?;
    kit.event(&asked, &case, "case.status_changed, taken", |s| name_of(s) == "status_changed" && is_applied(s)).await?;
    Ok(Some(format!("kept over {} attempts", kit.times(&first))))
}

pub async fn c10(kit: &Kit) -> Outcome {
    refuses_what_the_contract_forbids(kit).await?;
    let mut case = kit.case().await?;
    if !kit.hook.is_there() && kit.config().person.is_zero() {
        return Ok(Some("a bad delivery is refused; events need --hook".into()));
    }
    let (_, refused) = kit.status_event("C10", &mut case, [Plan::Refuse]).await?;
    tokio::time::sleep(kit.config().settle).await;
    must(
        kit.times(&refused) == 1,
        "a rejected event (422) is not sent again by itself",
        format!("it came {} times", kit.times(&refused)),
    )?;
    // What is rejected holds up nothing.
    let asked = kit.ask("C10", Action::Message, &case).await?;
    kit.event(&asked, &case, "a later event", |s| !is_same(s, &refused) && is_applied(s)).await?;
    match kit.ask("C10", Action::Retry, &case).await {
        Ok(_) => {
            let again = kit.taken(kit.config().patience, &refused).await?;
            must(again.raw == refused.raw, "the same event when staff send it again", "another body")?;
            Ok(Some("rejected once, and sent again when staff asked for it".into()))
        }
        Err(_) => Ok(Some(format!("{} was rejected once and not sent again", name_of(&refused)))),
    }
}

/// A delivery without a case is refused with a problem, and the next one is taken.
async fn refuses_what_the_contract_forbids(kit: &Kit) -> Result<(), Stop> {
    let delivery = kit.submission();
    let id = &delivery.delivery_id;
    let mut value = serde_json::to_value(&delivery).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        members.remove("case");
        members.remove("routing");
    }
    let body = value.to_string().into_bytes();
    let Ok(adapter) = kit.adapter() else {
        kit.offer(&delivery, &body, Pull::Available);
        let told = kit.stage.until(kit.config().patience, |l| l.deliveries.get(id)?.failures.last().cloned()).await;
        kit.stage.write(|l| l.deliveries.get_mut(id).map(|h| h.pull = Pull::Not));
        let told =
            told.ok_or_else(|| failed("PUT /deliveries/{id}/failure for a delivery that cannot be read", "none"))?;
        let retry = told.get("retry").and_then(serde_json::Value::as_bool);
        return must(retry == Some(false), "retry: false, since it will never be readable", told.to_string());
    };
    let (answer, _) = adapter.deliver(id, &body, crate::conform::adapter::USUAL).await?;
    must(matches!(answer.status, 400 | 422), "400 or 422 to a delivery without case and routing", answer.told())?;
    let problem = answer.problem()?;
    must(!problem.retryable, "retryable: false", format!("retryable: true with {}", problem.code))?;
    let mended = sealed(&delivery)?;
    let (answer, _) = adapter.deliver(id, &mended, crate::conform::adapter::USUAL).await?;
    // Whether a refused body uses up its key is the adapter's to choose, but it must say which.
    must(matches!(answer.status, 200..=202 | 422), "201, or 422, to the mended body under the same key", answer.told())
}
