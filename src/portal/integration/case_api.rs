//! Cases as a system sees them: reading, and setting a status for systems that send no events.

use super::answers::{Broken, Refused, respond};
use super::paging::Paging;
use super::pull_api::finish;
use super::push::{Answered, once};
use super::{proof, signed_json};
use crate::audit;
use crate::contract::{
    CasePage, CaseStanding, CloudEvent, EventOutcome, NewStatus, ProblemCode, Scope, StatusChanged, TYPE_PREFIX,
    sequence_text,
};
use crate::db::{Conn, DbError};
use crate::portal::App;
use crate::portal::cases::{self, Case, Sender};
use crate::settings::sha256_hex;
use crate::vocabulary::CaseId;
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

fn state(conn: &mut Conn, case: &Case) -> Result<CaseStanding, DbError> {
    let last = cases::last_sequence(conn, &case.id)?;
    Ok(CaseStanding {
        case_id: case.id.clone(),
        reference: case.reference.clone(),
        external_case_id: case.external_case_id.clone(),
        diary_number: case.diary_number.clone(),
        status: case.status,
        next_move: case.next_move,
        outcome: case.outcome,
        received_at: case.received_at,
        updated_at: case.updated_at,
        last_sequence: last.and_then(|n| u64::try_from(n).ok()).map(sequence_text),
    })
}

fn written(state: &CaseStanding) -> Result<String, Broken> {
    serde_json::to_string(state).map_err(|_| Broken::Other)
}

/// Strong: of everything that is told.
fn etag(state: &str) -> String {
    format!("\"{}\"", &sha256_hex(state.as_bytes())[..32])
}

pub(super) async fn read(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::CasesRead).await?;
    let unknown = || Refused::new(ProblemCode::NotFound, &visit, None);
    let id: CaseId = id.parse().map_err(|_| unknown())?;
    let (slug, now) = (visit.municipality.slug.clone(), visit.ground.clock.now());
    let found = visit.ground.db.write(move |c| {
        let Some(case) = cases::find(c, &slug, &id)?.filter(|case| case.target == target) else { return Ok(None) };
        audit::record(c, &slug, now, &proof::actor(&target), "integration.case.read", case.reference.as_str(), "")?;
        written(&state(c, &case)?).map(Some)
    });
    let state = found.await.map_err(|e: Broken| e.told(&visit))?.ok_or_else(unknown)?;
    let tag = etag(&state);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|k| k.trim() == tag)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    let mut response = respond(StatusCode::OK, "application/json", state);
    if let Ok(value) = header::HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    Ok(response)
}

/// The cases that bear the system's own id: one, or none.
pub(super) async fn list(request: HttpRequest, visit: Visit, app: web::Data<App>) -> Result<HttpResponse, Refused> {
    let target = proof::bearer(&request, &visit, &app, Scope::CasesRead).await?;
    let paging = Paging::read(&request, &visit, &["externalCaseId"])?;
    let external = paging.word("externalCaseId").filter(|id| !id.is_empty()).map(str::to_owned);
    let external = external.ok_or_else(|| Refused::invalid(&visit, "externalCaseId", "missing"))?;
    let (slug, now, (offset, limit)) =
        (visit.municipality.slug.clone(), visit.ground.clock.now(), (paging.offset, paging.limit));
    let found = visit.ground.db.write(move |c| {
        let mut cases = cases::by_external_id(c, &slug, &target, &external, offset, limit + 1)?;
        let has_more = i64::try_from(cases.len()).is_ok_and(|n| n > limit);
        cases.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let mut states = Vec::with_capacity(cases.len());
        for case in &cases {
            audit::record(c, &slug, now, &proof::actor(&target), "integration.case.read", case.reference.as_str(), "")?;
            states.push(state(c, case)?);
        }
        Ok::<_, DbError>((states, has_more))
    });
    let (states, has_more) = found.await.map_err(|e| Broken::from(e).told(&visit))?;
    let page = paging.page(states.len(), has_more);
    Ok(paging.answer(&visit, &CasePage { cases: states, page }, page))
}

/// Sets a status as a snapshot; the event is made here, one step after the last that is known.
pub(super) async fn put_status(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let (push, new) = signed_json::<NewStatus>(&request, &visit, &app, payload).await?;
    let id: CaseId = id.parse().map_err(|_| Refused::new(ProblemCode::NotFound, &visit, None))?;
    let wanted = request.headers().get(header::IF_MATCH).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let wanted = wanted.ok_or_else(|| Refused::new(ProblemCode::PreconditionRequired, &visit, None))?;
    let now = visit.ground.clock.now();
    let time = new.time.unwrap_or(now);
    let data = StatusChanged {
        external_case_id: None,
        external_code: new.external_code,
        label: new.label,
        visible_text: new.visible_text,
    };
    let data = serde_json::to_value(data).map_err(|_| Broken::Other.told(&visit))?;
    let sender =
        Sender { municipality: visit.municipality.slug.clone(), target: push.target.clone(), base: visit.address() };
    let mappings = app.mappings.clone();
    let taken = visit.ground.db.write(move |c| {
        once(c, &sender.municipality, &push, now, |c| {
            let own = cases::find_locked(c, &sender.municipality, &id)?.filter(|case| case.target == sender.target);
            let Some(case) = own else { return Ok(Err((ProblemCode::NotFound, "caseId"))) };
            let tag = etag(&written(&state(c, &case)?)?);
            if wanted.trim() != "*" && !wanted.split(',').any(|w| w.trim() == tag) {
                return Ok(Err((ProblemCode::PreconditionFailed, "If-Match")));
            }
            let next = cases::last_sequence(c, &case.id)?.unwrap_or(0) + 1;
            let event = CloudEvent {
                specversion: "1.0".into(),
                id: push.webhook_id.clone(),
                source: format!("urn:kommunportal:target:{}:case:{}", sender.target, case.id),
                kind: format!("{TYPE_PREFIX}status_changed"),
                subject: case.id.to_string(),
                time,
                timeprecision: None,
                sequence: u64::try_from(next).ok().map(sequence_text),
                replay: false,
                datacontenttype: None,
                data: data.clone(),
            };
            let result = cases::apply(c, &sender, &mappings, &event, now)?;
            if result.outcome == EventOutcome::Rejected {
                let is_time = result.problem.as_ref().is_some_and(|p| p.code == "time-in-future");
                let code = if is_time { ProblemCode::TimeInFuture } else { ProblemCode::SchemaViolation };
                return Ok(Err((code, "externalCode, time")));
            }
            let actor = proof::actor(&sender.target);
            audit::record(
                c,
                &sender.municipality,
                now,
                &actor,
                "integration.case.status",
                case.reference.as_str(),
                "",
            )?;
            Ok(Ok(Answered::json(200, &result)))
        })
    });
    finish(taken.await, &visit)
}
