//! THE CITIZENS' SIDE.

pub mod audit;
pub mod cases;
pub mod delivery;
pub mod notifications;
