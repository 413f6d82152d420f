//! What handlers see: the inbox, search, an errand with everything that can be done with it. Puts the other slices
//! together; nobody uses it.

mod act;
mod after;
mod ask;
mod asked_view;
mod decision;
mod errand;
mod errand_forms;
mod forms;
mod input;
mod link;
mod lists;
mod posted;
mod view;

use crate::db::DbError;
use crate::desk::errands::ErrandFault;
use crate::desk::received::Unreadable;
use crate::web::{AppError, see_other};
use actix_web::web;

/// The handlers' pages.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(|| async { see_other("/inkorg") }))
        .route("/inkorg", web::get().to(lists::inbox))
        .route("/mina-arenden", web::get().to(lists::mine))
        .route("/sok", web::get().to(lists::search))
        .route("/koppling", web::get().to(link::show))
        .route("/koppling/handelser/{id}/skicka-igen", web::post().to(link::send_again))
        .route("/koppling/handelser/{id}/lat-vara", web::post().to(link::leave))
        .route("/koppling/filer/{id}/hamta-igen", web::post().to(link::fetch_again))
        .route("/arenden/{id}", web::get().to(errand::show))
        .route("/arenden/{id}/filer/{file}", web::get().to(errand::file))
        .route("/arenden/{id}/oppna", web::post().to(act::give_reason))
        .route("/arenden/{id}/ta", web::post().to(act::take))
        .route("/arenden/{id}/lamna", web::post().to(act::give_back))
        .route("/arenden/{id}/tilldela", web::post().to(act::assign))
        .route("/arenden/{id}/flytta", web::post().to(act::move_to))
        .route("/arenden/{id}/status", web::post().to(act::status))
        .route("/arenden/{id}/meddelande", web::post().to(act::message))
        .route("/arenden/{id}/avsluta", web::post().to(act::close))
        .route("/arenden/{id}/oppna-igen", web::post().to(act::reopen))
        .route("/arenden/{id}/komplettering", web::post().to(ask::supplement))
        .route("/arenden/{id}/komplettering/svar", web::post().to(ask::resolve))
        .route("/arenden/{id}/kommunicering", web::post().to(ask::hearing))
        .route("/arenden/{id}/beslutsdag", web::post().to(ask::due))
        .route("/arenden/{id}/handlingar", web::post().to(ask::documents))
        .route("/arenden/{id}/handlingar/ta-tillbaka", web::post().to(ask::withdraw))
        .route("/arenden/{id}/skickat/{file}", web::get().to(errand::sent))
        .route("/arenden/{id}/overlamna", web::post().to(ask::transfer))
        .route("/arenden/{id}/beslut", web::get().to(decision::form))
        .route("/arenden/{id}/beslut", web::post().to(decision::decide))
        .route("/arenden/{id}/beslut/{decision}", web::get().to(decision::further_form))
        .route("/arenden/{id}/beslut/{decision}", web::post().to(decision::decide_further))
        .route("/arenden/{id}/delgivning", web::post().to(after::serve))
        .route("/arenden/{id}/overklagande", web::post().to(after::appeal))
        .route("/arenden/{id}/overklagande/provning", web::post().to(after::examine));
}

/// A fault that has no form to go back to.
fn as_page(fault: ErrandFault) -> AppError {
    match fault {
        ErrandFault::NotFound => AppError::NotFound,
        ErrandFault::Changed => AppError::Conflict("conflict"),
        ErrandFault::Db(e) => e.into(),
        ErrandFault::NeedsReason => AppError::NotFound,
        e => AppError::internal(e),
    }
}

/// What reading a page's data in one unit of work can run into.
#[derive(Debug)]
enum Stopped {
    Errand(ErrandFault),
    Unreadable(Unreadable),
}

impl From<DbError> for Stopped {
    fn from(e: DbError) -> Self {
        Stopped::Errand(e.into())
    }
}
impl From<ErrandFault> for Stopped {
    fn from(e: ErrandFault) -> Self {
        Stopped::Errand(e)
    }
}
impl From<Unreadable> for Stopped {
    fn from(e: Unreadable) -> Self {
        Stopped::Unreadable(e)
    }
}
