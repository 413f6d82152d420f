//! Whatever bytes come from outside: nothing panics, nothing hangs, nothing grows without bound, no error repeats what is
//! secret or somebody's, and what was altered is not believed. Properties of what is private stand beside the code
//! (`src/oidc/tests/altered.rs`). More cases by hand: `FUZZ_CASES=20000 cargo nextest run --cargo-profile ci -E
//! 'binary(hostile_bytes) + test(altered)'`.
#![cfg(test)]

#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
mod definitions;
mod events;
mod files;
#[path = "../support/hostile.rs"]
mod hostile;
mod letters;
mod numbers;
mod posted_forms;
mod register;
mod settings;
