//! Routes and handlers.

use super::guard::{InformationOwner, appointed};
use super::{Administrator, store, view};
use crate::audit;
use crate::db::DbError;
use crate::jobs;
use crate::portal::App;
use crate::portal::cases::{self, Fate};
use crate::portal::delivery::{self, DeliveryState, Resolution};
use crate::vocabulary::{DeliveryId, TargetSlug};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// Rows on a page.
const PAGE: i64 = 50;
/// Days in the balance.
const DAYS: i64 = 7;

/// Every page of the administration.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(front))
        .route("/logg", web::get().to(log))
        .route("/leveranser", web::get().to(deliveries))
        .route("/leveranser/{id}", web::get().to(one_delivery))
        .route("/leveranser/{id}/forsok-igen", web::post().to(retry))
        .route("/leveranser/{id}/hanterad", web::post().to(resolve))
        .route("/mottagare/{target}/forsok-nu", web::post().to(probe))
        .route("/handelser", web::get().to(events))
        .route("/handelser/kor-om", web::post().to(rerun))
        .route("/jobb", web::get().to(dead_jobs))
        .route("/jobb/{seq}/forsok-igen", web::post().to(retry_job));
}

/// The log of what was done with the information.
async fn log(who: InformationOwner, wanted: web::Query<LogWish>) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let (slug, subject, before) = (visit.municipality.slug.clone(), wanted.om.clone(), wanted.fore);
    let subject = subject.map(|s| s.trim().trim_start_matches("party:").to_owned()).filter(|s| !s.is_empty());
    let about = subject.clone();
    let mut lines = visit.ground.db.read(move |c| store::log(c, &slug, about.as_deref(), before, PAGE + 1)).await?;
    let more = lines.len() as i64 > PAGE;
    lines.truncate(usize::try_from(PAGE).unwrap_or_default());
    let next = lines.last().filter(|_| more).map(|l| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("fore", &l.seq.to_string());
        if let Some(subject) = &subject {
            query.append_pair("om", subject);
        }
        format!("/logg?{}", query.finish())
    });
    let rows: Vec<Value> = lines
        .iter()
        .map(|l| {
            json!({ "at": view::when(visit, l.at), "actor": l.actor, "action": l.action, "subject": l.subject, "detail": l.detail })
        })
        .collect();
    let context = json!({ "rows": rows, "next": next.unwrap_or_default(), "subject": subject.unwrap_or_default() });
    visit.page("administration/log.html", "log", context)
}

#[derive(Deserialize)]
struct LogWish {
    om: Option<String>,
    fore: Option<i64>,
}

/// The front page is for whoever runs the system; the other roles have one page each.
async fn front(visit: Visit) -> Result<HttpResponse, AppError> {
    let officer = appointed(visit, true).await?;
    if !officer.has_any(&["systemforvaltare"], "") {
        return Ok(see_other("/behorigheter"));
    }
    overview(&officer.visit).await
}

async fn overview(visit: &Visit) -> Result<HttpResponse, AppError> {
    let (slug, today) = (visit.municipality.slug.clone(), visit.ground.clock.now());
    let read = visit.ground.db.read(move |c| {
        let mut balances = Vec::new();
        for back in 0..DAYS {
            let day = today.plus_days(-back).day();
            balances.push((day, delivery::balance(c, &slug, day)?));
        }
        let unknown = cases::events_of_fate(c, &slug, &[Fate::Unmapped, Fate::Parked, Fate::Dead], PAGE)?.len();
        let dead_jobs = jobs::dead(c, &slug)?.len();
        let targets = delivery::target_states(c, Some(&slug))?;
        Ok::<_, DbError>((delivery::counts_by_state(c, &slug)?, balances, unknown, dead_jobs, targets))
    });
    let (counts, balances, unknown, dead_jobs, targets) = read.await?;
    let states: Vec<Value> = DeliveryState::ALL
        .iter()
        .map(|s| {
            let n = counts.iter().find(|(state, _)| state == s).map_or(0, |(_, n)| *n);
            json!({ "label": view::state(visit, *s), "href": format!("/leveranser?lage={}", s.as_str()), "count": n })
        })
        .collect();
    let context = json!({
        "states": states,
        "balances": balances.into_iter().map(|(day, b)| view::balance(visit, day, b)).collect::<Vec<_>>(),
        "events": unknown,
        "jobs": dead_jobs,
        "targets": targets.iter().map(|t| view::target(visit, t)).collect::<Vec<_>>(),
    });
    visit.page("administration/overview.html", "overview", context)
}

#[derive(Deserialize)]
struct Wanted {
    lage: Option<String>,
    fore: Option<String>,
}

async fn deliveries(who: Administrator, wanted: web::Query<Wanted>) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let state: DeliveryState = wanted.lage.as_deref().unwrap_or("dead").parse().map_err(|_| AppError::NotFound)?;
    let before: Option<DeliveryId> = wanted.fore.as_deref().and_then(|id| id.parse().ok());
    let slug = visit.municipality.slug.clone();
    let read = visit.ground.db.read(move |c| {
        let rows = delivery::by_state(c, &slug, state, before.as_ref(), PAGE + 1)?;
        Ok::<_, DbError>((rows, delivery::counts_by_state(c, &slug)?))
    });
    let (mut rows, counts) = read.await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or_default());
    let next = rows.last().filter(|_| more).map(|r| format!("/leveranser?lage={}&fore={}", state.as_str(), r.id));
    let filters: Vec<Value> = DeliveryState::ALL
        .iter()
        .map(|s| {
            json!({
                "label": view::state(visit, *s),
                "href": format!("/leveranser?lage={}", s.as_str()),
                "current": *s == state,
                "count": counts.iter().find(|(known, _)| known == s).map_or(0, |(_, n)| *n),
            })
        })
        .collect();
    let context = json!({
        "state": view::state(visit, state),
        "filters": filters,
        "rows": rows.iter().map(|r| view::delivery(visit, r)).collect::<Vec<_>>(),
        "next": next.unwrap_or_default(),
    });
    visit.page("administration/deliveries.html", "deliveries", context)
}

async fn one_delivery(who: Administrator, id: Path<String>) -> Result<HttpResponse, AppError> {
    delivery_page(&who, &id.0, json!({}), Vec::new()).await
}

async fn delivery_page(
    who: &Administrator,
    id: &str,
    typed: Value,
    errors: Vec<Value>,
) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let id: DeliveryId = id.parse().map_err(|_| AppError::NotFound)?;
    let slug = visit.municipality.slug.clone();
    let read = visit.ground.db.read(move |c| {
        let Some(row) = delivery::find(c, &slug, &id)? else { return Ok(None) };
        let case = cases::find(c, &slug, &row.case_id)?;
        let attempts = delivery::attempts(c, &id)?;
        Ok::<_, DbError>(Some((row, case, attempts)))
    });
    let (row, case, attempts) = read.await?.ok_or(AppError::NotFound)?;
    let attempts: Vec<Value> = attempts
        .iter()
        .map(|a| {
            // An attempt that went well is noted with the state that the receiver told.
            let told = a.note.parse::<DeliveryState>().map_or_else(|_| a.note.clone(), |s| view::state(visit, s));
            json!({
                "n": a.n, "at": view::when(visit, a.started_at), "status": a.http_status,
                "class": a.error_class.as_deref().map(|class| visit.text(&format!("admin-class-{class}"))), "note": told,
            })
        })
        .collect();
    let context = json!({
        "delivery": view::delivery(visit, &row),
        "reference": case.as_ref().map(|c| c.reference.to_string()),
        "diary_number": case.and_then(|c| c.diary_number),
        "attempts": attempts,
        "typed": typed,
        "errors": errors,
        "page": { "error_prefix": !errors.is_empty() },
    });
    visit.page("administration/delivery.html", "deliveries", context)
}

async fn retry(who: Administrator, form: PostedForm, id: Path<String>) -> Result<HttpResponse, AppError> {
    let id: DeliveryId = id.0.parse().map_err(|_| AppError::NotFound)?;
    let (slug, now, actor) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now(), who.actor);
    let again = id.clone();
    let done = form.visit.ground.db.write(move |c| delivery::retry_dead(c, &slug, &again, &actor, now)).await?;
    if done { Ok(see_other(&format!("/leveranser/{id}"))) } else { Err(AppError::Conflict("conflict")) }
}

async fn resolve(
    who: Administrator,
    form: PostedForm,
    app: web::Data<App>,
    id: Path<String>,
) -> Result<HttpResponse, AppError> {
    let typed = |name: &str| form.get(name).unwrap_or_default().trim().to_owned();
    let (external, diary, why) = (typed("external_case_id"), typed("diary_number"), typed("why"));
    let missing: Vec<Value> = [("external_case_id", &external), ("why", &why)]
        .iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(name, _)| {
            let key = format!("admin-error-{}", name.replace('_', "-"));
            json!({ "field_id": name, "href": format!("#{name}"), "message": form.visit.text(&key) })
        })
        .collect();
    if !missing.is_empty() {
        let typed = json!({ "external_case_id": external, "diary_number": diary, "why": why });
        return delivery_page(&who, &id.0, typed, missing).await;
    }
    let id: DeliveryId = id.0.parse().map_err(|_| AppError::NotFound)?;
    let (slug, now, actor) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now(), who.actor);
    let (mappings, settled) = (app.mappings.clone(), id.clone());
    let done = form.visit.ground.db.write(move |c| {
        let resolution = Resolution {
            external_case_id: &external,
            diary_number: Some(diary.as_str()).filter(|d| !d.is_empty()),
            who: &actor,
            why: &why,
        };
        delivery::resolve_manually(c, &mappings, &slug, &settled, &resolution, now)
    });
    if done.await? { Ok(see_other(&format!("/leveranser/{id}"))) } else { Err(AppError::Conflict("conflict")) }
}

async fn probe(who: Administrator, form: PostedForm, target: Path<String>) -> Result<HttpResponse, AppError> {
    let target: TargetSlug = target.0.parse().map_err(|_| AppError::NotFound)?;
    let (slug, now) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now());
    form.visit
        .ground
        .db
        .write(move |c| {
            if delivery::probe_now(c, &slug, &target, now)? {
                audit::record(c, &slug, now, &who.actor, "target.probe", target.as_str(), "")?;
            }
            Ok::<_, DbError>(())
        })
        .await?;
    Ok(see_other("/"))
}

async fn events(who: Administrator) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let slug = visit.municipality.slug.clone();
    let read = visit.ground.db.read(move |c| {
        let unmapped = cases::events_of_fate(c, &slug, &[Fate::Unmapped], 200)?;
        Ok::<_, DbError>((unmapped, cases::events_of_fate(c, &slug, &[Fate::Parked, Fate::Dead], 200)?))
    });
    let (unmapped, homeless) = read.await?;
    let context = json!({
        "unmapped": unmapped.iter().map(|e| view::event(visit, e)).collect::<Vec<_>>(),
        "homeless": homeless.iter().map(|e| view::event(visit, e)).collect::<Vec<_>>(),
    });
    visit.page("administration/events.html", "events", context)
}

async fn rerun(who: Administrator, form: PostedForm, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let (slug, now) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now());
    let mappings = app.mappings.clone();
    form.visit
        .ground
        .db
        .write(move |c| {
            let n = cases::rerun_unmapped(c, &mappings, Some(&slug), now)?;
            audit::record(c, &slug, now, &who.actor, "events.rerun", slug.as_str(), &n.to_string())
        })
        .await?;
    Ok(see_other("/handelser"))
}

async fn dead_jobs(who: Administrator) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let slug = visit.municipality.slug.clone();
    let rows: Vec<Value> = visit
        .ground
        .db
        .read(move |c| jobs::dead(c, &slug))
        .await?
        .into_iter()
        .map(|j| {
            json!({
                "seq": j.seq, "kind": j.kind, "why": j.last_error, "attempts": j.attempts,
                "created": view::when(visit, j.created_at),
            })
        })
        .collect();
    visit.page("administration/jobs.html", "jobs", json!({ "rows": rows }))
}

async fn retry_job(who: Administrator, form: PostedForm, seq: Path<i64>) -> Result<HttpResponse, AppError> {
    let (slug, now) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now());
    let seq = seq.0;
    let done = form.visit.ground.db.write(move |c| {
        let done = jobs::retry_dead(c, &slug, seq, now)?;
        if done {
            audit::record(c, &slug, now, &who.actor, "job.retry", &seq.to_string(), "")?;
        }
        Ok::<_, DbError>(done)
    });
    if done.await? { Ok(see_other("/jobb")) } else { Err(AppError::Conflict("conflict")) }
}
