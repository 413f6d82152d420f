//! THE HANDLERS' SIDE: *Handläggarstöd*, a case-management system with a database of its own. It knows the portal only
//! through the published contract, as any other system would: deliveries come in over HTTP or are
//! fetched, events go back over HTTP.

pub mod app;
pub mod decisions;
pub mod errands;
pub mod intake;
pub mod journal;
pub mod pages;
pub mod portal_link;
pub mod pull;
pub mod received;
pub mod server;
pub mod staff;

pub use app::Desk;

#[cfg(test)]
mod tests;
