//! Files that pages link to, from the binary, and each municipality's colours.

use super::{AppError, Path, Visit};
use crate::settings::sha256_hex;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::LazyLock;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets"]
#[include = "css/*"]
#[include = "js/*"]
#[include = "*.svg"]
#[include = "images/*"]
struct Assets;

/// Changes when any file changes, so that browsers may keep each for ever.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: Vec<u8> =
        Assets::iter().filter_map(|path| Assets::get(&path)).flat_map(|f| f.metadata.sha256_hash()).collect();
    sha256_hex(&all).chars().take(10).collect()
});

/// Of all files together; stands after `?v=`.
pub fn version() -> &'static str {
    &VERSION
}

/// `/statisk/…` and `/tema.css`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.configure(files).route("/tema.css", web::get().to(theme));
}

/// `/statisk/…` alone: what has no municipality.
pub fn files(cfg: &mut web::ServiceConfig) {
    cfg.route("/statisk/{path:.*}", web::get().to(asset));
}

async fn asset(request: HttpRequest, path: Path<String>) -> Result<HttpResponse, AppError> {
    let file = Assets::get(&path.0).ok_or(AppError::NotFound)?;
    let kind = match path.0.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    let tag = format!("\"{}\"", version());
    let fresh = request.headers().get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let mut response = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    if fresh {
        return Ok(response.finish());
    }
    Ok(response.insert_header((header::CONTENT_TYPE, kind)).body(file.data.into_owned()))
}

/// The municipality's colours as custom properties; the design's own style sheets do the rest.
async fn theme(visit: Visit) -> HttpResponse {
    let look = &visit.municipality.look;
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(format!(":root{{--kp-primary:{};--kp-surface-tint:{}}}\n", look.primary, look.tint))
}
