//! The simulators' few pages, in the same house style as the rest: templates and texts from [`Renderer`], the strip of the
//! demo on top, nothing inline, nothing from elsewhere.

use super::StartError;
use crate::texts::Voice;
use crate::vocabulary::Lang;
use crate::web::{Renderer, asset_version, demo_links};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

/// Broker and mailbox are two servers in one process, and a test run starts many of each: templates are read once.
static RENDERER: LazyLock<Result<Arc<Renderer>, String>> = LazyLock::new(|| {
    Renderer::new()
        .map(Arc::new)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
});

/// Nothing from anywhere but our own files. `form-action` has no list: browsers hold it against redirects too, and the
/// forms here end at portal and desk.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; \
                      connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every answer that does not say otherwise.
pub(super) fn strict_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, POLICY))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((X_FRAME_OPTIONS, "DENY"))
        // Not no-referrer: with it, browsers send "Origin: null" with forms.
        .add((REFERRER_POLICY, "same-origin"))
        .add((CACHE_CONTROL, "no-store"))
}

/// Where the three sides of the demo are: residents, handlers, Kontrollrum. Without it the strip has no links.
pub type Sides = Option<[String; 3]>;

/// The templates, and what stands round every page.
pub(super) struct Pages {
    renderer: Arc<Renderer>,
    sides: Sides,
    current: &'static str,
}

impl Pages {
    /// `current`: which side these pages are, as `web::demo_links` takes it.
    pub(super) fn load(sides: Sides, current: &'static str) -> Result<Arc<Self>, StartError> {
        let renderer = RENDERER.clone().map_err(|e| StartError::Part(format!("pages: {e}")))?;
        Ok(Arc::new(Self { renderer, sides, current }))
    }

    /// A page of `view`; everything that is not the template's own is escaped.
    pub(super) fn page(
        &self,
        http: &HttpRequest,
        status: StatusCode,
        template: &str,
        view: impl Serialize,
    ) -> HttpResponse {
        self.show(self.language(http), http.path(), status, template, view)
    }

    fn show(&self, lang: Lang, path: &str, status: StatusCode, template: &str, view: impl Serialize) -> HttpResponse {
        let mut view = serde_json::to_value(view).unwrap_or_default();
        if let Some(view) = view.as_object_mut() {
            let links = self.sides.clone().map_or(Value::Null, |sides| demo_links(sides, self.current));
            let page = json!({
                "language": lang.tag(), "languages": self.renderer.languages(), "path": path, "demo": true, "demo_links": links,
                "asset_version": asset_version(),
            });
            view.insert("page".into(), page);
        }
        match self.renderer.render(lang, &format!("simulators/{template}"), &view) {
            Ok(html) => {
                HttpResponse::build(status).insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(html)
            }
            Err(e) => {
                tracing::error!(template, error = %e, "a simulator's page cannot be rendered");
                HttpResponse::InternalServerError().body("Sidan kunde inte visas.")
            }
        }
    }

    /// As [`page`](Self::page), in a language that somebody else has chosen for the visitor.
    pub(super) fn page_in(
        &self,
        lang: Lang,
        http: &HttpRequest,
        status: StatusCode,
        template: &str,
        view: impl Serialize,
    ) -> HttpResponse {
        self.show(lang, http.path(), status, template, view)
    }

    /// A heading and a paragraph, in Swedish.
    pub(super) fn notice(&self, status: StatusCode, title: &str, text: &str) -> HttpResponse {
        self.show(Lang::SWEDISH, "/", status, "notice.html", json!({"title": title, "text": text}))
    }

    /// What the visitor has chosen, on any side: a cookie belongs to the host whatever the port.
    pub(super) fn language(&self, http: &HttpRequest) -> Lang {
        http.cookie("kp_lang").and_then(|tag| self.spoken(tag.value())).unwrap_or_default()
    }

    /// Texts and sizes in the visitor's language.
    pub(super) fn voice(&self, http: &HttpRequest) -> Voice {
        self.renderer.voice(self.language(http))
    }

    /// The language of a tag, if we speak it.
    pub(super) fn spoken(&self, tag: &str) -> Option<Lang> {
        self.renderer.texts().find(tag)
    }
}
