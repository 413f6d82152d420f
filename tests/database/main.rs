//! What `db`, the queue and the sessions promise, tried on SQLite and on PostgreSQL.
#![cfg(test)]

mod conflicts;
#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
mod group_commit;
mod jobs;
mod lost_connections;
mod marks;
mod roles;
mod sessions;
mod types;
