//! Routes, and the pages that are about no receiver: the overview, the log, jobs.

mod connections;
mod deliveries;
mod delivery_page;
mod events;
mod statuses;
mod targets;

use super::guard::{InformationOwner, appointed};
use super::{Administrator, store, view};
use crate::audit;
use crate::db::DbError;
use crate::jobs;
use crate::portal::cases::{self, Fate};
use crate::portal::delivery::{self, DeliveryState};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// Rows on a page.
const PAGE: i64 = 50;

/// The rows of a page, and whether there are more: one more than shown was read.
fn one_page<T>(mut rows: Vec<T>) -> (Vec<T>, bool) {
    let most = usize::try_from(PAGE).unwrap_or_default();
    let more = rows.len() > most;
    rows.truncate(most);
    (rows, more)
}

/// A field that is missing, for the summary of errors.
fn missing(visit: &Visit, field: &str) -> Value {
    let message = visit.text(&format!("admin-error-{}", field.replace('_', "-")));
    json!({ "field_id": field, "href": format!("#{field}"), "message": message })
}

/// What was typed into a field.
fn typed(form: &PostedForm, name: &str) -> String {
    form.get(name).unwrap_or_default().trim().to_owned()
}

/// Days in the balance.
const DAYS: i64 = 7;

/// Every page of the administration.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(front))
        .route("/logg", web::get().to(log))
        .route("/leveranser", web::get().to(deliveries::list))
        .route("/leveranser/{id}", web::get().to(delivery_page::show))
        .route("/leveranser/{id}/filer/{file}", web::get().to(delivery_page::file))
        .route("/leveranser/{id}/forsok-igen", web::post().to(deliveries::retry))
        .route("/leveranser/{id}/hanterad", web::post().to(deliveries::resolve))
        .route("/leveranser/{id}/registrerad", web::post().to(deliveries::registered))
        .route("/leveranser/{id}/avbryt", web::post().to(deliveries::cancel))
        .route("/mottagare/{target}/forsok-nu", web::post().to(targets::probe))
        .route("/mottagare/{target}/pausa", web::post().to(targets::pause))
        .route("/mottagare/{target}/ateruppta", web::post().to(targets::resume))
        .route("/handelser", web::get().to(events::list))
        .route("/handelser/{seq}", web::get().to(events::show))
        .route("/handelser/{seq}/kor-igen", web::post().to(events::run))
        .route("/handelser/{seq}/spela-upp", web::post().to(events::replay))
        .route("/handelser/{seq}/be-om-igen", web::post().to(events::ask))
        .route("/statusar", web::get().to(statuses::list))
        .route("/statusar/kor-om", web::post().to(statuses::rerun))
        .route("/anslutningar", web::get().to(connections::list))
        .route("/anslutningar/{target}/nyckel", web::post().to(connections::issue))
        .route("/anslutningar/nycklar/{id}", web::get().to(connections::confirm))
        .route("/anslutningar/nycklar/{id}/dra-in", web::post().to(connections::revoke))
        .route("/jobb", web::get().to(dead_jobs))
        .route("/jobb/{seq}/forsok-igen", web::post().to(retry_job));
}

/// The log of what was done with the information.
async fn log(who: InformationOwner, wanted: web::Query<LogWish>) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let (slug, subject, before) = (visit.municipality.slug.clone(), wanted.om.clone(), wanted.fore);
    let subject = subject.map(|s| s.trim().trim_start_matches("party:").to_owned()).filter(|s| !s.is_empty());
    let about = subject.clone();
    let lines = visit.ground.db.read(move |c| store::log(c, &slug, about.as_deref(), before, PAGE + 1)).await?;
    let (lines, more) = one_page(lines);
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
        let waiting = cases::count_events(c, &slug, &[Fate::Unmapped, Fate::Parked, Fate::Dead])?;
        let unknown: i64 = waiting.iter().map(|(_, n)| n).sum();
        let dead_jobs = jobs::dead(c, &slug)?.len();
        let targets = delivery::target_states(c, Some(&slug))?;
        Ok::<_, DbError>((delivery::counts_by_state(c, &slug, None)?, balances, unknown, dead_jobs, targets))
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
