//! What has come from receivers: looking for it, seeing what became of it, and hearing it anew.

use super::{PAGE, missing, one_page, targets};
use crate::audit;
use crate::contract::NoticeKind;
use crate::db::DbError;
use crate::portal::App;
use crate::portal::administration::{Administrator, masked, view};
use crate::portal::cases::{self, EventWish, Fate, InboundEvent};
use crate::portal::delivery;
use crate::vocabulary::{At, CaseId, Day, Reference, SWEDEN};
use crate::web::{AppError, Path, PostedForm, Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What waits for somebody.
const WAITING: [Fate; 3] = [Fate::Unmapped, Fate::Parked, Fate::Dead];

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    lage: Option<String>,
    arende: Option<String>,
    mottagare: Option<String>,
    fran: Option<String>,
    till: Option<String>,
    fore: Option<i64>,
}

impl Wanted {
    /// The address of the same question with another state or from another place.
    fn address(&self, fate: Option<Fate>, before: Option<i64>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept =
            [("arende", &self.arende), ("mottagare", &self.mottagare), ("fran", &self.fran), ("till", &self.till)];
        for (name, value) in kept {
            if let Some(value) = value.as_deref().filter(|v| !v.is_empty()) {
                query.append_pair(name, value);
            }
        }
        if let Some(fate) = fate {
            query.append_pair("lage", fate.as_str());
        }
        if let Some(before) = before {
            query.append_pair("fore", &before.to_string());
        }
        match query.finish().as_str() {
            "" => "/handelser".to_owned(),
            query => format!("/handelser?{query}"),
        }
    }
}

/// A day as it is typed: when it begins in Sweden. `Err`: it is no day.
fn begins(typed: Option<&str>, days_later: i64) -> Result<Option<At>, ()> {
    let Some(text) = typed.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    let day: Day = text.parse().map_err(|_| ())?;
    let start = day.to_zoned(SWEDEN.clone()).map_err(|_| ())?;
    Ok(Some(At::from_seconds(start.timestamp().as_second()).plus_days(days_later)))
}

pub(super) async fn list(who: Administrator, wanted: web::Query<Wanted>) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let fate: Option<Fate> = match wanted.lage.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => Some(word.parse().map_err(|_| AppError::NotFound)?),
        None => None,
    };
    let (from, until) = (begins(wanted.fran.as_deref(), 0), begins(wanted.till.as_deref(), 1));
    let wrong = [("fran", from.is_err()), ("till", until.is_err())];
    let errors: Vec<Value> = wrong.iter().filter(|(_, wrong)| *wrong).map(|(name, _)| missing(visit, name)).collect();
    let target = wanted.mottagare.as_deref().filter(|t| !t.is_empty()).and_then(|t| t.parse().ok());
    let mut wish = EventWish {
        fate,
        case: None,
        target,
        from: from.unwrap_or_default(),
        until: until.unwrap_or_default(),
        before: wanted.fore,
    };
    let slug = visit.municipality.slug.clone();
    let about = wanted.arende.clone().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let read = visit.ground.db.read(move |c| {
        if let Some(about) = about {
            // What the resident was given, or the id that events name; of what is neither, there are none.
            let known = match about.parse::<Reference>() {
                Ok(reference) => cases::by_reference(c, &slug, &reference)?.map(|case| case.id.to_string()),
                Err(_) => None,
            };
            wish.case = Some(known.unwrap_or(about));
        }
        let rows = cases::events(c, &slug, &wish, PAGE + 1)?;
        let mut references = BTreeMap::new();
        for row in &rows {
            if references.contains_key(&row.case_id) {
                continue;
            }
            let Ok(id) = row.case_id.parse::<CaseId>() else { continue };
            if let Some(case) = cases::find(c, &slug, &id)? {
                references.insert(row.case_id.clone(), case.reference.to_string());
            }
        }
        Ok::<_, DbError>((rows, references, cases::count_events(c, &slug, &WAITING)?))
    });
    let (rows, references, counts) = read.await?;
    let (rows, more) = one_page(rows);
    let next = rows.last().filter(|_| more).map(|r| wanted.address(fate, Some(r.seq)));
    let mut filters = vec![json!({
        "label": visit.text("admin-fate-all"), "href": wanted.address(None, None), "current": fate.is_none(),
    })];
    for one in Fate::ALL {
        let count = counts.iter().find(|(known, _)| known == one).map_or(0, |(_, n)| *n);
        let mut filter = json!({
            "label": view::fate(visit, *one), "href": wanted.address(Some(*one), None), "current": fate == Some(*one),
        });
        // Those that nobody has to look at grow for ever: they are not counted.
        if let Some(filter) = filter.as_object_mut().filter(|_| WAITING.contains(one)) {
            filter.insert("count".to_owned(), count.into());
        }
        filters.push(filter);
    }
    let context = json!({
        "filters": filters,
        "receivers": targets::choices(&targets::of(visit), wanted.mottagare.as_deref()),
        "typed": { "arende": wanted.arende, "fran": wanted.fran, "till": wanted.till, "lage": fate.map(|f| f.as_str()) },
        "rows": rows.iter().map(|e| view::event(visit, e, references.get(&e.case_id))).collect::<Vec<_>>(),
        "next": next.unwrap_or_default(),
        "errors": errors,
        "page": { "error_prefix": !errors.is_empty() },
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.page_with_status(status, "administration/events.html", "events", context)
}

#[derive(Deserialize)]
pub(super) struct Told {
    visa: Option<String>,
}

/// What was just done, by the word in the address.
const TOLD: [&str; 4] = ["kord", "vantar", "uppspelad", "begard"];

pub(super) async fn show(who: Administrator, seq: Path<i64>, told: web::Query<Told>) -> Result<HttpResponse, AppError> {
    let (visit, seq) = (&who.visit, seq.0);
    let slug = visit.municipality.slug.clone();
    let read = visit.ground.db.read(move |c| {
        let Some(event) = cases::event(c, &slug, seq)? else { return Ok(None) };
        let case = match event.case_id.parse::<CaseId>() {
            Ok(id) => cases::find(c, &slug, &id)?.filter(|case| case.target == event.target),
            Err(_) => None,
        };
        let written = match &case {
            Some(case) => cases::written_by(c, &case.id, &event)?,
            None => None,
        };
        Ok::<_, DbError>(Some((event, case, written)))
    });
    let (event, case, written) = read.await?.ok_or(AppError::NotFound)?;
    let is_waiting = matches!(event.outcome, Fate::Parked | Fate::Dead);
    let protected = case.as_ref().is_some_and(|case| case.protected);
    let did = match written {
        Some((_, true)) => "admin-event-visible",
        Some((_, false)) => "admin-event-hidden",
        None => "admin-event-no-row",
    };
    let members = (!protected).then(|| view::members(&masked::members(&event.body.0.data)));
    let told = TOLD.iter().find(|word| told.visa.as_deref() == Some(**word));
    let context = json!({
        "event": view::event(visit, &event, case.as_ref().map(|case| case.reference.to_string()).as_ref()),
        "envelope": view::envelope(visit, &event),
        "why": visit.text(&format!("admin-fate-text-{}", event.outcome.as_str())),
        "status": event.portal_status.map(|s| visit.text(&format!("status-{}", s.as_str().replace('_', "-")))),
        "did": visit.text(did),
        "members": members,
        "can_run": is_waiting,
        "can_replay": case.is_some() && !is_waiting,
        "can_ask": case.is_some(),
        "told": told.map(|word| visit.text(&format!("admin-event-told-{word}"))),
    });
    visit.page("administration/event.html", "events", context)
}

/// The event of a form, and the case that it names.
async fn named(visit: &Visit, seq: i64) -> Result<(InboundEvent, CaseId), AppError> {
    let slug = visit.municipality.slug.clone();
    let event = visit.ground.db.read(move |c| cases::event(c, &slug, seq)).await?.ok_or(AppError::NotFound)?;
    let case = event.case_id.parse().map_err(|_| AppError::Conflict("conflict"))?;
    Ok((event, case))
}

pub(super) async fn run(
    who: Administrator,
    form: PostedForm,
    app: web::Data<App>,
    seq: Path<i64>,
) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let (event, case) = named(visit, seq.0).await?;
    let (slug, now, mappings) = (visit.municipality.slug.clone(), visit.ground.clock.now(), app.mappings.clone());
    let done = visit.ground.db.write(move |c| {
        let done = cases::run_waiting(c, &mappings, &slug, &case, now)?;
        if let Some(n) = done {
            audit::record(c, &slug, now, &who.actor, "events.run", case.as_str(), &n.to_string())?;
        }
        Ok::<_, DbError>(done)
    });
    let word = if done.await?.is_some() { "kord" } else { "vantar" };
    Ok(see_other(&format!("/handelser/{}?visa={word}", event.seq)))
}

pub(super) async fn replay(
    who: Administrator,
    form: PostedForm,
    app: web::Data<App>,
    seq: Path<i64>,
) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let (event, case) = named(visit, seq.0).await?;
    let (slug, now, mappings) = (visit.municipality.slug.clone(), visit.ground.clock.now(), app.mappings.clone());
    let done = visit.ground.db.write(move |c| {
        let done = cases::replay(c, &mappings, &slug, &case, now)?;
        if let Some(n) = done {
            audit::record(c, &slug, now, &who.actor, "case.replay", case.as_str(), &n.to_string())?;
        }
        Ok::<_, DbError>(done)
    });
    done.await?.ok_or(AppError::Conflict("conflict"))?;
    Ok(see_other(&format!("/handelser/{}?visa=uppspelad", event.seq)))
}

/// Asks the receiver for the case's events once more, with a notice in its feed.
pub(super) async fn ask(who: Administrator, form: PostedForm, seq: Path<i64>) -> Result<HttpResponse, AppError> {
    let visit = &form.visit;
    let (event, case) = named(visit, seq.0).await?;
    let (slug, now, target) = (visit.municipality.slug.clone(), visit.ground.clock.now(), event.target.clone());
    let done = visit.ground.db.write(move |c| {
        let Some(case) = cases::find(c, &slug, &case)?.filter(|case| case.target == target) else { return Ok(false) };
        delivery::note(c, &case, NoticeKind::ReplayRequested, json!({}), now)?;
        audit::record(c, &slug, now, &who.actor, "case.replay.ask", case.id.as_str(), target.as_str())?;
        Ok::<_, DbError>(true)
    });
    if !done.await? {
        return Err(AppError::Conflict("conflict"));
    }
    Ok(see_other(&format!("/handelser/{}?visa=begard", event.seq)))
}
