//! Brokers as they are and as they must not be: every hostile case against the whole program, what a log-in costs, and a
//! broker that we did not make.
#![cfg(test)]

mod attempt;
#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
mod cold;
mod cost;

#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
mod hostile;
mod identities;
mod independent;
mod left;

#[path = "../support/logs.rs"]
mod logs;
mod signing;
mod slow;
mod two_brokers;
mod ways_back;
