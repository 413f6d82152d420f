//! What a kill at any moment leaves: residents go on sending while the processes that serve them die, and afterwards
//! everything that they were told is true. `KILLS=500 SEED=7` say how often and with which chance; see README.md.
#![cfg(test)]

#[path = "../journeys/application.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod application;
#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
mod chance;
#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
mod foreign;
mod handler;
#[path = "../support/installation.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod installation;
mod kills;
mod ledger;
mod load;
#[path = "../support/logs.rs"]
mod logs;
mod receiver;
mod resident;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod server;
mod services;
