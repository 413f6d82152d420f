//! Pages, sessions, forms and errors over HTTP: what portal, desk and administration share. Knows actix and Tera, and
//! nothing of cases or errands.

mod assets;
mod breaker;
mod error;
mod extract;
mod form;
mod ground;
mod headers;
mod limits;
pub mod ops;
mod outgoing;
mod passing_form;
mod render;
mod session;
mod strip;
mod template_faults;
mod visit;
mod words;

pub use assets::{files as asset_files, routes as asset_routes, version as asset_version};
pub use breaker::Breaker;
pub use error::{AppError, render_errors};
pub use extract::Path;
pub use form::{CAPACITY_FIELD, PostedForm, Upload};
pub use ground::{Ground, Realm};
pub use headers::protect;
pub use limits::{AddressLimit, BrowserLimit};
pub use outgoing::{Loopback, OutOfReach, Within, http_client};
pub use passing_form::{PassingFile, PassingForm};
pub use render::{Renderer, TemplateFault, embedded_templates};
pub use session::{
    Listed, Login, NewSession, Session, agent_of, end_other_sessions, end_session, end_session_of,
    end_sessions_at_broker, end_sessions_of, id_token_of, prove_again, replace_session, sessions_of, sid_lookup,
    start_session, subject_lookup, sweep_sessions,
};
pub use strip::{CONTROL_ROOM, demo_links};
pub use template_faults::template_faults;
pub use visit::{Visit, visitor_address};

use actix_web::HttpResponse;
use actix_web::http::header;

/// 303: after a form, go and look there.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// A file for somebody who may see it: always an attachment, never shown inside our origin.
pub fn download(file_name: &str, media_type: &str, bytes: Vec<u8>) -> HttpResponse {
    // RFC 6266: an ASCII name for old readers, the real one in UTF-8.
    let plain: String =
        file_name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\;%".contains(c) { c } else { '_' }).collect();
    let encoded: String = file_name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"),
        ))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes)
}
