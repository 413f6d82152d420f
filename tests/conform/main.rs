//! The conformance kit: an adapter that keeps the contract passes, one that does not fails where it does not, and our
//! own desk is an adapter like any other.
#![cfg(test)]

#[path = "../journeys/application.rs"]
mod application;
#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
mod command;
#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
mod described;
mod desk;
mod faults;
#[path = "../support/installation.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod installation;
mod lesson;
#[path = "../support/logs.rs"]
mod logs;
mod office;
mod whole;
