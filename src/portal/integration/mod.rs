//! The API that back-office systems call: `/integration/v1/…`. They push events, fetch what was delivered to them, hand in
//! files; those that cannot be called take deliveries and read their feed of notices here. No sessions and no forms: a push
//! is known by its signature, a question by its bearer token. Every call that shows or changes a case is in the audit log
//! with the system's name. What a refusal means stands on pages for people, at the address of its `type`.

mod answers;
mod api;
mod calls;
mod case_api;
mod config_api;
mod documents;
mod feed_api;
pub mod keys;
mod keys_store;
mod openapi;
mod openapi_paths;
mod paging;
mod problems;
#[cfg(test)]
mod profile_tests;
mod proof;
mod pull_api;
#[cfg(test)]
mod pull_tests;
mod push;
mod store;
#[cfg(test)]
mod tests;

pub use api::routes;
pub use calls::SystemLimit;
pub use keys::{IssueFault, KeyKind, LIVE_AT_ONCE, ReceiverKey};

use crate::contract::ProblemCode;
use crate::web::Visit;
use actix_web::{HttpRequest, web};
use answers::Refused;
use serde::de::DeserializeOwned;

/// Bytes of a signed write that is not a push of events.
const WRITE_LIMIT: usize = 64 * 1024;

/// A signed JSON body.
async fn signed_json<T: DeserializeOwned>(
    request: &HttpRequest,
    visit: &Visit,
    app: &crate::portal::App,
    payload: web::Payload,
) -> Result<(proof::Push, T), Refused> {
    let kind = request.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Refused::new(ProblemCode::UnsupportedMediaType, visit, "application/json"));
    }
    let push = proof::signed(request, visit, app, payload.into_inner(), WRITE_LIMIT).await?;
    let value: serde_json::Value =
        serde_json::from_slice(&push.body).map_err(|_| Refused::new(ProblemCode::MalformedRequest, visit, None))?;
    let read = serde_json::from_value(value).map_err(|e| {
        let told = e.to_string();
        let member = told.split('`').nth(1).filter(|_| told.starts_with("missing field")).unwrap_or("body");
        Refused::invalid(visit, member, "as in the contract")
    })?;
    Ok((push, read))
}
