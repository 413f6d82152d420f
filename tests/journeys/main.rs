//! What residents and handlers do, over plain HTTP against the whole demo as a process.
#![cfg(test)]

mod acting;
mod acting_apart;
mod administration;
mod application;
mod asked;
#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
mod examples;
mod failures;
mod fault_report;
mod first_minutes;
mod log_in;
mod new_language;
mod operations;
mod privacy;
mod receipts;
mod recipes;
mod sessions;
mod staff_roles;
mod twice;
mod whole_journey;
