//! THE CITIZENS' SIDE.

pub mod prefill;
