//! The house as it is built, held against what `docs/architecture.md` says of it: who imports whom, both databases alike,
//! every text in both languages, no file that has outgrown its room.
#![cfg(test)]

#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
mod imports;
mod migrations;
mod source;
mod templates;

#[test]
fn no_file_is_longer_than_500_lines() {
    let long: Vec<String> = source::files()
        .iter()
        .filter(|file| file.lines > 500)
        .map(|file| format!("{} has {} lines", file.path, file.lines))
        .collect();
    assert!(long.is_empty(), "a room that holds two things; split it by thing:\n{}", long.join("\n"));
}
