//! Who may say what: signatures, clocks, traces, and what must not be said at all.

use super::{Outcome, Stop, failed, must};
use crate::conform::adapter::{Adapter, Answer, How, Signing};
use crate::conform::kit::{Kit, sealed};
use crate::conform::ledger::{Proof, Pull};
use crate::conform::samples::{NAME, PERSON, TITLE};
use crate::contract::{ProblemCode, Secret};
use crate::settings::random_bytes;
use crate::vocabulary::DeliveryId;

/// Delivers something new in one way.
async fn deliver(kit: &Kit, adapter: &Adapter, how: How<'_>) -> Result<(DeliveryId, Answer), Stop> {
    let delivery = kit.submission();
    let body = sealed(&delivery)?;
    kit.offer(&delivery, &body, Pull::Not);
    let (answer, _) = adapter.deliver(&delivery.delivery_id, &body, how).await?;
    Ok((delivery.delivery_id, answer))
}

/// Refused with this problem, and nothing was registered.
async fn refused(kit: &Kit, adapter: &Adapter, how: How<'_>, code: ProblemCode, what: &str) -> Result<(), Stop> {
    let (id, answer) = deliver(kit, adapter, how).await?;
    let (code, status, ..) = code.parts();
    must(answer.status == status, format!("{status} {code} to {what}"), answer.told())?;
    let problem = answer.problem()?;
    must(problem.code == code, format!("code {code} to {what}"), problem.code)?;
    let found = adapter.find(&id).await?;
    must(found.status == 404, format!("nothing registered after {what}: 404"), found.told())
}

async fn accepted(kit: &Kit, adapter: &Adapter, how: How<'_>, what: &str) -> Result<(), Stop> {
    let (_, answer) = deliver(kit, adapter, how).await?;
    must(matches!(answer.status, 201 | 202), format!("201 to {what}"), answer.told())
}

fn stranger() -> Result<Secret, Stop> {
    let text = Secret::text(random_bytes().map_err(|_| Stop::Skipped("no random bytes".into()))?);
    text.parse().map_err(|_| Stop::Skipped("no secret could be made".into()))
}

pub async fn c13(kit: &Kit) -> Outcome {
    let other = stranger()?;
    let mut told = Vec::new();
    if let Ok(adapter) = kit.adapter() {
        let how = |signing| How { signing, skew: 0 };
        refused(kit, adapter, how(Signing::By(&other)), ProblemCode::SignatureInvalid, "a signature by another secret")
            .await?;
        refused(kit, adapter, how(Signing::None), ProblemCode::SignatureInvalid, "no signature").await?;
        let old = How { signing: Signing::Ours, skew: -3600 };
        refused(kit, adapter, old, ProblemCode::TimestampOutOfTolerance, "a timestamp one hour old").await?;
        accepted(kit, adapter, how(Signing::Both(&other)), "two signatures, of which one fits").await?;
        told.push("deliveries are checked");
        match &kit.config().secret_out_next {
            Some(next) => {
                accepted(kit, adapter, how(Signing::By(next)), "a signature by the next secret").await?;
                told.push("the next secret is known");
            }
            None => told.push("the next secret was not tried (--secret-out-next-file)"),
        }
    }
    // What the adapter has pushed so far, and a change of status to have at least one.
    let mut case = kit.case().await?;
    match kit.status_event("C13", &mut case, []).await {
        Ok(_) | Err(Stop::Skipped(_)) => {}
        Err(fault) => return Err(fault),
    }
    let (good, bad) = kit.stage.read(|ledger| {
        let pushes = ledger.calls.iter().filter(|c| !c.what.starts_with("GET"));
        let bad = ledger.calls.iter().find_map(|c| match &c.proof {
            Proof::Bad(why) => Some(format!("{}: {why}", c.what)),
            Proof::Good => None,
        });
        (pushes.filter(|c| c.proof == Proof::Good).count(), bad)
    });
    if let Some(bad) = bad {
        return Err(failed("every push signed now, every GET with the token", bad));
    }
    let pushes = format!("{good} pushes of the adapter's were signed");
    told.push(if good > 0 { &pushes } else { "the adapter pushed nothing that could be checked" });
    Ok(Some(told.join("; ")))
}

pub async fn c26(kit: &Kit) -> Outcome {
    let adapter = kit.adapter().map_err(|_| Stop::NotApplicable("nothing is signed towards the adapter".into()))?;
    let skewed = |minutes: i64| How { signing: Signing::Ours, skew: minutes * 60 };
    for minutes in [-4, 4] {
        accepted(kit, adapter, skewed(minutes), &format!("a clock {minutes:+} minutes off")).await?;
    }
    for minutes in [-6, 6] {
        let what = format!("a clock {minutes:+} minutes off");
        refused(kit, adapter, skewed(minutes), ProblemCode::TimestampOutOfTolerance, &what).await?;
    }
    Ok(None)
}

pub async fn c25(kit: &Kit) -> Outcome {
    let Ok(adapter) = kit.adapter() else {
        kit.case().await?;
        let missing = kit.stage.read(|ledger| {
            let is_good = |t: &Option<String>| t.as_deref().is_some_and(is_traceparent);
            ledger.calls.iter().find(|c| !is_good(&c.traceparent)).map(|c| c.what.clone())
        });
        must(
            missing.is_none(),
            "traceparent on every call (W3C Trace Context)",
            format!("none on {}", missing.unwrap_or_default()),
        )?;
        return Ok(Some("every call of the adapter's is in a trace".into()));
    };
    let delivery = kit.submission();
    let body = sealed(&delivery)?;
    kit.offer(&delivery, &body, Pull::Not);
    let (answer, trace) = adapter.deliver(&delivery.delivery_id, &body, crate::conform::adapter::USUAL).await?;
    let back = answer.traceparent.unwrap_or_default();
    must(
        is_traceparent(&back) && back.get(3..35) == Some(trace.as_str()),
        format!("traceparent in the answer, with the call's trace {trace}"),
        if back.is_empty() { "no such header".to_owned() } else { back },
    )?;
    Ok(None)
}

/// `00-<32 hex>-<16 hex>-<2 hex>`.
fn is_traceparent(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |part: &&str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    parts.iter().map(|p| p.len()).eq([2, 32, 16, 2]) && parts.iter().all(is_hex)
}

pub async fn c23(kit: &Kit) -> Outcome {
    let mut delivery = kit.submission();
    delivery.sensitivity = "sensitive".into();
    delivery.routing.case_type.clone_from(&kit.config().sensitive_case_type);
    kit.attach(&mut delivery, "submission_pdf", 1_000);
    let mut case = kit.register(delivery.clone()).await?;
    let (_, seen) = kit.status_event("C23", &mut case, []).await?;
    let event = &seen.event;
    let mut told = vec![
        ("externalCaseId", case.external.clone()),
        ("event id", event.id.clone()),
        ("event source", event.source.clone()),
        ("event type", event.kind.clone()),
        ("webhook-id", seen.webhook_id.clone()),
        (
            "receipt warnings",
            case.receipt.warnings.iter().filter_map(|w| w.detail.clone()).collect::<Vec<_>>().join(" "),
        ),
    ];
    if let Ok(adapter) = kit.adapter() {
        let mut other = delivery;
        other.title.push('!');
        let (answer, _) =
            adapter.deliver(&case.delivery.delivery_id, &sealed(&other)?, crate::conform::adapter::USUAL).await?;
        told.push(("the problem of a delivery that was refused", String::from_utf8_lossy(&answer.body).into_owned()));
    }
    let failures =
        kit.stage.read(|l| l.deliveries.values().flat_map(|h| &h.failures).map(|f| f.to_string()).collect::<Vec<_>>());
    told.push(("failures", failures.join(" ")));
    for (place, text) in told {
        let text = text.to_lowercase();
        let shown = [PERSON, NAME, TITLE].into_iter().find(|what| text.contains(&what.to_lowercase()));
        let what = match shown {
            Some(PERSON) => "the identity number",
            Some(NAME) => "the name",
            Some(_) => "the title",
            None => continue,
        };
        return Err(failed("nothing of the person or the title outside data", format!("{what} in {place}")));
    }
    Ok(None)
}
