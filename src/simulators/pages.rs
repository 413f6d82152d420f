//! The simulators' few pages: plain HTML, no script, one style sheet, the banner of a test environment on every one.

use super::StartError;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use std::sync::Arc;

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../templates/simulators/base.html")),
    ("people.html", include_str!("../../templates/simulators/people.html")),
    ("notice.html", include_str!("../../templates/simulators/notice.html")),
    ("control-room.html", include_str!("../../templates/simulators/control-room.html")),
    ("letters.html", include_str!("../../templates/simulators/letters.html")),
    ("letter.html", include_str!("../../templates/simulators/letter.html")),
];
const STYLE: &str = include_str!("../../templates/simulators/stil.css");

/// Nothing from anywhere but the style sheet; `form_action` and `frame` are what a page adds for itself.
pub(super) fn content_security_policy(form_action: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'{}{form_action}; \
         base-uri 'none'; frame-ancestors 'none'",
        if form_action.is_empty() { "" } else { " " }
    )
}

/// The headers of every answer that does not say otherwise.
pub(super) fn strict_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, content_security_policy("")))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((X_FRAME_OPTIONS, "DENY"))
        .add((REFERRER_POLICY, "no-referrer"))
        .add((CACHE_CONTROL, "no-store"))
}

/// `/stil.css`.
pub(super) fn style(cfg: &mut web::ServiceConfig) {
    cfg.route(
        "/stil.css",
        web::get().to(async || {
            HttpResponse::Ok()
                .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
                .insert_header((header::CACHE_CONTROL, "max-age=600"))
                .body(STYLE)
        }),
    );
}

/// The templates, read once.
pub(super) struct Pages(tera::Tera);

impl Pages {
    pub(super) fn load() -> Result<Arc<Self>, StartError> {
        let mut tera = tera::Tera::new();
        tera.add_raw_templates(TEMPLATES.iter().copied()).map_err(|e| StartError::Part(format!("pages: {e}")))?;
        Ok(Arc::new(Self(tera)))
    }

    /// A page of `view`; everything that is not the template's own is escaped.
    pub(super) fn page(&self, status: StatusCode, template: &str, view: &impl Serialize) -> HttpResponse {
        let rendered = tera::Context::from_serialize(view).and_then(|context| self.0.render(template, &context));
        match rendered {
            Ok(html) => {
                HttpResponse::build(status).insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(html)
            }
            Err(e) => {
                tracing::error!(template, error = %e, "a simulator's page cannot be rendered");
                HttpResponse::InternalServerError().body("Sidan kunde inte visas.")
            }
        }
    }

    /// A heading and a paragraph.
    pub(super) fn notice(&self, status: StatusCode, title: &str, text: &str) -> HttpResponse {
        self.page(status, "notice.html", &serde_json::json!({"title": title, "text": text}))
    }
}
