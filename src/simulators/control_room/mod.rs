//! Kontrollrum: where a demonstration starts. Whom one can be, with one press; what waits in the queues and the letters
//! that have come; switches that break what stands outside, so that one can see that nothing is lost; a tour.
//!
//! Works without script: every press is a form. With script, queues and letters are renewed by themselves.

mod people;
mod queues;
mod switches;
mod web_pages;

pub(super) use web_pages::{ControlRoom, routes};

use super::control::Lever;
use super::visitors::Progress;
use serde::Serialize;
use std::sync::Arc;

/// What Kontrollrum knows of everything around it.
#[derive(Clone, Default)]
pub struct Setup {
    /// Where the three sides of the demo are: residents, handlers, Kontrollrum itself. Without them nobody can be logged
    /// in from here.
    pub sides: super::Sides,
    /// What else there is to look at.
    pub places: Vec<Place>,
    /// Whether log-in goes through our own broker, which takes the person that was chosen here.
    pub logs_in: bool,
    /// Where `/metrics` tells what waits.
    pub metrics: Option<String>,
    /// What the switches break. The mailbox puts in its own.
    pub levers: Levers,
    /// How far the example cases have come.
    pub progress: Arc<Progress>,
}

/// What can be broken; `None` where the settings name a real one instead.
#[derive(Clone, Default)]
pub struct Levers {
    /// The population register.
    pub navet: Option<Lever>,
    /// The mail server.
    pub mail: Option<Lever>,
    /// The line to the system that handles cases.
    pub desk: Option<Lever>,
    /// E-legitimation: can only be slow.
    pub broker: Option<Lever>,
}

/// Something that the front page leads to.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// Names its text: `room-place-<name>`.
    pub name: &'static str,
    /// A name of its own, where there are several of the kind.
    pub title: Option<String>,
    /// Its whole address.
    pub url: String,
}
