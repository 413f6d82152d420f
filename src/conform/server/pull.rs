//! The pull twin: what an adapter fetches that nobody can call.

use super::{bearer, problem, signed, text};
use crate::conform::ledger::{Handed, Ledger, Pull, Stage};
use crate::contract::*;
use crate::vocabulary::DeliveryId;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use std::time::{Duration, Instant};

pub(super) fn routes(cfg: &mut web::ServiceConfig, is_pull: bool) {
    if is_pull {
        cfg.route("/deliveries", web::get().to(list))
            .route("/deliveries/{id}/lease", web::post().to(lease))
            .route("/deliveries/{id}/receipt", web::put().to(receipt))
            .route("/deliveries/{id}/failure", web::put().to(failure))
            .route("/outbox/events", web::get().to(feed))
            .route("/outbox/acknowledgements", web::post().to(acknowledge));
    }
}

#[derive(Deserialize)]
struct Asked {
    offset: Option<i64>,
    #[serde(default = "usual")]
    limit: i64,
    #[serde(default, rename = "waitSeconds")]
    wait_seconds: u64,
}

fn usual() -> i64 {
    20
}

async fn list(request: HttpRequest, asked: web::Query<Asked>, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = bearer(&stage, &request) {
        return refused;
    }
    let (offset, limit) = (asked.offset.unwrap_or(0).max(0), asked.limit.clamp(1, 100));
    let skip = usize::try_from(offset).unwrap_or_default();
    let (items, has_more) = stage.write(|ledger| {
        let now = Instant::now();
        for handed in ledger.deliveries.values_mut() {
            if matches!(handed.pull, Pull::Leased(until) if until <= now) {
                handed.pull = Pull::Available;
            }
        }
        let free: Vec<&Handed> = ledger.deliveries.values().filter(|h| h.pull == Pull::Available).collect();
        let page = free.iter().skip(skip).take(usize::try_from(limit).unwrap_or(20));
        let items: Vec<OfferedDelivery> = page
            .map(|Handed { delivery: d, .. }| OfferedDelivery {
                delivery_id: d.delivery_id.clone(),
                kind: d.kind,
                case_id: d.case.id.clone(),
                received_at: d.received_at,
                state: OfferState::Available,
            })
            .collect();
        let has_more = free.len() > skip + items.len();
        (items, has_more)
    });
    let next_offset = offset + i64::try_from(items.len()).unwrap_or_default();
    HttpResponse::Ok().json(DeliveryPage { deliveries: items, page: Page { offset, limit, next_offset, has_more } })
}

fn id_of(id: &str) -> Result<DeliveryId, HttpResponse> {
    id.parse().map_err(|_| unknown())
}

fn unknown() -> HttpResponse {
    problem(ProblemCode::NotFound, "no such delivery")
}

async fn lease(request: HttpRequest, id: web::Path<String>, body: web::Bytes, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = signed(&stage, &request, &body) {
        return refused;
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    // Shorter than asked for, so that a lease that is lost is seen to be so.
    let seconds = asked.get("seconds").and_then(Value::as_u64).unwrap_or(300).clamp(1, LONGEST_LEASE);
    let Ok(id) = id_of(&id) else { return unknown() };
    stage.write(|ledger| match ledger.deliveries.get_mut(&id) {
        None => unknown(),
        Some(handed) => {
            let now = Instant::now();
            match handed.pull {
                Pull::Leased(until) if until > now => problem(ProblemCode::LeaseLost, "somebody has it"),
                Pull::Not | Pull::Done => problem(ProblemCode::LeaseLost, "it is not offered"),
                Pull::Available | Pull::Leased(_) => {
                    handed.leases += 1;
                    if handed.leases > 1 {
                        handed.lose_leases = 0;
                    }
                    handed.pull = Pull::Leased(now + Duration::from_secs(seconds));
                    let lease_until = stage.clock.now().plus_seconds(i64::try_from(seconds).unwrap_or(300));
                    HttpResponse::Ok().json(Leased { delivery_id: id.clone(), lease_until })
                }
            }
        }
    })
}

async fn receipt(
    request: HttpRequest,
    id: web::Path<String>,
    body: web::Bytes,
    stage: web::Data<Stage>,
) -> HttpResponse {
    if let Err(refused) = signed(&stage, &request, &body) {
        return refused;
    }
    let Ok(id) = id_of(&id) else { return unknown() };
    let receipt: DeliveryReceipt = match serde_json::from_slice(&body) {
        Ok(receipt) => receipt,
        Err(e) => return problem(ProblemCode::SchemaViolation, &format!("not a receipt: {e}")),
    };
    stage.write(|ledger| match ledger.deliveries.get_mut(&id) {
        None => unknown(),
        Some(handed) => received(handed, receipt),
    })
}

fn received(handed: &mut Handed, receipt: DeliveryReceipt) -> HttpResponse {
    let known = handed.receipts.iter().find_map(|r| r.external_case_id.clone());
    let conflicts = known.is_some() && receipt.external_case_id.is_some() && known != receipt.external_case_id;
    let answer = ReceiptKept { delivery_id: receipt.delivery_id.clone(), state: receipt.state };
    handed.receipts.push(receipt);
    if handed.lose_leases > 0 {
        handed.lose_leases -= 1;
        handed.pull = Pull::Available;
        return problem(
            ProblemCode::TemporarilyUnavailable,
            "the kit plays a portal that was away until the lease ran out",
        );
    }
    if handed.lose_receipts > 0 {
        handed.lose_receipts -= 1;
        return problem(ProblemCode::TemporarilyUnavailable, "the kit plays a portal that died with the answer");
    }
    if conflicts {
        return problem(ProblemCode::ReceiptConflict, "another externalCaseId stands in the first receipt");
    }
    handed.pull = Pull::Done;
    HttpResponse::Ok().json(answer)
}

async fn failure(
    request: HttpRequest,
    id: web::Path<String>,
    body: web::Bytes,
    stage: web::Data<Stage>,
) -> HttpResponse {
    if let Err(refused) = signed(&stage, &request, &body) {
        return refused;
    }
    let Ok(id) = id_of(&id) else { return unknown() };
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_retry = told.get("retry").and_then(Value::as_bool).unwrap_or(true);
    stage.write(|ledger| match ledger.deliveries.get_mut(&id) {
        None => unknown(),
        Some(handed) => {
            handed.failures.push(told);
            handed.pull = if is_retry { Pull::Available } else { Pull::Done };
            HttpResponse::Ok().json(FailureKept { delivery_id: id.clone(), retry: is_retry })
        }
    })
}

/// Seconds.
const LONGEST_LEASE: u64 = 5;
/// At most so long, whatever is asked for.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

async fn feed(request: HttpRequest, asked: web::Query<Asked>, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = bearer(&stage, &request) {
        return refused;
    }
    let (limit, wait) = (asked.limit.clamp(1, 100), Duration::from_secs(asked.wait_seconds).min(LONGEST_WAIT));
    let asked_from =
        asked.offset.unwrap_or_else(|| stage.read(|ledger| ledger.acknowledged.iter().copied().max().unwrap_or(0)));
    stage.write(|ledger| ledger.feed_reads.push(asked_from));
    let page = |ledger: &Ledger| {
        let offset = ledger.rewind.map_or(asked_from, |back| back.min(asked_from));
        let after = ledger.feed.iter().filter(|p| p.position > offset);
        let events: Vec<Positioned> = after.clone().take(usize::try_from(limit).unwrap_or(20)).cloned().collect();
        let next_offset = events.last().map_or(offset, |last| last.position);
        let has_more = after.count() > events.len();
        FeedPage { events, page: Page { offset: asked_from, limit, next_offset, has_more } }
    };
    let found = stage.until(wait, |ledger| Some(page(ledger)).filter(|p| !p.events.is_empty())).await;
    let answer = found.unwrap_or_else(|| stage.read(page));
    if !answer.events.is_empty() {
        stage.write(|ledger| ledger.rewind = None);
    }
    HttpResponse::build(StatusCode::OK).insert_header((header::CACHE_CONTROL, "no-store")).json(answer)
}

async fn acknowledge(request: HttpRequest, body: web::Bytes, stage: web::Data<Stage>) -> HttpResponse {
    if let Err(refused) = signed(&stage, &request, &body) {
        return refused;
    }
    if text(&request, "content-type").is_empty() {
        return problem(ProblemCode::UnsupportedMediaType, "Content-Type");
    }
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    match told.get("upTo").and_then(Value::as_i64) {
        Some(up_to) => {
            stage.write(|ledger| ledger.acknowledged.push(up_to));
            HttpResponse::Ok().json(Acknowledged { acknowledged: up_to })
        }
        None => problem(ProblemCode::SchemaViolation, "upTo"),
    }
}
