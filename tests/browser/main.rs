//! The portal, the desk, the administration and the demo's own pages in Chromium, as residents and handlers see them: with
//! the mouse, with the keyboard alone, without JavaScript, on a phone and on a wide screen, in light and dark. Every page
//! and every error that a journey comes to is looked at ([`look`]); the pictures stay in `target/tmp/screenshots`.
#![cfg(test)]

mod acting;
mod asking;
#[path = "../support/browser.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod browser;
mod chromium;
#[path = "../support/databases.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod databases;
#[path = "../support/demo.rs"]
#[expect(dead_code, reason = "shared: this binary needs not all of it")]
mod demo;
mod faults;
mod keyboard;
mod logins;
mod look;
mod page;
mod places;
mod room;
mod signing;
mod whole_journey;
mod without_script;
mod work;
