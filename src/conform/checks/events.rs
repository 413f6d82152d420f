//! Events: again and unchanged, in the order in which they happened, whatever the portal says of them.

use super::{Outcome, failed, must};
use crate::conform::hook::Action;
use crate::conform::kit::{Kit, is_same, name_of, sequence};
use crate::conform::ledger::{Answered, Plan, Seen};
use crate::contract::EventOutcome;

pub async fn c14(kit: &Kit) -> Outcome {
    let mut case = kit.case().await?;
    let (_, first) = kit.status_event("C14", &mut case, [Plan::Lose]).await?;
    let again = kit.taken(kit.config().patience, &first).await?;
    must(again.raw == first.raw, "the same event, unchanged, under its id", "another body under the same id")?;
    must(
        again.webhook_id == first.webhook_id,
        format!("webhook-id {} on every attempt", first.webhook_id),
        again.webhook_id.clone(),
    )?;
    tokio::time::sleep(kit.config().settle).await;
    let changed = kit.stage.read(|ledger| {
        let differs = |s: &&Seen| ledger.events.iter().any(|other| is_same(s, other) && s.raw != other.raw);
        ledger.events.iter().find(differs).map(|s| s.event.id.clone())
    });
    must(changed.is_none(), "one body for each id", format!("{changed:?} with two"))?;
    let twin = kit.stage.read(|ledger| {
        let is_twin =
            |s: &&Seen| !is_same(s, &first) && s.event.kind == first.event.kind && s.event.data == first.event.data;
        ledger.about(case.id(), case.skip).find(is_twin).map(|s| s.event.id.clone())
    });
    must(
        twin.is_none(),
        format!("one event, {}, for one change of status", first.event.id),
        format!("{} as well", twin.unwrap_or_default()),
    )?;
    Ok(Some(format!("{} times the same", kit.times(&first))))
}

pub async fn c15(kit: &Kit) -> Outcome {
    let mut case = kit.case().await?;
    let (_, first) = kit.status_event("C15", &mut case, [Plan::Status(503)]).await?;
    let asked = kit.ask("C15", Action::Status, &case).await?;
    let second = kit
        .event(&asked, &case, "a second status_changed with an id of its own", |s| {
            name_of(s) == "status_changed" && !is_same(s, &first)
        })
        .await?;
    kit.taken(kit.config().patience, &first).await?;
    kit.taken(kit.config().patience, &second).await?;
    let (n, m) = (sequence(&first)?, sequence(&second)?);
    must(m > n, format!("a higher sequence than {n} for what happened later"), m.to_string())?;
    must(
        first.event.source == second.event.source,
        format!("one source for the case: {}", first.event.source),
        second.event.source.clone(),
    )?;
    let other = kit.stage.read(|ledger| {
        let of_another = |s: &&Seen| s.event.source == first.event.source && s.event.subject != first.event.subject;
        ledger.events.iter().find(of_another).map(|s| s.event.subject.clone())
    });
    must(
        other.is_none(),
        "a source that names the case, since sequences are compared within it",
        format!("{} for two cases", first.event.source),
    )?;
    let used = kit.stage.read(|ledger| {
        let of_case: Vec<_> = ledger.about(case.id(), 0).collect();
        let clash = |s: &&&Seen| {
            of_case.iter().any(|o| !is_same(s, o) && o.event.sequence.is_some() && o.event.sequence == s.event.sequence)
        };
        of_case.iter().find(clash).and_then(|s| s.event.sequence.clone())
    });
    must(used.is_none(), "a sequence of its own for each event", format!("{used:?} twice"))?;
    Ok(Some(format!("sequences {n} and {m}")))
}

pub async fn c16(kit: &Kit) -> Outcome {
    is_content_with(kit, "C16", EventOutcome::Parked).await
}

pub async fn c18(kit: &Kit) -> Outcome {
    is_content_with(kit, "C18", EventOutcome::Unmapped).await
}

/// The portal has it and says so: it is not sent again, and what comes after it is.
async fn is_content_with(kit: &Kit, check: &str, outcome: EventOutcome) -> Outcome {
    let mut case = kit.case().await?;
    let (_, first) = kit.status_event(check, &mut case, [Plan::Say(outcome)]).await?;
    must(
        first.answer == Answered::Taken(outcome),
        format!("an event that can be answered \"{}\"", outcome.as_str()),
        "one that was refused",
    )?;
    tokio::time::sleep(kit.config().settle).await;
    must(
        kit.times(&first) == 1,
        format!("2xx with \"{}\" is delivered: not sent again", outcome.as_str()),
        format!("it came {} times", kit.times(&first)),
    )?;
    let asked = kit.ask(check, Action::Message, &case).await?;
    kit.event(&asked, &case, "the next event", |s| !is_same(s, &first)).await?;
    Ok(None)
}

pub async fn c17(kit: &Kit) -> Outcome {
    let mut case = kit.case().await?;
    kit.quiet(&mut case).await;
    let asked = kit.ask("C17", Action::Close, &case).await?;
    let closed = kit.event_of(&asked, &case, "closed").await?;
    kit.taken(kit.config().patience, &closed).await?;
    kit.quiet(&mut case).await;
    let asked = kit.ask("C17", Action::Reopen, &case).await?;
    let reopened = kit.event_of(&asked, &case, "reopened").await?;
    kit.taken(kit.config().patience, &reopened).await?;
    let (n, m) = (sequence(&closed)?, sequence(&reopened)?);
    must(m > n, format!("reopened with a higher sequence than closed ({n})"), m.to_string())?;
    let lost = kit.stage.read(|ledger| {
        let between = |s: &&Seen| name_of(s) == "status_changed" && sequence(s).is_ok_and(|q| q > n && q < m);
        ledger.about(case.id(), 0).find(between).map(|s| s.event.id.clone())
    });
    must(
        lost.is_none(),
        "no status between closed and reopened: the portal does not show it",
        format!("status_changed {}", lost.unwrap_or_default()),
    )?;
    case.skip = kit.stage.read(|ledger| ledger.events.len());
    let (_, after) = kit.status_event("C17", &mut case, []).await?;
    let q = sequence(&after)?;
    if q <= m {
        return Err(failed(format!("a status after reopening with a higher sequence than {m}"), q.to_string()));
    }
    Ok(Some(format!("closed {n}, reopened {m}, status {q}")))
}
