//! Mina sidor over HTTP.

mod about;
mod case;
mod logins;
mod overview;
mod reply;
mod settings;

pub use overview::overview_values;

use actix_web::web;

/// The front page, `/mina-sidor/…`, and the pages about the site itself.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(overview::front))
        .route("/mina-sidor", web::get().to(overview::overview))
        .route("/mina-sidor/utkast", web::get().to(overview::drafts))
        .route("/mina-sidor/meddelanden", web::get().to(overview::messages))
        .route("/mina-sidor/installningar", web::get().to(settings::show))
        .route("/mina-sidor/installningar", web::post().to(settings::save))
        .route("/mina-sidor/inloggningar", web::get().to(logins::show))
        .route("/mina-sidor/inloggningar/logga-ut", web::post().to(logins::end))
        .route("/mina-sidor/inloggningar/logga-ut-andra", web::post().to(logins::end_others))
        .service(
            web::scope("/mina-sidor/arenden/{reference}")
                .route("", web::get().to(case::show))
                .route("/meddelanden", web::get().to(case::back))
                .route("/meddelanden", web::post().to(case::send))
                .route("/aterkalla", web::get().to(case::ask_to_withdraw))
                .route("/aterkalla", web::post().to(case::withdraw))
                .route("/svara/{id}", web::get().to(reply::request))
                .route("/svara/{id}", web::post().to(reply::send_request))
                .route("/overklaga/{beslut}", web::get().to(reply::appeal))
                .route("/overklaga/{beslut}", web::post().to(reply::send_appeal))
                .route("/begar-avgorande", web::get().to(reply::delay))
                .route("/begar-avgorande", web::post().to(reply::send_delay))
                .route("/del-av-beslut", web::get().to(case::back))
                .route("/del-av-beslut", web::post().to(reply::confirm))
                .route("/dokument/{id}", web::get().to(case::document)),
        )
        .route("/sprak", web::get().to(about::language))
        .route("/tillganglighet", web::get().to(about::accessibility))
        .route("/om-personuppgifter", web::get().to(about::personal_data));
}
