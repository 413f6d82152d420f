//! THE CITIZENS' SIDE.

pub mod audit;
pub mod cases;
pub mod delivery;
pub mod integration;
pub mod notifications;
#[cfg(test)]
pub(crate) mod testing;
