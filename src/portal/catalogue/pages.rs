//! The catalogue over HTTP.

use super::view;
use crate::portal::App;
use crate::vocabulary::ServiceSlug;
use crate::web::{AppError, Path, Visit};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// `/e-tjanster` and `/e-tjanster/{service}`. The front page belongs to Mina sidor's composition of drafts and tasks.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/e-tjanster", web::get().to(list)).route("/e-tjanster/{service}", web::get().to(show));
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    q: String,
    kategori: Option<String>,
}

async fn list(visit: Visit, app: web::Data<App>, wish: web::Query<Wish>) -> Result<HttpResponse, AppError> {
    let (slug, voice) = (&visit.municipality.slug, &visit.voice);
    let query: String = wish.q.trim().chars().take(100).collect();
    let category = wish.kategori.as_ref().and_then(|s| app.catalogue.categories().iter().find(|c| c.slug == *s));
    let all = app.catalogue.all(slug, voice);
    let found = match category {
        _ if !query.is_empty() => app.catalogue.search(slug, &query, voice),
        Some(category) => all.iter().filter(|d| d.category == category.slug).cloned().collect(),
        None => all.clone(),
    };
    let context = json!({
        "categories": view::categories(&app.catalogue, slug, voice),
        "category": category.filter(|_| query.is_empty()).map(|c| json!({ "slug": c.slug, "title": c.title.get(voice) })),
        "query": query,
        "services": found.iter().map(|d| view::card(d, &app.catalogue, voice)).collect::<Vec<_>>(),
        "total": all.len(),
    });
    visit.page("portal/services.html", "services", context)
}

async fn show(visit: Visit, app: web::Data<App>, service: Path<ServiceSlug>) -> Result<HttpResponse, AppError> {
    let definition = app.catalogue.find(&visit.municipality.slug, &service.0).ok_or(AppError::NotFound)?;
    let draft = crate::portal::submissions::latest_draft(&app, &visit, &definition.slug).await?;
    let context = json!({ "service": view::service(&definition, &app.catalogue, &visit.voice), "draft": draft });
    visit.page("portal/service.html", "services", context)
}

impl super::Catalogue {
    /// The front page's groups and most used services, ready to show.
    pub fn front(&self, visit: &Visit) -> (Vec<Value>, Vec<Value>) {
        let (slug, voice) = (&visit.municipality.slug, &visit.voice);
        let popular = self.all(slug, voice).iter().take(6).map(|d| view::card(d, self, voice)).collect();
        (view::categories(self, slug, voice), popular)
    }
}
