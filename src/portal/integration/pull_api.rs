//! Deliveries for a system that cannot be called (6c of the contract): what there is, taking one, what became of it.

use super::answers::{Broken, Refused, respond};
use super::paging::Paging;
use super::push::{Answered, once};
use super::{proof, signed_json};
use crate::audit;
use crate::contract::{
    DeliveryFailure, DeliveryPage, DeliveryReceipt, FailureKept, LeaseWish, Leased, OfferState, OfferedDelivery,
    ProblemCode, ReceiptKept, Scope,
};
use crate::db::{Conn, DbError};
use crate::portal::App;
use crate::portal::delivery::{self, DeliveryRow, Lease, Puller, Taken, pull};
use crate::vocabulary::{DeliveryId, TargetSlug};
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

/// The longest lease. Seconds.
pub(super) const LONGEST_LEASE: u32 = 3600;

pub(super) fn puller(visit: &Visit, target: &TargetSlug) -> Puller {
    Puller { municipality: visit.municipality.slug.clone(), target: target.clone(), address: visit.address() }
}

fn offered(row: DeliveryRow) -> OfferedDelivery {
    OfferedDelivery {
        delivery_id: row.id,
        kind: row.kind,
        case_id: row.case_id,
        received_at: row.received_at,
        state: OfferState::Available,
    }
}

pub(super) async fn list(request: HttpRequest, visit: Visit, app: web::Data<App>) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::DeliveriesRead).await?;
    let paging = Paging::read(&request, &visit, &["state"])?;
    if paging.word("state").is_some_and(|s| s != "available") {
        return Err(Refused::invalid(&visit, "state", "available"));
    }
    let (who, now, (offset, limit)) =
        (puller(&visit, &target), visit.ground.clock.now(), (paging.offset, paging.limit));
    let found = visit.ground.db.read(move |c| pull::available(c, &who, offset, limit, now)).await;
    let (rows, has_more) = found.map_err(|e| Broken::from(e).told(&visit))?;
    let deliveries: Vec<OfferedDelivery> = rows.into_iter().map(offered).collect();
    let page = paging.page(deliveries.len(), has_more);
    Ok(paging.answer(&visit, &DeliveryPage { deliveries, page }, page))
}

/// The body, as it would be pushed.
pub(super) async fn read(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::DeliveriesRead).await?;
    let unknown = || Refused::new(ProblemCode::NotFound, &visit, None);
    let id: DeliveryId = id.parse().map_err(|_| unknown())?;
    let (who, keys, now) = (puller(&visit, &target), visit.ground.keys.clone(), visit.ground.clock.now());
    let body = visit.ground.db.write(move |c| -> Result<Option<Vec<u8>>, Broken> {
        let body = pull::body(c, &keys, &who, &id, now)?;
        if body.is_some() {
            audit::record(
                c,
                &who.municipality,
                now,
                &proof::actor(&who.target),
                "integration.delivery.read",
                id.as_str(),
                "",
            )?;
        }
        Ok(body)
    });
    let body = body.await.map_err(|e| e.told(&visit))?.ok_or_else(unknown)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

pub(super) async fn lease(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let (push, wish) = signed_json::<LeaseWish>(&request, &visit, &app, payload).await?;
    if !(1..=LONGEST_LEASE).contains(&wish.seconds) {
        return Err(Refused::invalid(&visit, "seconds", "1–3600"));
    }
    let id: DeliveryId = id.parse().map_err(|_| Refused::new(ProblemCode::NotFound, &visit, None))?;
    let (who, keys, now) = (puller(&visit, &push.target), visit.ground.keys.clone(), visit.ground.clock.now());
    let taken = visit.ground.db.write(move |c| {
        once(c, &who.municipality, &push, now, |c| {
            Ok(match pull::lease(c, &keys, &who, &id, wish.seconds, now)? {
                Lease::Until(lease_until) => Ok(Answered::json(200, &Leased { delivery_id: id.clone(), lease_until })),
                Lease::Taken => Err((ProblemCode::LeaseLost, "taken, or one before it in its case is not done")),
                Lease::Unknown => Err((ProblemCode::NotFound, "deliveryId")),
            })
        })
    });
    finish(taken.await, &visit)
}

pub(super) async fn put_receipt(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let (push, receipt) = signed_json::<DeliveryReceipt>(&request, &visit, &app, payload).await?;
    let id: DeliveryId = id.parse().map_err(|_| Refused::new(ProblemCode::NotFound, &visit, None))?;
    if receipt.delivery_id != id {
        return Err(Refused::invalid(&visit, "deliveryId", "as in the address"));
    }
    let (who, mappings, now) = (puller(&visit, &push.target), app.mappings.clone(), visit.ground.clock.now());
    let taken = visit.ground.db.write(move |c| {
        once(c, &who.municipality, &push, now, |c| {
            let taken = pull::receipt(c, &mappings, &who, &receipt, now)?;
            Ok(match taken {
                Taken::New | Taken::Same => {
                    if taken == Taken::New {
                        wrote(c, &who, "integration.delivery.receipt", &id, now)?;
                    }
                    Ok(Answered::json(200, &ReceiptKept { delivery_id: id.clone(), state: receipt.state }))
                }
                Taken::Conflict => Err((ProblemCode::ReceiptConflict, "externalCaseId")),
                Taken::Nameless => Err((ProblemCode::SchemaViolation, "externalCaseId: missing")),
                Taken::Unknown => Err((ProblemCode::NotFound, "deliveryId")),
            })
        })
    });
    finish(taken.await, &visit)
}

pub(super) async fn put_failure(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let (push, failure) = signed_json::<DeliveryFailure>(&request, &visit, &app, payload).await?;
    let id: DeliveryId = id.parse().map_err(|_| Refused::new(ProblemCode::NotFound, &visit, None))?;
    let (who, now) = (puller(&visit, &push.target), visit.ground.clock.now());
    let schedule =
        delivery::target_of(&visit.ground.settings, &visit.ground.municipalities, &who.municipality, &who.target)
            .map(|t| t.retry_after.clone())
            .unwrap_or_default();
    let taken = visit.ground.db.write(move |c| {
        once(c, &who.municipality, &push, now, |c| {
            Ok(match pull::failure(c, &who, &id, &failure.code, failure.retry, &schedule, now)? {
                Some(true) => {
                    wrote(c, &who, "integration.delivery.failure", &id, now)?;
                    Ok(Answered::json(200, &FailureKept { delivery_id: id.clone(), retry: failure.retry }))
                }
                Some(false) => Err((ProblemCode::LeaseLost, "the lease has run out")),
                None => Err((ProblemCode::NotFound, "deliveryId")),
            })
        })
    });
    finish(taken.await, &visit)
}

fn wrote(c: &mut Conn, who: &Puller, action: &str, id: &DeliveryId, now: crate::vocabulary::At) -> Result<(), DbError> {
    audit::record(c, &who.municipality, now, &proof::actor(&who.target), action, id.as_str(), "")
}

/// An answer, or the problem that it amounts to.
pub(super) fn finish(
    taken: Result<Result<Answered, (ProblemCode, &'static str)>, Broken>,
    visit: &Visit,
) -> Result<HttpResponse, Refused> {
    match taken.map_err(|e| e.told(visit))? {
        Ok(answered) => {
            let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Ok(respond(status, "application/json", answered.body))
        }
        Err((code, detail)) => Err(Refused::new(code, visit, detail)),
    }
}
