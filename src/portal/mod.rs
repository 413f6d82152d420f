//! THE CITIZENS' SIDE.

pub mod audit;
pub mod cases;
pub mod notifications;
