//! docker-compose.yml and what belongs to it. No engine runs here: the file is read, each service's command is started with
//! its environment as a plain process, with host names, ports and volumes put in place, and people walk through the proxy.
#![cfg(test)]

#[path = "../journeys/application.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod application;
#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
mod compose;
#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
mod postgres_tls;
mod promises;
mod rolling;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod server;
mod stack;
mod systemd;
mod walk;
