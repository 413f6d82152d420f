//! Every table, for both databases, by the migration that makes it. Only `store.rs` files and `db` use them.

mod cases;
mod ground;
mod submissions;

pub use cases::*;
pub use ground::*;
pub use submissions::*;
