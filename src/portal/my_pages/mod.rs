//! Mina sidor: what waits for the resident, her drafts, her cases, her messages and how she wants to be reached; and the
//! pages that belong to no single slice (front page, language, accessibility, personal data).
//!
//! Composes the other slices and owns no table. Nobody imports it but the server, for its routes.

mod answer;
mod pages;
mod view;

pub use pages::{overview_values, routes};
