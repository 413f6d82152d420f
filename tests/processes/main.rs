//! The production roles as processes of their own, set up by the environment alone, as an operator starts them: several
//! portals and a worker on one PostgreSQL, the desk, the simulators; what they refuse, what they survive.
#![cfg(test)]

#[path = "../journeys/application.rs"]
mod application;
mod backup;
#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
mod fault;
#[path = "../support/installation.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod installation;
#[path = "../support/logs.rs"]
mod logs;
mod outages;
mod production;
mod refusals;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod server;
mod staff;
mod traces;
mod walk;
