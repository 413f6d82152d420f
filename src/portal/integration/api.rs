//! Routes, and events.

use super::answers::{Broken, Refused, respond};
use super::{calls, case_api, config_api, documents, feed_api, openapi, problems, proof, pull_api, push};
use crate::contract::{BATCH, EVENTS_BODY_LIMIT, ONE, ProblemCode};
use crate::portal::App;
use crate::portal::cases::Sender;
use crate::web::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};

/// `/integration/v1/…`. What is here stands in [`openapi`] too; a test holds them against each other. Beside it the pages
/// about its problems.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.configure(problems::routes);
    cfg.service(
        web::scope("/integration/v1")
            .wrap(from_fn(calls::told))
            .route("/case-events", web::post().to(case_events))
            .route("/deliveries", web::get().to(pull_api::list))
            .route("/deliveries/{id}", web::get().to(pull_api::read))
            .route("/deliveries/{id}/lease", web::post().to(pull_api::lease))
            .route("/deliveries/{id}/receipt", web::put().to(pull_api::put_receipt))
            .route("/deliveries/{id}/failure", web::put().to(pull_api::put_failure))
            .route("/deliveries/{id}/documents/{document}/content", web::get().to(documents::content))
            .route("/outbox/events", web::get().to(feed_api::events))
            .route("/outbox/acknowledgements", web::post().to(feed_api::acknowledge))
            .route("/cases", web::get().to(case_api::list))
            .route("/cases/{id}", web::get().to(case_api::read))
            .route("/cases/{id}/status", web::put().to(case_api::put_status))
            .route("/cases/{id}/documents", web::post().to(documents::upload))
            .route("/status-codes", web::get().to(config_api::status_codes))
            .route("/case-types", web::get().to(config_api::case_types))
            .route("/token", web::post().to(config_api::token))
            .route("/openapi.json", web::get().to(openapi::document))
            .route("/api-info", web::get().to(config_api::api_info)),
    );
}

async fn case_events(
    request: HttpRequest,
    visit: Visit,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != ONE && kind != BATCH {
        return Err(Refused::new(ProblemCode::UnsupportedMediaType, &visit, None));
    }
    let push = proof::signed(&request, &visit, &app, payload.into_inner(), EVENTS_BODY_LIMIT).await?;
    let sender =
        Sender { municipality: visit.municipality.slug.clone(), target: push.target.clone(), base: visit.address() };
    let (mappings, now) = (app.mappings.clone(), visit.ground.clock.now());
    let taken = visit.ground.db.write(move |c| push::take(c, &sender, &mappings, &push, kind == BATCH, now)).await;
    let answered = taken.map_err(|e: Broken| e.told(&visit))?;
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media_type = if status.is_success() { "application/json" } else { "application/problem+json" };
    Ok(respond(status, media_type, answered.body))
}
