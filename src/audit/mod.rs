//! Who did and read what, append-only: the municipality's own account of every use of power over somebody's case. Never holds an
//! identity number; `subject` is an id or a reference, `detail` a word or a reason that staff typed.

mod store;

pub use store::record;
