//! Notices and leases: what is fetched, and what is told without content.

use super::receiving::same_case;
use super::{Outcome, Stop, failed, must};
use crate::conform::kit::{Case, Kit, external, sealed};
use crate::conform::ledger::Pull;
use crate::contract::{CloudEvent, NoticeKind, Positioned, TYPE_PREFIX, sequence_text};
use crate::vocabulary::CaseId;
use serde_json::json;

/// A notice as the portal makes it: thin, about one case.
fn notice(kit: &Kit, case: &Case, n: u64) -> CloudEvent {
    CloudEvent {
        specversion: "1.0".into(),
        id: CaseId::fresh().to_string(),
        source: format!("urn:kommunportal:municipality:{}:case:{}", kit.config().municipality.code, case.id()),
        kind: format!("{TYPE_PREFIX}{}", NoticeKind::DecisionRead.as_str()),
        subject: case.external.clone(),
        time: kit.stage.clock.now(),
        timeprecision: None,
        sequence: Some(sequence_text(n)),
        replay: false,
        datacontenttype: Some("application/json".into()),
        data: json!({ "decisionId": "konform", "at": kit.stage.clock.now() }),
    }
}

pub async fn c21(kit: &Kit) -> Outcome {
    let case = kit.case().await?;
    if let Ok(adapter) = kit.adapter() {
        let notice = notice(kit, &case, 1);
        let body = serde_json::to_vec(&notice).map_err(|e| Stop::Skipped(e.to_string()))?;
        for time in ["the first time", "again"] {
            let answer = adapter.tell(&notice.id, &body).await?;
            must(
                (200..=204).contains(&answer.status),
                format!("2xx to POST /v1/citizen-events, {time}"),
                answer.told(),
            )?;
        }
        return Ok(Some("a notice that was pushed twice".into()));
    }
    let before = kit.stage.read(|ledger| ledger.feed.last().map_or(1041, |p| p.position));
    let put = |from: i64, count: i64| {
        let notices: Vec<Positioned> = (from + 1..=from + count)
            .map(|position| Positioned { position, event: notice(kit, &case, u64::try_from(position).unwrap_or(1)) })
            .collect();
        kit.stage.write(|ledger| ledger.feed.extend(notices));
        from + count
    };
    let acknowledged = async |up_to: i64, why: &str| {
        let found = kit.stage.until(kit.config().patience, |l| l.acknowledged.iter().find(|a| **a >= up_to).copied());
        found.await.ok_or_else(|| {
            let read = kit.stage.read(|l| l.feed_reads.last().copied());
            failed(
                format!("POST /outbox/acknowledgements with upTo {up_to} {why}"),
                format!("none; last offset {read:?}"),
            )
        })
    };
    let last = put(before, 3);
    acknowledged(last, "after three notices").await?;
    // Positions that were read come once more, with one that is new: as after a restore, or a reader that went back.
    let last_now = put(last, 1);
    kit.stage.write(|ledger| ledger.rewind = Some(before));
    let reached = acknowledged(last_now, "after three that were known and one that was new").await?;
    must(
        reached <= last_now,
        format!("upTo at most {last_now}, the last position that was given"),
        reached.to_string(),
    )?;
    let asked = kit.stage.until(kit.config().patience, |l| l.feed_reads.iter().find(|o| **o >= last_now).copied());
    asked.await.ok_or_else(|| failed(format!("offset {last_now} from then on"), "an older offset"))?;
    Ok(Some(format!("positions {} to {last_now}", before + 1)))
}

pub async fn c22(kit: &Kit) -> Outcome {
    if !kit.is_pull() {
        return Err(Stop::NotApplicable("leases are for adapters that fetch".into()));
    }
    let delivery = kit.submission();
    let body = sealed(&delivery)?;
    kit.offer(&delivery, &body, Pull::Available);
    let id = &delivery.delivery_id;
    kit.stage.write(|l| l.deliveries.get_mut(id).map(|h| h.lose_leases = 3));
    let first = kit.fetched(id, 0).await?;
    let case = Case { external: external(&first)?, skip: 0, body, receipt: first, delivery: delivery.clone() };
    let done = kit.stage.until(kit.config().patience, |l| {
        let handed = l.deliveries.get(id).filter(|h| h.pull == Pull::Done)?;
        Some((handed.leases, handed.receipts.clone()))
    });
    let (leases, receipts) =
        done.await.ok_or_else(|| failed("a receipt, in the end, that the portal takes", "none"))?;
    for receipt in &receipts {
        same_case(receipt, &case)?;
    }
    Ok(Some(format!("{leases} leases, {} receipts, one case", receipts.len())))
}
