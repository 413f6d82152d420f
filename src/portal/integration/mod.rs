//! The API that back-office systems call: `/integration/v1/…`. They push events, fetch what was delivered to them, and
//! hand in files. No sessions and no forms here: a push is known by its signature, a question by its bearer token.

mod answers;
mod api;
mod documents;
mod proof;
mod push;
mod store;
#[cfg(test)]
mod tests;

pub use api::routes;
