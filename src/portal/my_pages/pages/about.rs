//! Pages about the site itself, and the choice of language.

use crate::oidc::safe_return_path;
use crate::portal::App;
use crate::vocabulary::Day;
use crate::web::{AppError, Visit, see_other};
use actix_web::cookie::time::Duration;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// When the accessibility of the pages was last judged as a whole, and the statement written.
const ASSESSED: Day = jiff::civil::date(2026, 11, 21);
/// When the text about personal data was last changed.
const PRIVACY_WRITTEN: Day = jiff::civil::date(2026, 11, 21);

#[derive(Deserialize)]
pub(super) struct Choice {
    sprak: String,
    retur: Option<String>,
}

/// Remembers the language for a year. Not a secret and no power lies in it, so a link may set it.
pub(super) async fn language(visit: Visit, choice: web::Query<Choice>) -> Result<HttpResponse, AppError> {
    let lang = visit.ground.renderer.texts().find(&choice.sprak).ok_or(AppError::NotFound)?;
    let mut cookie = visit.ground.make_cookie("kp_lang".to_owned(), lang.tag().to_owned());
    cookie.set_max_age(Duration::days(365));
    let back = choice.retur.as_deref().and_then(safe_return_path).unwrap_or_else(|| "/".to_owned());
    let mut response = see_other(&back);
    response.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(response)
}

pub(super) async fn accessibility(visit: Visit) -> Result<HttpResponse, AppError> {
    let day = visit.voice.day(ASSESSED);
    let statement = json!({ "assessed_on": day, "updated_on": day, "shortcomings": [] });
    visit.page("portal/tillganglighet.html", "", json!({ "statement": statement }))
}

pub(super) async fn personal_data(visit: Visit, app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let all = app.catalogue.all(&visit.municipality.slug, &visit.voice);
    // The longest of any service: nothing is kept for longer than what stands here.
    let draft_days = all.iter().map(|d| d.retention.draft_days).max().unwrap_or_default();
    let services: Vec<Value> = all
        .iter()
        .map(|d| json!({ "title": d.title.get(&visit.voice), "href": format!("/e-tjanster/{}", d.slug) }))
        .collect();
    let privacy = json!({
        "updated_on": visit.voice.day(PRIVACY_WRITTEN),
        "draft_days": draft_days,
        "services": services,
    });
    visit.page("portal/om-personuppgifter.html", "", json!({ "privacy": privacy }))
}
