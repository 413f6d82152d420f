//! What receivers' codes mean to residents: the tables as they are, and the codes that have no row.

use super::targets;
use crate::audit;
use crate::db::DbError;
use crate::portal::App;
use crate::portal::administration::{Administrator, view};
use crate::portal::cases;
use crate::web::{AppError, PostedForm, see_other};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

pub(super) async fn list(who: Administrator, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let visit = &who.visit;
    let slug = visit.municipality.slug.clone();
    let read = visit.ground.db.read(move |c| {
        let mut codes = Vec::new();
        for code in cases::unmapped_codes(c, &slug)? {
            let example = cases::event(c, &slug, code.first)?;
            let case = match example.as_ref().map(|e| e.case_id.parse()) {
                Some(Ok(id)) => cases::find(c, &slug, &id)?,
                _ => None,
            };
            codes.push((code, case.map(|case| case.reference.to_string())));
        }
        Ok::<_, DbError>(codes)
    });
    let codes: Vec<Value> = read
        .await?
        .iter()
        .map(|(code, reference)| {
            json!({
                "target": view::named(visit, &code.target), "kind": view::event_kind(visit, &code.kind), "code": code.code, "count": code.count,
                "last": view::when(visit, code.last_at), "example": reference,
                "example_href": format!("/handelser/{}", code.first),
                "all_href": format!("/handelser?lage=unmapped&mottagare={}", code.target),
            })
        })
        .collect();
    let tables: Vec<Value> = targets::of(visit)
        .iter()
        .map(|(slug, target)| {
            let rows: Vec<Value> = app.mappings.rows(slug).iter().map(|row| view::mapping(visit, row)).collect();
            json!({ "name": target.display_name(slug), "file": format!("config/targets/{slug}.toml"), "rows": rows })
        })
        .collect();
    visit.page("administration/statuses.html", "statuses", json!({ "codes": codes, "tables": tables }))
}

pub(super) async fn rerun(who: Administrator, form: PostedForm, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let (slug, now) = (form.visit.municipality.slug.clone(), form.visit.ground.clock.now());
    let mappings = app.mappings.clone();
    let run = form.visit.ground.db.write(move |c| {
        let n = cases::rerun_unmapped(c, &mappings, Some(&slug), now)?;
        audit::record(c, &slug, now, &who.actor, "events.rerun", slug.as_str(), &n.to_string())
    });
    run.await?;
    Ok(see_other("/statusar"))
}
