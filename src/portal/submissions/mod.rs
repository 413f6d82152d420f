//! From first answer to receipt: draft (utkast), steps, review, send in, confirmation.
//!
//! Answers belong to a draft, never to a session: it has its own address, is saved at every step and survives log-out,
//! restart and change of device. It is made at the first answer. What is sent in is frozen in one transaction that also
//! opens the case and enqueues everything that follows; only after its commit does the resident see a reference.

mod cosign;
mod draft;
mod frozen;
mod pages;
mod parked;
mod prepare;
mod receipt;
mod sign;
mod signing_store;
mod store;
mod submit;
mod sweep;
#[cfg(test)]
mod tests;
mod view;

pub use cosign::{end_overdue_signers, withdraw_signers};
pub use draft::{DraftCard, Owner};
pub use pages::{routes, signature_interrupted, signed, signers_shown};
pub use parked::{park, sweep_parked, unpark};
pub use prepare::{Prepared, prepare_for};
pub use receipt::{RECEIPT_JOB, make_receipt};
pub use sign::sweep_signings;
pub use store::{drafts_of, remove_draft, sent_in};
pub use submit::{Sending, Sent, SubmitFault, run as submit};
pub use sweep::delete_old_drafts;

use crate::portal::App;
use crate::vocabulary::ServiceSlug;
use crate::web::{AppError, Visit};
use serde_json::Value;

/// The newest draft of a service that this person or browser has, for the page before it; `None` when there is none.
pub async fn latest_draft(app: &App, visit: &Visit, service: &ServiceSlug) -> Result<Option<Value>, AppError> {
    let cards = cards_of(app, visit).await?;
    Ok(cards.into_iter().find(|card| card.service == *service).map(|card| view::card(&card, &visit.voice)))
}

/// Every draft that this person or browser has, newest first, ready to show.
pub async fn draft_cards(app: &App, visit: &Visit) -> Result<Vec<Value>, AppError> {
    Ok(cards_of(app, visit).await?.iter().map(|card| view::card(card, &visit.voice)).collect())
}

async fn cards_of(app: &App, visit: &Visit) -> Result<Vec<DraftCard>, AppError> {
    let owners = Owner::all_of(visit);
    let slug = visit.municipality.slug.clone();
    Ok(app.ground.db.read(move |c| store::drafts_of(c, &slug, &owners)).await?)
}

/// The browser has a new token after log-in: its anonymous drafts follow.
pub async fn follow_browser(app: &App, visit: &Visit, new_hash: String) -> Result<(), AppError> {
    let old = visit.browser_hash.clone();
    Ok(app.ground.db.write(move |c| store::follow_browser(c, &old, &new_hash)).await?)
}
