//! THE CITIZENS' SIDE: finding a service, filling it in, sending it, following the case. Speaks to case-management
//! systems through the integration contract only.

pub mod administration;
mod app;
pub mod attachments;
pub mod cases;
pub mod catalogue;
pub mod delivery;
pub mod identity;
pub mod integration;
pub mod my_pages;
pub mod notifications;
pub mod prefill;
pub mod receipts;
pub mod representation;
pub mod server;
pub mod signatures;
pub mod submissions;
#[cfg(test)]
pub(crate) mod testing;

pub use app::App;
