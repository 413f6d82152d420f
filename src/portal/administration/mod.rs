//! The portal's own administration, on a listener of the inner network: what could not be delivered, what receivers sent
//! that nobody understands, which systems there are and their keys, jobs that were given up, and the day's balance, for
//! systemförvaltare; the log, for informationsägare; roles, with [`powers`](crate::powers). Every action is audited.

mod guard;
mod masked;
mod pages;
mod staffing;
mod store;
#[cfg(test)]
mod tests;
mod view;

pub use guard::{AdministrationDoor, Administrator};
pub use pages::routes;
pub use staffing::AdministrationStaffing;
pub use store::{SeedFault, seed};
