//! Every table, for both databases, by the migration that makes it. Only `store.rs` files and `db` use them.

mod case_tables;
mod desk_tables;
mod ground_tables;
mod signature_tables;
mod submission_tables;

pub use case_tables::*;
pub use desk_tables::*;
pub use ground_tables::*;
pub use signature_tables::*;
pub use submission_tables::*;
