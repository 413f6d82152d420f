//! TOML that people write: reading it so that every fault is told at once, each with its file, line and what to do.
//! Pure: texts come in, values and faults go out.

mod fault;
mod place;
mod read;

pub use fault::{Fault, Faults, did_you_mean};
pub use place::{masked, place_of};
pub use read::{Layer, read, read_layers};

#[cfg(test)]
mod tests;
