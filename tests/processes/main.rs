//! The production roles as processes of their own, set up by the environment alone, as an operator starts them: several
//! portals and a worker on one PostgreSQL, the desk, the simulators; what they refuse, what they survive.
#![cfg(test)]

#[path = "../journeys/application.rs"]
mod application;
#[path = "../support/back_office.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod back_office;
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
mod letters;
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
