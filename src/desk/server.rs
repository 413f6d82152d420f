//! Every route of the desk, in one place.

use super::{intake, pages};
use actix_web::web;

/// The desk's own routes. The application around them adds log-in, style sheets and `web::Data` of `Desk` and `Ground`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    intake::routes(cfg);
    pages::routes(cfg);
}
